use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use kliping::websub::is_signed;

use super::peer::{Heard, Peer, willing};
use super::site::{Hands, Site};
use super::{a_while, eventually};
use crate::politeness::town::{address, feed};
use crate::program::{Outlet, answer};

/// An outlet with as many entries as told, and a site that has polled it once.
struct Stage {
    hands: Hands,
    entries: Arc<AtomicU32>,
    _outlet: Outlet,
    site: Site,
}

impl Stage {
    async fn set(publish: &str) -> Stage {
        let (hands, entries) = (Hands::new(), Arc::new(AtomicU32::new(3)));
        let shown = Arc::clone(&entries);
        let outlet = Outlet::start(move |_, _| answer("200 OK", "", &feed("", 0..shown.load(Ordering::Relaxed))));
        let site = Site::new(&hands, publish, &[("a", address("media", &outlet, "/feed"))]).await;
        site.poll("a").await;
        Stage { hands, entries, _outlet: outlet, site }
    }

    /// One more entry comes in.
    async fn change(&self) {
        self.entries.fetch_add(1, Ordering::Relaxed);
        self.hands.pass(TimeDelta::hours(1));
        assert_eq!(self.site.poll("a").await.counts.new, 1);
    }

    /// Subscribes, and waits until there are so many.
    async fn subscribed(&self, topic: &str, callback: &str, more: &[(&str, &str)]) {
        let before = self.site.hub.count();
        assert_eq!(self.site.subscribe(topic, callback, more).await.0, 202);
        eventually("the verification", || self.site.hub.count() == before + 1).await;
    }
}

async fn delivered(peer: &Peer, count: usize) -> Vec<Heard> {
    eventually("the delivery", || peer.heard("POST").len() >= count).await;
    // Until the answer is noted, before the clock goes on.
    tokio::time::sleep(Duration::from_millis(150)).await;
    let heard = peer.heard("POST");
    assert_eq!(heard.len(), count);
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_subscribes_is_asked_back_and_told_of_changes_once_and_signed() {
    let stage = Stage::set("").await;
    let site = &stage.site;
    let reader = Peer::start(willing);
    let callback = reader.at("reader", "/cb?id=7");
    // Another spelling of the same feed: what is told is ours.
    let topic = "/sources/a.rss?utm_source=x&topic=ikn,ikn";
    let more = [("hub.secret", "rahasia"), ("hub.lease_seconds", "86400")];
    stage.subscribed(topic, &callback, &more).await;
    stage.subscribed("/all.json", &callback, &[]).await;
    let question = &reader.heard("GET")[0];
    let asked = |name: &str| question.parameter(name).unwrap();
    assert_eq!(
        (asked("id"), asked("hub.mode"), asked("hub.lease_seconds")),
        ("7".into(), "subscribe".into(), "86400".into())
    );
    assert_eq!(asked("hub.topic"), site.url(topic), "as it was written");
    a_while().await;
    assert_eq!(reader.heard("POST").len(), 0, "what it could read itself is not delivered");

    stage.change().await;
    let heard = delivered(&reader, 1).await.remove(0);
    let own = site.get("/all.json").await;
    assert_eq!(heard.body, own.body, "exactly what is served");
    assert_eq!((heard.path.as_str(), heard.header("content-type")), ("/cb?id=7", own.header("content-type")));
    let links = format!("<{}>; rel=\"hub\", <{}>; rel=\"self\"", site.url("/hub"), site.url("/all.json"));
    assert_eq!((heard.header("link"), own.header("link")), (Some(links.as_str()), Some(links.as_str())));
    assert_eq!(heard.header("x-hub-signature"), None, "no secret, no signature");
    a_while().await;
    assert_eq!(reader.heard("POST").len(), 1, "nothing is about the new capital, and nothing is told twice");

    stage.subscribed("/sources/a.rss", &callback, &more).await;
    stage.change().await;
    let heard = delivered(&reader, 3).await;
    let signed = heard.iter().find(|one| one.header("x-hub-signature").is_some()).unwrap();
    let signature = signed.header("x-hub-signature").unwrap();
    assert!(signature.starts_with("sha256=") && is_signed(signature, "rahasia", &signed.body));
    assert_eq!(signed.body, site.get("/sources/a.rss").await.body);

    let (one, all) = (site.url("/all.json"), site.hub.count());
    let leave = [("hub.mode", "unsubscribe"), ("hub.topic", one.as_str()), ("hub.callback", callback.as_str())];
    assert_eq!(site.form(&leave).await.0, 202);
    eventually("the end", || site.hub.count() == all - 1).await;
    assert_eq!(site.form(&leave).await, (404, "there is no such subscription".into()));
    stage.change().await;
    assert!(delivered(&reader, 4).await.iter().skip(3).all(|one| one.header("x-hub-signature").is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restart_loses_no_subscription_and_repeats_no_delivery_and_a_lease_ends() {
    let stage = Stage::set("").await;
    let reader = Peer::start(willing);
    let day = [("hub.lease_seconds", "86400")];
    stage.subscribed("/all.rss", &reader.at("reader", "/1"), &day).await;
    stage.subscribed("/all.atom", &reader.at("reader", "/2"), &[]).await;
    stage.change().await;
    delivered(&reader, 2).await;
    let stage = Stage { site: stage.site.restarted().await, ..stage };
    assert_eq!(stage.site.hub.count(), 2);
    a_while().await;
    assert_eq!(reader.heard("POST").len(), 2, "what was delivered is not delivered again");
    stage.change().await;
    delivered(&reader, 4).await;
    stage.hands.pass(TimeDelta::days(1));
    eventually("the end of the lease", || stage.site.hub.count() == 1).await;
    stage.change().await;
    assert_eq!(delivered(&reader, 5).await[4].path, "/2");
    let stage = Stage { site: stage.site.restarted().await, ..stage };
    assert_eq!(stage.site.hub.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_delivery_is_tried_again_later_and_who_is_gone_is_forgotten() {
    let stage = Stage::set("").await;
    let status = Arc::new(AtomicU16::new(500));
    let says = Arc::clone(&status);
    let reader = Peer::start(move |heard| match (heard.method.as_str(), says.load(Ordering::Relaxed)) {
        ("GET", _) | (_, 200) => willing(heard),
        (_, status) => answer(&format!("{status} X"), "", b""),
    });
    stage.subscribed("/all.rss", &reader.at("reader", "/"), &[]).await;
    stage.change().await;
    for (tries, minutes) in [(1, 1), (2, 5), (3, 25)] {
        delivered(&reader, tries).await;
        stage.hands.pass(TimeDelta::seconds(minutes * 60 - 1));
        a_while().await;
        assert_eq!(reader.heard("POST").len(), tries, "not before {minutes} min");
        stage.hands.pass(TimeDelta::seconds(1));
    }
    status.store(200, Ordering::Relaxed);
    stage.hands.pass(TimeDelta::hours(2));
    let body = stage.site.get("/all.rss").await.body;
    assert!(delivered(&reader, 4).await.last().is_some_and(|one| one.body == body));
    status.store(410, Ordering::Relaxed);
    stage.change().await;
    eventually("forgetting who is gone", || stage.site.hub.count() == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_does_not_confirm_is_not_subscribed() {
    let stage = Stage::set("").await;
    let scripts: [fn(&Heard) -> Vec<u8>; 4] = [
        |_| answer("200 OK", "", b"something else"),
        |heard| answer("404 Not Found", "", heard.parameter("hub.challenge").unwrap_or_default().as_bytes()),
        |_| answer("302 Found", "location: http://reader.example/\r\n", b""),
        |_| answer("200 OK", "", &vec![b'x'; 1 << 20]),
    ];
    let peers = scripts.map(Peer::start);
    for peer in &peers {
        assert_eq!(stage.site.subscribe("/all.rss", &peer.at("reader", "/"), &[]).await.0, 202);
        eventually("the question", || peer.heard("GET").len() == 1).await;
    }
    a_while().await;
    assert_eq!(stage.site.hub.count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn private_callbacks_are_refused_by_address_and_by_name() {
    let stage = Stage::set("").await;
    let site = &stage.site;
    for host in ["10.0.0.1", "[::1]", "localhost", "192.168.1.1:8080", "2130706434"] {
        let refused = site.subscribe("/all.rss", &format!("http://{host}/"), &[]).await;
        assert_eq!(refused, (400, "`hub.callback` is at a private address, which only the operator of this hub can allow: `hub_allow_private`".into()), "{host}");
    }
    // A name that leads to a private address: it listens there, and hears nothing.
    let inside = std::net::TcpListener::bind("127.0.0.2:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let callback = format!("http://private.example:{}/", inside.local_addr().unwrap().port());
    assert_eq!(site.subscribe("/all.rss", &callback, &[]).await.0, 202);
    a_while().await;
    assert!(inside.accept().is_err() && site.hub.count() == 0);
    // Unless the operator wants it.
    let stage = Stage::set("hub_allow_private = true").await;
    let reader = Peer::start(willing);
    stage.subscribed("/all.rss", &format!("http://localhost:{}/", reader.address.port()), &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_no_feed_of_ours_or_no_form_is_refused() {
    let stage = Stage::set("").await;
    let site = &stage.site;
    let not_ours = (404, "`hub.topic` is no feed of this site".to_owned());
    for topic in ["/", "/all", "/items/1", "/topics/x.rss", "/all.rss?topic=x", "/all.rss?before=5", "/channels.opml"] {
        assert_eq!(site.subscribe(topic, "http://reader.example/", &[]).await, not_ours, "{topic}");
    }
    let port = site.address.port();
    for topic in ["http://other.example/all.rss".to_owned(), format!("https://kliping.example:{port}/all.rss")] {
        assert_eq!(site.subscribe("/", "http://reader.example/", &[("hub.topic", &topic)]).await, not_ours, "{topic}");
    }
    assert_eq!(site.form(&[]).await, (400, "`hub.mode` is missing".into()));
    let kind = "content-type: application/json\r\n";
    assert_eq!(site.send("POST", "/hub", kind, b"{}".to_vec()).await.status, 415);
    assert_eq!(site.send("POST", "/hub", "", vec![b'x'; 20_000]).await.status, 413);
    assert_eq!(site.send("POST", "/all.rss", "", b"x".to_vec()).await.status, 405);
    assert_eq!(site.get("/hub").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_is_bounded_and_who_is_slow_delays_nobody() {
    let stage = Stage::set("").await;
    let slow = Peer::start(|heard| {
        if heard.method == "POST" {
            std::thread::sleep(Duration::from_secs(4));
        }
        willing(heard)
    });
    let quick = Peer::start(willing);
    for n in 0..6 {
        stage.subscribed("/all.rss", &slow.at("slow", &format!("/{n}")), &[]).await;
    }
    stage.subscribed("/all.rss", &quick.at("quick", "/"), &[]).await;
    stage.change().await;
    let begun = Instant::now();
    delivered(&quick, 1).await;
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(slow.heard("POST").len() <= 2, "two at once to one host");
    // Nobody is asked more than thirty times a minute, whoever wants it; the names of one host count as one.
    stage.hands.pass(TimeDelta::minutes(1));
    let mut statuses = Vec::new();
    for n in 0..40 {
        statuses.push(stage.site.subscribe("/all.rss", &quick.at("victim", &format!("/{n}")), &[]).await.0);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 30);
    assert_eq!(statuses.last(), Some(&429));
    stage.hands.pass(TimeDelta::minutes(1));
    assert_eq!(stage.site.subscribe("/all.rss", &quick.at("victim", "/"), &[]).await.0, 202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn another_hub_is_announced_and_told_or_none_at_all() {
    let outside = Peer::start(|_| answer("204 No Content", "", b""));
    let hub = outside.at("hub", "/publish");
    let mut stage = Stage::set(&format!("hub = \"{hub}\"")).await;
    let links = stage.site.get("/all.rss").await.header("link").unwrap().to_owned();
    assert!(links.starts_with(&format!("<{hub}>; rel=\"hub\"")), "{links}");
    let narrowed = stage.site.get("/all.rss?topic=ikn").await;
    assert!(narrowed.header("link").is_none() && !narrowed.text().contains("rel=\"hub\""), "nobody tells it of that");
    assert_eq!(stage.site.subscribe("/all.rss", "http://reader.example/", &[]).await.0, 404);
    // What there was when it was first looked at is no news, but the first poll may be.
    a_while().await;
    let before = outside.heard("POST").len();
    stage.change().await;
    eventually("the pings", || outside.heard("POST").len() >= before + 6).await;
    let heard = outside.heard("POST").split_off(before);
    let told: Vec<String> = heard.iter().map(|one| one.parameter("hub.url").unwrap()).collect();
    for path in ["/all.rss", "/all.atom", "/all.json", "/sources/a.rss"] {
        assert!(told.contains(&stage.site.url(path)), "{path}: {told:?}");
    }
    assert!(heard.iter().all(|one| one.parameter("hub.mode").unwrap() == "publish"));
    assert_eq!(told.len(), 6, "only what changed: {told:?}");
    stage.site.reconfigure(&format!("hub = \"{hub}\""), "hub = \"none\"");
    assert!(stage.site.get("/all.atom?stories=false").await.header("link").is_none());
    assert_eq!(stage.site.subscribe("/all.rss", "http://reader.example/", &[]).await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_searches_is_told_when_the_index_has_what_came() {
    let stage = Stage::set("").await;
    let reader = Peer::start(willing);
    eventually("the index", || stage.site.search.is_complete()).await;
    for (nth, feed) in ["/all.rss?q=berita", "/search.json?q=berita", "/search.atom?topic=ikn"].into_iter().enumerate()
    {
        stage.subscribed(feed, &reader.at(&format!("reader{nth}"), "/"), &[]).await;
    }
    // Those who had just subscribed may be looked at once more.
    a_while().await;
    stage.change().await;
    eventually("the deliveries", || reader.heard("POST").len() >= 2).await;
    for heard in reader.heard("POST") {
        let feed = if heard.header("host").unwrap().starts_with("reader0") {
            "/all.rss?q=berita"
        } else {
            "/search.json?q=berita"
        };
        assert_eq!(heard.body, stage.site.get(feed).await.body, "{feed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_are_told_within_seconds_and_who_looks_for_words_too() {
    let stage = Stage::set("").await;
    let reader = Peer::start(willing);
    let (hosts, of_each) = (10, 12);
    for host in 0..hosts {
        for n in 0..of_each {
            let callback = reader.at(&format!("reader{host}"), &format!("/{n}"));
            assert_eq!(stage.site.subscribe("/all.rss", &callback, &[]).await.0, 202);
        }
    }
    let all = hosts * of_each;
    eventually("the verifications", || stage.site.hub.count() == all).await;
    stage.hands.pass(TimeDelta::minutes(1));
    stage.subscribed("/all.json?q=berita", &reader.at("searcher", "/"), &[]).await;
    stage.change().await;
    let begun = Instant::now();
    eventually("the deliveries", || reader.heard("POST").len() > all).await;
    eprintln!("{} deliveries in {:?}", all + 1, begun.elapsed());
    a_while().await;
    assert_eq!(reader.heard("POST").len(), all + 1);
    let found = reader
        .heard("POST")
        .into_iter()
        .find(|one| one.path == "/" && one.header("host").unwrap().starts_with("searcher"));
    assert_eq!(found.unwrap().body, stage.site.get("/all.json?q=berita").await.body);
}
