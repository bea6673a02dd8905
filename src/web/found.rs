use std::cell::Cell;

use chrono::{NaiveDate, NaiveTime, TimeZone};

use crate::config::Settings;
use crate::domain::{Item, Selection};
use crate::search::{Index, MOST_BY_RELEVANCE, Query, SearchError, Sought};
use crate::store::{Found, Page, Reach, StoreError, walk_down, with_its_story};
use crate::web::App;
use crate::web::address::{Asked, Channel, Narrowing, What};

/// A page of the search.
pub struct Results {
    /// What was found.
    pub items: Vec<Item>,
    /// The next page, if there is more.
    pub next: Option<Asked>,
    /// How many items are in the index, and how many are kept, while it is being built.
    pub building: Option<(u64, u64)>,
}

/// Whether an answer depends on the index.
pub fn is_searched(asked: &Asked) -> bool {
    is_search(&asked.what) || !asked.narrowing.words.is_empty()
}

/// A number that is another one whenever the search may find something else for what is asked.
pub fn stamp(app: &App, asked: &Asked) -> u64 {
    app.search.as_ref().filter(|_| is_searched(asked)).map_or(0, |index| index.generation())
}

fn is_search(what: &What) -> bool {
    matches!(what, What::Page(Channel::Search) | What::Feed(Channel::Search, _) | What::Archive(Channel::Search, ..))
}

/// Reads a channel, with its words looked up in the index where that is complete: `reading` is given what the search found, or nothing
/// where the store itself has to look. The search itself uses the index as far as it has come.
///
/// # Errors
/// What the store says.
pub fn through<T>(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    reading: impl Fn(&Selection, Option<&Found<'_>>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let (searching, worded) = (is_search(&asked.what), !selection.words.is_empty());
    if !searching && !worded {
        return reading(selection, None);
    }
    let query = query(&asked.narrowing, selection, settings);
    if let Some(index) = app.search.as_ref().filter(|index| searching || index.is_complete()) {
        let failed = Cell::new(false);
        let found = Found {
            newest: &|below, limit| Ok(told(index.newest(&query, below, limit), &failed)),
            any: &|items| Ok(told(index.finds_any(&query, items), &failed)),
        };
        let read = reading(selection, Some(&found))?;
        if searching || !failed.get() {
            return Ok(read);
        }
    }
    let selection = Selection { words: query.sought.written, ..selection.clone() };
    reading(&selection, None)
}

/// A page of a channel.
///
/// # Errors
/// What the store says.
pub fn read(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    limit: usize,
) -> Result<Page, StoreError> {
    let below = asked.before.unwrap_or(u64::MAX);
    let reach = Reach { limit, since: None, down_to: None };
    through(app, settings, asked, selection, |selection, found| walk_down(&*app.store, selection, found, below, &reach))
}

/// A page of the search, in the order that is asked for.
///
/// # Errors
/// What the store says.
pub fn search(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    limit: usize,
) -> Result<Results, StoreError> {
    let index = app.search.as_ref();
    let incomplete = index.filter(|index| !index.is_complete());
    let building = incomplete.map(|index| Ok((index.count(), app.store.count()?))).transpose()?;
    if let Some(index) = index.filter(|_| asked.narrowing.best) {
        let (items, next) = best(app, index, settings, asked, selection, limit)?;
        return Ok(Results { items, next: next.map(|skip| Asked { skip, ..asked.clone() }), building });
    }
    let page = read(app, settings, asked, selection, limit)?;
    let next = page.next.map(|before| Asked { before: Some(before), ..asked.clone() });
    Ok(Results { items: page.items, next, building })
}

/// A page in the order of relevance, and how many the next one skips.
fn best(
    app: &App,
    index: &Index,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    limit: usize,
) -> Result<(Vec<Item>, Option<usize>), StoreError> {
    let query = query(&asked.narrowing, selection, settings);
    let skip = asked.skip.min(MOST_BY_RELEVANCE);
    let mut found = told(index.best(&query, skip, limit + 1, !selection.every_item), &Cell::new(false));
    let next = skip + limit;
    let more = found.len() > limit && next < MOST_BY_RELEVANCE;
    found.truncate(limit);
    let mut items = Vec::with_capacity(found.len());
    for id in found {
        let Some(item) = app.store.item(id)? else { continue };
        items.push(if selection.every_item { item } else { with_its_story(&*app.store, item)? });
    }
    Ok((items, more.then_some(next)))
}

fn query(narrowing: &Narrowing, selection: &Selection, settings: &Settings) -> Query {
    let zone = settings.catalogue.site.timezone;
    let start = |day: NaiveDate| {
        let midnight = day.and_time(NaiveTime::MIN);
        zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |start| start.to_utc())
    };
    Query {
        sought: Sought::read(&narrowing.words.join(" ")),
        all_of: selection.all_of.clone(),
        from: narrowing.from.map(start),
        until: narrowing.to.and_then(|day| day.succ_opt()).map(start),
    }
}

/// What was found. A damaged index finds nothing until it is built anew, which it remembers to be.
fn told<T: Default>(found: Result<T, SearchError>, failed: &Cell<bool>) -> T {
    found.unwrap_or_else(|error| {
        if !failed.replace(true) {
            tracing::warn!("{error} (hint: {})", error.hint());
        }
        T::default()
    })
}
