use std::collections::HashMap;
use std::sync::Arc;

use crate::clean;
use crate::config::Settings;
use crate::domain::{Facet, Item, Slug};
use crate::pipeline::{Poller, WriteError};
use crate::store::{Labelling, Store, StoreError};
use crate::tag::{Judgement, Subject};
use crate::text::Habits;

/// Items that are labelled anew and written as one batch.
const AT_ONCE: usize = 256;
/// Items of a source from which its habits are learned.
const LESSON: usize = 30;

/// Labels what is kept by other rules than those it was labelled by, the newest items first.
pub struct Relabel {
    store: Arc<dyn Store>,
    settings: Arc<Settings>,
    habits: HashMap<Slug, Habits>,
}

/// Some items, looked at.
#[derive(Debug, Default)]
pub struct Piece {
    /// Those that are labelled just so.
    pub same: Vec<Item>,
    /// Those whose labels or reasons are others now, with these.
    pub changed: Vec<Relabelled>,
    /// The next piece begins below this; 0 at the end.
    pub below: u64,
}

/// An item and what it is labelled now.
#[derive(Debug)]
pub struct Relabelled {
    /// As it was.
    pub before: Item,
    /// Its labels by the rules of today.
    pub judgement: Judgement,
}

impl Relabel {
    /// By the rules of these settings.
    pub fn new(store: Arc<dyn Store>, settings: Arc<Settings>) -> Relabel {
        Relabel { store, settings, habits: HashMap::new() }
    }

    /// Looks at the newest items below that number.
    ///
    /// # Errors
    /// What the store says.
    pub fn next(&mut self, below: u64) -> Result<Piece, StoreError> {
        let places = self.store.newest(None, below, AT_ONCE)?;
        let mut piece = Piece { below: places.last().map_or(0, |(arrival, _)| *arrival), ..Piece::default() };
        for (_, id) in places {
            let Some(before) = self.store.item(id)? else { continue };
            let judgement = self.judge(&before)?;
            if judgement.labels == before.labels && judgement.nearly == before.nearly {
                piece.same.push(before);
            } else {
                piece.changed.push(Relabelled { before, judgement });
            }
        }
        Ok(piece)
    }

    fn judge(&mut self, item: &Item) -> Result<Judgement, StoreError> {
        let source = item.source();
        if !self.habits.contains_key(source) {
            let habits = learn(&*self.store, source)?;
            self.habits.insert(source.clone(), habits);
        }
        let text = clean::plain_text(item.article.text());
        let region = self.settings.catalogue.source(source).and_then(|source| source.region.as_ref());
        let subject = Subject::of(&item.article, &text, &self.habits[source], source.as_str(), region);
        Ok(self.settings.rules.judge(&subject))
    }
}

/// What an outlet writes around all its items, learned from the newest that are kept.
///
/// # Errors
/// What the store says.
pub fn learn(store: &dyn Store, source: &Slug) -> Result<Habits, StoreError> {
    let mut items = Vec::with_capacity(LESSON);
    for (_, id) in store.newest(Some(&Facet::Source(source.clone())), u64::MAX, LESSON)? {
        // What it only carries is in the words of another.
        items.extend(store.item(id)?.filter(|item| item.source() == source));
    }
    let texts: Vec<String> = items.iter().map(|item| clean::plain_text(item.article.text())).collect();
    Ok(Habits::learn(texts.iter().zip(&items).map(|(text, item)| (text.as_str(), &*item.article.categories))))
}

/// Where labelling by these settings' rules has to go on: below which number; `None` where all is done.
///
/// # Errors
/// What the store says.
pub fn outstanding(store: &dyn Store, settings: &Settings) -> Result<Option<u64>, StoreError> {
    let done = store.labelling()?.filter(|labelling| labelling.rules == settings.labels_by());
    Ok(match done {
        Some(labelling) => Some(labelling.below).filter(|below| *below > 0),
        None if store.count()? == 0 => None,
        None => Some(u64::MAX),
    })
}

/// How far labelling anew has come.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// Items looked at.
    pub looked: usize,
    /// Items whose labels are others now.
    pub changed: usize,
}

/// Labels everything anew that has to be; after a stop the next call goes on from there. `go_on` is asked after each piece.
///
/// # Errors
/// Only the store's.
pub async fn relabel(
    poller: &Poller,
    settings: &Arc<Settings>,
    mut go_on: impl FnMut(Progress) -> bool,
) -> Result<Progress, WriteError> {
    let refused = |error: StoreError| WriteError::Store(Arc::new(error));
    let mut progress = Progress::default();
    let rules = settings.labels_by();
    let mut sweep = Relabel::new(Arc::clone(&poller.store), Arc::clone(settings));
    let Some(mut below) = outstanding(&*poller.store, settings).map_err(refused)? else { return Ok(progress) };
    while below > 0 {
        // Work for a processor: it must not hold up requests.
        let looking = tokio::task::spawn_blocking(move || (sweep.next(below), sweep));
        let Ok((piece, back)) = looking.await else { return Err(WriteError::Ended) };
        sweep = back;
        let piece = piece.map_err(refused)?;
        below = piece.below;
        progress.looked += piece.same.len() + piece.changed.len();
        progress.changed += piece.changed.len();
        poller.writer.relabel(piece.changed, Labelling { rules, below }, (poller.clock)()).await?;
        if !go_on(progress) {
            break;
        }
    }
    Ok(progress)
}
