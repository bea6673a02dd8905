use crate::domain::{Facet, Instant, Item, Selection};
use crate::store::cursor::{cursors, latest};
use crate::store::{Lists, Page, Reach, Store, StoreError, walk_down};

// How a channel is cut into archive documents that stay what they are: docs/decisions/archives.md.

/// A channel is cut at arrivals that are multiples of this: an archive document then holds about so many items, whether every
/// arrival is in the channel or one in a thousand.
const STEP: u64 = 64;
/// The same where a channel is narrowed by another facet: part of what its index lists is then not in it.
const STEP_NARROWED: u64 = 128;
/// And by words, which most of it lacks.
const STEP_SEARCHED: u64 = 256;
/// A document ends after so many steps' worth of arrivals even where none of them is a multiple.
const MOST_STEPS: u64 = 16;

/// An archive document: what arrived in a channel between two cuts.
#[derive(Debug, Clone, PartialEq)]
pub struct Archive {
    /// Its items, latest arrival first.
    pub items: Vec<Item>,
    /// The archive document before it.
    pub older: Option<u64>,
    /// The archive document after it, where that is complete.
    pub newer: Option<u64>,
}

/// What a channel's subscribers get: at least `limit` items, all that arrived after `since`, and all that is in no archive yet.
/// And the newest archive, where there is one.
///
/// # Errors
/// What the store says.
pub fn current(
    store: &dyn Store,
    selection: &Selection,
    lists: Lists<'_>,
    limit: usize,
    since: Option<Instant>,
) -> Result<(Page, Option<u64>), StoreError> {
    // The cut comes first: what arrives in between is above it, so that there is no gap.
    let cut = cut_below(store, selection, lists.is_search(), u64::MAX)?;
    let page = walk_down(store, selection, lists, u64::MAX, &Reach { limit, since, down_to: Some(cut.unwrap_or(0)) })?;
    Ok((page, cut))
}

/// The archive document of what arrived before `cut`; `None` where that is still to come.
///
/// # Errors
/// What the store says.
pub fn archive(
    store: &dyn Store,
    selection: &Selection,
    lists: Lists<'_>,
    cut: u64,
) -> Result<Option<Archive>, StoreError> {
    let searched = lists.is_search();
    if cut == 0 || cut >= store.next_arrival()? {
        return Ok(None);
    }
    let older = cut_below(store, selection, searched, cut)?;
    let reach = Reach { limit: 0, since: None, down_to: Some(older.unwrap_or(0)) };
    let Page { items, .. } = walk_down(store, selection, lists, cut, &reach)?;
    Ok(Some(Archive { items, older, newer: cut_above(store, selection, searched, cut)? }))
}

/// The highest cut below an arrival (`u64::MAX` = the newest); `None` where nothing is below that would be worth a document.
///
/// # Errors
/// What the store says.
pub fn cut_below(
    store: &dyn Store,
    selection: &Selection,
    searched: bool,
    below: u64,
) -> Result<Option<u64>, StoreError> {
    let (leading, step) = index(selection, searched);
    let most = step * MOST_STEPS;
    let mut cursors = cursors(store, leading, below);
    let (mut seen, mut cut) = (0, None);
    while let Some((arrival, _)) = latest(&mut cursors)? {
        if cut.is_some() {
            // Something is below it.
            return Ok(cut);
        }
        seen += 1;
        if arrival % step == 0 || seen >= most {
            cut = Some(arrival);
        }
    }
    Ok(None)
}

/// The lowest cut above an arrival; `None` where none has come yet. The index is read downwards only, so ever wider windows
/// above are looked through.
fn cut_above(store: &dyn Store, selection: &Selection, searched: bool, above: u64) -> Result<Option<u64>, StoreError> {
    let (leading, step) = index(selection, searched);
    let end = store.next_arrival()?;
    let (mut from, mut width, mut seen) = (above, step, 0);
    while from + 1 < end && seen < 2 * step * MOST_STEPS {
        let to = from.saturating_add(width).min(end - 1);
        let mut found = None;
        let mut cursors = cursors(store, leading, to + 1);
        while let Some((arrival, _)) = latest(&mut cursors)?.filter(|(arrival, _)| *arrival > from) {
            seen += 1;
            if arrival % step == 0 {
                found = Some(arrival);
            }
        }
        if found.is_some() {
            return Ok(found);
        }
        (from, width) = (to, width.saturating_mul(2));
    }
    Ok(None)
}

/// The index by which a selection is cut, and the step. It is the index alone that counts, not which of its items are shown:
/// that an item is folded into a story or loses another label moves no cut.
fn index(selection: &Selection, searched: bool) -> (&[Facet], u64) {
    let (leading, others) = selection.leading();
    let step = match (selection.words.is_empty() && !searched, others.is_empty()) {
        (false, _) => STEP_SEARCHED,
        (true, false) => STEP_NARROWED,
        (true, true) => STEP,
    };
    (leading, step)
}
