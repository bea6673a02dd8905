//! What a page or feed costs that was not rendered before, in a large archive: it must not grow with it, however rare what is asked for.
//!
//!     cargo bench --bench render [-- ITEMS]

#[path = "support/feeds.rs"]
#[expect(dead_code, reason = "only the words are needed")]
mod support;
#[path = "support/items.rs"]
mod items;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use chrono::{TimeDelta, Utc};
use kliping::config::{self, Environment};
use kliping::domain::{Article, Item, Label, LabelKind};
use kliping::metrics::Metrics;
use kliping::pipeline::Changes;
use kliping::store::{Batch, Change, DiskStore, Store};
use kliping::web::{self, App};
use tokio::sync::watch;

/// What a new page or feed may take.
const FLOOR: Duration = Duration::from_millis(20);

fn main() {
    let most: u64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(500_000);
    let directory = std::env::temp_dir().join(format!("kliping-render-{}", std::process::id()));
    let store = Arc::new(DiskStore::open(&directory).expect("the system's temporary directory can be written"));
    for from in (1..=most).step_by(2_000) {
        let changes = (from..(from + 2_000).min(most + 1)).map(|id| change(id, most)).collect();
        let batch = Batch { changes, next_arrival: from + 2_000, ..Batch::default() };
        store.commit(&batch).expect("the disk has room");
    }
    let mut text = String::from("[site]\nurl = \"https://kliping.example/\"\n");
    for id in ["even", "older", "newer", "few", "rare", "blocks", "gaps"] {
        text.push_str(&format!("[[topic]]\nid = \"{id}\"\ntitle = \"{id}\"\nany = [\"{id}\"]\n"));
    }
    for id in ["satu", "dua"] {
        text.push_str(&format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"https://{id}.example/\"\n"));
    }
    let settings = config::read(&text, "feeds.toml", &Environment::default()).expect("the file above is right");
    let (_sender, settings) = watch::channel(Arc::new(settings));
    let now_settings = Arc::clone(&settings.borrow());
    let app = Arc::new(App::new(settings, store, Arc::new(Changes::default()), Arc::new(Metrics::new())));
    // As it is a minute after a start.
    while !app.counts.advance(&*app.store, &now_settings).expect("the store answers") {}
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let cut = most / 2 / 64 * 64;
    let mut slow = false;
    for path in [
        "/".to_owned(),
        "/all".into(),
        "/all.rss".into(),
        "/all.json".into(),
        "/topics/even.rss".into(),
        "/sources/dua.atom".into(),
        format!("/items/{}", most / 2),
        format!("/all/archive/{cut}.rss"),
        format!("/all?before={}", most / 3),
        // Half of all, and a third of all.
        "/topics/even.rss?region=balikpapan".into(),
        // A hundred in all, at the very bottom.
        "/topics/few.rss".into(),
        "/topics/even.rss?topic=few".into(),
        "/regions/balikpapan.rss?topic=few".into(),
        "/sources/satu.rss?topic=few".into(),
        // One in a thousand within half of all.
        "/topics/even.rss?topic=rare".into(),
        "/sources/satu.rss?topic=rare&region=balikpapan".into(),
        // Halves without anything in common: one above the other, and one between the other.
        "/topics/newer.rss?topic=older".into(),
        "/topics/older.rss?topic=newer".into(),
        "/topics/even.rss?region=samarinda".into(),
        "/topics/even?region=samarinda".into(),
        "/sources/satu.rss?region=samarinda".into(),
        "/sources/satu?topic=rare".into(),
        // Numbers in numbers: hundreds of the one, then hundreds of the other.
        "/topics/blocks.rss?topic=gaps".into(),
        "/statistik".into(),
        "/statistik?topic=even&region=balikpapan".into(),
        "/status".into(),
    ] {
        let begun = Instant::now();
        let request = Request::get(&path).header("accept-encoding", "gzip").body(Body::empty()).expect("a good path");
        let answer = runtime.block_on(web::respond(&app, request));
        let took = begun.elapsed();
        slow |= took > FLOOR;
        let note = if took > FLOOR { "  TOO SLOW" } else { "" };
        println!("{took:>12.2?}  {} {path}{note}", answer.status().as_u16());
    }
    drop((app, runtime));
    std::fs::remove_dir_all(&directory).expect("what was made can be removed");
    assert!(!slow, "a page took longer than {FLOOR:?}");
}

fn change(id: u64, most: u64) -> Change {
    let now = Utc::now() - TimeDelta::days(9);
    let mut dice = support::Dice::new(id);
    let topics = [
        ("even", id.is_multiple_of(2)),
        ("older", id < most / 2),
        ("newer", id >= most / 2),
        ("few", id <= 200 && id.is_multiple_of(2)),
        ("rare", id.is_multiple_of(1000)),
        ("blocks", (id / 100).is_multiple_of(2)),
        ("gaps", !(id / 100).is_multiple_of(2)),
    ];
    let regions = [("balikpapan", id.is_multiple_of(3)), ("samarinda", !id.is_multiple_of(2))];
    let label = |kind| move |(name, _): (&str, bool)| Label { kind, id: name.into(), because: vec![] };
    let labels = topics.into_iter().filter(|(_, is)| *is).map(label(LabelKind::Topic));
    let labels = labels.chain(regions.into_iter().filter(|(_, is)| *is).map(label(LabelKind::Region))).collect();
    let source = if id % 7 < 4 { "satu" } else { "dua" };
    let (title, html, summary) = (dice.words(9), format!("<p>{}</p>", dice.words(80)), dice.words(30));
    let article = Article { url: Some(format!("https://satu.example/{id}")), ..items::article(title, html, summary) };
    let item = Item { labels, ..items::item(id, source, article, now) };
    Change { before: None, item, aliases: Vec::new(), sketch: None }
}
