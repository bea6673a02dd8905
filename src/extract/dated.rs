//! Dates and times of day in lines, by their words.

use crate::extract::tools::{DAYS, MONTHS};
use crate::text::{fold_into, words};

/// Words around a date that say no more than that it is one; and how many others make the line a sentence.
const OF_DATES: &[&str] = &[
    "pada",
    "hari",
    "tanggal",
    "pukul",
    "jam",
    "oleh",
    "terbit",
    "tayang",
    "diterbitkan",
    "dipublikasikan",
    "diposting",
    "diperbarui",
    "update",
    "updated",
    "published",
    "on",
    "at",
    "by",
    "wib",
    "wita",
    "wit",
];
const OTHERS: usize = 6;

/// A date, perhaps with a name before it: `Admin - Senin, 4 Maret 2025 | 10:20 WITA`.
pub fn is_date(folded: &str, count: usize) -> bool {
    if count > 14 || !folded.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let (mut named, mut year, mut clock, mut numbers, mut others) = (false, false, false, 0, 0);
    for word in words(folded) {
        others += usize::from(!OF_DATES.contains(&word.text));
        named |= DAYS.contains(&word.text) || MONTHS.contains(&word.text);
        clock |= matches!(word.text, "wib" | "wita" | "wit" | "lalu" | "ago" | "pm" | "am");
        if let Ok(number) = word.text.parse::<u32>() {
            numbers += 1;
            year |= (1990..2100).contains(&number);
        }
    }
    if others - numbers > OTHERS {
        return false;
    }
    (named && year && numbers > 1)
        || (clock && numbers > 0 && (named || numbers > 1 || count <= 5))
        || (year && numbers >= 3)
}

/// Whether a line has a time of day after its date.
pub fn has_clock(line: &str) -> bool {
    let bytes = line.as_bytes();
    let digits = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    memchr::memchr2_iter(b':', b'.', bytes).any(|at| {
        at > 0 && bytes[at - 1].is_ascii_digit() && digits(at + 1) && !bytes.get(at + 3).is_some_and(u8::is_ascii_digit)
    })
}

/// Whether a line is a time of day: `10.05 WITA`, `Pukul 09.00`.
pub fn is_clock(line: &str) -> bool {
    let mut folded = String::new();
    fold_into(&line[..line.floor_char_boundary(40)], &mut folded);
    let of_clock = |word: &str| {
        matches!(word, "wib" | "wita" | "wit" | "pukul" | "jam")
            || (word.len() < 3 && word.parse::<u8>().is_ok_and(|number| number < 60))
    };
    folded.contains(|c: char| c.is_ascii_digit())
        && line.len() < 40
        && words(&folded).flat_map(|word| word.text.split(['.', ':'])).all(of_clock)
}

/// The first date in a line that names its year, as it is written, with its time of day.
pub fn date_in(line: &str) -> Option<String> {
    let mut folded = String::new();
    let (mut start, mut end, mut named, mut year, mut numbers) = (0, 0, false, false, 0);
    for word in words(line).take(60) {
        // `Ani Wijaya04 Mar 2025`, where a template parts them by style alone.
        let glued = word
            .text
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| at + word.text[at..].chars().next().map_or(0, char::len_utf8));
        let glued = if word.text.starts_with(char::is_alphabetic) && (1..3).contains(&(word.text.len() - glued)) {
            glued
        } else {
            0
        };
        fold_into(&word.text[glued..], &mut folded);
        let (from, until) = (word.start + glued, word.start + word.text.len());
        let day = DAYS.contains(&&*folded);
        let month = MONTHS.contains(&&*folded);
        let digits = folded.trim_end_matches(['t', 'z']);
        let number = folded.starts_with(|c: char| c.is_ascii_digit())
            && digits.split('t').all(|part| part.parse::<u32>().is_ok());
        let between = numbers > 0
            && matches!(&*folded, "wib" | "wita" | "wit" | "pukul" | "jam" | "am" | "pm" | "at" | "gmt" | "utc" | "z");
        if !(day || month || number || between) {
            if year && (named || numbers >= 3) {
                break;
            }
            (named, year, numbers, end) = (false, false, 0, 0);
            continue;
        }
        // After the year only a time of day.
        let complete = year && (named || numbers >= 3);
        if number && complete && !is_of_clock(line, from, until) {
            break;
        }
        if day && (numbers > 0 || named) && !(year && named) {
            (named, year, numbers, end) = (false, false, 0, 0);
        }
        // `Budi 2 | 4 Maret 2025`
        if end > 0 && !year && line[end..from].contains(['|', '•']) && !day {
            (named, numbers, end) = (false, 0, 0);
        }
        if end == 0 {
            start = from;
        }
        end = until;
        named |= month;
        numbers += usize::from(number);
        year |= number
            && digits
                .get(..4)
                .is_some_and(|digits| digits.parse::<u32>().is_ok_and(|year| (1990..2100).contains(&year)));
    }
    (year && numbers > 0 && (named || numbers >= 3) && end > 0).then(|| line[start..end].to_owned())
}

/// Whether a number has another of two digits after it or is one that has a number before it: `10:20`, `10.20`.
fn is_of_clock(line: &str, from: usize, until: usize) -> bool {
    let two =
        |text: &str| text.starts_with([':', '.']) && text.chars().skip(1).take_while(char::is_ascii_digit).count() == 2;
    let before = line[..from].ends_with([':', '.']) && line[..from - 1].ends_with(|c: char| c.is_ascii_digit());
    two(&line[until..]) || (before && until - from < 4)
}

/// Whether a line is a label and when something is: `Pukul: 09.00 WITA`, and not when it was published.
pub fn is_appointment(line: &str) -> bool {
    let mut folded = String::new();
    fold_into(&line[..line.floor_char_boundary(60)], &mut folded);
    let Some((label, rest)) = folded.split_once(": ") else { return false };
    let made = ["terbit", "tayang", "publi", "posting", "update", "diperbarui", "ditulis", "dibuat", "posted", "date"];
    label.len() < 30
        && label.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | ' '))
        && !rest.trim().is_empty()
        && !made.iter().any(|made| label.contains(made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_lines() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(date_in(line).as_deref(), expected, "{line}");
        check("Admin - Senin, 4 Maret 2025 | 10:20 WITA", Some("Senin, 4 Maret 2025 | 10:20 WITA"));
        check("Budi 2 | 04/03/2025 10.20 | Kategori", Some("04/03/2025 10.20"));
        check("Diposting pada March 4, 2025 oleh admin", Some("March 4, 2025"));
        check("2025-03-04T10:20:00Z", Some("2025-03-04T10:20:00Z"));
        check("2025-03-04 10:20:00", Some("2025-03-04 10:20:00"));
        check("Ani04 Mar 2025, 10:22 WIB", Some("04 Mar 2025, 10:22 WIB"));
        check("Ani / 4 Maret 2025 / 3 menit", Some("4 Maret 2025"));
        check("20-02-2025 1.022x dibaca", Some("20-02-2025"));
        check("04/03/2025, 10:20:31 WIB", Some("04/03/2025, 10:20:31 WIB"));
        check("2 jam lalu", None);
        check("Dibaca 1200 kali", None);
    }

    #[test]
    fn appointments() {
        assert!(is_appointment("Hari/tanggal: Sabtu, 8 Maret 2025"));
        assert!(is_appointment("Pukul: 09.00 WITA"));
        assert!(!is_appointment("Diterbitkan: 8 Maret 2025"));
        assert!(!is_appointment("8 Maret 2025 10:20 WITA"));
    }
}
