//! The tables that stand once: site, server, store, fetch and publish. Each stage owns the type of its settings and their
//! defaults; here a written value takes the place of the default.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use url::Url;

use crate::config::addresses;
use crate::config::mistakes::{Flaw, Notes};
use crate::config::section::Section;
use crate::config::{Server, StorePlace, values};
use crate::deliver::lies_in;
use crate::domain::Site;
use crate::{fetch, publish, websub};

/// `[server]`.
pub fn server(section: &Section<'_>) -> Server {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    Server { listen: section.read("listen", addresses::listen).unwrap_or(default) }
}

/// `[site]`. Without an address of its own it has that of a server on loopback, which nobody else can ask anyway.
pub fn site(section: &Section<'_>, server: &Server, notes: &Notes) -> Site {
    let local = || Url::parse(&format!("http://{}/", server.listen)).expect("an address and a port make a URL");
    if !section.has("url") && !server.listen.ip().is_loopback() {
        let what =
            format!("`url` is missing in [site], and other machines can read what is served on {}", server.listen);
        let hint = "add the public address, the root of every published link: `url = \"https://kliping.example.com\"`";
        notes.note_absence(section.place, Flaw::new(what, hint));
    }
    Site {
        title: section.read("title", values::text).unwrap_or_else(|| "Kliping".into()),
        url: section.read("url", addresses::site_address).unwrap_or_else(local),
        language: section.read("language", values::language).unwrap_or_else(|| "id".into()),
        timezone: section.read("timezone", addresses::timezone).unwrap_or(chrono_tz::Asia::Makassar),
    }
}

/// `[store]`; a relative path starts at the folder of the file, wherever kliping is started.
pub fn store(section: &Section<'_>, folder: &Path) -> StorePlace {
    let path = section.read("path", values::text).map_or_else(|| PathBuf::from("data"), PathBuf::from);
    StorePlace { path: folder.join(path) }
}

/// `[fetch]`, what one fetch may cost.
pub fn limits(section: &Section<'_>) -> fetch::Limits {
    let default = fetch::Limits::default();
    let timeout = section.duration("timeout").unwrap_or(default.timeout);
    let within = |key: &str| {
        let part = section.duration(key)?;
        if part > timeout {
            let what = format!("is longer than `timeout`, which is {}", values::write_duration(timeout));
            section.note(key, Flaw::new(what, "a poll as a whole ends at `timeout`: raise it, or shorten this"));
        }
        Some(part)
    };
    let gap = section.duration("host_gap");
    fetch::Limits {
        concurrency: section.count("concurrency").unwrap_or(default.concurrency),
        per_host: section.count("per_host").unwrap_or(default.per_host),
        host_gap: gap.unwrap_or(default.host_gap),
        loopback_gap: gap.unwrap_or(default.loopback_gap),
        connect_timeout: within("connect_timeout").unwrap_or(default.connect_timeout.min(timeout)),
        first_byte_timeout: within("first_byte_timeout").unwrap_or(default.first_byte_timeout.min(timeout)),
        timeout,
        max_body: section.size("max_body").unwrap_or(default.max_body),
        ..default
    }
}

/// `[fetch] schedule`.
pub fn schedule(section: &Section<'_>) -> String {
    section.read("schedule", addresses::cron).unwrap_or_else(|| "0 */15 * * * *".into())
}

/// What kliping calls itself: the operator's words, else our name, where we are and whom to write to.
pub fn user_agent(fetch: &Section<'_>, site: &Section<'_>, url: &Url) -> String {
    let contact = site.read("contact", addresses::contact);
    if let Some(own) = fetch.read("user_agent", addresses::user_agent) {
        return own;
    }
    let ours = concat!("kliping/", env!("CARGO_PKG_VERSION"));
    // An address that only this machine can open tells an outlet nothing.
    let address = site.has("url").then(|| format!("+{url}"));
    match (address, contact) {
        (Some(address), Some(contact)) => format!("{ours} ({address}; {contact})"),
        (Some(only), None) | (None, Some(only)) => format!("{ours} ({only})"),
        (None, None) => ours.to_owned(),
    }
}

/// `[publish]`.
pub fn publish(section: &Section<'_>) -> publish::Settings {
    let default = publish::Settings::default();
    publish::Settings {
        limit: section.count("limit").unwrap_or(default.limit),
        content: match section.choice("content") {
            Some("full") => publish::Content::Full,
            Some(_) => publish::Content::Summary,
            None => default.content,
        },
        stories: section.flag("stories").unwrap_or(default.stories),
        story_window: section
            .duration("story_window")
            .and_then(|window| TimeDelta::from_std(window).ok())
            .unwrap_or(default.story_window),
    }
}

/// The directory of `[publish]`, in which none of `precious` may be; a relative one starts at the folder of the file.
pub fn files(section: &Section<'_>, folder: &Path, precious: &[&Path]) -> Option<PathBuf> {
    let directory = folder.join(section.read("directory", values::text)?);
    for path in precious.iter().filter(|path| lies_in(path, &directory)) {
        let what = format!("`{}` is in it, and what kliping did not publish is removed from there", path.display());
        section.note("directory", Flaw::new(what, "name a directory of its own for what is published"));
    }
    Some(directory)
}

/// The hub of `[publish]`.
pub fn websub(section: &Section<'_>) -> websub::Settings {
    websub::Settings {
        hub: section.read("hub", addresses::hub).unwrap_or_default(),
        allow_private: section.flag("hub_allow_private").unwrap_or(false),
    }
}
