use crate::clean::plain_text;
use crate::domain::{Facet, Instant, Item, ItemId, Selection};
use crate::store::{Store, StoreError};

/// How many index entries are read at once.
const STRIDE: usize = 64;

/// Items that are read in vain, at most, for one page: words have no index, and looking for a rare one must not read the
/// whole archive. The page then ends early, and the next goes on from there.
const MOST_IN_VAIN: usize = 20_000;

/// Part of a channel, latest arrival first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next page begins (`below`), if there is more.
    pub next: Option<u64>,
}

/// Reads a channel from arrival `below` downwards (`u64::MAX` = from its top): at least `limit` items where there are so
/// many, and beyond them all that arrived after `since`, so that a reader that comes daily misses nothing.
///
/// # Errors
/// What the store says.
pub fn walk(
    store: &dyn Store,
    selection: &Selection,
    below: u64,
    limit: usize,
    since: Option<Instant>,
) -> Result<Page, StoreError> {
    let (leading, others) = leading_group(selection);
    let mut streams = streams(store, leading, below);
    let mut items: Vec<Item> = Vec::with_capacity(limit.min(256));
    let mut in_vain = 0;
    while let Some((arrival, id)) = latest(&mut streams)? {
        if !labelled(store, &others, id)? {
            continue;
        }
        let Some(item) = store.item(id)? else { continue };
        // An item that two sources of the group carry stands where it arrived first, and only there.
        if place(&item, leading) != arrival || !matches(&item, &others, &selection.words) {
            in_vain += 1;
            if in_vain >= MOST_IN_VAIN {
                return Ok(Page { items, next: Some(arrival) });
            }
            continue;
        }
        if items.len() >= limit && since.is_none_or(|since| item.first_seen < since) {
            return Ok(Page { items, next: Some(arrival + 1) });
        }
        items.push(item);
    }
    Ok(Page { items, next: None })
}

/// The group whose index is read; the others are looked up item by item. A source's list is the shortest, then a topic's.
fn leading_group(selection: &Selection) -> (&[Facet], Vec<&[Facet]>) {
    let rank = |group: &Vec<Facet>| match group.first() {
        Some(Facet::Source(_)) => 0,
        Some(Facet::Topic(_)) => 1,
        _ => 2,
    };
    let first = selection.all_of.iter().enumerate().min_by_key(|(_, group)| rank(group)).map(|(at, _)| at);
    let rest = selection.all_of.iter().enumerate().filter(|(at, _)| Some(*at) != first);
    (first.map_or(&[], |at| &selection.all_of[at]), rest.map(|(_, group)| group.as_slice()).collect())
}

/// One index that is read downwards, a stride at a time.
struct Stream<'a> {
    store: &'a dyn Store,
    facet: Option<&'a Facet>,
    below: u64,
    ahead: std::vec::IntoIter<(u64, ItemId)>,
    next: Option<(u64, ItemId)>,
    done: bool,
}

impl Stream<'_> {
    fn peek(&mut self) -> Result<Option<(u64, ItemId)>, StoreError> {
        if self.next.is_none() && !self.done {
            self.next = self.ahead.next();
            if self.next.is_none() {
                let read = self.store.newest(self.facet, self.below, STRIDE)?;
                self.below = read.last().map_or(0, |(arrival, _)| *arrival);
                self.ahead = read.into_iter();
                self.next = self.ahead.next();
                self.done = self.next.is_none();
            }
        }
        Ok(self.next)
    }
}

fn streams<'a>(store: &'a dyn Store, leading: &'a [Facet], below: u64) -> Vec<Stream<'a>> {
    let stream = |facet| Stream { store, facet, below, ahead: Vec::new().into_iter(), next: None, done: false };
    if leading.is_empty() { vec![stream(None)] } else { leading.iter().map(|facet| stream(Some(facet))).collect() }
}

/// The latest arrival of all streams; the same arrival in several (an item of two topics) comes once.
fn latest(streams: &mut [Stream<'_>]) -> Result<Option<(u64, ItemId)>, StoreError> {
    let mut latest = None;
    for stream in &mut *streams {
        latest = latest.max(stream.peek()?);
    }
    for stream in streams {
        if stream.next == latest {
            stream.next = None;
        }
    }
    Ok(latest)
}

/// Cheap check by index before the item is read.
fn labelled(store: &dyn Store, groups: &[&[Facet]], id: ItemId) -> Result<bool, StoreError> {
    for group in groups {
        let mut any = false;
        for facet in *group {
            any = any || matches!(facet, Facet::Source(_)) || store.is_labelled(facet, id)?;
        }
        if !any {
            return Ok(false);
        }
    }
    Ok(true)
}

fn place(item: &Item, leading: &[Facet]) -> u64 {
    item.facets().filter(|(facet, _)| leading.contains(facet)).map(|(_, arrival)| arrival).min().unwrap_or(item.id.0)
}

fn matches(item: &Item, groups: &[&[Facet]], words: &[String]) -> bool {
    groups.iter().all(|group| group.iter().any(|facet| item.has(facet)))
        && (words.is_empty() || {
            let text = format!("{} {}", item.article.title, plain_text(&item.article.html)).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        })
}
