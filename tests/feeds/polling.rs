//! A client that polls hourly while two thousand items arrive through the whole pipeline, with edits, late ones and other labels among
//! them: it sees each once, and misses none.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use chrono::TimeDelta;
use kliping::domain::{Facet, Instant};
use kliping::fetch::{Fetcher, Guard, Limits};
use kliping::pipeline::{Changes, Poller, Round, Writer, relabel};
use kliping::publish::Format;
use kliping::store::{MemoryStore, Store, StoreError};
use kliping::web::{self, Given};
use tokio::sync::{Semaphore, watch};

use super::archives::{ids, older, walk};
use super::nasty::Dice;
use super::served::{HandSet, SITE, Served, settings};
use super::validator;
use crate::program::{Outlet, answer};

const ITEMS: usize = 2_000;
const AN_HOUR: usize = 20;
/// What an outlet still shows.
const SHOWN: usize = 60;

/// What an outlet has published, newest first.
#[derive(Default)]
struct Published(Vec<Entry>);

#[derive(Clone)]
struct Entry {
    number: usize,
    title: String,
    date: Instant,
}

impl Published {
    fn document(&self) -> String {
        let items: String = self.0.iter().take(SHOWN).map(Entry::written).collect();
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Media</title><link>https://satu.example/</link>{items}</channel></rss>"
        )
    }
}

impl Entry {
    fn written(&self) -> String {
        let Entry { number, title, date } = self;
        let mut dice = Dice(*number as u64);
        // Texts of their own: nobody may take two for one story.
        let words: Vec<String> = (0..40).map(|_| format!("kata{}", dice.roll(5_000))).collect();
        format!(
            "<item><guid isPermaLink=\"false\">g{number}</guid><title>{title}</title><link>https://satu.example/{number}</link>\
             <pubDate>{}</pubDate><description>{}</description></item>",
            date.to_rfc2822(),
            words.join(" ")
        )
    }
}

/// A client as feed readers are: it knows items by their guid, and asks with the validators it got.
#[derive(Default)]
struct Reader {
    feed: String,
    etag: String,
    /// How often each was new.
    seen: HashMap<String, usize>,
    /// What it was given as link: it must stay the same item.
    links: HashMap<String, String>,
    unchanged: usize,
}

impl Reader {
    fn of(feed: &str) -> Reader {
        Reader { feed: format!("{SITE}{feed}"), ..Reader::default() }
    }

    async fn poll(&mut self, served: &Served) {
        let got = served.get(&self.feed, &[("if-none-match", &self.etag)]).await;
        if got.status == 304 {
            self.unchanged += 1;
            return;
        }
        assert_eq!(got.status, 200, "{}", self.feed);
        self.etag = got.header("etag").to_owned();
        let feed = feed_rs::parser::parse(got.body.as_slice()).unwrap();
        let mut here = HashSet::new();
        for entry in feed.entries {
            assert!(here.insert(entry.id.clone()), "{} twice in one document", entry.id);
            let link = entry.links[0].href.clone();
            let known = self.links.entry(entry.id.clone()).or_insert_with(|| link.clone());
            assert_eq!(*known, link, "{} became another item", entry.id);
            self.seen.entry(entry.id).or_insert(1);
        }
    }
}

/// What is published as files: each time only what may have changed.
#[derive(Default)]
struct Files {
    given: Given,
    there: HashMap<String, Bytes>,
}

impl Files {
    fn publish(&mut self, site: &Site) {
        let take = &mut |file: web::PageFile| {
            self.there.insert(file.name, file.bytes);
            Ok::<_, StoreError>(())
        };
        web::files(&site.served.app, &mut self.given, site.time.now(), take).unwrap();
    }

    /// Asserts that they are what would be published if nothing were there.
    fn are_as_new(&self, site: &Site) {
        let mut new = Files::default();
        new.publish(site);
        // An archive but the newest two is written anew once a day.
        let is_archive = |name: &str| name.contains("/archive/");
        for (name, bytes) in &new.there {
            let there = self.there.get(name).unwrap_or_else(|| panic!("{name} was not published"));
            assert!(is_archive(name) || there == bytes, "{name} is not as it is now");
        }
        assert!(new.there.len() > ITEMS + 100, "{}", new.there.len());
    }
}

struct Site {
    poller: Poller,
    served: Served,
    time: HandSet,
    settings: watch::Sender<Arc<kliping::config::Settings>>,
}

fn site(url: &str) -> Site {
    let time = HandSet::at("2026-01-01T00:00:00Z".parse().unwrap());
    let (sender, settings) = watch::channel(configured(url, ""));
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let changes = Arc::new(Changes::default());
    let limits = Limits { host_gap: std::time::Duration::ZERO, ..Limits::default() };
    let here = |_: &str| vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let guard = Guard { is_public: |_| true, look_up: Some(Arc::new(here)) };
    let fetcher = Fetcher::guarded_by(guard, limits, &settings.borrow().user_agent).unwrap();
    let (writer, _) = Writer::start(Arc::clone(&store), Arc::clone(&changes), settings.clone()).unwrap();
    let served = Served::new(Arc::clone(&store), settings.clone(), changes, time.clock());
    let (readers, round) = (Arc::new(Semaphore::new(2)), Arc::new(Round::default()));
    let poller = Poller { settings, fetcher, store, writer, clock: time.clock(), readers, round, articles: 0 };
    Site { poller, served, time, settings: sender }
}

fn configured(url: &str, more: &str) -> Arc<kliping::config::Settings> {
    settings(&[("satu", url)], &format!("[publish]\nlimit = 30\n[fetch]\nhost_gap = \"0s\"\n{more}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hourly_client_sees_each_item_once_and_a_walker_gets_all() {
    let published: Arc<Mutex<Published>> = Arc::default();
    let told = Arc::clone(&published);
    let outlet = Outlet::start(move |_, _| answer("200 OK", "", told.lock().unwrap().document().as_bytes()));
    let url = format!("http://satu.example:{}/", outlet.address.port());
    let site = site(&url);
    let feeds = ["all.rss", "sources/satu.json", "topics/tppo.atom"];
    let mut readers = feeds.map(Reader::of);
    let (mut dice, mut number, mut hour) = (Dice(11), 0, 0);
    let mut on_the_way: Option<(String, HashSet<String>)> = None;
    let mut files = Files::default();
    while number < ITEMS {
        site.time.pass(TimeDelta::hours(1));
        hour += 1;
        // Newsrooms sleep: eight hours a day bring something.
        if hour % 24 >= 8 {
            for reader in &mut readers {
                reader.poll(&site.served).await;
            }
            continue;
        }
        for _ in 0..AN_HOUR {
            number += 1;
            let topic = ["TPPO di Balikpapan", "Korban TPPO", "Banjir Balikpapan", "Pasar"][dice.roll(4)];
            // One in ten says a date of last week, and stands in the midst of what is shown.
            let late = dice.roll(10) == 0;
            let date = site.time.now() - if late { TimeDelta::days(7) } else { TimeDelta::minutes(5) };
            let entry = Entry { number, title: format!("{topic} nomor {number}"), date };
            let entries = &mut published.lock().unwrap().0;
            let place = if late { entries.len().min(SHOWN / 2) } else { 0 };
            entries.insert(place, entry);
        }
        // Edits: another title, and with it for some another topic.
        for _ in 0..3 {
            let entries = &mut published.lock().unwrap().0;
            let at = dice.roll(entries.len().min(SHOWN));
            let topic = ["Dikoreksi: TPPO di Balikpapan", "Dikoreksi: bukan apa-apa"][dice.roll(2)];
            let number = entries[at].number;
            entries[at].title = format!("{topic} nomor {number}");
        }
        site.poller.poll(&site.poller.settings.borrow().catalogue.sources[0].clone()).await.unwrap();
        // Other rules: everything is labelled anew.
        if hour % 96 == 7 {
            let more = "[[topic]]\nid = \"banjir\"\ntitle = \"Banjir\"\nany = [\"banjir\"]\n";
            let rules = configured(&url, if hour % 192 == 7 { "" } else { more });
            site.settings.send_replace(Arc::clone(&rules));
            site.served.app.changes.note_all();
            relabel(&site.poller, &rules, |_| true).await.unwrap();
        }
        for reader in &mut readers {
            reader.poll(&site.served).await;
        }
        if number.is_multiple_of(100) {
            files.publish(&site);
        }
        // A walker goes down one document an hour, while everything moves.
        on_the_way = match on_the_way {
            None if number == 800 => Some((format!("{SITE}all.rss"), HashSet::new())),
            Some((address, mut found)) if !address.is_empty() => {
                let got = site.served.get(&address, &[]).await;
                found.extend(ids(&got.body));
                Some((older(Format::Rss, got.text()).unwrap_or_default(), found))
            }
            other => other,
        };
    }
    let kept = site.poller.store.newest(None, u64::MAX, usize::MAX).unwrap();
    assert_eq!(kept.len(), ITEMS);
    files.are_as_new(&site);
    for reader in &readers[..2] {
        assert_eq!(reader.seen.len(), ITEMS, "{} misses none", reader.feed);
        assert!(reader.unchanged >= hour / 2, "{}: {} answers of 304", reader.feed, reader.unchanged);
    }
    // What is about trafficking now was seen there, but for what got that label when it was no longer among the newest.
    let about = site.poller.store.newest(Some(&Facet::Topic("tppo".into())), u64::MAX, usize::MAX).unwrap();
    let missed = about
        .iter()
        .filter(|(_, id)| !readers[2].seen.keys().any(|guid| guid.ends_with(&format!("item/{id}"))))
        .count();
    assert_eq!(missed, 0, "of {}", about.len());
    for (feed, expected) in [("all", ITEMS), ("topics/tppo", about.len())] {
        for format in Format::ALL {
            let (current, archived) = walk(&site.served, &format!("{SITE}{feed}.{}", format.extension()), format).await;
            assert_eq!(archived.iter().collect::<HashSet<_>>().len(), archived.len());
            assert_eq!(current.iter().chain(&archived).collect::<HashSet<_>>().len(), expected, "{feed} {format:?}");
        }
    }
    let (address, found) = on_the_way.unwrap();
    assert_eq!(address, "", "the slow walker came to the end");
    assert!(found.len() >= 800 - AN_HOUR, "{}", found.len());
    for feed in ["all.rss", "topics/tppo.atom"] {
        let got = site.served.get(&format!("{SITE}{feed}"), &[]).await;
        let findings = validator::check(&format!("{SITE}{feed}"), got.header("content-type"), &got.body);
        assert!(findings.0.is_empty(), "{:#?}", findings.0);
    }
}
