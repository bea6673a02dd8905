use std::collections::{BTreeSet, HashSet};
use std::hash::Hasher;

use fnv::FnvHasher;

use crate::story::dates::{Day, day};
use crate::story::sketch::{FIRST, Sketch};
use crate::text::{Habits, Prose, Word, fold_into, stem, words};

/// Words of a shingle.
const SHINGLE: usize = 4;

/// What is compared of an article: how it is worded, and the facts by which two pieces of one template differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wording {
    /// Its runs of four words, as hashes, in order of size.
    pub(super) shingles: Vec<u32>,
    /// Those of them that stand within quotation marks.
    pub(super) quoted: Vec<u32>,
    sketch: Sketch,
    /// Words of the text.
    pub(super) words: usize,
    /// Stems of the title's words, as hashes, without those that say nothing.
    pub(super) title: BTreeSet<u32>,
    /// Days that the title names.
    pub(super) title_days: BTreeSet<Day>,
    /// Days that the title or text names.
    pub(super) days: BTreeSet<Day>,
    /// Other numbers, as hashes.
    pub(super) numbers: HashSet<u32>,
}

/// Words of titles that say nothing about what is told.
const EMPTY: [&str; 40] = [
    "ada", "agar", "akan", "akibat", "apa", "atas", "atau", "bagi", "bakal", "bisa", "buat", "dalam", "dan", "dari",
    "dengan", "di", "hingga", "ini", "itu", "jadi", "juga", "karena", "ke", "kini", "lagi", "masih", "oleh", "pada",
    "para", "saat", "sang", "sebagai", "siap", "soal", "tak", "tidak", "untuk", "usai", "yang", "secara",
];

impl Wording {
    /// The wording of an article: its title and plain text, a paragraph a line, and the habits of its outlet.
    pub fn of(title: &str, text: &str, habits: &Habits) -> Wording {
        let mut wording = Wording::default();
        wording.read_title(title);
        let prose = Prose::read(text, |line| habits.recurs(line));
        let mut reading = Reading::default();
        for (range, part) in prose.article_parts() {
            if part != crate::text::Part::Dateline {
                wording.read_text(&text[range], &mut reading);
            }
        }
        wording.words = reading.words;
        let beginning = wording.shingles[..wording.shingles.len().min(FIRST)].to_vec();
        for list in [&mut wording.shingles, &mut wording.quoted] {
            list.sort_unstable();
            list.dedup();
        }
        wording.sketch = Sketch::of(&wording.shingles, &beginning);
        wording
    }

    /// By which neighbours are found.
    pub fn sketch(&self) -> &Sketch {
        &self.sketch
    }

    fn read_title(&mut self, title: &str) {
        let all: Vec<Word<'_>> = words(title).collect();
        let mut folded = String::new();
        for (at, word) in all.iter().enumerate() {
            fold_into(word.text, &mut folded);
            if folded.len() > 1 && !EMPTY.contains(&folded.as_str()) {
                self.title.insert(hash(&stem(&folded)));
            }
            if let Some(day) = all.get(at + 1).and_then(|next| day(title, *word, *next)) {
                self.title_days.insert(day);
            }
        }
        self.days.extend(&self.title_days);
        // A day's numbers are no facts of their own.
        self.read_numbers(title, &all);
    }

    fn read_numbers(&mut self, text: &str, all: &[Word<'_>]) {
        let mut at = 0;
        while let Some(word) = all.get(at) {
            let begin = at;
            at += 1;
            if !word.text.as_bytes()[0].is_ascii_digit() {
                continue;
            }
            if let Some(day) = all.get(at).and_then(|next| day(text, *word, *next)) {
                self.days.insert(day);
                // The month, and the year where it follows.
                at += 1 + usize::from(all.get(at + 1).is_some_and(|next| is_year(next.text)));
                continue;
            }
            // `17,76` and `13.20` are one number.
            while all.get(at).is_some_and(|next| {
                next.text.as_bytes()[0].is_ascii_digit()
                    && matches!(&text[all[at - 1].end()..next.start], "," | "." | ":")
            }) {
                at += 1;
            }
            let number = &text[all[begin].start..all[at - 1].end()];
            if !is_year(number) {
                self.numbers.insert(hash(number));
            }
        }
    }

    fn read_text(&mut self, text: &str, reading: &mut Reading) {
        let all: Vec<Word<'_>> = words(text).collect();
        let mut from = 0;
        for word in &all {
            for mark in text[from..word.start].chars() {
                match mark {
                    '“' => reading.quotes = true,
                    '”' => reading.quotes = false,
                    '"' => reading.quotes = !reading.quotes,
                    _ => {}
                }
            }
            from = word.end();
            reading.push(folded_hash(word.text), &mut self.shingles, &mut self.quoted);
        }
        if text[from..].contains(['"', '”']) {
            reading.quotes = false;
        }
        self.read_numbers(text, &all);
    }
}

/// Where in a text the reading is.
#[derive(Default)]
struct Reading {
    words: usize,
    /// The last words, the latest last.
    last: [u32; SHINGLE],
    /// Whether it is within quotation marks, and since how many words.
    quotes: bool,
    quoted: usize,
}

impl Reading {
    fn push(&mut self, word: u32, shingles: &mut Vec<u32>, quoted: &mut Vec<u32>) {
        self.last.rotate_left(1);
        self.last[SHINGLE - 1] = word;
        self.words += 1;
        self.quoted = if self.quotes { self.quoted + 1 } else { 0 };
        if self.words < SHINGLE {
            return;
        }
        let shingle = mix(&self.last);
        shingles.push(shingle);
        if self.quoted >= SHINGLE {
            quoted.push(shingle);
        }
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

/// The same in every version and on every machine: sketches of it are kept.
fn hash(text: &str) -> u32 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    folded(hasher)
}

/// The hash of a word's folded form.
fn folded_hash(word: &str) -> u32 {
    let mut hasher = FnvHasher::default();
    if word.is_ascii() {
        // FNV takes byte after byte, so that no copy is needed.
        word.bytes().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
    } else {
        let mut bytes = [0; 4];
        for c in word.chars().flat_map(char::to_lowercase) {
            hasher.write(c.encode_utf8(&mut bytes).as_bytes());
        }
    }
    folded(hasher)
}

/// As FNV's authors advise: the lower bits alone are weak.
fn folded(hasher: FnvHasher) -> u32 {
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
}

/// Fibonacci hashing of a sequence: each word's part depends on its place.
fn mix(words: &[u32; SHINGLE]) -> u32 {
    let mut mixed = 0_u64;
    for word in words {
        mixed = (mixed.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    u32::try_from(mixed >> 32).unwrap_or(0)
}
