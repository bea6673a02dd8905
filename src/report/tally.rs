use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::domain::{Facet, Instant, Item, ItemId, Selection, Slug};

/// A day by its number: days since 1970 in the site's timezone.
pub type Day = i32;

/// The day of an instant.
pub fn day(instant: Instant, zone: Tz) -> Day {
    number(instant.with_timezone(&zone).date_naive())
}

/// The day of a date.
pub fn number(date: NaiveDate) -> Day {
    date.num_days_from_ce() - UNIX_DAY
}

/// The day of 1970-01-01, counted from the year 1.
const UNIX_DAY: i32 = 719_163;
/// Days that two bytes hold, from 1970 to 2149. What outlets date earlier or later is counted there.
pub const LAST: Day = u16::MAX as Day;

/// When each item came and was published and in which channels it stands: eight bytes an item in memory, so that half a million take
/// four megabytes and are counted, or listed, by any choice of channels in a few milliseconds.
///
/// Counts that the store would keep would have to be kept for every pair of a topic and a place and for every day, and be right after
/// every edit and every change of feeds.toml; walking the channels' keys tells no dates. So the items are read once after a start, in the
/// background and the newest first, and what changes is followed like the search index follows it.
#[derive(Debug)]
pub struct Tally {
    zone: Tz,
    /// By the items' numbers.
    rows: Vec<Row>,
    /// Each set of channels in which some item stands.
    sets: Vec<Vec<Facet>>,
    numbers: HashMap<Vec<Facet>, u32>,
    /// Items that a source had after another one, by their arrival in its channel.
    carried: HashMap<Slug, BTreeMap<u64, ItemId>>,
    counted: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    came: u16,
    published: u16,
    /// Twice the number of its set, and one where another item told its story before.
    set: u32,
}

/// In the place of a number that no item has.
const NONE: Row = Row { came: 0, published: 0, set: u32::MAX };

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Stories by the day on which they came: what a channel's page shows.
    Arrivals,
    /// Every piece of every outlet by the day of its publication: coverage.
    Coverage,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(zone: Tz) -> Tally {
        Tally { zone, rows: Vec::new(), sets: Vec::new(), numbers: HashMap::new(), carried: HashMap::new(), counted: 0 }
    }

    /// The zone in which its days begin.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// How many items were counted.
    pub fn counted(&self) -> usize {
        self.counted
    }

    /// Counts an item as it is now, in place of what it was.
    pub fn put(&mut self, item: &Item) {
        let mut set: Vec<Facet> = item.facets().map(|(facet, _)| facet).collect();
        set.sort();
        set.dedup();
        let number = self.numbers.get(&set).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX / 2);
            self.sets.push(set.clone());
            self.numbers.insert(set, number);
            number
        });
        let short = |instant| u16::try_from(day(instant, self.zone).clamp(0, LAST)).unwrap_or(u16::MAX);
        let again = u32::from(item.first_told.is_some());
        let row = Row { came: short(item.first_seen), published: short(item.date()), set: number * 2 + again };
        let at = place(item.id);
        if self.rows.len() <= at {
            self.rows.resize(at + 1, NONE);
        }
        self.counted += usize::from(self.rows[at] == NONE);
        self.rows[at] = row;
        for carrier in item.carriers.iter().filter(|carrier| carrier.arrival != item.id.0) {
            self.carried.entry(carrier.source.clone()).or_default().insert(carrier.arrival, item.id);
        }
    }

    /// Up to `limit` places of a selection's items below an arrival, latest first, whatever words it asks for. An item that some source of
    /// the selection had after another is listed at each arrival that it had, though it stands at the first of them only.
    pub fn places(&self, selection: &Selection, below: u64, limit: usize) -> Vec<(u64, ItemId)> {
        let holds: Vec<bool> = self.sets.iter().map(|set| holds(selection, set)).collect();
        let stands =
            |id: ItemId| self.rows.get(place(id)).is_some_and(|row| *row != NONE && holds[(row.set / 2) as usize]);
        let end = self.rows.len().min(usize::try_from(below).unwrap_or(usize::MAX));
        let own = (0..end).rev().map(|at| (at as u64, ItemId(at as u64))).filter(|(_, id)| stands(*id));
        let mut places: Vec<(u64, ItemId)> = own.take(limit).collect();
        for facet in selection.leading().0 {
            let Facet::Source(source) = facet else { continue };
            let carried = self.carried.get(source).into_iter().flat_map(|carried| carried.range(..below).rev());
            places.extend(carried.map(|(arrival, id)| (*arrival, *id)).filter(|(_, id)| stands(*id)).take(limit));
        }
        places.sort_unstable_by(|one, other| other.cmp(one));
        places.dedup();
        places.truncate(limit);
        places
    }

    /// How many of a selection fall on each day from `from` to `to`, both included; days without any are left out.
    pub fn days(&self, count: Count, selection: &Selection, from: Day, to: Day) -> BTreeMap<Day, u64> {
        let holds: Vec<bool> = self.sets.iter().map(|set| holds(selection, set)).collect();
        // In one outlet's channel it is the first to tell whatever others told before.
        let by_source = selection.all_of.iter().flatten().any(|facet| matches!(facet, Facet::Source(_)));
        let every = count == Count::Coverage || by_source || selection.every_item;
        let mut days = vec![0; usize::try_from(to - from + 1).unwrap_or(0)];
        for row in self.rows.iter().filter(|row| **row != NONE) {
            let day = Day::from(if count == Count::Arrivals { row.came } else { row.published });
            if day >= from && day <= to && holds[(row.set / 2) as usize] && (every || row.set % 2 == 0) {
                days[usize::try_from(day - from).unwrap_or(0)] += 1;
            }
        }
        (from..=to).zip(days).filter(|(_, many)| *many > 0).collect()
    }

    /// How many of a selection stand in each channel, from one day to another.
    pub fn facets(&self, count: Count, selection: &Selection, from: Day, to: Day) -> HashMap<Facet, u64> {
        let by_source = selection.all_of.iter().flatten().any(|facet| matches!(facet, Facet::Source(_)));
        let every = count == Count::Coverage || by_source || selection.every_item;
        let mut many = vec![0; self.sets.len()];
        for row in self.rows.iter().filter(|row| **row != NONE) {
            let day = Day::from(if count == Count::Arrivals { row.came } else { row.published });
            if day >= from && day <= to && (every || row.set % 2 == 0) {
                many[(row.set / 2) as usize] += 1;
            }
        }
        let mut facets = HashMap::new();
        for (set, many) in self.sets.iter().zip(many).filter(|(set, many)| *many > 0 && holds(selection, set)) {
            for facet in set {
                *facets.entry(facet.clone()).or_default() += many;
            }
        }
        facets
    }

    /// The same for a whole selection, by month of arrival, the latest first: year, month, how many.
    pub fn months(&self, selection: &Selection) -> Vec<(i32, u32, u64)> {
        let mut months: BTreeMap<(i32, u32), u64> = BTreeMap::new();
        for (day, many) in self.days(Count::Arrivals, selection, 0, LAST) {
            let date = date(day);
            *months.entry((date.year(), date.month())).or_default() += many;
        }
        months.into_iter().rev().map(|((year, month), many)| (year, month, many)).collect()
    }
}

/// The date of a day.
pub fn date(day: Day) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day + UNIX_DAY).unwrap_or_else(|| DateTime::UNIX_EPOCH.date_naive())
}

fn holds(selection: &Selection, set: &[Facet]) -> bool {
    selection.all_of.iter().all(|group| group.iter().any(|facet| set.binary_search(facet).is_ok()))
}

/// Numbers are given one after the other, so that a list by number has few holes.
fn place(id: ItemId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
