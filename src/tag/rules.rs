use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use crate::domain::{Label, LabelKind, Near, Region, Slug, Topic};
use crate::tag::elsewhere::{ABROAD, PROVINCE};
use crate::tag::mention::{Finder, Mention};
use crate::tag::pattern::{self, Pattern, PatternError, Wrong};
use crate::tag::place::{self, Elsewhere, Names};
use crate::tag::subject::Subject;
use crate::tag::topic::{self, Lists};
use crate::tag::verdict::Verdict;

/// All patterns of all topics and regions, compiled once per configuration.
#[derive(Debug, Default)]
pub struct Rules {
    finder: Finder,
    topics: Vec<Lists>,
    regions: Vec<Names>,
    elsewhere: Elsewhere,
    fingerprint: u64,
}

/// Counts up when articles are judged otherwise than before by the same patterns.
const JUDGEMENT: u8 = 1;

/// What an article is about and where, and what it nearly is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Its labels.
    pub labels: Vec<Label>,
    /// What lacks something.
    pub nearly: Vec<Near>,
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
            let except = list("except", &topic.except);
            rules.topics.push(Lists { id: topic.id.clone(), any, all, none, except });
        }
        for (owner, region) in regions.iter().enumerate() {
            let names = rules.add_all(owner, "names", &region.names, pattern::read_name, &mut errors);
            rules.regions.push(Names { id: region.id.clone(), names });
        }
        if !regions.is_empty() {
            let mut known = |names: &[&str]| {
                let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                rules.add_all(0, "names", &names, pattern::read_name, &mut errors)
            };
            let elsewhere = Elsewhere { province: known(&PROVINCE), abroad: known(&ABROAD) };
            rules.elsewhere = elsewhere;
        }
        rules.fingerprint = fingerprint(topics, regions);
        if errors.is_empty() { Ok(rules) } else { Err(errors) }
    }

    /// Changes when an article might get other labels by these rules than by those before.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    fn add_all(
        &mut self,
        owner: usize,
        list: &'static str,
        patterns: &[String],
        read: fn(&str) -> Result<Pattern, Wrong>,
        errors: &mut Vec<PatternError>,
    ) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(patterns.len());
        for (index, written) in patterns.iter().enumerate() {
            match read(written) {
                Ok(pattern) => numbers.push(self.finder.add(written, pattern)),
                Err((what, hint)) => errors.push(PatternError { owner, list, index, what, hint }),
            }
        }
        numbers
    }

    /// What an article is about and where, topics before regions, in the order of feeds.toml; and what it nearly is about.
    pub fn judge(&self, subject: &Subject<'_>) -> Judgement {
        let mut judgement = Judgement::default();
        for (kind, id, verdict) in self.verdicts(subject) {
            match verdict {
                Verdict::Applies(because) => judgement.labels.push(Label { kind, id, because }),
                Verdict::Nearly { found, lacks } => judgement.nearly.push(Near { kind, id, found, lacks }),
                Verdict::Absent => {}
            }
        }
        judgement
    }

    fn verdicts(&self, subject: &Subject<'_>) -> Vec<(LabelKind, Slug, Verdict)> {
        let mentions: Vec<Mention<'_>> = self.finder.find(subject);
        let topics = self
            .topics
            .iter()
            .map(|lists| (LabelKind::Topic, lists.id.clone(), topic::judge(lists, subject, &mentions, &self.finder)));
        let places = place::judge(&self.regions, &self.elsewhere, subject, &mentions, &self.finder);
        let regions =
            self.regions.iter().zip(places).map(|(names, verdict)| (LabelKind::Region, names.id.clone(), verdict));
        topics.chain(regions).collect()
    }
}

fn fingerprint(topics: &[Topic], regions: &[Region]) -> u64 {
    let mut hasher = SipHasher13::new();
    JUDGEMENT.hash(&mut hasher);
    for topic in topics {
        (topic.id.as_str(), &topic.any, &topic.all, &topic.none, &topic.except).hash(&mut hasher);
    }
    for region in regions {
        (region.id.as_str(), &region.names).hash(&mut hasher);
    }
    hasher.finish()
}
