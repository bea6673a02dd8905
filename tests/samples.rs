//! The shipped topics and regions on samples that we wrote: what is meant, and what only looks like it.

use std::path::Path;

use kliping::config::{self, Environment};
use kliping::domain::LabelKind;
use kliping::tag::Subject;

/// Title, text, topics, regions.
const SAMPLES: &[(&str, &str, &str, &str)] = &[
    ("Polres Bontang Ungkap Perdagangan Orang", "Tiga remaja dipulangkan.", "tppo", "bontang"),
    ("Sindikat Memperdagangkan Perempuan Dibongkar", "Polisi bergerak.", "tppo", ""),
    (
        "Bayi Dijual di Samarinda, Polisi Tahan Bidan",
        "Kasus jual beli bayi itu terungkap dari laporan warga.",
        "tppo",
        "samarinda",
    ),
    ("Muncikari Ditahan", "Seorang muncikari menawarkan dua anak lewat aplikasi.", "tppo", ""),
    ("Muncikari Ditahan", "Seorang muncikari menawarkan jasanya lewat aplikasi.", "", ""),
    ("Remaja Dijual ke Pria Hidung Belang", "Peristiwa itu terjadi di Kutim.", "tppo", "kutai-timur"),
    ("Calo Merekrut PMI Ilegal dari Desa", "Mereka dijanjikan gaji besar.", "tppo pmi", ""),
    ("PMI Samarinda Buka Donor Darah", "Palang merah menunggu pendonor.", "", "samarinda"),
    ("Neraca Perdagangan Kaltim Surplus", "Ekspor batu bara naik, kata orang dinas perdagangan.", "", ""),
    ("Perdagangan Orang Utan Digagalkan di Berau", "Petugas menyita dua ekor.", "", "berau"),
    ("Perdagangan Satwa Marak", "Menurut polisi, perdagangan burung naik.", "", ""),
    ("Anggota Direktorat PPA dan Pemberantasan Perdagangan Orang Dimutasi", "Tiga perwira berpindah tugas.", "", ""),
    ("IKN Dikebut", "Jalan masuk selesai.", "ikn", ""),
    ("Istana Garuda Siap", "Pekerja menyapu halaman.", "ikn", ""),
    ("Kampung Nelayan Menyambut Ibu Kota Baru", "Warga berharap banyak.", "ikn", ""),
    ("Kuliner Nusantara Digemari", "Rendang dan soto jadi andalan.", "", ""),
    ("Warga Bikin Klikn, Aplikasi Parkir", "Pikniknya asyik.", "", ""),
    ("Tim Metro IKN Juara Futsal", "Metro IKN menang adu penalti.", "", ""),
    ("Pekerja Migran Asal Muara Badak Pulang", "Ia membuka usaha.", "pmi", "kutai-kartanegara"),
    ("KDRT di Tenggarong Naik", "Unit PPA mendampingi korban.", "ppa", "kutai-kartanegara"),
    ("Panen Raya di Sepaku", "Petani senang.", "", "penajam-paser-utara"),
    ("Panen Raya", "PENAJAM – Petani senang.", "", "penajam-paser-utara"),
    ("Banjir di Mahakam Ulu", "SAMARINDA – Bantuan dikirim.", "", "mahakam-ulu"),
    ("Camat Waru Lantik Kepala Desa", "Acara berlangsung khidmat.", "", "penajam-paser-utara"),
    ("Pohon Waru dan Damai Hati", "Sambutan warga hangat.", "", ""),
    ("Tari Suku Paser Tampil di Jakarta", "Penonton bertepuk tangan.", "", ""),
    ("Macet di Jalan Samarinda, Surabaya", "Truk mogok.", "", ""),
    ("Harga Beras di Balik Papan Turun", "Stok cukup.", "", "balikpapan"),
    ("Banjir Rendam Kutai Barat dan Kutai Timur", "Air naik.", "", "kutai-timur kutai-barat"),
];

#[test]
fn the_shipped_rules_do_what_they_are_meant_to() {
    let settings =
        config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("feeds.toml"), &Environment::default()).unwrap();
    for (title, text, topics, regions) in SAMPLES {
        let judged = settings.rules.judge(&Subject::plain(title, text));
        let of = |kind: LabelKind| -> String {
            let own = judged.labels.iter().filter(|label| label.kind == kind);
            own.map(|label| label.id.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((of(LabelKind::Topic).as_str(), of(LabelKind::Region).as_str()), (*topics, *regions), "{title}");
    }
}
