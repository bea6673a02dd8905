use crate::text::Word;

/// A day of a year: which year is seldom told, and never differs within a story's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    month: u8,
    day: u8,
}

/// Indonesian months as they are written, the short forms included.
const MONTHS: [&[&str]; 12] = [
    &["januari", "jan"],
    &["februari", "pebruari", "feb"],
    &["maret", "mar"],
    &["april", "apr"],
    &["mei"],
    &["juni", "jun"],
    &["juli", "jul"],
    &["agustus", "agu", "agt", "ags"],
    &["september", "sep", "sept"],
    &["oktober", "okt"],
    &["november", "nopember", "nov"],
    &["desember", "des"],
];

/// The day that begins with `word`, where one does: `18 Juni`, `18/6/2025`, `(18/6)`. `next` is the word after it.
pub fn day(text: &str, word: Word<'_>, next: Word<'_>) -> Option<Day> {
    let day = number(word.text, 31)?;
    let between = &text[word.end()..next.start];
    if matches!(between, "/" | "-") {
        return number(next.text, 12).map(|month| Day { month, day });
    }
    let month = MONTHS.iter().position(|names| names.iter().any(|name| next.text.eq_ignore_ascii_case(name)))?;
    let month = u8::try_from(month + 1).ok()?;
    (between.trim().is_empty()).then_some(Day { month, day })
}

fn number(text: &str, most: u8) -> Option<u8> {
    let number: u8 = text.parse().ok()?;
    (text.len() <= 2 && (1..=most).contains(&number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn days_are_read_as_outlets_write_them() {
        let check = |text: &str, expected: Option<(u8, u8)>| {
            let mut words = words(text);
            let found = day(text, words.next().unwrap(), words.next().unwrap());
            assert_eq!(found.map(|found| (found.day, found.month)), expected, "{text}");
        };
        check("18 Juni 2025", Some((18, 6)));
        check("18/6/2025", Some((18, 6)));
        check("(18/06)", Some((18, 6)));
        check("1 Agt", Some((1, 8)));
        check("18 orang", None);
        check("18, Juni", None);
        check("40/6", None);
        check("2025-06", None);
    }
}
