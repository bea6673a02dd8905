//! `kliping once`, `check` and `explain` as an operator runs them.

use crate::program::{Outlet, Program, answer};
use crate::support;

#[test]
fn a_second_poll_sends_the_validators_and_gets_304() {
    let outlet = Outlet::start(|path, head| {
        let etag = format!("\"{path}\"");
        if head.contains(&format!("if-none-match: {etag}")) {
            return answer("304 Not Modified", "", b"");
        }
        let site = path.trim_start_matches('/').parse().unwrap();
        answer("200 OK", &format!("etag: {etag}\r\n"), support::feed(site, 5, 0).as_bytes())
    });
    let program = Program::new(&[("a", outlet.url("/1")), ("b", outlet.url("/2"))], "");
    let first = program.run(&["once"]);
    assert_eq!(first.code(), 0, "{}", first.err());
    assert!(first.out().contains("2 sources, 0 failed, 0 waiting; 10 new items, 10 kept"), "{}", first.out());
    let second = program.run(&["once"]);
    assert_eq!(second.code(), 0);
    assert!(second.out().contains("0 new items, 10 kept") && second.out().contains("unchanged"), "{}", second.out());
    let asked = outlet.asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|head| head.contains("if-none-match: \"/")).count(), 2);
    assert_eq!(asked.len(), 4);
}

#[test]
fn a_failing_source_is_named_waited_for_and_costs_the_others_nothing() {
    let outlet = Outlet::start(|path, _| match path {
        "/good" => answer("200 OK", "", support::feed(1, 3, 0).as_bytes()),
        _ => answer("200 OK", "", b"<!doctype html><title>Dalam perbaikan</title>"),
    });
    // At a host of its own: what it asks for binds all sources there.
    let other = Outlet::start(|_, _| answer("429 Too Many Requests", "retry-after: 7200\r\n", b""));
    let program =
        Program::new(&[("good", outlet.url("/good")), ("page", outlet.url("/page")), ("busy", other.url("/busy"))], "");
    let first = program.run(&["once"]);
    assert_eq!(first.code(), 1);
    for part in ["failed: web-page", "Dalam perbaikan", "failed: rate-limited", "3 new items"] {
        assert!(first.out().contains(part), "{part} in {}", first.out());
    }
    let second = program.run(&["once"]);
    assert!(second.out().contains("2 waiting") && second.err().contains("--force"), "{}{}", second.out(), second.err());
    program.run(&["once", "--force", "--source", "busy"]);
    assert_eq!(other.asked.lock().unwrap().len(), 2);
}

#[test]
fn every_mistake_is_told_at_once_and_nothing_is_touched() {
    let program = Program::new(&[], "");
    let wrong = r#"[site]
title = "Uji"
warna = "biru"
[fetch]
schedule = "*/15 * * * *"
[[source]]
id = "a"
title = "A"
url = "https://a.example/feed"
[[source]]
id = "a"
title = "B"
url = "bukan alamat"
[[topic]]
id = "t"
title = "T"
any = ["/(/"]
[[channel]]
id = "c"
title = "C"
topics = ["tidak-ada"]
"#;
    std::fs::write(program.config(), wrong).unwrap();
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 2);
    for line in [
        "feeds.toml:3:",
        "feeds.toml:5:",
        "feeds.toml:11:",
        "feeds.toml:13:",
        "feeds.toml:17:",
        "feeds.toml:21:",
        "6 mistakes",
    ] {
        assert!(ran.err().contains(line), "{line} in\n{}", ran.err());
    }
    assert_eq!(ran.err().matches("hint:").count(), 6, "{}", ran.err());
    assert!(!program.store().exists());
}

#[test]
fn a_store_that_is_held_or_damaged_is_named() {
    let program = Program::new(&[], "");
    let held = kliping::store::DiskStore::open(&program.store()).unwrap();
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 3);
    assert!(ran.err().contains("in use by another process") && ran.err().contains("hint:"), "{}", ran.err());
    drop(held);
    for damage in [&b"bukan sled"[..], &[0xff; 4096][..]] {
        let broken = Program::new(&[], "");
        std::fs::create_dir_all(broken.store()).unwrap();
        std::fs::write(broken.store().join("conf"), damage).unwrap();
        std::fs::write(broken.store().join("db"), damage).unwrap();
        let ran = broken.run(&["once"]);
        assert_eq!(ran.code(), 3, "{}", ran.err());
        assert!(ran.err().contains("hint:"), "{}", ran.err());
    }
}

#[test]
fn a_store_that_was_killed_while_it_was_made_is_begun_anew() {
    let program = Program::new(&[], "");
    std::fs::create_dir_all(program.store()).unwrap();
    std::fs::write(program.store().join("conf"), b"").unwrap();
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
}

#[test]
fn a_text_is_explained() {
    let program = Program::new(&[], "");
    let file = program.directory.path().join("teks.txt");
    std::fs::write(&file, "Korban perdagangan orang dipulangkan\nPolisi di Balikpapan menolong mereka.").unwrap();
    let ran = program.run(&["explain", file.to_str().unwrap()]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert!(ran.out().contains("topic `tppo`, because of"), "{}", ran.out());
    assert!(ran.out().contains("\"perdagangan orang\" in the title"), "{}", ran.out());
    assert!(ran.out().contains("region `balikpapan`"), "{}", ran.out());
}

#[test]
fn the_schema_is_json() {
    let ran = Program::new(&[], "").run(&["check", "--schema"]);
    let schema: serde_json::Value = serde_json::from_str(&ran.out()).unwrap();
    assert!(schema["properties"]["source"].is_object());
}

#[test]
fn an_outage_of_our_own_counts_against_nobody() {
    let program = Program::new(&[("a", "http://127.0.0.1:1/a".into()), ("b", "http://127.0.0.1:2/b".into())], "");
    for _ in 0..2 {
        let ran = program.run(&["once"]);
        assert_eq!(ran.code(), 1);
        assert!(ran.out().contains("2 failed, 0 waiting"), "{}", ran.out());
        assert!(ran.err().contains("this machine's own network"), "{}", ran.err());
    }
    let told = program.run(&["sources"]);
    assert!(told.out().contains("0 failing"), "{}", told.out());
}
