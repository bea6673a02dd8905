use std::borrow::Cow;
use std::collections::HashMap;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{fold_into, stems, words};

/// Words whose stems are remembered: the same few thousand make most of every text. They take some two megabytes.
const REMEMBERED: usize = 20_000;
/// A word longer than this (in bytes) is no word; its beginning stands for it.
const LONGEST: usize = 64;

/// Texts as the index knows them: each word by its Indonesian stems. A word of two stems (`memukul`: `ukul`, `pukul`) has both at its
/// place, so that a phrase finds either.
#[derive(Debug, Clone, Default)]
pub struct Stemming {
    tokens: Vec<Token>,
    known: HashMap<String, Vec<String>>,
}

/// The stems of a word as it is written.
pub fn stems_of(word: &str) -> Vec<String> {
    let mut folded = String::new();
    fold_into(cut(word), &mut folded);
    stems(&folded).map(Cow::into_owned).collect()
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(LONGEST)]
}

impl Tokenizer for Stemming {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.tokens.clear();
        let mut folded = String::new();
        for (position, word) in words(text).enumerate() {
            fold_into(cut(word.text), &mut folded);
            if !self.known.contains_key(&folded) {
                if self.known.len() >= REMEMBERED {
                    self.known.clear();
                }
                self.known.insert(folded.clone(), stems(&folded).map(Cow::into_owned).collect());
            }
            self.tokens.extend(self.known[&folded].iter().map(|stem| Token {
                offset_from: word.start,
                offset_to: word.end(),
                position,
                text: stem.clone(),
                position_length: 1,
            }));
        }
        Tokens { tokens: &mut self.tokens, next: 0 }
    }
}

/// The tokens of one text.
pub struct Tokens<'a> {
    tokens: &'a mut Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_stems_at_their_places() {
        let check = |text: &str, expected: &[(usize, &str)]| {
            let mut stemming = Stemming::default();
            let mut stream = stemming.token_stream(text);
            let mut found = Vec::new();
            while let Some(token) = stream.next() {
                found.push((token.position, token.text.clone()));
            }
            let found: Vec<(usize, &str)> = found.iter().map(|(position, text)| (*position, text.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("", &[]);
        check("“!?”", &[]);
        check("Memperdagangkan ORANG", &[(0, "dagang"), (1, "orang")]);
        check("Anak-anak IKN, 2024", &[(0, "anak"), (1, "anak"), (2, "ikn"), (3, "2024")]);
        check("menangkap ikan", &[(0, "angkap"), (0, "tangkap"), (1, "ikan")]);
        check(&"é".repeat(100), &[(0, &"é".repeat(32))]);
    }

    #[test]
    fn a_word_of_a_query_has_the_stems_of_a_text() {
        assert_eq!(stems_of("Perdagangan"), ["dagang"]);
        assert!(stems_of("penangkapan").contains(&"tangkap".to_owned()));
        assert_eq!(stems_of(&"x".repeat(10_000)).concat().len(), LONGEST);
    }
}
