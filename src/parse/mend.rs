use std::borrow::Cow;

use crate::domain::Complaint;
use crate::parse::mended;

/// Mends what makes XML ill-formed and what everybody can see was meant: an ampersand that begins no reference, a
/// reference to a character that XML forbids, a root element of a version that nobody knows, a doctype.
///
/// The structure (tags that are not closed or wrongly nested) is not touched here: `pieces` reads around it.
pub fn mend<'a>(document: &'a str, complaints: &mut Vec<Complaint>) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(document);
    if let Some(mended_text) = ampersands(&text) {
        complaints.push(mended("a bare \"&\" (it is written \"&amp;\")", "document"));
        text = Cow::Owned(mended_text);
    }
    if let Some(mended_text) = version(&text) {
        complaints.push(mended("an RSS version that does not exist", "rss"));
        text = Cow::Owned(mended_text);
    }
    text
}

/// Escapes what is no reference; CDATA sections and comments are left as they are. `None` where nothing is to be done.
fn ampersands(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find(['&', '<']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")].iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = verbatim {
            let end = rest.find(close).map_or(rest.len(), |end| end + close.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let keep = rest.starts_with('<') || is_reference(rest);
        changed |= !keep;
        out.push_str(if keep { &rest[..1] } else { "&amp;" });
        rest = &rest[1..];
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Whether `&…` is a reference that XML can resolve or keep: a name, or the number of a character that XML allows.
fn is_reference(text: &str) -> bool {
    let Some(end) = text[1..].bytes().take(12).position(|byte| byte == b';') else { return false };
    let name = &text[1..=end];
    let number = match name.strip_prefix('#') {
        None => return !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16),
        Some(decimal) => decimal.parse(),
    };
    let allowed = |c: char| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
    number.ok().and_then(char::from_u32).is_some_and(allowed)
}

/// `<rss version="2.0.1">`, `<rss version="0.94">` or no version at all are read as 2.0, as everybody does.
fn version(text: &str) -> Option<String> {
    let at = text.find("<rss")?;
    let end = at + text[at..].find('>')?;
    let root = &text[at..end];
    if ["2.0", "0.91", "0.92"]
        .iter()
        .any(|known| root.contains(&format!("version=\"{known}\"")) || root.contains(&format!("version='{known}'")))
    {
        return None;
    }
    let attributes = match root.find("version=") {
        Some(from) => {
            let value = &root[from + 8..];
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let close = value[1..].find(quote)? + 2;
            format!("{}{}", &root[4..from], &value[close..])
        }
        None => root[4..].to_owned(),
    };
    Some(format!("{}<rss version=\"2.0\"{}{}", &text[..at], attributes, &text[end..]))
}
