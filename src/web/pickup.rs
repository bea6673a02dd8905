use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::domain::Source;
use crate::pipeline::{Release, releases};
use crate::store::{Store, StoreError};

/// Releases that the page and the command show.
const SHOWN: usize = 50;

/// A release and who ran it, as `/pickup.json` and `kliping pickup --format json` tell it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PickUp {
    /// The item's number.
    pub item: u64,
    /// The press office's id.
    pub office: String,
    /// The release's title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published, RFC 3339.
    pub published: String,
    /// Who ran it, the soonest first.
    pub runs: Vec<Run>,
}

/// An outlet that ran a release.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// The item's number.
    pub item: u64,
    /// The outlet's id.
    pub source: String,
    /// Its title there.
    pub title: String,
    /// Its address there.
    pub url: Option<String>,
    /// Minutes after the release, below zero where it came before.
    pub after_minutes: i64,
    /// The part of the release's text that stands in it, word for word, in percent.
    pub kept_percent: u8,
}

/// What `[[source]]`s with `press_office = true` released, the newest first.
///
/// # Errors
/// What the store says.
pub fn pick_up(store: &dyn Store, settings: &Settings) -> Result<Vec<PickUp>, StoreError> {
    let offices: Vec<&Source> = settings.catalogue.sources.iter().filter(|source| source.press_office).collect();
    let zone = settings.catalogue.site.timezone;
    let shape = |release: Release| PickUp {
        item: release.item.id.0,
        office: release.office.source.to_string(),
        published: release.office.published.unwrap_or(release.item.first_seen).with_timezone(&zone).to_rfc3339(),
        title: release.office.title,
        url: release.office.url,
        runs: release
            .runs
            .into_iter()
            .map(|run| Run {
                item: run.item.0,
                source: run.carrier.source.to_string(),
                title: run.carrier.title,
                url: run.carrier.url,
                after_minutes: run.after.num_minutes(),
                kept_percent: run.kept,
            })
            .collect(),
    };
    Ok(releases(store, &offices, SHOWN)?.into_iter().map(shape).collect())
}
