//! The search: a tantivy index over everything kept. In: items. Out: their numbers, by words, phrases, topics, regions, outlets and
//! dates, the newest or the best first. Deliberately absent: the items themselves (the store has them), and any knowledge that is not
//! in the store: the index can be deleted at any time and is built anew.
//!
//! **How it follows the store.** The store numbers its changes and remembers the last hundred thousand of them, a few bytes each, in
//! the commit that makes them. The index writes how far it has come ([`Progress`]) in one commit of tantivy's with what it tells of: up
//! to which change, and down to which item where it is being built. So neither a crash nor an abrupt end nor a run of `once` or `retag`
//! without the daemon can part them: who follows (`pipeline/indexing.rs`) asks the store what came after that change. Where the store
//! no longer remembers it, or never knew it (it was put back from a copy), the index is begun anew. Building goes from the newest item
//! down; a changed item below that point is left out, as the building comes to it, and one above it is replaced. Nothing is written to
//! the store for the index but the numbers of the changes, and what a commit or a look costs does not grow with the archive.
//!
//! **What a word is.** Both sides are cut and folded by `text::words` and stand for their stems (`tokens`), so that inflections find each
//! other. `sought` reads a query and never fails; `query` makes tantivy's of it; `lookup` looks; `excerpt` shows where.

mod error;
mod excerpt;
mod index;
mod lookup;
mod query;
mod schema;
mod sought;
mod tokens;

pub use error::SearchError;
pub use excerpt::{excerpt, marks};
pub use index::{Index, Progress};
pub use lookup::MOST_BY_RELEVANCE;
pub use query::Query;
pub use sought::{Phrase, Sought};

#[cfg(test)]
mod tests;
