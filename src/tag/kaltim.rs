use crate::domain::Region;

/// A kabupaten or kota of Kaltim.
#[derive(Debug)]
pub struct Own {
    /// Its name in URLs.
    pub id: &'static str,
    /// What readers call it.
    pub title: &'static str,
    /// Names that mean it wherever they stand: the official one, usual spellings and short forms, the seat of government, kecamatan and
    /// well-known places whose name stands for no other place.
    pub names: &'static [&'static str],
    /// Kecamatan that are ordinary words or stand elsewhere too: they count behind a word that says what they are.
    pub kecamatan: &'static [&'static str],
}

/// What tells that a name is a kecamatan's.
const KINDS: [&str; 7] = ["Kecamatan", "Kec", "Camat", "Polsek", "Kapolsek", "Koramil", "Puskesmas"];

/// Kaltim's ten kabupaten and kota (Kepmendagri 300.2.2-2138 of 2025).
///
/// Deliberately absent: `Kutai` alone, which three kabupaten share. Sepaku, where Nusantara is being built, is a kecamatan of Penajam
/// Paser Utara by law. Muara Berau is an anchorage of Kutai Kartanegara and Loa Janan Ilir a part of Samarinda: where names overlap, the
/// longest one counts. Universitas Mulawarman is in Samarinda, Kodam Mulawarman in Balikpapan.
pub const KALTIM: [Own; 10] = [
    Own {
        id: "balikpapan",
        title: "Balikpapan",
        names: &["Balikpapan", "Balik Papan", "Sepinggan", "Kariangau", "Kodam Mulawarman", "Kodam VI Mulawarman"],
        kecamatan: &[],
    },
    Own {
        id: "samarinda",
        title: "Samarinda",
        names: &[
            "Samarinda",
            "Palaran",
            "Sungai Kunjang",
            "Loa Janan Ilir",
            "Sungai Dama",
            "Loa Bakung",
            "Universitas Mulawarman",
            "Unmul",
            "APT Pranoto",
            "Aji Pangeran Tumenggung Pranoto",
            "RSUD AWS",
            "Abdul Wahab Sjahranie",
            "Karang Paci",
        ],
        kecamatan: &["Sambutan", "Sungai Pinang"],
    },
    Own {
        id: "bontang",
        title: "Bontang",
        names: &["Bontang", "Loktuan", "Lok Tuan", "Badak LNG", "Berbas Pantai", "Berbas Tengah"],
        kecamatan: &[],
    },
    Own {
        id: "kutai-kartanegara",
        title: "Kutai Kartanegara",
        names: &[
            "Kutai Kartanegara",
            "Kutai Kertanegara",
            "Kukar",
            "Tenggarong",
            "Samboja",
            "Muara Badak",
            "Muara Jawa",
            "Muara Kaman",
            "Muara Muntai",
            "Muara Wis",
            "Muara Berau",
            "Kota Bangun",
            "Kotabangun",
            "Loa Kulu",
            "Loa Janan",
            "Sanga-Sanga",
            "Sanga Sanga",
            "Sangasanga",
            "Anggana",
            "Sebulu",
            "Kenohan",
            "Kembang Janggut",
            "Marang Kayu",
            "Marangkayu",
            "Bukit Soeharto",
            "Tahura Bukit Soeharto",
        ],
        kecamatan: &["Tabang"],
    },
    Own {
        id: "kutai-timur",
        title: "Kutai Timur",
        names: &[
            "Kutai Timur",
            "Kutim",
            "Sangatta",
            "Sangata",
            "Sengata",
            "Sangkulirang",
            "Bengalon",
            "Muara Wahau",
            "Muara Bengkal",
            "Muara Ancalong",
            "Kombeng",
            "Kongbeng",
            "Kaliorang",
            "Kaubun",
            "Rantau Pulung",
            "Long Mesangat",
            "Maloy",
        ],
        kecamatan: &["Busang", "Telen", "Sandaran", "Teluk Pandan", "Karangan", "Batu Ampar"],
    },
    Own {
        id: "kutai-barat",
        title: "Kutai Barat",
        names: &[
            "Kutai Barat",
            "Kubar",
            "Sendawar",
            "Barong Tongkok",
            "Linggang Bigung",
            "Long Iram",
            "Muara Pahu",
            "Muara Lawa",
            "Jempang",
            "Penyinggahan",
            "Bentian Besar",
            "Nyuatan",
            "Siluq Ngurai",
            "Mook Manaar Bulatn",
            "Mook Manaar Bulan",
            "Sekolaq Darat",
        ],
        kecamatan: &["Melak", "Damai", "Bongan", "Tering"],
    },
    Own {
        id: "berau",
        title: "Berau",
        names: &[
            "Berau",
            "Tanjung Redeb",
            "Derawan",
            "Maratua",
            "Biduk-Biduk",
            "Biduk Biduk",
            "Talisayan",
            "Sambaliung",
            "Segah",
            "Kelay",
            "Gunung Tabur",
            "Tabalar",
            "Biatan",
            "Kakaban",
            "Labuan Cermin",
        ],
        kecamatan: &["Teluk Bayur", "Batu Putih"],
    },
    Own {
        id: "paser",
        title: "Paser",
        names: &[
            "Paser",
            "Tanah Grogot",
            "Tana Paser",
            "Long Ikis",
            "Long Kali",
            "Kuaro",
            "Batu Sopang",
            "Batu Engau",
            "Muara Komam",
            "Muara Samu",
            "Paser Belengkong",
        ],
        kecamatan: &["Tanjung Harapan"],
    },
    Own {
        id: "penajam-paser-utara",
        title: "Penajam Paser Utara",
        names: &[
            "Penajam Paser Utara",
            "Penajam",
            "PPU",
            "Sepaku",
            "Babulu",
            "Titik Nol Nusantara",
            "Titik Nol IKN",
            "Buluminung",
        ],
        kecamatan: &["Waru"],
    },
    Own {
        id: "mahakam-ulu",
        title: "Mahakam Ulu",
        names: &[
            "Mahakam Ulu",
            "Mahakam Hulu",
            "Mahulu",
            "Ujoh Bilang",
            "Long Bagun",
            "Long Hubung",
            "Long Apari",
            "Long Pahangai",
        ],
        kecamatan: &["Laham"],
    },
];

/// The built-in regions.
pub fn kaltim() -> Vec<Region> {
    let region = |own: &Own| {
        let told = own.kecamatan.iter().flat_map(|name| KINDS.map(|kind| format!("{kind} {name}")));
        Region {
            id: own.id.into(),
            title: own.title.into(),
            names: own.names.iter().map(|name| (*name).to_owned()).chain(told).collect(),
        }
    };
    KALTIM.iter().map(region).collect()
}
