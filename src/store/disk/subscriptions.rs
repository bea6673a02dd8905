use sled::{Batch, Db};

use crate::domain::Slug;
use crate::store::Subscriptions;
use crate::store::disk::{keys, record};
use crate::websub::{Subscribed, Subscription};

/// The subscriptions at our hub. One that cannot be read is left out: its subscriber asks again when its lease ends, and no item
/// depends on it.
pub fn at_our_hub(tree: &Db) -> sled::Result<Vec<Subscription>> {
    let read = |entry: sled::Result<(sled::IVec, sled::IVec)>| {
        entry.map(|(_, value)| record::decode_subscription(&value)).transpose()
    };
    tree.scan_prefix(keys::SUBSCRIPTIONS).filter_map(read).collect()
}

/// Our subscriptions at other hubs. One that cannot be read is begun anew.
pub fn at_others(tree: &Db) -> sled::Result<Vec<(Slug, Subscribed)>> {
    let read = |entry: sled::Result<(sled::IVec, sled::IVec)>| {
        entry.map(|(key, value)| keys::read_subscribed(&key).zip(record::decode_subscribed(&value))).transpose()
    };
    tree.scan_prefix(keys::ALL_SUBSCRIBED).filter_map(read).collect()
}

/// What keeps and forgets them.
pub fn stage(changes: &Subscriptions) -> Batch {
    let mut batch = Batch::default();
    for (key, one) in &changes.at_our_hub {
        match one {
            Some(one) => batch.insert(keys::subscription(key), record::encode_subscription(one)),
            None => batch.remove(keys::subscription(key)),
        }
    }
    for (source, one) in &changes.at_others {
        match one {
            Some(one) => batch.insert(keys::subscribed(source), record::encode_subscribed(one)),
            None => batch.remove(keys::subscribed(source)),
        }
    }
    batch
}
