use maud::{Markup, html};

use crate::domain::{Catalogue, Item, Label, LabelKind};
use crate::publish::Format;
use crate::text::is_roll_up;
use crate::web::address::{Channel, Narrowing};
use crate::web::naming::address;
use crate::web::words::Language;

/// Items, the original's link first.
pub fn items(items: &[Item], catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    html! {
        @if items.is_empty() { p .quiet { (words.nothing) } }
        @for item in items {
            article {
                h3 { (headline(item)) }
                p .meta {
                    (meta(item, catalogue, language))
                    @if is_roll_up(&item.article.title) { " · " (words.roll_up) }
                }
                @if !item.article.summary.is_empty() { p { (item.article.summary) } }
                (also(item, catalogue, language))
                p .labels {
                    @for label in &item.labels { (label_link(label, catalogue)) " " }
                    a .quiet href={ (catalogue.site.url.path()) "items/" (item.id) } { (words.details) }
                }
            }
        }
    }
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

/// Outlet and date.
pub fn meta(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    let source = item.source();
    html! {
        a href={ (catalogue.site.url.path()) "sources/" (source) } { (catalogue.source_title(source)) }
        " · "
        time datetime=(item.date().to_rfc3339()) { (language.date(item.date(), catalogue.site.timezone)) }
    }
}

/// The other outlets that carry it.
pub fn also(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    html! {
        @if item.also().next().is_some() {
            p .also {
                (language.words().also) " "
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

/// How to subscribe to a channel.
pub fn subscribe(channel: &Channel, narrowing: &Narrowing, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    html! {
        section .subscribe {
            h2 { (words.subscribe) }
            p { (words.how_to_subscribe) }
            ul {
                @for format in Format::ALL {
                    @let url = address(catalogue, channel, narrowing, Some(format));
                    li { a href=(url) { (format.extension().to_uppercase()) } " " code { (url) } }
                }
            }
        }
    }
}

/// An outlet's link, if it is one that a browser may follow.
pub fn web(url: Option<&str>) -> Option<&str> {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
