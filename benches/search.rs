//! What the search costs beside an archive: the size of its index, the time to build it, and how long pages and feeds take that were not
//! rendered before.
//!
//!     cargo bench --bench search [-- ITEMS [DIRECTORY]]     the directory is kept: a daemon can be run on it

#[path = "support/items.rs"]
mod items;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use kliping::config::{self, Environment};
use kliping::domain::{Article, Carrier, Item, ItemId, Label, LabelKind, Telling};
use kliping::metrics::Metrics;
use kliping::pipeline::{Changes, Followed, follow};
use kliping::search::Index;
use kliping::store::{Batch, Change, DiskStore, Store};
use kliping::web;
use tokio::sync::watch;

/// Words that every article has some of.
const COMMON: [&str; 24] = [
    "Kalimantan",
    "Timur",
    "Balikpapan",
    "Samarinda",
    "pemerintah",
    "daerah",
    "masyarakat",
    "mengatakan",
    "perdagangan",
    "orang",
    "korban",
    "polisi",
    "menangkap",
    "pelaku",
    "pembangunan",
    "ibu",
    "kota",
    "nusantara",
    "pekerja",
    "anak",
    "perempuan",
    "perlindungan",
    "banjir",
    "yang",
];
/// Words of an article.
const LENGTH: usize = 250;
/// Other words that there are.
const VOCABULARY: u64 = 60_000;
/// Times that each answer is asked for, always in another form so that it was not rendered before.
const TIMES: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let most: u64 = arguments.first().and_then(|argument| argument.parse().ok()).unwrap_or(100_000);
    let kept = arguments.get(1).map(PathBuf::from);
    let directory =
        kept.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("kliping-search-{}", std::process::id())));
    let begun = Instant::now();
    let store = DiskStore::open(&directory.join("data")).expect("the directory can be written");
    fill(&store, most);
    println!("{most:>8} items stored in {:.1?}; {} MB on disk", begun.elapsed(), store.bytes_on_disk() >> 20);
    build(&store, &directory.join("data/search"), most);
    ask(Arc::new(store), &directory);
    if kept.is_none() {
        std::fs::remove_dir_all(&directory).expect("what was made can be removed");
    }
}

fn build(store: &DiskStore, path: &Path, items: u64) {
    let index = Index::open(path).expect("the directory can be written");
    let (begun, mut longest) = (Instant::now(), Duration::ZERO);
    loop {
        let step = Instant::now();
        match follow(store, &index).expect("the disk has room") {
            Followed::Current => break,
            _ => longest = longest.max(step.elapsed()),
        }
    }
    let took = begun.elapsed();
    println!(
        "{items:>8} items indexed in {took:.1?} ({:.0} a second, {longest:.1?} at once); {} MB on disk",
        index.count() as f64 / took.as_secs_f64(),
        size(path) >> 20
    );
    // What a poll of twenty new items and an edit of an old one cost here.
    let next = store.next_arrival().expect("the store answers");
    let fresh = (next..next + 20).map(|number| Change {
        before: None,
        item: article(number, next + 20),
        aliases: Vec::new(),
        sketch: None,
    });
    let before = store.item(ItemId(7)).expect("the store answers").expect("the seventh is there");
    let mut item = before.clone();
    item.article.title.push_str(" lagi");
    let edit = Change { before: Some(before), item, aliases: Vec::new(), sketch: None };
    store
        .commit(&Batch { changes: fresh.chain([edit]).collect(), next_arrival: next + 20, ..Batch::default() })
        .expect("room");
    let begun = Instant::now();
    follow(store, &index).expect("the disk has room");
    println!("{items:>8} items: 20 new and an edit are indexed in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    follow(store, &index).expect("the disk has room");
    println!("{items:>8} items: a look in vain takes {:.1?}", begun.elapsed());
    let begun = Instant::now();
    index.verify().expect("it is whole");
    println!("{items:>8} items: all files verified in {:.1?}", begun.elapsed());
}

/// Serves what is there and asks over loopback.
fn ask(store: Arc<DiskStore>, directory: &Path) {
    let text = "[site]\ntitle = \"Uji\"\nurl = \"http://127.0.0.1/\"\n[[source]]\nid = \"s0\"\ntitle = \"S\"\nurl = \"https://s.example/feed\"\n\
                [[source]]\nid = \"s1\"\ntitle = \"T\"\nurl = \"https://t.example/feed\"\n[[topic]]\nid = \"tppo\"\ntitle = \"TPPO\"\nany = [\"TPPO\"]\n";
    let settings = config::read(text, "feeds.toml", &Environment::default()).expect("the text is right");
    let (_sender, settings) = watch::channel(Arc::new(settings));
    let index = Index::open(&directory.join("data/search")).expect("it was just built");
    assert_eq!(follow(&*store, &index).expect("it is there"), Followed::Current);
    let search = Some(Arc::new(index));
    let app =
        web::App { search, ..web::App::new(settings, store, Arc::new(Changes::default()), Arc::new(Metrics::new())) };
    let runtime = tokio::runtime::Runtime::new().expect("the system gives threads");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("loopback has free ports");
    let address = listener.local_addr().expect("a bound listener has an address");
    runtime.spawn(web::serve(listener, app, std::future::pending()));
    for path in [
        "/search?",
        "/search?q=perdagangan",
        "/search?q=perdagangan+orang",
        "/search?q=%22perdagangan+orang%22",
        "/search?q=katab7",
        "/search?q=perdagangan+-korban",
        "/search?q=menangkap&topic=tppo&region=balikpapan",
        "/search?q=yang&source=s1",
        "/search?q=orang&from=2025-01-01&to=2025-01-31",
        "/search?q=perdagangan+orang&sort=best",
        "/search?q=%22perdagangan+orang%22+korban+pelaku&sort=best",
        "/search?q=yang&sort=best",
        "/search?q=orang&before=1000",
        "/search.rss?q=perdagangan+orang",
        "/search.json?q=%22perdagangan+orang%22&topic=tppo",
        "/all.rss?q=perdagangan",
        "/all.rss?q=katab7",
        "/topics/tppo?q=korban",
    ] {
        let mut all: Vec<Duration> = (0..TIMES).map(|time| get(address, path, time)).collect();
        all.sort_unstable();
        println!("{:>9.1?} median {:>9.1?} longest  {path}", all[TIMES / 2], all[TIMES - 1]);
    }
}

fn get(address: SocketAddr, path: &str, time: usize) -> Duration {
    // Words that no item has make another address of it.
    let path = if path.contains("q=") {
        path.replacen("q=", &format!("q=-xq{time}+"), 1)
    } else {
        format!("{path}q=-xq{time}")
    };
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let took = begun.elapsed();
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{path}: {}",
        String::from_utf8_lossy(&answer[..answer.len().min(200)])
    );
    took
}

fn size(directory: &Path) -> u64 {
    let files = std::fs::read_dir(directory).expect("it is there").flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn fill(store: &DiskStore, most: u64) {
    let mut next = store.next_arrival().expect("the store answers");
    while next <= most {
        let until = (next + 1_000).min(most + 1);
        let changes = (next..until).map(|number| Change {
            before: None,
            item: article(number, most),
            aliases: Vec::new(),
            sketch: None,
        });
        store
            .commit(&Batch { changes: changes.collect(), next_arrival: until, ..Batch::default() })
            .expect("the disk has room");
        next = until;
    }
}

/// Numbers that look like chance, always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// Small numbers far more often than large ones, as words are.
    fn skewed(&mut self, most: u64) -> u64 {
        let one = self.below(1 << 20) as f64 / f64::from(1 << 20);
        (one.powi(4) * most as f64) as u64
    }
}

fn article(number: u64, most: u64) -> Item {
    let mut chance = Chance(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let word = |chance: &mut Chance| -> String {
        if chance.below(5) < 2 {
            return COMMON[usize::try_from(chance.skewed(COMMON.len() as u64)).expect("small")].to_owned();
        }
        let which = chance.skewed(VOCABULARY);
        let affix = ["", "", "", "me", "di", "ber", "pe"][usize::try_from(chance.below(7)).expect("small")];
        format!("{affix}kata{}{}", char::from(b'a' + u8::try_from(which % 26).expect("small")), which / 26)
    };
    let words = |chance: &mut Chance, count: usize| (0..count).map(|_| word(chance)).collect::<Vec<_>>().join(" ");
    let title = words(&mut chance, 9);
    let html: String = (0..10).map(|_| format!("<p>{}.</p>", words(&mut chance, LENGTH / 10))).collect();
    // Ten minutes apart, the newest now.
    let date = Utc::now() - TimeDelta::minutes(i64::try_from(most.saturating_sub(number)).expect("small") * 10);
    let label = |kind, id: &str| Label { kind, id: id.into(), because: Vec::new() };
    let mut labels = Vec::new();
    if number.is_multiple_of(20) {
        labels.push(label(LabelKind::Topic, "tppo"));
    }
    if number.is_multiple_of(3) {
        labels.push(label(LabelKind::Region, "balikpapan"));
    }
    let source = format!("s{}", number % 40);
    let summary = html[3..200].to_owned();
    let article = Article {
        url: Some(format!("https://{source}.example/{number}")),
        published: Some(date),
        ..items::article(title, html, summary)
    };
    Item {
        labels,
        // Every fifth item tells what the one before it told.
        first_told: (number % 5 == 4).then(|| ItemId(number - 1)),
        told_again: if number % 5 == 3 { vec![told(number + 1)] } else { Vec::new() },
        ..items::item(number, &source, article, date)
    }
}

fn told(number: u64) -> Telling {
    let carrier = Carrier {
        source: format!("s{}", number % 40).as_str().into(),
        arrival: number,
        url: None,
        title: String::new(),
        published: None,
    };
    Telling { item: ItemId(number), carrier, like: ItemId(number - 1), kept: 90, own: 90 }
}
