use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::domain::{Instant, Outcome, Source, Watch};
use crate::schedule::next_poll;

/// How a source fares: the machine-readable form of /status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceHealth {
    /// Its id.
    pub source: String,
    /// What readers call it.
    pub title: String,
    /// Its address in feeds.toml.
    pub url: String,
    /// What is found there: `feed`, `page`, `sitemap`, `wordpress` or `file`.
    #[serde(default)]
    pub kind: String,
    /// Whether it is polled at all.
    pub enabled: bool,
    /// `never`, `fetched`, `unchanged`, `failed`, `gone` or `off`.
    pub outcome: String,
    /// When it was last asked (RFC 3339, as all instants here).
    pub last_poll: Option<String>,
    /// When it last answered well.
    pub last_success: Option<String>,
    /// When it is asked next.
    pub next_poll: Option<String>,
    /// Why then.
    pub why: Option<String>,
    /// Whether its hub tells us what is new (WebSub).
    #[serde(default)]
    pub pushed: bool,
    /// Items that it has brought in all.
    pub items: u64,
    /// Entries in its last document.
    pub entries: u32,
    /// How many of those were known before.
    pub known: u32,
    /// New articles whose pages the last poll had no time to read.
    #[serde(default)]
    pub left: u32,
    /// Documents that had nothing in common with what was known.
    pub gaps: u32,
    /// How the last of those gaps was filled.
    pub last_gap: Option<Gap>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Why the last poll failed.
    pub error: Option<Failed>,
    /// Where it has moved to for good: what is to be written in feeds.toml.
    pub moved_to: Option<String>,
    /// What should be mended there.
    pub complaints: Vec<Complaint>,
}

/// A gap and how it was filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// When it was found.
    pub at: String,
    /// Older pages that were asked for.
    pub pages: u32,
    /// Whether those reach back to what was known.
    pub filled: bool,
    /// How that went.
    pub what: String,
}

/// Why a poll failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    /// A short stable name.
    pub kind: String,
    /// What happened.
    pub what: String,
    /// What to do next.
    pub hint: String,
}

/// Something to be mended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub r#where: String,
    /// Whether kliping could read what was meant.
    pub mended: bool,
}

/// How a source fares now.
pub fn health(source: &Source, watch: Watch, settings: &Settings, now: Instant) -> SourceHealth {
    let watch = watch.under(source);
    let next = if source.enabled { next_poll(source, &watch, &settings.cadence(source), now) } else { None };
    let outcome = match &watch.outcome {
        _ if !source.enabled => "off",
        _ if watch.gone => "gone",
        None => "never",
        Some(Outcome::Fetched) => "fetched",
        Some(Outcome::Unchanged) => "unchanged",
        Some(Outcome::Failed { .. }) => "failed",
    };
    let written = |at: Instant| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let complaint =
        |one: crate::domain::Complaint| Complaint { what: one.what, r#where: one.place, mended: one.mended };
    SourceHealth {
        source: source.id.to_string(),
        title: source.title.clone(),
        url: source.url.to_string(),
        kind: source.kind.as_str().to_owned(),
        enabled: source.enabled,
        outcome: outcome.into(),
        last_poll: watch.last_poll.map(written),
        last_success: watch.last_success.map(written),
        next_poll: next.as_ref().map(|next| written(next.at)),
        why: next.map(|next| next.why),
        pushed: watch.push.is_some(),
        items: watch.items,
        entries: watch.entries,
        known: watch.known,
        left: watch.left,
        gaps: watch.gaps,
        last_gap: watch.gap.map(|gap| Gap {
            at: written(gap.at),
            pages: gap.pages,
            filled: gap.filled,
            what: gap.what,
        }),
        failures: watch.failures,
        error: match watch.outcome {
            Some(Outcome::Failed { kind, what, hint }) => Some(Failed { kind, what, hint }),
            _ => None,
        },
        moved_to: watch.moved.filter(|moved| moved.settled).map(|moved| moved.to),
        complaints: watch.complaints.into_iter().map(complaint).collect(),
    }
}
