//! HTML that is carried by a feed: only what the validator takes for safe.

use super::Findings;
use super::values::HTML;

/// Tags of HTML that are none of a feed's business.
const UNSAFE: &str = " applet base basefont bdo body embed frame frameset head html iframe isindex link meta noframes object param script style \
    title xmp plaintext comment listing form input button select textarea ";
const ATTRIBUTES: &str = " abbr accept accept-charset accesskey action align alt axis bgcolor border cellpadding cellspacing char charoff \
    charset checked cite class clear cols colspan color compact coords datetime dir disabled enctype face for frame headers height href \
    hreflang hspace id ismap label lang longdesc maxlength media method multiple name nohref noshade nowrap prompt readonly rel rev rows \
    rowspan rules scope selected shape size span src start summary tabindex target title type usemap valign value vspace width xml:lang ";

pub fn safe(html: &str, findings: &mut Findings) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('!') || rest.starts_with('?') {
            findings.add("SecurityRisk", "a comment or instruction");
        }
        let Some(name_end) = rest.find(|c: char| !c.is_ascii_alphanumeric()) else { break };
        let name = rest[..name_end].to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        let Some(tag) = tag_end(rest).map(|end| &rest[name_end..end]) else {
            findings.add("NotHtml", format!("{name} is not closed"));
            break;
        };
        if !HTML.contains(&format!(" {name} ")) {
            findings.add("NotHtml", &name);
        } else if UNSAFE.contains(&format!(" {name} ")) {
            findings.add("SecurityRisk", &name);
        }
        attributes(tag, findings);
    }
    for reference in html.split("&#").skip(1).filter_map(|rest| rest.split_once(';')).map(|(number, _)| number) {
        let value = match reference.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => reference.parse(),
        };
        if value.is_ok_and(|value| (0x80..=0x9f).contains(&value) || value == 0xfffd) {
            findings.add("BadCharacters", reference);
        }
    }
}

/// Where a tag ends: a `>` within quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(tag: &str, findings: &mut Findings) {
    let mut rest = tag.trim().trim_end_matches('/').trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (found, after) = match quote {
                Some(quote) => behind[1..].split_once(quote).unwrap_or((&behind[1..], "")),
                None => behind.split_at(behind.find(|c: char| c.is_ascii_whitespace()).unwrap_or(behind.len())),
            };
            value = found.replace("&amp;", "&");
            rest = after.trim_start();
        }
        if name == "style" {
            findings.add("DangerousStyleAttr", value);
        } else if !ATTRIBUTES.contains(&format!(" {name} ")) {
            findings.add("SecurityRiskAttr", name);
        } else if matches!(name.as_str(), "href" | "src" | "cite" | "action") {
            let scheme = value.split_once(':').map(|(scheme, _)| scheme.trim().to_ascii_lowercase());
            match scheme.as_deref() {
                Some("http" | "https" | "mailto") => {}
                Some(_) => findings.add("SecurityRiskAttr", value),
                None => findings.add("ContainsRelRef", value),
            }
        }
    }
}
