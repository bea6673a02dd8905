use crate::domain::{Because, Lack};
use crate::tag::mention::{Finder, Mention};

/// As much evidence as is kept with a label.
const EVIDENCE: usize = 3;

/// How a topic or region was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It applies, because of these words.
    Applies(Vec<Because>),
    /// Something speaks for it, but not enough.
    Nearly {
        /// What was found.
        found: Vec<Because>,
        /// What it lacks.
        lacks: Lack,
    },
    /// Nothing of it was found.
    Absent,
}

/// The mentions as evidence: each pattern and words once, strongest field first.
pub fn evidence<'a>(mentions: impl IntoIterator<Item = &'a Mention<'a>>, finder: &Finder) -> Vec<Because> {
    let mut all: Vec<Because> = Vec::new();
    for mention in mentions {
        if all.len() < EVIDENCE && !all.iter().any(|one| one.words == mention.words()) {
            all.push(Because {
                field: mention.field,
                words: mention.words().to_owned(),
                rule: finder.written(mention.pattern).to_owned(),
                paragraph: mention.paragraph,
            });
        }
    }
    all
}
