use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{Because, Field, Label, LabelKind, Lack, Near};
use crate::store::disk::record::Text;

/// What nearly applied.
#[derive(Serialize, Deserialize)]
pub struct NearV2<'a> {
    /// 0 topic, 1 region.
    kind: u8,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    found: Vec<BecauseV2<'a>>,
    #[serde(borrow)]
    lacks: LackV2<'a>,
}

/// Field, words, rule, paragraph.
type BecauseV2<'a> = (u8, Text<'a>, Text<'a>, u16);

#[derive(Serialize, Deserialize)]
enum LackV2<'a> {
    Weight,
    Patterns(#[serde(borrow)] Vec<Text<'a>>),
    Barred(#[serde(borrow)] Vec<BecauseV2<'a>>),
}

/// A label, without the paragraphs of its evidence, which version 2 keeps beside it.
#[derive(Serialize, Deserialize)]
pub struct LabelV1<'a> {
    /// 0 topic, 1 region.
    kind: u8,
    #[serde(borrow)]
    id: Text<'a>,
    /// Field (0 title, 1 text, 2 category, 3 source), words, rule.
    #[serde(borrow)]
    because: Vec<(u8, Text<'a>, Text<'a>)>,
}

/// A record of a label.
pub fn label_record(label: &Label) -> LabelV1<'_> {
    LabelV1 {
        kind: kind_number(label.kind),
        id: Cow::Borrowed(label.id.as_str()),
        because: label
            .because
            .iter()
            .map(|because| (field_number(because.field), Cow::Borrowed(&*because.words), Cow::Borrowed(&*because.rule)))
            .collect(),
    }
}

/// The label of a record; `None` where it makes no sense.
pub fn label(record: LabelV1<'_>) -> Option<Label> {
    let kind = kind(record.kind)?;
    let because = record.because.into_iter().map(|(number, words, rule)| {
        Some(Because { field: field(number)?, words: words.into_owned(), rule: rule.into_owned(), paragraph: 0 })
    });
    Some(Label { kind, id: record.id.as_ref().into(), because: because.collect::<Option<_>>()? })
}

/// A record of what nearly applied.
pub fn near_record(near: &Near) -> NearV2<'_> {
    NearV2 {
        kind: kind_number(near.kind),
        id: Cow::Borrowed(near.id.as_str()),
        found: becauses(&near.found),
        lacks: match &near.lacks {
            Lack::Weight => LackV2::Weight,
            Lack::Patterns(missing) => {
                LackV2::Patterns(missing.iter().map(|one| Cow::Borrowed(one.as_str())).collect())
            }
            Lack::Barred(by) => LackV2::Barred(becauses(by)),
        },
    }
}

fn becauses(all: &[Because]) -> Vec<BecauseV2<'_>> {
    all.iter()
        .map(|one| (field_number(one.field), Cow::Borrowed(&*one.words), Cow::Borrowed(&*one.rule), one.paragraph))
        .collect()
}

/// What nearly applied, of a record.
pub fn near(record: NearV2<'_>) -> Option<Near> {
    let because = |(number, words, rule, paragraph): BecauseV2<'_>| {
        Some(Because { field: field(number)?, words: words.into_owned(), rule: rule.into_owned(), paragraph })
    };
    let all = |list: Vec<BecauseV2<'_>>| list.into_iter().map(because).collect::<Option<Vec<_>>>();
    Some(Near {
        kind: kind(record.kind)?,
        id: record.id.as_ref().into(),
        found: all(record.found)?,
        lacks: match record.lacks {
            LackV2::Weight => Lack::Weight,
            LackV2::Patterns(missing) => Lack::Patterns(missing.into_iter().map(Cow::into_owned).collect()),
            LackV2::Barred(by) => Lack::Barred(all(by)?),
        },
    })
}

fn kind_number(kind: LabelKind) -> u8 {
    match kind {
        LabelKind::Topic => 0,
        LabelKind::Region => 1,
    }
}

fn kind(number: u8) -> Option<LabelKind> {
    match number {
        0 => Some(LabelKind::Topic),
        1 => Some(LabelKind::Region),
        _ => None,
    }
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
