use std::fmt;

use crate::domain::{Facet, Instant, Label, LabelKind, Media, Near, Slug};

/// An item's number, given in order of arrival: it is the item's address, its place in every channel,
/// and never changes or comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u64);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An entry made clean: absolute links, safe HTML, instants that are not in the future. The default says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    /// The publisher's guid, where it gave one.
    pub guid: Option<String>,
    /// The canonical URL, where there is a link.
    pub url: Option<String>,
    /// The title as plain text; made from the text where the publisher gave none.
    pub title: String,
    /// The content as sanitised HTML, the longest that the publisher gave; may be empty.
    pub html: String,
    /// The beginning as plain text, at most 400 characters.
    pub summary: String,
    /// When the publisher says that it was published; `None` where it says nothing that can be believed.
    pub published: Option<Instant>,
    /// When the publisher says that it was edited.
    pub updated: Option<Instant>,
    /// Bylines.
    pub authors: Vec<String>,
    /// The publisher's categories.
    pub categories: Vec<String>,
    /// Enclosures and pictures, absolute.
    pub media: Vec<Media>,
    /// BCP 47, where told.
    pub language: Option<String>,
    /// The text on the article's own page as sanitised HTML, where that page was read: empty where it has none that may be kept. What
    /// the source's list says stays in `html`, so that an edit there is seen and a page is never read twice.
    pub body: Option<String>,
}

impl Article {
    /// The most that is known of its text, HTML: what labels and stories go by.
    pub fn text(&self) -> &str {
        self.body.as_deref().filter(|body| body.len() > self.html.len()).unwrap_or(&self.html)
    }
}

/// A piece of news that we keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number.
    pub id: ItemId,
    /// What it says now.
    pub article: Article,
    /// What it is about.
    pub labels: Vec<Label>,
    /// What it nearly is about.
    pub nearly: Vec<Near>,
    /// When we first had it: the instant of the poll that brought it.
    pub first_seen: Instant,
    /// When what we publish of it last changed: a new item, an edit, a label, a further carrier.
    pub changed: Instant,
    /// How often the publisher has edited it since.
    pub edits: u32,
    /// Who carries it, in order of arrival; the first is the one whose words are shown. Never empty.
    pub carriers: Vec<Carrier>,
    /// The first item of its story; `None` where it is that itself.
    pub first_told: Option<ItemId>,
    /// The other items of its story, in order of arrival. Kept with the first one only.
    pub told_again: Vec<Telling>,
}

/// Another item that carries the same text under another address.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Which.
    pub item: ItemId,
    /// Who has it, and where.
    pub carrier: Carrier,
    /// The item that it was compared with.
    pub like: ItemId,
    /// The part of that one's text that stands in it, word for word, in percent.
    pub kept: u8,
    /// The part of its own text that is that one's, in percent.
    pub own: u8,
}

/// One source that carries an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// The source.
    pub source: Slug,
    /// Its arrival there, on the same scale as [`ItemId`]: its place in that source's channel. For the first carrier
    /// it is the item's own number; a source that comes later gets a later one, so that its readers see the item as new.
    pub arrival: u64,
    /// Its link there.
    pub url: Option<String>,
    /// Its title there.
    pub title: String,
    /// When it was published there.
    pub published: Option<Instant>,
}

impl Item {
    /// Its story: the first item that told it.
    pub fn story(&self) -> ItemId {
        self.first_told.unwrap_or(self.id)
    }

    /// Everybody else who has it: the same item elsewhere, then the other items of its story.
    pub fn also(&self) -> impl Iterator<Item = &Carrier> {
        self.carriers[1..].iter().chain(self.told_again.iter().map(|telling| &telling.carrier))
    }

    /// The source whose words are shown.
    pub fn source(&self) -> &Slug {
        &self.carriers[0].source
    }

    /// The instant to show: when it was published, else when it was first seen.
    pub fn date(&self) -> Instant {
        self.article.published.unwrap_or(self.first_seen)
    }

    /// The channels in which it stands, each with its place there.
    pub fn facets(&self) -> impl Iterator<Item = (Facet, u64)> + '_ {
        let labels = self.labels.iter().map(|label| {
            let facet = match label.kind {
                LabelKind::Topic => Facet::Topic(label.id.clone()),
                LabelKind::Region => Facet::Region(label.id.clone()),
            };
            (facet, self.id.0)
        });
        let sources = self.carriers.iter().map(|carrier| (Facet::Source(carrier.source.clone()), carrier.arrival));
        labels.chain(sources)
    }

    /// Whether it stands in that channel.
    pub fn has(&self, facet: &Facet) -> bool {
        match facet {
            Facet::Topic(id) => self.labels.iter().any(|label| label.kind == LabelKind::Topic && label.id == *id),
            Facet::Region(id) => self.labels.iter().any(|label| label.kind == LabelKind::Region && label.id == *id),
            Facet::Source(id) => self.carriers.iter().any(|carrier| carrier.source == *id),
        }
    }
}
