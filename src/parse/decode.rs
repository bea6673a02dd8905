use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::parse::Context;
use crate::parse::complaints::Complaints;

/// The document as text, and the encoding that it was read in.
///
/// The operator's word goes before everything. Bytes that are valid UTF-8 are UTF-8, whatever is declared: declarations lie more often
/// than bytes do. Else a byte-order mark, the server's charset, the XML declaration, and what the bytes look like, in this order.
pub fn decode<'a>(
    bytes: &'a [u8],
    context: &Context<'_>,
    complaints: &mut Complaints,
) -> (Cow<'a, str>, &'static Encoding) {
    let whole = |encoding: &'static Encoding| (encoding.decode_without_bom_handling(bytes).0, encoding);
    if let Some(encoding) = context.encoding {
        return (encoding.decode_with_bom_removal(bytes).0, encoding);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && (encoding != UTF_8 || std::str::from_utf8(&bytes[length..]).is_ok())
    {
        return (encoding.decode_without_bom_handling(&bytes[length..]).0, encoding);
    }
    if let Some(encoding) = wide(bytes) {
        return whole(encoding);
    }
    let told = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let declared = declared_encoding(bytes).as_deref().and_then(told);
    let encoding = context.charset.and_then(told).filter(|encoding| *encoding != UTF_8).or(declared);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // The one encoding of the web whose bytes are all ASCII.
        let escapes = encoding.filter(|encoding| encoding.name() == "ISO-2022-JP" && bytes.contains(&0x1b));
        return escapes.map_or((Cow::Borrowed(text), UTF_8), whole);
    }
    if mostly_utf8(bytes) {
        let text = utf8_with_foreign_bytes(bytes);
        if !is_cut(bytes) {
            complaints.mended("single bytes that are not UTF-8; read as windows-1252", "encoding");
        }
        return (Cow::Owned(text), UTF_8);
    }
    match encoding {
        Some(encoding) if encoding != UTF_8 && !encoding.name().starts_with("UTF-16") => whole(encoding),
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            let guess = detector.guess(Some(b"id"), Utf8Detection::Deny);
            complaints.mended(&format!("the bytes are not what is declared; read as {}", guess.name()), "encoding");
            whole(guess)
        }
    }
}

/// The same for a web page, which declares its encoding in a `<meta>`.
pub fn decode_page<'a>(
    bytes: &'a [u8],
    context: &Context<'_>,
    complaints: &mut Complaints,
) -> (Cow<'a, str>, &'static Encoding) {
    let declared = context.charset.map(str::to_owned).or_else(|| meta_charset(bytes));
    decode(bytes, &Context { charset: declared.as_deref(), ..context.clone() }, complaints)
}

/// `<meta charset=…>` or `<meta http-equiv … content="text/html; charset=…">` (HTML section 4.2.5.4: within 1,024 bytes; many are later).
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let value = head
        .split("<meta")
        .skip(1)
        .find_map(|tag| tag.split('>').next()?.split_once("charset=")?.1.to_owned().into())?;
    let value: String = value
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Some(value).filter(|value| !value.is_empty())
}

/// UTF-16 without a byte-order mark: every other byte of `<?` or `<r` is null.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, next, 0, ..] if *next != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, next, ..] if *next != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Good UTF-8 but for its very end, as a document that was cut off leaves it, or with few bad bytes among many good characters:
/// two encodings in one file.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let bad = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let good = bytes.iter().filter(|byte| **byte >= 0xC2).count().saturating_sub(bad);
    is_cut(bytes) || good > 2 * bad
}

/// Only its last character is broken, and by its end.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn utf8_with_foreign_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let at_the_end = chunks.peek().is_none() && is_cut(bytes);
        if !at_the_end {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    text
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
pub fn without_forbidden_characters<'a>(text: Cow<'a, str>, complaints: &mut Complaints) -> Cow<'a, str> {
    // 0xEF begins U+FFFE and U+FFFF, and much else.
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xEF;
    if !text.bytes().any(suspicious) || !text.chars().any(is_forbidden) {
        return text;
    }
    complaints.mended("control characters that XML forbids", "document");
    Cow::Owned(text.chars().filter(|c| !is_forbidden(*c)).collect())
}

/// Whether XML 1.0 forbids a character.
pub fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
