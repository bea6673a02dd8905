//! A document's bytes made into entries. In: bytes, what the server said of them, and where they came from. Out: a [`Feed`]
//! with what had to be mended, or why it is none. Deliberately absent: judging what the publisher wrote (`clean` does), and
//! trust: whatever stands in a document, this returns.

mod addresses;
mod complaints;
mod dates;
mod decode;
mod json;
mod lenient;
mod mend;
mod newest;
mod offers;
mod page;
mod sitemap;
mod start;
mod strict;
mod wall;
mod wordpress;

pub use addresses::{looks_like_an_article, same_site};
pub use dates::parse_date;
pub use offers::{Offers, offers};
pub use wall::is_bot_wall;

use chrono::FixedOffset;
use encoding_rs::Encoding;
use memchr::memmem;

use crate::domain::{Complaint, Entry, Feed, Instant, Rhythm, Selectors, SourceKind};
use crate::parse::complaints::Complaints;

/// What is known of a document beside its bytes.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// Its final URL: what relative `xml:base` is resolved against.
    pub url: &'a str,
    /// The `charset` of its `Content-Type`, where the server tells one.
    pub charset: Option<&'a str>,
    /// The operator's own word on the encoding.
    pub encoding: Option<&'static Encoding>,
    /// Entries that are taken, the newest; the rest is counted.
    pub most_entries: usize,
    /// The offset of dates that name none: the site's own.
    pub zone: FixedOffset,
    /// The instant of the poll: what `2 jam lalu` is told from.
    pub now: Instant,
}

/// What a document says, and how it had to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The feed.
    pub feed: Feed,
    /// What should be mended, each kind once.
    pub complaints: Vec<Complaint>,
    /// Entries in the document, those included that were too many.
    pub entries: usize,
    /// Whether its end is missing: the complete entries are there, and it should be asked for again.
    pub cut_off: bool,
    /// The name of the encoding that it was read in.
    pub encoding: &'static str,
    /// The sitemaps that it names, the newest first, where it is an index of them.
    pub parts: Vec<Listed>,
    /// The selector of the blocks that were taken for articles, where nobody told one.
    pub guessed: Option<String>,
}

/// A sitemap that an index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it is, as written.
    pub url: String,
    /// When it last changed, as the index says.
    pub changed: Option<Instant>,
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
    /// The page of a bot wall came.
    #[error("a bot wall asks for a browser (status 200)")]
    Challenge,
    /// It ends before its first entry does.
    #[error("the document is cut off before its first entry is complete")]
    CutOff,
    /// It is neither XML nor JSON.
    #[error("the document is neither XML nor JSON; it begins with `{begin}`")]
    Unknown {
        /// Its first characters.
        begin: String,
    },
    /// A list page, or a sitemap, in which no article is found.
    #[error("no articles are found there{}", by.as_ref().map(|by| format!(" by `{by}`")).unwrap_or_default())]
    NoItems {
        /// The selector by which they were looked for; `None` where it was guessed.
        by: Option<String>,
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
            ParseError::Challenge => "challenge",
            ParseError::CutOff => "cut-off",
            ParseError::Unknown { .. } => "not-a-feed",
            ParseError::NoItems { .. } => "no-items",
            ParseError::Unreadable { .. } => "unreadable",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ParseError::Empty => "ask the outlet's webmaster; what was kept stays",
            ParseError::CutOff => {
                "it is asked again later; tell the outlet's webmaster if it stays; what was kept stays"
            }
            ParseError::WebPage { .. } => {
                "open the address in a browser: the site may be in maintenance, or its feed may have moved; then mend `url` in feeds.toml"
            }
            ParseError::Challenge => {
                "ask the webmaster to let the user agent `kliping` through to the feed (/status has the text to send); kliping never poses as a browser"
            }
            ParseError::NoItems { .. } => {
                "the page may have been rebuilt: look at it in a browser, then name the block of one article with `select_item` in its [[source]]"
            }
            ParseError::Unknown { .. } | ParseError::Unreadable { .. } => {
                "check that `url` in feeds.toml is the address of an RSS, Atom or JSON feed"
            }
        }
    }
}

/// Reads what a source of that kind gives. Where the address of a sitemap or an API gives a feed, it is read as one.
///
/// # Errors
/// [`ParseError`].
pub fn read_as(
    kind: &SourceKind,
    selectors: &Selectors,
    bytes: &[u8],
    context: &Context<'_>,
) -> Result<Reading, ParseError> {
    let begin = || String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)]);
    match kind {
        SourceKind::Page => page::read(bytes, selectors, context),
        SourceKind::Sitemap if !looks_like_a_feed(&begin()) => sitemap::read(bytes, context),
        SourceKind::WordPress if wordpress::is_posts(&begin()) => wordpress::read(bytes, context),
        SourceKind::Feed | SourceKind::File(_) | SourceKind::Sitemap | SourceKind::WordPress => read(bytes, context),
    }
}

fn looks_like_a_feed(begin: &str) -> bool {
    ["<rss", "<feed", "<rdf:RDF"].iter().any(|root| begin.contains(root))
}

/// The kind of source that a document is of, where that can be told from its beginning: `feed`, `page` or `sitemap`.
pub fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)]);
    if sitemap::is_sitemap(&begin) {
        return Some("sitemap");
    }
    if looks_like_a_feed(&begin) || begin.contains("jsonfeed.org/version") {
        return Some("feed");
    }
    let lower = begin.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    (lower.starts_with("<!doctype html") || lower.starts_with("<html")).then_some("page")
}

/// Whether a document is a sitemap or an index of them.
pub fn is_sitemap(bytes: &[u8]) -> bool {
    sitemap::is_sitemap(&String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)]))
}

/// A web page's bytes as text.
pub fn page_text<'a>(bytes: &'a [u8], context: &Context<'_>) -> std::borrow::Cow<'a, str> {
    decode::decode_page(bytes, context, &mut Complaints::default()).0
}

/// Whether a CSS selector can be used; else why not.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_selector(written: &str) -> Result<(), String> {
    page::check_selector(written).map(drop)
}

/// Reads a feed: strictly first, and leniently where that fails or misses something.
///
/// # Errors
/// [`ParseError`] where no reading gives a feed.
pub fn read(bytes: &[u8], context: &Context<'_>) -> Result<Reading, ParseError> {
    let mut complaints = Complaints::default();
    let (text, encoding) = decode::decode(bytes, context, &mut complaints);
    let text = decode::without_forbidden_characters(text, &mut complaints);
    let start = start::start(&text)?;
    if !start::is_nothing(&text[..start]) {
        complaints.mended("something is printed before the feed", &first_words(&text[..start]));
    }
    let document = start::without_declaration(&text[start..]);
    let (feed, entries, cut_off) = if document.starts_with(['{', '[']) {
        json::parse(document, context, &mut complaints)?
    } else {
        xml(document, context, &mut complaints)?
    };
    if entries > feed.entries.len() {
        let what = format!("{entries} entries; only the newest {} are read", feed.entries.len());
        complaints.lost(&what, "document");
    }
    note_what_is_lacking(&feed, &mut complaints);
    let (complaints, encoding) = (complaints.into_list(), encoding.name());
    Ok(Reading { feed, complaints, entries, cut_off, encoding, parts: Vec::new(), guessed: None })
}

fn xml(document: &str, context: &Context<'_>, complaints: &mut Complaints) -> Result<(Feed, usize, bool), ParseError> {
    // feed-rs holds all of them at once; the lenient reading does not.
    if count(document) > context.most_entries {
        let lenient = lenient::parse(&mend::mend(document, complaints), context, complaints);
        let lenient = lenient.ok_or_else(|| ParseError::Unreadable { what: "it has no root of a feed".into() })?;
        return Ok((lenient.feed, lenient.entries, lenient.cut_off));
    }
    let strict = strict::parse(document, context);
    if let Ok(feed) = strict.as_ref()
        && is_all(feed, document)
    {
        let lenient::Head { rhythm, older, hub, own, .. } = lenient::head_of(document, context);
        let feed = strict.unwrap_or_default();
        let rhythm = Rhythm { ttl: feed.rhythm.ttl, ..rhythm };
        let entries = feed.entries.len();
        return Ok((Feed { rhythm, older, hub, own, ..feed }, entries, false));
    }
    if let Err(what) = &strict {
        complaints.mended(&format!("the document is not well-formed: {what}"), "document");
    }
    let mended = mend::mend(document, complaints);
    let lenient = lenient::parse(&mended, context, complaints);
    match (strict, lenient) {
        // A dialect of which the strict reading understands only a part.
        (Ok(feed), Some(lenient)) if riches(&lenient.feed) >= riches(&feed) => {
            Ok((lenient.feed, lenient.entries, false))
        }
        (Ok(feed), lenient) => {
            let Feed { rhythm, older, hub, own, .. } = lenient.map(|lenient| lenient.feed).unwrap_or_default();
            let entries = feed.entries.len();
            Ok((Feed { rhythm, older, hub, own, ..feed }, entries, false))
        }
        (Err(_), Some(lenient)) if lenient.entries == 0 && lenient.cut_off => Err(ParseError::CutOff),
        (Err(_), Some(lenient)) => Ok((lenient.feed, lenient.entries, lenient.cut_off)),
        (Err(what), None) => Err(ParseError::Unreadable { what }),
    }
}

/// How many entries a document seems to hold.
fn count(document: &str) -> usize {
    let tags = |tag: &str| {
        let ends = |at: &usize| {
            matches!(document.as_bytes().get(at + tag.len()), Some(b'>' | b' ' | b'\t' | b'\n' | b'\r' | b'/'))
        };
        memmem::find_iter(document.as_bytes(), tag).filter(ends).count()
    };
    tags("<item").max(tags("<entry"))
}

/// Whether a strict reading has everything that the document seems to hold.
fn is_all(feed: &Feed, document: &str) -> bool {
    let prolog = &document.as_bytes()[..document.len().min(2_000)];
    !feed.entries.is_empty()
        && memmem::find(prolog, b"<!ENTITY").is_none()
        // A prefix that is not declared hides what it stands before.
        && (memmem::find(prolog, b"xmlns:content").is_some() || memmem::find(document.as_bytes(), b"<content:").is_none())
        && feed.entries.len() >= count(document)
        && feed.entries.iter().all(|entry| {
            entry.link.is_some()
                && entry.published.is_some()
                && entry.title.as_deref().is_some_and(|title| !title.is_empty())
        })
        // Atom's links in RSS are not seen by feed-rs.
        && (feed.kind == "atom" || memmem::find(document.as_bytes(), b"<link ").is_none())
        && !["<title", "<description"].iter().any(|tag| holds_bare_markup(document, tag))
}

/// Whether elements of that name hold tags that are not escaped: feed-rs drops what stands behind.
fn holds_bare_markup(document: &str, tag: &str) -> bool {
    let bytes = document.as_bytes();
    memmem::find_iter(bytes, tag).any(|at| {
        let Some(end) = memchr::memchr(b'>', &bytes[at..]).map(|end| at + end) else { return false };
        if bytes[end - 1] == b'/' || memmem::find(&bytes[at..end], b"xhtml").is_some() {
            return false;
        }
        let mut inside = end + 1;
        loop {
            let Some(next) = memchr::memchr(b'<', &bytes[inside..]).map(|next| inside + next) else { return false };
            if !bytes[next..].starts_with(b"<![CDATA[") {
                return bytes.get(next + 1) != Some(&b'/');
            }
            let Some(close) = memmem::find(&bytes[next..], b"]]>") else { return false };
            inside = next + close + 3;
        }
    })
}

/// How much a reading found: entries first, then what they need most.
fn riches(feed: &Feed) -> (usize, usize) {
    let rich = |entry: &Entry| {
        let title = entry.title.as_deref().is_some_and(|title| !title.trim().is_empty());
        usize::from(title) + usize::from(entry.link.is_some()) + usize::from(entry.published.is_some())
    };
    (feed.entries.len(), feed.entries.iter().map(rich).sum())
}

fn note_what_is_lacking(feed: &Feed, complaints: &mut Complaints) {
    let of = |lacking: usize| format!("{lacking} of {} entries", feed.entries.len());
    let count = |lacks: fn(&Entry) -> bool| feed.entries.iter().filter(|entry| lacks(entry)).count();
    let undated = count(|entry| entry.published.is_none());
    if undated > 0 {
        complaints.mended("no date that can be understood; first seen counts", &of(undated));
    }
    let without_guid = count(|entry| entry.guid.is_none());
    if without_guid > 0 {
        complaints.mended("no guid; the link identifies", &of(without_guid));
    }
}

/// The charset that a `Content-Type` tells.
pub fn charset(content_type: &str) -> Option<&str> {
    let (_, after) = content_type.split_once("charset=")?;
    after.split(';').next().map(|charset| charset.trim().trim_matches('"')).filter(|charset| !charset.is_empty())
}

/// The beginning of a text, for a message.
fn first_words(text: &str) -> String {
    let line = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    line.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
