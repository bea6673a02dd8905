use std::cell::Cell;

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::config::Settings;
use crate::domain::{Instant, Item, Selection};
use crate::report::{self, Count, day};
use crate::search::{Index, MOST_BY_RELEVANCE, Query, SearchError, Sought};
use crate::store::{Found, Lists, Page, Reach, StoreError, arrived_by, walk_down, with_its_story};
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

/// A number that is another one whenever what is found or counted for what is asked may be something else: the search's index has changed,
/// counting has come further, or another day has begun.
pub fn stamp(app: &App, asked: &Asked) -> u64 {
    let found = app.search.as_ref().filter(|_| is_searched(asked)).map_or(0, |index| index.generation());
    let counts = matches!(asked.what, What::Home | What::Statistics | What::Page(_));
    found + if counts { counted(app) } else { 0 }
}

/// A number that is another one whenever anything that is counted may be something else.
pub fn counted(app: &App) -> u64 {
    let today = day((app.clock)(), app.settings.borrow().catalogue.site.timezone);
    app.counts.version() + u64::try_from(today).unwrap_or(0)
}

fn is_search(what: &What) -> bool {
    matches!(what, What::Page(Channel::Search) | What::Feed(Channel::Search, _) | What::Archive(Channel::Search, ..))
}

/// Reads a channel, with what is in it looked up where that is quickest: its words in the search's index where that is complete, its
/// topics, places and sources in the counts where it has several and they are complete, else in the store. The search itself uses its
/// index as far as it has come.
///
/// # Errors
/// What the store says.
pub fn through<T>(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    reading: impl Fn(&Selection, Lists<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let (searching, worded) = (is_search(&asked.what), !selection.words.is_empty());
    let listed = |selection: &Selection| {
        let known = |below, limit| Ok(app.counts.places(selection, below, limit));
        let is_known = selection.all_of.len() > 1 && app.counts.are_complete(&*app.store, settings)?;
        reading(selection, if is_known { Lists::Known(&known) } else { Lists::Own })
    };
    if !searching && !worded {
        return listed(selection);
    }
    let query = query(&asked.narrowing, selection, settings);
    if let Some(index) = app.search.as_ref().filter(|index| searching || index.is_complete()) {
        let failed = Cell::new(false);
        let found = Found {
            newest: &|below, limit| Ok(told(index.newest(&query, below, limit), &failed)),
            any: &|items| Ok(told(index.finds_any(&query, items), &failed)),
        };
        let read = reading(selection, Lists::Found(&found))?;
        if searching || !failed.get() {
            return Ok(read);
        }
    }
    listed(&Selection { words: query.sought.written, ..selection.clone() })
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
    let below = below(app, settings, asked)?;
    let reach = Reach { limit, since: None, down_to: None };
    through(app, settings, asked, selection, |selection, lists| walk_down(&*app.store, selection, lists, below, &reach))
}

/// The arrival below which a page begins.
fn below(app: &App, settings: &Settings, asked: &Asked) -> Result<u64, StoreError> {
    match (asked.before, asked.until) {
        (Some(before), _) => Ok(before),
        (None, Some(until)) => {
            let end = until.succ_opt().map(|next| midnight(next, settings.catalogue.site.timezone));
            end.map_or(Ok(u64::MAX), |end| arrived_by(&*app.store, end - TimeDelta::milliseconds(1)))
        }
        (None, None) => Ok(u64::MAX),
    }
}

/// The page above one that begins below an arrival or a day: of the rest of its first day, or of the next day on which something came.
///
/// # Errors
/// What the store says.
pub fn newer(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    first: Option<&Item>,
) -> Result<Option<Asked>, StoreError> {
    if asked.before.is_none() && asked.until.is_none() {
        return Ok(None);
    }
    let (zone, begin) = (settings.catalogue.site.timezone, below(app, settings, asked)?);
    let top = first.map(|item| day(item.first_seen, zone)).or(asked.until.map(report::number)).unwrap_or(0);
    let to = |day| Some(Asked { before: None, until: Some(report::date(day)), ..asked.clone() });
    let whole = Asked { before: None, until: Some(report::date(top)), ..asked.clone() };
    let end = below(app, settings, &whole)?;
    let reach = Reach { limit: 1, since: None, down_to: None };
    let above = |selection: &Selection, lists: Lists<'_>| walk_down(&*app.store, selection, lists, end, &reach);
    let rest = if end > begin { through(app, settings, asked, selection, above)?.items } else { Vec::new() };
    if rest.first().is_some_and(|item| item.id.0 >= begin) {
        return Ok(to(top));
    }
    let next = app.counts.read(&*app.store, settings, |tally| {
        tally.days(Count::Arrivals, selection, top + 1, report::LAST).into_keys().next()
    })?;
    Ok(next.and_then(to))
}

/// The instant at which a day begins.
pub fn midnight(day: NaiveDate, zone: Tz) -> Instant {
    let midnight = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |start| start.to_utc())
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
    let start = |day: NaiveDate| midnight(day, zone);
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
