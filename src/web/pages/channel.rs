use std::collections::HashMap;

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::domain::{Catalogue, Facet};
use crate::store::Page;
use crate::web::address::{Asked, Channel, Narrowing};
use crate::web::naming::{address, title};
use crate::web::pages::{layout, list};
use crate::web::words::Language;

/// What lies around a page of a channel.
#[derive(Debug, Default)]
pub struct Around {
    /// The page above.
    pub newer: Option<Asked>,
    /// How many stories of this channel stand in each other one too; `None` where that is not counted.
    pub facets: Option<HashMap<Facet, u64>>,
    /// The months in which something came, the latest first: year, month, how many.
    pub months: Vec<(i32, u32, u64)>,
}

/// Months that are shown at once; the others are behind a summary.
const MONTHS: usize = 6;

/// `/all`, `/topics/ID`, `/regions/ID`, `/sources/ID`, `/channels/ID`, narrowed or not.
pub fn channel(
    asked: &Asked,
    channel: &Channel,
    found: &Page,
    around: &Around,
    catalogue: &Catalogue,
    language: Language,
) -> Markup {
    let words = language.words();
    let (narrowing, root) = (&asked.narrowing, catalogue.site.url.path());
    let name = title(channel, narrowing, catalogue, language);
    let is_first = asked.before.is_none() && asked.until.is_none();
    let newest = Asked { before: None, until: None, ..asked.clone() };
    let zone = catalogue.site.timezone;
    let first = found.items.first().map(|item| item.first_seen.with_timezone(&zone).date_naive());
    let heading = match asked.until.or(first.filter(|_| !is_first)) {
        Some(until) => words.came_until.replace("{}", &language.bare_day(until)),
        None => words.latest.to_owned(),
    };
    let content = html! {
        h1 { (name) }
        @if *narrowing != Narrowing::default() {
            @let whole = Narrowing::default();
            p { a .wider href=(address(catalogue, channel, &whole, None)) { "← " (title(channel, &whole, catalogue, language)) } }
        }
        div .board {
            div .aside {
                (list::subscribe(channel, narrowing, catalogue, language))
                (narrower(channel, narrowing, around, catalogue, language))
                (months(asked, around, catalogue, language))
            }
            section .news {
                h2 { (heading) }
                (list::items(&found.items, catalogue, language))
                @if !is_first || found.next.is_some() {
                    nav .more aria-label=(words.pages) {
                        @if !is_first { a .button href={ (root) (newest.address()) } { "⇤ " (words.newest) } " " }
                        @if let Some(newer) = &around.newer {
                            a .button rel="prev" href={ (root) (newer.address()) } { "← " (words.newer) } " "
                        }
                        @if let Some(next) = found.next {
                            @let older = Asked { before: Some(next), until: None, ..asked.clone() };
                            a .button rel="next" href={ (root) (older.address()) } { (words.older) " →" }
                        }
                    }
                }
            }
        }
    };
    let canonical = address(catalogue, channel, narrowing, None);
    layout::page(&name, &canonical, &layout::Announced { channel, narrowing }, catalogue, language, &content)
}

/// Links to the same channel within one topic or region, where it is not narrowed by that already; those that have something first.
fn narrower(
    channel: &Channel,
    narrowing: &Narrowing,
    around: &Around,
    catalogue: &Catalogue,
    language: Language,
) -> Markup {
    let by_topic = narrowing.topics.is_empty() && !matches!(channel, Channel::Facet(Facet::Topic(_)));
    let by_region = narrowing.regions.is_empty() && !matches!(channel, Channel::Facet(Facet::Region(_)));
    let entry = |title: &str, facet: Facet, narrowed: Narrowing| {
        let many = around.facets.as_ref().map(|facets| facets.get(&facet).copied().unwrap_or(0));
        html! {
            li { a href=(address(catalogue, channel, &narrowed, None)) {
                span { (title) } " " @if let Some(many) = many { b { (language.number(many)) } }
            } }
        }
    };
    html! {
        @if by_topic || by_region {
            details .entries {
                summary { (language.words().narrow) }
                @if by_topic {
                    ul {
                        @for topic in &catalogue.topics {
                            (entry(&topic.title, Facet::Topic(topic.id.clone()), Narrowing { topics: vec![topic.id.clone()], ..narrowing.clone() }))
                        }
                    }
                }
                @if by_region {
                    ul {
                        @for region in &catalogue.regions {
                            (entry(&region.title, Facet::Region(region.id.clone()), Narrowing { regions: vec![region.id.clone()], ..narrowing.clone() }))
                        }
                    }
                }
            }
        }
    }
}

/// The way to older pages: by month, and to any day.
fn months(asked: &Asked, around: &Around, catalogue: &Catalogue, language: Language) -> Markup {
    let (words, root) = (language.words(), catalogue.site.url.path());
    let narrowing = &asked.narrowing;
    let link = |(year, month, many): &(i32, u32, u64)| {
        let last = NaiveDate::from_ymd_opt(*year, *month, 1)
            .and_then(|first| first.checked_add_months(chrono::Months::new(1)));
        let until = last.and_then(|first| first.pred_opt());
        let page = Asked { before: None, until, ..asked.clone() };
        html! {
            li { a href={ (root) (page.address()) } aria-current=[(asked.until == until).then_some("page")] {
                span { (language.month(*year, *month)) } " " b { (language.number(*many)) }
            } }
        }
    };
    let (recent, rest) = around.months.split_at(around.months.len().min(MONTHS));
    let page = Asked { before: None, until: None, narrowing: Narrowing::default(), ..asked.clone() };
    html! {
        @if !around.months.is_empty() {
            details .entries open[asked.until.is_some()] {
                summary { (words.by_month) }
                ul { @for month in recent { (link(month)) } }
                @if !rest.is_empty() { ul { @for month in rest { (link(month)) } } }
                form .to-day action={ (root) (page.address()) } {
                    @for (name, ids) in [("topic", &narrowing.topics), ("region", &narrowing.regions), ("source", &narrowing.sources)] {
                        @for id in ids { input type="hidden" name=(name) value=(id); }
                    }
                    @if narrowing.every_item { input type="hidden" name="stories" value="false"; }
                    label { (words.until_day) input type="date" name="until" value=[asked.until] required; }
                    button { (words.open) }
                }
            }
        }
    }
}
