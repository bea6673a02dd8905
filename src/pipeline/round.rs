use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::domain::{Instant, Slug};
use crate::schedule::Told;

/// One source alone proves nothing about our own network.
const FEWEST: usize = 2;

/// Tells an outlet's failure from our own network's: where every source failed since any last answered well, it was ours and
/// counts against nobody (POLLING 12). In memory only: after a restart the evidence is gathered anew.
#[derive(Debug, Default)]
pub struct Round {
    failed: Mutex<HashMap<Slug, Failed>>,
}

/// A failure that may turn out not to be its source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// The instant of the poll.
    pub at: Instant,
    /// What the outlet itself asked for, which is obeyed whoever is to blame.
    pub told: Told,
    pardoned: bool,
}

impl Round {
    /// A source answered well: our network works, and who failed has failed.
    pub fn answered(&self) {
        self.failed().clear();
    }

    /// A source failed. Returns whose failures are to be pardoned now that it did: those of all, where none of the sources that were
    /// to be asked is left that did not fail.
    pub fn failed_now(
        &self,
        source: &Slug,
        at: Instant,
        told: Told,
        to_be_asked: impl FnOnce() -> HashSet<Slug>,
    ) -> Vec<(Slug, Failed)> {
        let mut failed = self.failed();
        failed.insert(source.clone(), Failed { at, told, pardoned: false });
        if failed.len() < FEWEST || !to_be_asked().iter().all(|source| failed.contains_key(source)) {
            return Vec::new();
        }
        let fresh = failed.iter_mut().filter(|(_, failed)| !failed.pardoned);
        fresh
            .map(|(source, failed)| {
                failed.pardoned = true;
                (source.clone(), *failed)
            })
            .collect()
    }

    /// Whether the last thing known is that our own network is down.
    pub fn is_ours(&self) -> bool {
        self.failed().values().any(|failed| failed.pardoned)
    }

    fn failed(&self) -> std::sync::MutexGuard<'_, HashMap<Slug, Failed>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_in_which_all_failed_counts_against_nobody() {
        let round = Round::default();
        let fails = |source: &str, all: &str| {
            let all: HashSet<Slug> = all.split(' ').map(Slug::from).collect();
            let pardoned = round.failed_now(&source.into(), Instant::UNIX_EPOCH, Told::default(), || all);
            let mut names: Vec<String> = pardoned.into_iter().map(|(source, _)| source.to_string()).collect();
            names.sort();
            names.join(" ")
        };
        assert_eq!(fails("a", "a"), "", "one alone proves nothing");
        assert_eq!(fails("b", "a b c"), "");
        assert!(!round.is_ours());
        assert_eq!(fails("c", "a b c"), "a b c");
        assert!(round.is_ours());
        assert_eq!(fails("a", "a b c"), "a", "and goes on");
        round.answered();
        assert!(!round.is_ours());
        assert_eq!(fails("b", "a b c"), "");
    }
}
