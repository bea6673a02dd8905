//! kill -9 in the middle of polls: nothing that an outlet shows is lost, nothing is there twice, the store opens again.

use std::collections::HashSet;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kliping::domain::Selection;
use kliping::store::{DiskStore, Store, StoreError, walk};

use crate::program::Program;
use crate::support;

const KILLS: usize = 30;
const FEEDS: usize = 40;
const ITEMS: usize = 10;

#[test]
fn nothing_is_lost_and_nothing_twice_after_thirty_kills() {
    let (address, state) = support::serve(ITEMS);
    let sources: Vec<(String, String)> =
        (0..FEEDS).map(|n| (format!("s{n}"), format!("http://{address}/{n}"))).collect();
    let named: Vec<(&str, String)> = sources.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();
    let program = Program::new(&named, "");
    let mut published: HashSet<(u64, String)> = HashSet::new();
    for kill in 0..KILLS {
        state.extra.store(kill + 1, Ordering::Relaxed);
        let mut child =
            program.command(&["once", "--force"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From before the store is open to after the last commit.
        std::thread::sleep(Duration::from_millis(20 + (kill as u64 * 37) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = kept(&program);
        let lost: Vec<_> = published.difference(&now).collect();
        assert!(lost.is_empty(), "after kill {kill} these are gone: {lost:?}");
        published = now;
    }
    let last = program.run(&["once", "--force"]);
    assert_eq!(last.code(), 0, "{}{}", last.out(), last.err());
    let all = kept(&program);
    assert!(published.is_subset(&all));
    let distinct: HashSet<&String> = all.iter().map(|(_, link)| link).collect();
    assert_eq!(distinct.len(), all.len(), "nothing is there twice");
    assert_eq!(all.len(), FEEDS * ITEMS + FEEDS.div_ceil(10) * KILLS, "everything that the outlets show is there");
}

/// Number and link of every item; every place of every channel leads to one that stands in it.
fn kept(program: &Program) -> HashSet<(u64, String)> {
    let store = opened(program);
    let all = walk(&store, &Selection::default(), u64::MAX, usize::MAX, None).unwrap().items;
    assert_eq!(store.count().unwrap(), all.len() as u64);
    for item in &all {
        for (facet, arrival) in item.facets() {
            let place = store.newest(Some(&facet), arrival + 1, 1).unwrap();
            assert_eq!(place, [(arrival, item.id)], "{facet:?}");
        }
    }
    all.into_iter().map(|item| (item.id.0, item.article.url.unwrap())).collect()
}

/// Opens the store. This process has had it open before, and sled's own threads may hold it a while longer on a busy
/// machine; anything else than that is a failure.
fn opened(program: &Program) -> DiskStore {
    for _ in 0..5 {
        match DiskStore::open(&program.store()) {
            Err(StoreError::Held { .. }) => {}
            opened => return opened.unwrap_or_else(|error| panic!("the store opens again: {error}")),
        }
    }
    panic!("the store is held for ten seconds")
}
