use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::config::Settings;
use crate::domain::{ItemId, Selection};
use crate::pipeline::{Counted, count_on};
use crate::report::Tally;
use crate::store::{Store, StoreError};

/// Items that one step counts in the background: some milliseconds, for which a request may have to wait.
const STEP: usize = 250;
/// Items that a request counts itself, so that it tells of what just came in: about a millisecond.
const OWN_STEP: usize = 64;

/// How much is in each channel by day, in memory; see [`Tally`] for why.
#[derive(Debug, Default)]
pub struct Counts {
    kept: Mutex<Option<(Tally, Counted)>>,
    version: AtomicU64,
}

impl Counts {
    /// Another number whenever counts were behind and something more was counted; what arrives is told by `Changes`.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Counts on by one step; whether all is counted then.
    ///
    /// # Errors
    /// What the store says.
    pub fn advance(&self, store: &dyn Store, settings: &Settings) -> Result<bool, StoreError> {
        self.step(store, settings, STEP)
    }

    fn step(&self, store: &dyn Store, settings: &Settings, most: usize) -> Result<bool, StoreError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let zone = settings.catalogue.site.timezone;
        let (tally, reached) = match &mut *kept {
            // In another zone other days begin.
            Some((tally, reached)) if tally.zone() == zone => (tally, reached),
            other => {
                let (tally, reached) = other.insert((Tally::new(zone), Counted::default()));
                (tally, reached)
            }
        };
        let was_complete = reached.is_complete();
        *reached = count_on(store, tally, *reached, most)?;
        if !was_complete {
            self.version.fetch_add(1, Ordering::AcqRel);
        }
        Ok(reached.is_complete())
    }

    /// Reads the counts as they are after one more step.
    ///
    /// # Errors
    /// What the store says.
    pub fn read<T>(
        &self,
        store: &dyn Store,
        settings: &Settings,
        reading: impl FnOnce(&Tally) -> T,
    ) -> Result<T, StoreError> {
        self.step(store, settings, OWN_STEP)?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = Tally::new(settings.catalogue.site.timezone);
        Ok(reading(kept.as_ref().map_or(&empty, |(tally, _)| tally)))
    }

    /// Up to `limit` places of a selection's items below an arrival, as they were when [`Counts::are_complete`] was last asked or later.
    pub fn places(&self, selection: &Selection, below: u64, limit: usize) -> Vec<(u64, ItemId)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map_or_else(Vec::new, |(tally, _)| tally.places(selection, below, limit))
    }

    /// Whether everything that is kept is counted as it is now, after one more step.
    ///
    /// # Errors
    /// What the store says.
    pub fn are_complete(&self, store: &dyn Store, settings: &Settings) -> Result<bool, StoreError> {
        self.step(store, settings, OWN_STEP)
    }

    /// How many items are counted and how many are kept, while counting is under way.
    ///
    /// # Errors
    /// What the store says.
    pub fn under_way(&self, store: &dyn Store) -> Result<Option<(u64, u64)>, StoreError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = kept.as_ref().filter(|(_, reached)| !reached.is_complete()).map(|(tally, _)| tally.counted());
        counted.map(|counted| Ok((counted as u64, store.count()?))).transpose()
    }
}
