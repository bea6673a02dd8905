use std::collections::HashMap;
use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use crate::tag::pattern::Test;
use crate::text::{fold_into, stems, words};

/// All phrases of all topics and regions as one trie whose edges are tests of a word, so that a text is read once however
/// many patterns there are.
#[derive(Debug, Default)]
pub struct Automaton {
    lexicon: Lexicon,
    /// From a state and a symbol to the next state; state 0 is the beginning.
    edges: HashMap<(u32, u32), u32, foldhash::fast::RandomState>,
    /// Which phrases end in a state.
    ends: Vec<Vec<u32>>,
    /// What was found out about words as they are written: a few thousand make up most of what is written, and stems cost.
    known: RwLock<Known>,
}

/// The symbols of words, by their spelling.
type Known = HashMap<Box<str>, Box<[u32]>, foldhash::fast::RandomState>;

/// Spellings that are remembered, at most: some five megabytes.
const MOST_KNOWN: usize = 50_000;

/// Which of a word's forms any phrase asks for. Each test is a symbol.
#[derive(Debug, Default)]
struct Lexicon {
    symbols: HashMap<Test, u32>,
    stems: HashMap<String, Vec<u32>>,
    exact: HashMap<String, u32>,
    names: HashMap<String, u32>,
    acronyms: HashMap<String, u32>,
    prefixes: HashMap<String, u32>,
    /// The lengths in bytes that prefixes have.
    prefix_lengths: Vec<usize>,
}

/// A phrase that is under way.
struct Run {
    state: u32,
    start: usize,
}

impl Automaton {
    /// Adds a phrase, which is reported as `number`.
    pub fn add(&mut self, number: u32, tests: &[Test]) {
        if self.ends.is_empty() {
            self.ends.push(Vec::new());
        }
        let mut state = 0;
        for test in tests {
            let symbol = self.lexicon.symbol(test);
            let fresh = u32::try_from(self.ends.len()).expect("feeds.toml has fewer than four milliard words");
            state = *self.edges.entry((state, symbol)).or_insert(fresh);
            if state == fresh {
                self.ends.push(Vec::new());
            }
        }
        self.ends[state as usize].push(number);
    }

    /// Tells `found` of every phrase in `text` and where it stands, in bytes.
    pub fn find(&self, text: &str, mut found: impl FnMut(u32, Range<usize>)) {
        let (mut runs, mut next): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut learned = Known::default();
        let mut last = "";
        for word in words(text) {
            if !word.adjoins {
                runs.clear();
            }
            // `orang-orang` is one `orang`.
            let doubled = word.adjoins && text[..word.start].ends_with('-') && word.text.eq_ignore_ascii_case(last);
            last = word.text;
            if doubled {
                continue;
            }
            let symbols = match known.get(word.text) {
                Some(symbols) => symbols,
                None => learned.entry(word.text.into()).or_insert_with(|| self.lexicon.symbols_of(word.text)),
            };
            for symbol in symbols {
                let begin = Run { state: 0, start: word.start };
                for run in runs.iter().chain([&begin]) {
                    let Some(&state) = self.edges.get(&(run.state, *symbol)) else { continue };
                    for number in &self.ends[state as usize] {
                        found(*number, run.start..word.end());
                    }
                    next.push(Run { state, start: run.start });
                }
            }
            runs.clear();
            std::mem::swap(&mut runs, &mut next);
        }
        drop(known);
        if !learned.is_empty() {
            self.remember(learned);
        }
    }

    fn remember(&self, learned: Known) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() + learned.len() > MOST_KNOWN {
            known.clear();
        }
        known.extend(learned);
    }
}

impl Lexicon {
    fn symbol(&mut self, test: &Test) -> u32 {
        let fresh = u32::try_from(self.symbols.len()).expect("feeds.toml has fewer than four milliard words");
        let symbol = *self.symbols.entry(test.clone()).or_insert(fresh);
        let (forms, form) = match test {
            Test::Stem(form) => {
                for stem in stems(form) {
                    let meant = self.stems.entry(stem.into_owned()).or_default();
                    if !meant.contains(&symbol) {
                        meant.push(symbol);
                    }
                }
                return symbol;
            }
            Test::Exact(form) => (&mut self.exact, form),
            Test::Name(form) => (&mut self.names, form),
            Test::Acronym(form) => (&mut self.acronyms, form),
            Test::Prefix(form) => {
                if !self.prefix_lengths.contains(&form.len()) {
                    self.prefix_lengths.push(form.len());
                }
                (&mut self.prefixes, form)
            }
        };
        forms.insert(form.clone(), symbol);
        symbol
    }

    /// Which tests a word passes.
    fn symbols_of(&self, word: &str) -> Box<[u32]> {
        let mut symbols = Vec::new();
        let mut folded = String::new();
        fold_into(word, &mut folded);
        if word.starts_with(char::is_uppercase) {
            symbols.extend(self.names.get(folded.as_str()));
            symbols.extend(self.acronyms.get(word));
        }
        symbols.extend(self.exact.get(folded.as_str()));
        symbols.extend(stems(&folded).filter_map(|stem| self.stems.get(&*stem)).flatten());
        symbols.sort_unstable();
        symbols.dedup();
        for length in &self.prefix_lengths {
            symbols.extend(folded.get(..*length).and_then(|begin| self.prefixes.get(begin)));
        }
        symbols.into()
    }
}
