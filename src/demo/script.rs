use std::time::Duration;

use chrono::{SecondsFormat, TimeDelta};

use crate::domain::Instant;

/// A sample document as it is so long after the start, for in a sample one can watch news come and change:
/// `<!-- from 20 s -->…<!-- end -->` is there from then on, `<!-- until 30 s -->…<!-- end -->` no longer; `{{at 20 s}}` and
/// `{{rfc3339 20 s}}` are that moment, and `{{base}}` the outlet's own address.
pub fn played(document: &str, base: &str, begun: Instant, elapsed: Duration) -> String {
    let document = shown(document, i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX));
    let document = document.replace("{{base}}", base);
    let document = dated(&document, "{{at ", |at| at.to_rfc2822(), begun);
    dated(&document, "{{rfc3339 ", |at| at.to_rfc3339_opts(SecondsFormat::Secs, true), begun)
}

fn shown(document: &str, seconds: i64) -> String {
    const END: &str = "<!-- end -->";
    let mut out = String::with_capacity(document.len());
    let mut rest = document;
    while let Some((at, mark)) =
        ["<!-- from ", "<!-- until "].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min()
    {
        let Some(end) = rest[at..].find(END).map(|end| at + end) else { break };
        let limit = number(&rest[at + mark.len()..]);
        out.push_str(&rest[..at]);
        if (seconds >= limit) == (mark == "<!-- from ") {
            let inside = &rest[at..end];
            out.push_str(inside.split_once("-->").map_or("", |(_, inside)| inside));
        }
        rest = &rest[end + END.len()..];
    }
    out + rest
}

fn dated(document: &str, mark: &str, written: impl Fn(Instant) -> String, begun: Instant) -> String {
    let mut parts = document.split(mark);
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push_str(&written(begun + TimeDelta::seconds(number(part))));
        out.push_str(part.split_once("}}").map_or("", |(_, rest)| rest));
    }
    out
}

/// The number that a text begins with.
fn number(text: &str) -> i64 {
    text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
