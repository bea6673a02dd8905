//! Real documents, where they are at hand: they belong to their publishers and are not part of the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Outlet, Program, answer};

#[test]
fn real_feeds_are_kept_whole_and_come_out_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds");
    let documents = documents(&folder);
    if documents.is_empty() {
        eprintln!("SKIPPED: no real feeds in `{}`", folder.display());
        return;
    }
    let served = documents.clone();
    let outlet = Outlet::start(move |path, _| {
        let number: usize = path.trim_start_matches('/').parse().unwrap();
        answer("200 OK", "content-type: text/xml\r\n", &fs::read(&served[number]).unwrap())
    });
    let ids: Vec<String> = (0..documents.len()).map(|number| format!("f{number}")).collect();
    let sources: Vec<(&str, String)> =
        ids.iter().enumerate().map(|(number, id)| (id.as_str(), outlet.url(&format!("/{number}")))).collect();
    // One outlet ran a piece twice, which is one story.
    let program = Program::new(&sources, "[publish]\nstories = false\n");
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 0, "{}{}", ran.out(), ran.err());
    let site = program.directory.path().join("site");
    assert_eq!(program.run(&["publish", "--to", site.to_str().unwrap()]).code(), 0);
    for (id, document) in ids.iter().zip(&documents) {
        let items = fs::read_to_string(document).unwrap().matches("<item>").count();
        assert!(items > 0);
        for format in ["rss", "atom", "json"] {
            let feed = fs::read(site.join(format!("sources/{id}.{format}"))).unwrap();
            let read = feed_rs::parser::parse(feed.as_slice()).unwrap();
            assert_eq!(read.entries.len(), items, "{} as {format}", document.display());
        }
    }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            found.push(path);
        }
    }
    found
}
