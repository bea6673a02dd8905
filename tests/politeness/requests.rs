use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kliping::fetch::Limits;

use crate::politeness::town::{Town, address, asked, feed, header, in_turn};
use crate::program::{Outlet, answer};

pub async fn one_at_a_time() {
    let (at_once, most, starts) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::default());
    let (now, peak, begun): (_, _, Arc<Mutex<Vec<Instant>>>) =
        (Arc::clone(&at_once), Arc::clone(&most), Arc::clone(&starts));
    let outlet = Outlet::start(move |_, _| {
        begun.lock().unwrap().push(Instant::now());
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(120));
        now.fetch_sub(1, Ordering::SeqCst);
        answer("200 OK", "", &feed("", 0..3))
    });
    let gap = Duration::from_millis(300);
    let limits = Limits { host_gap: gap, concurrency: 3, ..Limits::default() };
    assert_eq!(Limits::default().host_gap, Duration::from_secs(5));
    // Five sources at one host …
    let ids = ["a", "b", "c", "d", "e"];
    let one: Vec<_> = ids.iter().map(|id| (*id, address("host", &outlet, &format!("/{id}")), "")).collect();
    all_at_once(&Town::with("", limits.clone(), &one), &ids).await;
    assert_eq!(most.swap(0, Ordering::SeqCst), 1, "one connection at a time");
    let starts: Vec<Instant> = std::mem::take(&mut *starts.lock().unwrap());
    assert_eq!(starts.len(), 5);
    for pair in starts.windows(2) {
        assert!(pair[1] - pair[0] >= gap / 2, "{:?}", pair[1] - pair[0]);
    }
    // … and at five hosts: no more than three at once in all.
    let five: Vec<_> = ids.iter().map(|id| (*id, address(id, &outlet, &format!("/{id}")), "")).collect();
    all_at_once(&Town::with("", limits, &five), &ids).await;
    let most = most.load(Ordering::SeqCst);
    assert!((2..=3).contains(&most), "{most}");
}

async fn all_at_once(town: &Town, ids: &[&str]) {
    let polls: Vec<_> = ids
        .iter()
        .map(|id| {
            let (poller, source) = (town.poller.clone(), town.source(id));
            tokio::spawn(async move { poller.poll(&source).await.unwrap() })
        })
        .collect();
    for poll in polls {
        poll.await.unwrap();
    }
}

pub async fn accepts_what_it_reads() {
    let packed = |name: &str, bytes: &[u8]| -> Vec<u8> {
        let level = flate2::Compression::default();
        match name {
            "gzip" => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            "deflate" => {
                let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            "br" => {
                let mut encoded = Vec::new();
                brotli::BrotliCompress(&mut &*bytes, &mut encoded, &Default::default()).unwrap();
                encoded
            }
            "zstd" => zstd::encode_all(bytes, 3).unwrap(),
            other => panic!("`{other}` is accepted and not tried here"),
        }
    };
    let outlet = Outlet::start(move |path, _| {
        let name = &path[1..];
        answer("200 OK", &format!("content-encoding: {name}\r\n"), &packed(name, &feed("", 0..3)))
    });
    let first = Town::new(&[("gzip", address("a", &outlet, "/gzip"), "")]);
    first.poll("gzip").await;
    let head = asked(&outlet, "/gzip").remove(0);
    for name in header(&head, "accept-encoding").unwrap().split(", ") {
        let town = Town::new(&[("a", address("a", &outlet, &format!("/{name}")), "")]);
        assert_eq!(town.poll("a").await.counts.new, 3, "{name}");
    }
    let accept = header(&head, "accept").unwrap();
    for part in ["application/rss+xml", "application/atom+xml", "application/feed+json", "*/*;q=0.1"] {
        assert!(accept.contains(part), "{part}");
    }
}

pub async fn says_who_it_is() {
    let outlet = Outlet::start(|_, _| answer("403 Forbidden", "", b""));
    let other = Outlet::start(|_, _| answer("200 OK", "", &feed("", 0..3)));
    let sources = [("a", address("a", &outlet, "/"), ""), ("b", address("b", &other, "/"), "")];
    let mut town = Town::on_disk(&sources);
    for _ in 0..3 {
        town.poll("a").await;
        town.poll("b").await;
        town = town.restarted();
        town.pass(3000);
    }
    let expected =
        format!("kliping/{} (+https://kliping.example/; redaksi@kliping.example)", env!("CARGO_PKG_VERSION"));
    let heads: Vec<String> = asked(&outlet, "/").into_iter().chain(asked(&other, "/")).collect();
    assert_eq!(heads.len(), 6);
    assert!(heads.iter().all(|head| header(head, "user-agent") == Some(expected.as_str())), "{heads:?}");
}

pub async fn nothing_added() {
    let cookie = "set-cookie: lihat=1; Path=/\r\n";
    let outlet = Outlet::start(move |path, _| match path {
        "/feed?kategori=4&b=" => answer("302 Found", &format!("{cookie}location: /lain?x=1#bagian\r\n"), b""),
        _ => answer("200 OK", cookie, &feed("", 0..3)),
    });
    let town = Town::new(&[("a", address("a", &outlet, "/feed?kategori=4&b="), "")]);
    for _ in 0..3 {
        assert_eq!(town.poll("a").await.entries, 3);
        town.pass(120);
    }
    let (own, after) = (asked(&outlet, "/feed?kategori=4&b="), asked(&outlet, "/lain?x=1"));
    assert_eq!((own.len(), after.len(), outlet.asked.lock().unwrap().len()), (3, 3, 6), "nothing else was asked");
    for head in own.iter().chain(&after) {
        assert!(header(head, "cookie").is_none() && header(head, "referer").is_none(), "{head}");
    }
}

/// No article page is asked for at all by a source that does not say so; `/feed` is all that is ever fetched.
pub async fn article_pages() {
    // Without `full_text` none is asked for.
    let outlet = Outlet::start(in_turn((3..9).map(|last| answer("200 OK", "", &feed("", 0..last))).collect()));
    let town = Town::new(&[("a", address("media", &outlet, "/feed"), "")]);
    for _ in 0..6 {
        town.poll("a").await;
        town.pass(120);
    }
    assert_eq!(town.poller.store.count().unwrap(), 8);
    assert_eq!(asked(&outlet, "/feed").len(), outlet.asked.lock().unwrap().len());
    // With it each is asked for once, when it is new, in the host's turn and with its gap, and where robots.txt lets us.
    let (polls, starts) = (Arc::new(AtomicUsize::new(2)), Arc::new(Mutex::new(Vec::new())));
    let (poll, begun) = (Arc::clone(&polls), Arc::clone(&starts));
    let outlet = Outlet::start(move |path, head| {
        begun.lock().unwrap().push(Instant::now());
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let here = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace("https://media.example/", &format!("http://{host}/"))
        };
        match path {
            "/feed" => answer("200 OK", "", here(feed("", 0..poll.load(Ordering::SeqCst) as u32)).as_bytes()),
            "/robots.txt" => answer("200 OK", "", b"User-agent: kliping\nDisallow: /3\n"),
            "/1" => answer("500 Internal Server Error", "", b""),
            _ => answer(
                "200 OK",
                "content-type: text/html\r\n",
                b"<html><body><article><p>Isi berita itu.</p></article></body></html>",
            ),
        }
    });
    let gap = Duration::from_millis(100);
    let limits = Limits { host_gap: gap, ..Limits::default() };
    let town = Town::with("", limits, &[("a", address("media", &outlet, "/feed"), "full_text = true")]);
    for entries in [2, 4, 6, 6] {
        polls.store(entries, Ordering::SeqCst);
        town.poll("a").await;
        town.pass(120);
    }
    assert_eq!(town.poller.store.count().unwrap(), 6, "none is lost, whatever became of its page");
    for (path, times) in
        [("/0", 1), ("/1", 1), ("/2", 1), ("/3", 0), ("/4", 1), ("/5", 1), ("/robots.txt", 1), ("/feed", 4)]
    {
        assert_eq!(asked(&outlet, path).len(), times, "{path}");
    }
    let starts = starts.lock().unwrap();
    for pair in starts.windows(2) {
        assert!(pair[1] - pair[0] >= gap / 2, "{:?}", pair[1] - pair[0]);
    }
}

pub async fn bounded() {
    let usual = Limits::default();
    let seconds = |seconds| Duration::from_secs(seconds);
    assert_eq!(
        (usual.connect_timeout, usual.first_byte_timeout, usual.timeout),
        (seconds(10), seconds(20), seconds(30))
    );
    assert_eq!(usual.max_body, 10_000_000);
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 9_000_000]).unwrap();
        encoder.finish().unwrap()
    };
    let outlet = Outlet::start(move |path, _| match path {
        "/large" => answer("200 OK", "", &vec![b' '; 3_000_000]),
        "/bomb" => answer("200 OK", "content-encoding: gzip\r\n", &bomb),
        "/silent" => {
            std::thread::sleep(Duration::from_millis(1500));
            Vec::new()
        }
        _ => answer("200 OK", "", &feed("", 0..1500)),
    });
    let limits = Limits {
        host_gap: Duration::ZERO,
        first_byte_timeout: Duration::from_millis(200),
        timeout: Duration::from_millis(600),
        max_body: 2_000_000,
        ..Limits::default()
    };
    let slow = drips();
    let at = |path: &str| address(&path[1..], &outlet, path);
    let town = Town::with(
        "",
        limits.clone(),
        &[
            ("large", at("/large"), ""),
            ("silent", at("/silent"), ""),
            ("drips", format!("http://drips.example:{slow}/"), ""),
            ("many", at("/many"), ""),
        ],
    );
    assert_eq!(town.error("large").await, "too-large");
    assert_eq!(town.error("silent").await, "timeout");
    let begun = Instant::now();
    assert_eq!(town.error("drips").await, "timeout");
    assert!(begun.elapsed() < Duration::from_secs(2));
    let wide = Limits { max_body: 20_000_000, first_byte_timeout: seconds(5), timeout: seconds(20), ..limits };
    let town = Town::with("", wide, &[("bomb", at("/bomb"), ""), ("many", at("/many"), "")]);
    assert_eq!(town.error("bomb").await, "ratio");
    let report = town.poll("many").await;
    assert_eq!((report.entries, report.counts.new), (1500, 1000));
    assert!(
        report.complaints.iter().any(|complaint| complaint.what.contains("1500 entries")),
        "{:?}",
        report.complaints
    );
    let newest = town.poller.store.newest(None, u64::MAX, 1).unwrap()[0].1;
    assert_eq!(town.poller.store.item(newest).unwrap().unwrap().article.title, "Berita 1499");
}

/// An outlet that sends a byte now and then, for ever.
fn drips() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n<rss>");
                while stream.write_all(b" ").is_ok() {
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
        }
    });
    port
}
