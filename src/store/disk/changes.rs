use sled::{Batch, Db};

use crate::domain::ItemId;
use crate::store::disk::keys;
use crate::store::{CHANGES_KEPT, Change};

/// Old changes that one commit forgets beside as many as it adds.
const FORGOTTEN_AT_ONCE: usize = 256;

/// The number of the latest change; 0 before the first. The changes are numbered without a gap.
pub fn latest(tree: &Db) -> sled::Result<u64> {
    let last = tree.scan_prefix(keys::CHANGES).next_back().transpose()?;
    Ok(last.map_or(0, |(key, _)| keys::read_number(&key)))
}

/// The changes after that one, up to `latest`; `None` where it is not remembered.
pub fn after(tree: &Db, change: u64, latest: u64, limit: usize) -> sled::Result<Option<Vec<(u64, ItemId)>>> {
    if change >= latest {
        return Ok((change == latest).then(Vec::new));
    }
    let mut after = Vec::new();
    for entry in tree.range(keys::change(change + 1)..=keys::change(latest)).take(limit) {
        let (key, value) = entry?;
        after.push((keys::read_number(&key), ItemId(keys::read_number(&value))));
    }
    let remembered = after.first().is_some_and(|(first, _)| *first == change + 1);
    Ok(remembered.then_some(after))
}

/// Numbers what changes, and forgets what is too old; gives the number of the latest.
pub fn stage(tree: &Db, latest: u64, changes: &[Change], batch: &mut Batch) -> sled::Result<u64> {
    let mut number = latest;
    for change in changes.iter().filter(|change| change.is_found_otherwise()) {
        number += 1;
        batch.insert(&keys::change(number)[..], &keys::number(change.item.id.0)[..]);
    }
    let kept = keys::change(number.saturating_sub(CHANGES_KEPT));
    let added = usize::try_from(number - latest).unwrap_or(usize::MAX);
    for entry in tree.range(keys::change(0)..=kept).keys().take(added.saturating_add(FORGOTTEN_AT_ONCE)) {
        batch.remove(entry?);
    }
    Ok(number)
}
