use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::domain::{Facet, ItemId, Selection};

/// Changed items that are remembered, at most.
const ITEMS: usize = 20_000;

/// Tells when a channel last changed, so that what was rendered of it can be kept until then.
///
/// In memory only: after a restart every channel counts as changed once, and its ETag, made from its bytes, is the same.
#[derive(Debug, Default)]
pub struct Changes {
    last: RwLock<Last>,
    version: AtomicU64,
}

#[derive(Debug, Default)]
struct Last {
    now: u64,
    /// When everything last changed at once.
    floor: u64,
    facets: HashMap<Facet, u64>,
    /// Items that changed, each with when, the latest last; all after `remembered`.
    items: VecDeque<(u64, ItemId)>,
    remembered: u64,
}

impl Changes {
    /// Notes that something changed in these channels (the old ones of an item too, where it left one), and with these items.
    pub fn note(&self, facets: HashSet<Facet>, items: impl IntoIterator<Item = ItemId>) {
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        last.now += 1;
        let now = last.now;
        last.facets.extend(facets.into_iter().map(|facet| (facet, now)));
        last.items.extend(items.into_iter().map(|item| (now, item)));
        while last.items.len() > ITEMS {
            last.remembered = last.items.pop_front().map_or(now, |(at, _)| at);
        }
        self.version.store(now, Ordering::Release);
    }

    /// Notes that everything changed: another configuration.
    pub fn note_all(&self) {
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        last.now += 1;
        last.floor = last.now;
        last.remembered = last.now;
        last.items.clear();
        self.version.store(last.now, Ordering::Release);
    }

    /// A number that is another one whenever anything changed. It is told while stamps wait, so that who reads it first and a stamp
    /// then never holds something older than it says.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The items that changed since that version; `None` where that is no longer known, or everything changed since.
    pub fn items_since(&self, version: u64) -> Option<Vec<ItemId>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let later = last.items.iter().rev().take_while(|(at, _)| *at > version);
        (version >= last.remembered).then(|| later.map(|(_, item)| *item).collect())
    }

    /// A number that is another one whenever something in that selection may have changed.
    ///
    /// An item that changes is in one facet of every group, so the group whose latest change is oldest bounds it.
    pub fn stamp(&self, selection: &Selection) -> u64 {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let of_group = |group: &Vec<Facet>| group.iter().filter_map(|facet| last.facets.get(facet)).max().copied();
        selection.all_of.iter().map(|group| of_group(group).unwrap_or(0).max(last.floor)).min().unwrap_or(last.now)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Changes;
    use crate::domain::{Facet, Selection};

    #[test]
    fn a_stamp_moves_when_an_item_of_the_selection_may_have_changed_and_only_then() {
        let (tppo, ikn) = (Facet::Topic("tppo".into()), Facet::Topic("ikn".into()));
        let balikpapan = Facet::Region("balikpapan".into());
        let both = Selection::of(tppo.clone()).and_any(vec![balikpapan.clone()]);
        let changes = Changes::default();
        let mut before = changes.stamp(&both);
        let mut check = |facets: &[&Facet], moves: bool| {
            changes.note(facets.iter().map(|facet| (*facet).clone()).collect::<HashSet<_>>(), []);
            let after = changes.stamp(&both);
            assert_eq!(after != before, moves, "{facets:?}");
            before = after;
        };
        check(&[&tppo], false);
        check(&[&tppo, &balikpapan], true);
        check(&[&ikn, &balikpapan], false);
        check(&[&ikn], false);
        check(&[&tppo, &ikn, &balikpapan], true);
        let all = changes.stamp(&Selection::default());
        changes.note_all();
        assert_ne!(changes.stamp(&both), before);
        assert_ne!(changes.stamp(&Selection::default()), all);
    }
}
