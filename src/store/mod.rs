//! What is kept. In: batches of changes, each applied whole or not at all. Out: watches, items, and the order of every channel.
//! Deliberately absent: any decision about an item; only the pipeline's writer commits.

mod archive;
mod arrived;
mod cursor;
mod disk;
mod error;
mod memory;
mod walk;

pub use archive::{Archive, archive, current, cut_below};
pub use arrived::arrived_by;
pub use disk::DiskStore;
pub use error::StoreError;
pub use memory::MemoryStore;
pub use walk::{Found, Listing, Lists, Page, Reach, walk, walk_down, with_its_story};

use crate::dedupe::Alias;
use crate::domain::{Facet, Instant, Item, ItemId, Slug, Watch};
use crate::story::Sketch;
use crate::websub::{Key, Subscribed, Subscription};

/// What any store promises; `tests/store_contract.rs` holds each one to it.
///
/// 1. [`Store::commit`] applies a batch whole or not at all, and returns only when it would survive `kill -9` and the loss of
///    power. After a crash the store opens with every batch that was acknowledged, and no half of another.
/// 2. An alias leads to the item that took it first; a later claim is ignored.
/// 3. `newest` lists a facet by arrival, latest first, exactly the items that stand in it, whatever was relabelled.
/// 4. Reading never waits for a commit longer than one batch, and costs the same however much is kept.
pub trait Store: Send + Sync {
    /// What is remembered of a source; `None` where it was never polled.
    fn watch(&self, source: &Slug) -> Result<Option<Watch>, StoreError>;

    /// The items that those aliases lead to, in the order of `aliases`.
    fn find(&self, aliases: &[Alias]) -> Result<Vec<Option<ItemId>>, StoreError>;

    /// The item of that number.
    fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError>;

    /// Up to `limit` items that stand in `facet` (`None` = all that is kept), each with its arrival there, latest first,
    /// beginning below arrival `below`.
    fn newest(&self, facet: Option<&Facet>, below: u64, limit: usize) -> Result<Vec<(u64, ItemId)>, StoreError>;

    /// Whether an item has that topic or region. (For sources look at the item's carriers.)
    fn is_labelled(&self, facet: &Facet, id: ItemId) -> Result<bool, StoreError>;

    /// Items of alike wording that were first seen since then, the likeliest first. It looks at a bounded number of items.
    fn neighbours(&self, sketch: &Sketch, since: Instant, limit: usize) -> Result<Vec<ItemId>, StoreError>;

    /// The lowest number that was never given to an item or arrival.
    fn next_arrival(&self) -> Result<u64, StoreError>;

    /// By which rules what is kept was labelled; `None` where that was never noted.
    fn labelling(&self) -> Result<Option<Labelling>, StoreError>;

    /// How many items are kept.
    fn count(&self) -> Result<u64, StoreError>;

    /// The number of the latest change by which items are found otherwise ([`Change::is_found_otherwise`]); 0 before the first.
    fn latest_change(&self) -> Result<u64, StoreError>;

    /// Up to `limit` changes after that one, oldest first, each with its item; an item that changed twice comes twice. `None`
    /// where that number is not (or no longer) remembered: who asks has to look at everything again.
    fn changes_after(&self, change: u64, limit: usize) -> Result<Option<Vec<(u64, ItemId)>>, StoreError>;

    /// Applies a batch: see the promises above.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// The subscriptions at our hub (WebSub).
    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError>;

    /// Our subscriptions at the sources' hubs.
    fn subscribed(&self) -> Result<Vec<(Slug, Subscribed)>, StoreError>;

    /// Keeps and forgets subscriptions, as a whole and as durably as a batch. They belong to no item, so that nothing has to be
    /// written with them, and who keeps them need not wait for the writer.
    fn keep_subscriptions(&self, changes: &Subscriptions) -> Result<(), StoreError>;
}

/// Subscriptions as they are from now on; `None` forgets one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subscriptions {
    /// Those at our hub.
    pub at_our_hub: Vec<(Key, Option<Subscription>)>,
    /// Ours, by source.
    pub at_others: Vec<(Slug, Option<Subscribed>)>,
}

/// What one or several polls change, as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// New and changed items.
    pub changes: Vec<Change>,
    /// What is now remembered of the polled sources.
    pub watches: Vec<(Slug, Watch)>,
    /// What [`Store::next_arrival`] is from now on; 0 leaves it.
    pub next_arrival: u64,
    /// By which rules what is kept is labelled from now on, if that changes.
    pub labelling: Option<Labelling>,
}

/// By which rules what is kept was labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelling {
    /// The rules' fingerprint.
    pub rules: u64,
    /// Items below this number are still to be labelled by them; 0 where all are.
    pub below: u64,
}

/// A new or changed item.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// As it was before, so that it leaves the channels in which it no longer stands.
    pub before: Option<Item>,
    /// As it is now.
    pub item: Item,
    /// Names that lead to it from now on.
    pub aliases: Vec<Alias>,
    /// By which a new item's neighbours will find it.
    pub sketch: Option<Sketch>,
}

impl Change {
    /// Whether the item is found by other words, dates or channels than before; not, where only its story or reasons changed.
    pub fn is_found_otherwise(&self) -> bool {
        let Change { before, item, .. } = self;
        before.as_ref().is_none_or(|before| {
            let (old, new) = (&before.article, &item.article);
            old.title != new.title
                || old.html != new.html
                || before.date() != item.date()
                || !before.facets().eq(item.facets())
        })
    }
}

/// Changes that are remembered for who follows them, at most; each takes some twenty bytes.
const CHANGES_KEPT: u64 = 100_000;
/// Sketches are kept so long: no story spans more.
pub const SKETCHES_KEPT: chrono::TimeDelta = chrono::TimeDelta::days(31);
/// Old sketches that one commit forgets, at most.
const FORGOTTEN_AT_ONCE: usize = 256;
