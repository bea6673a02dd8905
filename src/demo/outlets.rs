use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

/// How often an outlet that grows has one item more.
const GROWTH: Duration = Duration::from_secs(20);
/// Items that such an outlet has at first.
const AT_FIRST: usize = 8;

/// A sample outlet: its document and its oddity.
#[derive(Debug)]
pub struct Outlet {
    /// Its id in the demo's feeds.toml and its path on the server.
    pub id: &'static str,
    /// What readers call it.
    pub title: &'static str,
    /// The region that its news is from, if it is one.
    pub region: Option<&'static str>,
    /// Its feed; `{{base}}` stands for its own address.
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
    /// Has a new item now and then.
    Grows,
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
    outlet!("kilas-kaltim", "kilaskaltim.xml", "Kilas Kaltim", None, RSS, Grows),
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
    pub fn bytes(&self, base: &str, elapsed: Duration) -> Vec<u8> {
        let text = self.document.replace("{{base}}", base);
        match self.oddity {
            Oddity::Grows => grown(&text, elapsed).into_bytes(),
            Oddity::Windows1252 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            _ => text.into_bytes(),
        }
    }
}

/// The document without the newest items, which are yet to come: they stand first.
fn grown(text: &str, elapsed: Duration) -> String {
    let starts: Vec<usize> = text.match_indices("<item>").map(|(at, _)| at).collect();
    let shown = AT_FIRST + usize::try_from(elapsed.as_secs() / GROWTH.as_secs()).unwrap_or(usize::MAX);
    let hidden = starts.len().saturating_sub(shown);
    match (starts.first(), starts.get(hidden)) {
        (Some(first), Some(from)) if hidden > 0 => format!("{}{}", &text[..*first], &text[*from..]),
        _ => text.to_owned(),
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

    fn read(outlet: &Outlet, seconds: u64) -> (usize, usize) {
        let bytes = outlet.bytes("http://127.0.0.1:1", Duration::from_secs(seconds));
        let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
        let context = parse::Context { url: "http://127.0.0.1:1/feed", charset: None, encoding: None, zone };
        let read = parse::read(&bytes, &context).unwrap_or_else(|error| panic!("{}: {error}", outlet.id));
        (read.feed.entries.len(), read.complaints.len())
    }

    #[test]
    fn every_sample_is_read_whole() {
        for outlet in &OUTLETS {
            let (entries, complaints) = read(outlet, 0);
            assert!(entries >= 8, "{} gives {entries}", outlet.id);
            let broken = outlet.id == "kabar-pesisir";
            assert!(complaints > 0 || !broken, "{} is broken in the usual ways", outlet.id);
        }
    }

    #[test]
    fn an_outlet_gains_an_item_while_one_watches() {
        let growing = OUTLETS.iter().find(|outlet| outlet.oddity == Oddity::Grows).unwrap();
        assert_eq!(read(growing, 0).0, 8);
        assert_eq!(read(growing, 25).0, 9);
        assert_eq!(read(growing, 9999).0, growing.document.matches("<item>").count());
    }
}
