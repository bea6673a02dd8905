use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};

use crate::domain::Instant;

/// Months by the letters that tell them apart, in Indonesian and English, long, short and misspelt.
const MONTHS: [(&str, u32); 20] = [
    ("jan", 1),
    ("feb", 2),
    ("peb", 2),
    ("mar", 3),
    ("apr", 4),
    ("mei", 5),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("agu", 8),
    ("ags", 8),
    ("agt", 8),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("nop", 11),
    ("des", 12),
    ("dec", 12),
];

/// Zones by name, in hours east of Greenwich. WIB, WITA and WIT are Indonesia's three.
const ZONES: [(&str, i32); 12] = [
    ("wib", 7),
    ("wita", 8),
    ("wit", 9),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("sgt", 8),
    ("est", -5),
    ("edt", -4),
    ("pst", -8),
    ("pdt", -7),
];

/// Reads a date as outlets write it: RFC 3339, RFC 822 with its usual faults, and Indonesian (`Rabu, 11 Juli 2024 14:05
/// WITA`, `11/7/2024`: the day before the month). A date without a zone is in `zone`. `None` where it cannot be told.
pub fn parse_date(text: &str, zone: FixedOffset) -> Option<Instant> {
    let text = text.trim();
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.to_utc());
    }
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    let words = words(text);
    let (date, rest) = named_date(&words).or_else(|| numeric_date(&words))?;
    let time = time(&rest).unwrap_or_default();
    let zone = rest.iter().find_map(|word| offset(word)).unwrap_or(zone);
    zone.from_local_datetime(&date.and_time(time)).single().map(|date| date.to_utc())
}

/// The parts between spaces, commas and bars; `2024-07-11T14:05:00` is two.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut spaced = String::with_capacity(lower.len());
    let bytes = lower.as_bytes();
    for (at, c) in lower.char_indices() {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let between = digit(at.checked_sub(1)) && digit(Some(at + 1));
        // The T of ISO dates, and a zone that hangs on to its time: `14:05WITA`, `14:05+08:00`.
        if c == 't' && between {
            spaced.push(' ');
            continue;
        }
        if c == '+' || (c.is_alphabetic() && digit(at.checked_sub(1)) && !between) {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '–' | '—');
    spaced.split(is_gap).map(|word| word.trim_matches('.').to_owned()).filter(|word| !word.is_empty()).collect()
}

/// `11 juli 2024`, `juli 11 2024`, `11-jul-2024`; and the words that are left over.
fn named_date(words: &[String]) -> Option<(NaiveDate, Vec<String>)> {
    let parts: Vec<String> = words.iter().flat_map(|word| split_dashed(word)).collect();
    let (at, month) = parts.iter().enumerate().find_map(|(at, word)| Some((at, month(word)?)))?;
    let number = |at: Option<usize>| at.and_then(|at| parts.get(at)).and_then(|word| day_or_year(word));
    let (before, after, second) = (number(at.checked_sub(1)), number(Some(at + 1)), number(Some(at + 2)));
    let (day, year, used) = match (before, after, second) {
        (Some(day), Some(year), _) if day <= 31 => (day, year, at - 1..at + 2),
        (Some(year), Some(day), _) if day <= 31 => (day, year, at - 1..at + 2),
        (None, Some(day), Some(year)) if day <= 31 => (day, year, at..at + 3),
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(full_year(year)?, month, day)?;
    let rest = parts.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, word)| word.clone()).collect();
    Some((date, rest))
}

fn split_dashed(word: &str) -> Vec<String> {
    let parts: Vec<&str> = word.split(['-', '/']).collect();
    if parts.len() == 3 && month(parts[1]).is_some() {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![word.to_owned()]
}

/// `2024-07-11`, `11/7/2024`, `11.07.2024`.
fn numeric_date(words: &[String]) -> Option<(NaiveDate, Vec<String>)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let parts: Option<Vec<u32>> = word.split(['-', '/', '.']).map(|part| part.parse().ok()).collect();
        let [first, month, last] = parts?.try_into().ok()?;
        let date = if first > 31 {
            NaiveDate::from_ymd_opt(full_year(first)?, month, last)
        } else {
            NaiveDate::from_ymd_opt(full_year(last)?, month, first)
        }?;
        let rest = words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word.clone());
        Some((date, rest.collect()))
    })
}

fn month(word: &str) -> Option<u32> {
    let letters = word.chars().all(char::is_alphabetic) && word.len() >= 3;
    MONTHS.iter().find(|(name, _)| letters && word.starts_with(name)).map(|(_, number)| *number)
}

fn day_or_year(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (digits.len() <= 4).then(|| digits.parse().ok()).flatten()
}

fn full_year(year: u32) -> Option<i32> {
    match year {
        0..=69 => i32::try_from(2000 + year).ok(),
        70..=99 => i32::try_from(1900 + year).ok(),
        1000..=9999 => i32::try_from(year).ok(),
        _ => None,
    }
}

/// `14:05`, `14.05`, `14:05:30`, `2:05 pm`; 24:00 is the day's beginning.
fn time(words: &[String]) -> Option<NaiveTime> {
    let afternoon = words.iter().any(|word| word == "pm");
    words.iter().find_map(|word| {
        let mut parts = word.split([':', '.']);
        let hour: u32 = parts.next()?.parse().ok()?;
        let minute: u32 = parts.next().filter(|minute| minute.len() == 2)?.parse().ok()?;
        let second: u32 = parts.next().and_then(|second| second.parse().ok()).unwrap_or(0);
        let hour = if afternoon && hour < 12 { hour + 12 } else { hour % 24 };
        NaiveTime::from_hms_opt(hour, minute, second.min(59))
    })
}

fn offset(word: &str) -> Option<FixedOffset> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return FixedOffset::east_opt(hours * 3600);
    }
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).and_then(|minutes| minutes.parse().ok()).unwrap_or(0);
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let makassar = FixedOffset::east_opt(8 * 3600).unwrap();
        let read = parse_date(text, makassar).map(|date| date.format("%FT%TZ").to_string());
        assert_eq!(read.as_deref(), Some(expected).filter(|text| !text.is_empty()), "{text}");
    }

    #[test]
    fn dates_as_outlets_write_them() {
        check("2024-07-11T14:05:00+08:00", "2024-07-11T06:05:00Z");
        check("Thu, 11 Jul 2024 14:05:00 +0800", "2024-07-11T06:05:00Z");
        check("Thu, 11 Jul 2024 06:05:00 GMT", "2024-07-11T06:05:00Z");
        check("Kamis, 11 Juli 2024 14:05 WITA", "2024-07-11T06:05:00Z");
        check("Kamis, 11 Juli 2024 | 14.05 WIB", "2024-07-11T07:05:00Z");
        check("Kam, 11 Jul 2024 14:05:09 WIT", "2024-07-11T05:05:09Z");
        check("05 Agustus 2019", "2019-08-04T16:00:00Z");
        check("11/7/2024", "2024-07-10T16:00:00Z");
        check("11-07-2024 14:05", "2024-07-11T06:05:00Z");
        check("2024-07-11 14:05:00", "2024-07-11T06:05:00Z");
        check("2024-07-11T14:05:00", "2024-07-11T06:05:00Z");
        check("11-Jul-2024 14:05", "2024-07-11T06:05:00Z");
        check("July 11, 2024 2:05 pm", "2024-07-11T06:05:00Z");
        check("Wed, 11 Jul 24 14:05:00 WITA", "2024-07-11T06:05:00Z");
        check("11 Desember 2024 14:05WITA", "2024-12-11T06:05:00Z");
        check("1 Maret 2024 pukul 09.00", "2024-03-01T01:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "kemarin", "32 Juli 2024", "13/13/2024", "Juli", "::", "+", "-", "é", "99999999999999 Juli 1"]
        {
            check(text, "");
        }
    }
}
