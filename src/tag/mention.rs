use std::ops::Range;

use regex_automata::meta::Regex;

use crate::domain::Field;
use crate::tag::automaton::Automaton;
use crate::tag::pattern::{Form, Pattern, Test};
use crate::tag::subject::Subject;
use crate::text::{Part, Prose, words};

/// Places that a regular expression is looked for in one text, at most.
const MOST: usize = 20;
/// Mentions of one pattern in one field that count, at most. No news says anything so often; what does would only take time.
const MOST_MENTIONS: u32 = 200;

/// A place where a pattern was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Which pattern.
    pub pattern: u32,
    /// In which field.
    pub field: Field,
    /// The whole of that field.
    pub whole: &'a str,
    /// Where in it, in bytes.
    pub range: Range<usize>,
    /// In which sentence of the text; 0 outside it.
    pub sentence: u32,
    /// In which paragraph of the text; 0 outside it.
    pub paragraph: u16,
}

impl<'a> Mention<'a> {
    /// The words as the article writes them.
    pub fn words(&self) -> &'a str {
        &self.whole[self.range.clone()]
    }

    /// Whether it lies within the other.
    pub fn is_within(&self, other: &Mention<'_>) -> bool {
        std::ptr::eq(self.whole, other.whole)
            && other.range.start <= self.range.start
            && self.range.end <= other.range.end
    }

    /// The same place in the article.
    fn order(&self) -> (u8, usize, usize) {
        (rank(self.field), self.range.start, self.range.end)
    }
}

/// Strongest field first.
fn rank(field: Field) -> u8 {
    match field {
        Field::Title => 0,
        Field::Lead => 1,
        Field::Quote => 2,
        Field::Text => 3,
        Field::Dateline => 4,
        Field::Category => 5,
        Field::Source => 6,
    }
}

/// Looks for all patterns at once.
#[derive(Debug, Default)]
pub struct Finder {
    automaton: Automaton,
    /// By the number under which the automaton reports a phrase.
    phrases: Vec<Phrase>,
    regexes: Vec<(u32, Box<Regex>)>,
    patterns: Vec<Known>,
}

/// A phrase and the pattern that it is, or is a side of.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    pattern: u32,
    side: Option<Side>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    One,
    Other,
}

/// What is to be known of a pattern once it is found.
#[derive(Debug)]
struct Known {
    written: String,
    only: Option<Field>,
    /// For two phrases that must stand near each other: at most so many words between them.
    near: Option<usize>,
}

impl Finder {
    /// Adds a pattern; it is reported under the number that is returned.
    pub fn add(&mut self, written: &str, pattern: Pattern) -> u32 {
        let number = u32::try_from(self.patterns.len()).expect("feeds.toml has fewer than four milliard patterns");
        let mut near = None;
        match pattern.form {
            Form::Phrase(tests) => self.phrase(number, None, &tests),
            Form::Near(one, other, words) => {
                near = Some(words);
                self.phrase(number, Some(Side::One), &one);
                self.phrase(number, Some(Side::Other), &other);
            }
            Form::Regex(regex) => self.regexes.push((number, regex)),
        }
        self.patterns.push(Known { written: written.to_owned(), only: pattern.only, near });
        number
    }

    fn phrase(&mut self, pattern: u32, side: Option<Side>, tests: &[Test]) {
        let number = u32::try_from(self.phrases.len()).expect("feeds.toml has fewer than four milliard patterns");
        self.phrases.push(Phrase { pattern, side });
        self.automaton.add(number, tests);
    }

    /// A pattern as feeds.toml has it.
    pub fn written(&self, pattern: u32) -> &str {
        &self.patterns[pattern as usize].written
    }

    /// Every place where a pattern stands, strongest field first.
    pub fn find<'a>(&self, subject: &Subject<'a>) -> Vec<Mention<'a>> {
        let mut found = Vec::new();
        self.find_in(Field::Title, subject.title, None, &mut found);
        self.find_in(Field::Text, subject.text, Some(&subject.prose), &mut found);
        for category in &subject.categories {
            self.find_in(Field::Category, category, None, &mut found);
        }
        found.sort_by_key(|mention| (mention.order(), mention.pattern));
        found
    }

    fn find_in<'a>(&self, field: Field, whole: &'a str, prose: Option<&Prose>, found: &mut Vec<Mention<'a>>) {
        let begin = found.len();
        let mut many = vec![0; self.phrases.len()];
        let mut sides: Vec<(Side, Mention<'a>)> = Vec::new();
        let mention = |pattern: u32, range: Range<usize>| {
            let spot = prose.map(|prose| prose.spot(range.start));
            let field = match spot.map(|spot| spot.part) {
                None => field,
                Some(Part::Noise) => return None,
                Some(Part::Dateline) => Field::Dateline,
                Some(Part::Lead) => Field::Lead,
                Some(Part::Quote) => Field::Quote,
                Some(Part::Body) => Field::Text,
            };
            let (sentence, paragraph) = spot.map_or((0, 0), |spot| (spot.sentence, spot.paragraph));
            Some(Mention { pattern, field, whole, range, sentence, paragraph })
        };
        self.automaton.find(whole, |number, range| {
            let phrase = self.phrases[number as usize];
            let Some(mention) = mention(phrase.pattern, range).filter(|mention| !is_of_an_address(mention)) else {
                return;
            };
            many[number as usize] += 1;
            if many[number as usize] > MOST_MENTIONS {
                return;
            }
            match phrase.side {
                None => found.push(mention),
                Some(side) => sides.push((side, mention)),
            }
        });
        for (pattern, regex) in &self.regexes {
            // No evidence is no reason, whatever a pattern says that was meant otherwise.
            let places = regex.find_iter(whole).filter(|place| !place.is_empty()).take(MOST);
            found.extend(places.filter_map(|place| mention(*pattern, place.range())));
        }
        // By pattern, and in the order of the text: then the nearest one is the last before or the first after.
        let (ones, mut others): (Vec<_>, Vec<_>) = sides.into_iter().partition(|(side, _)| *side == Side::One);
        others.sort_by_key(|(_, other)| (other.pattern, other.range.start));
        for (_, one) in ones {
            let before =
                others.partition_point(|(_, other)| (other.pattern, other.range.end) <= (one.pattern, one.range.start));
            let after =
                others.partition_point(|(_, other)| (other.pattern, other.range.start) < (one.pattern, one.range.end));
            let near = [before.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|at| others.get(at));
            let near = near.filter(|(_, other)| other.pattern == one.pattern);
            let nearest = near.filter_map(|(_, other)| self.together(&one, other)).min_by_key(|range| range.len());
            found.extend(nearest.map(|range| Mention { range, ..one }));
        }
        let only = |mention: &Mention<'_>| self.patterns[mention.pattern as usize].only;
        let mut at = 0;
        found.retain(|mention| {
            at += 1;
            at <= begin || only(mention).is_none_or(|only| only == mention.field)
        });
    }

    /// From one phrase to the other, where they stand near enough in one sentence.
    fn together(&self, one: &Mention<'_>, other: &Mention<'_>) -> Option<Range<usize>> {
        let (first, last) = if one.range.start <= other.range.start { (one, other) } else { (other, one) };
        let most = self.patterns[one.pattern as usize].near?;
        let near = first.sentence == last.sentence
            && first.range.end <= last.range.start
            && words(&first.whole[first.range.end..last.range.start]).nth(most).is_none();
        near.then_some(first.range.start..last.range.end)
    }
}

/// `IKN` in `www.IKN.go.id` or `@IKN` names an address.
fn is_of_an_address(mention: &Mention<'_>) -> bool {
    let (before, after) = (&mention.whole[..mention.range.start], &mention.whole[mention.range.end..]);
    let mut rest = after.chars();
    before.ends_with(['@', '.', '_'])
        || (rest.next().is_some_and(|c| matches!(c, '.' | '_' | '@'))
            && rest.next().is_some_and(|c| c.is_ascii_lowercase()))
}
