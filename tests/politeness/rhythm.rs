use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{TimeDelta, Timelike};
use kliping::domain::{Outcome, Push};

use crate::politeness::town::{Town, address, asked, feed};
use crate::program::{Outlet, answer};

const EVERY_MINUTE: &str = "schedule = \"0 * * * * *\"";

pub async fn floors() {
    // Every poll brings something new, so that nothing but the floor holds back.
    let turn = AtomicU32::new(0);
    let outlet = Outlet::start(move |path, _| {
        let turn = turn.fetch_add(1, Ordering::Relaxed) * 10;
        let etag = if path == "/validated" { format!("etag: \"{turn}\"\r\n") } else { String::new() };
        answer("200 OK", &etag, &feed("", turn..turn + 12))
    });
    let at = |path: &str| address("a", &outlet, path);
    let town = Town::new(&[
        ("validated", at("/validated"), EVERY_MINUTE),
        ("bare", at("/bare"), EVERY_MINUTE),
        ("lifted", at("/lifted"), "schedule = \"0 * * * * *\"\nunconditional = true"),
    ]);
    let begin = town.now();
    for (id, least) in [("validated", 10), ("bare", 60), ("lifted", 10)] {
        town.set(begin);
        let polls = town.live(id, 12).await;
        let gaps: Vec<i64> = polls.windows(2).map(|pair| (pair[1] - pair[0]).num_minutes()).collect();
        assert!(gaps.iter().all(|gap| *gap >= least), "{id}: {gaps:?}");
        assert!(gaps.iter().all(|gap| *gap <= least + 10), "and not much later: {id}: {gaps:?}");
    }
}

pub async fn freshness() {
    let outlet = Outlet::start(|path, _| {
        let headers = match path {
            "/max-age" => "cache-control: public, max-age=5400\r\n",
            "/expires" => "date: Thu, 11 Jul 2024 06:00:00 GMT\r\nexpires: Thu, 11 Jul 2024 08:00:00 GMT\r\n",
            "/both" => {
                "cache-control: max-age=3600\r\ndate: Thu, 11 Jul 2024 06:00:00 GMT\r\nexpires: Thu, 11 Jul 2024 08:00:00 GMT\r\n"
            }
            "/no-cache" => "cache-control: no-cache, max-age=0\r\n",
            _ => "cache-control: max-age=31536000\r\n",
        };
        answer("200 OK", &format!("etag: \"a\"\r\n{headers}"), &feed("", 0..3))
    });
    let paths = ["/max-age", "/expires", "/both", "/no-cache", "/year"];
    let sources: Vec<_> = paths.iter().map(|path| (&path[1..], address("a", &outlet, path), "")).collect();
    let town = Town::new(&sources);
    for path in paths {
        town.poll(&path[1..]).await;
    }
    for (id, minutes) in [("max-age", 90), ("expires", 120), ("both", 60), ("year", 24 * 60)] {
        assert_eq!(town.minutes_to(id), minutes, "{id}");
    }
    assert!((14..=20).contains(&town.minutes_to("no-cache")), "{}", town.minutes_to("no-cache"));
    assert!(town.next("year").unwrap().why.contains("24 h is the most"));
}

pub async fn no_stroke_and_no_burst() {
    let outlet = Outlet::start(|_, _| answer("200 OK", "etag: \"a\"\r\n", &feed("", 0..3)));
    let ids: Vec<String> = (0..40).map(|n| format!("s{n}")).collect();
    let sources: Vec<_> = ids.iter().map(|id| (id.as_str(), address(id, &outlet, "/"), "")).collect();
    let town = Town::on_disk(&sources);
    for id in &ids {
        town.poll(id).await;
    }
    let spread = |town: &Town| -> (BTreeSet<i64>, i64) {
        let at: BTreeSet<i64> = ids.iter().map(|id| town.next(id).unwrap().at.timestamp()).collect();
        let width = at.last().unwrap() - at.first().unwrap();
        (at, width)
    };
    let (instants, width) = spread(&town);
    assert!(instants.len() > 25 && width > 200, "{} instants in {width} s", instants.len());
    let on_the_minute = ids.iter().filter(|id| town.next(id).unwrap().at.second() == 0).count();
    assert!(on_the_minute < 5, "{on_the_minute}");
    // A restart a minute later: nobody is asked before its time.
    let town = town.restarted();
    town.pass(1);
    assert!(ids.iter().all(|id| town.minutes_to(id) >= 9), "the gap holds across a restart");
    // After a long sleep everything is overdue, and comes one after the other.
    town.set(town.now() + TimeDelta::days(2));
    let (instants, width) = spread(&town);
    assert!(instants.len() > 15 && width >= 30, "{} instants in {width} s", instants.len());
}

pub async fn own_rhythm() {
    let outlet = Outlet::start(|path, _| {
        let head = match path {
            "/ttl" => "<ttl>180</ttl>",
            "/short" => "<ttl>1</ttl>",
            "/hourly" => "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>",
            "/twice" => "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>",
            "/hours" => "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour></skipHours>",
            // 2026-01-01 is a Thursday.
            _ => "<skipDays><day>Thursday</day></skipDays>",
        };
        answer("200 OK", "etag: \"a\"\r\n", &feed(head, 0..3))
    });
    let paths = ["/ttl", "/short", "/hourly", "/twice", "/hours", "/days"];
    let sources: Vec<_> = paths.iter().map(|path| (&path[1..], address("a", &outlet, path), "")).collect();
    let town = Town::new(&sources);
    for (path, least, most) in [
        ("/ttl", 180, 180),
        ("/short", 14, 20),
        ("/hourly", 60, 60),
        ("/twice", 120, 120),
        ("/hours", 179, 185),
        ("/days", 24 * 60 - 1, 24 * 60 + 5),
    ] {
        town.poll(&path[1..]).await;
        let minutes = town.minutes_to(&path[1..]);
        assert!((least..=most).contains(&minutes), "{path}: {minutes}, {:?}", town.next(&path[1..]));
    }
}

pub async fn pushed() {
    let turn = AtomicU32::new(0);
    let outlet = Outlet::start(move |_, _| {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        // Nothing new at first; then what no push brought.
        answer("200 OK", &format!("etag: \"{turn}\"\r\n"), &feed("", 0..5 + turn.saturating_sub(1)))
    });
    let town = Town::new(&[("a", address("a", &outlet, "/"), "")]);
    town.poll("a").await;
    let subscribe = |watch| kliping::domain::Watch { push: Some(Push::default()), ..watch };
    town.poller.writer.amend("a".into(), Box::new(subscribe)).await.unwrap();
    assert_eq!(town.minutes_to("a"), 24 * 60);
    let polls = town.live("a", 3 * 24).await;
    assert_eq!(polls.len(), 3, "daily: {polls:?}");
    assert_eq!(town.watch("a").push, None, "two pulls found what no push brought");
    assert!(town.minutes_to("a") < 65, "so it is polled as the schedule says");
    crate::websub::subscriber::a_silent_hub_loses_trust().await;
}

pub async fn adapts_and_sees_gaps() {
    let (newest, served) = (Arc::new(AtomicU32::new(10)), Arc::default());
    let (shown, count): (_, Arc<AtomicU32>) = (Arc::clone(&newest), Arc::clone(&served));
    let wordpress = "<generator>https://wordpress.org/?v=6.5</generator>";
    // Ten entries on each page; the highest number is the newest.
    let outlet = Outlet::start(move |path, _| {
        let newest = shown.load(Ordering::Relaxed);
        let page: u32 = path.split_once("paged=").map_or(1, |(_, page)| page.parse().unwrap());
        let last = newest.saturating_sub((page - 1) * 10);
        if last == 0 {
            return answer("404 Not Found", "", b"");
        }
        let etag = count.fetch_add(1, Ordering::Relaxed);
        answer("200 OK", &format!("etag: \"{etag}\"\r\n"), &feed(wordpress, (last.saturating_sub(10)..last).rev()))
    });
    let town = Town::new(&[("a", address("a", &outlet, "/feed?a=b"), "")]);
    town.poll("a").await;
    assert_eq!(town.watch("a").gaps, 0, "before the first document nothing can be missed");
    // Nothing new: two successes make the stride longer, up to four times the cron's quarter of an hour.
    let polls = town.live("a", 12).await;
    let gaps: Vec<i64> = polls.windows(2).map(|pair| (pair[1] - pair[0]).num_minutes()).collect();
    assert!(gaps[0] <= 35 && gaps.iter().all(|gap| *gap <= 65), "{gaps:?}");
    assert!(gaps.iter().rev().take(4).all(|gap| *gap >= 55), "{gaps:?}");
    // Much new, twice: sooner again.
    for _ in 0..4 {
        newest.fetch_add(8, Ordering::Relaxed);
        town.set(town.next("a").unwrap().at);
        town.poll("a").await;
    }
    assert!(town.minutes_to("a") <= 35, "{}", town.minutes_to("a"));
    assert_eq!(town.watch("a").gaps, 0);
    // No overlap at all: the pages behind are fetched until what was known is reached.
    newest.fetch_add(35, Ordering::Relaxed);
    town.pass(60);
    let report = town.poll("a").await;
    let gap = report.gap.unwrap();
    assert_eq!((report.counts.new, gap.pages, gap.filled), (35, 3, true), "{gap:?}");
    assert_eq!(town.poller.store.count().unwrap(), u64::from(newest.load(Ordering::Relaxed)));
    assert_eq!(asked(&outlet, "/feed?a=b&paged=2").len(), 1);
    assert_eq!(town.watch("a").gaps, 1);
    // In the order in which they were published, the newest on top.
    let ids = town.poller.store.newest(None, u64::MAX, 40).unwrap();
    let titles: Vec<String> =
        ids.iter().map(|(_, id)| town.poller.store.item(*id).unwrap().unwrap().article.title).collect();
    let last = newest.load(Ordering::Relaxed);
    let expected: Vec<String> = (last - 40..last).rev().map(|n| format!("Berita {n}")).collect();
    assert_eq!(titles, expected);
    far_gap(&town, &newest).await;
    archived().await;
}

/// At most ten pages are asked for, however far it is.
async fn far_gap(town: &Town, newest: &AtomicU32) {
    newest.fetch_add(500, Ordering::Relaxed);
    town.pass(60);
    let gap = town.poll("a").await.gap.unwrap();
    assert_eq!((gap.pages, gap.filled), (10, false), "{gap:?}");
    // Another one within a day is counted, and not tried to be filled again.
    newest.fetch_add(50, Ordering::Relaxed);
    town.pass(60);
    assert_eq!(town.poll("a").await.gap, Some(gap));
    assert_eq!(town.watch("a").gaps, 3);
}

/// The same with the links of RFC 5005.
async fn archived() {
    let newest = Arc::new(AtomicU32::new(5));
    let shown = Arc::clone(&newest);
    let outlet = Outlet::start(move |path, _| {
        let newest = shown.load(Ordering::Relaxed);
        let last: u32 = path.strip_prefix("/archive-").map_or(newest, |last| last.parse().unwrap());
        let older = last.saturating_sub(5);
        let link = format!("<atom:link rel=\"prev-archive\" href=\"/archive-{older}\"/>");
        answer("200 OK", "", &feed(if older > 0 { &link } else { "" }, (older..last).rev()))
    });
    let town = Town::new(&[("a", address("a", &outlet, "/feed"), "")]);
    town.poll("a").await;
    newest.store(25, Ordering::Relaxed);
    town.pass(120);
    let report = town.poll("a").await;
    assert_eq!(report.outcome, Some(Outcome::Fetched));
    let gap = report.gap.unwrap();
    assert_eq!((report.counts.new, gap.pages, gap.filled), (20, 4, true), "{gap:?}");
}
