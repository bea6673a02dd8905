use crate::report::Tally;
use crate::store::{Store, StoreError};

/// How far a tally has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// The latest change that it knows; `None` before it was begun.
    change: Option<u64>,
    /// The latest change that there was when it was last brought nearer.
    latest: u64,
    /// Items from this number on are in it.
    below: u64,
}

impl Counted {
    /// Whether everything was in it that was kept when it was last brought nearer.
    pub fn is_complete(self) -> bool {
        self.change == Some(self.latest) && self.below == 0
    }
}

/// Brings a tally nearer to the store, by so many changes and so many older items at most, the newest first; tells how far it has come. `from` is what that said the
/// last time.
///
/// # Errors
/// What the store says; nothing is lost by calling it again.
pub fn count_on(store: &dyn Store, tally: &mut Tally, from: Counted, most: usize) -> Result<Counted, StoreError> {
    let latest = store.latest_change()?;
    let changes = match from.change {
        Some(change) => store.changes_after(change, most)?,
        None => None,
    };
    let Some(changes) = changes else {
        // Begun, or more changed than the store remembers: all is counted (again), each in place of what it was.
        return older(store, tally, Counted { change: Some(latest), latest, below: store.next_arrival()? }, most);
    };
    let mut reached = Counted { latest, ..from };
    for (change, id) in changes {
        // What lies below is read later, as it will be then.
        if id.0 >= reached.below
            && let Some(item) = store.item(id)?
        {
            tally.put(&item);
        }
        reached.change = Some(change);
    }
    older(store, tally, reached, most)
}

fn older(store: &dyn Store, tally: &mut Tally, mut reached: Counted, most: usize) -> Result<Counted, StoreError> {
    if reached.below == 0 {
        return Ok(reached);
    }
    let places = store.newest(None, reached.below, most)?;
    for (arrival, id) in &places {
        if let Some(item) = store.item(*id)? {
            tally.put(&item);
        }
        reached.below = *arrival;
    }
    if places.len() < most {
        reached.below = 0;
    }
    Ok(reached)
}
