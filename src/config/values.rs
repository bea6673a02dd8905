//! The forms of single values. In: text as it was written. Out: what it means, or what is wrong with it and what to write.

use std::time::Duration;

use crate::config::mistakes::Flaw;
use crate::config::nearest::{either, nearest};
use crate::domain::Slug;
use crate::parse;

/// Text that is not blank.
pub fn text(written: &str) -> Result<String, Flaw> {
    if written.trim().is_empty() {
        return Err(Flaw::new("is empty", "write something, or leave the line out"));
    }
    Ok(written.trim().to_owned())
}

/// The id of a source, topic, region or channel.
pub fn id(written: &str) -> Result<Slug, Flaw> {
    if Slug::is_valid(written) {
        return Ok(Slug::from(written));
    }
    let mended: String = written.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let mended = mended.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let form = "an id is 1 to 64 of `a-z`, `0-9` and `-`, and stands in addresses";
    let hint = if Slug::is_valid(&mended) { format!("{form}: `{mended}`") } else { format!("{form}: `kaltim-post`") };
    Err(Flaw::new(format!("`{written}` is not an id"), hint))
}

/// A word of a list of allowed ones.
pub fn choice(written: &str, words: &'static [&'static str]) -> Result<&'static str, Flaw> {
    words.iter().find(|word| **word == written).copied().ok_or_else(|| {
        let hint = match nearest(written, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write {}", either(words.iter().copied())),
        };
        Flaw::new(format!("`{written}` is not known"), hint)
    })
}

/// A language tag of the usual form, `id` or `id-ID`.
pub fn language(written: &str) -> Result<String, Flaw> {
    let mut parts = written.split('-');
    let alphanumeric = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    if first && parts.all(|part| (2..=8).contains(&part.len()) && alphanumeric(part)) {
        return Ok(written.to_owned());
    }
    Err(Flaw::new(format!("`{written}` is not a language tag"), "write `id` for Indonesian, `en` for English"))
}

/// A CSS selector, as it was written.
pub fn selector(written: &str) -> Result<String, Flaw> {
    let written = text(written)?;
    parse::check_selector(&written).map(|()| written.clone()).map_err(|error| {
        Flaw::new(error, "write it as for `querySelector` in a browser: `.post`, `#berita li`, `h3 > a[href]`")
    })
}

/// The label of a charset; what is kept is its name.
pub fn charset(written: &str) -> Result<String, Flaw> {
    let encoding = encoding_rs::Encoding::for_label(written.as_bytes());
    encoding.map(|encoding| encoding.name().to_owned()).ok_or_else(|| {
        Flaw::new(format!("`{written}` is no charset"), "write `utf-8`, `windows-1252`, `iso-8859-15` or `utf-16le`")
    })
}

const DURATION_UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A length of time: a whole number and `ms`, `s`, `m`, `h` or `d`.
pub fn duration(written: &str, least: Duration, most: Duration) -> Result<Duration, Flaw> {
    let Some(duration) = number_and_unit(written, &DURATION_UNITS).map(Duration::from_millis) else {
        let hint = "write a whole number and `ms`, `s`, `m`, `h` or `d`: `30s`, `15m`, `2h`, `1d`";
        return Err(Flaw::new(format!("`{written}` is not a duration"), hint));
    };
    if duration < least || duration > most {
        let bounds = format!("write {} to {}", write_duration(least), write_duration(most));
        return Err(Flaw::new(
            format!("`{written}` is too {}", if duration < least { "short" } else { "long" }),
            bounds,
        ));
    }
    Ok(duration)
}

/// A duration as one would write it in feeds.toml.
pub fn write_duration(duration: Duration) -> String {
    write_units(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), "0s", &DURATION_UNITS)
}

const SIZE_UNITS: [(&str, u64); 7] = [
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

/// A number of bytes: a whole number and a unit.
pub fn size(written: &str, least: u64, most: u64) -> Result<u64, Flaw> {
    let Some(bytes) = number_and_unit(written, &SIZE_UNITS) else {
        let hint = "write a whole number and `B`, `KB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`: `512KB`, `10MB`, `10MiB`";
        return Err(Flaw::new(format!("`{written}` is not a size"), hint));
    };
    if bytes < least || bytes > most {
        let bounds = format!("write {} to {}", write_size(least), write_size(most));
        return Err(Flaw::new(format!("`{written}` is too {}", if bytes < least { "small" } else { "big" }), bounds));
    }
    Ok(bytes)
}

/// A size as one would write it in feeds.toml.
pub fn write_size(bytes: u64) -> String {
    write_units(bytes, "0B", &SIZE_UNITS)
}

fn number_and_unit(written: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, unit) = written.split_at(written.find(|c: char| !c.is_ascii_digit())?);
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn write_units(amount: u64, zero: &str, units: &[(&str, u64)]) -> String {
    let biggest = units.iter().find(|(_, factor)| amount >= *factor && amount.is_multiple_of(*factor));
    biggest.map_or_else(|| zero.to_owned(), |(unit, factor)| format!("{}{unit}", amount / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_a_number_and_a_unit() {
        let duration = |text| duration(text, Duration::ZERO, Duration::from_secs(864_000)).map(|it| it.as_millis());
        for (written, millis) in
            [("30s", 30_000), ("15m", 900_000), ("2h", 7_200_000), ("1d", 86_400_000), ("250ms", 250)]
        {
            assert_eq!(duration(written), Ok(millis));
            assert_eq!(write_duration(Duration::from_millis(millis as u64)), written);
        }
        assert_eq!(duration("0s"), Ok(0));
        for bad in ["", "30", "s", "1.5h", "30 s", "-1s", "30sec", "99999999999999999999d", "11d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        let size = |text| size(text, 0, 100_000_000);
        for (written, bytes) in [("10MB", 10_000_000), ("512KB", 512_000), ("10MiB", 10_485_760), ("7B", 7)] {
            assert_eq!(size(written), Ok(bytes));
            assert_eq!(write_size(bytes), written);
        }
        assert_eq!(size("10mb"), Ok(10_000_000));
        for bad in ["", "10", "MB", "10M", "1GB", "10 MB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_that_is_none_is_answered_with_one() {
        assert_eq!(id("kutai-barat").unwrap().as_str(), "kutai-barat");
        for (written, mended) in [("Kaltim Post", "kaltim-post"), ("a_b", "a-b"), ("--", "kaltim-post")] {
            let flaw = id(written).unwrap_err();
            assert!(flaw.hint.ends_with(&format!("`{mended}`")), "{flaw:?}");
        }
    }
}
