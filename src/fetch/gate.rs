use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::fetch::Limits;

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
    _host: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
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
        let host = self.host(url);
        let permit = Arc::clone(&host.turns).acquire_owned().await.expect("turns are never closed");
        host.keep_gap(if is_loopback(url) { self.loopback_gap } else { self.gap }).await;
        let all = Arc::clone(&self.all).acquire_owned().await.expect("the gate is never closed");
        Turn { _host: permit, _all: all }
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = || Host { turns: Arc::new(Semaphore::new(self.per_host)), last_start: Mutex::new(None) };
        Arc::clone(hosts.entry(key(url)).or_insert_with(|| Arc::new(host())))
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

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A host is a name and a port; http and https on their own ports are the same machine.
fn key(url: &Url) -> String {
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

    #[test]
    fn loopback_outlets_on_different_ports_are_different_hosts() {
        assert_eq!(key(&url("http://a.example/x")), key(&url("https://a.example/y")));
        assert_ne!(key(&url("http://127.0.0.1:81/")), key(&url("http://127.0.0.1:82/")));
    }
}
