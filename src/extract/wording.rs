//! What the words of a line say it is: prose, or one of the many lines that outlets put around and into their articles.
//!
//! `text::is_noise` knows what feeds leave in an article's text; here is the rest, which only whole pages have.

use crate::extract::phrases::{
    ASKS, BEGINNINGS, DAYS, ENDS, FOLLOWED, LABELS, LEADS, MADE, MARKS, MONTHS, PARTS, PLACES, SAID, SECTIONS,
    TELLTALES, TOOL_WORDS, TOOLS, US,
};
use crate::text::{fold_into, is_noise, words};

/// What a line is, by its words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// A sentence, or more.
    Prose,
    /// Neither a sentence nor anything known: a sub-heading, a cell, a name.
    Plain,
    /// No part of an article.
    Noise,
    /// The same but among the sentences of one: a date, a label.
    Mark,
    /// The heading of links to other articles.
    Section,
    /// The heading of what comes after an article: comments, its author.
    End,
}

/// What a line is. `count` and `linked` are its words and those of them in links.
pub fn of(line: &str, count: usize, linked: usize) -> Wording {
    let mut folded = String::new();
    fold_into(&line[..line.floor_char_boundary(400)], &mut folded);
    let begin = folded.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '©' | '(' | '#'));
    if count == 0 {
        return if line.contains(['©', '»', '«', '|', '›']) { Wording::Noise } else { Wording::Plain };
    }
    if count <= 7
        && let Some(heading) = heading(begin)
    {
        return heading;
    }
    let telltale = count <= 60 && TELLTALES.iter().any(|(words, most)| count <= *most && folded.contains(words));
    let beginning = count <= 40 && BEGINNINGS.iter().any(|(words, most)| count <= *most && begin.starts_with(words));
    let sentence = ends_a_sentence(line);
    if !telltale && let Some(rest) = label(begin) {
        // `Sumber: air tanah dan embung di kaki bukit menjadi tempat minum.`
        if sentence && count > 6 && rest.starts_with(char::is_lowercase) && line_goes_on(line) {
            return Wording::Prose;
        }
        if linked * 2 < count
            && count <= 25
            && !rest.is_empty()
            && MARKS.iter().any(|mark| begin.starts_with(mark))
            && !begin.starts_with("topik terkait")
        {
            return Wording::Mark;
        }
    }
    if is_lead(line, count, linked) {
        return Wording::Noise;
    }
    if telltale || (beginning && !(sentence && count > 6)) || is_noise(line) {
        return Wording::Noise;
    }
    if (count <= 12 && is_tool(&folded, linked)) || (count <= 45 && asks_to_follow(begin, linked)) {
        return Wording::Noise;
    }
    if !sentence && is_date(&folded, count) {
        return Wording::Mark;
    }
    if (count >= 3 && sentence) || count >= 10 { Wording::Prose } else { Wording::Plain }
}

/// Whether a heading may also stand over a part of an article.
pub fn is_part_heading(line: &str) -> bool {
    let mut folded = String::new();
    fold_into(line, &mut folded);
    PARTS.contains(&folded.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether a text begins as a lead to another article.
pub fn leads(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    LEADS.iter().any(|lead| text.get(..lead.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(lead)))
}

/// Whether a line ends as sentences do.
pub fn ends_a_sentence(line: &str) -> bool {
    let line = line.trim_end_matches([')', '"', '”', '’', '\'', '*', ']', ' ', '\u{a0}']);
    line.ends_with(['.', '!', '?', '…', ';'])
}

/// Whether a line without a colon begins with who made the article: `Penulis Ani Wijaya, guru di Kutai`.
pub fn names_a_maker(line: &str) -> bool {
    let mut folded = String::new();
    fold_into(&line[..line.floor_char_boundary(60)], &mut folded);
    let first = words(&folded).next().map_or("", |word| word.text);
    MADE.contains(&first)
}

/// Whether a line says where the picture above it is from.
pub fn credits_a_picture(line: &str) -> bool {
    let mut folded = String::new();
    fold_into(line, &mut folded);
    let tail = folded.rfind(['(', '[', '/', '|']).map_or("", |at| &folded[at..]);
    let known = [
        "foto",
        "ist",
        "istimewa",
        "dok",
        "antara",
        "humas",
        "photo",
        "dokumentasi",
        "ho",
        "kominfo",
        "sumber",
        "net",
        "ilustrasi",
        "screenshot",
    ];
    words(tail).take(12).any(|word| known.contains(&word.text))
        || ["foto", "ilustrasi", "keterangan foto", "ket foto", "caption", "sumber"]
            .iter()
            .any(|start| folded.starts_with(start))
        || folded.contains("foto:")
        || folded.contains("dok.")
}

fn heading(begin: &str) -> Option<Wording> {
    let bare = begin.trim_end_matches(|c: char| !c.is_alphanumeric());
    // `3 Komentar`, `Komentar (3)`.
    let bare = bare.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')'));
    let exact = |list: &[&str]| list.contains(&bare);
    if exact(ENDS)
        || ["tinggalkan balasan", "leave a reply", "tinggalkan komentar"].iter().any(|start| bare.starts_with(start))
    {
        return Some(Wording::End);
    }
    exact(SECTIONS).then_some(Wording::Section)
}

/// A share bar, page numbers, a counter of readers: short words of tools and numbers only.
fn is_tool(folded: &str, linked: usize) -> bool {
    let (mut tools, mut numbers) = (0, 0);
    for word in words(folded) {
        if word.text.chars().all(|c| c.is_ascii_digit()) {
            numbers += 1;
        } else if TOOL_WORDS.contains(&word.text) || word.text.len() == 1 {
            tools += usize::from(TOOLS.contains(&word.text));
        } else {
            return false;
        }
    }
    tools > 0 || (numbers > 0 && linked > 0)
}

/// What follows the name of a label that may also begin a sentence.
fn label(begin: &str) -> Option<&str> {
    let (name, rest) = begin.split_once(':')?;
    LABELS.iter().any(|label| name.trim_end().starts_with(label)).then(|| rest.trim_start())
}

/// Whether what follows the colon begins in small letters, as a sentence goes on.
fn line_goes_on(line: &str) -> bool {
    line.split_once(':').is_some_and(|(_, rest)| rest.trim_start().starts_with(char::is_lowercase))
}

/// `Artikel menarik: <a>…</a>`: few words, a colon, and a link to the end.
fn is_lead(line: &str, count: usize, linked: usize) -> bool {
    let Some((before, after)) = line.split_once(':') else { return false };
    let lead = words(before).take(5).count();
    linked >= 3
        && (1..5).contains(&lead)
        && lead + linked == count
        && !after.trim_end().ends_with(['.', ';'])
        && !after.starts_with(|c: char| c.is_ascii_digit())
}

fn asks_to_follow(begin: &str, linked: usize) -> bool {
    let asks = ASKS.iter().any(|ask| begin.strip_prefix(ask).is_some_and(|rest| rest.starts_with([' ', ','])));
    if !asks || SAID.iter().any(|said| begin.contains(said)) {
        return false;
    }
    let places = || PLACES.iter().filter(|place| begin.contains(*place));
    FOLLOWED.iter().any(|place| begin.contains(place))
        || places().nth(1).is_some()
        || (places().next().is_some() && (linked > 0 || US.iter().any(|us| begin.contains(us))))
}

/// A date, perhaps with a name before it: `Admin - Senin, 4 Maret 2025 | 10:20 WITA`.
fn is_date(folded: &str, count: usize) -> bool {
    if count > 14 || !folded.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let (mut named, mut year, mut clock, mut numbers) = (false, false, false, 0);
    for word in words(folded) {
        named |= DAYS.contains(&word.text) || MONTHS.contains(&word.text);
        clock |= matches!(word.text, "wib" | "wita" | "wit" | "lalu" | "ago" | "pm" | "am");
        if let Ok(number) = word.text.parse::<u32>() {
            numbers += 1;
            year |= (1990..2100).contains(&number);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lines_are() {
        let check = |line: &str, expected: Wording| {
            assert_eq!(of(line, words(line).count(), 0), expected, "{line}");
        };
        for line in [
            "Baca juga: Polisi Tangkap Pelaku",
            "Bagikan ke Facebook Twitter WhatsApp",
            "Share:",
            "Halaman 1 2 3 Selanjutnya",
            "Dibaca 123 kali",
            "Post Views: 1.204",
            "Cek Berita dan Artikel yang lain di Google News",
            "Ikuti saluran WhatsApp kami, klik di sini.",
            "Yuk gabung di channel Telegram Kabar Teluk, klik tautannya.",
            "Artikel ini telah tayang di kabar.example dengan judul Dua Orang Ditahan",
            "Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *",
            "© 2025 Kabar Teluk. Seluruh isi dilindungi.",
            "Laporan wartawan Kabar Teluk, Budi",
            "Situs ini menggunakan cookie untuk pengalaman terbaik Anda.",
            "ADVERTISEMENT",
        ] {
            check(line, Wording::Noise);
        }
        for line in [
            "Polisi menahan dua orang.",
            "“Kami baca semua laporan itu,” kata dia.",
            "Pada Senin, 4 Maret 2025 pukul 10.20 WITA polisi menahan dua orang.",
            "Ikuti aturan itu, kata bupati.",
            "Oleh karena itu, dinas meminta warga melapor.",
            "Bagikan makanan kepada warga yang terdampak banjir di tiga desa itu",
            "Iuran itu naik dari 10 ribu rupiah pada 2023 menjadi 15 ribu rupiah pada 2024.",
        ] {
            check(line, Wording::Prose);
        }
        for line in [
            "Senin, 4 Maret 2025 | 10:20 WITA",
            "Admin - 4 Maret 2025 10:20",
            "2 jam lalu",
            "Kategori: Kabar bohong tentang sungai",
        ] {
            check(line, Wording::Mark);
        }
        for line in [
            "Gulir ke bawah untuk membaca lagi",
            "SCROLL TO RESUME CONTENT",
            "[Gambas:Video Kabar]",
            "Dilarang menyalin isi berita ini tanpa izin tertulis.",
            "Kabar pilihan tiba di kotak masuk Anda setiap pagi.",
            "Aktifkan JavaScript untuk membaca halaman ini.",
        ] {
            check(line, Wording::Noise);
        }
        for line in [
            "Ikuti lomba lewat saluran Telegram dinas, ujar camat kepada warga.",
            "Simak keterangan petani mengenai kanal irigasi berikut ini.",
            "Alat pengukur hujan itu memakai JavaScript dan listrik surya.",
            "Sumber: mata air di lereng bukit yang tidak pernah kering.",
        ] {
            check(line, Wording::Prose);
        }
        assert_eq!(of("Kabar pilihan: Dua Kapal Karam", 5, 3), Wording::Noise);
        assert_eq!(of("Camat: Dua kapal karam di muara", 6, 0), Wording::Plain);
        check("Modus baru", Wording::Plain);
        check("Rp 12.000", Wording::Plain);
        check("Berita Terkait", Wording::Section);
        check("BACA JUGA :", Wording::Section);
        check("3 Komentar", Wording::End);
        check("Tinggalkan Balasan Batalkan balasan", Wording::End);
    }

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
    fn credits() {
        assert!(credits_a_picture("Petugas memadamkan api. (Foto: Istimewa)"));
        assert!(credits_a_picture("Bupati saat rapat (Ist)"));
        assert!(!credits_a_picture("Petugas memadamkan api di lereng bukit itu."));
    }
}
