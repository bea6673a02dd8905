//! What an article is about and where: topics by their patterns, regions by their names. In: an article and the compiled
//! rules. Out: labels, each because of which words in which field. Deliberately absent: the configuration and the store.

use crate::domain::{Region, Topic};

/// All patterns of all topics and regions, compiled once per configuration.
#[derive(Debug)]
pub struct Rules {}

/// A pattern of feeds.toml that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Index of its topic or region in the slice that was given.
    pub owner: usize,
    /// The list that it stands in: `any`, `all`, `none` or `names`.
    pub list: &'static str,
    /// Its index in that list.
    pub index: usize,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

impl Rules {
    /// Compiles the patterns of all topics and regions.
    ///
    /// # Errors
    /// Every pattern that cannot be used, not only the first.
    pub fn compile(_topics: &[Topic], _regions: &[Region]) -> Result<Rules, Vec<PatternError>> {
        Ok(Rules {})
    }
}
