use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, EnableScoring, Query as Compiled, TermSetQuery, Weight};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::domain::{Facet, ItemId};
use crate::search::error::SearchError;
use crate::search::index::{Index, Opened};
use crate::search::query::Query;
use crate::search::schema::{arrival, mark};

/// Results that can be paged through in the order of relevance.
pub const MOST_BY_RELEVANCE: usize = 300;
/// Documents among which they are looked for: some of them are of one story.
const RANKED: usize = 2 * MOST_BY_RELEVANCE;
/// Documents that are found after which no older segment is looked into for better ones.
const WEIGHED: usize = 2_000;

impl Index {
    /// Up to `limit` items that are found, each with its arrival, latest first, beginning below arrival `below`. Where sources are asked
    /// for, the arrival is that in their channels.
    ///
    /// # Errors
    /// The files are damaged.
    pub fn newest(&self, query: &Query, below: u64, limit: usize) -> Result<Vec<(u64, ItemId)>, SearchError> {
        self.guarded(|opened| newest(opened, query, below, limit))
    }

    /// Up to `limit` items in the order of relevance, after `skip` of them; with `stories`, one for each story. Where very much is found,
    /// the newest part of it is weighed: news that fit are wanted, and they fit less the older they are.
    ///
    /// # Errors
    /// The files are damaged.
    pub fn best(&self, query: &Query, skip: usize, limit: usize, stories: bool) -> Result<Vec<ItemId>, SearchError> {
        self.guarded(|opened| {
            let mut seen = HashSet::new();
            let mut found = best(opened, query)?;
            found.retain(|(story, id)| seen.insert(if stories { *story } else { id.0 }));
            found.truncate(MOST_BY_RELEVANCE);
            Ok(found.into_iter().map(|(_, id)| id).skip(skip).take(limit).collect())
        })
    }

    /// Whether any of these items is found.
    ///
    /// # Errors
    /// The files are damaged.
    pub fn finds_any(&self, query: &Query, items: &[ItemId]) -> Result<bool, SearchError> {
        self.guarded(|opened| {
            let these = TermSetQuery::new(items.iter().map(|id| opened.fields.by_number(*id)));
            let both: Vec<Box<dyn Compiled>> = vec![Box::new(these), query.compile(&opened.fields)];
            Ok(opened.reader.searcher().search(&BooleanQuery::intersection(both), &Count)? > 0)
        })
    }

    /// Files that were damaged behind its back may also make tantivy panic.
    fn guarded<T>(&self, look: impl FnOnce(&Opened) -> tantivy::Result<T>) -> Result<T, SearchError> {
        let opened = self.opened();
        match catch_unwind(AssertUnwindSafe(|| look(&opened))) {
            Ok(found) => found.map_err(|error| self.translate(&error)),
            Err(_) => Err(self.found_damaged("it cannot be made sense of".into())),
        }
    }
}

/// The latest of what was found so far.
struct Latest {
    found: BinaryHeap<Reverse<(u64, u64)>>,
    limit: usize,
}

impl Latest {
    fn offer(&mut self, arrival: u64, number: u64) {
        if self.found.len() < self.limit {
            self.found.push(Reverse((arrival, number)));
        } else if let Some(mut last) = self.found.peek_mut()
            && last.0 < (arrival, number)
        {
            *last = Reverse((arrival, number));
        }
    }

    /// Nothing that arrived at or before this is wanted any more.
    fn floor(&self) -> u64 {
        if self.found.len() < self.limit { 0 } else { self.found.peek().map_or(0, |last| last.0.0) }
    }
}

fn newest(opened: &Opened, query: &Query, below: u64, limit: usize) -> tantivy::Result<Vec<(u64, ItemId)>> {
    let searcher = opened.reader.searcher();
    let weight = query.compile(&opened.fields).weight(EnableScoring::disabled_from_searcher(&searcher))?;
    // Where sources are asked for, an item stands where the first of them had it.
    let sources = query.all_of.iter().find(|group| matches!(group.first(), Some(Facet::Source(_))));
    let marks: Vec<u64> = sources.into_iter().flatten().filter_map(source_mark).collect();
    let mut latest = Latest { found: BinaryHeap::new(), limit };
    for (most, reader) in newest_first(&searcher)? {
        if !marks.is_empty() {
            gather_by_source(&*weight, reader, below, &marks, &mut latest)?;
        } else if latest.floor() < most {
            gather(&*weight, reader, below, &mut latest)?;
        }
    }
    let found = latest.found.into_sorted_vec();
    Ok(found.into_iter().map(|Reverse((arrival, number))| (arrival, ItemId(number))).collect())
}

/// The segments, those with the newest items first, each with the highest number in it.
fn newest_first(searcher: &Searcher) -> tantivy::Result<Vec<(u64, &SegmentReader)>> {
    let mut segments = Vec::new();
    for reader in searcher.segment_readers() {
        segments.push((reader.fast_fields().u64("number")?.max_value(), reader));
    }
    segments.sort_unstable_by_key(|(most, _)| Reverse(*most));
    Ok(segments)
}

/// The best that are found, best first and newest first among equals: each by its story and its number.
fn best(opened: &Opened, query: &Query) -> tantivy::Result<Vec<(u64, ItemId)>> {
    let searcher = opened.reader.searcher();
    let weight = query.compile(&opened.fields).weight(EnableScoring::enabled_from_searcher(&searcher))?;
    let (mut ranked, mut weighed): (Vec<(f32, u64, u64)>, usize) = (Vec::new(), 0);
    for (_, reader) in newest_first(&searcher)? {
        let mut top = BinaryHeap::new();
        weight.for_each(reader, &mut |document, score| {
            if !is_there(reader, document) {
                return;
            }
            weighed += 1;
            // Scores are never below zero: then their bits are in their order.
            let place = Reverse((score.to_bits(), document));
            if top.len() < RANKED {
                top.push(place);
            } else if let Some(mut last) = top.peek_mut()
                && last.0.0 < score.to_bits()
            {
                *last = place;
            }
        })?;
        let columns = reader.fast_fields();
        let (numbers, stories) = (columns.u64("number")?, columns.u64("story")?);
        for Reverse((score, document)) in top {
            let number = numbers.first(document).unwrap_or(0);
            ranked.push((f32::from_bits(score), number, stories.first(document).unwrap_or(number)));
        }
        if weighed >= WEIGHED {
            break;
        }
    }
    ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    ranked.truncate(RANKED);
    Ok(ranked.into_iter().map(|(_, number, story)| (story, ItemId(number))).collect())
}

fn source_mark(facet: &Facet) -> Option<u64> {
    match facet {
        Facet::Source(source) => Some(mark(source)),
        _ => None,
    }
}

fn gather(weight: &dyn Weight, reader: &SegmentReader, below: u64, latest: &mut Latest) -> tantivy::Result<()> {
    let numbers = reader.fast_fields().u64("number")?.first_or_default_col(0);
    if numbers.min_value() >= below {
        return Ok(());
    }
    let mut read = Vec::new();
    weight.for_each_no_score(reader, &mut |documents: &[DocId]| {
        read.resize(documents.len(), 0);
        numbers.get_vals(documents, &mut read);
        for (document, number) in documents.iter().zip(&read) {
            if *number < below && *number > latest.floor() && is_there(reader, *document) {
                latest.offer(*number, *number);
            }
        }
    })
}

fn gather_by_source(
    weight: &dyn Weight,
    reader: &SegmentReader,
    below: u64,
    marks: &[u64],
    latest: &mut Latest,
) -> tantivy::Result<()> {
    let columns = reader.fast_fields();
    let (numbers, places) = (columns.u64("number")?, columns.u64("places")?);
    weight.for_each_no_score(reader, &mut |documents: &[DocId]| {
        for document in documents.iter().filter(|document| is_there(reader, **document)) {
            let first = places.values_for_doc(*document).filter_map(|place| arrival(place, marks)).min();
            if let (Some(arrival), Some(number)) = (first.filter(|arrival| *arrival < below), numbers.first(*document))
            {
                latest.offer(arrival, number);
            }
        }
    })
}

/// Whether a document was not replaced meanwhile.
fn is_there(reader: &SegmentReader, document: DocId) -> bool {
    reader.alive_bitset().is_none_or(|there| there.is_alive(document))
}
