use std::hash::Hasher;

use fnv::FnvHasher;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};

use crate::clean::plain_text;
use crate::domain::{Facet, Instant, Item, ItemId, Slug};

/// The tokenizer's name in the schema.
pub const STEMMING: &str = "kliping-stems";
/// How often a title counts.
const TITLE: usize = 3;
/// Bytes of a text that are indexed; a longer one is no piece of news.
const MOST_TEXT: usize = 400_000;

/// What the index holds of an item. Nothing is stored: the store has the items.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Its number: found by it, and ordered.
    pub number: Field,
    /// Title and text, with places. The title stands in it [`TITLE`] times: so much more do its words weigh.
    pub text: Field,
    /// Topics, regions and carriers, as [`facet_name`] writes them.
    pub facets: Field,
    /// Its date, in seconds since 1970.
    pub date: Field,
    /// Its place in each carrier's channel, as [`place`] packs it.
    pub places: Field,
    /// The first item of its story.
    pub story: Field,
}

/// The schema. Whoever changes it changes [`super::index::FORMAT`].
pub fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words =
        TextFieldIndexing::default().set_tokenizer(STEMMING).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let names = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let column = NumericOptions::default().set_fast();
    let fields = Fields {
        number: schema.add_u64_field("number", column.clone().set_indexed()),
        text: schema.add_text_field("text", TextOptions::default().set_indexing_options(words)),
        facets: schema.add_text_field("facets", TextOptions::default().set_indexing_options(names)),
        date: schema.add_i64_field("date", column.clone()),
        places: schema.add_u64_field("places", column.clone()),
        story: schema.add_u64_field("story", column),
    };
    (schema.build(), fields)
}

impl Fields {
    /// An item as the index takes it.
    pub fn document(&self, item: &Item) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let text = plain_text(item.article.text());
        document.add_u64(self.number, item.id.0);
        for _ in 0..TITLE {
            document.add_text(self.text, &item.article.title);
        }
        document.add_text(self.text, &text[..text.floor_char_boundary(MOST_TEXT)]);
        for (facet, _) in item.facets() {
            document.add_text(self.facets, facet_name(&facet));
        }
        document.add_i64(self.date, seconds(item.date()));
        for carrier in &item.carriers {
            document.add_u64(self.places, place(&carrier.source, carrier.arrival));
        }
        document.add_u64(self.story, item.story().0);
        document
    }

    /// Finds an item by its number.
    pub fn by_number(&self, id: ItemId) -> Term {
        Term::from_field_u64(self.number, id.0)
    }

    /// Finds the items with that property.
    pub fn by_facet(&self, facet: &Facet) -> Term {
        Term::from_field_text(self.facets, &facet_name(facet))
    }
}

/// A date as its column has it.
pub fn seconds(date: Instant) -> i64 {
    date.timestamp()
}

fn facet_name(facet: &Facet) -> String {
    match facet {
        Facet::Topic(id) => format!("t:{id}"),
        Facet::Region(id) => format!("r:{id}"),
        Facet::Source(id) => format!("s:{id}"),
    }
}

/// Numbers have 40 bits (as in the store); the rest tells the source.
const ARRIVAL: u64 = (1 << 40) - 1;

/// A carrier's place: its source's mark above its arrival. Were two sources to have the same mark, an item that both carry would stand
/// elsewhere in a search of one of them, once in sixteen million; it would not be missing.
fn place(source: &Slug, arrival: u64) -> u64 {
    mark(source) | arrival & ARRIVAL
}

/// What tells a source's places.
pub fn mark(source: &Slug) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(source.as_str().as_bytes());
    hasher.finish() & !ARRIVAL
}

/// The arrival in a place, if it is one of these sources'.
pub fn arrival(place: u64, marks: &[u64]) -> Option<u64> {
    marks.contains(&(place & !ARRIVAL)).then_some(place & ARRIVAL)
}
