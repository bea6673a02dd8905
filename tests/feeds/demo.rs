//! The demo, as it is served: every channel, every format, every narrowing that a page links to.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::validator;
use crate::program::{Daemon, ask};

/// The demo on a free port, when its first round is through.
pub fn demo() -> Daemon {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kliping"))
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env_remove("KLIPING_CONFIG")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("listening on http://").map(|address| address.parse().unwrap()))
        .expect("the demo says where it listens");
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    let daemon = Daemon { child, address };
    let begun = Instant::now();
    let items =
        |daemon: &Daemon| ask(daemon.address, "GET", "/all.json", "").text().matches("\"date_published\"").count();
    while items(&daemon) < 40 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the demo's first round takes too long");
        std::thread::sleep(Duration::from_millis(200));
    }
    daemon
}

/// The RSS feeds of a list of feeds.
pub fn listed(opml: &str) -> Vec<String> {
    let list = opml::OPML::from_str(opml).unwrap();
    list.body.outlines.into_iter().filter_map(|outline| outline.xml_url).collect()
}

#[test]
fn the_validator_finds_nothing_in_the_demo() {
    let daemon = demo();
    let root = format!("http://{}/", daemon.address);
    let get = |path: &str| ask(daemon.address, "GET", path, "");
    let mut channels: Vec<String> = listed(&get("/channels.opml").text());
    let sources = get("/status").text();
    let named = sources.split("sources/").skip(1).filter_map(|rest| rest.split(['"', '?', '.']).next());
    channels.extend(named.map(|id| format!("{root}sources/{id}.rss")));
    channels.sort();
    channels.dedup();
    let mut checked = 0;
    for channel in channels {
        let base = channel.trim_end_matches(".rss");
        for narrowing in
            ["", "?topic=tppo", "?region=balikpapan", "?topic=ikn&region=penajam-paser-utara&stories=false", "?q=anak"]
        {
            for format in ["rss", "atom", "json"] {
                let address = format!("{base}.{format}{narrowing}");
                let answer = get(&address[root.len() - 1..]);
                if answer.status == 404 {
                    continue;
                }
                assert_eq!(answer.status, 200, "{address}");
                let found = validator::check(&address, answer.header("content-type").unwrap_or_default(), &answer.body);
                assert!(found.0.is_empty(), "{address}: {:#?}", found.0);
                checked += 1;
            }
        }
    }
    assert!(checked > 200, "{checked}");
    for file in ["feed.css", "icon.png"] {
        assert_eq!(get(&format!("/{file}")).status, 200, "{file}");
    }
    eprintln!("{checked} documents of the demo: no finding");
}
