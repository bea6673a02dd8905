use std::collections::{HashMap, VecDeque};

use crate::domain::{Instant, ItemId};
use crate::story::Sketch;

/// Items that are looked at for one hash, the latest: what more items have in common than that is a phrase that everybody writes.
const MOST_OF_A_HASH: usize = 8;
/// Hashes that two sketches share at least to be neighbours.
const SHARED: usize = 2;
/// No item before the first.
const NONE: u32 = u32::MAX;

/// The sketches of recent items, so that those of alike wording are found without looking at the others. What it costs to look depends
/// on the sketch, not on how many items there are.
#[derive(Debug, Default)]
pub struct Index {
    /// The latest entry of each hash.
    latest: HashMap<u32, u32, foldhash::fast::RandomState>,
    /// Entries in order of arrival: which item, and the entry before it with the same hash.
    entries: VecDeque<Entry>,
    /// The number of the first entry that is still there.
    first: u32,
    /// The items in order of arrival.
    items: VecDeque<(ItemId, Instant, usize)>,
}

#[derive(Debug)]
struct Entry {
    item: ItemId,
    hash: u32,
    before: u32,
}

impl Index {
    /// Adds an item: later ones have higher numbers.
    pub fn add(&mut self, item: ItemId, seen: Instant, sketch: &Sketch) {
        for hash in sketch.hashes() {
            let number = self.first.wrapping_add(u32::try_from(self.entries.len()).unwrap_or(0));
            let before = self.latest.insert(*hash, number).unwrap_or(NONE);
            self.entries.push_back(Entry { item, hash: *hash, before });
        }
        self.items.push_back((item, seen, sketch.hashes().len()));
    }

    /// Items that share hashes with a sketch, the likeliest first, at most `limit`, none that was seen before `since`.
    pub fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Vec<ItemId> {
        let oldest = self.items.get(self.items.partition_point(|(_, seen, _)| *seen < since)).map(|(item, ..)| *item);
        let Some(oldest) = oldest else { return Vec::new() };
        let mut shared: HashMap<ItemId, usize, foldhash::fast::RandomState> = HashMap::default();
        for hash in sketch.hashes() {
            let mut next = self.latest.get(hash).copied().unwrap_or(NONE);
            for _ in 0..MOST_OF_A_HASH {
                let Some(entry) = self.entry(next).filter(|entry| entry.item >= oldest && entry.hash == *hash) else {
                    break;
                };
                *shared.entry(entry.item).or_default() += 1;
                next = entry.before;
            }
        }
        let least = SHARED.min(sketch.hashes().len());
        let mut found: Vec<(usize, ItemId)> =
            shared.into_iter().filter(|(_, count)| *count >= least).map(|(item, count)| (count, item)).collect();
        // Of equals the earliest, which the others repeat.
        found.sort_by_key(|(count, item)| (std::cmp::Reverse(*count), *item));
        found.into_iter().take(limit).map(|(_, item)| item).collect()
    }

    /// Forgets items seen before that instant and returns them, a few at a time.
    pub fn forget(&mut self, before: Instant, most: usize) -> Vec<ItemId> {
        let mut forgotten = Vec::new();
        while forgotten.len() < most && self.items.front().is_some_and(|(_, seen, _)| *seen < before) {
            let Some((item, _, hashes)) = self.items.pop_front() else { break };
            for entry in self.entries.drain(..hashes.min(self.entries.len())) {
                // The latest of its hash stands alone: nobody leads to it any more.
                if self.latest.get(&entry.hash) == Some(&self.first) {
                    self.latest.remove(&entry.hash);
                }
                self.first = self.first.wrapping_add(1);
            }
            forgotten.push(item);
        }
        forgotten
    }

    /// How many items it holds.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        if number == NONE {
            return None;
        }
        self.entries.get(number.wrapping_sub(self.first) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_found_until_they_are_forgotten() {
        let at = |second: i64| Instant::from_timestamp(second, 0).unwrap();
        let sketch = |hashes: std::ops::Range<u32>| Sketch::of(&hashes.collect::<Vec<_>>(), &[]);
        let mut index = Index::default();
        index.add(ItemId(1), at(1), &sketch(0..8));
        index.add(ItemId(2), at(2), &sketch(5..13));
        index.add(ItemId(3), at(3), &sketch(100..108));
        let found = |index: &Index, hashes, since| -> Vec<u64> {
            index.neighbours(&sketch(hashes), at(since), 8).iter().map(|item| item.0).collect()
        };
        assert_eq!(found(&index, 0..8, 0), [1, 2]);
        assert_eq!(found(&index, 7..15, 0), [2], "one hash in common is chance");
        assert_eq!(found(&index, 0..8, 2), [2]);
        assert_eq!(index.forget(at(2), 10), [ItemId(1)]);
        assert_eq!(found(&index, 0..8, 0), [2]);
        assert_eq!(found(&index, 100..102, 0), [3]);
        index.add(ItemId(4), at(4), &sketch(0..8));
        assert_eq!(found(&index, 0..8, 0), [4, 2]);
        assert_eq!(index.forget(at(9), 10).len(), 3);
        assert!(index.is_empty() && index.latest.is_empty() && index.entries.is_empty());
    }
}
