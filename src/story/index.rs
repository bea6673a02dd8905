use std::collections::{HashMap, VecDeque};

use crate::domain::{Instant, ItemId};
use crate::story::Sketch;

/// Items that are looked at for one hash, the latest: what more items have in common than that is a phrase that everybody writes.
const MOST_OF_A_HASH: usize = 8;
/// Hashes that two sketches share at least to be neighbours.
const SHARED: usize = 2;
/// Hashes that are not worth tidying up.
const SMALL: usize = 10_000;
/// No entry before the first.
const NONE: u32 = u32::MAX;

/// The sketches of recent items, so that those of alike wording are found without looking at the others. What it costs to look depends
/// on the sketch, not on how many items there are.
///
/// Items and their hashes are numbered in order of arrival; both numbers begin anew after four milliard, long after the first are
/// forgotten. A hash takes some twenty bytes.
#[derive(Debug, Default)]
pub struct Index {
    /// The latest entry of each hash.
    latest: HashMap<u32, u32, foldhash::fast::RandomState>,
    /// Entries in order of arrival, and the number of the first that is still there.
    entries: VecDeque<Entry>,
    first_entry: u32,
    /// The items in order of arrival, and the number of the first that is still there.
    items: VecDeque<Known>,
    first_item: u32,
}

/// A hash of an item: the item's number, and that of the entry before it with the same hash.
#[derive(Debug, Clone, Copy)]
struct Entry {
    item: u32,
    before: u32,
}

#[derive(Debug)]
struct Known {
    id: ItemId,
    seen: Instant,
    hashes: u8,
}

impl Index {
    /// Adds an item: later ones have higher numbers.
    pub fn add(&mut self, id: ItemId, seen: Instant, sketch: &Sketch) {
        let item = number(self.first_item, self.items.len());
        for hash in sketch.hashes() {
            let entry = number(self.first_entry, self.entries.len());
            let before = self.latest.insert(*hash, entry).unwrap_or(NONE);
            self.entries.push_back(Entry { item, before });
        }
        self.items.push_back(Known { id, seen, hashes: u8::try_from(sketch.hashes().len()).unwrap_or(u8::MAX) });
    }

    /// Items that share hashes with a sketch, the likeliest first, at most `limit`, none that was seen before `since`.
    pub fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Vec<ItemId> {
        let oldest = self.items.partition_point(|item| item.seen < since);
        let mut shared: HashMap<usize, usize, foldhash::fast::RandomState> = HashMap::default();
        for hash in sketch.hashes() {
            let mut next = self.latest.get(hash).copied().unwrap_or(NONE);
            for _ in 0..MOST_OF_A_HASH {
                // Beyond the oldest that is still there the numbers are of nobody.
                let Some(entry) = self.entry(next) else { break };
                let at = entry.item.wrapping_sub(self.first_item) as usize;
                if at < oldest {
                    break;
                }
                *shared.entry(at).or_default() += 1;
                next = entry.before;
            }
        }
        let least = SHARED.min(sketch.hashes().len());
        let mut found: Vec<(usize, usize)> =
            shared.into_iter().filter(|(_, count)| *count >= least).map(|(at, count)| (count, at)).collect();
        // Of equals the earliest, which the others repeat.
        found.sort_by_key(|(count, at)| (std::cmp::Reverse(*count), *at));
        found.into_iter().take(limit).filter_map(|(_, at)| Some(self.items.get(at)?.id)).collect()
    }

    /// Forgets items seen before that instant and returns them, a few at a time.
    pub fn forget(&mut self, before: Instant, most: usize) -> Vec<ItemId> {
        let mut forgotten = Vec::new();
        while forgotten.len() < most && self.items.front().is_some_and(|item| item.seen < before) {
            let Some(item) = self.items.pop_front() else { break };
            self.first_item = self.first_item.wrapping_add(1);
            let hashes = usize::from(item.hashes).min(self.entries.len());
            self.entries.drain(..hashes);
            self.first_entry = number(self.first_entry, hashes);
            forgotten.push(item.id);
        }
        // Hashes that nobody has any more are looked for now and then: each look costs as much as all of them.
        if self.latest.len() > 2 * self.entries.len().max(SMALL) || self.entries.is_empty() {
            let (first, count) = (self.first_entry, self.entries.len());
            self.latest.retain(|_, entry| (entry.wrapping_sub(first) as usize) < count);
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

    fn entry(&self, number: u32) -> Option<Entry> {
        if number == NONE {
            return None;
        }
        self.entries.get(number.wrapping_sub(self.first_entry) as usize).copied()
    }
}

fn number(first: u32, count: usize) -> u32 {
    // Fewer than four milliard are there at once.
    first.wrapping_add(u32::try_from(count).unwrap_or(u32::MAX))
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
