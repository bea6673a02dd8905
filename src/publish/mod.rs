//! Items made into RSS, Atom, JSON Feed and OPML documents. In: a channel's head and its items. Out: bytes.
//! Deliberately absent: the store, HTTP, any clock: the same items give the same bytes.

/// What is published of an item (`[publish]` in feeds.toml).
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Items in a feed at least; the last 48 hours are always all there.
    pub limit: usize,
    /// How much of an item's text.
    pub content: Content,
    /// Whether a story is shown once (`true`) or every item of it.
    pub stories: bool,
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
        Settings { limit: 100, content: Content::Summary, stories: true }
    }
}
