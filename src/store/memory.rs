use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

use crate::dedupe::Alias;
use crate::domain::{Facet, Instant, Item, ItemId, Slug, Watch};
use crate::store::{Batch, CHANGES_KEPT, Labelling, Store, StoreError, Subscriptions};
use crate::story::{Index, Sketch};
use crate::websub::{Key, Subscribed, Subscription};

/// A store that forgets everything with the process: for tests, and the yardstick for the others.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: RwLock<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    watches: HashMap<Slug, Watch>,
    items: BTreeMap<ItemId, Item>,
    aliases: HashMap<Alias, ItemId>,
    places: HashMap<Facet, BTreeMap<u64, ItemId>>,
    next_arrival: u64,
    index: Index,
    labelling: Option<Labelling>,
    changes: BTreeMap<u64, ItemId>,
    latest_change: u64,
    subscriptions: BTreeMap<Key, Subscription>,
    subscribed: BTreeMap<Slug, Subscribed>,
}

impl MemoryStore {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn watch(&self, source: &Slug) -> Result<Option<Watch>, StoreError> {
        Ok(self.read().watches.get(source).cloned())
    }

    fn find(&self, aliases: &[Alias]) -> Result<Vec<Option<ItemId>>, StoreError> {
        let kept = self.read();
        Ok(aliases.iter().map(|alias| kept.aliases.get(alias).copied()).collect())
    }

    fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        Ok(self.read().items.get(&id).cloned())
    }

    fn newest(&self, facet: Option<&Facet>, below: u64, limit: usize) -> Result<Vec<(u64, ItemId)>, StoreError> {
        let kept = self.read();
        Ok(match facet {
            None => kept.items.range(..ItemId(below)).rev().take(limit).map(|(id, _)| (id.0, *id)).collect(),
            Some(facet) => kept.places.get(facet).map_or_else(Vec::new, |places| {
                places.range(..below).rev().take(limit).map(|(arrival, id)| (*arrival, *id)).collect()
            }),
        })
    }

    fn is_labelled(&self, facet: &Facet, id: ItemId) -> Result<bool, StoreError> {
        Ok(self.read().places.get(facet).is_some_and(|places| places.contains_key(&id.0)))
    }

    fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Result<Vec<ItemId>, StoreError> {
        Ok(self.read().index.neighbours(sketch, since, limit))
    }

    fn labelling(&self) -> Result<Option<Labelling>, StoreError> {
        Ok(self.read().labelling)
    }

    fn next_arrival(&self) -> Result<u64, StoreError> {
        Ok(self.read().next_arrival.max(1))
    }

    fn count(&self) -> Result<u64, StoreError> {
        Ok(self.read().items.len() as u64)
    }

    fn latest_change(&self) -> Result<u64, StoreError> {
        Ok(self.read().latest_change)
    }

    fn changes_after(&self, change: u64, limit: usize) -> Result<Option<Vec<(u64, ItemId)>>, StoreError> {
        let kept = self.read();
        let known = change == kept.latest_change || kept.changes.contains_key(&(change + 1));
        let after = kept.changes.range(change + 1..).take(limit).map(|(change, id)| (*change, *id));
        Ok(known.then(|| after.collect()))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        for change in &batch.changes {
            for (facet, arrival) in change.before.iter().flat_map(Item::facets) {
                kept.places.entry(facet).or_default().remove(&arrival);
            }
            for (facet, arrival) in change.item.facets() {
                kept.places.entry(facet).or_default().insert(arrival, change.item.id);
            }
            for alias in &change.aliases {
                kept.aliases.entry(*alias).or_insert(change.item.id);
            }
            if let Some(sketch) = &change.sketch {
                kept.index.add(change.item.id, change.item.first_seen, sketch);
            }
            if change.is_found_otherwise() {
                kept.latest_change += 1;
                let latest = kept.latest_change;
                kept.changes.insert(latest, change.item.id);
                kept.changes.remove(&latest.saturating_sub(CHANGES_KEPT));
            }
            kept.items.insert(change.item.id, change.item.clone());
        }
        kept.labelling = batch.labelling.or(kept.labelling);
        kept.watches.extend(batch.watches.iter().cloned());
        kept.next_arrival = kept.next_arrival.max(batch.next_arrival);
        Ok(())
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        Ok(self.read().subscriptions.values().cloned().collect())
    }

    fn subscribed(&self) -> Result<Vec<(Slug, Subscribed)>, StoreError> {
        Ok(self.read().subscribed.iter().map(|(source, one)| (source.clone(), one.clone())).collect())
    }

    fn keep_subscriptions(&self, changes: &Subscriptions) -> Result<(), StoreError> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        for (key, one) in changes.at_our_hub.iter().cloned() {
            match one {
                Some(one) => kept.subscriptions.insert(key, one),
                None => kept.subscriptions.remove(&key),
            };
        }
        for (source, one) in changes.at_others.iter().cloned() {
            match one {
                Some(one) => kept.subscribed.insert(source, one),
                None => kept.subscribed.remove(&source),
            };
        }
        Ok(())
    }
}
