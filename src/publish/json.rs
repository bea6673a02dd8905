use std::borrow::Cow;

use serde::Serialize;

use crate::domain::{Because, Carrier, Catalogue, Instant, Label, Lack, Near};
use crate::publish::language::language;
use crate::publish::view::{View, join};
use crate::publish::{Head, ICON, plain};

// The wire shapes of JSON Feed 1.1, with one extension object of ours: `_kliping`.

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: &'a str,
    description: String,
    icon: String,
    favicon: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hubs: Option<[Hub<'a>; 1]>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_html: &'a str,
    summary: &'a str,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_kliping")]
    kliping: Extension<'a>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Extension<'a> {
    source: &'a str,
    first_seen: String,
    labels: Vec<LabelShape<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearly: Vec<NearShape<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    roll_up: bool,
    story: String,
    also: Vec<Also<'a>>,
}

#[derive(Serialize)]
struct LabelShape<'a> {
    kind: &'static str,
    id: &'a str,
    because: Vec<BecauseShape<'a>>,
}

/// A label that nearly applied, and what was missing.
#[derive(Serialize)]
struct NearShape<'a> {
    kind: &'static str,
    id: &'a str,
    found: Vec<BecauseShape<'a>>,
    lacks: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    missing: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    barred_by: Vec<BecauseShape<'a>>,
}

#[derive(Serialize)]
struct BecauseShape<'a> {
    field: &'static str,
    words: Cow<'a, str>,
    rule: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph: Option<u16>,
}

#[derive(Serialize)]
struct Also<'a> {
    source: &'a str,
    url: Option<&'a str>,
    title: Cow<'a, str>,
    published: Option<String>,
}

/// Writes JSON Feed 1.1.
pub fn write(head: &Head, views: &[View<'_>], catalogue: &Catalogue) -> Vec<u8> {
    let date = |instant: Instant| instant.with_timezone(&catalogue.site.timezone).to_rfc3339();
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: plain(&head.title).into_owned(),
        home_page_url: head.page.as_str(),
        feed_url: head.feed.as_str(),
        description: plain(&head.description).into_owned(),
        icon: join(&catalogue.site, ICON).into(),
        favicon: join(&catalogue.site, ICON).into(),
        language: language(&catalogue.site.language),
        next_url: head.older.as_ref().map(url::Url::as_str),
        hubs: head.hub.as_ref().map(|hub| [Hub { r#type: "WebSub", url: hub.as_str() }]),
        items: views.iter().map(|view| item(view, &date)).collect(),
    };
    serde_json::to_vec(&feed).expect("plain data with text keys always has a JSON form")
}

fn item<'a>(view: &'a View<'_>, date: &impl Fn(Instant) -> String) -> Item<'a> {
    let image = view.media.iter().find(|media| media.is_picture());
    // The outlet where there is no byline, as in Atom.
    let outlet = view.authors.is_empty().then_some(Author { name: &view.outlet });
    Item {
        id: &view.id,
        url: &view.link,
        title: &view.title,
        content_html: &view.html,
        summary: &view.summary,
        date_published: date(view.published),
        date_modified: date(view.updated),
        image: image.map(|media| media.url.as_str()),
        authors: view.authors.iter().map(|name| Author { name }).chain(outlet).collect(),
        tags: view.categories.iter().map(|category| &*category.title).collect(),
        language: view.language.as_deref(),
        attachments: view
            .media
            .iter()
            .map(|media| Attachment {
                url: &media.url,
                mime_type: media.media_type.as_deref().unwrap_or("application/octet-stream"),
                size_in_bytes: media.bytes,
            })
            .collect(),
        kliping: Extension {
            source: view.item.source().as_str(),
            first_seen: date(view.item.first_seen),
            labels: view.item.labels.iter().map(label).collect(),
            nearly: view.item.nearly.iter().map(near).collect(),
            roll_up: view.roll_up,
            story: view.item.story().to_string(),
            also: view.also.iter().map(|(carrier, url)| also(carrier, url.as_deref(), date)).collect(),
        },
    }
}

fn label(label: &Label) -> LabelShape<'_> {
    LabelShape { kind: label.kind.as_str(), id: label.id.as_str(), because: becauses(&label.because) }
}

fn near(near: &Near) -> NearShape<'_> {
    let (missing, by): (&[String], &[Because]) = match &near.lacks {
        Lack::Weight => (&[], &[]),
        Lack::Patterns(missing) => (missing, &[]),
        Lack::Barred(by) => (&[], by),
    };
    NearShape {
        kind: near.kind.as_str(),
        id: near.id.as_str(),
        found: becauses(&near.found),
        lacks: near.lacks.as_str(),
        missing,
        barred_by: becauses(by),
    }
}

fn becauses(all: &[Because]) -> Vec<BecauseShape<'_>> {
    all.iter()
        .map(|because| BecauseShape {
            field: because.field.as_str(),
            words: plain(&because.words),
            rule: plain(&because.rule),
            paragraph: (because.paragraph > 0).then_some(because.paragraph),
        })
        .collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

fn also<'a>(carrier: &'a Carrier, url: Option<&'a str>, date: &impl Fn(Instant) -> String) -> Also<'a> {
    Also { source: carrier.source.as_str(), url, title: plain(&carrier.title), published: carrier.published.map(date) }
}
