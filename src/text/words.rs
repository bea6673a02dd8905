/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// As written.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Whether it follows the word before it as part of the same run of words: only spaces, hyphens, slashes and quotation
    /// marks stand between them, no punctuation and no line end.
    pub adjoins: bool,
}

impl Word<'_> {
    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text: runs of letters and digits. A hyphen parts words, so that `anak-anak` is two.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + run(&text[rest..], false);
        if start == text.len() {
            return None;
        }
        let adjoins = rest > 0 && text[rest..start].chars().all(joins);
        rest = start + run(&text[start..], true);
        Some(Word { text: &text[start..rest], start, adjoins })
    })
}

/// What a byte says about the character that it begins: no part of a word, part of one, or more than a byte can say.
const KINDS: [u8; 256] = {
    let mut kinds = [UNTOLD; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = if (byte as u8).is_ascii_alphanumeric() { OF_WORD } else { BETWEEN };
        byte += 1;
    }
    kinds
};
const BETWEEN: u8 = 0;
const OF_WORD: u8 = 1;
const UNTOLD: u8 = 2;

/// How many bytes from the beginning are all parts of words, or all none.
fn run(text: &str, of_words: bool) -> usize {
    let (bytes, wanted) = (text.as_bytes(), if of_words { OF_WORD } else { BETWEEN });
    let mut at = 0;
    loop {
        // Nearly everything is ASCII.
        at += bytes[at..].iter().take_while(|byte| KINDS[usize::from(**byte)] == wanted).count();
        let other = bytes.get(at).is_some_and(|byte| KINDS[usize::from(*byte)] == UNTOLD);
        match text[at..].chars().next().filter(|c| other && c.is_alphanumeric() == of_words) {
            Some(c) => at += c.len_utf8(),
            None => return at,
        }
    }
}

fn joins(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\t' | '-' | '‐' | '‑' | '/' | '\'' | '"' | '“' | '”' | '‘' | '’' | '\u{ad}' | '\u{200b}'
    )
}

/// Writes a word's folded form (lower case) into `folded`, which is emptied first.
pub fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
    } else {
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_and_whether_they_adjoin() {
        let check = |text: &str, expected: &[(&str, bool)]| {
            let read: Vec<_> = words(text).map(|word| (word.text, word.adjoins)).collect();
            assert_eq!(read, expected, "{text}");
        };
        check("", &[]);
        check("—", &[]);
        check("anak-anak, “Balik Papan”", &[("anak", false), ("anak", true), ("Balik", false), ("Papan", true)]);
        check("UU 21/2007. IKN\nPPU", &[("UU", false), ("21", true), ("2007", true), ("IKN", false), ("PPU", false)]);
        check("é2", &[("é2", false)]);
    }
}
