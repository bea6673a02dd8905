//! The store on disk: sled 0.34 with everything in one tree, so that one `apply_batch` is one atomic write. Key spaces are
//! told apart by their first byte (`keys`); values are versioned records (`record`), items compressed (`compress`).
//!
//! Why one tree and what becomes durable when: docs/decisions/store.md.

mod changes;
mod compress;
mod facets;
mod keys;
mod open;
mod record;
mod sketches;
mod subscriptions;
mod sync;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use sled::{Batch as SledBatch, Db};

use crate::dedupe::Alias;
use crate::domain::{Facet, Instant, Item, ItemId, Slug, Watch};
use crate::store::{Batch, Change, Labelling, Store, StoreError, Subscriptions};
use crate::story::Sketch;
use crate::websub::{Subscribed, Subscription};

/// The store on disk.
pub struct DiskStore {
    path: PathBuf,
    tree: Db,
    items: compress::Codec,
    facets: facets::Facets,
    sketches: sketches::Sketches,
    syncer: Mutex<sync::Syncer>,
    next_arrival: AtomicU64,
    count: AtomicU64,
    /// The latest change that is durable: who follows them must not run ahead of what a crash leaves.
    latest_change: AtomicU64,
}

impl DiskStore {
    /// Opens the store in directory `path`, or begins one there. After an abrupt stop this reads the log again, which takes
    /// some seconds for each hundred thousand items.
    ///
    /// # Errors
    /// [`StoreError`]: another process holds it, it is damaged, it is of a newer kliping, the disk refuses.
    pub fn open(path: &Path) -> Result<DiskStore, StoreError> {
        let tree = open::open(path)?;
        let syncer = sync::Syncer::new(path)?;
        let facets = facets::Facets::load(&tree).map_err(|error| open::translate(path, &error))?;
        let items = compress::Codec::load(&tree).map_err(|what| open::damaged(path, what))?;
        let counter = |key| open::counter(&tree, key).map_err(|error| open::translate(path, &error));
        let (next_arrival, count) = (counter(keys::NEXT_ARRIVAL)?, counter(keys::COUNT)?);
        let latest_change = changes::latest(&tree).map_err(|error| open::translate(path, &error))?;
        Ok(DiskStore {
            path: path.to_owned(),
            tree,
            items,
            facets,
            sketches: sketches::Sketches::new(),
            syncer: Mutex::new(syncer),
            next_arrival: AtomicU64::new(next_arrival),
            count: AtomicU64::new(count),
            latest_change: AtomicU64::new(latest_change),
        })
    }

    /// Bytes that it takes on disk.
    pub fn bytes_on_disk(&self) -> u64 {
        self.tree.size_on_disk().unwrap_or(0)
    }

    fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<sled::IVec>, StoreError> {
        self.tree.get(key).map_err(|error| open::translate(&self.path, &error))
    }

    fn damaged(&self, what: impl Into<String>) -> StoreError {
        open::damaged(&self.path, what)
    }

    /// Adds what one change writes to the batch.
    fn stage(&self, change: &Change, batch: &mut SledBatch) -> Result<(), StoreError> {
        let (item, id) = (&change.item, change.item.id);
        batch.insert(&keys::item(id)[..], self.items.encode(item));
        let old: Vec<(Facet, u64)> = change.before.iter().flat_map(Item::facets).collect();
        let new: Vec<(Facet, u64)> = item.facets().collect();
        for (facet, arrival) in old.iter().filter(|place| !new.contains(place)) {
            let number = self.facets.number(facet, batch);
            batch.remove(&keys::place(number, *arrival)[..]);
        }
        for (facet, arrival) in new.iter().filter(|place| !old.contains(place)) {
            let value = if *arrival == id.0 { Vec::new() } else { keys::number(id.0).to_vec() };
            let number = self.facets.number(facet, batch);
            batch.insert(&keys::place(number, *arrival)[..], value);
        }
        for alias in &change.aliases {
            let key = keys::alias(*alias);
            if self.get(key)?.is_none() {
                batch.insert(&key[..], &keys::number(id.0)[..]);
            }
        }
        Ok(())
    }
}

impl Store for DiskStore {
    fn watch(&self, source: &Slug) -> Result<Option<Watch>, StoreError> {
        let Some(value) = self.get(keys::watch(source))? else { return Ok(None) };
        let read = record::decode_watch(&value);
        read.map(Some).ok_or_else(|| self.damaged(format!("what it remembers of source `{source}` cannot be read")))
    }

    fn find(&self, aliases: &[Alias]) -> Result<Vec<Option<ItemId>>, StoreError> {
        let find = |alias: &Alias| Ok(self.get(keys::alias(*alias))?.map(|value| ItemId(keys::read_number(&value))));
        aliases.iter().map(find).collect()
    }

    fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        let Some(value) = self.get(keys::item(id))? else { return Ok(None) };
        self.items.decode(id, &value).map(Some).ok_or_else(|| self.damaged(format!("item {id} cannot be read")))
    }

    fn newest(&self, facet: Option<&Facet>, below: u64, limit: usize) -> Result<Vec<(u64, ItemId)>, StoreError> {
        let range = match facet {
            None => keys::items_below(below),
            Some(facet) => match self.facets.known(facet) {
                None => return Ok(Vec::new()),
                Some(number) => keys::places_below(number, below),
            },
        };
        let read = |entry: sled::Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = entry.map_err(|error| open::translate(&self.path, &error))?;
            let arrival = keys::read_number(&key);
            let elsewhere = facet.is_some() && !value.is_empty();
            Ok((arrival, ItemId(if elsewhere { keys::read_number(&value) } else { arrival })))
        };
        self.tree.range(range).rev().take(limit).map(read).collect()
    }

    fn is_labelled(&self, facet: &Facet, id: ItemId) -> Result<bool, StoreError> {
        match self.facets.known(facet) {
            None => Ok(false),
            Some(number) => Ok(self.get(keys::place(number, id.0))?.is_some()),
        }
    }

    fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Result<Vec<ItemId>, StoreError> {
        let found = self.sketches.neighbours(&self.tree, sketch, since, limit);
        found.map_err(|error| open::translate(&self.path, &error))
    }

    fn labelling(&self) -> Result<Option<Labelling>, StoreError> {
        let value = self.get(keys::LABELLING)?;
        Ok(value.and_then(|value| {
            let (rules, below) = value.split_first_chunk::<8>()?;
            Some(Labelling { rules: u64::from_be_bytes(*rules), below: u64::from_be_bytes(below.try_into().ok()?) })
        }))
    }

    fn next_arrival(&self) -> Result<u64, StoreError> {
        Ok(self.next_arrival.load(Ordering::Acquire).max(1))
    }

    fn count(&self) -> Result<u64, StoreError> {
        Ok(self.count.load(Ordering::Acquire))
    }

    fn latest_change(&self) -> Result<u64, StoreError> {
        Ok(self.latest_change.load(Ordering::Acquire))
    }

    fn changes_after(&self, change: u64, limit: usize) -> Result<Option<Vec<(u64, ItemId)>>, StoreError> {
        let latest = self.latest_change()?;
        changes::after(&self.tree, change, latest, limit).map_err(|error| open::translate(&self.path, &error))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        // The lock makes commits one after the other, which the alias check above relies on.
        let mut syncer = self.syncer.lock().unwrap_or_else(PoisonError::into_inner);
        let translate = |error: sled::Error| open::translate(&self.path, &error);
        let mut staged = SledBatch::default();
        for change in &batch.changes {
            self.stage(change, &mut staged)?;
        }
        self.sketches.stage(&self.tree, &batch.changes, &mut staged).map_err(translate)?;
        let latest = self.latest_change.load(Ordering::Acquire);
        let latest = changes::stage(&self.tree, latest, &batch.changes, &mut staged).map_err(translate)?;
        for (source, watch) in &batch.watches {
            staged.insert(&keys::watch(source)[..], record::encode_watch(watch));
        }
        let next_arrival = self.next_arrival.load(Ordering::Acquire).max(batch.next_arrival);
        let added = batch.changes.iter().filter(|change| change.before.is_none()).count() as u64;
        let count = self.count.load(Ordering::Acquire) + added;
        if let Some(Labelling { rules, below }) = batch.labelling {
            staged.insert(keys::LABELLING, [rules.to_be_bytes(), below.to_be_bytes()].concat());
        }
        staged.insert(keys::NEXT_ARRIVAL, &next_arrival.to_be_bytes());
        staged.insert(keys::COUNT, &count.to_be_bytes());
        self.tree.apply_batch(staged).map_err(translate)?;
        self.tree.flush().map_err(translate)?;
        syncer.sync()?;
        // Before the count: who sees a new count sees its changes too.
        self.latest_change.store(latest, Ordering::Release);
        self.next_arrival.store(next_arrival, Ordering::Release);
        self.count.store(count, Ordering::Release);
        self.items.learn(&self.tree, count).map_err(translate)
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        subscriptions::at_our_hub(&self.tree).map_err(|error| open::translate(&self.path, &error))
    }

    fn subscribed(&self) -> Result<Vec<(Slug, Subscribed)>, StoreError> {
        subscriptions::at_others(&self.tree).map_err(|error| open::translate(&self.path, &error))
    }

    fn keep_subscriptions(&self, changes: &Subscriptions) -> Result<(), StoreError> {
        let mut syncer = self.syncer.lock().unwrap_or_else(PoisonError::into_inner);
        let translate = |error: sled::Error| open::translate(&self.path, &error);
        self.tree.apply_batch(subscriptions::stage(changes)).map_err(translate)?;
        self.tree.flush().map_err(translate)?;
        syncer.sync()
    }
}
