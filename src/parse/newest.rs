use std::cmp::Reverse;

use crate::domain::Entry;

/// The newest entries of a document that may hold very many: no more than twice as many as wanted are ever in memory (POLLING 24).
#[derive(Debug)]
pub struct Newest {
    entries: Vec<(usize, Entry)>,
    most: usize,
    seen: usize,
}

impl Newest {
    /// For so many.
    pub fn new(most: usize) -> Newest {
        Newest { entries: Vec::new(), most, seen: 0 }
    }

    /// The next entry of the document.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push((self.seen, entry));
        self.seen += 1;
        if self.entries.len() >= self.most.saturating_mul(2) {
            self.prune();
        }
    }

    /// How many there were.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The newest, in the document's order, and how many there were.
    pub fn finish(mut self) -> (Vec<Entry>, usize) {
        self.prune();
        self.entries.sort_by_key(|(place, _)| *place);
        (self.entries.into_iter().map(|(_, entry)| entry).collect(), self.seen)
    }

    /// Among those without a date the first count as the newest, as they do in every feed.
    fn prune(&mut self) {
        if self.entries.len() > self.most {
            self.entries.sort_by_key(|(place, entry)| (Reverse(entry.published), *place));
            self.entries.truncate(self.most);
        }
    }
}
