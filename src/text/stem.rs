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

/// The stems that a folded word may have: Snowball's, and with the first letter that a nasal prefix swallowed, which Snowball cannot
/// know without roots (`menangkap` of `tangkap`, `pengiriman` of `kirim`, `memukul` of `pukul`).
pub fn stems(folded: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let plain = stem(folded);
    let swallowed = [("men", 't'), ("pen", 't'), ("meng", 'k'), ("peng", 'k'), ("mem", 'p'), ("pem", 'p')];
    let restored = swallowed.into_iter().find_map(|(prefix, letter)| {
        let rest = folded.strip_prefix(prefix).filter(|rest| rest.starts_with(['a', 'e', 'i', 'o', 'u']))?;
        Some(stem(&format!("{letter}{rest}")).into_owned())
    });
    let restored = restored.filter(|restored| *restored != plain);
    std::iter::once(plain).chain(restored.map(Cow::Owned))
}

#[cfg(test)]
mod tests {
    use super::{stem, stems};

    #[test]
    fn a_swallowed_letter_is_restored() {
        let check = |one: &str, other: &str| {
            assert!(stems(one).any(|stem| stems(other).any(|there| stem == there)), "{one} / {other}");
        };
        check("tangkap", "menangkap");
        check("penangkapan", "ditangkap");
        check("kirim", "pengiriman");
        check("mengirimkan", "dikirim");
        check("pukul", "memukul");
        check("memeras", "pemerasan");
        assert_eq!(stems("orang").count(), 1);
    }

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
