use maud::{Markup, html};

use crate::domain::{Because, Catalogue, Facet, Field, Item, Label, LabelKind, Lack, Near};
use crate::publish::item_url;
use crate::text::is_roll_up;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::{layout, list};
use crate::web::words::{Language, Words};

/// `/items/ID`
pub fn item(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let outlet = catalogue.source_title(item.source());
    let zone = catalogue.site.timezone;
    let content = html! {
        article {
            h1 { (list::headline(item)) }
            p .meta {
                (list::meta(item, catalogue, language))
                @if is_roll_up(&item.article.title) { " · " (words.roll_up) }
            }
            @if !item.article.authors.is_empty() { p .meta { (item.article.authors.join(", ")) } }
            @if !item.article.summary.is_empty() { p { (item.article.summary) } }
            @if let Some(url) = item.article.url.as_deref().filter(|url| url.starts_with("http")) {
                p .original { a href=(url) rel="noopener" { (words.read_original) " " (outlet) " →" } }
            }
            (list::also(item, catalogue, language))
        }
        section {
            h2 { (words.why) }
            @if item.labels.is_empty() { p .quiet { (words.no_label) } }
            ul .why { @for label in &item.labels { li { (reason(label, catalogue, words)) } } }
        }
        @if !item.nearly.is_empty() {
            section {
                h2 { (words.nearly) }
                ul .why { @for near in &item.nearly { li { (lack(near, catalogue, words)) } } }
            }
        }
        (story(item, catalogue, words))
        p .quiet {
            (words.first_seen) ": " (language.date(item.first_seen, zone))
            @if item.edits > 0 { " · " (item.edits) " " (words.edits) }
        }
    };
    // A reader of one item may want its outlet's channel.
    let channel = Channel::Facet(Facet::Source(item.source().clone()));
    let whole = Narrowing::default();
    let announced = layout::Announced { channel: &channel, narrowing: &whole };
    layout::page(&item.article.title, &item_url(&catalogue.site, item.id), &announced, catalogue, language, &content)
}

/// The other items of its story, and how much of the text they share.
fn story(item: &Item, catalogue: &Catalogue, words: &Words) -> Markup {
    let root = catalogue.site.url.path();
    html! {
        @if !item.told_again.is_empty() {
            section {
                h2 { (words.same_story) }
                ul .why {
                    @for telling in &item.told_again {
                        li {
                            a href={ (root) "items/" (telling.item) } { (telling.carrier.title) }
                            " · " (catalogue.source_title(&telling.carrier.source))
                            @if telling.own > 0 {
                                ": " (telling.own) " % " (words.of_its_text)
                                @if telling.like != item.id {
                                    " " a href={ (root) "items/" (telling.like) } { (words.another_item) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn reason(label: &Label, catalogue: &Catalogue, words: &Words) -> Markup {
    html! {
        (kind(label.kind, words)) " " (list::label_link(label, catalogue)) ": " (evidence(&label.because, words))
    }
}

fn lack(near: &Near, catalogue: &Catalogue, words: &Words) -> Markup {
    let title = match near.kind {
        LabelKind::Topic => catalogue.topic(&near.id).map(|topic| topic.title.as_str()),
        LabelKind::Region => catalogue.region(&near.id).map(|region| region.title.as_str()),
    };
    html! {
        (kind(near.kind, words)) " " (title.unwrap_or(near.id.as_str())) ": " (evidence(&near.found, words)) "; "
        @match &near.lacks {
            Lack::Weight => (words.lacks[0]),
            Lack::Patterns(missing) => { (words.lacks[1]) " " code { (missing.join(", ")) } },
            Lack::Barred(by) => { (words.lacks[2]) " " (evidence(by, words)) },
        }
    }
}

fn kind(kind: LabelKind, words: &Words) -> &'static str {
    match kind {
        LabelKind::Topic => words.topic,
        LabelKind::Region => words.region,
    }
}

fn evidence(all: &[Because], words: &Words) -> Markup {
    let field = |field: Field| match field {
        Field::Title => words.fields[0],
        Field::Text => words.fields[1],
        Field::Category => words.fields[2],
        Field::Source => words.fields[3],
        Field::Lead => words.fields[4],
        Field::Quote => words.fields[5],
        Field::Dateline => words.fields[6],
    };
    html! {
        @for (at, because) in all.iter().enumerate() {
            @if at > 0 { "; " }
            "“" (because.words) "” (" (field(because.field))
            @if because.paragraph > 0 { ", " (words.paragraph) " " (because.paragraph) }
            ", " (words.rule) " " code { (because.rule) } ")"
        }
    }
}
