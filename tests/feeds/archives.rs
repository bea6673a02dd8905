//! Archives (RFC 5005 section 4): who walks them gets every item once, whatever arrives meanwhile.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use kliping::domain::{Article, Carrier, Facet, Instant, Item, ItemId, Label, LabelKind, Selection};
use kliping::pipeline::Changes;
use kliping::publish::Format;
use kliping::store::{self, Batch, Change, DiskStore, MemoryStore, Store, StoreError};
use kliping::web;
use tokio::sync::watch;

use super::nasty::Dice;
use super::served::{Got, HandSet, SITE, Served, settings};
use crate::items;

/// What a document says is before it.
pub fn older(format: Format, text: &str) -> Option<String> {
    linked(format, text, "prev-archive")
}

/// A link of the head, by relation.
pub fn linked(format: Format, text: &str, relation: &str) -> Option<String> {
    if format == Format::Json {
        let feed: serde_json::Value = serde_json::from_str(text).unwrap();
        return feed["next_url"].as_str().filter(|_| relation == "prev-archive").map(str::to_owned);
    }
    let relation = format!("rel=\"{relation}\"");
    let link = text.split('<').find(|tag| tag.contains("link ") && tag.contains(&relation))?;
    let href = link.split("href=\"").nth(1)?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

/// The ids in a document, in its order.
pub fn ids(body: &[u8]) -> Vec<String> {
    feed_rs::parser::parse(body).unwrap().entries.into_iter().map(|entry| entry.id).collect()
}

/// Follows a feed down to its oldest archive. Gives the ids of the feed itself, and those of the archives.
pub async fn walk(served: &Served, feed: &str, format: Format) -> (Vec<String>, Vec<String>) {
    let got = served.get(feed, &[]).await;
    let (current, mut archived) = (ids(&got.body), Vec::new());
    let mut next = older(format, got.text());
    let mut walked = HashSet::new();
    while let Some(address) = next {
        assert!(walked.insert(address.clone()), "{address} comes twice");
        let got = served.get(&address, &[]).await;
        assert_eq!(got.status, 200, "{address}");
        archived.extend(ids(&got.body));
        next = older(format, got.text());
    }
    (current, archived)
}

fn item(id: u64, topic: Option<&str>, seen: Instant) -> Item {
    let label = |topic: &str| Label { kind: LabelKind::Topic, id: topic.into(), because: vec![] };
    let text = format!("Isi berita nomor {id}.");
    let article = Article {
        url: Some(format!("https://satu.example/{id}")),
        published: Some(seen),
        ..items::article(format!("Berita nomor {id}"), format!("<p>{text}</p>"), text)
    };
    let source = if id.is_multiple_of(3) { "dua" } else { "satu" };
    Item { labels: topic.map(label).into_iter().collect(), ..items::item(id, source, article, seen) }
}

/// One in fifty is about trafficking.
fn topic(id: u64) -> Option<&'static str> {
    (Dice(id).roll(50) == 0).then_some("tppo")
}

fn add(store: &dyn Store, from: u64, to: u64, seen: impl Fn(u64) -> Instant) {
    let changes = (from..to)
        .map(|id| Change { before: None, item: item(id, topic(id), seen(id)), aliases: vec![], sketch: None })
        .collect();
    store.commit(&Batch { changes, next_arrival: to, ..Batch::default() }).unwrap();
}

fn serve(store: Arc<dyn Store>, now: Instant) -> (Served, Arc<Changes>, watch::Sender<Arc<kliping::config::Settings>>) {
    let sources = [("satu", "https://satu.example/feed/"), ("dua", "https://dua.example/feed/")];
    let channel =
        "[[channel]]\nid = \"kabar\"\ntitle = \"Kabar\"\ntopics = [\"tppo\", \"ikn\"]\nsources = [\"satu\"]\n";
    let (sender, settings) = watch::channel(settings(&sources, &format!("[publish]\nlimit = 50\n{channel}")));
    let changes = Arc::new(Changes::default());
    (Served::new(store, settings, Arc::clone(&changes), HandSet::at(now).clock()), changes, sender)
}

const ITEMS: u64 = 6_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walker_gets_every_item_once() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let store = Arc::new(MemoryStore::default());
    add(&*store, 1, ITEMS, |id| now - TimeDelta::minutes(i64::try_from((ITEMS - id) * 20).unwrap()));
    let (served, ..) = serve(Arc::clone(&store) as Arc<dyn Store>, now);
    let of = |holds: &dyn Fn(u64) -> bool| (1..ITEMS).filter(|id| holds(*id)).count();
    let is_tppo = |id: u64| topic(id).is_some();
    let channels: [(&str, &str, usize); 6] = [
        ("all", "", of(&|_| true)),
        ("topics/tppo", "", of(&is_tppo)),
        ("sources/dua", "", of(&|id| id % 3 == 0)),
        ("topics/tppo", "?source=dua", of(&|id| is_tppo(id) && id % 3 == 0)),
        ("channels/kabar", "", of(&|id| is_tppo(id) && id % 3 != 0)),
        ("all", "?q=1234", 1),
    ];
    for (channel, narrowing, expected) in channels {
        for format in Format::ALL {
            let feed = format!("{SITE}{channel}.{}{narrowing}", format.extension());
            let (current, archived) = walk(&served, &feed, format).await;
            let once: HashSet<&String> = archived.iter().collect();
            assert_eq!(once.len(), archived.len(), "{feed}: no archived item comes twice");
            let all: HashSet<&String> = current.iter().chain(&archived).collect();
            assert_eq!(all.len(), expected, "{feed}");
            // The archives alone end where the feed begins or later: what both have is the oldest of the feed.
            let shared = current.iter().filter(|id| once.contains(id)).count();
            assert_eq!(&current[current.len() - shared..], &archived[..shared], "{feed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_says_where_it_stands_and_stays_what_it_is() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let store = Arc::new(MemoryStore::default());
    add(&*store, 1, 1_000, |_| now - TimeDelta::days(9));
    let (served, changes, _sender) = serve(Arc::clone(&store) as Arc<dyn Store>, now);
    let feed = format!("{SITE}all.atom");
    let newest = older(Format::Atom, served.get(&feed, &[]).await.text()).unwrap();
    assert_eq!(newest, format!("{SITE}all/archive/960.atom"));
    let mut kept: HashMap<String, Vec<u8>> = HashMap::new();
    let mut address = Some(newest.clone());
    while let Some(one) = address {
        let got = served.get(&one, &[]).await;
        assert!(got.text().contains("<fh:archive/><entry>"), "{one}");
        assert_eq!(linked(Format::Atom, got.text(), "self").as_ref(), Some(&one));
        assert_eq!(linked(Format::Atom, got.text(), "current"), Some(feed.clone()));
        let lasts = got.header("cache-control").contains("max-age=86400");
        assert_eq!(lasts, one != newest, "{one}: {}", got.header("cache-control"));
        if let Some(newer) = linked(Format::Atom, got.text(), "next-archive") {
            let newer = served.get(&newer, &[]).await;
            assert_eq!(older(Format::Atom, newer.text()).as_ref(), Some(&one), "there and back");
        }
        let known = served.get(&one, &[("if-none-match", got.header("etag"))]).await;
        assert_eq!((known.status, known.body.len()), (304, 0));
        address = older(Format::Atom, got.text());
        kept.insert(one, got.body);
    }
    // Ten days later: much is new, and nothing that was complete is another.
    add(&*store, 1_000, 2_000, |_| now);
    changes.note_all();
    for (address, before) in kept {
        let got = served.get(&address, &[]).await;
        if address == newest {
            assert_eq!(ids(&got.body), ids(&before));
            assert_eq!(linked(Format::Atom, got.text(), "next-archive"), Some(format!("{SITE}all/archive/1024.atom")));
        } else {
            assert!(got.body == before, "{address} changed");
        }
    }
    for none in ["0", "2000", "99999999999999999999", "-1", "+64", "064", "x", ""] {
        assert_eq!(served.get(&format!("{SITE}all/archive/{none}.rss"), &[]).await.status, 404, "{none}");
    }
    assert_eq!(served.get(&format!("{SITE}all/archive/64"), &[]).await.status, 404, "an archive has no page");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_that_comes_or_goes_changes_one_archive_and_loses_no_walker() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let store = Arc::new(MemoryStore::default());
    add(&*store, 1, ITEMS, |_| now - TimeDelta::days(9));
    // A topic with a tenth of everything, so that its cuts are items that may leave it.
    let relabel = |ids: &[u64], topic: Option<&str>| {
        let changes = ids.iter().map(|id| {
            let before = store.item(ItemId(*id)).unwrap().unwrap();
            let item = item(*id, topic, before.first_seen);
            Change { before: Some(before), item, aliases: vec![], sketch: None }
        });
        store.commit(&Batch { changes: changes.collect(), ..Batch::default() }).unwrap();
    };
    let about: Vec<u64> = (1..ITEMS).filter(|id| Dice(id * 31).roll(4) == 0).collect();
    relabel(&about, Some("ikn"));
    let (served, changes, _sender) = serve(Arc::clone(&store) as Arc<dyn Store>, now);
    let feed = format!("{SITE}topics/ikn.rss");
    let documents = |served| walk_documents(served, &feed);
    let before = documents(&served).await;
    // One that is a cut leaves, one that is none comes.
    let cut = *about.iter().filter(|id| **id % 64 == 0).nth(3).unwrap();
    relabel(&[cut], None);
    let late = (ITEMS / 2..ITEMS).find(|id| !about.contains(id) && id % 64 != 0).unwrap();
    relabel(&[late], Some("ikn"));
    changes.note_all();
    let after = documents(&served).await;
    let changed = before.iter().filter(|(address, _)| !after.contains_key(*address)).count();
    assert_eq!(changed, 1, "the archive that ended at the item that left is no longer linked");
    let other = after.iter().filter(|(address, ids)| before.get(*address).is_some_and(|before| before != *ids)).count();
    assert!(other <= 2, "{other}: only those beside it list other items");
    let all: Vec<&String> = after.values().flatten().collect();
    assert_eq!(all.len(), all.iter().collect::<HashSet<_>>().len());
    // Who was on the way down at that moment still gets an answer, and all that is below.
    let got = served.get(&format!("{SITE}topics/ikn/archive/{cut}.rss"), &[]).await;
    assert_eq!(got.status, 200);
    let below: Vec<u64> = about.iter().copied().filter(|id| *id < cut).collect();
    let mut found = ids(&got.body);
    let mut next = older(Format::Rss, got.text());
    while let Some(address) = next {
        let got = served.get(&address, &[]).await;
        found.extend(ids(&got.body));
        next = older(Format::Rss, got.text());
    }
    assert_eq!(found.len(), below.len());
}

async fn walk_documents(served: &Served, feed: &str) -> HashMap<String, Vec<String>> {
    let mut documents = HashMap::new();
    let mut next = older(Format::Rss, served.get(feed, &[]).await.text());
    while let Some(address) = next {
        let got: Got = served.get(&address, &[]).await;
        next = older(Format::Rss, got.text());
        documents.insert(address, ids(&got.body));
    }
    documents
}

#[test]
fn static_files_lead_to_the_same_archives() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let store = Arc::new(MemoryStore::default());
    add(&*store, 1, 400, |_| now - TimeDelta::days(9));
    let (served, ..) = serve(store, now);
    let mut files: HashMap<String, Vec<u8>> = HashMap::new();
    web::files(&served.app, &mut web::Given::default(), now, &mut |file| -> Result<(), StoreError> {
        files.insert(file.name, file.bytes.to_vec());
        Ok(())
    })
    .unwrap();
    assert!(files.contains_key("feed.css") && files.contains_key("icon.png"));
    for (channel, format) in [("all", Format::Rss), ("sources/dua", Format::Json), ("topics/tppo", Format::Atom)] {
        let mut next = Some(format!("{channel}.{}", format.extension()));
        let mut found = HashSet::new();
        while let Some(file) = next {
            let body = &files[&file];
            found.extend(ids(body));
            next = older(format, std::str::from_utf8(body).unwrap()).map(|url| url[SITE.len()..].to_owned());
        }
        let expected = (1..400).filter(|id| match channel {
            "all" => true,
            "sources/dua" => id % 3 == 0,
            _ => topic(*id).is_some(),
        });
        assert_eq!(found.len(), expected.count(), "{channel}");
    }
}

#[test]
fn only_what_changed_is_made_again_as_files() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let store = Arc::new(MemoryStore::default());
    add(&*store, 1, 400, |_| now - TimeDelta::days(9));
    let (served, changes, _settings) = serve(Arc::clone(&store) as Arc<dyn Store>, now);
    let mut given = web::Given::default();
    let mut made = || {
        let mut names = HashSet::new();
        let is_all = web::files(&served.app, &mut given, now, &mut |file| -> Result<(), StoreError> {
            names.insert(file.name);
            Ok(())
        });
        (names, is_all.unwrap())
    };
    let (names, is_all) = made();
    assert!(is_all && names.contains("items/1.html") && names.contains("sources/dua.rss"));
    let (names, is_all) = made();
    assert!(!is_all && names.iter().all(|name| !name.contains('/') && !name.starts_with("all")), "{names:?}");
    add(&*store, 400, 401, |_| now);
    changes.note(HashSet::from([Facet::Source("satu".into())]), [ItemId(400)]);
    let (names, is_all) = made();
    assert!(!is_all && ["items/400.html", "all.rss", "sources/satu.rss"].iter().all(|name| names.contains(*name)));
    assert!(!names.contains("sources/dua.rss") && !names.contains("items/399.html"));
    changes.note_all();
    assert!(made().1, "another feeds.toml may have changed everything");
}

/// A channel that is narrowed lists what a look at every item would.
#[test]
fn what_is_rare_is_found_as_by_looking_at_everything() {
    let store = MemoryStore::default();
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let label = |kind, id: &str| Label { kind, id: id.into(), because: vec![] };
    let items: Vec<Item> = (1..3000)
        .map(|id| {
            let is = |sides: usize, seed: u64| Dice(id * 31 + seed).roll(sides) == 0;
            let mut item = item(id, None, now);
            item.carriers[0].source = if is(2, 1) { "satu" } else { "dua" }.into();
            if is(9, 2) && id > 1 {
                // Another source has it too, a little later.
                let later = Carrier { source: "tiga".into(), arrival: 10_000 + id, ..item.carriers[0].clone() };
                item.carriers.push(later);
            }
            let labels = [("many", is(3, 3)), ("few", is(300, 4)), ("old", id < 1500), ("new", id >= 1500)];
            item.labels.extend(labels.into_iter().filter(|(_, is)| *is).map(|(name, _)| label(LabelKind::Topic, name)));
            item.labels.extend(is(5, 5).then(|| label(LabelKind::Region, "here")));
            item
        })
        .collect();
    let changes = items.iter().map(|item| Change { before: None, item: item.clone(), aliases: vec![], sketch: None });
    store.commit(&Batch { changes: changes.collect(), next_arrival: 20_000, ..Batch::default() }).unwrap();
    let topic = |id: &str| Facet::Topic(id.into());
    let (here, three) = (|| Facet::Region("here".into()), || Facet::Source("tiga".into()));
    let check = |groups: &[&[Facet]]| {
        let selection = groups.iter().fold(Selection::default(), |all, group| all.and_any(group.to_vec()));
        let is_source = |group: &&[Facet]| group.iter().any(|facet| matches!(facet, Facet::Source(_)));
        let leading = groups.iter().copied().find(is_source).unwrap_or(groups[0]);
        let mut expected: Vec<(u64, ItemId)> = items
            .iter()
            .filter(|item| groups.iter().all(|group| group.iter().any(|facet| item.has(facet))))
            .map(|item| {
                let places = item.facets().filter(|(facet, _)| leading.contains(facet)).map(|(_, place)| place);
                (places.min().unwrap(), item.id)
            })
            .collect();
        expected.sort_unstable_by(|one, other| other.cmp(one));
        let (mut found, mut below) = (Vec::new(), u64::MAX);
        loop {
            let page = store::walk(&store, &selection, below, 7, None).unwrap();
            found.extend(page.items.iter().map(|item| item.id));
            match page.next {
                Some(next) => below = next,
                None => break,
            }
        }
        assert_eq!(found, expected.iter().map(|(_, id)| *id).collect::<Vec<_>>(), "{groups:?}");
    };
    check(&[&[topic("many")], &[topic("few")]]);
    check(&[&[topic("many")], &[here()]]);
    check(&[&[topic("old")], &[topic("new")]]);
    check(&[&[topic("new"), topic("few")], &[topic("many")], &[here()]]);
    check(&[&[topic("many")], &[topic("old")], &[topic("new"), topic("few")]]);
    check(&[&[three()], &[topic("few")]]);
    check(&[&[three()], &[here()], &[topic("many")]]);
}

/// The whole way of a request, on the disk store: a page of a large archive costs what a page of a small one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_costs_the_same_however_much_is_kept() {
    let now: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(DiskStore::open(directory.path()).unwrap());
    let count: u64 = std::env::var("KLIPING_ARCHIVE_ITEMS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    for from in (1..count).step_by(5_000) {
        add(&*store, from, (from + 5_000).min(count), |_| now - TimeDelta::days(9));
    }
    let (served, ..) = serve(store, now);
    for (channel, narrowing) in
        [("all", ""), ("topics/tppo", ""), ("sources/dua", ""), ("topics/tppo", "?source=dua"), ("all", "?q=nomor")]
    {
        let mut slowest = std::time::Duration::ZERO;
        for at in [1, 3, 7] {
            let address = format!("{SITE}{channel}/archive/{}.rss{narrowing}", count / 8 * at / 512 * 512);
            let begun = std::time::Instant::now();
            let got = served.get(&address, &[]).await;
            slowest = slowest.max(begun.elapsed());
            assert_eq!(got.status, 200, "{address}");
        }
        eprintln!("{count} items kept: an archive of {channel}{narrowing} takes {slowest:?} at most");
        // Without optimisation on a machine that does other things as well; the release figure is in docs/decisions/archives.md.
        assert!(slowest < std::time::Duration::from_secs(3), "{channel}{narrowing}: {slowest:?}");
    }
}
