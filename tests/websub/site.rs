//! A site of ours without its polling loop: it serves, fans out, and polls when it is told to.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use chrono::TimeDelta;
use kliping::config::{self, Environment, Settings};
use kliping::daemon::{fan_out, keep_index};
use kliping::deliver::Hub;
use kliping::domain::{Instant, Watch};
use kliping::fetch::{Fetcher, Guard, Limits};
use kliping::metrics::Metrics;
use kliping::pipeline::{Changes, PollReport, Poller, Round, Subscriber, Writer};
use kliping::schedule::next_poll;
use kliping::search::Index;
use kliping::store::{DiskStore, Store};
use kliping::web::{self, App, Websub};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::program::{Answer, ask};

/// A clock that all sites of a test go by.
#[derive(Clone)]
pub struct Hands(Arc<Mutex<Instant>>);

impl Hands {
    pub fn new() -> Hands {
        Hands(Arc::new(Mutex::new("2026-01-01T00:00:30Z".parse().unwrap())))
    }

    pub fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    pub fn pass(&self, time: TimeDelta) {
        let mut now = self.0.lock().unwrap();
        *now += time;
    }
}

pub struct Site {
    pub address: SocketAddr,
    pub poller: Poller,
    pub hub: Arc<Hub>,
    pub subscriber: Arc<Subscriber>,
    pub search: Arc<Index>,
    hands: Hands,
    directory: Arc<TempDir>,
    settings: watch::Sender<Arc<Settings>>,
    text: String,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    writer: JoinHandle<()>,
}

impl Site {
    /// With these sources, each its id and address, and further lines of `[publish]`.
    pub async fn new(hands: &Hands, publish: &str, sources: &[(&str, String)]) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut text = format!(
            "[site]\nurl = \"http://kliping.example:{port}/\"\n[fetch]\nhost_gap = \"0s\"\n[publish]\n{publish}\n\
             [[topic]]\nid = \"ikn\"\ntitle = \"IKN\"\nany = [\"IKN\"]\n"
        );
        for (id, url) in sources {
            text.push_str(&format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"{url}\"\n"));
        }
        Site::open(hands, text, listener, Arc::new(tempfile::tempdir().unwrap()))
    }

    fn open(hands: &Hands, text: String, listener: TcpListener, directory: Arc<TempDir>) -> Site {
        let read = config::read(&text, "feeds.toml", &Environment::default());
        let now = Arc::new(read.unwrap_or_else(|mistakes| panic!("{mistakes}")));
        let address = listener.local_addr().unwrap();
        let store: Arc<dyn Store> = Arc::new(DiskStore::open(directory.path()).unwrap());
        // The names lead here, and here counts as the Internet; but not the house next door.
        let look_up = |name: &str| {
            let last = if name.starts_with("private") { 2 } else { 1 };
            vec![IpAddr::V4(Ipv4Addr::new(127, 0, 0, last))]
        };
        let guard = Guard { is_public: |ip| ip == IpAddr::V4(Ipv4Addr::LOCALHOST), look_up: Some(Arc::new(look_up)) };
        let limits = Limits { host_gap: std::time::Duration::ZERO, ..Limits::default() };
        let fetcher = Fetcher::guarded_by(guard, limits, &now.user_agent).unwrap();
        let told = hands.clone();
        let clock: kliping::pipeline::Clock = Arc::new(move || told.now());
        let (sender, settings) = watch::channel(now);
        let changes = Arc::new(Changes::default());
        let (writer, thread) = Writer::start(Arc::clone(&store), Arc::clone(&changes), settings.clone()).unwrap();
        let (readers, round) = (Arc::new(Semaphore::new(2)), Arc::new(Round::default()));
        let poller = Poller { settings: settings.clone(), fetcher, store, writer, clock, readers, round, articles: 0 };
        let clock = Arc::clone(&poller.clock);
        let hub = Hub::open(poller.fetcher.clone(), Arc::clone(&poller.store), Arc::clone(&clock)).unwrap();
        let subscriber = Subscriber::open(poller.clone()).unwrap();
        let websub = Some(Websub { hub: Arc::clone(&hub), subscriber: Arc::clone(&subscriber) });
        let index = Arc::new(Index::open(&directory.path().join("search")).unwrap());
        let search = Some(Arc::clone(&index));
        let app =
            App { websub, search, ..App::new(settings, Arc::clone(&poller.store), changes, Arc::new(Metrics::new())) };
        let (stop, stopped) = watch::channel(false);
        let mut until = stopped.clone();
        let stopping = async move { drop(until.wait_for(|stopped| *stopped).await) };
        let fanning_out = fan_out(app.clone(), Arc::clone(&hub), poller.fetcher.clone(), clock, stopped.clone());
        let indexing = keep_index(Arc::clone(&poller.store), Arc::clone(&index), stopped);
        let serving = async move { drop(web::serve(listener, app, stopping).await) };
        let tasks = vec![tokio::spawn(serving), tokio::spawn(fanning_out), tokio::spawn(indexing)];
        let (hands, settings) = (hands.clone(), sender);
        Site {
            address,
            poller,
            hub,
            subscriber,
            search: index,
            hands,
            directory,
            settings,
            text,
            stop,
            tasks,
            writer: thread,
        }
    }

    /// Ends the process, as it were, and starts it anew.
    pub async fn restarted(self) -> Site {
        let _ = self.stop.send(true);
        for task in self.tasks {
            task.await.unwrap();
        }
        self.subscriber.close();
        drop((self.poller, self.hub, self.subscriber, self.search));
        tokio::task::spawn_blocking(move || self.writer.join().unwrap()).await.unwrap();
        let listener = TcpListener::bind(self.address).await.unwrap();
        Site::open(&self.hands, self.text, listener, self.directory)
    }

    /// Another feeds.toml is in force from now on: `from` in it is `to`.
    pub fn reconfigure(&mut self, from: &str, to: &str) {
        self.text = self.text.replace(from, to);
        let settings = config::read(&self.text, "feeds.toml", &Environment::default()).unwrap();
        self.settings.send_replace(Arc::new(settings));
    }

    /// Public address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://kliping.example:{}{path}", self.address.port())
    }

    /// Does what the daemon does when a source is due.
    pub async fn poll(&self, id: &str) -> PollReport {
        let source = self.poller.settings.borrow().catalogue.source(&id.into()).unwrap().clone();
        let report = self.poller.poll(&source).await.unwrap();
        if let Some(announced) = &report.announced {
            self.subscriber.announced(&source.id, announced).await.unwrap();
        }
        report
    }

    pub fn watch(&self, id: &str) -> Watch {
        self.poller.store.watch(&id.into()).unwrap().unwrap_or_default()
    }

    /// Minutes from now to a source's next poll.
    pub fn minutes_to(&self, id: &str) -> i64 {
        let settings = Arc::clone(&self.poller.settings.borrow());
        let source = settings.catalogue.source(&id.into()).unwrap();
        let next = next_poll(source, &self.watch(id), &settings.cadence(source), self.hands.now());
        (next.unwrap().at - self.hands.now()).num_minutes()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", Vec::new()).await
    }

    /// A request, with a body.
    pub async fn send(&self, method: &'static str, path: &str, headers: &str, body: Vec<u8>) -> Answer {
        let (address, path) = (self.address, path.to_owned());
        let mut head = format!("{headers}content-length: {}\r\n", body.len());
        let asked = move || {
            if body.is_empty() {
                return ask(address, method, &path, &head);
            }
            // `ask` ends the head itself.
            head.push_str("\r\n");
            crate::websub::site::with_body(address, method, &path, &head, &body)
        };
        tokio::task::spawn_blocking(asked).await.unwrap()
    }

    /// A form to our hub; the answer's status and text.
    pub async fn form(&self, pairs: &[(&str, &str)]) -> (u16, String) {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let kind = "content-type: application/x-www-form-urlencoded\r\n";
        let answer = self.send("POST", "/hub", kind, form.into_bytes()).await;
        (answer.status, answer.text().trim().to_owned())
    }

    /// Asks our hub to be told of a feed.
    pub async fn subscribe(&self, topic: &str, callback: &str, more: &[(&str, &str)]) -> (u16, String) {
        let topic = self.url(topic);
        let pairs = [("hub.mode", "subscribe"), ("hub.topic", &topic), ("hub.callback", callback)];
        self.form(&[&pairs[..], more].concat()).await
    }
}

/// One request by hand, with a body.
pub fn with_body(address: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}").unwrap();
    // Who is refused need not be heard to the end.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[split + 4..].to_vec() }
}
