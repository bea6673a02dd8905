//! The search follows what is kept, whatever happens to it, and is served as a page and as a feed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kliping::domain::{Facet, Item, Label, LabelKind};
use kliping::pipeline::{Followed, follow};
use kliping::search::{Index, Query, Sought};
use kliping::store::{Batch, Change, DiskStore, MemoryStore, Store};

use crate::items;
use crate::program::{Daemon, Outlet, Program, answer};

fn item(number: u64, title: &str, topics: &[&str]) -> Item {
    let date = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let label = |id: &&str| Label { kind: LabelKind::Topic, id: (*id).into(), because: Vec::new() };
    let article = items::article(title.into(), "<p>isi</p>".into(), String::new());
    Item { labels: topics.iter().map(label).collect(), ..items::item(number, "a", article, date) }
}

fn put(store: &dyn Store, items: Vec<Item>) {
    let next_arrival = items.iter().map(|item| item.id.0 + 1).max().unwrap_or(1).max(store.next_arrival().unwrap());
    let change = |item: Item| {
        let before = store.item(item.id).unwrap();
        Change { before, item, aliases: Vec::new(), sketch: None }
    };
    store
        .commit(&Batch { changes: items.into_iter().map(change).collect(), next_arrival, ..Batch::default() })
        .unwrap();
}

fn catch_up(store: &dyn Store, index: &Index) {
    for _ in 0..1000 {
        if follow(store, index).unwrap() == Followed::Current {
            assert!(index.is_complete());
            return;
        }
    }
    panic!("the index never comes to an end");
}

/// Holds the index to what the store has, word by word and topic by topic.
fn check(store: &dyn Store, index: &Index) {
    let all = store.newest(None, u64::MAX, usize::MAX).unwrap();
    let items: Vec<Item> = all.iter().map(|(_, id)| store.item(*id).unwrap().unwrap()).collect();
    let found = |query: &Query| -> Vec<u64> {
        index.newest(query, u64::MAX, 100_000).unwrap().into_iter().map(|(_, id)| id.0).collect()
    };
    for word in ["kapal", "banjir", "jembatan"] {
        let expected: Vec<u64> =
            items.iter().filter(|item| item.article.title.contains(word)).map(|item| item.id.0).collect();
        assert_eq!(found(&Query { sought: Sought::read(word), ..Query::default() }), expected, "{word}");
    }
    let ikn = Facet::Topic("ikn".into());
    let expected: Vec<u64> = items.iter().filter(|item| item.has(&ikn)).map(|item| item.id.0).collect();
    assert_eq!(found(&Query { all_of: vec![vec![ikn]], ..Query::default() }), expected);
    assert_eq!(index.count(), items.len() as u64);
}

fn some(numbers: std::ops::Range<u64>) -> Vec<Item> {
    let words = ["kapal", "banjir", "jembatan"];
    let topics: [&[&str]; 2] = [&["ikn"], &[]];
    let at = |number: u64, of: usize| usize::try_from(number).unwrap() % of;
    numbers.map(|number| item(number, words[at(number, 3)], topics[at(number, 2)])).collect()
}

#[test]
fn news_edits_and_labels_reach_the_index() {
    let directory = tempfile::tempdir().unwrap();
    let store = MemoryStore::default();
    let index = Index::open(directory.path()).unwrap();
    catch_up(&store, &index);
    put(&store, some(1..50));
    catch_up(&store, &index);
    check(&store, &index);
    put(&store, vec![item(1, "jembatan", &["ikn"]), item(2, "kapal", &[]), item(50, "kapal", &[])]);
    put(&store, vec![item(1, "banjir", &[]), item(51, "kapal", &["ikn"])]);
    catch_up(&store, &index);
    check(&store, &index);
    assert_eq!(follow(&store, &index).unwrap(), Followed::Current);
}

#[test]
fn an_index_is_built_in_pieces_while_news_come_in() {
    let directory = tempfile::tempdir().unwrap();
    let store = MemoryStore::default();
    put(&store, some(1..10_000));
    let mut index = Index::open(directory.path()).unwrap();
    assert_eq!(follow(&store, &index).unwrap(), Followed::BegunAnew);
    let mut next = 10_000;
    while let Followed::Wrote(_) = follow(&store, &index).unwrap() {
        assert!(!index.is_complete());
        // News, an edit of what is in it, and one of what is still to come; then it is opened anew, as after an abrupt end.
        put(&store, vec![item(next, "banjir", &[]), item(next - 1, "kapal", &["ikn"]), item(3, "jembatan", &["ikn"])]);
        next += 1;
        drop(index);
        index = Index::open(directory.path()).unwrap();
        if next > 10_020 {
            break;
        }
    }
    assert!(next > 10_002, "it takes several pieces");
    catch_up(&store, &index);
    check(&store, &index);
}

#[test]
fn an_index_that_lost_the_thread_is_built_anew() {
    let directory = tempfile::tempdir().unwrap();
    let (data, copy) = (directory.path().join("data"), directory.path().join("search"));
    let store = DiskStore::open(&data).unwrap();
    put(&store, some(1..200));
    let open = || Index::open(&copy).unwrap();
    catch_up(&store, &open());
    // Deleted.
    std::fs::remove_dir_all(&copy).unwrap();
    let index = open();
    catch_up(&store, &index);
    check(&store, &index);
    drop(index);
    // Damaged.
    for file in std::fs::read_dir(&copy).unwrap().flatten() {
        if file.path().extension().is_some_and(|end| end == "idx") {
            std::fs::write(file.path(), b"rusak").unwrap();
        }
    }
    let index = open();
    assert_eq!(index.progress(), None);
    catch_up(&store, &index);
    check(&store, &index);
    // Ahead of a store that was put back from a copy.
    let older = MemoryStore::default();
    put(&older, some(1..100));
    catch_up(&older, &index);
    check(&older, &index);
    // Beside a store of another content, but of as many changes; found out at the next start.
    drop(index);
    let other = MemoryStore::default();
    put(&other, some(1..50));
    put(&other, some(1..50).into_iter().map(|item| Item { labels: Vec::new(), ..item }).collect());
    put(&other, vec![item(50, "banjir", &[])]);
    let index = open();
    catch_up(&other, &index);
    check(&other, &index);
    // Left behind by more changes than are remembered.
    for round in 0..11_u64 {
        let title = if round % 2 == 0 { "kapal" } else { "banjir" };
        put(&other, (1..10_000).map(|number| item(number, title, &[])).collect());
    }
    assert_eq!(follow(&other, &index).unwrap(), Followed::BegunAnew);
    catch_up(&other, &index);
    assert_eq!(index.count(), 9_999);
}

#[test]
fn kills_while_it_is_built_cost_nothing_but_time() {
    let outlet = Outlet::start(|_, _| answer("200 OK", "", b"<rss version=\"2.0\"><channel></channel></rss>"));
    let program = Program::new(&[("a", outlet.url("/"))], "");
    put(&DiskStore::open(&program.store()).unwrap(), some(1..12_000));
    let mut progress = Vec::new();
    for kill in 0..6 {
        let daemon = Daemon::start(&program);
        std::thread::sleep(Duration::from_millis(kill * 150));
        drop(daemon);
        let index = Index::open(&program.store().join("search")).unwrap();
        progress.push(index.progress().map_or(u64::MAX, |progress| progress.below));
    }
    assert!(progress.is_sorted_by(|before, after| before >= after), "it goes on where it was: {progress:?}");
    let store = (0..5).find_map(|_| DiskStore::open(&program.store()).ok()).unwrap();
    let index = Index::open(&program.store().join("search")).unwrap();
    catch_up(&store, &index);
    check(&store, &index);
    index.verify().unwrap();
}

/// An outlet whose feed holds as many of these as it is told.
fn outlet(shown: &Arc<AtomicUsize>, first: &Arc<Mutex<String>>) -> Outlet {
    let (shown, first) = (Arc::clone(shown), Arc::clone(first));
    Outlet::start(move |path, _| {
        let first = first.lock().unwrap().clone();
        let all = [
            ("Polisi ungkap sindikat di Balikpapan", first.as_str(), "2024-01-05T08:00:00Z"),
            ("Perdagangan antarpulau naik", "Nilai perdagangan naik, kata orang pasar.", "2024-01-31T15:00:00Z"),
            ("Korban orangutan dirawat", "Satwa itu <b>dipulangkan</b> &amp; sehat.", "2024-02-01T08:00:00Z"),
            ("Sindikat <i>baru</i>", "Perdagangan orang lagi, di Samarinda.", "2024-02-02T08:00:00Z"),
        ];
        let item = |at: usize| {
            let (title, text, date) = all[at];
            format!(
                "<entry><id>urn:{path}:{at}</id><title type=\"html\">{}</title><link href=\"https://x{}.example/{at}\"/>\
                 <updated>{date}</updated><published>{date}</published><content type=\"html\">{}</content></entry>",
                title.replace('<', "&lt;"),
                &path[1..],
                text.replace('&', "&amp;").replace('<', "&lt;")
            )
        };
        let entries: String = (0..shown.load(Ordering::Relaxed)).map(item).collect();
        answer(
            "200 OK",
            "",
            format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>M</title>{entries}</feed>").as_bytes(),
        )
    })
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} takes too long");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn everything_kept_is_searched_over_http() {
    let (shown, text) =
        (Arc::new(AtomicUsize::new(3)), Arc::new(Mutex::new("Pelaku memperdagangkan orang.".to_owned())));
    let outlet = outlet(&shown, &text);
    let program = Program::new(&[("satu", outlet.url("/1"))], "");
    let daemon = Daemon::start(&program);
    let titles = |daemon: &Daemon, path: &str| -> Vec<String> {
        let answer = daemon.get(path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let feed: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let items = feed["items"].as_array().unwrap();
        items.iter().map(|item| item["title"].as_str().unwrap().split(' ').next().unwrap().to_owned()).collect()
    };
    // What is polled is found within seconds, also where something was rendered before.
    wait_for("the news", || titles(&daemon, "/search.json").len() == 3);
    assert!(!daemon.get("/search", "").text().contains("masih disusun"));
    let check = |path: &str, expected: &[&str]| assert_eq!(titles(&daemon, path), expected, "{path}");
    check("/search.json?q=perdagangan+orang", &["Perdagangan", "Polisi"]);
    check("/search.json?q=%22perdagangan+orang%22", &["Polisi"]);
    check("/search.json?q=perdagangan+-orang", &[]);
    check("/search.json?q=orang&region=balikpapan", &["Polisi"]);
    check("/search.json?q=orang&topic=&region=&source=satu&from=&to=&sort=new", &["Perdagangan", "Polisi"]);
    // 15.00 UTC on the 31st is 23.00 in Makassar; 16.00 would be the next day.
    check("/search.json?from=2024-01-31&to=2024-01-31", &["Perdagangan"]);
    check("/search.json?to=2024-01-06&from=2024-01-05", &["Polisi"]);
    check("/all.json?q=dagang", &["Perdagangan", "Polisi"]);
    check("/regions/balikpapan.json?q=orang", &["Polisi"]);
    check("/sources/satu.json?q=dipulangkan", &["Korban"]);
    for format in ["rss", "atom"] {
        let feed = daemon.get(&format!("/search.{format}?q=%22perdagangan+orang%22&sort=best"), "");
        let read = feed_rs::parser::parse(feed.body.as_slice()).unwrap();
        assert_eq!(read.entries.len(), 1);
        assert_eq!(read.title.unwrap().content, "Uji: Pencarian: \"perdagangan orang\"");
        assert!(!feed.text().contains("sort=best"));
    }

    let page = daemon.get("/search?q=%22perdagangan+orang%22&sort=best", "").text();
    for part in [
        "Pelaku <mark>memperdagangkan</mark> <mark>orang</mark>.",
        "value=\"&quot;perdagangan orang&quot;\"",
        "href=\"http://127.0.0.1/search.rss?q=%22perdagangan+orang%22\"",
        "<option value=\"best\" selected>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("<b>dipulangkan"));
    assert!(daemon.get("/", "").text().contains("<form class=\"find\""));
    assert!(daemon.get("/search?q=tiada", "accept-language: en\r\n").text().contains("No news matches"));
    assert_eq!(daemon.get("/search?from=kemarin", "").status, 400);
    assert_eq!(daemon.get("/search?topic=nope", "").status, 400);
    for odd in [
        "%22",
        "-",
        "%00%ff",
        "a%22b%22-",
        &"x".repeat(10_240),
        &"%22a+".repeat(2_000),
        "%2F(a%2B)%2B%24%2F",
        "%F0%9F%92%A5",
    ] {
        for path in ["/search?sort=best&", "/search?skip=99999999&sort=best&", "/search?", "/search.rss?", "/all?"] {
            assert_eq!(daemon.get(&format!("{path}q={odd}"), "").status, 200, "{path} {odd}");
        }
    }

    assert_eq!(daemon.stop(), 0);
    // News and an edit that come without the daemon are found when it runs again.
    *text.lock().unwrap() = "Pelaku dibebaskan.".to_owned();
    shown.store(4, Ordering::Relaxed);
    assert_eq!(program.run(&["once", "--force"]).code(), 0);
    let daemon = Daemon::start(&program);
    wait_for("catching up", || titles(&daemon, "/search.json?q=%22perdagangan+orang%22") == ["Sindikat"]);
    assert_eq!(titles(&daemon, "/search.json?q=dibebaskan"), ["Polisi"]);
    let page = daemon.get("/search?q=sindikat+sehat+-x", "").text();
    assert!(page.contains("Tidak ada berita yang cocok"));
    let page = daemon.get("/search?q=sehat", "").text();
    assert!(page.contains("dipulangkan &amp; <mark>sehat</mark>"), "{page}");

    // kill -9, then no index at all: nothing is lost, and it is built again.
    drop(daemon);
    std::fs::remove_dir_all(program.store().join("search")).unwrap();
    let daemon = Daemon::start(&program);
    wait_for("building anew", || daemon.get("/search.rss?q=sindikat", "").text().matches("<item>").count() == 2);
    assert_eq!(daemon.stop(), 0);

    // A plain web server cannot search.
    let site = program.directory.path().join("site");
    assert_eq!(program.run(&["publish", "--to", site.to_str().unwrap()]).code(), 0);
    assert!(!site.join("search.html").exists() && !site.join("search.rss").exists());
    assert!(!std::fs::read_to_string(site.join("index.html")).unwrap().contains("<form"));
}
