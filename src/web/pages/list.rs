use std::cmp::Reverse;

use chrono::{NaiveDate, TimeDelta};
use maud::{Markup, html};

use crate::domain::{Catalogue, Item, Label, LabelKind};
use crate::publish::Format;
use crate::text::is_roll_up;
use crate::web::address::{Channel, Narrowing};
use crate::web::naming::address;
use crate::web::words::Language;

/// An item that came so long after its publication is said to be late: it stands among newer ones, as channels go by arrival.
const LATE: TimeDelta = TimeDelta::hours(48);

/// Items under the days on which they came, the original's link first.
pub fn items(items: &[Item], catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    html! {
        @if items.is_empty() { p .quiet { (words.nothing) } }
        @for (day, items) in by_day(items, catalogue) {
            section .day {
                h3 { (words.came) " " time datetime=(day) { (language.day(day)) } }
                @for item in items {
                    article .clip {
                        h4 { (headline(item)) }
                        p .meta {
                            (meta(item, catalogue, language))
                            @if is_roll_up(&item.article.title) { " · " (words.roll_up) }
                        }
                        @if !item.article.summary.is_empty() { p .excerpt lang=[of_text(item, language)] { (item.article.summary) } }
                        (also(item, catalogue, language))
                        (labels(item, catalogue, language))
                    }
                }
            }
        }
    }
}

/// The items of each day of arrival. In the channel of a source that carried an item later than others, the item stands where it came
/// there: then it belongs to the day of its neighbours below.
fn by_day<'a>(items: &'a [Item], catalogue: &Catalogue) -> Vec<(NaiveDate, &'a [Item])> {
    let day = |item: &Item| item.first_seen.with_timezone(&catalogue.site.timezone).date_naive();
    let mut days: Vec<NaiveDate> = items.iter().map(day).collect();
    for at in (1..days.len()).rev() {
        days[at - 1] = days[at - 1].max(days[at]);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    while from < items.len() {
        let to = days.partition_point(|day| Reverse(*day) <= Reverse(days[from]));
        parts.push((days[from], &items[from..to]));
        from = to;
    }
    parts
}

/// The `lang` of an outlet's text, where it is another than the page's.
pub fn of_text(item: &Item, language: Language) -> Option<&str> {
    let of_item = item.article.language.as_deref().unwrap_or("id");
    let good = of_item.len() <= 35 && of_item.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let primary = of_item.split('-').next().unwrap_or_default();
    let is_word = (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_alphabetic());
    Some(of_item).filter(|_| good && is_word && primary != language.words().code)
}

/// The title, linked to the outlet where it gave a link.
pub fn headline(item: &Item) -> Markup {
    html! {
        @match web(item.article.url.as_deref()) {
            Some(url) => a href=(url) rel="noopener" { (item.article.title) },
            None => (item.article.title),
        }
    }
}

/// Outlet and date of publication, and whether it came late.
pub fn meta(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    let (source, words, zone) = (item.source(), language.words(), catalogue.site.timezone);
    html! {
        a href={ (catalogue.site.url.path()) "sources/" (source) } { (catalogue.source_title(source)) }
        " · "
        @match item.article.published {
            Some(published) => {
                (words.published) " " time datetime=(published.to_rfc3339()) { (language.short(published, zone)) }
                @if item.first_seen - published > LATE { " " span .late { (words.late) } }
            }
            None => (words.undated),
        }
    }
}

/// The other outlets that carry it.
pub fn also(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    html! {
        @if item.also().next().is_some() {
            p .also {
                (language.words().also) ": "
                @for (at, carrier) in item.also().enumerate() {
                    @if at > 0 { ", " }
                    @let name = catalogue.source_title(&carrier.source);
                    @match web(carrier.url.as_deref()) {
                        Some(url) => a href=(url) rel="noopener" { (name) },
                        None => (name),
                    }
                }
            }
        }
    }
}

/// What it is about, and the way to why.
pub fn labels(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    html! {
        p .labels {
            @for label in &item.labels { (label_link(label, catalogue)) " " }
            a .details href={ (catalogue.site.url.path()) "items/" (item.id) } {
                (language.words().details) span .unseen { ": " (item.article.title) }
            }
        }
    }
}

/// A topic or region as a link to its channel.
pub fn label_link(label: &Label, catalogue: &Catalogue) -> Markup {
    let root = catalogue.site.url.path();
    let id = &label.id;
    html! {
        @match label.kind {
            LabelKind::Topic => a .topic href={ (root) "topics/" (id) } {
                (catalogue.topic(id).map_or(id.as_str(), |topic| &topic.title))
            },
            LabelKind::Region => a .region href={ (root) "regions/" (id) } {
                (catalogue.region(id).map_or(id.as_str(), |region| &region.title))
            },
        }
    }
}

/// How to subscribe to a channel: what to do, the address to copy, and the other formats.
pub fn subscribe(channel: &Channel, narrowing: &Narrowing, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let url = |format| address(catalogue, channel, narrowing, Some(format));
    html! {
        section .subscribe aria-labelledby="langganan" {
            h2 #langganan { (words.subscribe) }
            p { (words.how_to_subscribe) }
            p .address { code { (url(Format::Rss)) } }
            p .formats {
                @for format in Format::ALL {
                    a .button href=(url(format)) type=(format.media_type().split(';').next().unwrap_or_default()) {
                        (format.name())
                    } " "
                }
            }
        }
    }
}

/// An outlet's link, if it is one that a browser may follow.
pub fn web(url: Option<&str>) -> Option<&str> {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
