use crate::domain::Instant;

/// A feed document as the publisher wrote it, in one shape whatever its format was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// `rss2`, `rss1`, `rss0`, `atom` or `json`.
    pub kind: &'static str,
    /// The feed's own title.
    pub title: Option<String>,
    /// The page that the feed says it belongs to; relative links are resolved against it.
    pub site: Option<String>,
    /// The feed's language, where it tells one.
    pub language: Option<String>,
    /// What wrote it, as it says: `https://wordpress.org/?v=6.5`.
    pub generator: Option<String>,
    /// How seldom it says that it changes.
    pub rhythm: Rhythm,
    /// Where the entries before these are (RFC 5005 `prev-archive`, or `next` of a paged feed; `next_url` in JSON Feed),
    /// as written, possibly relative.
    pub older: Option<String>,
    /// The hub that tells of its changes (WebSub), as written, possibly relative.
    pub hub: Option<String>,
    /// What it calls its own address (`rel="self"`, `feed_url`), as written.
    pub own: Option<String>,
    /// Its entries in document order.
    pub entries: Vec<Entry>,
}

/// How seldom a feed says that it changes; each part only ever lengthens the gap between two polls (POLLING 19).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rhythm {
    /// Minutes for which a copy may be kept: RSS `ttl`.
    pub ttl: Option<u32>,
    /// Minutes between two changes: `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub period: Option<u32>,
    /// Hours of the day, 0 to 23 in UTC, in which not to ask: RSS `skipHours`.
    pub skip_hours: Vec<u8>,
    /// Days, in UTC, on which not to ask: RSS `skipDays`.
    pub skip_days: Vec<chrono::Weekday>,
}

/// One item exactly as the publisher wrote it: nothing is decoded further, resolved or judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// RSS guid, Atom id, JSON Feed id; `None` where there is none or it is blank.
    pub guid: Option<String>,
    /// The title, possibly with markup in it.
    pub title: Option<String>,
    /// The link as written, possibly relative.
    pub link: Option<String>,
    /// `xml:base` in force for this entry.
    pub base: Option<String>,
    /// When it was published, as the publisher says.
    pub published: Option<Instant>,
    /// When it was last edited, as the publisher says.
    pub updated: Option<Instant>,
    /// The longest text given (`content:encoded`, Atom `content`, `content_html`), HTML.
    pub content: Option<String>,
    /// The short text given (`description`, Atom `summary`), HTML.
    pub summary: Option<String>,
    /// Bylines.
    pub authors: Vec<String>,
    /// The publisher's own categories and keywords.
    pub categories: Vec<String>,
    /// Enclosures and pictures.
    pub media: Vec<Media>,
    /// The entry's language, where it tells one.
    pub language: Option<String>,
}

/// An enclosure or picture that belongs to an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Media {
    /// Where it is.
    pub url: String,
    /// Its media type, where the publisher tells it.
    pub media_type: Option<String>,
    /// Its size in bytes, where the publisher tells it.
    pub bytes: Option<u64>,
}

/// Something that an outlet should mend, told in words that can be sent to its webmaster.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Complaint {
    /// What is wrong, as a sentence fragment: `a bare "&" in a title`.
    pub what: String,
    /// Where: an element, an entry, a line.
    pub place: String,
    /// Whether kliping could read what was meant.
    pub mended: bool,
}
