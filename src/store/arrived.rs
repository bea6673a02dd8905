use crate::domain::{Instant, ItemId};
use crate::store::{Store, StoreError};

/// The arrival below which everything is that had come by that instant: where a page of that day begins.
///
/// Arrivals are numbered in the order in which they come, so that halving finds it: some twenty items are read, however many there are.
/// Polls that end together may be numbered against their order by moments, which no reader of a day's page can tell.
///
/// # Errors
/// What the store says.
pub fn arrived_by(store: &dyn Store, until: Instant) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, store.next_arrival()?);
    // All below `low` came by then; nothing from `high` on did.
    while low < high {
        let middle = low + (high - low) / 2;
        // The latest item up to there: numbers of other arrivals lie between items.
        let Some((_, ItemId(number))) = store.newest(None, middle + 1, 1)?.first().copied() else {
            low = middle + 1;
            continue;
        };
        let came = store.item(ItemId(number))?.is_none_or(|item| item.first_seen <= until);
        (low, high) = if came { (middle + 1, high) } else { (low, number.max(low)) };
    }
    Ok(low)
}
