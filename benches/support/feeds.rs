//! Feeds as a small WordPress site of the region writes them, made up word by word and always the same.

use std::fmt::Write as _;

const WORDS: [&str; 60] = [
    "pemerintah",
    "provinsi",
    "Kalimantan",
    "Timur",
    "menggelar",
    "rapat",
    "koordinasi",
    "bersama",
    "dinas",
    "perlindungan",
    "perempuan",
    "anak",
    "korban",
    "perdagangan",
    "orang",
    "Balikpapan",
    "Samarinda",
    "Penajam",
    "IKN",
    "pembangunan",
    "jalan",
    "warga",
    "masyarakat",
    "mengatakan",
    "kegiatan",
    "tersebut",
    "dilaksanakan",
    "untuk",
    "meningkatkan",
    "pelayanan",
    "publik",
    "kesehatan",
    "sekolah",
    "guru",
    "banjir",
    "sungai",
    "Mahakam",
    "pelabuhan",
    "kapal",
    "harga",
    "beras",
    "pasar",
    "pedagang",
    "polisi",
    "menangkap",
    "pelaku",
    "narkoba",
    "sidang",
    "hakim",
    "jaksa",
    "pertandingan",
    "stadion",
    "pemain",
    "gol",
    "cuaca",
    "hujan",
    "petir",
    "imbauan",
    "bupati",
    "gubernur",
];

/// A source of numbers that are always the same.
pub struct Dice(u64);

impl Dice {
    /// Numbers of that series.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % sides
    }

    /// So many words.
    pub fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.roll(WORDS.len())]).collect();
        words.join(" ")
    }
}

/// A feed of `items` items of about 2.7 kB; `extra` newer ones stand before them.
pub fn feed(site: usize, items: usize, extra: usize) -> String {
    let mut text = String::with_capacity(60_000);
    let host = format!("outlet{site}.example");
    let _ = write!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Outlet {site}</title><link>https://{host}</link>\
         <description>Berita</description><language>id</language>"
    );
    for number in (0..items + extra).rev() {
        let mut dice = Dice::new((site * 1000 + number) as u64 + 7);
        let title = dice.words(9);
        let _ = write!(
            text,
            "<item><title>{title}</title><link>https://{host}/berita/{number}/?utm_source=rss</link><dc:creator><![CDATA[Redaksi]]></dc:creator>\
             <pubDate>Thu, 11 Jul 2024 {:02}:{:02}:00 +0000</pubDate><category><![CDATA[Daerah]]></category>\
             <guid isPermaLink=\"false\">https://{host}/?p={number}</guid><description><![CDATA[<p>{}</p>]]></description><content:encoded><![CDATA[",
            number % 24,
            number % 60,
            dice.words(30)
        );
        for paragraph in 0..5 {
            let _ = write!(
                text,
                "<p>{}, <strong>{}</strong> {} <a href=\"https://{host}/topik/{paragraph}\" class=\"link\">{}</a> &amp; {}.</p>",
                dice.words(12),
                dice.words(3),
                dice.words(16),
                dice.words(2),
                dice.words(8)
            );
        }
        let _ =
            write!(text, "<img src=\"https://{host}/foto/{number}.jpg\" alt=\"{}\" width=\"600\" />", dice.words(4));
        text.push_str("]]></content:encoded></item>");
    }
    text.push_str("</channel></rss>");
    text
}
