use maud::{Markup, html};

use crate::domain::{Catalogue, Facet};
use crate::store::Page;
use crate::web::address::{Asked, Channel, Narrowing};
use crate::web::naming::{address, title};
use crate::web::pages::{layout, list};
use crate::web::words::Language;

/// `/all`, `/topics/ID`, `/regions/ID`, `/sources/ID`, `/channels/ID`, narrowed or not.
pub fn channel(channel: &Channel, asked: &Asked, found: &Page, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let narrowing = &asked.narrowing;
    let name = title(channel, narrowing, catalogue, language);
    let content = html! {
        h1 { (name) }
        (list::subscribe(channel, narrowing, catalogue, language))
        (narrower(channel, narrowing, catalogue, language))
        section {
            h2 { (words.latest) }
            (list::items(&found.items, catalogue, language))
            @if let Some(next) = found.next {
                @let older = Asked { before: Some(next), ..asked.clone() };
                p .more { a rel="next" href={ (catalogue.site.url.path()) (older.address()) } { (words.older) " →" } }
            }
        }
    };
    let canonical = address(catalogue, channel, narrowing, None);
    layout::page(&name, &canonical, &layout::Announced { channel, narrowing }, catalogue, language, &content)
}

/// Links to the same channel within one topic or region, where it is not narrowed by that already.
fn narrower(channel: &Channel, narrowing: &Narrowing, catalogue: &Catalogue, language: Language) -> Markup {
    let by_topic = narrowing.topics.is_empty() && !matches!(channel, Channel::Facet(Facet::Topic(_)));
    let by_region = narrowing.regions.is_empty() && !matches!(channel, Channel::Facet(Facet::Region(_)));
    let link = |narrowing: Narrowing| address(catalogue, channel, &narrowing, None);
    html! {
        @if by_topic || by_region {
            details .choose {
                summary { (language.words().narrow) }
                @if by_topic {
                    ul {
                        @for topic in &catalogue.topics {
                            @let narrowed = Narrowing { topics: vec![topic.id.clone()], ..narrowing.clone() };
                            li { a .topic href=(link(narrowed)) { (topic.title) } }
                        }
                    }
                }
                @if by_region {
                    ul {
                        @for region in &catalogue.regions {
                            @let narrowed = Narrowing { regions: vec![region.id.clone()], ..narrowing.clone() };
                            li { a .region href=(link(narrowed)) { (region.title) } }
                        }
                    }
                }
            }
        }
    }
}
