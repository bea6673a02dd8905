//! The plain words of the trade, shared by every layer.
//!
//! In: nothing. Out: data that the stages pass to each other. The type tells how far a piece of news
//! has come: an [`Entry`] is what the publisher wrote, an [`Article`] is an entry made clean, an
//! [`Item`] is an article that we keep, with an id that never changes.
//!
//! Deliberately absent: `Serialize`. The store, the feeds and the pages each own their wire shape, so
//! that none of them can change another by accident. Also absent: any clock, any I/O.

mod catalogue;
mod entry;
mod item;
mod label;
mod selection;
mod source;
mod watch;

pub use catalogue::{Catalogue, Channel, Region, Site, Topic};
pub use entry::{Complaint, Entry, Feed, Media, Rhythm};
pub use item::{Article, Carrier, Item, ItemId, Telling};
pub use label::{Because, Field, Label, LabelKind, Lack, Near};
pub use selection::{Facet, Selection};
pub use source::{LIST_PAGES, Selectors, Slug, Source, SourceKind};
pub use watch::{Gap, Interrupted, Moved, News, Outcome, Pace, Part, Push, Validators, Wait, Watch};

/// A point in time, always UTC; the site's timezone is applied only where people read it.
pub type Instant = chrono::DateTime<chrono::Utc>;

/// Whether an instant is most probably a day without an hour: midnight in UTC or in one of Indonesia's three zones.
pub fn is_a_day(at: Instant) -> bool {
    use chrono::Timelike;
    at.minute() == 0 && at.second() == 0 && matches!(at.hour(), 0 | 15 | 16 | 17)
}
