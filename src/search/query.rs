use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query as Compiled, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::domain::{Facet, Instant};
use crate::search::schema::{Fields, seconds};
use crate::search::sought::{Phrase, Sought};

/// Ways to read a phrase whose words have two stems each, at most.
const MOST_READINGS: usize = 16;

/// Which items are searched for: all of this must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// The words.
    pub sought: Sought,
    /// Of each group, any.
    pub all_of: Vec<Vec<Facet>>,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
}

type Clause = (Occur, Box<dyn Compiled>);

impl Query {
    /// The same for tantivy.
    pub fn compile(&self, fields: &Fields) -> Box<dyn Compiled> {
        let mut clauses: Vec<Clause> = Vec::new();
        for phrase in &self.sought.all {
            clauses.push((Occur::Must, phrase_in(fields.text, phrase)));
        }
        for phrase in &self.sought.none {
            let unwanted = phrase_in(fields.text, phrase);
            // tantivy 0.27 leaves out documents by asking `seek_danger` for ones that lie behind, which its phrases take for a
            // mistake (a debug assertion of PhraseScorer). A union does not hand that down; one of one would be none.
            clauses.push((Occur::MustNot, Box::new(BooleanQuery::union(vec![unwanted.box_clone(), unwanted]))));
        }
        let mut filters: Vec<Box<dyn Compiled>> = Vec::new();
        for group in &self.all_of {
            filters.push(any(group.iter().map(|facet| term(fields.by_facet(facet), false)).collect()));
        }
        if self.from.is_some() || self.until.is_some() {
            let bound = |date: Instant| Term::from_field_i64(fields.date, seconds(date));
            let from = self.from.map_or(Bound::Unbounded, |from| Bound::Included(bound(from)));
            let until = self.until.map_or(Bound::Unbounded, |until| Bound::Excluded(bound(until)));
            filters.push(Box::new(RangeQuery::new(from, until)));
        }
        if self.sought.all.is_empty() && filters.is_empty() {
            filters.push(Box::new(AllQuery));
        }
        // What an item is labelled says nothing of how well it fits.
        let unweighed = |filter| -> Box<dyn Compiled> { Box::new(ConstScoreQuery::new(filter, 0.0)) };
        clauses.extend(filters.into_iter().map(|filter| (Occur::Must, unweighed(filter))));
        Box::new(BooleanQuery::new(clauses))
    }
}

fn phrase_in(field: Field, phrase: &Phrase) -> Box<dyn Compiled> {
    let stem = |stem: &String| Term::from_field_text(field, stem);
    if let [stems] = &phrase.0[..] {
        return any(stems.iter().map(|one| term(stem(one), true)).collect());
    }
    // Every choice of one stem for each word.
    let mut readings: Vec<Vec<Term>> = vec![Vec::new()];
    for stems in &phrase.0 {
        let choices = if readings.len() * stems.len() <= MOST_READINGS { stems.len() } else { 1 };
        let longer = |reading: &Vec<Term>, one| [&reading[..], &[stem(one)]].concat();
        readings =
            readings.iter().flat_map(|reading| stems[..choices].iter().map(|one| longer(reading, one))).collect();
    }
    any(readings.into_iter().map(|terms| -> Box<dyn Compiled> { Box::new(PhraseQuery::new(terms)) }).collect())
}

fn term(term: Term, counted: bool) -> Box<dyn Compiled> {
    Box::new(TermQuery::new(term, if counted { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic }))
}

fn any(mut queries: Vec<Box<dyn Compiled>>) -> Box<dyn Compiled> {
    match (queries.len(), queries.pop()) {
        (1, Some(only)) => only,
        (_, last) => Box::new(BooleanQuery::union(queries.into_iter().chain(last).collect())),
    }
}
