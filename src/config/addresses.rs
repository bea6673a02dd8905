//! Values that name a place on the network, a person or ourselves, and the two that go by the clock.

use std::net::SocketAddr;

use chrono_tz::{TZ_VARIANTS, Tz};
use url::Url;

use crate::config::mistakes::Flaw;
use crate::config::nearest::nearest;
use crate::schedule;
use crate::websub::Hub;

const ADDRESS_HINT: &str = "write the whole address: `https://example.com/feed/`";

/// An http or https address without a user, a password or a fragment: all of them would be printed on public pages,
/// and none would reach the outlet as the operator means it.
pub fn address(written: &str) -> Result<Url, Flaw> {
    let url = Url::parse(written.trim()).map_err(|error| {
        let host = written.trim().split(['/', '?', '#']).next().unwrap_or_default();
        let bare = host.contains('.') && !host.contains([' ', ':', '@']);
        let hint =
            if bare { format!("write the whole address: `https://{}`", written.trim()) } else { ADDRESS_HINT.into() };
        Flaw::new(format!("`{written}` is not a web address ({error})"), hint)
    })?;
    let flaw = |what: &str, hint: &str| Err(Flaw::new(format!("`{written}` {what}"), hint));
    if matches!(url.scheme(), "http" | "https") && !written.contains("://") {
        return flaw("is not a web address", ADDRESS_HINT);
    }
    if !matches!(url.scheme(), "http" | "https") {
        return flaw(&format!("is a `{}:` address", url.scheme()), "only `http://` and `https://` are asked");
    }
    if !url.username().is_empty() || url.password().is_some() {
        let what = "the address holds a user name or password, which would be shown on the status page";
        return Err(Flaw::new(what, "leave out what stands before the `@`"));
    }
    if url.fragment().is_some() {
        return flaw("has a fragment, which is never sent", "leave out `#` and what follows it");
    }
    Ok(url)
}

/// The root of the published links: an [`address`] without a query, its path ending in a slash.
pub fn site_address(written: &str) -> Result<Url, Flaw> {
    let mut url = address(written)?;
    if url.query().is_some() {
        return Err(Flaw::new(
            format!("`{written}` has a query"),
            "links are appended to it: leave out `?` and what follows it",
        ));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Our own hub, an [`address`] of another, or none.
pub fn hub(written: &str) -> Result<Hub, Flaw> {
    match written.trim() {
        "own" => Ok(Hub::Own),
        "none" => Ok(Hub::Nobody),
        _ => address(written).map(Hub::Outside).map_err(|flaw| {
            let hint = flaw.hint.replace(ADDRESS_HINT, "write the address of a hub: `https://hub.example.com/`");
            let hint = format!("{hint}; or `own`, or `none`");
            Flaw::new(flaw.what, hint)
        }),
    }
}

/// An e-mail or web address as it may stand in a header's comment.
pub fn contact(written: &str) -> Result<String, Flaw> {
    let written = written.trim();
    let plain = written.bytes().all(|b| b.is_ascii_graphic() && !b"();\\\"<>".contains(&b));
    let mail = |text: &str| {
        text.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains(['@', '/']))
    };
    let mailbox = written.strip_prefix("mailto:").unwrap_or(written);
    if plain && (mail(mailbox) || address(written).is_ok()) {
        return Ok(written.to_owned());
    }
    let hint = "write one that an outlet's webmaster can use: `redaksi@example.com` or `https://example.com/kontak`";
    Err(Flaw::new(format!("`{written}` is neither an e-mail nor a web address"), hint))
}

/// The value of a `User-Agent` header.
pub fn user_agent(written: &str) -> Result<String, Flaw> {
    let written = written.trim();
    if written.is_empty() || written.len() > 200 || !written.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        let what = format!("`{}` cannot stand in a header", written.escape_debug());
        return Err(Flaw::new(what, "write 1 to 200 plain ASCII characters on one line"));
    }
    if written.starts_with("Mozilla/") && !written.contains("(compatible;") {
        let hint =
            "say who asks: `kliping (+https://example.com/)`; an outlet that blocks it is better asked to let it in";
        return Err(Flaw::new(format!("`{written}` is a browser's name"), hint));
    }
    Ok(written.to_owned())
}

/// An IP address and a port.
pub fn listen(written: &str) -> Result<SocketAddr, Flaw> {
    written.trim().parse().map_err(|_| {
        let port = written.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok()).unwrap_or("8080");
        let hint =
            format!("write `127.0.0.1:{port}` for this machine only, `0.0.0.0:{port}` for every network it is in");
        Flaw::new(format!("`{written}` is not an IP address and a port"), hint)
    })
}

/// A time zone of the IANA database.
pub fn timezone(written: &str) -> Result<Tz, Flaw> {
    written.parse().map_err(|_| {
        let meant = match written.to_uppercase().as_str() {
            "WIB" => Some("Asia/Jakarta"),
            "WITA" => Some("Asia/Makassar"),
            "WIT" => Some("Asia/Jayapura"),
            _ => nearest(written, TZ_VARIANTS.iter().map(|zone| zone.name())),
        };
        let hint = match meant {
            Some(zone) => format!("did you mean `{zone}`?"),
            None => "write a name of the IANA database; East Kalimantan is in `Asia/Makassar`".to_owned(),
        };
        Flaw::new(format!("`{written}` is not a time zone"), hint)
    })
}

/// A cron expression with seconds first, as it was written.
pub fn cron(written: &str) -> Result<String, Flaw> {
    let written = written.trim();
    let Err(error) = schedule::parse_cron(written) else { return Ok(written.to_owned()) };
    let fields = written.split_whitespace().count();
    if !(6..=7).contains(&fields) {
        let what = format!("`{written}` has {fields} {}, not six", if fields == 1 { "field" } else { "fields" });
        let meant = if fields == 5 { format!("0 {written}") } else { String::new() };
        let example = if schedule::parse_cron(&meant).is_ok() { meant } else { "0 */15 * * * *".to_owned() };
        return Err(Flaw::new(what, format!("seconds come first: `{example}`")));
    }
    // The parser repeats the expression and points at it on lines of their own; its reason is the last line.
    let reason = error.lines().rev().find(|line| line.contains(char::is_alphabetic)).unwrap_or("it cannot be read");
    let hint = "write second, minute, hour, day, month, weekday: `0 */15 * * * *` is every quarter of an hour";
    let reason = if reason == written { "a field is not understood" } else { reason.trim_end_matches('.') };
    Err(Flaw::new(format!("`{written}` is not a schedule: {reason}"), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: std::fmt::Debug>(read: impl Fn(&str) -> Result<T, Flaw>, good: &[&str], bad: &[(&str, &str)]) {
        for written in good {
            assert!(read(written).is_ok(), "{written}: {:?}", read(written));
        }
        for (written, hint) in bad {
            let flaw = read(written).expect_err(written);
            assert!(flaw.hint.contains(hint), "{written}: {flaw:?}");
        }
    }

    #[test]
    fn addresses_are_http_absolute_and_without_secrets() {
        check(
            address,
            &["https://example.com/feed/", "http://127.0.0.1:9/rss?x=1", " https://desa.example/a "],
            &[
                ("example.com/feed", "`https://example.com/feed`"),
                ("ftp://example.com/feed", "only `http://`"),
                ("https://", "the whole address"),
                ("http:/example.com", "the whole address"),
                ("https://siti:rahasia@example.com/feed", "before the `@`"),
                ("https://example.com/#feed", "leave out `#`"),
                ("bukan alamat", "the whole address"),
            ],
        );
        let secret = address("https://siti:rahasia@example.com/").unwrap_err();
        assert!(!format!("{secret:?}").contains("rahasia"), "a password is not repeated: {secret:?}");
        assert_eq!(site_address("https://example.com/kliping").unwrap().as_str(), "https://example.com/kliping/");
        check(site_address, &["https://example.com"], &[("https://example.com/?a=1", "leave out `?`")]);
    }

    #[test]
    fn a_hub_is_ours_anothers_or_none() {
        check(
            hub,
            &["own", "none", "https://hub.example/"],
            &[("?!", "or `own`, or `none`"), ("hub.example", "`https://hub.example`"), ("", "address of a hub")],
        );
    }

    #[test]
    fn contacts_and_user_agents_fit_into_a_header() {
        check(
            contact,
            &["redaksi@example.com", "mailto:a@b.id", "https://example.com/kontak"],
            &[("siti", "redaksi@"), ("a@b", "redaksi@"), ("a b@c.d", "redaksi@"), ("a@b.c)\r\nX: y", "redaksi@")],
        );
        check(
            user_agent,
            &["kliping/1.0 (+https://example.com/)", "Mozilla/5.0 (compatible; kliping; +https://example.com/)"],
            &[
                ("", "1 to 200"),
                ("klipi\nng", "1 to 200"),
                ("klíping", "1 to 200"),
                ("Mozilla/5.0 (X11; Linux)", "who asks"),
            ],
        );
    }

    #[test]
    fn where_to_listen_is_an_address_and_a_port() {
        let hint = "`127.0.0.1:9000`";
        check(
            listen,
            &["127.0.0.1:0", "[::1]:8080"],
            &[("localhost:9000", hint), (":9000", hint), ("9000", hint), ("", ":8080")],
        );
    }

    #[test]
    fn time_zones_are_names() {
        check(
            timezone,
            &["Asia/Makassar", "UTC"],
            &[
                ("WITA", "`Asia/Makassar`"),
                ("Asia/Makasar", "`Asia/Makassar`"),
                ("asia/jakarta", "`Asia/Jakarta`"),
                ("+08:00", "IANA"),
            ],
        );
    }

    #[test]
    fn schedules_have_seconds_first() {
        check(
            cron,
            &["0 */15 * * * *", "0 0 6 * * Mon-Fri"],
            &[
                ("*/15 * * * *", "`0 */15 * * * *`"),
                ("setiap jam", "seconds come first"),
                ("", "seconds come first"),
                ("0 99 * * * *", "quarter of an hour"),
            ],
        );
        assert!(cron("0 99 * * * *").unwrap_err().what.ends_with("Minutes must be less than 59. ('99' specified.)"));
    }
}
