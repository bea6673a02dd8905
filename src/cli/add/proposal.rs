use std::fmt;

use chrono::{TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::{Instant, Item, Source, SourceKind};
use crate::pipeline::Trial;

/// Items that are shown.
const SHOWN: usize = 5;
/// Letters of a text, below which it is an excerpt.
const EXCERPT: usize = 400;

/// A way to read a site, tried.
#[derive(Debug)]
pub struct Proposal {
    /// As it would be configured.
    pub source: Source,
    /// How it was found.
    pub how: String,
    /// What the site calls itself.
    pub title: Option<String>,
    /// What it brought.
    pub trial: Trial,
}

impl Proposal {
    /// Whether a feed gives only excerpts, so that labels would miss most of what its articles say.
    pub fn gives_excerpts(items: &[Item]) -> bool {
        let mut lengths: Vec<usize> =
            items.iter().map(|item| crate::clean::plain_text(&item.article.html).len()).collect();
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).is_some_and(|median| *median < EXCERPT)
    }

    /// The date of its newest item.
    pub fn newest(&self) -> Option<Instant> {
        self.trial.items.iter().filter_map(|item| item.article.published).max()
    }

    /// Whether nothing came for so long that it may have been left behind.
    pub fn is_stale(&self) -> bool {
        self.newest().is_some_and(|newest| Utc::now() - newest > TimeDelta::days(90))
    }

    /// Prints what was found and its newest items as they would be tagged.
    pub fn show(&self, zone: Tz) {
        println!("{self}");
        if let Some(guessed) = &self.trial.report.guessed {
            println!("  guessed: every `{guessed}` is an article (`select_item` names another)");
        }
        if self.trial.items.len() < self.trial.report.entries as usize {
            println!("  of {} items only the first few pages were read for this", self.trial.report.entries);
        }
        if self.source.full_text {
            println!(
                "  it gives no whole texts: each new article's page will be read, once, for its labels (`full_text`)"
            );
        }
        for complaint in &self.trial.report.complaints {
            println!("  complaint: {} ({})", complaint.what, complaint.place);
        }
        for item in self.trial.items.iter().take(SHOWN) {
            let labels: Vec<&str> = item.labels.iter().map(|label| label.id.as_str()).collect();
            let labels = if labels.is_empty() { String::new() } else { format!(" [{}]", labels.join(" ")) };
            let date = item.article.published;
            let date =
                date.map_or("no date".into(), |date| date.with_timezone(&zone).format("%F %H:%M %Z").to_string());
            println!("  item {} ({date}){labels}", item.article.title);
            println!("       {}", item.article.url.as_deref().unwrap_or("no link"));
        }
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.source.kind {
            SourceKind::Feed => "a feed",
            SourceKind::Page => "a page that lists articles",
            SourceKind::Sitemap => "a sitemap",
            SourceKind::WordPress => "a WordPress site with its API",
            SourceKind::File(_) => "a folder",
        };
        let (url, entries, how) = (&self.source.url, self.trial.report.entries, &self.how);
        write!(f, "{what} at {url} ({how}), {entries} items")?;
        if let Some(newest) = self.newest().filter(|_| self.is_stale()) {
            write!(f, ", the newest of {}", newest.format("%F"))?;
        }
        Ok(())
    }
}
