//! What badly behaved clients get, byte by byte over real sockets.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kliping::config::{self, Environment};
use kliping::metrics::Metrics;
use kliping::pipeline::Changes;
use kliping::store::MemoryStore;
use kliping::web::{self, App, Limits};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

const TOML: &str =
    "[site]\nurl = \"http://127.0.0.1/\"\n[[source]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/\"\n";

/// A site that is served in this process within those limits, on a thread of its own.
struct Served {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    fn within(limits: Limits) -> Served {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let settings = config::read(TOML, "feeds.toml", &Environment::default()).unwrap();
        let (sender, settings) = watch::channel(Arc::new(settings));
        let store = Arc::new(MemoryStore::default());
        let app = App::new(settings, store, Arc::new(Changes::default()), Arc::new(Metrics::new()));
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let _sender = sender;
            runtime.block_on(web::serve_within(limits, listener, app, async { drop(stopped.await) })).unwrap();
        });
        Served { address, stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// All that is answered to those bytes until the connection is closed.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // It may be closed before it has all of them.
        let _ = stream.write_all(bytes);
        read(&mut stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quick() -> Limits {
    Limits { head: Duration::from_millis(400), answer: Duration::from_millis(400), ..Limits::default() }
}

#[test]
fn what_is_no_request_of_ours_is_refused() {
    let served = Served::within(quick());
    let check = |request: &str, status: &str| {
        let answer = served.send(request.as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {request:.60}\n{answer:.300}");
        answer
    };
    check(&format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(13_000)), "414");
    check(&format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(20_000)), "431");
    check(&format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(150)), "431");
    check("GET /all.rss HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello", "413");
    check("POST /all.rss HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "405");
    check("POST /all.rss HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n", "405");
    let refused = check("DELETE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "405");
    assert!(refused.contains("allow: GET, HEAD, OPTIONS") && refused.contains("nosniff"));
    check("\u{16}\u{3}\u{1}garbage\r\n\r\n", "400");
    check("GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", "400");
    check("GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n", "400");
    assert!(served.send("GET /all.rss HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".as_bytes()).contains("<rss"));
}

#[test]
fn older_clients_and_preflights_are_answered() {
    let served = Served::within(quick());
    let old = served.send(b"GET /all.rss HTTP/1.0\r\n\r\n");
    assert!(old.starts_with("HTTP/1.0 200") && old.contains("content-length: ") && old.contains("<rss"), "{old:.300}");
    let preflight = served.send(
        b"OPTIONS /all.json HTTP/1.1\r\nhost: x\r\norigin: https://reader.example\r\naccess-control-request-method: GET\r\n\
          access-control-request-headers: if-none-match\r\nconnection: close\r\n\r\n",
    );
    for line in ["HTTP/1.1 204", "access-control-allow-origin: *", "if-none-match", "access-control-allow-methods: GET"]
    {
        assert!(preflight.contains(line), "{line}: {preflight}");
    }
    let head = served.send(b"HEAD /all.rss HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(head.contains("content-length: ") && head.ends_with("\r\n\r\n"), "{head}");
    let ranged = served.send(b"GET /all.rss HTTP/1.1\r\nhost: x\r\nrange: bytes=0-3\r\nconnection: close\r\n\r\n");
    assert!(ranged.starts_with("HTTP/1.1 200"), "a range may be ignored (RFC 9110 section 14.2)");
}

#[test]
fn every_kind_of_answer_says_how_it_may_be_kept_and_used() {
    let served = Served::within(quick());
    let get = |path: &str, more: &str| {
        served.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n").as_bytes())
    };
    let check = |answer: &str, there: &[&str], absent: &[&str]| {
        let head = answer.split("\r\n\r\n").next().unwrap();
        for line in
            ["x-content-type-options: nosniff", "content-security-policy: default-src 'none'", "referrer-policy: "]
        {
            assert!(head.contains(line), "{line}: {head}");
        }
        assert!(!head.contains("unsafe-inline"));
        there.iter().for_each(|line| assert!(head.contains(line), "{line}: {head}"));
        absent.iter().for_each(|line| assert!(!head.contains(line), "{line}: {head}"));
    };
    let (shared, own) = ("cross-origin-resource-policy: cross-origin", "cross-origin-resource-policy: same-origin");
    let brief = "cache-control: public, max-age=60, stale-while-revalidate=";
    let cors = "access-control-allow-origin: *";
    check(&get("/all.rss", ""), &[brief, shared, cors, "vary: accept, accept-encoding"], &["accept-language"]);
    check(&get("/all", ""), &[brief, own, "vary: accept-encoding, accept-language"], &[cors]);
    check(&get("/all.html", ""), &[brief, own], &[cors]);
    let style = get("/all", "").split("stylesheet\" href=\"./").nth(1).unwrap().split('"').next().unwrap().to_owned();
    check(&get(&format!("/{style}"), ""), &["max-age=31536000, immutable", shared], &["accept-language"]);
    check(&get("/status", ""), &["cache-control: no-store", own], &["etag: "]);
    check(&get("/nothing", ""), &["HTTP/1.1 404", "cache-control: no-store"], &["etag: "]);
    let whole = get("/all.atom", "accept-encoding: gzip\r\n");
    let tag = whole.split("etag: ").nth(1).unwrap().split("\r\n").next().unwrap();
    let known = get("/all.atom", &format!("accept-encoding: gzip\r\nif-none-match: {tag}\r\n"));
    let tag = format!("etag: {tag}");
    check(
        &known,
        &["HTTP/1.1 304", brief, "vary: ", cors, &tag],
        &["\ncontent-length", "\ncontent-type", "\ncontent-encoding"],
    );
    assert!(known.ends_with("\r\n\r\n"));
    // The same again, from what is kept.
    for (path, more) in [("/all.rss", ""), ("/all.rss", "accept: text/html\r\n"), ("/all", "accept-language: en\r\n")] {
        let without_date =
            |answer: String| answer.lines().filter(|line| !line.starts_with("date:")).collect::<String>();
        assert_eq!(without_date(get(path, more)), without_date(get(path, more)), "{path} {more}");
    }
    assert!(get("/all.rss", "accept: text/html\r\n").contains("content-type: application/xml"));
    assert!(get("/all", "accept-language: en\r\n").contains("lang=\"en\"") && get("/all", "").contains("lang=\"id\""));
}

#[test]
fn a_client_that_dawdles_is_cut_off() {
    let served = Served::within(quick());
    let begun = Instant::now();
    let mut slow = served.connect();
    let mut sent = 0;
    while begun.elapsed() < Duration::from_secs(10) && slow.write_all(b"G").is_ok() {
        sent += 1;
        std::thread::sleep(Duration::from_millis(100));
        if sent > 3 {
            slow.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
            if matches!(slow.read(&mut [0; 64]), Ok(0)) {
                break;
            }
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "slowloris: one byte after another");
    let mut silent = served.connect();
    assert_eq!(read(&mut silent), "", "who says nothing is not waited for");
    let mut idle = served.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    assert!(read(&mut idle).contains("ok\n"), "and who says nothing more neither");
}

#[test]
fn a_client_that_does_not_read_is_cut_off() {
    let served = Served::within(Limits { head: Duration::from_secs(60), requests: usize::MAX, ..quick() });
    let mut deaf = served.connect();
    deaf.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let requests = b"GET /feed.css HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    let begun = Instant::now();
    // Until the buffers on both sides are full, and then until the other side is gone.
    let ended = loop {
        match deaf.write_all(&requests) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(error) => break error,
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "it is waited for");
    };
    assert!(matches!(ended.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe), "{ended}");
}

#[test]
fn requests_in_one_packet_are_answered_in_order_and_not_without_end() {
    let served = Served::within(Limits { requests: 3, ..quick() });
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let answers = served.send([one("/healthz"), one("/nothing"), one("/readyz"), one("/healthz")].concat().as_bytes());
    let statuses: Vec<&str> = answers.lines().filter(|line| line.contains("HTTP/1.1 ")).collect();
    assert_eq!(statuses.len(), 3, "{answers}");
    assert!(statuses[0].contains("200") && statuses[1].contains("404") && statuses[2].contains("200"), "{answers}");
    assert_eq!(answers.matches("connection: close").count(), 1, "the last one says that it is");
}

#[test]
fn ten_thousand_connections_do_not_keep_others_out() {
    let served = Served::within(Limits { connections: 64, ..quick() });
    let mut held = Vec::new();
    for number in 0..10_000 {
        let Ok(stream) = TcpStream::connect_timeout(&served.address, Duration::from_millis(200)) else { continue };
        held.push(stream);
        // As many at once as a process may have files.
        if number % 400 == 399 {
            held.clear();
        }
    }
    let answer = served.send(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
