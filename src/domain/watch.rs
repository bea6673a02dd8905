use url::Url;

use crate::domain::{Complaint, Instant, Rhythm, Selectors, Source, SourceKind};

/// What we remember of a source between polls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// The URL in feeds.toml when it was last asked: under another one it is another feed.
    pub url: Option<String>,
    /// What the outlet gave us to ask with next time.
    pub validators: Option<Validators>,
    /// When it was last asked.
    pub last_poll: Option<Instant>,
    /// When it last answered well (200 with a feed, or 304).
    pub last_success: Option<Instant>,
    /// When it last answered with a feed (200).
    pub last_document: Option<Instant>,
    /// When it was last asked without validators because it answered nothing but 304 for too long.
    pub doubted: Option<Instant>,
    /// How the last poll ended.
    pub outcome: Option<Outcome>,
    /// Failed polls in a row.
    pub failures: u32,
    /// When the first of those was.
    pub failing_since: Option<Instant>,
    /// Not to be asked before this, by `once` neither: the outlet said so, or it keeps failing.
    pub wait: Option<Wait>,
    /// The gone feed (410) is asked no more.
    pub gone: bool,
    /// Where it redirects to for good, as far as that is known.
    pub moved: Option<Moved>,
    /// Whether its guids repeat or are blank so often that they identify nothing; never unlearned.
    pub guids_untrusted: bool,
    /// What should be mended there, from the last document.
    pub complaints: Vec<Complaint>,
    /// How seldom it says that it changes, from the last document.
    pub rhythm: Rhythm,
    /// How many ticks of its cron pass from one poll to the next.
    pub pace: Pace,
    /// Entries in the last document.
    pub entries: u32,
    /// How many of those we knew before.
    pub known: u32,
    /// How many of those were new.
    pub fresh: u32,
    /// Items that it has brought in all.
    pub items: u64,
    /// How often polls brought something new.
    pub news: Option<News>,
    /// Times that a document had nothing in common with what was known: what lay between may have been missed.
    pub gaps: u32,
    /// The last of those.
    pub gap: Option<Gap>,
    /// Its hub tells us what is new (WebSub), as far as that can be trusted.
    pub push: Option<Push>,
    /// The sitemaps of its index as they were when they were last followed.
    pub parts: Vec<Part>,
    /// The latest date of publication among its entries; a WordPress site is asked for what came after.
    pub reached: Option<Instant>,
    /// When its API last refused us, and its feed was read instead.
    pub api_refused: Option<Instant>,
    /// New articles that the last poll had no time to read; the next one goes on.
    pub left: u32,
    /// A hash of the last document that was read whole: the same bytes say nothing new.
    pub digest: Option<u64>,
    /// How it was read then ([`Source::reading`]).
    pub reading: Option<u64>,
    /// That the last polls were cut short while they fetched older pages.
    pub interrupted: Option<Interrupted>,
}

impl Watch {
    /// What of it holds for a source as it is configured now: everything; after a change of its URL what was brought so far; and after a
    /// change of how it is read all but what would keep it from being read anew.
    #[must_use]
    pub fn under(self, source: &Source) -> Watch {
        if self.url.as_deref().is_some_and(|asked| asked != source.url.as_str()) {
            return Watch { items: self.items, gaps: self.gaps, gap: self.gap, ..Watch::default() };
        }
        // Of a watch that was kept before this was noted nothing else can be said than that it was a feed's.
        let usual = || source.kind == SourceKind::Feed && source.selectors == Selectors::default();
        match self.reading {
            Some(reading) if reading == source.reading() => self,
            None if self.url.is_none() || usual() => self,
            _ => self.read_anew(),
        }
    }

    /// The same, of a source that is to be read in another way: whoever mended a selector wants to see what comes of it now. What the
    /// outlet itself asked for still holds.
    fn read_anew(self) -> Watch {
        let asked_for = matches!(&self.outcome, Some(Outcome::Failed { kind, .. }) if kind == "rate-limited");
        let wait = self.wait.filter(|_| self.failures == 0 || asked_for);
        Watch {
            wait,
            validators: None,
            digest: None,
            parts: Vec::new(),
            reached: None,
            api_refused: None,
            last_poll: None,
            interrupted: None,
            outcome: None,
            failures: 0,
            failing_since: None,
            complaints: Vec::new(),
            ..self
        }
    }

    /// What is remembered of that source from now on.
    #[must_use]
    pub fn of(self, source: &Source) -> Watch {
        Watch { url: Some(source.url.to_string()), reading: Some(source.reading()), ..self }
    }

    /// Where it is to be asked: where it has moved to for good, else `url`, its own.
    pub fn address(&self, url: &Url) -> Url {
        let moved = self.moved.as_ref().filter(|moved| moved.settled);
        moved.and_then(|moved| Url::parse(&moved.to).ok()).unwrap_or_else(|| url.clone())
    }

    /// The same, to be left alone at least so long.
    #[must_use]
    pub fn waiting(self, wait: Wait) -> Watch {
        let longer = self.wait.filter(|own| own.until >= wait.until);
        Watch { wait: Some(longer.unwrap_or(wait)), ..self }
    }
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

/// A chain of permanent redirects (301, 308) that a source answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it leads.
    pub to: String,
    /// When it was first seen.
    pub since: Instant,
    /// Polls that saw it, one after the other.
    pub polls: u32,
    /// Whether that is enough to ask there at once.
    pub settled: bool,
}

/// How a source's polls adapt to what they bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Every which tick of the cron is used: 1 to 4.
    pub stride: u8,
    /// Successes in a row that speak for a longer stride (above zero) or a shorter one (below).
    pub streak: i8,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { stride: 1, streak: 0 }
    }
}

/// When polls brought something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// The first time.
    pub first: Instant,
    /// The last time.
    pub last: Instant,
    /// How many times.
    pub times: u32,
}

/// A document that had nothing in common with what was known, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// When it was found.
    pub at: Instant,
    /// Older pages that were asked for.
    pub pages: u32,
    /// Whether those reach back to what was known.
    pub filled: bool,
    /// How that went, for people.
    pub what: String,
}

/// A poll that was cut short while it fetched older pages: the next one goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted {
    /// Polls in a row.
    pub polls: u8,
    /// Whether the pages were to be read to the end, as at the first poll.
    pub to_the_end: bool,
}

/// A sitemap that an index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub url: String,
    /// When it last changed, as the index says.
    pub changed: Option<Instant>,
    /// What it gave to ask with next time.
    pub validators: Option<Validators>,
    /// When it was last read; `None` where it counts as the archive.
    pub read: Option<Instant>,
}

/// What is known of a subscription at the source's hub.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Push {
    /// Pulls that found what no push had brought.
    pub missed: u8,
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
