//! How much was written: about what, where, when and by whom. In: items, one after the other, and what is to be counted. Out: numbers, and
//! charts of them as SVG. Deliberately absent: the store (`pipeline/counting.rs` reads it), words (the pages have them), any judgement.

mod charts;
mod tally;

pub use charts::{Bar, Tile, bars, share, tiles};
pub use tally::{Count, Day, LAST, Tally, date, day, number};
