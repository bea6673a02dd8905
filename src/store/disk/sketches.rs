use std::sync::{PoisonError, RwLock};

use sled::{Batch, Db};

use crate::domain::{Instant, ItemId};
use crate::store::disk::keys;
use crate::store::{Change, FORGOTTEN_AT_ONCE, SKETCHES_KEPT};
use crate::story::{Index, Sketch};

/// The sketches of recent items: on disk by item, in memory by what they share. They are read when they are first needed: a round that
/// brings nothing new never needs them.
pub struct Sketches {
    index: RwLock<Option<Index>>,
}

impl Sketches {
    /// Reads nothing yet.
    pub fn new() -> Sketches {
        Sketches { index: RwLock::new(None) }
    }

    /// Items of alike wording.
    pub fn neighbours(&self, tree: &Db, sketch: &Sketch, since: Instant, limit: usize) -> sled::Result<Vec<ItemId>> {
        if let Some(index) = self.index.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(index.neighbours(sketch, since, limit));
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        Ok(loaded(&mut index, tree)?.neighbours(sketch, since, limit))
    }

    /// Adds to the batch what these changes add, and removes what is too old.
    pub fn stage(&self, tree: &Db, changes: &[Change], batch: &mut Batch) -> sled::Result<()> {
        let fresh = || changes.iter().filter_map(|change| Some((&change.item, change.sketch.as_ref()?)));
        let Some(now) = fresh().map(|(item, _)| item.first_seen).max() else { return Ok(()) };
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let index = loaded(&mut index, tree)?;
        for (item, sketch) in fresh() {
            let value = [&item.first_seen.timestamp_millis().to_be_bytes()[..], &sketch.to_bytes()].concat();
            batch.insert(&keys::sketch(item.id)[..], value);
            index.add(item.id, item.first_seen, sketch);
        }
        for old in index.forget(now - SKETCHES_KEPT, FORGOTTEN_AT_ONCE) {
            batch.remove(&keys::sketch(old)[..]);
        }
        Ok(())
    }
}

/// The index, read from the disk where that has not been done: about a hundred bytes an item of the last month.
fn loaded<'a>(index: &'a mut Option<Index>, tree: &Db) -> sled::Result<&'a mut Index> {
    if index.is_none() {
        let mut read = Index::default();
        for entry in tree.scan_prefix(keys::SKETCHES) {
            let (key, value) = entry?;
            // Eight bytes of milliseconds, then the hashes.
            let Some((seen, hashes)) = value.split_first_chunk::<8>() else { continue };
            let Some(seen) = Instant::from_timestamp_millis(i64::from_be_bytes(*seen)) else { continue };
            read.add(ItemId(keys::read_number(&key)), seen, &Sketch::from_bytes(hashes));
        }
        *index = Some(read);
    }
    Ok(index.get_or_insert_default())
}
