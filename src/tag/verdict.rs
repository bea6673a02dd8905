use crate::domain::Because;
use crate::tag::mention::{Finder, Mention};

/// As much evidence as is kept with a label.
const EVIDENCE: usize = 3;

/// How a topic or region was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It applies, because of these words.
    Applies(Vec<Because>),
    /// It is named, but the article is not about it.
    Passing {
        /// What was found.
        found: Vec<Because>,
    },
    /// Something of it was found, but not all that `all` asks for.
    Lacks {
        /// What was found.
        found: Vec<Because>,
        /// The patterns of `all` that were not, or `any` where none of its patterns was.
        missing: Vec<String>,
    },
    /// It would apply, but for these words of `none`.
    Barred {
        /// What was found.
        found: Vec<Because>,
        /// What bars it.
        by: Vec<Because>,
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
