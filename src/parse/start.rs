use crate::parse::{ParseError, first_words, is_bot_wall};

/// Junk before the feed is skipped up to here.
const LONGEST_JUNK: usize = 64 * 1024;
/// What a feed's root element is called, without its prefix.
const ROOTS: [&str; 5] = ["rss", "feed", "rdf", "entry", "channel"];

/// Where the feed begins.
///
/// # Errors
/// The document is empty, a web page, or nothing known.
pub fn start(text: &str) -> Result<usize, ParseError> {
    let body = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if body.is_empty() {
        return Err(ParseError::Empty);
    }
    if is_web_page(body) {
        return Err(page(body));
    }
    let skipped = text.len() - body.len();
    if body.starts_with(['{', '[']) || begins_a_feed(body) {
        return Ok(skipped);
    }
    let mut end = text.len().min(LONGEST_JUNK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // A brace in a PHP warning is no JSON: only XML is looked for behind junk, JSON where nothing else is found.
    let junk = &text[..end];
    let xml = junk.match_indices('<').map(|(at, _)| at).find(|at| begins_a_feed(&text[*at..]));
    if let Some(at) = xml.filter(|at| is_web_page(&text[*at..])) {
        return Err(page(&text[at..]));
    }
    xml.or_else(|| junk.find("{\"").or_else(|| junk.find("{\n"))).ok_or_else(|| match body.starts_with('<') {
        true => ParseError::Unreadable { what: format!("its first element is no feed: `{}`", first_words(body)) },
        false => ParseError::Unknown { begin: first_words(body) },
    })
}

/// Whether what stands before a feed is only white space and comments.
pub fn is_nothing(junk: &str) -> bool {
    let mut rest = junk.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some(end) = comment.find("-->") else { return false };
        rest = comment[end + 3..].trim_start();
    }
    rest.is_empty()
}

/// An XML declaration, or the root of a feed with or without a prefix.
fn begins_a_feed(text: &str) -> bool {
    let Some(tag) = text.strip_prefix('<') else { return false };
    let mut end = tag.len().min(40);
    while !tag.is_char_boundary(end) {
        end -= 1;
    }
    let tag = tag[..end].to_ascii_lowercase();
    if tag.starts_with("?xml") || tag.starts_with("!doctype rss") || tag.starts_with("!doctype rdf") {
        return true;
    }
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '-' | '_')).next().unwrap_or("");
    ROOTS.contains(&name.rsplit(':').next().unwrap_or(""))
}

fn is_web_page(body: &str) -> bool {
    let mut head = body;
    // XHTML declares itself as XML, and comments may come first.
    loop {
        let close = if head.starts_with("<!--") {
            "-->"
        } else if head.starts_with("<?") {
            ">"
        } else {
            break;
        };
        let Some(end) = head.find(close) else { break };
        head = head[end + close.len()..].trim_start();
    }
    let head: String = head.chars().take(15).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|page| head.starts_with(page))
}

fn page(body: &str) -> ParseError {
    if is_bot_wall(body) { ParseError::Challenge } else { ParseError::WebPage { title: page_title(body) } }
}

fn page_title(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let from = lower.find("<title")?;
    let from = from + lower[from..].find('>')? + 1;
    let to = from + lower[from..].find("</title")?;
    Some(first_words(&body[from..to])).filter(|title| !title.is_empty())
}

/// The document without its XML declaration, whose encoding no longer holds: it is UTF-8 now.
pub fn without_declaration(document: &str) -> &str {
    match document.strip_prefix("<?xml").and_then(|rest| rest.find("?>").map(|end| &rest[end + 2..])) {
        Some(rest) => rest.trim_start(),
        None => document,
    }
}
