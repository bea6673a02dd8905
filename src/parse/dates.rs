use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Timelike};

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
const ZONES: [(&str, i32); 18] = [
    ("wib", 7),
    ("wita", 8),
    ("wit", 9),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("sgt", 8),
    ("bst", 1),
    ("cet", 1),
    ("cest", 2),
    ("jst", 9),
    ("cst", -6),
    ("cdt", -5),
    ("est", -5),
    ("edt", -4),
    ("pst", -8),
    ("pdt", -7),
];

/// Reads a date as outlets write it: RFC 3339, RFC 822 with its usual faults, the parts of ISO 8601 that W3CDTF allows, seconds of
/// Unix, and Indonesian (`Rabu, 11 Juli 2024 14:05 WITA`, `11/7/2024`: the day before the month). A date without a zone is in `zone`.
/// `None` where it cannot be told.
pub fn parse_date(text: &str, zone: FixedOffset) -> Option<Instant> {
    let text = text.trim();
    // No date is longer, and whoever writes more must not make us look for one.
    if text.len() > 100 {
        return None;
    }
    let read = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text));
    let instant = match read {
        Ok(date) => date.to_utc(),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => digits(text, zone)?,
        Err(_) => {
            let words = words(text);
            let (date, rest) = named_date(&words).or_else(|| numeric_date(&words))?;
            let (time, next_day) = time(&rest).unwrap_or_default();
            let date = if next_day { date.succ_opt()? } else { date };
            local(date, time, offset(&rest).unwrap_or(zone))?
        }
    };
    // Without the fractions that nobody means, a leap second is the one before it.
    instant.with_nanosecond(0)
}

fn local(date: NaiveDate, time: NaiveTime, zone: FixedOffset) -> Option<Instant> {
    zone.from_local_datetime(&date.and_time(time)).single().map(|date| date.to_utc())
}

/// A year, `20240711`, `20240711140509`, or the seconds or milliseconds of Unix.
fn digits(text: &str, zone: FixedOffset) -> Option<Instant> {
    let midnight = NaiveTime::default();
    match text.len() {
        4 => local(
            NaiveDate::from_ymd_opt(text.parse().ok().filter(|year| (1970..2100).contains(year))?, 1, 1)?,
            midnight,
            zone,
        ),
        8 => local(compact_date(text)?, midnight, zone),
        10 => DateTime::from_timestamp(text.parse().ok()?, 0),
        13 => DateTime::from_timestamp_millis(text.parse().ok()?),
        14 => local(compact_date(&text[..8])?, compact_time(&text[8..])?, zone),
        _ => None,
    }
}

fn compact_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y%m%d").ok()
}

fn compact_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H%M%S").ok()
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
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '[' | ']' | '–' | '—');
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
        // `Thu Jul 11 14:05:00 2024`: the year comes last.
        (None, Some(day), None) if day <= 31 => {
            let last = parts.last().filter(|last| last.len() == 4)?;
            (day, last.parse().ok()?, at..at + 2)
        }
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

/// `2024-07-11`, `11/7/2024`, `11.07.2024`, `2024-07`, `2024-193`, `20240711`.
fn numeric_date(words: &[String]) -> Option<(NaiveDate, Vec<String>)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let parts: Option<Vec<u32>> = word.split(['-', '/', '.']).map(|part| part.parse().ok()).collect();
        let date = match parts?[..] {
            [first, month, last] if first > 31 => NaiveDate::from_ymd_opt(full_year(first)?, month, last),
            [first, month, last] => NaiveDate::from_ymd_opt(full_year(last)?, month, first),
            [year, day] if year > 1900 && word.len() == 8 => NaiveDate::from_yo_opt(full_year(year)?, day),
            [year, month] if year > 1900 && word.len() == 7 => NaiveDate::from_ymd_opt(full_year(year)?, month, 1),
            [_] if word.len() == 8 => compact_date(word),
            _ => None,
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

/// `14:05`, `14.05`, `14:05:30`, `2:05 pm`, `140530`, `14` before a zone; and whether it is 24:00, the beginning of the next day.
fn time(words: &[String]) -> Option<(NaiveTime, bool)> {
    let said = |noon: &str| words.iter().any(|word| word == noon);
    let before_a_zone = |at: usize| words.get(at + 1).is_some_and(|next| offset(std::slice::from_ref(next)).is_some());
    words.iter().enumerate().find_map(|(at, word)| {
        if word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some((compact_time(word)?, false));
        }
        let mut parts = word.split([':', '.']);
        let hour: u32 = parts.next()?.parse().ok()?;
        let minute: u32 = match parts.next() {
            Some(minute) if minute.len() == 2 => minute.parse().ok()?,
            None if word.len() == 2 && before_a_zone(at) => 0,
            _ => return None,
        };
        let second: u32 = parts.next().and_then(|second| second.parse().ok()).unwrap_or(0);
        let hour = match hour {
            12 if said("am") => 0,
            hour if hour < 12 && said("pm") => hour + 12,
            hour => hour,
        };
        Some((NaiveTime::from_hms_opt(hour % 24, minute, second.min(59))?, hour == 24))
    })
}

/// A signed offset goes before a name: `GMT+8`, `+0700 (WIB)`.
fn offset(words: &[String]) -> Option<FixedOffset> {
    let signed = |word: &String| {
        let word = word.trim_start_matches("gmt").trim_start_matches("utc");
        let (sign, digits) = match word.split_at_checked(1)? {
            ("+", digits) => (1, digits),
            ("-", digits) => (-1, digits),
            _ => return None,
        };
        let (hours, minutes) = match digits.split_once(':') {
            Some((hours, minutes)) => (hours, minutes),
            None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
            None => (digits, "0"),
        };
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        FixedOffset::east_opt(sign * hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?)
    };
    let named = |word: &String| {
        let zone = ZONES.iter().find(|(name, _)| name == word);
        zone.and_then(|(_, hours)| FixedOffset::east_opt(hours * 3600))
    };
    words.iter().find_map(signed).or_else(|| words.iter().find_map(named))
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
    fn dates_as_only_some_write_them() {
        check("2024", "2023-12-31T16:00:00Z");
        check("2024-07", "2024-06-30T16:00:00Z");
        check("2024-07-11T14Z", "2024-07-11T14:00:00Z");
        check("2024-07-11T14:05Z", "2024-07-11T14:05:00Z");
        check("2024-07-11T14:05+08", "2024-07-11T06:05:00Z");
        check("2024-07-11 14:05:09.123 +0800", "2024-07-11T06:05:09Z");
        check("20240711T140509Z", "2024-07-11T14:05:09Z");
        check("20240711", "2024-07-10T16:00:00Z");
        check("1720677900", "2024-07-11T06:05:00Z");
        check("1720677900000", "2024-07-11T06:05:00Z");
        check("Thu Jul 11 14:05:00 2024", "2024-07-11T06:05:00Z");
        check("Thu Jul 11 14:05:00 WIB 2024", "2024-07-11T07:05:00Z");
        check("Mon, 11 Jul 2024 14:05:00 GMT", "2024-07-11T14:05:00Z");
        check("Thu, 11 July 2024 14:05 GMT+8", "2024-07-11T06:05:00Z");
        check("Thu, 11 Jul 2024 14:05:00 UTC+08:00", "2024-07-11T06:05:00Z");
        check("Thu, 11 Jul 2024 14:05:00 +8", "2024-07-11T06:05:00Z");
        check("Thu, 11 Jul 2024 14:05:00 +0700 (WIB)", "2024-07-11T07:05:00Z");
        check("Thu, 11 Jul 2024 24:00:00 GMT", "2024-07-12T00:00:00Z");
        check("Thu, 11 Jul 2024 14:05:60 GMT", "2024-07-11T14:05:59Z");
        check("Jum'at, 12 Juli 2024 pukul 09.30 WITA", "2024-07-12T01:30:00Z");
        check("Ahad 14 Juli 2024, 9:05 Wita", "2024-07-14T01:05:00Z");
        check("Senin (15/07/2024) 10:00", "2024-07-15T02:00:00Z");
        check("15/7/24", "2024-07-14T16:00:00Z");
        check("1 Agst 2024", "2024-07-31T16:00:00Z");
        check("3 Pebruari 2024 12.00 WIB", "2024-02-03T05:00:00Z");
        check("10 Nopember 2024 08:00 WIT", "2024-11-09T23:00:00Z");
        check("Sept 5, 2024", "2024-09-04T16:00:00Z");
        check("2024-193", "2024-07-10T16:00:00Z");
        check("11 Juli 2024 2:05 PM", "2024-07-11T06:05:00Z");
        check("11 Juli 2024 12:05 am", "2024-07-10T16:05:00Z");
        check("2024/07/11 14:05", "2024-07-11T06:05:00Z");
        check("2024-07-11T14:05:00.000Z[UTC]", "2024-07-11T14:05:00Z");
        check("2024-07-11T14:05:00 08:00", "2024-07-11T06:05:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "kemarin",
            "1 hari lalu",
            "12",
            "99",
            "123456789012345678",
            "kemarin +596523:2147483000",
            "Sabtu",
            "32 Juli 2024",
            "13/13/2024",
            "Juli",
            "::",
            "+",
            "-",
            "é",
            "99999999999999 Juli 1",
        ] {
            check(text, "");
        }
    }
}
