use crate::domain::Region;

/// Kaltim's ten kabupaten and kota: id, title, and the names that mean it in an article.
///
/// Beside the official name there are the usual spellings and short forms, the seat of government, and kecamatan whose
/// name stands for no other place. Deliberately absent: kecamatan that are ordinary words or stand elsewhere too
/// (Sambutan, Damai, Karangan, Waru, Batu Ampar, Melak, Teluk Bayur), and `Kutai` alone, which three kabupaten share.
/// Sepaku, where Nusantara is being built, is a kecamatan of Penajam Paser Utara by law. Muara Berau is an anchorage of
/// Kutai Kartanegara and Loa Janan Ilir a part of Samarinda: where names overlap, the longest one counts.
pub const REGIONS: [(&str, &str, &[&str]); 10] = [
    ("balikpapan", "Balikpapan", &["Balikpapan", "Balik Papan"]),
    ("samarinda", "Samarinda", &["Samarinda", "Palaran", "Sungai Kunjang", "Loa Janan Ilir"]),
    ("bontang", "Bontang", &["Bontang"]),
    ("kutai-kartanegara", "Kutai Kartanegara", KUTAI_KARTANEGARA),
    ("kutai-timur", "Kutai Timur", KUTAI_TIMUR),
    (
        "kutai-barat",
        "Kutai Barat",
        &["Kutai Barat", "Kubar", "Sendawar", "Barong Tongkok", "Linggang Bigung", "Long Iram"],
    ),
    ("berau", "Berau", &["Berau", "Tanjung Redeb", "Derawan", "Maratua", "Biduk-Biduk", "Talisayan"]),
    ("paser", "Paser", &["Paser", "Tanah Grogot", "Tana Paser", "Long Ikis", "Long Kali", "Kuaro"]),
    ("penajam-paser-utara", "Penajam Paser Utara", &["Penajam Paser Utara", "Penajam", "PPU", "Sepaku", "Babulu"]),
    ("mahakam-ulu", "Mahakam Ulu", MAHAKAM_ULU),
];

const KUTAI_KARTANEGARA: &[&str] = &[
    "Kutai Kartanegara",
    "Kutai Kertanegara",
    "Kukar",
    "Tenggarong",
    "Samboja",
    "Muara Badak",
    "Muara Jawa",
    "Muara Kaman",
    "Muara Muntai",
    "Muara Berau",
    "Kota Bangun",
    "Loa Kulu",
    "Loa Janan",
    "Sanga-Sanga",
    "Sanga Sanga",
];

const KUTAI_TIMUR: &[&str] = &[
    "Kutai Timur",
    "Kutim",
    "Sangatta",
    "Sangata",
    "Sangkulirang",
    "Bengalon",
    "Muara Wahau",
    "Muara Bengkal",
    "Muara Ancalong",
];

const MAHAKAM_ULU: &[&str] = &[
    "Mahakam Ulu",
    "Mahakam Hulu",
    "Mahulu",
    "Ujoh Bilang",
    "Long Bagun",
    "Long Hubung",
    "Long Apari",
    "Long Pahangai",
];

/// The built-in regions.
pub fn built_in() -> Vec<Region> {
    let region = |(id, title, names): &(&str, &str, &[&str])| Region {
        id: (*id).into(),
        title: (*title).into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    REGIONS.iter().map(region).collect()
}
