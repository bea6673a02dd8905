use chrono::TimeDelta;

use crate::clean;
use crate::domain::{Instant, Item, ItemId, Slug};
use crate::store::{Store, StoreError};
use crate::story::{self, Circumstances, Index, Same, Sketch, Verdict, Wording};

use crate::text::{Habits, is_roll_up};

/// Items of alike wording that are compared with a new one, at most: the likeliest come first.
const MOST_COMPARED: usize = 6;

/// Finds the stories of new items: in the store, and among those of the batch that is in the making.
pub struct Stories<'a> {
    store: &'a dyn Store,
    /// How far apart the items of a story may be.
    window: TimeDelta,
    /// Sketches of the batch's own items.
    fresh: Index,
}

/// A new item, as it is compared.
pub struct Newcomer<'a> {
    /// Whose.
    pub source: &'a Slug,
    /// When it is from.
    pub date: Instant,
    /// How it is worded.
    pub wording: &'a Wording,
}

/// An item that carries the same text.
pub struct Match {
    /// That item.
    pub item: Item,
    /// How much of the text.
    pub same: Same,
}

impl<'a> Stories<'a> {
    /// For one batch.
    pub fn new(store: &'a dyn Store, window: TimeDelta) -> Stories<'a> {
        Stories { store, window, fresh: Index::default() }
    }

    /// How an article is worded; `None` for a roll-up, which is no story of its own but has pieces of many.
    pub fn wording(title: &str, text: &str, habits: &Habits) -> Option<Wording> {
        (!is_roll_up(title)).then(|| Wording::of(title, text, habits))
    }

    /// The same for an item that is kept.
    pub fn wording_of(item: &Item) -> Option<Wording> {
        Stories::wording(&item.article.title, &clean::plain_text(item.article.text()), &Habits::default())
    }

    /// The item that a new one repeats, if there is one. `item` reads one, the batch's own included.
    ///
    /// # Errors
    /// What the store says.
    pub fn find(
        &self,
        new: &Newcomer<'_>,
        now: Instant,
        item: impl Fn(ItemId) -> Result<Option<Item>, StoreError>,
    ) -> Result<Option<Match>, StoreError> {
        let since = now - self.window;
        let mut candidates = self.fresh.neighbours(new.wording.sketch(), since, MOST_COMPARED);
        candidates.extend(self.store.neighbours(new.wording.sketch(), since, MOST_COMPARED)?);
        for id in candidates {
            let Some(item) = item(id)? else { continue };
            let Some(wording) = Stories::wording_of(&item) else {
                continue;
            };
            let apart = new.date - item.date();
            let circumstances = Circumstances { same_outlet: item.source() == new.source, apart };
            if apart.abs() > self.window {
                continue;
            }
            if let Verdict::Same(same) = story::compare(&wording, new.wording, circumstances) {
                return Ok(Some(Match { item, same }));
            }
        }
        Ok(None)
    }

    /// How far apart the items of a story may be.
    pub fn window(&self) -> TimeDelta {
        self.window
    }

    /// Remembers a new item for the others of its batch.
    pub fn add(&mut self, id: ItemId, now: Instant, sketch: &Sketch) {
        self.fresh.add(id, now, sketch);
    }
}
