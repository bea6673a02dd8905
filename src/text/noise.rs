//! Lines that are no part of an article, and the dateline before its first sentence.

use crate::text::{fold_into, words};

/// How lines begin that lead elsewhere. Folded.
const LEADS_ELSEWHERE: [&str; 34] = [
    "baca juga",
    "baca jg",
    "baca:",
    "baca :",
    "baca selengkapnya",
    "baca berita",
    "lihat juga",
    "lihat video",
    "simak juga",
    "simak video",
    "simak berita",
    "tonton juga",
    "tonton video",
    "saksikan juga",
    "artikel terkait",
    "berita terkait",
    "berita lainnya",
    "artikel ini telah tayang",
    "ikuti berita",
    "ikuti kami",
    "ikuti saluran",
    "ikuti whatsapp",
    "dapatkan berita",
    "dapatkan update",
    "scroll to continue",
    "halaman selanjutnya",
    "selanjutnya:",
    "dilarang keras mengambil",
    "tag:",
    "tags:",
    "tag :",
    "topik:",
    "the post ",
    "kategori:",
];

/// The same where the line is no sentence: these words also begin sentences (`Iklan rokok dilarang …`).
const SHORT_ONES: [&str; 8] =
    ["iklan", "advertisement", "bagikan", "share", "copyright", "hak cipta", "topik terkait", "kata kunci"];

/// Who made an article or a picture.
const MAKERS: [&str; 13] = [
    "penulis",
    "editor",
    "reporter",
    "pewarta",
    "wartawan",
    "jurnalis",
    "redaktur",
    "foto",
    "sumber",
    "oleh",
    "penyunting",
    "laporan",
    "kontributor",
];

/// Whether a line (a trimmed paragraph, not empty) leads elsewhere or tells who made the article.
pub fn is_noise(line: &str) -> bool {
    let mut begin = String::new();
    fold_into(&line[..line.floor_char_boundary(60)], &mut begin);
    let begin = begin.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '#');
    if LEADS_ELSEWHERE.iter().any(|start| begin.starts_with(start)) || begin.starts_with('#') {
        return true;
    }
    if SHORT_ONES.iter().any(|start| begin.starts_with(start)) && words(line).nth(6).is_none() {
        return true;
    }
    // `Penulis: Budi`, `Editor : Ani | Sumber: Antara`; a line that goes on is a sentence.
    let maker = MAKERS.iter().find_map(|maker| begin.strip_prefix(maker)).map(str::trim_start);
    maker.is_some_and(|rest| rest.starts_with([':', '|'])) && line.len() < 160
}

/// Whether a line among others is no sentence but a section's name or a tag cloud.
pub fn is_label(line: &str) -> bool {
    let ends = line.ends_with(['.', '!', '?', '"', '”', ':', ')', ',']);
    is_initials(line) || (!ends && (words(line).nth(2).is_none() || is_cloud(line)))
}

/// `(adv/diskominfo)`, `(*)`, `(rdk/ant)`: who wrote it, in short.
fn is_initials(line: &str) -> bool {
    let inner = line.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']', '*']));
    inner.is_some_and(|inner| inner.len() < 40 && !inner.contains(". "))
}

/// A tag cloud: many short pieces with marks between them and no sentence.
fn is_cloud(line: &str) -> bool {
    let pieces: Vec<&str> =
        line.split([',', '|', '•', '·', '#', ';']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let short = |piece: &&str| piece.split_whitespace().nth(3).is_none();
    pieces.len() > 2 && pieces.iter().all(short)
}

/// How many bytes at the beginning of an article are its dateline: `SAMARINDA, contoh.id –`, `Jakarta (ANTARA) -`,
/// `Contoh.com, Tenggarong –`.
pub fn dateline(line: &str) -> Option<usize> {
    let head = &line[..line.floor_char_boundary(90)];
    let (at, length) = head.char_indices().find_map(|(at, c)| {
        let spaced =
            head[..at].ends_with([' ', '\u{a0}', ')']) || head[at + c.len_utf8()..].starts_with([' ', '\u{a0}']);
        let dash = matches!(c, '–' | '—' | '-' | '‒' | '―') && spaced && at > 2;
        let shouted = matches!(c, ':' | '|') && at > 3 && !head[..at].chars().any(char::is_lowercase);
        let rest = head[at..].trim_start_matches(['–', '—', '-', '‒', '―', ':', '|', ' ', '\u{a0}']);
        (dash || shouted).then(|| (at, head.len() - at - rest.len()))
    })?;
    let before = &head[..at];
    let mut count = 0;
    for word in words(before) {
        count += 1;
        let first = word.text.chars().next()?;
        let domain = matches!(word.text, "com" | "id" | "co" | "net" | "news" | "go" | "tv" | "org");
        if !(first.is_uppercase()
            || first.is_numeric()
            || domain
            || after_dot(before, word.start)
            || before_dot(before, word.end()))
        {
            return None;
        }
    }
    (1..=9).contains(&count).then_some(at + length)
}

fn after_dot(text: &str, at: usize) -> bool {
    text[..at].ends_with('.')
}

fn before_dot(text: &str, at: usize) -> bool {
    text[at..].starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_part_of_an_article() {
        for line in [
            "Baca Juga: Polisi Tangkap Muncikari",
            "BACA JUGA : Lain",
            "» Baca juga Lain",
            "Editor: Ani Wijaya",
            "Penulis : Budi | Editor : Ani",
            "#TPPO #IKN",
            "IKN",
            "Hukum & Kriminal",
            "Kaltim, IKN, Perdagangan Orang",
            "TPPO | Balikpapan | Polda Kaltim",
            "(adv/diskominfo kukar)",
            "(*)",
            "SCROLL TO CONTINUE WITH CONTENT",
            "ADVERTISEMENT",
            "Hak cipta 2024 Kabar Teluk",
        ] {
            assert!(is_noise(line) || is_label(line), "{line}");
        }
        for line in [
            "Polisi menangkap dua orang.",
            "Baca dan tulis diajarkan di sana.",
            "Foto itu dibuat kemarin",
            "Iklan rokok di sepanjang jalan menuju IKN diturunkan petugas kemarin siang.",
            "Dilarang keras membuang sampah di sungai.",
            "Hadir dalam acara itu Bupati, Wakil Bupati, Ketua DPRD dan para camat se-Kabupaten Berau",
            "Modus baru pelaku perdagangan orang",
            "Selesai.",
        ] {
            assert!(!is_noise(line) && !is_label(line), "{line}");
        }
    }

    #[test]
    fn datelines() {
        let check =
            |line: &str, expected: Option<&str>| assert_eq!(dateline(line).map(|end| &line[..end]), expected, "{line}");
        check("SAMARINDA, contoh.id – Polisi menahan", Some("SAMARINDA, contoh.id – "));
        check("Jakarta (ANTARA) - Pemerintah", Some("Jakarta (ANTARA) - "));
        check("BERAU, KOMPAS.com -- Pemerintah", Some("BERAU, KOMPAS.com -- "));
        check("Contoh.com, Tenggarong – Bupati", Some("Contoh.com, Tenggarong – "));
        check("“SAMARINDA, KOMPAS.com - Tim", Some("“SAMARINDA, KOMPAS.com - "));
        check("PENAJAM: Bupati", Some("PENAJAM: "));
        check("TENGGARONG, 11 Juli 2024 — Dinas", Some("TENGGARONG, 11 Juli 2024 — "));
        check("Anak-anak itu pulang - akhirnya", None);
        check("Polisi menahan dua orang - keduanya", None);
        check("Balikpapan", None);
        check("- Satu", None);
    }
}
