use std::collections::HashMap;

use maud::{Markup, html};

use crate::domain::{Catalogue, Facet};
use crate::store::Page;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::{layout, list};
use crate::web::words::Language;

/// `/`. `week` is how many stories came into each channel in the last seven days.
pub fn home(found: &Page, week: &HashMap<Facet, u64>, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let site = &catalogue.site;
    let root = site.url.path();
    let (all, whole) = (Channel::All, Narrowing::default());
    let many = |facet: Facet| week.get(&facet).copied().unwrap_or(0);
    let entry = |path: &str, id: &str, title: &str, many: u64| {
        html! { li { a href={ (root) (path) "/" (id) } { span { (title) } " " b { (language.number(many)) } } } }
    };
    let content = html! {
        div .intro { h1 { (site.title) } p .lead { (words.lead) } }
        div .board {
            nav .entries aria-label={ (words.topics) ", " (words.regions) } {
                h2 { (words.topics) }
                ul .of-topics {
                    @for topic in &catalogue.topics {
                        (entry("topics", topic.id.as_str(), &topic.title, many(Facet::Topic(topic.id.clone()))))
                    }
                }
                h2 { (words.regions) }
                ul {
                    @for region in &catalogue.regions {
                        (entry("regions", region.id.as_str(), &region.title, many(Facet::Region(region.id.clone()))))
                    }
                }
                p .quiet { (words.week_counts) }
                @if !catalogue.channels.is_empty() {
                    h2 { (words.channels) }
                    ul .whole { @for channel in &catalogue.channels { li { a href={ (root) "channels/" (channel.id) } { (channel.title) } } } }
                }
            }
            section .news {
                h2 { (words.latest) }
                (list::items(&found.items, catalogue, language))
                @if let Some(next) = found.next {
                    p .more { a .button rel="next" href={ (root) "all?before=" (next) } { (words.older) " →" } }
                }
            }
            div .aside {
                (list::subscribe(&all, &whole, catalogue, language))
                p .quiet { (words.every_address) }
            }
        }
    };
    let announced = layout::Announced { channel: &all, narrowing: &whole };
    layout::page(&site.title, &site.url, &announced, catalogue, language, &content)
}
