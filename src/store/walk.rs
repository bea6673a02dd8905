use crate::clean::plain_text;
use crate::domain::{Article, Facet, Instant, Item, ItemId, Selection, Telling};
use crate::store::cursor::{Cursor, Narrowed, cursors, latest};
use crate::store::{Store, StoreError};

/// How many found items are asked for at once: each time everything is searched.
const FOUND_STRIDE: usize = 256;
/// The same of who knows all channels.
const KNOWN_STRIDE: usize = 64;

/// Items that are read in vain, at most, for one page: words have no index, and looking for a rare one must not read the
/// whole archive. The page then ends early, and the next goes on from there.
const MOST_IN_VAIN: usize = 20_000;

/// Entries of indexes that are read, at most, for one page of a channel that is narrowed by something else: two topics that hardly ever
/// meet would else cost a look at all of both. What is above the newest archive is always read.
const MOST_READ: usize = 12_000;

/// Bytes of items, after which those of the last days are no longer all read: what floods a channel must not fill the memory. Some twenty
/// thousand items.
const MOST_BYTES: usize = 64 << 20;

/// A facet that holds no more is read whole where it narrows a source's channel, instead of looking through that for its few.
const FEW: usize = 256;

/// Part of a channel, latest arrival first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next page begins (`below`), if there is more.
    pub next: Option<u64>,
}

/// Items that somebody else found, a search: they stand in for the store's own lists and for its look at words.
pub struct Found<'a> {
    /// Up to so many of them, each with its arrival, latest first, beginning below an arrival.
    pub newest: &'a Listing<'a>,
    /// Whether any of these items is one of them.
    pub any: &'a dyn Fn(&[ItemId]) -> Result<bool, StoreError>,
}

/// What lists a channel's items below an arrival, so many of them, latest first.
pub type Listing<'a> = dyn Fn(u64, usize) -> Result<Vec<(u64, ItemId)>, StoreError> + 'a;

/// Where it is looked up what is in a channel.
#[derive(Clone, Copy)]
pub enum Lists<'a> {
    /// In the store's own indexes, one for each topic, region and source.
    Own,
    /// With somebody who knows all of them at once: lists at least what is in the channel, where it stands there.
    Known(&'a Listing<'a>),
    /// With a search.
    Found(&'a Found<'a>),
}

impl Lists<'_> {
    /// Whether it is a search.
    pub fn is_search(self) -> bool {
        matches!(self, Lists::Found(_))
    }
}

/// Reads a channel from arrival `below` downwards (`u64::MAX` = from its top): at least `limit` items where there are so
/// many, and beyond them all that arrived after `since`, so that a reader that comes daily misses nothing; but of a flood only so much
/// as memory holds, the rest of which is in the archives.
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
    walk_down(store, selection, Lists::Own, below, &Reach { limit, since, down_to: None })
}

/// How far down a channel is read: until all of these hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// So many items were found.
    pub limit: usize,
    /// The next one was first seen before that.
    pub since: Option<Instant>,
    /// The next one arrived before that number.
    pub down_to: Option<u64>,
}

/// Reads a channel from arrival `below` downwards as far as `reach` says, as those lists have it.
///
/// # Errors
/// What the store says.
pub fn walk_down(
    store: &dyn Store,
    selection: &Selection,
    lists: Lists<'_>,
    below: u64,
    reach: &Reach,
) -> Result<Page, StoreError> {
    let Reach { limit, since, down_to } = *reach;
    let (leading, mut others) = selection.leading();
    // Items stand in topics and regions by their own numbers, so that numbers that another group lacks can be leapt over.
    let by_number = leading.iter().all(|facet| !matches!(facet, Facet::Source(_)));
    let is_own = matches!(lists, Lists::Own);
    let few = if is_own && !by_number { few(store, leading, &others)? } else { None };
    let is_dense = is_own && few.is_none();
    let mut cursors = match (lists, few) {
        (Lists::Found(found), _) => vec![Cursor::of(Box::new(found.newest), below, FOUND_STRIDE)],
        (Lists::Known(known), _) => vec![Cursor::of(Box::new(known), below, KNOWN_STRIDE)],
        (Lists::Own, Some(few)) => {
            vec![Cursor::of(Box::new(move |below, limit| Ok(below_in(&few, below, limit))), below, FEW)]
        }
        (Lists::Own, None) => cursors(store, leading, below),
    };
    let mut narrowed = Vec::new();
    if is_own {
        narrowed.extend(others.iter().filter_map(|group| Narrowed::new(store, group)));
    } else if !leading.is_empty() {
        // What is listed may have been labelled otherwise a moment ago.
        others.push(leading);
    }
    let words = if lists.is_search() { &[] } else { &selection.words[..] };
    let mut items: Vec<Item> = Vec::with_capacity(limit.min(256));
    let (mut in_vain, mut bytes) = (0, 0);
    while let Some((arrival, id)) = latest(&mut cursors)? {
        // Nothing but the number is asked for: what follows need not be read.
        if limit == 0 && since.is_none() && down_to.is_some_and(|down_to| arrival < down_to) {
            return Ok(Page { items, next: Some(arrival + 1) });
        }
        let is_next = is_dense && arrival == id.0;
        if let Some(next) = missing(&mut narrowed, id, is_next)? {
            let spent = cursors.iter().map(Cursor::spent).chain(narrowed.iter().map(Narrowed::spent)).sum::<usize>();
            if spent >= MOST_READ && down_to.is_none_or(|down_to| arrival < down_to) {
                return Ok(Page { items, next: Some(arrival) });
            }
            if is_next && by_number {
                cursors.iter_mut().for_each(|cursor| cursor.descend(next + 1));
            }
            continue;
        }
        let Some(mut item) = store.item(id)? else { continue };
        // An item that two sources of the group carry stands where it arrived first, and only there.
        let elsewhere = !lists.is_search() && place(&item, leading) != arrival;
        if elsewhere || !matches(&item, &others, words) {
            in_vain += 1;
            if in_vain >= MOST_IN_VAIN {
                return Ok(Page { items, next: Some(arrival) });
            }
            continue;
        }
        if let Some(first) = item.first_told.filter(|_| !selection.every_item) {
            if told_before(store, &item, first, selection, lists)? {
                continue;
            }
            item = with_its_story(store, item)?;
        }
        let since = since.filter(|_| bytes < MOST_BYTES);
        let far = since.is_none_or(|since| item.first_seen < since) && down_to.is_none_or(|down_to| arrival < down_to);
        if items.len() >= limit && far {
            return Ok(Page { items, next: Some(arrival + 1) });
        }
        bytes += weight(&item);
        items.push(item);
    }
    Ok(Page { items, next: None })
}

/// About how many bytes an item takes in memory.
fn weight(item: &Item) -> usize {
    let Article { html, body, summary, media, .. } = &item.article;
    let media: usize = media.iter().map(|media| media.url.len()).sum();
    1_000 + html.len() + body.as_ref().map_or(0, String::len) + summary.len() + media
}

/// Whether the channel has an earlier item of the same story.
fn told_before(
    store: &dyn Store,
    item: &Item,
    first: ItemId,
    selection: &Selection,
    lists: Lists<'_>,
) -> Result<bool, StoreError> {
    if let Lists::Found(found) = lists {
        let first = store.item(first)?;
        let again = first.iter().flat_map(|first| &first.told_again).map(|telling| telling.item);
        let earlier: Vec<ItemId> = first.iter().map(|first| first.id).chain(again.filter(|id| *id < item.id)).collect();
        return (found.any)(&earlier);
    }
    let groups: Vec<&[Facet]> = selection.all_of.iter().map(Vec::as_slice).collect();
    let stands = |item: &Item| matches(item, &groups, &selection.words);
    let Some(first) = store.item(first)? else { return Ok(false) };
    if stands(&first) {
        return Ok(true);
    }
    for earlier in first.told_again.iter().filter(|telling| telling.item < item.id) {
        if store.item(earlier.item)?.is_some_and(|earlier| stands(&earlier)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The item with all others of its story, which only the first one keeps.
///
/// # Errors
/// What the store says.
pub fn with_its_story(store: &dyn Store, item: Item) -> Result<Item, StoreError> {
    let Some(first) = item.first_told.map(|first| store.item(first)).transpose()?.flatten() else { return Ok(item) };
    let own = first.told_again.iter().find(|telling| telling.item == item.id);
    // The comparison with it, seen from the other side.
    let (kept, own) = own.filter(|own| own.like == first.id).map_or((0, 0), |own| (own.own, own.kept));
    let mut told_again = vec![Telling { item: first.id, carrier: first.carriers[0].clone(), like: item.id, kept, own }];
    told_again.extend(first.told_again.into_iter().filter(|telling| telling.item != item.id));
    Ok(Item { told_again, ..item })
}

/// The items of a group that has few, each with its place in the channel, latest first; `None` where every group has many.
fn few(store: &dyn Store, leading: &[Facet], others: &[&[Facet]]) -> Result<Option<Vec<(u64, ItemId)>>, StoreError> {
    'groups: for group in others {
        let mut ids = Vec::new();
        for facet in *group {
            ids.extend(store.newest(Some(facet), u64::MAX, FEW + 1)?.into_iter().map(|(_, id)| id));
            if ids.len() > FEW {
                continue 'groups;
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut places = Vec::with_capacity(ids.len());
        for id in ids {
            let item = store.item(id)?.filter(|item| leading.iter().any(|facet| item.has(facet)));
            places.extend(item.map(|item| (place(&item, leading), id)));
        }
        places.sort_unstable_by(|one, other| other.cmp(one));
        return Ok(Some(places));
    }
    Ok(None)
}

fn below_in(places: &[(u64, ItemId)], below: u64, limit: usize) -> Vec<(u64, ItemId)> {
    places.iter().filter(|(arrival, _)| *arrival < below).take(limit).copied().collect()
}

/// Where the first group that lacks an item goes on below it (0: nowhere), as indexes tell before the item is read; `None` where no group
/// lacks it. `is_next` tells that every item so far had a higher number.
fn missing(narrowed: &mut [Narrowed<'_>], id: ItemId, is_next: bool) -> Result<Option<u64>, StoreError> {
    for group in narrowed {
        if is_next {
            match group.upto(id)? {
                Some(highest) if highest == id.0 => {}
                highest => return Ok(Some(highest.unwrap_or(0))),
            }
        } else if !group.holds(id)? {
            return Ok(Some(0));
        }
    }
    Ok(None)
}

fn place(item: &Item, leading: &[Facet]) -> u64 {
    item.facets().filter(|(facet, _)| leading.contains(facet)).map(|(_, arrival)| arrival).min().unwrap_or(item.id.0)
}

fn matches(item: &Item, groups: &[&[Facet]], words: &[String]) -> bool {
    groups.iter().all(|group| group.iter().any(|facet| item.has(facet)))
        && (words.is_empty() || {
            let text = format!("{} {}", item.article.title, plain_text(item.article.text())).to_lowercase();
            words.iter().all(|word| match word.strip_prefix('-') {
                Some(unwanted) => !text.contains(unwanted),
                None => text.contains(word.as_str()),
            })
        })
}
