//! Sites for the browser: one with a year's news, one with whatever an outlet may write to do harm.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use kliping::config::{self, Environment};
use kliping::domain::{
    Article, Because, Carrier, Complaint, Field, Instant, Item, ItemId, Label, LabelKind, Lack, Near, Outcome, Telling,
    Watch,
};
use kliping::metrics::Metrics;
use kliping::pipeline::{Changes, Followed, follow};
use kliping::search::Index;
use kliping::store::{Batch, Change, MemoryStore, Store};
use kliping::web::{App, serve};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::items;

/// A site that is served until it is dropped.
pub struct Site {
    pub address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
    _folder: TempDir,
}

impl Site {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Serves items, of which the last is the newest, and what is remembered of sources.
    pub fn serve(items: Vec<Item>, watches: Vec<(&str, Watch)>, title: &str) -> Site {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let mut text = format!("[site]\ntitle = {title:?}\nurl = \"http://{address}/\"\n");
        text.push_str(include_str!("../../benches/support/topics.toml"));
        for (at, id) in SOURCES.iter().enumerate() {
            let title = if title.contains('<') { format!("{title} {id}") } else { format!("Media {}", OUTLETS[at]) };
            let more = if at == 0 { "press_office = true\n" } else { "" };
            text.push_str(&format!(
                "[[source]]\nid = \"{id}\"\ntitle = {title:?}\nurl = \"https://{id}.example/feed/\"\n{more}"
            ));
        }
        let settings =
            config::read(&text, "feeds.toml", &Environment::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let store = MemoryStore::default();
        let next_arrival = items.last().map_or(1, |item| item.id.0 + 1);
        let changes =
            items.into_iter().map(|item| Change { before: None, item, aliases: vec![], sketch: None }).collect();
        let watches = watches.into_iter().map(|(id, watch)| (id.into(), watch)).collect();
        store.commit(&Batch { changes, watches, next_arrival, ..Batch::default() }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        while follow(&store, &index).unwrap() != Followed::Current {}
        let (_sender, settings) = watch::channel(Arc::new(settings));
        let app = App {
            search: Some(Arc::new(index)),
            ..App::new(settings, Arc::new(store), Arc::new(Changes::default()), Arc::new(Metrics::new()))
        };
        runtime.spawn(serve(listener, app, std::future::pending()));
        Site { address, _runtime: runtime, _folder: folder }
    }
}

pub const SOURCES: [&str; 6] = ["humas", "satu", "dua", "tiga", "empat", "lima"];
const OUTLETS: [&str; 6] =
    ["Humas Provinsi", "Teluk Pagi", "Kabar Hulu", "Suara Pesisir", "Warta Benua", "Lensa Mahakam"];
const TITLES: [&str; 8] = [
    "Gugus Tugas Cegah Perdagangan Orang Dibentuk di Setiap Kecamatan",
    "Jalan Poros Kembali Dibuka Setelah Longsor",
    "Otorita IKN Siapkan Tiga Ribu Hunian Pekerja",
    "Posko Perlindungan Anak Dibuka di Terminal dan Pelabuhan",
    "Calon Pekerja Migran Ilegal Digagalkan Berangkat dari Bandara",
    "Festival Erau Tahun Ini Dibuka dengan Perahu Naga, Pawai Kain, dan Pasar Malam di Tepi Sungai yang Panjangnya Dua Kilometer",
    "Harga Ikan Turun Menjelang Musim Angin",
    "Sekolah Terapung Menerima Empat Puluh Murid Baru",
];
const TOPICS: [Option<&str>; 8] = [Some("tppo"), None, Some("ikn"), Some("ppa"), Some("pmi"), None, None, None];
const REGIONS: [&str; 10] = [
    "balikpapan",
    "samarinda",
    "bontang",
    "kutai-kartanegara",
    "kutai-timur",
    "kutai-barat",
    "berau",
    "paser",
    "penajam-paser-utara",
    "mahakam-ulu",
];

fn bare(id: u64, source: &str, title: &str, summary: &str, seen: Instant, published: Option<Instant>) -> Item {
    let article = Article {
        url: Some(format!("https://{source}.example/berita/{id}")),
        published,
        authors: vec!["Rina Saputra".into()],
        categories: vec!["Daerah".into()],
        ..items::article(title.into(), format!("<p>{summary}</p>"), summary.into())
    };
    items::item(id, source, article, seen)
}

fn label(kind: LabelKind, id: &str, words: &str) -> Label {
    let because = |field, paragraph| Because { field, words: words.into(), rule: words.to_lowercase(), paragraph };
    Label { kind, id: id.into(), because: vec![because(Field::Title, 0), because(Field::Lead, 1)] }
}

/// A year of news up to now: every eighth came late, every tenth stands at several outlets.
pub fn a_year() -> (Vec<Item>, Vec<(&'static str, Watch)>) {
    let now = Utc::now();
    let many = 400_u64;
    let mut items = Vec::new();
    for id in 1..=many {
        let at = usize::try_from(id).unwrap();
        // Ever more a week.
        let back = (many - id) * (many - id) * 365 * 24 / (many * many);
        let seen = now - TimeDelta::hours(i64::try_from(back).unwrap());
        let published = seen - TimeDelta::hours(if id % 8 == 3 { 24 * 9 } else { 2 });
        let summary = "Pemerintah daerah bersama polisi dan kantor imigrasi memeriksa dokumen calon penumpang. Petugas menemukan surat jalan \
                       yang tidak sesuai dan memanggil agen yang memberangkatkan mereka. Para korban kini tinggal di rumah aman dan didampingi.";
        let mut item =
            bare(id, SOURCES[at % 6], TITLES[at % 8], summary, seen, Some(published).filter(|_| id % 31 > 0));
        item.labels.extend(TOPICS[at % 8].map(|topic| label(LabelKind::Topic, topic, "Perdagangan Orang")));
        item.labels.push(label(LabelKind::Region, REGIONS[at * at % 10], "Balikpapan"));
        if id % 10 == 0 {
            let carrier = Carrier {
                source: SOURCES[(at + 1) % 6].into(),
                arrival: id,
                url: Some(format!("https://lain.example/{id}")),
                title: "Judul Lain untuk Berita yang Sama".into(),
                published: Some(published + TimeDelta::minutes(135)),
            };
            item.told_again = vec![Telling { item: ItemId(id - 1), carrier, like: item.id, kept: 91, own: 84 }];
        }
        if id == many {
            let found = vec![Because {
                field: Field::Text,
                words: "buruh migran".into(),
                rule: "buruh migran".into(),
                paragraph: 4,
            }];
            item.nearly = vec![
                Near { kind: LabelKind::Topic, id: "pmi".into(), found: found.clone(), lacks: Lack::Weight },
                Near { kind: LabelKind::Topic, id: "ikn".into(), found: found.clone(), lacks: Lack::Barred(found) },
            ];
        }
        items.push(item);
    }
    let polled = |outcome: Outcome, failures: u32| Watch {
        last_poll: Some(now - TimeDelta::minutes(7)),
        last_success: Some(now - TimeDelta::minutes(7)),
        outcome: Some(outcome),
        failures,
        entries: 20,
        known: 18,
        items: 66,
        ..Watch::default()
    };
    let failed = Outcome::Failed {
        kind: "challenge".into(),
        what: "a bot wall asks for a browser (status 403)".into(),
        hint: "ask the webmaster to let our User-Agent through".into(),
    };
    let complaint = Complaint { what: "a bare \"&\"".into(), place: "line 12".into(), mended: true };
    let watches = vec![
        ("humas", polled(Outcome::Unchanged, 0)),
        ("satu", Watch { complaints: vec![complaint; 3], ..polled(Outcome::Fetched, 0) }),
        ("dua", Watch { last_success: None, ..polled(failed, 4) }),
        ("tiga", polled(Outcome::Fetched, 0)),
    ];
    (items, watches)
}

/// Sets a mark if it runs, in every way that a page could be made to run something.
pub const ATTACKS: [&str; 12] = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=\"window.ran=1\">",
    "\"><script>window.ran=1</script>",
    "' onmouseover='window.ran=1' x='",
    "\" autofocus onfocus=\"window.ran=1\" x=\"",
    "</title><script>window.ran=1</script>",
    "<svg onload=\"window.ran=1\"><script>window.ran=1</script></svg>",
    "<svg><animate onbegin=\"window.ran=1\" attributeName=x dur=1s></svg>",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe>",
    "<details open ontoggle=\"window.ran=1\">",
    "<style>body{background:red}</style><link rel=stylesheet href=\"data:text/css,body{background:red}\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:window.ran=1\"><base href=\"https://evil.example/\">",
];

/// The same as links.
const LINKS: [&str; 8] = [
    "javascript:window.ran=1",
    "JaVaScRiPt:window.ran=1",
    "\tjavascript:window.ran=1",
    "data:text/html,<script>window.ran=1</script>",
    "data:image/svg+xml,<svg onload=\"window.ran=1\"/>",
    "vbscript:x",
    "https://a.example/\" onclick=\"window.ran=1",
    "https://a.example/'><script>window.ran=1</script>",
];

pub fn hostile() -> (Vec<Item>, Vec<(&'static str, Watch)>) {
    let now = Utc::now();
    let attack = |at: usize| ATTACKS[at % ATTACKS.len()].to_owned();
    let mut items = Vec::new();
    for id in 1..=24_u64 {
        let at = usize::try_from(id).unwrap();
        let seen = now - TimeDelta::hours(24 - i64::try_from(id).unwrap());
        let mut item = bare(id, SOURCES[at % 6], &format!("Judul {}", attack(at)), &attack(at + 1), seen, Some(seen));
        let link = Some(LINKS[at % LINKS.len()].to_owned());
        item.article.html = format!("<p>isi {}</p>", attack(at + 2));
        item.article.body = Some(format!("<p>isi panjang {} {}</p>", attack(at + 3), attack(at + 4)));
        item.article.url.clone_from(&link);
        item.article.authors = vec![attack(at), attack(at + 5)];
        item.article.categories = vec![attack(at), attack(at + 6)];
        item.article.language = Some("\"><script>window.ran=1</script>".into());
        item.labels.push(label(LabelKind::Topic, "tppo", &attack(at)));
        item.labels.push(label(LabelKind::Region, "berau", &attack(at + 1)));
        let carrier =
            Carrier { source: "dua".into(), arrival: id, url: link.clone(), title: attack(at + 2), published: None };
        item.carriers[0].url = link;
        item.told_again = vec![Telling { item: ItemId(id), carrier, like: item.id, kept: 10, own: 10 }];
        items.push(item);
    }
    let outcome = Outcome::Failed { kind: attack(0), what: attack(1), hint: attack(6) };
    let complaint = Complaint { what: attack(0), place: attack(1), mended: false };
    let watch = Watch {
        last_poll: Some(now),
        outcome: Some(outcome),
        failures: 1,
        complaints: vec![complaint],
        ..Watch::default()
    };
    (items, vec![("satu", watch)])
}
