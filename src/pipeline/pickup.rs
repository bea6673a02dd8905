use std::collections::HashSet;

use chrono::TimeDelta;

use crate::domain::{Carrier, Facet, Item, ItemId, Selection, Source};
use crate::pipeline::stories::Stories;
use crate::store::{Store, StoreError, walk, with_its_story};
use crate::story::kept;

/// A press office's release, and who ran it.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// The item.
    pub item: Item,
    /// The press office, and how the release stands there.
    pub office: Carrier,
    /// Who else has the text, the soonest first.
    pub runs: Vec<Run>,
}

/// An outlet that ran a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which item of ours it is.
    pub item: ItemId,
    /// Who, and where.
    pub carrier: Carrier,
    /// How long after the release, by the publishers' own dates; below zero where it came before.
    pub after: TimeDelta,
    /// The part of the release's text that stands in it, word for word, in percent.
    pub kept: u8,
}

/// The newest releases of these press offices, latest first, at most `limit`.
///
/// # Errors
/// What the store says.
pub fn releases(store: &dyn Store, offices: &[&Source], limit: usize) -> Result<Vec<Release>, StoreError> {
    let facets: Vec<Facet> = offices.iter().map(|office| Facet::Source(office.id.clone())).collect();
    if facets.is_empty() {
        return Ok(Vec::new());
    }
    let selection = Selection { every_item: true, ..Selection::default().and_any(facets) };
    let mut releases = Vec::new();
    let mut told = HashSet::new();
    for item in walk(store, &selection, u64::MAX, limit, None)?.items {
        // Two offices that publish one release are one.
        if told.insert(item.story()) {
            releases.extend(release(store, item, offices)?);
        }
    }
    Ok(releases)
}

fn release(store: &dyn Store, item: Item, offices: &[&Source]) -> Result<Option<Release>, StoreError> {
    let item = with_its_story(store, item)?;
    let is_office = |carrier: &&Carrier| offices.iter().any(|office| office.id == carrier.source);
    // Whoever was asked first has the item; the release is the office's all the same.
    let Some(office) = item.carriers.iter().find(is_office).cloned() else { return Ok(None) };
    let released = office.published.unwrap_or(item.first_seen);
    let wording = Stories::wording_of(&item).unwrap_or_default();
    let mut runs: Vec<Run> = Vec::new();
    for carrier in item.carriers.iter().filter(|carrier| carrier.source != office.source) {
        let after = carrier.published.unwrap_or(item.first_seen) - released;
        runs.push(Run { item: item.id, carrier: carrier.clone(), after, kept: 100 });
    }
    for telling in &item.told_again {
        let Some(other) = store.item(telling.item)? else { continue };
        let there = Stories::wording_of(&other).unwrap_or_default();
        let (after, kept) = (other.date() - released, kept(&wording, &there));
        runs.push(Run { item: other.id, carrier: telling.carrier.clone(), after, kept });
    }
    runs.sort_by_key(|run| (run.after, run.item));
    Ok(Some(Release { item, office, runs }))
}
