//! Static files: what `kliping publish` and `[publish] directory` write, beside what the daemon serves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::program::{Daemon, Outlet, Program, answer};
use crate::support;

/// Every file below a directory, by name.
fn files(directory: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    fn gather(folder: &Path, base: &Path, into: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                gather(&path, base, into);
            } else {
                let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
                into.insert(name, (fs::read(&path).unwrap(), entry.metadata().unwrap().modified().unwrap()));
            }
        }
    }
    let mut all = BTreeMap::new();
    gather(directory, directory, &mut all);
    all
}

fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    if name.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    } else {
        brotli::BrotliDecompress(&mut &bytes[..], &mut plain).unwrap();
    }
    plain
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn files_are_what_the_daemon_serves_and_only_changes_are_written() {
    let outlet = Outlet::start(|path, _| {
        answer("200 OK", "", support::feed(path.trim_start_matches('/').parse().unwrap(), 80, 0).as_bytes())
    });
    let program = Program::new(&[("satu", outlet.url("/1"))], "[publish]\ndirectory = \"situs\"\n");
    let daemon = Daemon::start(&program);
    let site = program.directory.path().join("situs");
    wait_for("all items are published", || {
        let all = fs::read_to_string(site.join("sources/satu.json")).unwrap_or_default();
        all.contains("/items/80") || all.matches("\"_kliping\"").count() >= 80
    });
    wait_for("the rest is there too", || site.join("index.html.br").exists() && site.join("items/80.html").exists());
    std::thread::sleep(Duration::from_secs(4));
    let there = files(&site);
    let mut compared = 0;
    for (name, (bytes, _)) in &there {
        if let Some(plain) = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".br")) {
            assert_eq!(unpacked(name, bytes), there[plain].0, "{name}");
        } else if name != ".kliping" && !name.starts_with("status") {
            let served = daemon.get(&format!("/{name}"), "");
            // A file has no search, and its page no form for it.
            let mut text = served.text();
            if let Some((before, rest)) = text.split_once("<form class=\"find\"") {
                text = format!("{before}{}", rest.split_once("</form>").unwrap().1);
            }
            let same = if name.ends_with(".html") { text.as_bytes() == *bytes } else { served.body == *bytes };
            assert!(same, "{name}: {} {} bytes, {} in the file", served.status, served.body.len(), bytes.len());
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
    assert!(there.keys().any(|name| name.contains("all/archive/")), "archives are there");
    for (name, (bytes, _)) in there.iter().filter(|(name, _)| name.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes);
        let folder = Path::new(name).parent().unwrap();
        for link in text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(!link.starts_with('/'), "{name} links to {link}, which works under one address only");
            if link.starts_with('.') && !link.contains('?') {
                let target = site.join(folder).join(link);
                let target = if target.is_dir() { target.join("index.html") } else { target };
                assert!(target.is_file(), "{name} links to {link}, which is not there");
            }
        }
    }
    assert_eq!(daemon.stop(), 0);
    // The command finds nothing to write but what tells of polls, and takes away what is nobody's.
    fs::write(site.join("items/999.html"), "x").unwrap();
    assert_eq!(program.run(&["publish", "--to", site.to_str().unwrap()]).code(), 0);
    let again = files(&site);
    assert!(!again.contains_key("items/999.html"));
    for (name, (bytes, time)) in there.iter().filter(|(name, _)| !name.starts_with("status")) {
        assert_eq!(again[name].1, *time, "{name} was written again");
        assert_eq!(again[name].0, *bytes, "{name}");
    }
}

#[test]
fn a_foreign_directory_is_spared() {
    let program = Program::new(&[], "");
    let foreign = program.directory.path().join("skripsi");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("bab-1.txt"), "x").unwrap();
    let refused = program.run(&["publish", "--to", foreign.to_str().unwrap()]);
    assert_ne!(refused.code(), 0);
    assert!(refused.err().contains("kliping did not write"), "{}", refused.err());
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);
}
