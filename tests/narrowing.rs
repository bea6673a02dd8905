//! A channel that is narrowed lists exactly what each of its groups has, page by page, however its labels lie.

use std::collections::HashSet;

use kliping::domain::{Facet, Selection};
use kliping::pipeline::{Counted, count_on};
use kliping::report::Tally;
use kliping::store::{DiskStore, Lists, MemoryStore, Reach, Store, archive, current, walk_down};

use super::store_contract::{change, commit, item};

const ITEMS: u64 = 24_000;
/// So far above its number an item arrives at the source that carries it later; numbers are even, so that nothing else stands there.
const LATER: u64 = 1_001;

fn topics(number: u64) -> Vec<&'static str> {
    let nth = number / 2;
    let lies = [
        ("even", nth.is_multiple_of(2)),
        ("odd", !nth.is_multiple_of(2)),
        ("rare", nth.is_multiple_of(1_000)),
        ("blocks", (nth / 100).is_multiple_of(2)),
        ("gaps", !(nth / 100).is_multiple_of(2)),
        ("oldest", nth < 90),
        ("newest", nth + 90 > ITEMS),
    ];
    lies.into_iter().filter(|(_, has)| *has).map(|(topic, _)| topic).collect()
}

/// The sources that have an item, each with its arrival there.
fn sources(number: u64) -> Vec<(&'static str, u64)> {
    let own = if (number / 2).is_multiple_of(3) { "satu" } else { "dua" };
    let carried = (number / 2).is_multiple_of(97).then_some(("tiga", number + LATER));
    [(own, number)].into_iter().chain(carried).collect()
}

fn fill(store: &dyn Store) {
    for from in (1..=ITEMS).step_by(2_000) {
        let numbers = (from..(from + 2_000).min(ITEMS + 1)).map(|nth| 2 * nth);
        let changes = numbers.map(|number| change(None, item(number, &topics(number), &sources(number))));
        commit(store, changes.collect(), 2 * ITEMS + LATER + 1);
    }
}

fn has(number: u64, facet: &Facet) -> bool {
    match facet {
        Facet::Source(id) => sources(number).iter().any(|(source, _)| *source == id.as_str()),
        Facet::Topic(id) | Facet::Region(id) => topics(number).contains(&id.as_str()),
    }
}

fn all_pages(store: &dyn Store, selection: &Selection, lists: Lists<'_>) -> Vec<u64> {
    let (mut below, mut listed) = (u64::MAX, Vec::new());
    let reach = Reach { limit: 50, since: None, down_to: None };
    loop {
        let page = walk_down(store, selection, lists, below, &reach).unwrap();
        listed.extend(page.items.iter().map(|item| item.id.0));
        match page.next {
            Some(next) => {
                assert!(next < below, "it goes down: {selection:?}");
                below = next;
            }
            None => return listed,
        }
    }
}

fn feed_and_archives(store: &dyn Store, selection: &Selection, lists: Lists<'_>) -> Vec<u64> {
    let (page, mut cut) = current(store, selection, lists, 50, None).unwrap();
    let mut listed: Vec<u64> = page.items.iter().map(|item| item.id.0).collect();
    while let Some(at) = cut {
        let document = archive(store, selection, lists, at).unwrap().unwrap();
        listed.extend(document.items.iter().map(|item| item.id.0));
        cut = document.older;
    }
    listed
}

fn check(store: &dyn Store) {
    let mut tally = Tally::new(chrono_tz::Asia::Makassar);
    let counted = count_on(store, &mut tally, Counted::default(), usize::MAX).unwrap();
    assert!(counted.is_complete());
    let topic = |id: &str| Facet::Topic(id.into());
    let source = |id: &str| Facet::Source(id.into());
    let narrowed = [
        vec![vec![topic("even")], vec![topic("odd")]],
        vec![vec![topic("odd")], vec![topic("rare")]],
        vec![vec![topic("even")], vec![topic("rare")]],
        vec![vec![topic("blocks")], vec![topic("gaps")]],
        vec![vec![topic("blocks")], vec![topic("even")], vec![topic("rare"), topic("oldest")]],
        vec![vec![topic("even")], vec![topic("oldest")]],
        vec![vec![topic("oldest")], vec![topic("newest")]],
        vec![vec![topic("newest"), topic("oldest")], vec![topic("blocks"), topic("gaps")]],
        vec![vec![source("satu")], vec![topic("rare")]],
        vec![vec![source("dua")], vec![topic("oldest")]],
        vec![vec![source("tiga")], vec![topic("even")]],
        vec![vec![source("tiga"), source("satu")], vec![topic("even"), topic("rare")], vec![topic("blocks")]],
        vec![vec![source("tiga")], vec![source("satu")]],
        vec![vec![topic("even")], vec![topic("never")]],
    ];
    for all_of in narrowed {
        let selection = Selection { all_of, ..Selection::default() };
        let stands = |number: &u64| selection.all_of.iter().all(|group| group.iter().any(|facet| has(*number, facet)));
        let expected: HashSet<u64> = (1..=ITEMS).map(|nth| 2 * nth).filter(stands).collect();
        let known = |below, limit| Ok(tally.places(&selection, below, limit));
        let mut before = None;
        for lists in [Lists::Own, Lists::Known(&known)] {
            let pages = all_pages(store, &selection, lists);
            assert_eq!(pages.iter().copied().collect::<HashSet<_>>(), expected, "{:?}", selection.all_of);
            assert_eq!(pages.len(), expected.len(), "none twice: {:?}", selection.all_of);
            assert!(before.as_ref().is_none_or(|before| *before == pages), "the same order: {:?}", selection.all_of);
            let documents: HashSet<u64> = feed_and_archives(store, &selection, lists).into_iter().collect();
            assert_eq!(documents, expected, "with archives: {:?}", selection.all_of);
            before = Some(pages);
        }
    }
}

#[test]
fn pages_and_archives_list_what_every_group_has_and_nothing_else() {
    let memory = MemoryStore::default();
    fill(&memory);
    check(&memory);
    let directory = tempfile::tempdir().unwrap();
    let disk = DiskStore::open(directory.path()).unwrap();
    fill(&disk);
    check(&disk);
}
