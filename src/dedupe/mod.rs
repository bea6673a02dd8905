//! Whether an article is a piece of news that we have. In: an article, and what the store knows under its aliases.
//! Out: a [`Decision`] with its reason. Deliberately absent: the store; near-duplicates across outlets (the same
//! release under another URL) are joined into stories by a later stage, not here.

mod alias;
mod decide;

pub use alias::{Alias, AliasKind, aliases, guids_identify};
pub use decide::{Decision, decide, is_another};
