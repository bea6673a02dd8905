use crate::domain::{Facet, ItemId};
use crate::store::{Listing, Store, StoreError};

/// Entries that are read first after a leap; twice as many each time the reading goes on from there.
const LEAST: usize = 4;
/// Entries that are read at once, at most.
const MOST: usize = 256;
/// What it costs to find a place in an index, counted in entries that are read on from one.
const SEEK: usize = 16;

/// An index that is read downwards. It reads ahead the more the longer it is read in one go, and little after a leap.
pub(super) struct Cursor<'a> {
    list: Box<Listing<'a>>,
    /// Entries that are read at once next, and the fewest.
    stride: (usize, usize),
    below: u64,
    ahead: std::vec::IntoIter<(u64, ItemId)>,
    next: Option<(u64, ItemId)>,
    done: bool,
    spent: usize,
}

impl<'a> Cursor<'a> {
    /// One at that arrival of a facet's index (`None` = of all that is kept).
    pub fn new(store: &'a dyn Store, facet: Option<&'a Facet>, below: u64) -> Cursor<'a> {
        Cursor::of(Box::new(move |below, limit| store.newest(facet, below, limit)), below, LEAST)
    }

    /// One of another list, of which never fewer than `least` entries are read.
    pub fn of(list: Box<Listing<'a>>, below: u64, least: usize) -> Cursor<'a> {
        let ahead = Vec::new().into_iter();
        Cursor { list, stride: (least, least), below, ahead, next: None, done: false, spent: 0 }
    }

    /// Goes on below that arrival.
    pub fn descend(&mut self, below: u64) {
        if self.next.is_some_and(|(arrival, _)| arrival < below) {
            return;
        }
        self.next = self.ahead.find(|(arrival, _)| *arrival < below);
        if self.next.is_none() && below < self.below {
            (self.below, self.stride.0) = (below, self.stride.1);
        }
    }

    /// The next entry, which stays the next one.
    pub fn peek(&mut self) -> Result<Option<(u64, ItemId)>, StoreError> {
        if self.next.is_none() {
            self.next = self.ahead.next();
        }
        if self.next.is_none() && !self.done {
            let read = (self.list)(self.below, self.stride.0)?;
            self.spent += SEEK + read.len();
            self.stride.0 = (2 * self.stride.0).min(MOST.max(self.stride.1));
            self.below = read.last().map_or(0, |(arrival, _)| *arrival);
            self.ahead = read.into_iter();
            self.next = self.ahead.next();
            self.done = self.next.is_none();
        }
        Ok(self.next)
    }

    /// What its reading has cost, in entries.
    pub fn spent(&self) -> usize {
        self.spent
    }
}

/// One for each facet of a channel's leading group, or one of all that is kept where there is none.
pub(super) fn cursors<'a>(store: &'a dyn Store, leading: &'a [Facet], below: u64) -> Vec<Cursor<'a>> {
    if leading.is_empty() {
        return vec![Cursor::new(store, None, below)];
    }
    leading.iter().map(|facet| Cursor::new(store, Some(facet), below)).collect()
}

/// The latest arrival of all cursors, which go on below it; the same arrival in several (an item of two topics) comes once.
pub(super) fn latest(cursors: &mut [Cursor<'_>]) -> Result<Option<(u64, ItemId)>, StoreError> {
    let mut latest = None;
    for cursor in &mut *cursors {
        latest = latest.max(cursor.peek()?);
    }
    for cursor in cursors {
        if cursor.next == latest {
            cursor.next = None;
        }
    }
    Ok(latest)
}

/// A group by which a channel is narrowed, as its index tells it: items of topics and regions stand there by their own numbers. It does
/// not tell of sources.
pub(super) struct Narrowed<'a> {
    store: &'a dyn Store,
    facets: &'a [Facet],
    cursors: Vec<Cursor<'a>>,
    asked: usize,
}

impl<'a> Narrowed<'a> {
    /// The group of those facets; `None` where one of them is a source.
    pub fn new(store: &'a dyn Store, facets: &'a [Facet]) -> Option<Narrowed<'a>> {
        let tells = facets.iter().all(|facet| !matches!(facet, Facet::Source(_)));
        tells.then(|| Narrowed { store, facets, cursors: cursors(store, facets, u64::MAX), asked: 0 })
    }

    /// The highest number of the group up to that one: that one itself where it is in it. To be asked of ever lower numbers.
    pub fn upto(&mut self, id: ItemId) -> Result<Option<u64>, StoreError> {
        let mut highest = None;
        for cursor in &mut self.cursors {
            cursor.descend(id.0 + 1);
            highest = highest.max(cursor.peek()?.map(|(number, _)| number));
        }
        Ok(highest)
    }

    /// Whether an item is in it, whichever was asked for before.
    pub fn holds(&mut self, id: ItemId) -> Result<bool, StoreError> {
        for facet in self.facets {
            self.asked += SEEK;
            if self.store.is_labelled(facet, id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What its reading has cost, in entries.
    pub fn spent(&self) -> usize {
        self.asked + self.cursors.iter().map(Cursor::spent).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn cursor(least: usize, read: &Cell<usize>) -> Cursor<'_> {
        let list = move |below: u64, limit: usize| {
            read.set(read.get() + 1);
            Ok((1..below.min(1000)).rev().take(limit).map(|number| (number, ItemId(number))).collect())
        };
        Cursor::of(Box::new(list), u64::MAX, least)
    }

    #[test]
    fn what_is_read_in_one_go_takes_few_readings_and_nothing_is_left_out() {
        let read = Cell::new(0);
        let mut cursors = [cursor(LEAST, &read)];
        for number in (1..1000).rev() {
            assert_eq!(latest(&mut cursors).unwrap().map(|(arrival, _)| arrival), Some(number));
        }
        assert_eq!(latest(&mut cursors).unwrap(), None);
        assert!(read.get() <= 11, "{}", read.get());
    }

    #[test]
    fn a_leap_lands_on_the_next_entry_below_and_reads_little() {
        let read = Cell::new(0);
        let mut cursor = cursor(LEAST, &read);
        for below in [900, 899, 897, 100, 5, 1] {
            cursor.descend(below);
            assert_eq!(
                cursor.peek().unwrap().map(|(arrival, _)| arrival),
                Some(below - 1).filter(|number| *number > 0)
            );
            assert_eq!(
                cursor.peek().unwrap().map(|(arrival, _)| arrival),
                Some(below - 1).filter(|number| *number > 0)
            );
        }
        assert!(cursor.spent() <= 5 * (SEEK + LEAST), "{}", cursor.spent());
        cursor.descend(50);
        assert_eq!(cursor.peek().unwrap(), None, "it never goes up again");
    }
}
