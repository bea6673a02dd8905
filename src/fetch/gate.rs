use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::fetch::Limits;

/// A wait shorter than this is none.
const UNNOTICED: Duration = Duration::from_millis(1);

/// Makes requests to one host wait for each other, and all requests for the global limit.
#[derive(Debug)]
pub struct Gate {
    per_host: usize,
    gap: Duration,
    loopback_gap: Duration,
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

#[derive(Debug)]
struct Host {
    turns: Arc<Semaphore>,
    last_start: Mutex<Option<Instant>>,
}

/// The right to talk to a host, until dropped.
#[derive(Debug)]
pub struct Turn {
    host: String,
    /// Whether another one had to be waited for: what was true when it was asked for may no longer be.
    pub waited: bool,
    permit: Option<OwnedSemaphorePermit>,
    all: Option<OwnedSemaphorePermit>,
}

impl Gate {
    /// For these limits: requests at once to a host and in total, and the gap between starts.
    pub fn new(limits: &Limits) -> Gate {
        Gate {
            per_host: limits.per_host.max(1),
            gap: limits.host_gap,
            loopback_gap: limits.loopback_gap,
            all: Arc::new(Semaphore::new(limits.concurrency.max(1))),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a turn at the host of `url`: first come, first served.
    ///
    /// The global permit comes last: who waits for a slow host holds nothing that others need.
    pub async fn turn(&self, url: &Url) -> Turn {
        let (asked, host) = (Instant::now(), self.host(url));
        let permit = Arc::clone(&host.turns).acquire_owned().await.expect("turns are never closed");
        host.keep_gap(self.gap_of(url)).await;
        let all = self.place().await;
        let waited = asked.elapsed() > UNNOTICED;
        Turn { host: host_of(url), waited, permit: Some(permit), all: Some(all) }
    }

    /// Makes a turn one for the next request of the same poll. At the same host only the gap is waited for, and others have the place
    /// meanwhile: a poll may make many requests. For another host the old turn is given back first, or two polls that redirect to each
    /// other's hosts would wait for ever.
    pub async fn next(&self, turn: &mut Turn, url: &Url) {
        turn.all = None;
        if turn.host == host_of(url) {
            self.host(url).keep_gap(self.gap_of(url)).await;
            turn.all = Some(self.place().await);
            return;
        }
        turn.permit = None;
        *turn = self.turn(url).await;
    }

    async fn place(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.all).acquire_owned().await.expect("the gate is never closed")
    }

    fn gap_of(&self, url: &Url) -> Duration {
        if is_loopback(url) { self.loopback_gap } else { self.gap }
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = || Host { turns: Arc::new(Semaphore::new(self.per_host)), last_start: Mutex::new(None) };
        Arc::clone(hosts.entry(host_of(url)).or_insert_with(|| Arc::new(host())))
    }
}

impl Host {
    async fn keep_gap(&self, gap: Duration) {
        let start = {
            let mut last = self.last_start.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let start = last.map_or(now, |last| now.max(last + gap));
            *last = Some(start);
            start
        };
        tokio::time::sleep_until(start).await;
    }
}

/// Whether a URL is at this very machine, as far as its host tells.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What counts as one host: a name and a port; http and https on their own ports are the same machine.
pub fn host_of(url: &Url) -> String {
    match (url.host_str().unwrap_or(""), url.port()) {
        (host, None) => host.to_owned(),
        (host, Some(port)) => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_asked_by_one_at_a_time_with_a_gap_between_starts() {
        let gate = Gate::new(&Limits::default());
        let begin = Instant::now();
        let first = gate.turn(&url("https://a.example/feed")).await;
        let waits = tokio::time::timeout(Duration::from_secs(60), gate.turn(&url("http://a.example/other"))).await;
        assert!(waits.is_err(), "one connection at a time");
        drop(first);
        let other = begin + Duration::from_secs(60);
        drop(gate.turn(&url("https://a.example/x")).await);
        drop(gate.turn(&url("https://a.example/y")).await);
        assert_eq!(Instant::now() - other, Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_host_holds_up_nobody_else() {
        let gate = Arc::new(Gate::new(&Limits { concurrency: 2, ..Limits::default() }));
        let _slow = gate.turn(&url("http://slow.example/")).await;
        for n in 0..10 {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move { gate.turn(&url(&format!("http://slow.example/{n}"))).await });
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        let quick = tokio::time::timeout(Duration::from_secs(1), gate.turn(&url("http://quick.example/"))).await;
        assert!(quick.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn loopback_needs_no_gap_unless_the_operator_wants_one() {
        for (loopback_gap, expected) in [(Duration::ZERO, 0), (Duration::from_secs(2), 2)] {
            let gate = Gate::new(&Limits { loopback_gap, ..Limits::default() });
            let begin = Instant::now();
            drop(gate.turn(&url("http://127.0.0.1:81/x")).await);
            drop(gate.turn(&url("http://127.0.0.1:81/y")).await);
            assert_eq!((Instant::now() - begin).as_secs(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn two_polls_that_redirect_to_each_other_do_not_wait_for_ever() {
        let gate = Gate::new(&Limits::default());
        let (a, b) = (url("http://a.example/"), url("http://b.example/"));
        let (mut one, mut other) = (gate.turn(&a).await, gate.turn(&b).await);
        let begin = Instant::now();
        tokio::join!(
            async {
                gate.next(&mut one, &b).await;
                drop(one);
            },
            async {
                gate.next(&mut other, &a).await;
                drop(other);
            }
        );
        assert_eq!((Instant::now() - begin).as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_redirect_within_a_host_keeps_the_gap_too() {
        let gate = Gate::new(&Limits::default());
        let begin = Instant::now();
        let mut turn = gate.turn(&url("http://a.example/feed")).await;
        gate.next(&mut turn, &url("https://a.example/feed/")).await;
        assert_eq!((Instant::now() - begin).as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_between_two_requests_of_a_poll_holds_nobody_else_up() {
        let gate = Arc::new(Gate::new(&Limits { concurrency: 1, ..Limits::default() }));
        let mut long = gate.turn(&url("http://long.example/")).await;
        let begin = Instant::now();
        let other = tokio::spawn({
            let gate = Arc::clone(&gate);
            async move { drop(gate.turn(&url("http://quick.example/")).await) }
        });
        gate.next(&mut long, &url("http://long.example/2")).await;
        assert_eq!((Instant::now() - begin).as_secs(), 5);
        other.await.unwrap();
    }

    #[test]
    fn loopback_outlets_on_different_ports_are_different_hosts() {
        assert_eq!(host_of(&url("http://a.example/x")), host_of(&url("https://a.example/y")));
        assert_ne!(host_of(&url("http://127.0.0.1:81/")), host_of(&url("http://127.0.0.1:82/")));
    }
}
