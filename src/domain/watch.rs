use crate::domain::{Complaint, Instant};

/// What we remember of a source between polls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// What the outlet gave us to ask with next time.
    pub validators: Option<Validators>,
    /// When it was last asked.
    pub last_poll: Option<Instant>,
    /// When it last answered well (200 with a feed, or 304).
    pub last_success: Option<Instant>,
    /// How the last poll ended.
    pub outcome: Option<Outcome>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Not to be asked before this, by `once` neither: the outlet said so, or it keeps failing.
    pub wait: Option<Wait>,
    /// The gone feed (410) is asked no more.
    pub gone: bool,
    /// Whether its guids repeat or are blank so often that they identify nothing; never unlearned.
    pub guids_untrusted: bool,
    /// What should be mended there, from the last document.
    pub complaints: Vec<Complaint>,
    /// Entries in the last document.
    pub entries: u32,
    /// How many of those were new.
    pub fresh: u32,
    /// Items that it has brought in all.
    pub items: u64,
}

/// The validators of RFC 9110 section 8.8, byte for byte, and the URL that they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    /// The URL that gave them. They are sent to no other, be it a redirect's target or a new address in feeds.toml.
    pub url: String,
    /// `ETag`, with its quotes and `W/`.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified`, as written.
    pub last_modified: Option<Vec<u8>>,
}

/// Until when an outlet is left alone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The first instant at which it may be asked again.
    pub until: Instant,
    /// A sentence fragment for people: `the outlet said max-age=900`.
    pub why: String,
}

/// How a poll ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 200 with a document that was read.
    Fetched,
    /// 304.
    Unchanged,
    /// Anything else.
    Failed {
        /// A short stable name for tables and metrics: `http-status`, `timeout`, `not-a-feed`.
        kind: String,
        /// What happened, for people.
        what: String,
        /// What to do about it.
        hint: String,
    },
}
