use std::sync::{PoisonError, RwLock};

use sled::{Batch, Db};

use crate::domain::{Instant, ItemId};
use crate::store::disk::keys;
use crate::store::{Change, FORGOTTEN_AT_ONCE, SKETCHES_KEPT};
use crate::story::{Index, Sketch};

/// The sketches of recent items: on disk by item, in memory by what they share.
pub struct Sketches {
    index: RwLock<Index>,
}

impl Sketches {
    /// Reads those that were kept: about a hundred bytes an item of the last month.
    pub fn load(tree: &Db) -> sled::Result<Sketches> {
        let mut index = Index::default();
        for entry in tree.scan_prefix(keys::SKETCHES) {
            let (key, value) = entry?;
            // Eight bytes of milliseconds, then the hashes.
            let Some((seen, hashes)) = value.split_first_chunk::<8>() else { continue };
            let Some(seen) = Instant::from_timestamp_millis(i64::from_be_bytes(*seen)) else { continue };
            index.add(ItemId(keys::read_number(&key)), seen, &Sketch::from_bytes(hashes));
        }
        Ok(Sketches { index: RwLock::new(index) })
    }

    /// Items of alike wording.
    pub fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Vec<ItemId> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).neighbours(sketch, since, limit)
    }

    /// Adds to the batch what these changes add, and removes what is too old.
    pub fn stage(&self, changes: &[Change], batch: &mut Batch) {
        let fresh = || changes.iter().filter_map(|change| Some((&change.item, change.sketch.as_ref()?)));
        let Some(now) = fresh().map(|(item, _)| item.first_seen).max() else { return };
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (item, sketch) in fresh() {
            let value = [&item.first_seen.timestamp_millis().to_be_bytes()[..], &sketch.to_bytes()].concat();
            batch.insert(&keys::sketch(item.id)[..], value);
            index.add(item.id, item.first_seen, sketch);
        }
        for old in index.forget(now - SKETCHES_KEPT, FORGOTTEN_AT_ONCE) {
            batch.remove(&keys::sketch(old)[..]);
        }
    }
}
