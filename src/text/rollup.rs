use crate::text::{fold_into, words};

/// Words that only the title of a roll-up has.
const ALWAYS: [&str; 6] =
    ["[populer", "terpopuler", "berita populer", "rangkuman berita", "kilas berita", "berita sepekan"];
/// The second or third word of such titles: `Kaltim Kemarin, …`, `Priangan Sepekan: …`.
const PERIODS: [&str; 6] = ["kemarin", "sepekan", "sepakan", "seminggu", "sebulan", "sehari"];

/// Whether a title is that of a roll-up: several pieces of news in one, told by paragraph.
pub fn is_roll_up(title: &str) -> bool {
    let mut folded = String::new();
    fold_into(title, &mut folded);
    if ALWAYS.iter().any(|words| folded.contains(words)) {
        return true;
    }
    let period = words(&folded).take(4).find(|word| PERIODS.contains(&word.text));
    period.is_some_and(|word| word.start > 0 && folded[word.end()..].trim_start().starts_with([',', ':', '-', '–']))
}

#[cfg(test)]
mod tests {
    use super::is_roll_up;

    #[test]
    fn roll_ups_are_told_by_their_titles() {
        for title in [
            "[POPULER NUSANTARA] Kapal Tenggelam | Wali Kota Dilantik",
            "Kaltim Kemarin, gubernur hingga pelabuhan",
            "Berau Sepekan: banjir surut",
            "5 Berita Terpopuler Samarinda",
        ] {
            assert!(is_roll_up(title), "{title}");
        }
        for title in [
            "Kemarin, bupati melantik camat",
            "Banjir kemarin surut",
            "Harga naik sepekan terakhir",
            "Rangkuman Sidang",
        ] {
            assert!(!is_roll_up(title), "{title}");
        }
    }
}
