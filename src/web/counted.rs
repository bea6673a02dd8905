use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::config::Settings;
use crate::domain::{Facet, Instant, Item, Selection};
use crate::report::{self, Count, Day, Tally, day};
use crate::store::StoreError;
use crate::web::App;
use crate::web::address::{Asked, Channel};
use crate::web::found;
use crate::web::pages::{Around, Figures};
use crate::web::words::Language;

/// Weeks that the statistics show where no year is asked for.
const WEEKS: i32 = 52;

/// How many stories came into each channel in the last seven days, today included.
///
/// # Errors
/// What the store says.
pub fn week(app: &App, settings: &Settings, now: Instant) -> Result<HashMap<Facet, u64>, StoreError> {
    let today = day(now, settings.catalogue.site.timezone);
    let all = Selection::default();
    app.counts.read(&*app.store, settings, |tally| tally.facets(Count::Arrivals, &all, today - 6, today))
}

/// What lies around a page of a channel.
///
/// # Errors
/// What the store says.
pub fn around(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    selection: &Selection,
    first: Option<&Item>,
) -> Result<Around, StoreError> {
    if !selection.words.is_empty() {
        // What has which words is not counted.
        return Ok(Around::default());
    }
    let newer = found::newer(app, settings, asked, selection, first)?;
    app.counts.read(&*app.store, settings, |tally| Around {
        newer,
        facets: Some(tally.facets(Count::Arrivals, selection, 0, report::LAST)),
        months: tally.months(selection),
    })
}

/// What the statistics show.
///
/// # Errors
/// What the store says.
pub fn figures(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    language: Language,
    now: Instant,
) -> Result<Figures, StoreError> {
    let (catalogue, words) = (&settings.catalogue, language.words());
    let selection = Channel::All.selection(&asked.narrowing, catalogue);
    let today = day(now, catalogue.site.timezone);
    let weeks = weeks(asked.year, today);
    let from = weeks.first().copied().unwrap_or(0);
    // The last week, and the year, may not be over.
    let to = (weeks.last().copied().unwrap_or(0) + 6).min(today).max(from);
    let figures = app.counts.read(&*app.store, settings, |tally| {
        let by_week = |selection: &Selection| by_week(tally, selection, from, to);
        let mut series = vec![(words.any.to_owned(), None, by_week(&selection))];
        for topic in catalogue
            .topics
            .iter()
            .filter(|topic| asked.narrowing.topics.len() != 1 || asked.narrowing.topics[0] != topic.id)
        {
            let facet = Facet::Topic(topic.id.clone());
            series.push((topic.title.clone(), Some(facet.clone()), by_week(&selection.clone().and_any(vec![facet]))));
        }
        let total = series[0].2.values().sum();
        let years: BTreeSet<i32> = years(tally);
        let facets = tally.facets(Count::Coverage, &selection, from, to);
        Figures { weeks, to, series, facets, total, years: years.into_iter().rev().collect(), under_way: None }
    })?;
    Ok(Figures { under_way: app.counts.under_way(&*app.store)?, ..figures })
}

/// The Mondays of a year's weeks (ISO 8601), or of the last ones up to today.
fn weeks(year: Option<i32>, today: Day) -> Vec<Day> {
    let (first, many) = match year {
        Some(year) => {
            let monday = |year| NaiveDate::from_isoywd_opt(year, 1, Weekday::Mon).map_or(0, report::number);
            (monday(year), (monday(year + 1) - monday(year)) / 7)
        }
        None => {
            let weekday = i32::try_from(report::date(today).weekday().num_days_from_monday()).unwrap_or(0);
            (today - weekday - (WEEKS - 1) * 7, WEEKS)
        }
    };
    (0..many).map(|week| first + week * 7).collect()
}

fn by_week(tally: &Tally, selection: &Selection, from: Day, to: Day) -> BTreeMap<Day, u64> {
    let mut weeks = BTreeMap::new();
    for (day, many) in tally.days(Count::Coverage, selection, from, to) {
        *weeks.entry(day - (day - from) % 7).or_default() += many;
    }
    weeks
}

fn years(tally: &Tally) -> BTreeSet<i32> {
    let days = tally.days(Count::Coverage, &Selection::default(), 0, report::LAST);
    days.into_keys().map(|day| report::date(day).iso_week().year()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_its_iso_weeks_and_the_last_weeks_end_with_this_one() {
        let check = |year: Option<i32>, today: &str, first: &str, many: usize| {
            let weeks = weeks(year, report::number(today.parse().unwrap()));
            assert_eq!((report::date(weeks[0]).to_string().as_str(), weeks.len()), (first, many));
        };
        check(Some(2026), "2026-03-01", "2025-12-29", 53);
        check(Some(2025), "2026-03-01", "2024-12-30", 52);
        check(None, "2026-03-01", "2025-03-03", 52);
    }
}
