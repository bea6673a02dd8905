//! Words and prose. In: plain text. Out: its words with their places, folded and stemmed, and its parts as a newspaper reader sees
//! them: dateline, lead, quotations, and what is no part of the article. Deliberately absent: any list of terms;
//! which words matter is the business of `tag`.

mod characters;
mod habits;
mod nesting;
mod noise;
mod prose;
mod rollup;
mod stem;
mod words;

pub use characters::is_legal;
pub use habits::Habits;
pub use nesting::bounded;
pub use noise::{is_label, is_noise};
pub use prose::{Part, Prose, Spot};
pub use rollup::is_roll_up;
pub use stem::{stem, stems};
pub use words::{Word, fold_into, words};
