//! Feed readers of others, where they are installed: newsboat, sfeed and Python's feedparser read what we publish as it is.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::demo::demo;
use crate::program::{Daemon, ask};

/// What a feed says, as a reader must tell it: title, link, seconds of the date.
type Told = Vec<(String, String, i64)>;

/// By JSON Feed, which needs no interpretation.
fn expected(daemon: &Daemon, channel: &str) -> Told {
    let feed: serde_json::Value =
        serde_json::from_slice(&ask(daemon.address, "GET", &format!("/{channel}.json"), "").body).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let date =
        |value: &serde_json::Value| chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().timestamp();
    let items = feed["items"].as_array().unwrap().iter();
    let mut told: Told =
        items.map(|item| (text(&item["title"]), text(&item["url"]), date(&item["date_published"]))).collect();
    told.sort();
    told
}

fn python() -> Option<&'static str> {
    ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let probe = Command::new(python).args(["-c", "import feedparser"]).stderr(Stdio::null()).status();
        probe.is_ok_and(|status| status.success())
    })
}

fn installed(program: &str) -> bool {
    let there = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    let there = there.is_ok_and(|status| status.success());
    if !there {
        eprintln!("SKIPPED: {program} is not installed");
    }
    there
}

const FEEDPARSER: &str = "
import feedparser, sys, calendar, json
read = feedparser.parse(sys.stdin.buffer.read())
assert not read.bozo, read.get('bozo_exception')
assert read.feed.title and read.feed.link
for entry in read.entries:
    assert entry.id.startswith('tag:'), entry.id
    print(json.dumps([entry.title, entry.link, calendar.timegm(entry.published_parsed)]))
";

fn feedparser(python: &str, document: &[u8]) -> Told {
    use std::io::Write;
    let mut child =
        Command::new(python).args(["-c", FEEDPARSER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(document).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let mut told: Told =
        String::from_utf8(out.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    told.sort();
    told
}

fn sfeed(document: &[u8]) -> Told {
    use std::io::Write;
    let mut child = Command::new("sfeed").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(document).unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[1].to_owned(), fields[2].to_owned(), fields[0].parse().unwrap())
    };
    let mut told: Told = out.lines().map(line).collect();
    told.sort();
    told
}

/// newsboat keeps what it read in SQLite, which it prints for nobody; but it tells how many are unread.
fn newsboat(directory: &Path, url: &str) -> usize {
    std::fs::write(directory.join("urls"), format!("{url}\n")).unwrap();
    std::fs::write(directory.join("config"), "").unwrap();
    let cache = directory.join("cache.db");
    let _ = std::fs::remove_file(&cache);
    let of = |name: &str| directory.join(name).to_str().unwrap().to_owned();
    let run = |what: &[&str]| {
        let files = ["-u", &of("urls"), "-C", &of("config"), "-c", &of("cache.db")].map(str::to_owned);
        let mut command = Command::new("newsboat");
        command.env("HOME", directory).env("TERM", "dumb").args(files).args(["-x"]).args(what);
        String::from_utf8_lossy(&command.stdin(Stdio::null()).output().unwrap().stdout).into_owned()
    };
    run(&["reload"]);
    run(&["print-unread"]).split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(0)
}

#[test]
fn other_readers_read_what_we_publish() {
    let daemon = demo();
    let channel = "topics/tppo";
    let python = python();
    if python.is_none() {
        eprintln!("SKIPPED: feedparser is not installed");
    }
    let (has_sfeed, has_newsboat) = (installed("sfeed"), installed("newsboat"));
    let directory = tempfile::tempdir().unwrap();
    for format in ["rss", "atom", "json"] {
        let path = format!("/{channel}.{format}");
        // The demo goes on: what is compared must be of one moment.
        let (document, told) = loop {
            let before = expected(&daemon, channel);
            let document = ask(daemon.address, "GET", &path, "").body;
            if before == expected(&daemon, channel) {
                break (document, before);
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        assert!(told.len() > 3);
        if let Some(python) = python.filter(|_| format != "json") {
            assert_eq!(feedparser(python, &document), told, "feedparser, {format}");
        }
        if has_sfeed && format != "json" {
            assert_eq!(sfeed(&document), told, "sfeed, {format}");
        }
        if has_newsboat && format != "json" {
            let count = newsboat(directory.path(), &format!("http://{}{path}", daemon.address));
            assert!(count >= told.len() && count <= expected(&daemon, channel).len(), "newsboat, {format}: {count}");
        }
    }
}
