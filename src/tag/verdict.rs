use crate::domain::{Because, Field, Slug};

/// As much evidence as is kept with a label.
const EVIDENCE: usize = 3;

/// A topic's or region's patterns, by number.
#[derive(Debug)]
pub struct Lists {
    /// Which.
    pub id: Slug,
    /// One of these, where there are any.
    pub any: Vec<u32>,
    /// Each of these.
    pub all: Vec<u32>,
    /// None of these.
    pub none: Vec<u32>,
}

/// Where a pattern was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Which pattern.
    pub pattern: u32,
    /// In which part.
    pub field: Field,
    /// The words there.
    pub words: String,
}

/// How a topic was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It applies, because of these words.
    Applies(Vec<Because>),
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

/// Judges one topic or region by what was found.
pub fn judge(lists: &Lists, hits: &[Hit], written: &[String]) -> Verdict {
    let of = |patterns: &[u32]| -> Vec<Because> {
        let own = hits.iter().filter(|hit| patterns.contains(&hit.pattern));
        own.take(EVIDENCE).map(|hit| because(hit, written)).collect()
    };
    let has = |pattern: &u32| hits.iter().any(|hit| hit.pattern == *pattern);
    let mut found = of(&lists.any);
    let any = lists.any.is_empty() || !found.is_empty();
    found.extend(of(&lists.all));
    found.truncate(EVIDENCE);
    if found.is_empty() {
        return Verdict::Absent;
    }
    let mut missing: Vec<String> =
        lists.all.iter().filter(|pattern| !has(pattern)).map(|pattern| written[*pattern as usize].clone()).collect();
    if !any {
        missing.push("any".into());
    }
    if !missing.is_empty() {
        return Verdict::Lacks { found, missing };
    }
    let by = of(&lists.none);
    if by.is_empty() { Verdict::Applies(found) } else { Verdict::Barred { found, by } }
}

fn because(hit: &Hit, written: &[String]) -> Because {
    Because { field: hit.field, words: hit.words.clone(), rule: written[hit.pattern as usize].clone() }
}
