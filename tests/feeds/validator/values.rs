//! What may stand where: addresses, dates, languages, types, texts.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::Findings;

/// The characters of XML 1.0 (section 2.2), without those that it discourages.
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}')
        && u32::from(c) & 0xfffe != 0xfffe
}

fn is_uri_character(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b";/?:@&=+$.-_!~*'()%,#".contains(&b)
}

/// A full URI (RFC 2396): a scheme, its characters, a host where the scheme wants one.
pub fn is_uri(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(':') else { return false };
    let scheme_is_right = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !scheme_is_right || rest.is_empty() || !rest.bytes().all(is_uri_character) {
        return false;
    }
    match scheme {
        "http" | "https" => rest.strip_prefix("//").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')),
        // RFC 4151.
        "tag" => rest.split_once(',').is_some_and(|(authority, rest)| {
            let (date, specific) = rest.split_once(':').unwrap_or((rest, ""));
            !authority.is_empty()
                && authority.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-@_".contains(&b))
                && date.len() == 4
                && date.bytes().all(|b| b.is_ascii_digit())
                && !specific.is_empty()
        }),
        _ => true,
    }
}

pub fn is_web(value: &str) -> bool {
    (value.starts_with("https://") || value.starts_with("http://")) && is_uri(value)
}

/// Whether it is written as a normaliser would (RFC 3986 section 6): ids are compared letter by letter.
pub fn is_canonical(value: &str) -> bool {
    if !is_web(value) {
        return is_uri(value);
    }
    let escapes_are_capital = value.split('%').skip(1).all(|rest| {
        rest.get(..2).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)))
    });
    escapes_are_capital && url::Url::parse(value).is_ok_and(|url| url.as_str() == value)
}

pub fn media_type(value: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !b"()<>,;:\\\"/[]?=".contains(&b))
    };
    value
        .split(';')
        .next()
        .and_then(|bare| bare.split_once('/'))
        .is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

pub fn language(value: &str) -> bool {
    let mut parts = value.split('-');
    parts.next().is_some_and(|code| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn plausible(date: DateTime<FixedOffset>, value: &str, findings: &mut Findings) {
    if date > Utc::now() + TimeDelta::days(1) || date.timestamp() < 0 || value.starts_with("196") {
        findings.add("ImplausibleDate", value);
    }
}

/// RFC 822 with a year of four digits, as RSS wants it.
pub fn rfc822(value: &str, findings: &mut Findings) {
    let Ok(date) = DateTime::parse_from_rfc2822(value) else {
        return findings.add("InvalidRFC2822Date", value);
    };
    let day = date.format("%-d").to_string();
    let written = |day: &str| date.format(&format!("%a, {day} %b %Y %H:%M:%S ")).to_string();
    let zone = value.rsplit(' ').next().unwrap_or_default();
    let zone_is_usual = zone.len() == 5 && (zone.ends_with("00") || zone.ends_with("30"));
    if !(value.starts_with(&written(&day)) || value.starts_with(&written("%d"))) || !zone_is_usual {
        findings.add("ProblematicalRFC822Date", value);
    }
    plausible(date, value, findings);
}

/// RFC 3339, as Atom and JSON Feed want it.
pub fn rfc3339(value: &str, findings: &mut Findings) {
    let shaped = value.len() >= 20 && value.as_bytes()[10] == b'T' && value.is_ascii();
    match DateTime::parse_from_rfc3339(value).ok().filter(|_| shaped) {
        Some(date) => plausible(date, value, findings),
        None => findings.add("InvalidRFC3339Date", value),
    }
}

/// The tags of HTML 4, which are those that the validator looks for in plain text.
pub const HTML: &str = " a abbr acronym address applet area b base basefont bdo big blockquote body br button caption center cite code \
    col colgroup dd del dir div dfn dl dt em fieldset font form frame frameset h1 h2 h3 h4 h5 h6 head hr html i iframe img input ins \
    isindex kbd label legend li link map menu meta noframes noscript object ol optgroup option p param pre q s samp script select small \
    span strike strong style sub sup table tbody td textarea tfoot th thead title tr tt u ul var xmp plaintext embed comment listing ";

/// A text that is to be plain: no end tag of HTML, no entity.
pub fn plain(value: &str, rule: &'static str, findings: &mut Findings) {
    let tag = value
        .split("</")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .find(|(name, _)| !name.is_empty() && HTML.contains(&format!(" {} ", name.to_ascii_lowercase())));
    let entity = value.split('&').skip(1).filter_map(|rest| rest.split_once(';')).find(|(name, _)| {
        let name = name.strip_prefix('#').unwrap_or(name);
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    // Stricter than the W3C: a tag that only begins runs in a reader all the same.
    let begins = ["<script", "<img", "<svg", "<iframe", "<style"];
    let begins = begins.iter().any(|tag| value.to_ascii_lowercase().contains(tag));
    if tag.is_some() || entity.is_some() || begins {
        findings.add(rule, value.chars().take(80).collect::<String>());
    }
}

pub fn not_blank(value: &str, what: &str, findings: &mut Findings) {
    if value.trim().is_empty() {
        findings.add("NotBlank", what);
    }
}
