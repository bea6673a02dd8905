use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::keys::{Absent, Key, Table};
use crate::config::kind::Kind;
use crate::config::mistakes::{Flaw, Notes};
use crate::config::place::Place;
use crate::config::values;

/// One table of feeds.toml whose keys are known and whose values have the right type of TOML. What is wrong with a value
/// is noted when it is asked for, and the answer is then `None`, as if it were not there.
pub struct Section<'n> {
    table: &'static Table,
    /// Where its header stands.
    pub place: Place,
    values: BTreeMap<&'static str, Found>,
    notes: &'n Notes,
}

/// A value and where it stands.
pub struct Found {
    /// The value; `None` where it is of another type, which is noted already.
    pub value: Option<Value>,
    /// Where it stands.
    pub place: Place,
}

/// A value by its type of TOML.
pub enum Value {
    /// Text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A list of texts.
    Texts(Vec<Written>),
}

/// A text of a list, and where it stands.
#[derive(Debug, Clone)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl<'n> Section<'n> {
    /// A section of these values; notes which of its required keys are not there.
    pub fn new(table: &'static Table, place: Place, values: BTreeMap<&'static str, Found>, notes: &'n Notes) -> Self {
        let section = Section { table, place, values, notes };
        for key in table.keys.iter().filter(|key| key.absent == Absent::Required && !section.has(key.name)) {
            let what = format!("`{}` is missing in {}", key.name, table.header());
            let meaning = key.about.split_inclusive(['.', ';']).next().unwrap_or_default().trim_end_matches(['.', ';']);
            let hint = format!("add `{} = {}`: {}", key.name, key.kind.example(), lower_first(meaning));
            notes.note_absence(place, Flaw::new(what, hint));
        }
        section
    }

    /// Whether the key is written, rightly or wrongly.
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Whether the key is written with a value that cannot be read, which is noted already.
    pub fn spoiled(&self, key: &str) -> bool {
        self.values.get(key).is_some_and(|found| found.value.is_none())
    }

    /// Where the key's value stands, else the header.
    pub fn place_of(&self, key: &str) -> Place {
        self.values.get(key).map_or(self.place, |found| found.place)
    }

    /// Notes what is wrong with the value of a key.
    pub fn note(&self, key: &str, flaw: Flaw) {
        let what = format!("`{key}` in {}: {}", self.table.header(), flaw.what);
        self.notes.note(self.place_of(key), Flaw::new(what, flaw.hint));
    }

    /// Notes what is wrong with the table as a whole, by its id where it has one.
    pub fn note_whole(&self, flaw: Flaw) {
        let id = self.written("id").map(|id| format!(" `{id}`")).unwrap_or_default();
        let what = format!("{}{id} {}", self.table.header(), flaw.what);
        self.notes.note_absence(self.place, Flaw::new(what, flaw.hint));
    }

    /// The text of a key as it was written.
    pub fn written(&self, key: &str) -> Option<&str> {
        match self.value(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key, read by `form`.
    pub fn read<T>(&self, key: &str, form: impl FnOnce(&str) -> Result<T, Flaw>) -> Option<T> {
        form(self.written(key)?).map_err(|flaw| self.note(key, flaw)).ok()
    }

    /// A length of time.
    pub fn duration(&self, key: &str) -> Option<Duration> {
        let Kind::Duration { least, most } = self.kind(key) else { return None };
        self.read(key, |text| values::duration(text, least, most))
    }

    /// A number of bytes.
    pub fn size(&self, key: &str) -> Option<u64> {
        let Kind::Size { least, most } = self.kind(key) else { return None };
        self.read(key, |text| values::size(text, least, most))
    }

    /// One of the words that may stand there.
    pub fn choice(&self, key: &str) -> Option<&'static str> {
        let Kind::Choice { words } = self.kind(key) else { return None };
        self.read(key, |text| values::choice(text, words))
    }

    /// A whole number.
    pub fn count(&self, key: &str) -> Option<usize> {
        let (Kind::Count { least, most }, Value::Number(number)) = (self.kind(key), self.value(key)?) else {
            return None;
        };
        let counted = usize::try_from(*number).ok().filter(|count| (least..=most).contains(&(*count as u64)));
        if counted.is_none() {
            let what = format!("{number} is too {}", if *number < least as i64 { "small" } else { "big" });
            self.note(key, Flaw::new(what, format!("write {least} to {most}")));
        }
        counted
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.value(key)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A list of texts; empty where it is not there.
    pub fn texts(&self, key: &str) -> &[Written] {
        match self.value(key) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    fn value(&self, key: &str) -> Option<&Value> {
        debug_assert!(self.table.key(key).is_some(), "`{key}` is not in the list of keys");
        self.values.get(key)?.value.as_ref()
    }

    fn kind(&self, key: &str) -> Kind {
        self.key(key).kind
    }

    fn key(&self, key: &str) -> &'static Key {
        self.table.key(key).expect("keys are asked for by the names of config::keys, as every test does")
    }
}

fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
