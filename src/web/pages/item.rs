use maud::{Markup, html};

use crate::domain::{Because, Carrier, Catalogue, Facet, Field, Item, Label, LabelKind, Lack, Near};
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
        article .whole-item {
            h1 lang=[list::of_text(item, language)] { (list::headline(item)) }
            p .meta {
                (list::meta(item, catalogue, language))
                @if is_roll_up(&item.article.title) { " · " (words.roll_up) }
            }
            @if !item.article.authors.is_empty() { p .meta { (item.article.authors.join(", ")) } }
            @if let Some(url) = list::web(item.article.url.as_deref()) {
                p { a .button.original href=(url) rel="noopener" { (words.read_original) " " (outlet) " →" } }
            }
            @if !item.article.summary.is_empty() {
                p .excerpt-whole lang=[list::of_text(item, language)] { (item.article.summary) }
            }
        }
        (others(item, catalogue, language))
        section {
            h2 { (words.why) }
            @if item.labels.is_empty() { p .quiet { (words.no_label) } }
            dl .why { @for label in &item.labels { (reason(label, catalogue, words)) } }
        }
        @if !item.nearly.is_empty() {
            section {
                h2 { (words.nearly) }
                dl .why { @for near in &item.nearly { (lack(near, catalogue, words)) } }
            }
        }
        p .quiet {
            (words.first_seen) ": " time datetime=(item.first_seen.to_rfc3339()) { (language.date(item.first_seen, zone)) }
            @if item.edits > 0 { " · " (item.edits) " " (words.edits) }
        }
    };
    // A reader of one item may want its outlet's channel.
    let channel = Channel::Facet(Facet::Source(item.source().clone()));
    let whole = Narrowing::default();
    let announced = layout::Announced { channel: &channel, narrowing: &whole };
    layout::page(&item.article.title, &item_url(&catalogue.site, item.id), &announced, catalogue, language, &content)
}

/// Who else carried it: how much later, and for another item of its story how much of the text they share.
fn others(item: &Item, catalogue: &Catalogue, language: Language) -> Markup {
    let (words, root) = (language.words(), catalogue.site.url.path());
    let own = item.carriers[0].published.or(item.article.published);
    let row = |carrier: &Carrier, shared: Markup| {
        let lag = own.zip(carrier.published).map(|(own, other)| language.lag((other - own).num_minutes()));
        html! {
            li {
                @match list::web(carrier.url.as_deref()) {
                    Some(url) => a href=(url) rel="noopener" { (carrier.title) },
                    None => (carrier.title),
                }
                p .meta {
                    a href={ (root) "sources/" (carrier.source) } { (catalogue.source_title(&carrier.source)) }
                    @if let Some(lag) = lag { " · " (lag) }
                    (shared)
                }
            }
        }
    };
    html! {
        @if item.also().next().is_some() {
            section {
                h2 { (words.also) }
                ul .others {
                    @for carrier in &item.carriers[1..] { (row(carrier, html! {})) }
                    @for telling in &item.told_again {
                        (row(&telling.carrier, html! {
                            @if telling.own > 0 {
                                " · " (telling.own) " % " (words.of_its_text)
                                @if telling.like != item.id {
                                    " " a href={ (root) "items/" (telling.like) } { (words.another_item) }
                                }
                            }
                            " · " a href={ (root) "items/" (telling.item) } { (words.details) span .unseen { ": " (telling.carrier.title) } }
                        }))
                    }
                }
            }
        }
    }
}

fn reason(label: &Label, catalogue: &Catalogue, words: &Words) -> Markup {
    html! {
        dt { span .quiet { (kind(label.kind, words)) } " " (list::label_link(label, catalogue)) }
        dd { (evidence(&label.because, words)) }
    }
}

fn lack(near: &Near, catalogue: &Catalogue, words: &Words) -> Markup {
    let title = match near.kind {
        LabelKind::Topic => catalogue.topic(&near.id).map(|topic| topic.title.as_str()),
        LabelKind::Region => catalogue.region(&near.id).map(|region| region.title.as_str()),
    };
    html! {
        dt { span .quiet { (kind(near.kind, words)) } " " (title.unwrap_or(near.id.as_str())) }
        dd {
            (evidence(&near.found, words))
            p {
                @match &near.lacks {
                    Lack::Weight => (words.lacks[0]),
                    Lack::Patterns(missing) => { (words.lacks[1]) " " code { (missing.join(", ")) } },
                    Lack::Barred(by) => { (words.lacks[2]) (evidence(by, words)) },
                }
            }
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
        @for because in all {
            span .evidence {
                "“" b { (because.words) } "” " (field(because.field))
                @if because.paragraph > 0 { ", " (words.paragraph) " " (because.paragraph) }
                span .quiet { " · " (words.rule) " " code { (because.rule) } }
            }
        }
    }
}
