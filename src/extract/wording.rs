//! What the words of a line say it is: prose, or one of the many lines that outlets put around and into their articles.
//!
//! `text::is_noise` knows what feeds leave in an article's text; here is the rest, which only whole pages have.

use crate::extract::dated::is_date;
use crate::extract::phrases::{
    ASKS, BEGINNINGS, ENDS, FOLLOWED, LABELS, LEADS, MADE, MARKS, PARTS, PLACES, SAID, SECTIONS, TELLTALES, US,
};
use crate::extract::tools::{TOOL_WORDS, TOOLS};
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
    fn credits() {
        assert!(credits_a_picture("Petugas memadamkan api. (Foto: Istimewa)"));
        assert!(credits_a_picture("Bupati saat rapat (Ist)"));
        assert!(!credits_a_picture("Petugas memadamkan api di lereng bukit itu."));
    }
}
