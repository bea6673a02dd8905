use std::collections::BTreeSet;
use std::ops::Range;

use crate::domain::{Article, Because, Field, Label, LabelKind, Region, Slug, Topic};
use crate::tag::automaton::Automaton;
use crate::tag::pattern::{self, Pattern, PatternError};
use crate::tag::verdict::{Hit, Lists, Verdict, judge};
use regex_automata::meta::Regex;

/// What is labelled: the parts of an article that count.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The title.
    pub title: &'a str,
    /// The plain text.
    pub text: &'a str,
    /// The publisher's categories.
    pub categories: &'a [String],
    /// The region of its source, which counts where the article names none.
    pub region: Option<&'a Slug>,
    /// The source's id, the reason given for that.
    pub source: &'a str,
}

impl<'a> Subject<'a> {
    /// An article with its text, which the caller has made of its HTML.
    pub fn of(article: &'a Article, text: &'a str, source: &'a str, region: Option<&'a Slug>) -> Self {
        Subject { title: &article.title, text, categories: &article.categories, region, source }
    }
}

/// All patterns of all topics and regions, compiled once per configuration.
#[derive(Debug, Default)]
pub struct Rules {
    automaton: Automaton,
    regexes: Vec<(u32, Box<Regex>)>,
    /// Every pattern as written.
    written: Vec<String>,
    topics: Vec<Lists>,
    regions: Vec<Lists>,
    /// Patterns from this number on are regions' names.
    first_name: u32,
}

/// Names that do not stand within a longer one: `Penajam Paser Utara` is not Paser.
fn longest(names: Vec<(u32, Range<usize>)>) -> Vec<(u32, Range<usize>)> {
    let within = |inner: &Range<usize>, outer: &Range<usize>| {
        outer.len() > inner.len() && outer.start <= inner.start && inner.end <= outer.end
    };
    let all = names.clone();
    names.into_iter().filter(|(_, name)| !all.iter().any(|(_, other)| within(name, other))).collect()
}

impl Rules {
    /// Compiles the patterns of all topics and regions.
    ///
    /// # Errors
    /// Every pattern that cannot be used, not only the first.
    pub fn compile(topics: &[Topic], regions: &[Region]) -> Result<Rules, Vec<PatternError>> {
        let mut rules = Rules::default();
        let mut errors = Vec::new();
        for (owner, topic) in topics.iter().enumerate() {
            let mut list = |name, patterns: &[String]| rules.add_all(owner, name, patterns, pattern::read, &mut errors);
            let (any, all, none) = (list("any", &topic.any), list("all", &topic.all), list("none", &topic.none));
            rules.topics.push(Lists { id: topic.id.clone(), any, all, none });
        }
        rules.first_name =
            u32::try_from(rules.written.len()).expect("feeds.toml has fewer than four milliard patterns");
        for (owner, region) in regions.iter().enumerate() {
            let any = rules.add_all(owner, "names", &region.names, pattern::read_name, &mut errors);
            rules.regions.push(Lists { id: region.id.clone(), any, all: Vec::new(), none: Vec::new() });
        }
        if errors.is_empty() { Ok(rules) } else { Err(errors) }
    }

    fn add_all(
        &mut self,
        owner: usize,
        list: &'static str,
        patterns: &[String],
        read: fn(&str) -> Result<Pattern, (String, String)>,
        errors: &mut Vec<PatternError>,
    ) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(patterns.len());
        for (index, written) in patterns.iter().enumerate() {
            let number = u32::try_from(self.written.len()).expect("feeds.toml has fewer than four milliard patterns");
            match read(written) {
                Ok(Pattern::Phrase(tests)) => self.automaton.add(number, &tests),
                Ok(Pattern::Regex(regex)) => self.regexes.push((number, regex)),
                Err((what, hint)) => {
                    errors.push(PatternError { owner, list, index, what, hint });
                    continue;
                }
            }
            self.written.push(written.clone());
            numbers.push(number);
        }
        numbers
    }

    /// The labels that an article gets, topics before regions, in the order of feeds.toml.
    pub fn labels(&self, subject: &Subject<'_>) -> Vec<Label> {
        let hits = self.hits(subject);
        let mut labels = Vec::new();
        for lists in &self.topics {
            if let Verdict::Applies(because) = judge(lists, &hits, &self.written) {
                labels.push(Label { kind: LabelKind::Topic, id: lists.id.clone(), because });
            }
        }
        let before = labels.len();
        for lists in &self.regions {
            if let Verdict::Applies(because) = judge(lists, &hits, &self.written) {
                labels.push(Label { kind: LabelKind::Region, id: lists.id.clone(), because });
            }
        }
        if labels.len() == before
            && let Some(region) = subject.region
        {
            let because = Because {
                field: Field::Source,
                words: subject.source.to_owned(),
                rule: format!("region = \"{region}\""),
            };
            labels.push(Label { kind: LabelKind::Region, id: region.clone(), because: vec![because] });
        }
        labels
    }

    /// How each topic was judged, for `kliping explain`.
    pub fn verdicts(&self, subject: &Subject<'_>) -> Vec<(Slug, Verdict)> {
        let hits = self.hits(subject);
        self.topics.iter().map(|lists| (lists.id.clone(), judge(lists, &hits, &self.written))).collect()
    }

    /// Every pattern found anywhere, each with its words, without repetition: title first.
    fn hits(&self, subject: &Subject<'_>) -> Vec<Hit> {
        let mut hits = BTreeSet::new();
        let fields = [(Field::Title, subject.title), (Field::Text, subject.text)];
        let categories = subject.categories.iter().map(|category| (Field::Category, category.as_str()));
        for (field, text) in fields.into_iter().chain(categories) {
            let (mut found, mut places) = (Vec::new(), Vec::new());
            self.automaton.find(text, |pattern, range| {
                let list = if pattern >= self.first_name { &mut places } else { &mut found };
                list.push((pattern, range));
            });
            for (pattern, regex) in &self.regexes {
                // No evidence is no reason, whatever a pattern says that was meant otherwise.
                let first = regex.find_iter(text).find(|found| !found.is_empty());
                found.extend(first.map(|found| (*pattern, found.range())));
            }
            found.extend(longest(places));
            hits.extend(found.into_iter().map(|(pattern, range)| (field, pattern, text[range].to_owned())));
        }
        hits.into_iter().map(|(field, pattern, words)| Hit { pattern, field, words }).collect()
    }
}
