use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::domain::Complaint;
use crate::parse::{ParseError, first_words, mended};

/// Junk before the feed is skipped up to here.
const LONGEST_JUNK: usize = 64 * 1024;

/// Where a feed may begin.
const BEGINNINGS: [&str; 8] = ["<?xml", "<rss", "<feed", "<rdf:RDF", "<RDF", "<entry", "<!DOCTYPE rss", "{"];

/// The document as text. Bytes that are valid UTF-8 are UTF-8, whatever is declared: declarations lie more often than bytes
/// do. Else a byte-order mark, the server's charset, the XML declaration, and windows-1252, in this order.
pub fn decode<'a>(bytes: &'a [u8], charset: Option<&str>, complaints: &mut Vec<Complaint>) -> Cow<'a, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let declared = declared_encoding(bytes);
    let told = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let encoding =
        charset.and_then(told).filter(|encoding| *encoding != UTF_8).or_else(|| declared.as_deref().and_then(told));
    match encoding {
        Some(encoding) if encoding != UTF_8 => encoding.decode_without_bom_handling(bytes).0,
        _ if cut_in_a_character(bytes) => UTF_8.decode_without_bom_handling(bytes).0,
        _ => {
            complaints.push(mended("the bytes are not the UTF-8 that is declared; read as windows-1252", "encoding"));
            WINDOWS_1252.decode_without_bom_handling(bytes).0
        }
    }
}

/// Good UTF-8 but for its very end, as a document that was cut off leaves it, or with very few bad bytes.
fn cut_in_a_character(bytes: &[u8]) -> bool {
    let (mut rest, mut bad) = (bytes, 0);
    while let Err(error) = std::str::from_utf8(rest) {
        bad += 1;
        let Some(length) = error.error_len() else { break };
        rest = &rest[error.valid_up_to() + length..];
        if bad > 3 {
            return false;
        }
    }
    // One or two bad bytes among many good multi-byte characters are damage, not another encoding.
    bad <= 1 || bytes.iter().filter(|byte| **byte >= 0xC2).count() > 20 * bad
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
    let declaration = &head[head.find("<?xml")?..];
    let declaration = &declaration[..declaration.find("?>")?];
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// Drops the characters that XML 1.0 forbids (section 2.2), which some editors paste in.
pub fn without_control_characters<'a>(text: Cow<'a, str>, complaints: &mut Vec<Complaint>) -> Cow<'a, str> {
    let forbidden_byte = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    if !text.bytes().any(forbidden_byte) {
        return text;
    }
    complaints.push(mended("control characters that XML forbids", "document"));
    Cow::Owned(text.chars().filter(|c| !(c.is_ascii() && forbidden_byte(*c as u8))).collect())
}

/// Where the feed begins.
///
/// # Errors
/// The document is empty, a web page, or nothing known.
pub fn start(text: &str) -> Result<usize, ParseError> {
    let body = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if body.is_empty() {
        return Err(ParseError::Empty);
    }
    let skipped = text.len() - body.len();
    // The ordinary case first: it begins where it should.
    if BEGINNINGS.iter().any(|beginning| body.starts_with(beginning)) && !is_web_page(body) {
        return Ok(skipped);
    }
    if is_web_page(body) {
        return Err(ParseError::WebPage { title: page_title(body) });
    }
    let mut end = text.len().min(LONGEST_JUNK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // A brace in a PHP warning is no JSON: only XML is looked for behind junk, JSON where nothing else is found.
    let xml = BEGINNINGS[..7].iter().filter_map(|beginning| text[..end].find(beginning)).min();
    xml.or_else(|| text[..end].find("{\"")).ok_or_else(|| match body.starts_with('<') {
        true => ParseError::Unreadable { what: format!("its first element is no feed: `{}`", first_words(body)) },
        false => ParseError::Unknown { begin: first_words(body) },
    })
}

fn is_web_page(body: &str) -> bool {
    let mut head = body;
    // XHTML declares itself as XML, and comments may come first.
    while let Some(end) = ["<?xml", "<!--"].iter().find(|open| head.starts_with(**open)).and(head.find('>')) {
        head = head[end + 1..].trim_start();
    }
    let head: String = head.chars().take(15).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|page| head.starts_with(page))
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
