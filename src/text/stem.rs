use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

/// The stem of a folded Indonesian word, by Snowball's algorithm for Indonesian: `memperdagangkan` and `perdagangan` meet
/// in one stem. It knows no roots, so that it may cut too much; what is matched is the stem of both sides, never the stem
/// against a word.
pub fn stem(folded: &str) -> Cow<'_, str> {
    // Short words and numbers have no affixes that Snowball could cut without harm.
    if folded.len() < 5 || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(folded);
    }
    Stemmer::new(Algorithm::Indonesian).stem(folded)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn inflections_meet_in_one_stem() {
        let check = |one: &str, other: &str| assert_eq!(stem(one), stem(other), "{one} / {other}");
        check("perdagangan", "memperdagangkan");
        check("perdagangan", "diperdagangkan");
        check("pekerja", "pekerjanya");
        check("perlindungan", "melindungi");
        check("kekerasan", "kekerasannya");
        assert_eq!(stem("2007"), "2007");
        assert_eq!(stem("é"), "é");
    }
}
