//! Items made into RSS, Atom, JSON Feed and OPML documents. In: a channel's head and its items. Out: bytes.
//! Deliberately absent: the store, HTTP, any clock: the same items give the same bytes.
//!
//! `view` makes of an item what every format says of it, in one place; each format only writes it down its own way.

mod atom;
mod body;
mod json;
mod language;
mod legal;
mod link;
mod media;
mod opml;
mod rss;
mod view;

pub use legal::{legal, plain};
pub use opml::{Outline, opml, sources};
pub use view::{item_url, join};

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Catalogue, Instant, Item, Site};

/// What is published of an item (`[publish]` in feeds.toml).
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Items in a feed at least; the last 48 hours are always all there.
    pub limit: usize,
    /// How much of an item's text.
    pub content: Content,
    /// Whether a story is shown once (`true`) or every item of it.
    pub stories: bool,
    /// How far apart the items of one story may be.
    pub story_window: TimeDelta,
}

/// How much of an item's text is republished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// An excerpt and the link.
    Summary,
    /// All that the publisher's feed gave.
    Full,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { limit: 100, content: Content::Summary, stories: true, story_window: TimeDelta::days(14) }
    }
}

/// The formats in which a channel is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RSS 2.0 (rssboard.org/rss-specification).
    Rss,
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1 (jsonfeed.org/version/1.1).
    Json,
}

impl Format {
    /// All of them, the most read first.
    pub const ALL: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

    /// What stands behind the dot of its address.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Rss => "rss",
            Format::Atom => "atom",
            Format::Json => "json",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Rss => "RSS",
            Format::Atom => "Atom",
            Format::Json => "JSON Feed",
        }
    }

    /// `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Rss => "application/rss+xml; charset=utf-8",
            Format::Atom => "application/atom+xml; charset=utf-8",
            Format::Json => "application/feed+json; charset=utf-8",
        }
    }
}

/// What stands above the items of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The channel's title, the site's included.
    pub title: String,
    /// What it carries, a sentence.
    pub description: String,
    /// Its page.
    pub page: Url,
    /// This document's own address.
    pub feed: Url,
    /// The archive document with what came before this one (RFC 5005, `prev-archive`).
    pub older: Option<Url>,
    /// For an archive document: where it stands.
    pub archive: Option<Archived>,
    /// The WebSub hub that tells of its changes.
    pub hub: Option<Url>,
}

/// Where an archive document stands (RFC 5005 section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The feed that people subscribe to.
    pub current: Url,
    /// The archive document with what came after this one, where that is complete.
    pub newer: Option<Url>,
}

impl Head {
    /// The links of this document among the others of its channel, by relation (RFC 4287 and 5005).
    fn links(&self) -> Vec<(&'static str, &Url)> {
        let mut links = vec![("self", &self.feed)];
        if let Some(Archived { current, newer }) = &self.archive {
            links.push(("current", current));
            links.extend(newer.iter().map(|newer| ("next-archive", newer)));
        }
        links.extend(self.hub.iter().map(|hub| ("hub", hub)));
        links.extend(self.older.iter().map(|older| ("prev-archive", older)));
        links
    }
}

/// The file, beside the home page, that makes a feed readable in a browser.
pub const CSS: &str = "feed.css";
/// The site's picture, as RSS wants it: a PNG of [`ICON_SIZE`] pixels.
pub const ICON: &str = "icon.png";
/// Width and height of [`ICON`].
pub const ICON_SIZE: u32 = 96;
/// The namespace of archives (RFC 5005).
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// An XML feed as it leaves: with a declaration, and how a browser is to show it.
fn document(site: &Site, root: &str) -> Vec<u8> {
    // Paths, not whole addresses: browsers take no stylesheet from another host than the feed's, and a site may have several.
    let path = site.url.path().replace('&', "&amp;").replace('"', "%22");
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<?xml-stylesheet type=\"text/css\" href=\"{path}{CSS}\"?>\n{root}\n"
    )
    .into_bytes()
}

/// Writes a feed.
pub fn feed(format: Format, head: &Head, items: &[Item], catalogue: &Catalogue, content: Content) -> Vec<u8> {
    let views: Vec<view::View<'_>> = items.iter().map(|item| view::View::new(item, catalogue, content)).collect();
    // The newest change, not the time of writing: the bytes change only when something in them does.
    let updated = items.iter().map(|item| item.changed).max().unwrap_or(Instant::UNIX_EPOCH);
    match format {
        Format::Rss => rss::write(head, &views, catalogue, updated),
        Format::Atom => atom::write(head, &views, catalogue, updated),
        Format::Json => json::write(head, &views, catalogue),
    }
}

#[cfg(test)]
mod tests;
