//! Words. In: plain text. Out: its words with their places, folded and stemmed. Deliberately absent: any list of terms;
//! which words matter is the business of `tag`.

mod stem;
mod words;

pub use stem::stem;
pub use words::{Word, fold_into, words};
