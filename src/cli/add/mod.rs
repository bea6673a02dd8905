//! `kliping add URL`: finds what a site offers, tries it, shows its newest items as they would be tagged, and appends it to feeds.toml.
//!
//! `discover` asks the site, the best first; `proposal` is what was found, and shows it; `feeds_toml` writes.

mod discover;
pub mod feeds_toml;
mod proposal;

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use url::Url;

use crate::cli::add::discover::Discovery;
use crate::cli::add::feeds_toml::{Entry, id_for};
use crate::cli::add::proposal::Proposal;
use crate::cli::arguments::AddOptions;
use crate::cli::failure::Failure;
use crate::cli::run;
use crate::config::{self, Environment, Settings};
use crate::domain::{Catalogue, Slug};
use crate::fetch::{self, Fetcher};

/// `kliping add`.
pub fn run(config: &Path, options: &AddOptions) -> Result<ExitCode, Failure> {
    let settings = feeds_toml::settings(config)?;
    let url = address(&options.url)?;
    refuse_known(&settings.catalogue, &url)?;
    let id = options.id.as_deref().map(|id| checked_id(id, &settings.catalogue)).transpose()?;
    if let Some(region) = &options.region
        && settings.catalogue.region(&Slug::from(region.as_str())).is_none()
    {
        let regions: Vec<&str> = settings.catalogue.regions.iter().map(|region| region.id.as_str()).collect();
        return Err(Failure::Usage {
            what: format!("there is no region `{region}`"),
            hint: format!("the regions are: {}", regions.join(", ")),
        });
    }
    for known in settings
        .catalogue
        .sources
        .iter()
        .filter(|source| source.enabled && source.url.host() == url.host() && source.url.port() == url.port())
    {
        eprintln!("note: `{}` reads the same host, at {}", known.id, known.url);
    }
    let found = run::runtime()?.block_on(async {
        let fetcher = Fetcher::new(settings.limits.clone(), &settings.user_agent)
            .map_err(|error| Failure::Other(error.into()))?;
        Discovery::new(&fetcher, &settings, url.clone()).run().await
    })?;
    let Some(chosen) = choose(found)? else { return Ok(ExitCode::SUCCESS) };
    refuse_known(&settings.catalogue, &chosen.source.url)?;
    let title =
        options.title.clone().or(chosen.title.clone()).unwrap_or_else(|| url.host_str().unwrap_or("").to_owned());
    let id = id.unwrap_or_else(|| id_for(&url, &title, &settings.catalogue));
    let entry = Entry {
        id: id.to_string(),
        title,
        // Only where the file does not allow it anyway.
        allow_private: fetch::is_loopback(&chosen.source.url) && !allows_private(config),
        region: options.region.clone(),
        ..Entry::of(&chosen.source)
    };
    chosen.show(settings.catalogue.site.timezone);
    println!("\n{entry}");
    if options.dry_run {
        println!("`{}` was not changed (--dry-run)", config.display());
        return Ok(ExitCode::SUCCESS);
    }
    let config_was_there = config.exists();
    feeds_toml::append(config, &[entry])?;
    println!("appended to `{}`; a running daemon reads it by itself", config.display());
    if settings.catalogue.topics.is_empty() && config_was_there {
        println!(
            "there is no `[[topic]]` in it, so that nothing is tagged: the feeds.toml that comes with kliping has four"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// An address as people type it: without a scheme it is an https one, at this very machine an http one.
fn address(written: &str) -> Result<Url, Failure> {
    let written = written.trim();
    let wrong = |what: String, hint: String| Err(Failure::Usage { what, hint });
    let example = "`kliping add https://example.com/`";
    let whole = match written.split_once("://") {
        Some(("http" | "https", _)) => written.to_owned(),
        Some((scheme, rest)) => {
            let hint = format!("only `http://` and `https://` are asked: `kliping add https://{rest}`");
            return wrong(format!("`{scheme}://` is no scheme of a site"), hint);
        }
        None if written.starts_with("http:") || written.starts_with("https:") || written.starts_with("http/") => {
            return wrong(
                format!("`{written}` is not the address of a site"),
                format!("two slashes follow the colon: {example}"),
            );
        }
        None => {
            let host = written.split(['/', ':', '?']).next().unwrap_or("");
            let own = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok();
            format!("{}://{written}", if own { "http" } else { "https" })
        }
    };
    let url = Url::parse(&whole).ok().filter(Url::has_host);
    let url = url.filter(|url| {
        let dotted = url.domain().is_none_or(|host| host == "localhost" || host.trim_matches('.').contains('.'));
        dotted && !url.domain().is_some_and(|host| host.starts_with('.'))
    });
    let Some(mut url) = url else {
        return wrong(
            format!("`{written}` is not the address of a site"),
            format!("write it as it stands in a browser: {example}"),
        );
    };
    if !url.username().is_empty() || url.password().is_some() {
        let hint = "leave out what stands before the `@`: it would be shown on the status page";
        return wrong("the address holds a user name or password".into(), hint.into());
    }
    url.set_fragment(None);
    Ok(url)
}

fn refuse_known(catalogue: &Catalogue, url: &Url) -> Result<(), Failure> {
    let known = catalogue.sources.iter().find(|source| feeds_toml::same_address(&source.url, url));
    known.map_or(Ok(()), |source| {
        let state =
            if source.enabled { "is configured already" } else { "is configured already, with `enabled = false`" };
        Err(Failure::Usage {
            what: format!("`{url}` {state}: it is the source `{}`", source.id),
            hint: format!("`kliping check --online --source {}` tells how it answers", source.id),
        })
    })
}

fn checked_id(id: &str, catalogue: &Catalogue) -> Result<Slug, Failure> {
    let slug = Slug::from(id);
    if Slug::is_valid(id) && catalogue.source(&slug).is_none() {
        return Ok(slug);
    }
    let what = if Slug::is_valid(id) { format!("the id `{id}` is taken") } else { format!("`{id}` is not an id") };
    Err(Failure::Usage {
        what,
        hint: "write 1 to 64 of `a-z`, `0-9` and `-` that no other source has, or leave `--id` out".into(),
    })
}

/// Whether the file allows private addresses to every source.
pub fn allows_private(config: &Path) -> bool {
    // A source of no kind in particular gets what `[fetch]` says.
    let probe = "\n[[source]]\nid = \"kliping-add-probe\"\ntitle = \"x\"\nurl = \"https://probe.invalid/\"\n";
    let text = std::fs::read_to_string(config).unwrap_or_default() + probe;
    let settings = config::read(&text, &config.display().to_string(), &Environment::default());
    settings
        .is_ok_and(|settings: Settings| settings.catalogue.sources.last().is_some_and(|source| source.allow_private))
}

/// The best of what was found; at a terminal the operator's own choice.
fn choose(mut found: Vec<Proposal>) -> Result<Option<Proposal>, Failure> {
    if found.len() > 1 && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        for (number, proposal) in found.iter().enumerate() {
            eprintln!("{:>3}  {proposal}", number + 1);
        }
        eprint!("which one? [1] ");
        std::io::stderr().flush()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let number: usize = if line.trim().is_empty() { 1 } else { line.trim().parse().unwrap_or(0) };
        if number == 0 || number > found.len() {
            eprintln!("nothing was added");
            return Ok(None);
        }
        return Ok(Some(found.swap_remove(number - 1)));
    }
    let others = found.split_off(1);
    for other in others {
        println!("also there: {other}");
    }
    Ok(found.pop())
}
