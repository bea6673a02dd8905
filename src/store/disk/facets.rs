use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use sled::{Batch, Db};

use crate::domain::Facet;
use crate::store::disk::keys;

/// Facets by number: the keys of places hold four bytes instead of a name.
#[derive(Debug)]
pub struct Facets {
    numbers: RwLock<HashMap<Facet, u32>>,
}

impl Facets {
    /// Reads those that were given numbers before.
    pub fn load(tree: &Db) -> sled::Result<Facets> {
        let mut numbers = HashMap::new();
        for entry in tree.scan_prefix(keys::FACETS) {
            let (key, value) = entry?;
            if let Some(facet) = keys::read_facet(&key) {
                numbers.insert(facet, u32::try_from(keys::read_number(&value)).unwrap_or(u32::MAX));
            }
        }
        Ok(Facets { numbers: RwLock::new(numbers) })
    }

    /// A facet's number, if it has one: else nothing ever stood in it.
    pub fn known(&self, facet: &Facet) -> Option<u32> {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner).get(facet).copied()
    }

    /// A facet's number; a new one is written with the batch that first uses it.
    ///
    /// If that batch fails, the number stays given in this process and the next batch that uses it does not write it, so a
    /// failed commit must end the process: the pipeline's writer does.
    pub fn number(&self, facet: &Facet, batch: &mut Batch) -> u32 {
        if let Some(number) = self.known(facet) {
            return number;
        }
        let mut numbers = self.numbers.write().unwrap_or_else(PoisonError::into_inner);
        let fresh = u32::try_from(numbers.len()).expect("fewer than four milliard facets");
        numbers.insert(facet.clone(), fresh);
        batch.insert(keys::facet(facet), &keys::number(u64::from(fresh))[..]);
        fresh
    }
}
