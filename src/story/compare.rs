use chrono::TimeDelta;

use crate::story::wording::Wording;

/// What is known of two articles beside their wording.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Whether the same outlet wrote both.
    pub same_outlet: bool,
    /// How long lies between them.
    pub apart: TimeDelta,
}

/// How two articles were judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// They carry the same text.
    Same(Same),
    /// They do not.
    Different(Different),
}

/// Why two articles are the same story.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Same {
    /// The part of the first one's text that stands in the second, word for word, in percent.
    pub kept: u8,
    /// The part of the second one's text that is the first's, in percent.
    pub own: u8,
}

/// Why two articles are different stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Different {
    /// Too little of their wording is the same.
    Wording,
    /// They share a template, and tell of different days or figures.
    Template,
    /// One is too short to tell.
    Short,
}

/// Of the shorter text, this part in the other makes them one, whoever wrote them.
const NEARLY_ALL: f64 = 0.86;
/// From another outlet less is enough: outlets share releases, while one outlet's pieces share background.
const MOST: f64 = 0.8;
/// The part in common and a third of the titles' likeness, together, make a release that was reworded or cut.
const REWORDED: f64 = 0.71;
const TITLE: f64 = 0.35;
/// Below this nothing is joined.
const LEAST: f64 = 0.3;
/// In a text of fewer words a few sentences of background are most of it.
const SHORT: usize = 80;
/// A text of fewer words is a sentence or two, which must have a title alike.
const ONE_SENTENCE: usize = 40;
/// A text of fewer words is a headline.
const TOO_SHORT: usize = 12;
/// Shingles in quotation marks, and figures, from which on they tell something.
const QUOTED: usize = 10;
const FIGURES: usize = 3;
/// From this part in common on, two texts may be of one template.
const TEMPLATE: f64 = 0.6;

/// What two articles have in common. Each part is of whichever has less of it, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Runs of four words.
    pub contained: f64,
    /// Words of the titles.
    pub titles: f64,
    /// What is quoted, word for word; `None` where one quotes too little to tell.
    pub quotes: Option<f64>,
    /// Figures, without dates; `None` where one has too few to tell.
    pub figures: Option<f64>,
    /// Words of the shorter text.
    pub words: usize,
}

impl Likeness {
    /// Measures two articles.
    pub fn of(first: &Wording, second: &Wording) -> Likeness {
        let (fewer, more) = ordered(first, second, |wording| wording.shingles.len());
        let contained = part(common(&fewer.shingles, &more.shingles), fewer.shingles.len());
        let titles = part(first.title.intersection(&second.title).count(), first.title.len().min(second.title.len()));
        let (little, much) = ordered(first, second, |wording| wording.quoted.len());
        let quotes = part(common(&little.quoted, &much.shingles), little.quoted.len());
        let (few, many) = ordered(first, second, |wording| wording.numbers.len());
        let figures = part(few.numbers.intersection(&many.numbers).count(), few.numbers.len());
        Likeness {
            contained,
            titles,
            quotes: (little.quoted.len() >= QUOTED).then_some(quotes),
            figures: (few.numbers.len() >= FIGURES).then_some(figures),
            words: fewer.words,
        }
    }
}

fn ordered<'a>(
    first: &'a Wording,
    second: &'a Wording,
    size: impl Fn(&Wording) -> usize,
) -> (&'a Wording, &'a Wording) {
    if size(first) <= size(second) { (first, second) } else { (second, first) }
}

/// Compares two articles.
pub fn compare(first: &Wording, second: &Wording, circumstances: Circumstances) -> Verdict {
    let likeness = Likeness::of(first, second);
    if likeness.words < TOO_SHORT {
        return Verdict::Different(Different::Short);
    }
    if likeness.contained >= TEMPLATE && of_one_template(first, second, circumstances) {
        return Verdict::Different(Different::Template);
    }
    // Some feeds bring the same sentence with every item.
    if likeness.words < ONE_SENTENCE && likeness.titles < 0.5 {
        return Verdict::Different(Different::Short);
    }
    let enough = likeness.contained >= NEARLY_ALL
        || if circumstances.same_outlet { is_run_again(&likeness) } else { is_release(&likeness) };
    if !enough {
        let short = likeness.words < SHORT && likeness.contained >= 0.5;
        return Verdict::Different(if short { Different::Short } else { Different::Wording });
    }
    Verdict::Same(Same { kept: kept(first, second), own: kept(second, first) })
}

/// The part of a text that stands in another, word for word, in percent.
pub fn kept(text: &Wording, there: &Wording) -> u8 {
    percent(part(common(&text.shingles, &there.shingles), text.shingles.len()))
}

/// One release in two outlets, reworded or cut.
fn is_release(likeness: &Likeness) -> bool {
    let together = likeness.contained + TITLE * likeness.titles;
    likeness.contained >= MOST || (likeness.words >= SHORT && likeness.contained >= LEAST && together >= REWORDED)
}

/// An outlet runs its piece again under another title: what it quotes and counts stays, word for word. Its pieces on one matter share
/// paragraphs of background too, but not all quotations and figures.
fn is_run_again(likeness: &Likeness) -> bool {
    if likeness.titles >= 0.95 {
        return likeness.contained >= 0.5;
    }
    likeness.contained >= LEAST
        && likeness.quotes.is_some_and(|part| part >= 0.95)
        && likeness.figures.is_none_or(|part| part >= 0.95)
        && likeness.titles >= 0.4
}

/// Prayer times, price lists and fixtures of another day: the same sentences about other days and figures.
fn of_one_template(first: &Wording, second: &Wording, circumstances: Circumstances) -> bool {
    if !first.title_days.is_empty() && !second.title_days.is_empty() && first.title_days.is_disjoint(&second.title_days)
    {
        return true;
    }
    let only = |a: &Wording, b: &Wording| a.numbers.difference(&b.numbers).count();
    let (one, other) = (only(first, second), only(second, first));
    let days = first.days.len().min(second.days.len());
    let common = first.days.intersection(&second.days).count();
    // One outlet tells another day's programme; two outlets may date one release a day apart, but then its figures are the same.
    if days > 0
        && (if circumstances.same_outlet { common * 2 < days.max(2) } else { common == 0 && one > 0 && other > 0 })
    {
        return true;
    }
    // A list of figures of another day may name no day at all.
    let fewer = first.numbers.len().min(second.numbers.len());
    let most_differ = one.min(other) >= 3 && one.min(other) * 3 >= fewer;
    circumstances.same_outlet && most_differ && circumstances.apart.abs() >= TimeDelta::hours(12)
}

fn part(count: usize, of: usize) -> f64 {
    // Exact: texts have fewer words than a double has integers.
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

fn percent(part: f64) -> u8 {
    // Between 0 and 100 by its making.
    (part * 100.0).round() as u8
}

/// How many hashes two lists, each in order of size, have in common.
fn common(one: &[u32], other: &[u32]) -> usize {
    let (mut at, mut there, mut count) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(at), other.get(there)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => there += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                at += 1;
                there += 1;
            }
        }
    }
    count
}
