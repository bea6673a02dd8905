use std::borrow::Cow;
use std::collections::HashMap;

use crate::parse::complaints::Complaints;
use crate::parse::decode::is_forbidden;

/// Entities that a document declares itself are used up to so many, each so long, and no more than so much in all: what grows more is
/// no text but an attack (`billion laughs`).
const MOST_ENTITIES: usize = 100;
const LONGEST_ENTITY: usize = 1_000;
const MOST_GROWTH: usize = 1_000_000;

/// Mends what even a lenient tokenizer would take for something else: an ampersand that begins no reference, a CDATA section that is not
/// closed before the next one begins, entities of the document's own.
pub fn mend<'a>(document: &'a str, complaints: &mut Complaints) -> Cow<'a, str> {
    let (document, entities) = without_doctype(document);
    let mut text = Cow::Borrowed(document);
    if let Some(mended) = unclosed_sections(&text, complaints) {
        text = Cow::Owned(mended);
    }
    if let Some(mended) = references(&text, &entities, complaints) {
        text = Cow::Owned(mended);
    }
    text
}

/// The document from its root on, and the entities that its doctype declares.
fn without_doctype(document: &str) -> (&str, HashMap<&str, &str>) {
    let lower = document.as_bytes().get(..9).map(<[u8]>::to_ascii_lowercase);
    let mut entities = HashMap::new();
    if lower.as_deref() != Some(b"<!doctype") {
        return (document, entities);
    }
    let Some(end) = document.find('>') else { return (document, entities) };
    let Some(open) = document[..end].find('[') else { return (&document[end + 1..], entities) };
    let Some(close) = document[open..].find("]>").or_else(|| document[open..].find("] >")) else {
        return (&document[end + 1..], entities);
    };
    let subset = &document[open..open + close];
    for declaration in subset.split("<!ENTITY").skip(1).take(MOST_ENTITIES) {
        let Some((name, rest)) = declaration.trim_start().split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
        let Some(value) = rest[1..].split(quote).next() else { continue };
        // An entity made of entities is left as it is written; a character by its number is only that.
        let made_of_others = value.replace("&#", "").contains('&');
        if value.len() <= LONGEST_ENTITY && !made_of_others && name != "%" {
            entities.insert(name, value);
        }
    }
    let rest = &document[open + close..];
    (rest.split_once('>').map_or(rest, |(_, rest)| rest), entities)
}

/// Closes each CDATA section within which another begins, at the end tag that comes before that.
fn unclosed_sections(text: &str, complaints: &mut Complaints) -> Option<String> {
    const OPEN: &str = "<![CDATA[";
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    // Looked for again only when it is passed: in a document of openings alone that would be the whole document each time.
    let mut close = 0;
    while let Some(open) = text[from..].find(OPEN).map(|at| from + at) {
        let inside = open + OPEN.len();
        if close < inside {
            close = text[inside..].find("]]>").map_or(text.len(), |at| inside + at);
        }
        let next = text[inside..].find(OPEN).map_or(text.len(), |at| inside + at);
        if close <= next && close < text.len() {
            from = close + 3;
            continue;
        }
        let ends = ["</item>", "</entry>"].iter().filter_map(|end| text[inside..next].find(end)).min();
        let Some(entry_end) = ends.map(|at| inside + at) else {
            // Cut off in it, or with nothing that tells where it ends.
            from = next;
            continue;
        };
        let fields =
            ["</description>", "</content:encoded>", "</title>", "</summary>", "</content>", "</link>", "</guid>"];
        let field_end = fields.iter().filter_map(|end| text[inside..entry_end].find(end)).min();
        let end = field_end.map_or(entry_end, |at| inside + at);
        complaints.mended("a CDATA section that is not closed", "document");
        out.push_str(&text[done..end]);
        out.push_str("]]>");
        (done, from) = (end, end);
    }
    (done > 0).then(|| out + &text[done..])
}

/// Escapes what is no reference, resolves the document's own entities, and drops references to characters that XML forbids; CDATA
/// sections and comments are left as they are. `None` where nothing is to be done.
fn references(text: &str, entities: &HashMap<&str, &str>, complaints: &mut Complaints) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut rest, mut changed, mut grown) = (text, false, 0);
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
        if rest.starts_with('<') {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let reference = reference(rest);
        let own = match reference {
            Reference::Name(name) => entities.get(name).filter(|value| grown + value.len() <= MOST_GROWTH),
            _ => None,
        };
        match (reference, own) {
            (Reference::Name(name), Some(value)) => {
                grown += value.len();
                out.push_str(value);
                rest = &rest[name.len() + 2..];
                changed = true;
            }
            (Reference::Forbidden(length), _) => {
                complaints.mended("references to characters that XML forbids", "document");
                rest = &rest[length..];
                changed = true;
            }
            (Reference::None, _) => {
                complaints.mended("a bare \"&\" (it is written \"&amp;\")", "document");
                out.push_str("&amp;");
                rest = &rest[1..];
                changed = true;
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

#[derive(Clone, Copy)]
enum Reference<'a> {
    Name(&'a str),
    Character,
    /// A character that XML forbids; the reference is so long.
    Forbidden(usize),
    None,
}

/// What `&…` refers to.
fn reference(text: &str) -> Reference<'_> {
    let Some(end) = text[1..].bytes().take(33).position(|byte| byte == b';') else { return Reference::None };
    let name = &text[1..=end];
    let number = match name.strip_prefix('#') {
        None if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            return Reference::Name(name);
        }
        None => return Reference::None,
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16),
        Some(decimal) => decimal.parse(),
    };
    match number {
        // 128 to 159 are read as windows-1252, as browsers do.
        Ok(number) if char::from_u32(number).is_some_and(|c| !is_forbidden(c)) => Reference::Character,
        Ok(_) => Reference::Forbidden(end + 2),
        Err(_) => Reference::None,
    }
}
