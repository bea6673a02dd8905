use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use crate::config::place::Place;

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

/// All that is wrong with the configuration, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// The file, as it was named.
    pub file: String,
    /// Each of them.
    pub list: Vec<Mistake>,
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Mistake { place, what, hint } in &self.list {
            match place {
                Place::File => writeln!(f, "{}: {what}", self.file)?,
                Place::At { line, column } => writeln!(f, "{}:{line}:{column}: {what}", self.file)?,
                Place::Variable(name) => writeln!(f, "{name}: {what}")?,
            }
            writeln!(f, "  hint: {hint}")?;
        }
        let count = self.list.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        write!(f, "{count} {noun} in {}; nothing was changed", self.file)
    }
}

impl std::error::Error for Mistakes {}

/// What is wrong with a value, said by one who does not know where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

impl Flaw {
    /// A flaw of these words.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Flaw { what: what.into(), hint: hint.into() }
    }
}

/// Collects mistakes while the file is read. Shared by all that read a part of it, hence the cell.
#[derive(Debug, Default)]
pub struct Notes {
    found: RefCell<Vec<Mistake>>,
    /// Lines that are not TOML.
    damaged: RefCell<BTreeSet<usize>>,
}

impl Notes {
    /// Notes what is wrong with something that is there. On a line that is not TOML nothing else is noted: what the
    /// parser made of it is a guess.
    pub fn note(&self, place: Place, flaw: Flaw) {
        if !matches!(place, Place::At { line, .. } if self.damaged.borrow().contains(&line)) {
            self.found.borrow_mut().push(Mistake { place, what: flaw.what, hint: flaw.hint });
        }
    }

    /// Notes that something is missing; not where a part of the file is not TOML, for it may stand just there.
    pub fn note_absence(&self, place: Place, flaw: Flaw) {
        if self.damaged.borrow().is_empty() {
            self.note(place, flaw);
        }
    }

    /// Notes that something is not TOML, once for each line; the lines from `place` to `end` are lost with it.
    pub fn note_damage(&self, place: Place, end: Place, flaw: Flaw) {
        self.note(place, flaw);
        if let (Place::At { line: first, .. }, Place::At { line: last, .. }) = (place, end) {
            self.damaged.borrow_mut().extend(first..=last);
        }
    }

    /// All that was noted, in the order of the file; `None` where that is nothing.
    pub fn into_mistakes(self, file: &str) -> Option<Mistakes> {
        let mut list = self.found.into_inner();
        list.sort_by_key(|mistake| mistake.place);
        (!list.is_empty()).then(|| Mistakes { file: file.to_owned(), list })
    }
}
