//! A document's bytes made into entries. In: bytes, what the server said of them, and where they came from. Out: a [`Feed`]
//! with what had to be mended, or why it is none. Deliberately absent: judging what the publisher wrote (`clean` does), and
//! trust: whatever stands in a document, this returns.

mod dates;
mod decode;
mod feed;
mod mend;
mod pieces;

pub use dates::parse_date;

use chrono::FixedOffset;

use crate::domain::{Complaint, Feed};

/// What is known of a document beside its bytes.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// Its final URL: what relative `xml:base` is resolved against.
    pub url: &'a str,
    /// The `charset` of its `Content-Type`, where the server tells one.
    pub charset: Option<&'a str>,
    /// The offset of dates that name none: the site's own.
    pub zone: FixedOffset,
}

/// Why a document is no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing but white space came.
    #[error("the document is empty")]
    Empty,
    /// An HTML page came: maintenance, a login, a bot wall, or the wrong address.
    #[error("the document is a web page{}, not a feed", title.as_ref().map(|title| format!(" (`{title}`)")).unwrap_or_default())]
    WebPage {
        /// The page's title.
        title: Option<String>,
    },
    /// It is neither XML nor JSON.
    #[error("the document is neither XML nor JSON; it begins with `{begin}`")]
    Unknown {
        /// Its first characters.
        begin: String,
    },
    /// XML or JSON that is no feed, or one that cannot be read even after mending.
    #[error("the document cannot be read as a feed: {what}")]
    Unreadable {
        /// What the parser said.
        what: String,
    },
}

impl ParseError {
    /// A short stable name for tables and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            ParseError::Empty => "empty",
            ParseError::WebPage { .. } => "web-page",
            ParseError::Unknown { .. } => "not-a-feed",
            ParseError::Unreadable { .. } => "unreadable",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ParseError::Empty => "ask the outlet's webmaster; what was kept stays",
            ParseError::WebPage { .. } => {
                "open the address in a browser: the site may be in maintenance, or its feed may have moved; then mend `url` in feeds.toml"
            }
            ParseError::Unknown { .. } | ParseError::Unreadable { .. } => {
                "check that `url` in feeds.toml is the address of an RSS, Atom or JSON feed"
            }
        }
    }
}

/// Reads a feed: strictly first, then mended, then entry by entry, so that a bad entry costs only itself.
///
/// # Errors
/// [`ParseError`] where no reading gives a feed.
pub fn read(bytes: &[u8], context: &Context<'_>) -> Result<(Feed, Vec<Complaint>), ParseError> {
    let mut complaints = Vec::new();
    let text = decode::decode(bytes, context.charset, &mut complaints);
    let text = decode::without_control_characters(text, &mut complaints);
    let start = decode::start(&text)?;
    if !text[..start].trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() {
        complaints.push(mended("something is printed before the feed", &first_words(&text[..start])));
    }
    let document = decode::without_declaration(&text[start..]);
    match feed::parse(document, context, &mut complaints) {
        Ok(feed) => return Ok((feed, complaints)),
        Err(what) => complaints.push(mended(&format!("the document is not well-formed: {what}"), "document")),
    }
    let mut repairs = Vec::new();
    let repaired = mend::mend(document, &mut repairs);
    let whole = feed::parse(&repaired, context, &mut repairs);
    let feed = match whole {
        Ok(feed) => feed,
        Err(what) => pieces::parse(&repaired, context, &mut repairs).ok_or(ParseError::Unreadable { what })?,
    };
    complaints.append(&mut repairs);
    Ok((feed, complaints))
}

fn mended(what: &str, place: &str) -> Complaint {
    Complaint { what: what.to_owned(), place: place.to_owned(), mended: true }
}

fn lost(what: &str, place: &str) -> Complaint {
    Complaint { what: what.to_owned(), place: place.to_owned(), mended: false }
}

/// The beginning of a text, for a message.
fn first_words(text: &str) -> String {
    let line = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    line.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
