//! Which lines of a page are in the text that it gives to search engines.

use std::hash::Hasher;

use foldhash::HashSet;

use crate::extract::line::Line;
use crate::text::{fold_into, words};

/// Bytes of such a text that are looked at.
const LONGEST: usize = 100_000;
/// A shorter text is a summary.
const WORDS: usize = 50;
/// Words of a line, below which it may be there by chance.
const LINE: usize = 5;

/// For each line whether it is in the text.
pub fn lines(lines: &[Line], body: Option<&str>) -> Vec<bool> {
    let body = body.map_or("", |body| &body[..body.floor_char_boundary(LONGEST)]);
    let told: HashSet<u64> = threes(body).collect();
    if told.len() < WORDS {
        return vec![false; lines.len()];
    }
    let is_told = |line: &Line| {
        let (mut all, mut known) = (0, 0);
        for three in threes(&line.text) {
            all += 1;
            known += usize::from(told.contains(&three));
        }
        line.words >= LINE && all > 0 && known * 10 >= all * 8
    };
    lines.iter().map(is_told).collect()
}

/// Each three words that follow each other, as a number.
fn threes(text: &str) -> impl Iterator<Item = u64> {
    let mut folded = String::new();
    let mut last = [0_u64; 3];
    let hashes = words(text).map(move |word| {
        fold_into(word.text, &mut folded);
        let mut hasher = fnv::FnvHasher::default();
        hasher.write(folded.as_bytes());
        last = [last[1], last[2], hasher.finish()];
        last.iter().fold(17, |sum: u64, one| sum.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ one)
    });
    hashes.skip(2)
}
