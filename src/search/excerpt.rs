use std::ops::Range;

use crate::search::sought::Sought;
use crate::search::tokens::stems_of;
use crate::text::words;

/// Bytes of a text in which sought words are looked for.
const MOST_TEXT: usize = 20_000;
/// Bytes of an excerpt, about.
const LENGTH: usize = 320;
/// Bytes before the first sought word.
const BEFORE: usize = 80;

/// Where sought words stand in a text, in bytes.
pub fn marks(text: &str, sought: &Sought) -> Vec<Range<usize>> {
    let text = &text[..text.floor_char_boundary(MOST_TEXT)];
    found(text, sought).into_iter().map(|(range, _)| range).collect()
}

/// The part of a text with the most different sought words, the first of them; its beginning where there is none.
pub fn excerpt<'a>(text: &'a str, sought: &Sought) -> &'a str {
    let looked = &text[..text.floor_char_boundary(MOST_TEXT)];
    let found = found(looked, sought);
    let mut best = (0, 0);
    for (at, (range, _)) in found.iter().enumerate() {
        let near = found[at..].iter().take_while(|(other, _)| other.end <= range.start + LENGTH - BEFORE);
        let mut kinds: Vec<usize> = near.map(|(_, kind)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() > best.0 {
            best = (kinds.len(), range.start);
        }
    }
    let start = best.1.saturating_sub(BEFORE);
    let start = if start == 0 { 0 } else { next_space(text, text.ceil_char_boundary(start)) };
    let end = text.floor_char_boundary(start + LENGTH);
    let end = if end == text.len() { end } else { last_space(text, start, end) };
    text[start..end].trim()
}

/// Each sought word with which of them it is.
fn found(text: &str, sought: &Sought) -> Vec<(Range<usize>, usize)> {
    let sought: Vec<&Vec<String>> = sought.all.iter().flat_map(|phrase| &phrase.0).collect();
    let mut found = Vec::new();
    for word in words(text) {
        // A stem stands in its word, but for the first letter; most words need no look at theirs.
        let likely = |stem: &String| {
            let tail: &str = stem.char_indices().nth(1).map_or("", |(at, _)| &stem[at..]);
            contains_folded(word.text, tail)
        };
        let mut kinds = sought.iter().enumerate().filter(|(_, stems)| stems.iter().any(likely)).peekable();
        if kinds.peek().is_none() {
            continue;
        }
        let own = stems_of(word.text);
        if let Some((kind, _)) = kinds.find(|(_, stems)| stems.iter().any(|stem| own.contains(stem))) {
            found.push((word.start..word.end(), kind));
        }
    }
    found
}

/// Whether a word contains a lower-case part, in any case. What is not ASCII may always.
fn contains_folded(word: &str, part: &str) -> bool {
    !word.is_ascii()
        || part.is_empty()
        || word.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

fn next_space(text: &str, from: usize) -> usize {
    text[from..].find(char::is_whitespace).map_or(from, |at| from + at)
}

fn last_space(text: &str, start: usize, end: usize) -> usize {
    text[start..end].rfind(char::is_whitespace).map_or(end, |at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sought_words_are_marked_in_all_their_forms() {
        let check = |text: &str, query: &str, expected: &[&str]| {
            let found = marks(text, &Sought::read(query));
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text} / {query}");
        };
        check(
            "Polisi menangkap pelaku yang memperdagangkan ORANG.",
            "\"perdagangan orang\" ditangkap -polisi",
            &["menangkap", "memperdagangkan", "ORANG"],
        );
        check("Korban orangutan", "orang", &[]);
        check("a b", "b", &["b"]);
        check("Ünder ünder", "ünder", &["Ünder", "ünder"]);
        check("apa saja", "", &[]);
    }

    #[test]
    fn an_excerpt_shows_where_most_of_them_stand() {
        let filler = "kata biasa saja ".repeat(60);
        let text = format!("kapal di awal {filler} kapal karam di sini {filler}");
        let shown = excerpt(&text, &Sought::read("kapal karam"));
        assert!(shown.contains("kapal karam di sini") && shown.len() <= LENGTH, "{shown}");
        assert!(excerpt(&text, &Sought::read("tiada")).starts_with("kapal di awal"));
        assert_eq!(excerpt("pendek", &Sought::read("pendek")), "pendek");
        assert_eq!(excerpt("", &Sought::default()), "");
        let odd = "é".repeat(5000);
        assert!(excerpt(&odd, &Sought::read("é")).len() <= LENGTH);
    }
}
