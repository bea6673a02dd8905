use std::collections::HashSet;

use crate::domain::{Item, ItemId};
use crate::search::{Index, Progress, SearchError};
use crate::store::{Store, StoreError};

/// Changes that are followed at once, at most.
const MOST_CHANGES: usize = 1_000;
/// Items that are read at once while everything is looked at.
const STRIDE: usize = 64;
/// Bytes of articles after which what was read is written: so much is held in memory, twice, and a stop waits for so much.
const MOST_BYTES: usize = 4 << 20;
/// Items after which what was read is written.
const MOST_ITEMS: usize = 2_000;

/// The index could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not be written.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// Nothing was to be done.
    Current,
    /// So many items were written; there may be more to do.
    Wrote(usize),
    /// The index was begun anew: it was new, damaged, or did not know what the store knows.
    BegunAnew,
}

/// Brings the index one step nearer to the store: a bounded number of items. To be called until it says [`Followed::Current`], and again
/// a while later. Nothing else may write to the index.
///
/// # Errors
/// [`IndexingError`]; the next call goes on from what was written.
pub fn follow(store: &dyn Store, index: &Index) -> Result<Followed, IndexingError> {
    let latest = store.latest_change()?;
    let Some(progress) = index.progress().filter(|_| !index.is_damaged()) else {
        return begin_anew(store, index, latest);
    };
    let Some(changes) = store.changes_after(progress.change, MOST_CHANGES)? else {
        return begin_anew(store, index, latest);
    };
    let (replaced, change) = changed(store, &changes, progress)?;
    let (added, below) = older(store, progress.below)?;
    if change == progress.change && progress.below == 0 {
        return settle(store, index, latest);
    }
    index.write(&added, &replaced, Progress { change, below })?;
    Ok(Followed::Wrote(added.len() + replaced.len()))
}

/// A new index knows all changes up to now of the items that it will have, which are none yet.
fn begin_anew(store: &dyn Store, index: &Index, latest: u64) -> Result<Followed, IndexingError> {
    index.begin_anew()?;
    // After the latest change: an item that came in between is below, and its change is passed over.
    let below = store.next_arrival()?;
    index.write(&[], &[], Progress { change: latest, below })?;
    Ok(Followed::BegunAnew)
}

/// What changed, as it is now, and up to which change that is. What is still to be added is left out: it is read later, as it will be then.
fn changed(store: &dyn Store, changes: &[(u64, ItemId)], progress: Progress) -> Result<(Vec<Item>, u64), StoreError> {
    let (mut seen, mut items) = (HashSet::new(), Vec::new());
    let (mut bytes, mut upto) = (0, progress.change);
    for (change, id) in changes {
        if bytes >= MOST_BYTES {
            break;
        }
        upto = *change;
        if id.0 >= progress.below && seen.insert(*id) {
            let item = store.item(*id)?;
            bytes += item.as_ref().map_or(0, |item| item.article.html.len());
            items.extend(item);
        }
    }
    Ok((items, upto))
}

/// The newest items below that number, and the number below which there are more; 0 at the end.
fn older(store: &dyn Store, mut below: u64) -> Result<(Vec<Item>, u64), StoreError> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    while below > 0 {
        let places = store.newest(None, below, STRIDE)?;
        if places.is_empty() {
            below = 0;
        }
        for (arrival, id) in places {
            if bytes >= MOST_BYTES || items.len() >= MOST_ITEMS {
                return Ok((items, below));
            }
            below = arrival;
            let Some(item) = store.item(id)? else { continue };
            bytes += item.article.text().len();
            items.push(item);
        }
    }
    Ok((items, below))
}

/// Everything that the store told is in the index. That it was told everything is seen by the count: an older kliping that ran in between
/// numbered no changes.
fn settle(store: &dyn Store, index: &Index, latest: u64) -> Result<Followed, IndexingError> {
    if !index.is_complete() {
        let (kept, found) = (store.count()?, index.count());
        if store.latest_change()? != latest {
            return Ok(Followed::Current);
        }
        if kept != found {
            tracing::warn!("the search index has {found} of {kept} items; it is built anew");
            return begin_anew(store, index, latest);
        }
        index.set_complete(true);
    }
    Ok(Followed::Current)
}
