//! `kliping run` as a reader's program sees it.

use std::time::{Duration, Instant};

use crate::program::{Daemon, Outlet, Program, answer, ask};
use crate::support;

fn served() -> (Outlet, Program, Daemon) {
    let outlet = Outlet::start(|path, _| {
        answer("200 OK", "", support::feed(path.trim_start_matches('/').parse().unwrap(), 6, 0).as_bytes())
    });
    let program = Program::new(&[("satu", outlet.url("/1")), ("dua", outlet.url("/2"))], "");
    let daemon = Daemon::start(&program);
    let begun = Instant::now();
    while !daemon.get("/metrics", "").text().contains("kliping_kept_items 12") {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first polls take too long");
        std::thread::sleep(Duration::from_millis(50));
    }
    (outlet, program, daemon)
}

#[test]
fn every_path_of_the_contract_is_served_and_the_daemon_drains() {
    let (_outlet, program, daemon) = served();
    let pages = ["/", "/all", "/topics/tppo", "/regions/balikpapan", "/sources/satu", "/items/1", "/status"];
    for path in pages {
        let page = daemon.get(path, "");
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        assert!(text.contains("lang=\"id\"") && text.contains("rel=\"alternate\""), "{path}");
        assert!(!text.contains("<script"), "{path}");
        assert!(daemon.get(path, "accept-language: en\r\n").text().contains("lang=\"en\""), "{path}");
    }
    for path in ["/channels.opml", "/sources.opml", "/healthz", "/readyz", "/metrics", "/robots.txt"] {
        assert_eq!(daemon.get(path, "").status, 200, "{path}");
    }
    for channel in ["/all", "/topics/ikn", "/regions/samarinda", "/sources/dua"] {
        for format in ["rss", "atom", "json"] {
            let path = format!("{channel}.{format}");
            let feed = daemon.get(&path, "");
            assert_eq!(feed.status, 200, "{path}");
            let read = feed_rs::parser::parse(feed.body.as_slice()).unwrap_or_else(|error| panic!("{path}: {error}"));
            if channel == "/all" {
                assert_eq!(read.entries.len(), 12, "{path}");
            }
            assert!(read.entries.iter().all(|entry| entry.title.is_some() && !entry.links.is_empty()), "{path}");
        }
    }
    assert_eq!(daemon.get("/nope", "").status, 404);
    assert_eq!(daemon.get("/items/999", "").status, 404);
    assert_eq!(daemon.get("/all?topic=nope", "").status, 400);
    assert_eq!(ask(daemon.address, "POST", "/all", "content-length: 0\r\n").status, 405);
    assert_eq!(program.run(&["health", "--listen", &daemon.address.to_string()]).code(), 0);
    assert_eq!(daemon.stop(), 0);
    let site = program.directory.path().join("site");
    assert_eq!(program.run(&["publish", "--to", site.to_str().unwrap()]).code(), 0);
    for file in ["index.html", "all.rss", "topics/tppo.json", "items/1.html", "channels.opml"] {
        assert!(site.join(file).exists(), "{file}");
    }
}

#[test]
fn narrowing_holds_for_each_facet() {
    let titles = ["IKN dibangun", "Banjir Balikpapan", "IKN dekat Balikpapan", "Cuaca cerah di Samarinda"];
    let outlet = Outlet::start(move |path, _| {
        let item = |title: &&str| {
            format!("<item><title>{title}</title><link>https://x{}.example/{title}</link></item>", &path[1..])
        };
        let items: String = titles.iter().map(item).collect();
        answer("200 OK", "", format!("<rss version=\"2.0\"><channel>{items}</channel></rss>").as_bytes())
    });
    let program = Program::new(&[("satu", outlet.url("/1")), ("dua", outlet.url("/2"))], "");
    let daemon = Daemon::start(&program);
    let begun = Instant::now();
    while !daemon.get("/metrics", "").text().contains("kliping_kept_items 8") {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first polls take too long");
        std::thread::sleep(Duration::from_millis(50));
    }
    let check = |path: &str, expected: &[&str]| {
        let feed: serde_json::Value = serde_json::from_slice(&daemon.get(path, "").body).unwrap();
        let items = feed["items"].as_array().unwrap();
        let mut found: Vec<&str> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{path}");
    };
    let both = ["IKN dekat Balikpapan"; 2];
    check("/topics/ikn.json?region=balikpapan", &both);
    check("/regions/balikpapan.json?topic=ikn", &both);
    check("/all.json?topic=ikn&region=balikpapan", &both);
    check("/all.json?topic=ikn&region=balikpapan&source=satu", &both[..1]);
    check(
        "/all.json?region=balikpapan,samarinda&source=dua",
        &["Banjir Balikpapan", "Cuaca cerah di Samarinda", "IKN dekat Balikpapan"],
    );
    check("/all.json?region=balikpapan&region=samarinda&source=dua&q=cerah", &["Cuaca cerah di Samarinda"]);
    check("/sources/satu.json?source=dua", &[]);
}

#[test]
fn who_has_a_feed_already_is_told_so() {
    let (_outlet, _program, daemon) = served();
    let first = daemon.get("/all.rss", "");
    let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    assert_eq!(daemon.get("/all.rss", &format!("if-none-match: {etag}\r\n")).status, 304);
    assert_eq!(daemon.get("/all.rss", &format!("if-modified-since: {modified}\r\n")).status, 304);
    assert_eq!(daemon.get("/all.rss", "if-none-match: \"x\"\r\n").status, 200);
    let head = ask(daemon.address, "HEAD", "/all.rss", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), first.header("content-length"));
    for encoding in ["gzip", "br"] {
        let packed = daemon.get("/all.rss", &format!("accept-encoding: {encoding}\r\n"));
        assert_eq!(packed.header("content-encoding"), Some(encoding));
        assert!(packed.body.len() < first.body.len() / 2);
        let own = packed.header("etag").unwrap();
        assert_ne!(own, etag, "another form has another strong validator");
        assert_eq!(
            daemon.get("/all.rss", &format!("accept-encoding: {encoding}\r\nif-none-match: {own}\r\n")).status,
            304
        );
    }
}

#[test]
fn a_reload_takes_what_is_right_and_refuses_what_is_wrong() {
    let (outlet, program, daemon) = served();
    let right = std::fs::read_to_string(program.config()).unwrap();
    std::fs::write(program.config(), format!("{right}\n[[source]]\nid = \"x\"\n")).unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(daemon.get("/sources/x", "").status, 404);
    let added = format!("{right}\n[[source]]\nid = \"tiga\"\ntitle = \"Tiga\"\nurl = \"{}\"\n", outlet.url("/3"));
    std::fs::write(program.config(), added).unwrap();
    let begun = Instant::now();
    while !daemon.get("/metrics", "").text().contains("kliping_kept_items 18") {
        assert!(begun.elapsed() < Duration::from_secs(20), "the new source is polled");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(daemon.get("/sources/tiga", "").status, 200);
}
