use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

use crate::demo::script::played;
use crate::domain::Instant;

/// A sample outlet: its document and its oddity.
#[derive(Debug)]
pub struct Outlet {
    /// Its id in the demo's feeds.toml and its path on the server.
    pub id: &'static str,
    /// What readers call it.
    pub title: &'static str,
    /// The region that its news is from, if it is one.
    pub region: Option<&'static str>,
    /// Its feed, with the marks that `script` knows.
    pub document: &'static str,
    /// `Content-Type`.
    pub media_type: &'static str,
    /// What is special about it.
    pub oddity: Oddity,
}

/// What outlets do in the wild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// Nothing special.
    None,
    /// Gives validators and answers 304.
    Validates,
    /// Sends gzip.
    Gzip,
    /// Writes windows-1252.
    Windows1252,
    /// Takes its time.
    Slow,
}

const RSS: &str = "application/rss+xml; charset=UTF-8";
const ATOM: &str = "application/atom+xml";

macro_rules! outlet {
    ($id:literal, $file:literal, $title:literal, $region:expr, $media_type:expr, $oddity:ident) => {
        Outlet {
            id: $id,
            title: $title,
            region: $region,
            document: include_str!(concat!("outlets/", $file)),
            media_type: $media_type,
            oddity: Oddity::$oddity,
        }
    };
}

/// The sample outlets.
pub const OUTLETS: [Outlet; 12] = [
    outlet!("suara-teluk", "suarateluk.xml", "Suara Teluk", Some("balikpapan"), RSS, None),
    outlet!("etam-kini", "etamkini.xml", "Etam Kini", None, RSS, None),
    outlet!("kabar-pesisir", "kabarpesisir.xml", "Kabar Pesisir", None, "text/html", None),
    outlet!("diskominfo-kaltim", "diskominfo-kaltim.xml", "Diskominfo Kaltim (contoh)", None, RSS, Validates),
    outlet!("kilas-kaltim", "kilaskaltim.xml", "Kilas Kaltim", None, RSS, None),
    outlet!("berita-mahakam", "beritamahakam.atom", "Berita Mahakam", None, ATOM, None),
    outlet!("serambi-perbatasan", "serambiperbatasan.atom", "Serambi Perbatasan", None, ATOM, None),
    outlet!("berau-hari-ini", "berauhariini.json", "Berau Hari Ini", Some("berau"), "application/feed+json", None),
    outlet!("bontang-raya", "bontangraya.xml", "Bontang Raya", Some("bontang"), RSS, Gzip),
    outlet!("kutim-pos", "kutimpos.rdf", "Kutim Pos", Some("kutai-timur"), "application/rdf+xml", Slow),
    outlet!("swara-kukar", "swarakukar.xml", "Swara Kukar", Some("kutai-kartanegara"), RSS, None),
    outlet!("ulu-mahakam", "ulumahakam.xml", "Ulu Mahakam", Some("mahakam-ulu"), "text/xml", Windows1252),
];

impl Outlet {
    /// Its document as it is `elapsed` after the start, as bytes on the wire, before compression.
    pub fn bytes(&self, base: &str, begun: Instant, elapsed: Duration) -> Vec<u8> {
        let text = played(self.document, base, begun, elapsed);
        match self.oddity {
            Oddity::Windows1252 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            _ => text.into_bytes(),
        }
    }
}

/// Compressed as a web server would.
pub fn gzipped(bytes: &[u8]) -> Cow<'static, [u8]> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Cow::Owned(packed.expect("writing into memory does not fail"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    /// Titles of the entries, and complaints.
    fn read(outlet: &Outlet, seconds: u64) -> (Vec<String>, usize) {
        let bytes = outlet.bytes("http://127.0.0.1:1", Instant::UNIX_EPOCH, Duration::from_secs(seconds));
        assert!(!String::from_utf8_lossy(&bytes).contains("{{"), "a mark is left in {}", outlet.id);
        let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
        let context = parse::Context {
            url: "http://127.0.0.1:1/feed",
            charset: None,
            encoding: None,
            most_entries: 1000,
            zone,
            now: Instant::UNIX_EPOCH,
        };
        let read = parse::read(&bytes, &context).unwrap_or_else(|error| panic!("{}: {error}", outlet.id));
        let titles = read.feed.entries.into_iter().filter_map(|entry| entry.title).collect();
        (titles, read.complaints.len())
    }

    #[test]
    fn every_sample_is_read_whole() {
        for outlet in &OUTLETS {
            let (titles, complaints) = read(outlet, 0);
            assert!(titles.len() >= 5, "{} gives {}", outlet.id, titles.len());
            let broken = outlet.id == "kabar-pesisir";
            assert!(complaints > 0 || !broken, "{} is broken in the usual ways", outlet.id);
        }
    }

    #[test]
    fn news_comes_and_changes_while_one_watches() {
        let growing = OUTLETS.iter().find(|outlet| outlet.id == "kilas-kaltim").unwrap();
        let (at_first, later, at_last) = (read(growing, 0).0, read(growing, 35).0, read(growing, 9999).0);
        assert_eq!((later.len() - at_first.len(), at_last.len() - at_first.len()), (1, 5));
        let quake =
            |titles: &[String]| titles.iter().filter(|title| title.starts_with("Gempa")).cloned().collect::<Vec<_>>();
        let (before, after) = (quake(&at_first), quake(&later));
        assert_eq!((before.len(), after.len()), (1, 1), "an edit of the same item");
        assert_ne!(before, after);
    }
}
