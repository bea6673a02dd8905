use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use kliping::domain::Push;
use kliping::websub::{Wish, sign};

use super::peer::{Peer, willing};
use super::site::{Hands, Site};
use super::{a_while, eventually};
use crate::politeness::town::feed;
use crate::program::answer;

/// An outlet, and a hub that asks back when it is told to, with the lease that it grants.
struct Stage {
    hands: Hands,
    entries: Arc<AtomicU32>,
    hub: Peer,
    _outlet: Peer,
    site: Site,
}

impl Stage {
    async fn set() -> Stage {
        let (hands, entries) = (Hands::new(), Arc::new(AtomicU32::new(3)));
        let hub = Peer::start(|_| answer("202 Accepted", "", b""));
        let (shown, link) = (Arc::clone(&entries), hub.at("hub", "/"));
        let outlet = Peer::start(move |_| {
            let count = shown.load(Ordering::Relaxed);
            let links = format!(
                "<atom:link rel=\"hub\" href=\"{link}\"/><atom:link rel=\"self\" href=\"http://media.example/feed\"/>"
            );
            answer("200 OK", &format!("etag: \"{count}\"\r\n"), &feed(&links, 0..count))
        });
        let site = Site::new(&hands, "", &[("a", outlet.at("media", "/feed"))]).await;
        Stage { hands, entries, hub, _outlet: outlet, site }
    }

    /// The hub asks whether we meant that. Answers the status and the text.
    async fn question(&self, mode: &str, topic: &str, lease: &str) -> (u16, String) {
        let pairs = [("hub.mode", mode), ("hub.topic", topic), ("hub.lease_seconds", lease)];
        let query = form(&[&pairs[..], &[("hub.challenge", "t4nt4ng4n")]].concat());
        let answer = self.site.get(&format!("{}?{query}", self.callback())).await;
        (answer.status, answer.text())
    }

    fn callback(&self) -> String {
        let callback = self.site.subscriber.subscribed(&"a".into()).unwrap().callback;
        url::Url::parse(&callback).unwrap().path().to_owned()
    }

    async fn push(&self, path: &str, signature: Option<&str>, body: Vec<u8>) -> u16 {
        let signature = signature.map(|value| format!("X-Hub-Signature: {value}\r\n")).unwrap_or_default();
        self.site.send("POST", path, &signature, body).await.status
    }

    /// Polls, subscribes, confirms, and polls again: from now on the hub is trusted.
    async fn trusted(&self) {
        self.site.poll("a").await;
        self.site.subscriber.look().await.unwrap();
        assert_eq!(self.question("subscribe", "http://media.example/feed", "864000").await.0, 200);
        self.hands.pass(TimeDelta::hours(1));
        self.site.poll("a").await;
        self.site.subscriber.look().await.unwrap();
        assert_eq!(self.site.watch("a").push, Some(Push::default()));
    }

    async fn day(&self, more: u32) {
        self.entries.fetch_add(more, Ordering::Relaxed);
        self.hands.pass(TimeDelta::days(1));
        self.site.poll("a").await;
        self.site.subscriber.look().await.unwrap();
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// POLLING 20 with a real subscription: a hub that confirms and then tells nothing.
pub async fn a_silent_hub_loses_trust() {
    let stage = Stage::set().await;
    stage.trusted().await;
    assert_eq!(stage.site.minutes_to("a"), 24 * 60, "polled daily");
    stage.day(0).await;
    assert_eq!(stage.site.watch("a").push, Some(Push { missed: 0 }), "a pull that finds nothing proves nothing");
    stage.day(1).await;
    assert_eq!(stage.site.watch("a").push, Some(Push { missed: 1 }));
    stage.day(1).await;
    assert_eq!(stage.site.watch("a").push, None);
    assert!(stage.site.minutes_to("a") < 65, "so it is polled as the schedule says");
    stage.site.subscriber.look().await.unwrap();
    let last = stage.hub.heard("POST").pop().unwrap();
    assert_eq!(last.parameter("hub.mode").as_deref(), Some("unsubscribe"));
    assert_eq!(stage.question("unsubscribe", "http://media.example/feed", "").await, (200, "t4nt4ng4n".into()));
    let asked = stage.hub.heard("POST").len();
    for _ in 0..6 {
        stage.day(1).await;
    }
    assert_eq!(stage.hub.heard("POST").len(), asked, "it is left alone for a week");
    stage.day(0).await;
    stage.day(0).await;
    let last = stage.hub.heard("POST").pop().unwrap();
    assert_eq!((stage.hub.heard("POST").len(), last.parameter("hub.mode").unwrap()), (asked + 1, "subscribe".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_is_asked_once_answered_and_renewed_across_a_restart() {
    let stage = Stage::set().await;
    stage.site.poll("a").await;
    stage.site.subscriber.look().await.unwrap();
    stage.site.subscriber.look().await.unwrap();
    let asked = stage.hub.heard("POST");
    assert_eq!(asked.len(), 1);
    let parameter = |name: &str| asked[0].parameter(name).unwrap();
    assert_eq!(
        (parameter("hub.mode"), parameter("hub.topic")),
        ("subscribe".into(), "http://media.example/feed".into())
    );
    assert_eq!((parameter("hub.lease_seconds"), parameter("hub.secret").len()), ("864000".into(), 32));
    assert!(parameter("hub.callback").starts_with(&stage.site.url("/push/a/")));
    // Only what we asked for is confirmed.
    let topic = "http://media.example/feed";
    assert_eq!(stage.question("subscribe", "http://other.example/", "60").await.0, 404);
    assert_eq!(stage.question("unsubscribe", topic, "60").await.0, 404);
    assert_eq!(stage.question("", topic, "60").await.0, 404);
    let wrong = format!("/push/a/{}?hub.mode=subscribe&hub.topic={topic}&hub.challenge=x", "0".repeat(32));
    assert_eq!(stage.site.get(&wrong).await.status, 404);
    assert_eq!(stage.question("subscribe", topic, "9000").await, (200, "t4nt4ng4n".into()));
    let before = stage.site.subscriber.subscribed(&"a".into());
    let stage = Stage { site: stage.site.restarted().await, ..stage };
    assert_eq!(stage.site.subscriber.subscribed(&"a".into()), before);
    stage.hands.pass(TimeDelta::minutes(99));
    stage.site.subscriber.look().await.unwrap();
    assert_eq!(stage.hub.heard("POST").len(), 1);
    stage.hands.pass(TimeDelta::minutes(1));
    stage.site.subscriber.look().await.unwrap();
    assert_eq!(stage.hub.heard("POST").len(), 2, "renewed at two thirds of the lease");
    assert_eq!(stage.hub.heard("POST")[1].parameter("hub.callback"), asked[0].parameter("hub.callback"));
    // It does not ask back: when the lease is over, nothing is left to it.
    stage.hands.pass(TimeDelta::minutes(50));
    stage.site.subscriber.look().await.unwrap();
    assert_eq!(stage.site.subscriber.subscribed(&"a".into()).unwrap().until, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_what_the_hub_signed_is_taken_in_and_a_poll_goes_on_as_before() {
    let stage = Stage::set().await;
    let body = || feed("", 100..102);
    stage.site.poll("a").await;
    stage.site.subscriber.look().await.unwrap();
    let (path, secret) = (stage.callback(), stage.site.subscriber.subscribed(&"a".into()).unwrap().secret);
    let signature = sign(&secret, &body());
    assert_eq!(stage.push(&path, Some(&signature), body()).await, 410, "nothing is confirmed yet");
    assert_eq!(stage.question("subscribe", "http://media.example/feed", "864000").await.0, 200);
    let kept = || stage.site.poller.store.count().unwrap();
    for forged in [
        None,
        Some("sha256=00"),
        Some(sign("tebakan", &body()).as_str()),
        Some("md5=00"),
        Some(signature[..70].as_ref()),
    ] {
        assert_eq!(stage.push(&path, forged, body()).await, 202, "{forged:?}");
        assert_eq!(kept(), 3, "{forged:?}");
    }
    let other = [body(), b" ".to_vec()].concat();
    assert_eq!((stage.push(&path, Some(&signature), other).await, kept()), (202, 3), "signed for another body");
    for wrong in ["/push/a/", "/push/a", "/push/b/x", "/push/../a/x", &format!("/push/a/{}", "0".repeat(32))] {
        assert_eq!(stage.push(wrong, Some(&signature), body()).await, 404, "{wrong}");
    }
    let before = stage.site.watch("a");
    assert_eq!((stage.push(&path, Some(&signature), body()).await, kept()), (202, 5));
    assert_eq!((stage.push(&path, Some(&signature), body()).await, kept()), (202, 5), "twice is once");
    let after = stage.site.watch("a");
    assert_eq!((after.validators, after.last_poll, after.items), (before.validators, before.last_poll, 5));
    let sick = b"<html>Dalam perbaikan</html>".to_vec();
    assert_eq!((stage.push(&path, Some(&sign(&secret, &sick)), sick).await, kept()), (202, 5));
    let huge = vec![b'x'; 10_000_001];
    assert_eq!(stage.push(&path, Some(&signature), huge).await, 413);
    let metrics = stage.site.get("/metrics").await.text();
    assert!(
        metrics.contains("pushes_total{outcome=\"unsigned\"} 6")
            && metrics.contains("pushes_total{outcome=\"taken\"} 2"),
        "{metrics}"
    );
    assert!(metrics.contains("pushes_total{outcome=\"unreadable\"} 1"));
    stage.hands.pass(TimeDelta::hours(1));
    stage.site.poll("a").await;
    stage.site.subscriber.look().await.unwrap();
    let page = stage.site.get("/status.json").await.text();
    assert!(page.contains("\"pushed\":true"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_site_tells_another_what_is_new() {
    let (hands, entries) = (Hands::new(), Arc::new(AtomicU32::new(3)));
    let shown = Arc::clone(&entries);
    let outlet = Peer::start(move |_| answer("200 OK", "", &feed("", 0..shown.load(Ordering::Relaxed))));
    let first = Site::new(&hands, "", &[("media", outlet.at("media", "/feed"))]).await;
    first.poll("media").await;
    for format in ["rss", "atom", "json"] {
        let mut second = Site::new(&hands, "", &[("kliping", first.url(&format!("/sources/media.{format}")))]).await;
        let kept = second.poll("kliping").await.counts.new;
        second.subscriber.look().await.unwrap();
        let active = || second.subscriber.subscribed(&"kliping".into()).is_some_and(|one| one.until.is_some());
        eventually("the confirmation", active).await;
        hands.pass(TimeDelta::hours(1));
        second.poll("kliping").await;
        second.subscriber.look().await.unwrap();
        assert_eq!(second.minutes_to("kliping"), 24 * 60, "{format}");
        let subscriptions = first.hub.count();

        entries.fetch_add(1, Ordering::Relaxed);
        hands.pass(TimeDelta::hours(1));
        first.poll("media").await;
        eventually("the push", || second.poller.store.count().unwrap() == u64::from(kept) + 1).await;
        hands.pass(TimeDelta::days(1));
        assert_eq!(second.poll("kliping").await.counts.new, 0, "{format}: the pull finds what the push had brought");
        assert_eq!(second.watch("kliping").push, Some(Push { missed: 0 }));

        second.reconfigure("title = \"kliping\"", "title = \"kliping\"\nenabled = false");
        second.subscriber.look().await.unwrap();
        second.subscriber.look().await.unwrap();
        eventually("the end", || first.hub.count() == subscriptions - 1).await;
        second.subscriber.look().await.unwrap();
        assert_eq!(second.watch("kliping").push, None);
        eventually("forgetting", || {
            second.subscriber.subscribed(&"kliping".into()).is_none_or(|one| one.wish == Wish::Unsubscribe)
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_at_a_private_address_is_never_asked() {
    let hub = Peer::start(willing);
    let link = format!("link: <http://127.0.0.2:{}/>; rel=hub\r\n", hub.address.port());
    let outlet = Peer::start(move |_| answer("200 OK", &link, &feed("", 0..3)));
    let site = Site::new(&Hands::new(), "", &[("a", outlet.at("media", "/feed"))]).await;
    site.poll("a").await;
    assert!(site.subscriber.subscribed(&"a".into()).is_some());
    site.subscriber.look().await.unwrap();
    a_while().await;
    assert_eq!(hub.heard("POST").len(), 0);
    assert_eq!(site.subscriber.subscribed(&"a".into()).unwrap().failures, 1);
}
