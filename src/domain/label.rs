use crate::domain::Slug;

/// Whether a label says what an item is about or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LabelKind {
    /// A topic of feeds.toml.
    Topic,
    /// A kabupaten or kota.
    Region,
}

impl LabelKind {
    /// The word in machine-readable output: `topic` or `region`.
    pub fn as_str(self) -> &'static str {
        match self {
            LabelKind::Topic => "topic",
            LabelKind::Region => "region",
        }
    }
}

/// A topic or region that an item was given, and because of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Topic or region.
    pub kind: LabelKind,
    /// Which.
    pub id: Slug,
    /// The words that decided it, at most three, strongest field first. Never empty.
    pub because: Vec<Because>,
}

/// One piece of evidence for a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// Where it stands.
    pub field: Field,
    /// The words as the article writes them; for [`Field::Source`] the source's id.
    pub words: String,
    /// The pattern of feeds.toml that they matched.
    pub rule: String,
    /// In which paragraph of the text, counted from 1; 0 outside the text.
    pub paragraph: u16,
}

/// A topic or region that nearly applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Topic or region.
    pub kind: LabelKind,
    /// Which.
    pub id: Slug,
    /// What spoke for it, at most three.
    pub found: Vec<Because>,
    /// What it lacks.
    pub lacks: Lack,
}

/// What a label lacks to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is named, but the article is not about it.
    Weight,
    /// These patterns of `all` were not found; `any` where none of its patterns was.
    Patterns(Vec<String>),
    /// These words of `none` bar it.
    Barred(Vec<Because>),
}

impl Lack {
    /// The word in machine-readable output.
    pub fn as_str(&self) -> &'static str {
        match self {
            Lack::Weight => "weight",
            Lack::Patterns(_) => "patterns",
            Lack::Barred(_) => "barred",
        }
    }
}

/// The part of an article in which words were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The title.
    Title,
    /// The text's first sentences.
    Lead,
    /// Somebody's words in the text.
    Quote,
    /// The rest of the text.
    Text,
    /// The place before the first sentence, where the article was written.
    Dateline,
    /// One of the publisher's categories.
    Category,
    /// Not in the article: the region that the operator gave its source.
    Source,
}

impl Field {
    /// The word in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Lead => "lead",
            Field::Quote => "quote",
            Field::Dateline => "dateline",
            Field::Text => "text",
            Field::Category => "category",
            Field::Source => "source",
        }
    }
}
