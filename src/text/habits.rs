use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A line or category is a habit from so many items on.
const LEAST: usize = 3;
/// And where it stands in at least this part of them: one in so many.
const ONE_IN: usize = 5;
/// A category is the section of an outlet, and says nothing, where at least this part of its items carries it: so many in ten.
const SECTION_IN_TEN: usize = 6;

/// What an outlet writes below (or above) all its items: learned from several of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Habits {
    lines: HashSet<u64>,
    sections: HashSet<String>,
}

impl Habits {
    /// Learns from the items of one outlet: the text of each, a paragraph a line, and its categories.
    pub fn learn<'a>(items: impl Iterator<Item = (&'a str, &'a [String])>) -> Habits {
        let (mut lines, mut categories): (HashMap<u64, usize>, HashMap<&str, usize>) = Default::default();
        let mut count = 0;
        let mut own = HashSet::new();
        for (text, carried) in items {
            count += 1;
            own.clear();
            own.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(fingerprint));
            for line in &own {
                *lines.entry(*line).or_default() += 1;
            }
            for category in carried {
                *categories.entry(category).or_default() += 1;
            }
        }
        let often = |times: usize| times >= LEAST && times * ONE_IN >= count;
        let section = |times: usize| times >= LEAST && times * 10 >= count * SECTION_IN_TEN;
        Habits {
            lines: lines.into_iter().filter(|(_, times)| often(*times)).map(|(line, _)| line).collect(),
            sections: categories
                .into_iter()
                .filter(|(_, times)| section(*times))
                .map(|(name, _)| name.into())
                .collect(),
        }
    }

    /// Whether a line stands in many of the outlet's items.
    pub fn recurs(&self, line: &str) -> bool {
        !self.lines.is_empty() && self.lines.contains(&fingerprint(line.trim()))
    }

    /// Whether a category is the name of a section, which nearly every item carries.
    pub fn is_section(&self, category: &str) -> bool {
        self.sections.contains(category)
    }
}

fn fingerprint(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_recurs_is_learned_and_what_is_said_twice_is_not() {
        let section = ["Kaltim".to_owned(), "IKN".to_owned()];
        let texts: Vec<String> =
            (0..10).map(|n| format!("Berita {n}\nIkuti kami di sini.\nBerita {n}\n{}", n / 5 % 2)).collect();
        let items = texts.iter().enumerate().map(|(n, text)| (text.as_str(), &section[..1 + usize::from(n < 2)]));
        let habits = Habits::learn(items);
        assert!(habits.recurs(" Ikuti kami di sini."));
        assert!(!habits.recurs("Berita 3"));
        assert!(habits.is_section("Kaltim") && !habits.is_section("IKN"));
        let few = Habits::learn([("A", &section[..]), ("A", &section[..])].into_iter());
        assert!(!few.recurs("A") && !few.is_section("IKN"));
    }
}
