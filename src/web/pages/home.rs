use maud::{Markup, html};

use crate::domain::Catalogue;
use crate::store::Page;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::{layout, list};
use crate::web::words::Language;

/// `/`
pub fn home(found: &Page, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let site = &catalogue.site;
    let root = site.url.path();
    let (all, whole) = (Channel::All, Narrowing::default());
    let content = html! {
        h1 { (site.title) }
        p .lead { (words.lead) }
        section .choose {
            h2 { (words.topics) }
            ul { @for topic in &catalogue.topics { li { a .topic href={ (root) "topics/" (topic.id) } { (topic.title) } } } }
            h2 { (words.regions) }
            ul { @for region in &catalogue.regions { li { a .region href={ (root) "regions/" (region.id) } { (region.title) } } } }
            @if !catalogue.channels.is_empty() {
                h2 { (words.channels) }
                ul { @for channel in &catalogue.channels { li { a href={ (root) "channels/" (channel.id) } { (channel.title) } } } }
            }
        }
        (list::subscribe(&all, &whole, catalogue, language))
        section {
            h2 { (words.latest) }
            (list::items(&found.items, catalogue, language))
            @if let Some(next) = found.next { p .more { a rel="next" href={ (root) "all?before=" (next) } { (words.older) " →" } } }
        }
    };
    layout::page(
        &site.title,
        &site.url,
        &layout::Announced { channel: &all, narrowing: &whole },
        catalogue,
        language,
        &content,
    )
}
