//! Whether two items carry the same text: a press release that ten outlets ran, a piece that an outlet ran again. In: the wording of two
//! articles. Out: a [`Verdict`] with its reason. Deliberately absent: the store and which items are compared at all (it keeps a
//! [`Sketch`] of each for that); whether two articles tell of the same event in words of their own, which is not the same story.

mod compare;
mod dates;
mod index;
mod sketch;
mod wording;

pub use compare::{Circumstances, Different, Likeness, Same, Verdict, compare, kept};
pub use index::Index;
pub use sketch::Sketch;
pub use wording::Wording;
