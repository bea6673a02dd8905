use maud::{Markup, html};

use crate::clean::plain_text;
use crate::domain::{Catalogue, Item, Slug};
use crate::search::{Sought, excerpt, marks};
use crate::web::address::{Asked, Channel, Narrowing};
use crate::web::found::Results;
use crate::web::naming::{address, title};
use crate::web::pages::{layout, list};
use crate::web::words::Language;

/// `/search`.
pub fn search(asked: &Asked, results: &Results, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let narrowing = &asked.narrowing;
    let anything = *narrowing == Narrowing { best: narrowing.best, ..Narrowing::default() };
    let sought = Sought::read(&narrowing.words.join(" "));
    let name = title(&Channel::Search, narrowing, catalogue, language);
    let content = html! {
        h1 { (name) }
        (form(narrowing, catalogue, language))
        details .help { summary { (words.how_to_search.0) } p { (words.how_to_search.1) } }
        @if let Some((done, kept)) = results.building {
            p role="status" {
                strong { (words.building.replace("{done}", &done.to_string()).replace("{kept}", &kept.to_string())) }
            }
        }
        section {
            h2 { (words.results) }
            @if results.items.is_empty() { p { (words.not_found) } }
            @for item in &results.items { (result(item, &sought, catalogue, language)) }
            @if let Some(next) = &results.next {
                p .more { a .button rel="next nofollow" href={ (catalogue.site.url.path()) (next.address()) } { (words.more) " →" } }
            }
        }
        @if !anything { (list::subscribe(&Channel::Search, narrowing, catalogue, language)) }
    };
    let canonical = address(catalogue, &Channel::Search, narrowing, None);
    let announced = layout::Announced { channel: &Channel::Search, narrowing };
    layout::page(&name, &canonical, &announced, catalogue, language, &content)
}

/// What is searched for, to be changed.
fn form(narrowing: &Narrowing, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let [of_words, outlet, from, to, order] = words.search_fields;
    let topics = catalogue.topics.iter().map(|topic| (&topic.id, topic.title.as_str()));
    let regions = catalogue.regions.iter().map(|region| (&region.id, region.title.as_str()));
    let sources = catalogue.sources.iter().map(|source| (&source.id, source.title.as_str()));
    html! {
        form .search action={ (catalogue.site.url.path()) "search" } {
            label .whole { (of_words) input type="search" name="q" value=(narrowing.words.join(" ")) maxlength="300"; }
            label { (words.topic) (choice("topic", topics, &narrowing.topics, language)) }
            label { (words.region) (choice("region", regions, &narrowing.regions, language)) }
            label { (outlet) (choice("source", sources, &narrowing.sources, language)) }
            label { (from) input type="date" name="from" value=[narrowing.from]; }
            label { (to) input type="date" name="to" value=[narrowing.to]; }
            label { (order)
                select name="sort" {
                    option value="new" selected[!narrowing.best] { (words.orders[0]) }
                    option value="best" selected[narrowing.best] { (words.orders[1]) }
                }
            }
            @if narrowing.every_item { input type="hidden" name="stories" value="false"; }
            button { (words.find) }
        }
    }
}

fn choice<'a>(
    name: &str,
    all: impl Iterator<Item = (&'a Slug, &'a str)>,
    chosen: &[Slug],
    language: Language,
) -> Markup {
    html! {
        // Several can only be chosen in the address; the form does not lose them.
        select name=(name) multiple[chosen.len() > 1] {
            @if chosen.len() <= 1 { option value="" { (language.words().any) } }
            @for (id, title) in all { option value=(id) selected[chosen.contains(id)] { (title) } }
        }
    }
}

fn result(item: &Item, sought: &Sought, catalogue: &Catalogue, language: Language) -> Markup {
    // What an article's own page says is searched, and shown only as far as the list says it too.
    let (title, text) = (&item.article.title, plain_text(&item.article.html));
    let text = if text.is_empty() { item.article.summary.clone() } else { text };
    html! {
        article .clip {
            h3 {
                @match list::web(item.article.url.as_deref()) {
                    Some(url) => a href=(url) rel="noopener" { (marked(title, sought)) },
                    None => (marked(title, sought)),
                }
            }
            p .meta { (list::meta(item, catalogue, language)) }
            p .excerpt { (marked(excerpt(&text, sought), sought)) }
            (list::also(item, catalogue, language))
            (list::labels(item, catalogue, language))
        }
    }
}

/// A text with the sought words marked.
fn marked(text: &str, sought: &Sought) -> Markup {
    let mut done = 0;
    let parts = marks(text, sought).into_iter().map(|range| {
        let before = &text[std::mem::replace(&mut done, range.end)..range.start];
        (before, &text[range])
    });
    let parts: Vec<(&str, &str)> = parts.collect();
    html! {
        @for (before, word) in &parts { (before) mark { (word) } }
        (text[done..])
    }
}
