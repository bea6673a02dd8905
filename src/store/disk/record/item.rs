use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{Article, Because, Carrier, Field, Item, ItemId, Label, LabelKind, Media};
use crate::store::disk::record::{instant, maybe_instant, millis};

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
struct ItemV1<'a> {
    #[serde(borrow)]
    article: ArticleV1<'a>,
    #[serde(borrow)]
    labels: Vec<LabelV1<'a>>,
    first_seen: i64,
    changed: i64,
    edits: u32,
    #[serde(borrow)]
    carriers: Vec<CarrierV1<'a>>,
}

#[derive(Serialize, Deserialize)]
struct ArticleV1<'a> {
    #[serde(borrow)]
    guid: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    html: Text<'a>,
    #[serde(borrow)]
    summary: Text<'a>,
    published: Option<i64>,
    updated: Option<i64>,
    #[serde(borrow)]
    authors: Vec<Text<'a>>,
    #[serde(borrow)]
    categories: Vec<Text<'a>>,
    #[serde(borrow)]
    media: Vec<(Text<'a>, Option<Text<'a>>, Option<u64>)>,
    #[serde(borrow)]
    language: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct LabelV1<'a> {
    /// 0 topic, 1 region.
    kind: u8,
    #[serde(borrow)]
    id: Text<'a>,
    /// Field (0 title, 1 text, 2 category, 3 source), words, rule.
    #[serde(borrow)]
    because: Vec<(u8, Text<'a>, Text<'a>)>,
}

#[derive(Serialize, Deserialize)]
struct CarrierV1<'a> {
    #[serde(borrow)]
    source: Text<'a>,
    arrival: u64,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    title: Text<'a>,
    published: Option<i64>,
}

/// A record of an item, without its number, which is its key.
pub fn encode_item(item: &Item) -> Vec<u8> {
    let article = &item.article;
    let record = ItemV1 {
        article: ArticleV1 {
            guid: borrowed(article.guid.as_ref()),
            url: borrowed(article.url.as_ref()),
            title: Cow::Borrowed(&article.title),
            html: Cow::Borrowed(&article.html),
            summary: Cow::Borrowed(&article.summary),
            published: article.published.map(millis),
            updated: article.updated.map(millis),
            authors: article.authors.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
            categories: article.categories.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
            media: article
                .media
                .iter()
                .map(|media| (Cow::Borrowed(media.url.as_str()), borrowed(media.media_type.as_ref()), media.bytes))
                .collect(),
            language: borrowed(article.language.as_ref()),
        },
        labels: item.labels.iter().map(label_record).collect(),
        first_seen: millis(item.first_seen),
        changed: millis(item.changed),
        edits: item.edits,
        carriers: item
            .carriers
            .iter()
            .map(|carrier| CarrierV1 {
                source: Cow::Borrowed(carrier.source.as_str()),
                arrival: carrier.arrival,
                url: borrowed(carrier.url.as_ref()),
                title: Cow::Borrowed(&carrier.title),
                published: carrier.published.map(millis),
            })
            .collect(),
    };
    postcard::to_stdvec(&record).expect("plain data of known lengths always has a postcard form")
}

/// The item of a record; `None` where the record makes no sense.
pub fn decode_item(id: ItemId, bytes: &[u8]) -> Option<Item> {
    let record: ItemV1<'_> = postcard::from_bytes(bytes).ok()?;
    let article = record.article;
    let owned = |texts: Vec<Text<'_>>| texts.into_iter().map(Cow::into_owned).collect();
    let carriers: Vec<Carrier> = record.carriers.into_iter().map(carrier).collect::<Option<_>>()?;
    // An item without a carrier has no source; nothing writes such a record.
    carriers.first()?;
    Some(Item {
        id,
        article: Article {
            guid: article.guid.map(Cow::into_owned),
            url: article.url.map(Cow::into_owned),
            title: article.title.into_owned(),
            html: article.html.into_owned(),
            summary: article.summary.into_owned(),
            published: maybe_instant(article.published)?,
            updated: maybe_instant(article.updated)?,
            authors: owned(article.authors),
            categories: owned(article.categories),
            media: article
                .media
                .into_iter()
                .map(|(url, kind, bytes)| Media { url: url.into_owned(), media_type: kind.map(Cow::into_owned), bytes })
                .collect(),
            language: article.language.map(Cow::into_owned),
        },
        labels: record.labels.into_iter().map(label).collect::<Option<_>>()?,
        first_seen: instant(record.first_seen)?,
        changed: instant(record.changed)?,
        edits: record.edits,
        carriers,
    })
}

fn label_record(label: &Label) -> LabelV1<'_> {
    LabelV1 {
        kind: match label.kind {
            LabelKind::Topic => 0,
            LabelKind::Region => 1,
        },
        id: Cow::Borrowed(label.id.as_str()),
        because: label
            .because
            .iter()
            .map(|because| (field_number(because.field), Cow::Borrowed(&*because.words), Cow::Borrowed(&*because.rule)))
            .collect(),
    }
}

fn label(record: LabelV1<'_>) -> Option<Label> {
    let kind = match record.kind {
        0 => LabelKind::Topic,
        1 => LabelKind::Region,
        _ => return None,
    };
    let because = record.because.into_iter().map(|(number, words, rule)| {
        Some(Because { field: field(number)?, words: words.into_owned(), rule: rule.into_owned(), paragraph: 0 })
    });
    Some(Label { kind, id: record.id.as_ref().into(), because: because.collect::<Option<_>>()? })
}

const FIELDS: [Field; 7] =
    [Field::Title, Field::Text, Field::Category, Field::Source, Field::Lead, Field::Quote, Field::Dateline];

fn field_number(field: Field) -> u8 {
    match field {
        Field::Title => 0,
        Field::Text => 1,
        Field::Category => 2,
        Field::Source => 3,
        Field::Lead => 4,
        Field::Quote => 5,
        Field::Dateline => 6,
    }
}

fn field(number: u8) -> Option<Field> {
    FIELDS.get(usize::from(number)).copied()
}

fn carrier(record: CarrierV1<'_>) -> Option<Carrier> {
    Some(Carrier {
        source: record.source.as_ref().into(),
        arrival: record.arrival,
        url: record.url.map(Cow::into_owned),
        title: record.title.into_owned(),
        published: maybe_instant(record.published)?,
    })
}

fn borrowed(text: Option<&String>) -> Option<Text<'_>> {
    text.map(|text| Cow::Borrowed(text.as_str()))
}
