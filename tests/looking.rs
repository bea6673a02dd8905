//! The commands by which an operator looks at sources: `sources`, `check --online`, `read`.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Daemon, Outlet, Program, answer};
use crate::support;

fn outlet() -> Outlet {
    Outlet::start(|path, head| match path {
        "/validates" if head.contains("if-none-match: \"a\"") => answer("304 Not Modified", "", b""),
        "/validates" => answer("200 OK", "etag: \"a\"\r\n", support::feed(1, 4, 0).as_bytes()),
        "/lies" => answer("200 OK", "etag: \"b\"\r\ncache-control: max-age=60\r\n", support::feed(2, 3, 0).as_bytes()),
        "/broken" => answer("200 OK", "", b"\n\n<rss><channel><item><title>A & B</title></item></channel></rss>"),
        "/wall" => answer("403 Forbidden", "", b"<html><title>Just a moment...</title></html>"),
        _ => answer("404 Not Found", "", b""),
    })
}

fn program(outlet: &Outlet) -> Program {
    let sources = ["validates", "lies", "broken", "wall", "lost"].map(|id| (id, outlet.url(&format!("/{id}"))));
    Program::new(&sources, "")
}

#[test]
fn how_each_source_fares_is_told_from_the_store_and_by_the_daemon() {
    let outlet = outlet();
    let program = program(&outlet);
    let before = program.run(&["sources"]);
    assert_eq!(before.code(), 0, "{}", before.err());
    assert!(before.out().contains("never polled yet") && !program.store().exists(), "{}", before.out());
    program.run(&["once"]);
    let line = |out: &str, id: &str| out.lines().find(|line| line.split(' ').next() == Some(id)).unwrap().to_owned();
    let told = program.run(&["sources"]);
    for (id, part) in [
        ("validates", "fetched"),
        ("broken", "0/1"),
        ("wall", "failed: challenge"),
        ("lost", "it failed: left alone for 60 min"),
    ] {
        assert!(line(&told.out(), id).contains(part), "{id}: {}", told.out());
    }
    assert!(told.out().contains("5 sources, 2 failing") && told.err().contains("hint:"), "{}", told.out());
    let one = program.run(&["sources", "--source", "broken"]);
    assert!(one.out().contains("bare \"&\"") && !one.out().contains("validates"), "{}", one.out());
    assert_eq!(program.run(&["sources", "--source", "typo"]).code(), 2);
    // The same while a daemon holds the store.
    let daemon = Daemon::start(&program);
    let asked = program.run(&["sources", "--format", "json", "--listen", &daemon.address.to_string()]);
    let health: Value = serde_json::from_str(&asked.out()).unwrap_or_else(|_| panic!("{}", asked.err()));
    assert_eq!(health.as_array().unwrap().len(), 5);
    assert_eq!(health[3]["error"]["kind"], "challenge");
    assert!(health[0]["next_poll"].is_string() && health[0]["why"].is_string());
    let page = daemon.get("/status", "").text();
    assert!(page.contains("Yth. pengelola Media wall"), "the text to send to the webmaster");
    drop(daemon);
}

#[test]
fn every_source_is_tried_and_asked_twice() {
    let outlet = outlet();
    let program = program(&outlet);
    let ran = program.run(&["check", "--online"]);
    assert_eq!(ran.code(), 1);
    for part in [
        "ETag, honoured (304 when asked again)",
        "ETag, not honoured",
        "validators   none",
        "challenge: a bot wall asks for a browser (status 403)",
        "http-status: the outlet answered with status 404",
        "5 sources, 2 failed; nothing was kept",
    ] {
        assert!(ran.out().contains(part), "{part} in\n{}", ran.out());
    }
    assert!(!program.store().exists());
    let ran = program.run(&["check", "--online", "--source", "lies", "--format", "json"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let found: Value = serde_json::from_str(&ran.out()).unwrap();
    let found = &found[0];
    assert_eq!((&found["status"], &found["kind"], &found["max_age"]), (&200.into(), &"rss2".into(), &60.into()));
    assert_eq!((&found["entries"]["total"], &found["entries"]["dated"]), (&3.into(), &3.into()));
    assert_eq!(found["validators"]["honoured"], false);
    assert_eq!(found["samples"].as_array().unwrap().len(), 3);
}

#[test]
fn a_document_is_shown_as_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let document = "<?xml version='1.0'?><rss version='2.0'><channel><title>Suara &amp; Kota</title><item><title>A & <b>B</b></title>\
        <link>/b/1</link><guid>g</guid><pubDate>Rabu, 10 Juli 2024 14:05 WITA</pubDate><description>Isi&nbsp;pendek.</description></item></channel></rss>";
    std::fs::write(folder.path().join("feed.xml"), document).unwrap();
    let read = |arguments: &[&str], input: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kliping"));
        // No feeds.toml is needed.
        command.arg("read").args(arguments).current_dir(folder.path()).env_remove("KLIPING_CONFIG");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    };
    let (code, json, _) = read(&["feed.xml", "--format", "json"], "");
    assert_eq!(code, 0);
    let told: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&told["kind"], &told["encoding"], &told["title"]),
        (&"rss2".into(), &"UTF-8".into(), &"Suara & Kota".into())
    );
    let expected = serde_json::json!([{
        "guid": "g", "title": "A & B", "url": "/b/1", "published": "2024-07-10T06:05:00Z", "updated": null, "text": "Isi pendek."
    }]);
    assert_eq!(told["entries"], expected);
    let complaints = told["complaints"].as_array().unwrap();
    assert!(complaints.iter().all(|one| one["mended"] == true && one["what"].is_string() && one["where"].is_string()));
    assert!(!complaints.is_empty());
    assert_eq!(read(&["-", "--format", "json"], document).1, json);
    assert!(read(&["feed.xml"], "").1.contains("A & B"));
    let (code, _, err) = read(&["-"], "<!doctype html><title>Beranda</title>");
    assert!(code == 1 && err.contains("Beranda") && err.contains("hint:"), "{code} {err}");
    assert_eq!(read(&["tidak-ada.xml"], "").0, 2);
    let outlet = outlet();
    assert!(read(&[&outlet.url("/validates")], "").1.contains("4 entries"));
}
