//! What an article is about and where: topics by their patterns, regions by their names. In: an article and the compiled
//! rules. Out: labels, each because of which words in which field, and for a topic that nearly applied what was missing.
//! Deliberately absent: the configuration and the store; weights and thresholds that nobody could explain.

mod automaton;
mod elsewhere;
mod kaltim;
mod mention;
mod pattern;
mod place;
mod rules;
mod subject;
mod topic;
mod verdict;

pub use kaltim::{KALTIM, Own, kaltim};
pub use pattern::PatternError;

pub use rules::{Judgement, Rules};
pub use subject::Subject;

#[cfg(test)]
mod tests;
