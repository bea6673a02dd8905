use crate::domain::{Field, Lack, Slug};
use crate::tag::mention::{Finder, Mention};
use crate::tag::subject::Subject;
use crate::tag::verdict::{Verdict, evidence};

/// A topic's patterns, by number.
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
    /// Names in which the words do not count.
    pub except: Vec<u32>,
}

/// Somebody decided, or was seized: a sentence with one of these tells news, also where it stands late in the text. Folded, as written.
const DECISIONS: [&str; 16] = [
    "menetapkan",
    "ditetapkan",
    "memutuskan",
    "diputuskan",
    "mengesahkan",
    "disahkan",
    "divonis",
    "dijerat",
    "menjerat",
    "ditangkap",
    "menangkap",
    "meneken",
    "menandatangani",
    "tersangka",
    "didakwa",
    "terdakwa",
];

/// Judges one topic by what was found.
pub fn judge(lists: &Lists, subject: &Subject<'_>, mentions: &[Mention<'_>], finder: &Finder) -> Verdict {
    let of = |patterns: &[u32]| -> Vec<&Mention<'_>> {
        mentions
            .iter()
            .filter(|mention| mention.field != Field::Dateline && patterns.contains(&mention.pattern))
            .collect()
    };
    let excepted = of(&lists.except);
    let counts = |mention: &&Mention<'_>| !excepted.iter().any(|name| mention.is_within(name));
    let counted = |patterns: &[u32]| -> Vec<&Mention<'_>> { of(patterns).into_iter().filter(counts).collect() };
    let (any, all) = (counted(&lists.any), counted(&lists.all));
    let found: Vec<&Mention<'_>> = any.iter().chain(&all).copied().collect();
    if found.is_empty() {
        return Verdict::Absent;
    }
    let lacks = |pattern: &&u32| !all.iter().any(|mention| mention.pattern == **pattern);
    let mut missing: Vec<String> =
        lists.all.iter().filter(lacks).map(|pattern| finder.written(*pattern).to_owned()).collect();
    if any.is_empty() && !lists.any.is_empty() {
        missing.push("any".into());
    }
    if !missing.is_empty() {
        return Verdict::Nearly { found: evidence(found, finder), lacks: Lack::Patterns(missing) };
    }
    let by = of(&lists.none);
    if !by.is_empty() {
        return Verdict::Nearly { found: evidence(found, finder), lacks: Lack::Barred(evidence(by, finder)) };
    }
    // What the topic is told by: `all` narrows, where there is an `any`.
    if is_about(if any.is_empty() { &all } else { &any }, subject) {
        return Verdict::Applies(evidence(found, finder));
    }
    Verdict::Nearly { found: evidence(found, finder), lacks: Lack::Weight }
}

/// Named in the title, in the lead, by the publisher's category, in a quotation, in a decision, or in more than one sentence.
fn is_about(mentions: &[&Mention<'_>], subject: &Subject<'_>) -> bool {
    let first = mentions.first().map_or(0, |mention| mention.sentence);
    mentions.iter().any(|mention| match mention.field {
        Field::Title | Field::Lead | Field::Category | Field::Quote => true,
        _ => subject.roll_up || mention.sentence != first || tells_a_decision(mention, subject),
    })
}

fn tells_a_decision(mention: &Mention<'_>, subject: &Subject<'_>) -> bool {
    let sentence = &subject.text[subject.prose.sentence(mention.range.start, subject.text)];
    crate::text::words(sentence).any(|word| DECISIONS.iter().any(|decision| word.text.eq_ignore_ascii_case(decision)))
}
