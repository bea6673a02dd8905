//! A town of scripted outlets under names of their own, a poller that asks them, and a clock that is set by hand.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use kliping::config::{self, Environment, Settings};
use kliping::domain::{Instant, Source, Watch};
use kliping::fetch::{Fetcher, Guard, Limits};
use kliping::pipeline::{Changes, Clock, MOST_ARTICLES, PollReport, Poller, Round, Writer};
use kliping::schedule::{Next, next_poll};
use kliping::store::{DiskStore, MemoryStore, Store};
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};

use crate::program::Outlet;

/// A document with these entries, and `head` in its channel.
pub fn feed(head: &str, entries: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let items: String = entries
        .into_iter()
        .map(|n| {
            let date = Instant::from_timestamp(1_700_000_000 + i64::from(n) * 60, 0).unwrap().to_rfc2822();
            format!(
                "<item><guid isPermaLink=\"false\">g{n}</guid><title>Berita {n}</title><link>https://media.example/{n}</link>\
                 <pubDate>{date}</pubDate><description>Isi berita nomor {n}.</description></item>"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Media</title><link>https://media.example/</link>{head}{items}</channel></rss>").into_bytes()
}

/// The address of an outlet under a name: outlets are told apart as they are in the world.
pub fn address(name: &str, outlet: &Outlet, path: &str) -> String {
    format!("http://{name}.example:{}{path}", outlet.address.port())
}

/// Where a town keeps its items.
enum Kept {
    InMemory(Arc<MemoryStore>),
    OnDisk(Arc<TempDir>),
}

pub struct Town {
    pub poller: Poller,
    settings: watch::Sender<Arc<Settings>>,
    now: Arc<Mutex<Instant>>,
    limits: Limits,
    kept: Kept,
    writer: std::thread::JoinHandle<()>,
}

/// feeds.toml with these sources, each its id, its address and further lines.
fn configured(fetch: &str, sources: &[(&str, String, &str)]) -> Arc<Settings> {
    let mut text = format!(
        "[site]\nurl = \"https://kliping.example/\"\ncontact = \"redaksi@kliping.example\"\n[fetch]\nhost_gap = \"0s\"\n{fetch}\n"
    );
    for (id, url, more) in sources {
        text.push_str(&format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"{url}\"\n{more}\n"));
    }
    Arc::new(config::read(&text, "feeds.toml", &Environment::default()).unwrap_or_else(|mistakes| panic!("{mistakes}")))
}

impl Town {
    pub fn new(sources: &[(&str, String, &str)]) -> Town {
        Town::with("", Limits { host_gap: std::time::Duration::ZERO, ..Limits::default() }, sources)
    }

    pub fn with(fetch: &str, limits: Limits, sources: &[(&str, String, &str)]) -> Town {
        let kept = Kept::InMemory(Arc::default());
        Town::open(configured(fetch, sources), limits, kept, "2026-01-01T00:00:30Z".parse().unwrap())
    }

    pub fn on_disk(sources: &[(&str, String, &str)]) -> Town {
        let kept = Kept::OnDisk(Arc::new(tempfile::tempdir().unwrap()));
        let limits = Limits { host_gap: std::time::Duration::ZERO, ..Limits::default() };
        Town::open(configured("", sources), limits, kept, "2026-01-01T00:00:30Z".parse().unwrap())
    }

    fn open(settings: Arc<Settings>, limits: Limits, kept: Kept, now: Instant) -> Town {
        let store: Arc<dyn Store> = match &kept {
            Kept::InMemory(store) => Arc::clone(store) as Arc<dyn Store>,
            Kept::OnDisk(directory) => Arc::new(DiskStore::open(directory.path()).unwrap()),
        };
        // The names lead here, and here counts as the Internet.
        let here = |_: &str| vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        let guard = Guard { is_public: |_| true, look_up: Some(Arc::new(here)) };
        let fetcher = Fetcher::guarded_by(guard, limits.clone(), &settings.user_agent).unwrap();
        let now = Arc::new(Mutex::new(now));
        let told = Arc::clone(&now);
        let clock: Clock = Arc::new(move || *told.lock().unwrap());
        let (sender, settings) = watch::channel(settings);
        let (writer, thread) =
            Writer::start(Arc::clone(&store), Arc::new(Changes::default()), settings.clone()).unwrap();
        let (readers, round) = (Arc::new(Semaphore::new(2)), Arc::new(Round::default()));
        let articles = MOST_ARTICLES;
        let poller = Poller { settings, fetcher, store, writer, clock, readers, round, articles };
        Town { poller, settings: sender, now, limits, kept, writer: thread }
    }

    /// Ends the process, as it were, and starts it anew.
    pub fn restarted(self) -> Town {
        let (settings, now) = (Arc::clone(&self.settings.borrow()), *self.now.lock().unwrap());
        let (limits, kept) = (self.limits, self.kept);
        drop(self.poller);
        self.writer.join().unwrap();
        Town::open(settings, limits, kept, now)
    }

    /// Another feeds.toml is in force from now on.
    pub fn reconfigure(&self, sources: &[(&str, String, &str)]) {
        self.settings.send_replace(configured("", sources));
    }

    pub fn source(&self, id: &str) -> Source {
        self.settings.borrow().catalogue.source(&id.into()).unwrap().clone()
    }

    pub fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }

    pub fn set(&self, at: Instant) {
        *self.now.lock().unwrap() = at;
    }

    pub fn pass(&self, minutes: i64) {
        self.set(self.now() + TimeDelta::minutes(minutes));
    }

    pub fn watch(&self, id: &str) -> Watch {
        self.poller.store.watch(&id.into()).unwrap().unwrap_or_default()
    }

    pub async fn poll(&self, id: &str) -> PollReport {
        self.poller.poll(&self.source(id)).await.unwrap()
    }

    /// When it would be polled next, and why.
    pub fn next(&self, id: &str) -> Option<Next> {
        let source = self.source(id);
        next_poll(&source, &self.watch(id), &self.settings.borrow().cadence(&source), self.now())
    }

    /// Minutes from now to its next poll.
    pub fn minutes_to(&self, id: &str) -> i64 {
        (self.next(id).unwrap().at - self.now()).num_minutes()
    }

    /// Does what the daemon does for so many hours, at the clock's pace. Returns the instants at which that source was polled.
    pub async fn live(&self, id: &str, hours: i64) -> Vec<Instant> {
        let end = self.now() + TimeDelta::hours(hours);
        let mut polls = Vec::new();
        while let Some(next) = self.next(id).filter(|next| next.at <= end) {
            self.set(next.at);
            self.poll(id).await;
            polls.push(next.at);
        }
        self.set(end);
        polls
    }

    /// The error of a poll that must fail.
    pub async fn error(&self, id: &str) -> String {
        match self.poll(id).await.outcome {
            Some(kliping::domain::Outcome::Failed { kind, hint, .. }) if !hint.is_empty() => kind,
            other => panic!("{other:?}"),
        }
    }
}

/// The heads of the requests that an outlet got for that path.
pub fn asked(outlet: &Outlet, path: &str) -> Vec<String> {
    let asked = outlet.asked.lock().unwrap();
    asked.iter().filter(|head| head.split(' ').nth(1) == Some(path)).map(|head| head.replace("\r\n", "\n")).collect()
}

/// A header of a request; names in any case.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)))
        .map(|(_, value)| value)
}

/// A script that answers its requests one after the other; the last answer stands.
pub fn in_turn(answers: Vec<Vec<u8>>) -> impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static {
    let turn = Mutex::new(0);
    move |_, _| {
        let mut turn = turn.lock().unwrap();
        *turn += 1;
        answers[(*turn - 1).min(answers.len() - 1)].clone()
    }
}
