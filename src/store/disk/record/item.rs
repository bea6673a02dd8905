use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{Article, Carrier, Item, ItemId, Media, Telling};
use crate::store::disk::record::label::{LabelV1, NearV2, label, label_record, near, near_record};
use crate::store::disk::record::{Text, instant, maybe_instant, millis};

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

/// What version 2 adds.
#[derive(Serialize, Deserialize)]
struct MoreV2<'a> {
    /// Of each label the paragraphs of its evidence.
    paragraphs: Vec<Vec<u16>>,
    first_told: Option<u64>,
    #[serde(borrow)]
    told_again: Vec<TellingV2<'a>>,
    #[serde(borrow)]
    nearly: Vec<NearV2<'a>>,
}

/// What version 3 adds.
#[derive(Serialize, Deserialize)]
struct MoreV3<'a> {
    #[serde(borrow)]
    body: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct TellingV2<'a> {
    item: u64,
    #[serde(borrow)]
    carrier: CarrierV1<'a>,
    like: u64,
    kept: u8,
    own: u8,
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
        carriers: item.carriers.iter().map(carrier_record).collect(),
    };
    let more = MoreV2 {
        paragraphs: item.labels.iter().map(|label| label.because.iter().map(|one| one.paragraph).collect()).collect(),
        first_told: item.first_told.map(|first| first.0),
        told_again: item
            .told_again
            .iter()
            .map(|one| TellingV2 {
                item: one.item.0,
                carrier: carrier_record(&one.carrier),
                like: one.like.0,
                kept: one.kept,
                own: one.own,
            })
            .collect(),
        nearly: item.nearly.iter().map(near_record).collect(),
    };
    let most = MoreV3 { body: borrowed(article.body.as_ref()) };
    postcard::to_stdvec(&(record, more, most)).expect("plain data of known lengths always has a postcard form")
}

/// The item of a record of that version; `None` where the record makes no sense.
pub fn decode_item(id: ItemId, version: u8, bytes: &[u8]) -> Option<Item> {
    if version == 1 {
        return first_part(id, postcard::from_bytes(bytes).ok()?);
    }
    let ((first, more), rest): ((ItemV1<'_>, MoreV2<'_>), &[u8]) = postcard::take_from_bytes(bytes).ok()?;
    let mut item = first_part(id, first)?;
    if version > 2 {
        let most: MoreV3<'_> = postcard::from_bytes(rest).ok()?;
        item.article.body = most.body.map(Cow::into_owned);
    }
    for (label, paragraphs) in item.labels.iter_mut().zip(more.paragraphs) {
        for (because, paragraph) in label.because.iter_mut().zip(paragraphs) {
            because.paragraph = paragraph;
        }
    }
    item.first_told = more.first_told.map(ItemId);
    let telling = |one: TellingV2<'_>| {
        let (item, like) = (ItemId(one.item), ItemId(one.like));
        Some(Telling { item, carrier: carrier(one.carrier)?, like, kept: one.kept, own: one.own })
    };
    item.nearly = more.nearly.into_iter().map(near).collect::<Option<_>>()?;
    item.told_again = more.told_again.into_iter().map(telling).collect::<Option<_>>()?;
    Some(item)
}

fn first_part(id: ItemId, record: ItemV1<'_>) -> Option<Item> {
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
            body: None,
        },
        labels: record.labels.into_iter().map(label).collect::<Option<_>>()?,
        nearly: Vec::new(),
        first_seen: instant(record.first_seen)?,
        changed: instant(record.changed)?,
        edits: record.edits,
        carriers,
        first_told: None,
        told_again: Vec::new(),
    })
}

fn carrier_record(carrier: &Carrier) -> CarrierV1<'_> {
    CarrierV1 {
        source: Cow::Borrowed(carrier.source.as_str()),
        arrival: carrier.arrival,
        url: borrowed(carrier.url.as_ref()),
        title: Cow::Borrowed(&carrier.title),
        published: carrier.published.map(millis),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Because, Field, Label, LabelKind, Lack, Near};

    fn item() -> Item {
        let at = |seconds: i64| instant(seconds * 1000).unwrap();
        let carrier = |arrival: u64| Carrier {
            source: "a".into(),
            arrival,
            url: Some("https://a.example/1".into()),
            title: "Judul".into(),
            published: Some(at(3)),
        };
        let because = Because { field: Field::Quote, words: "kata".into(), rule: "kata".into(), paragraph: 3 };
        Item {
            id: ItemId(7),
            article: Article {
                guid: Some("g".into()),
                url: None,
                title: "Judul".into(),
                html: "<p>Isi</p>".into(),
                summary: "Isi".into(),
                published: None,
                updated: Some(at(4)),
                authors: vec!["Ani".into()],
                categories: vec!["Kaltim".into()],
                media: vec![Media { url: "https://a.example/b.jpg".into(), media_type: None, bytes: Some(9) }],
                language: Some("id".into()),
                body: Some("<p>Isi yang panjang</p>".into()),
            },
            labels: vec![Label { kind: LabelKind::Topic, id: "tppo".into(), because: vec![because.clone()] }],
            nearly: vec![Near {
                kind: LabelKind::Region,
                id: "berau".into(),
                found: vec![because.clone()],
                lacks: Lack::Barred(vec![because]),
            }],
            first_seen: at(1),
            changed: at(2),
            edits: 1,
            carriers: vec![carrier(7)],
            first_told: Some(ItemId(5)),
            told_again: vec![Telling { item: ItemId(8), carrier: carrier(8), like: ItemId(7), kept: 90, own: 80 }],
        }
    }

    #[test]
    fn an_item_comes_back_as_it_was() {
        assert_eq!(decode_item(ItemId(7), 3, &encode_item(&item())), Some(item()));
    }

    /// What is written now begins with what the older versions wrote.
    #[test]
    fn an_item_of_the_second_version_is_still_read() {
        let bytes = encode_item(&item());
        let (_, rest): ((ItemV1<'_>, MoreV2<'_>), &[u8]) = postcard::take_from_bytes(&bytes).unwrap();
        let old = decode_item(ItemId(7), 2, &bytes[..bytes.len() - rest.len()]).unwrap();
        assert_eq!(old, Item { article: Article { body: None, ..item().article }, ..item() });
    }

    /// The first part of what is written now is what version 0.1 wrote.
    #[test]
    fn an_item_of_the_first_version_is_still_read() {
        let bytes = encode_item(&item());
        let (_, rest): (ItemV1<'_>, &[u8]) = postcard::take_from_bytes(&bytes).unwrap();
        let old = decode_item(ItemId(7), 1, &bytes[..bytes.len() - rest.len()]).unwrap();
        assert_eq!((old.first_told, old.told_again.len(), old.labels[0].because[0].paragraph), (None, 0, 0));
        assert_eq!((old.article.html, old.carriers), (item().article.html, item().carriers));
    }

    #[test]
    fn damage_is_no_item() {
        for bytes in [&[][..], &[1], &[255; 40]] {
            assert_eq!(decode_item(ItemId(1), 1, bytes), None);
            assert_eq!(decode_item(ItemId(1), 2, bytes), None);
            assert_eq!(decode_item(ItemId(1), 3, bytes), None);
        }
    }
}
