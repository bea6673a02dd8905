//! The promises of `Store`, held against every store.

use kliping::dedupe::{AliasKind, aliases};
use kliping::domain::{
    Article, Because, Carrier, Complaint, Facet, Field, Instant, Item, ItemId, Label, LabelKind, Media, Outcome,
    Selection, Telling, Validators, Wait, Watch,
};
use kliping::pipeline::{Counted, count_on};
use kliping::report::{Count, LAST, Tally};
use kliping::store::{Batch, Change, DiskStore, MemoryStore, Store, Subscriptions, arrived_by, walk};
use kliping::story::Sketch;
use kliping::websub::{Subscribed, Subscription, Wish};

fn instant(second: i64) -> Instant {
    Instant::from_timestamp(second, 0).unwrap()
}

fn article(number: u64) -> Article {
    Article {
        guid: Some(format!("g{number}")),
        url: Some(format!("https://a.example/{number}")),
        title: format!("Judul {number}"),
        html: "<p>isi é</p>".repeat(20),
        summary: "isi".into(),
        published: Some(instant(1_700_000_000)),
        updated: None,
        authors: vec!["Redaksi".into()],
        categories: vec!["Daerah".into()],
        media: vec![Media {
            url: "https://a.example/a.jpg".into(),
            media_type: Some("image/jpeg".into()),
            bytes: Some(5),
        }],
        language: Some("id".into()),
        body: Some("<p>Isi</p>".into()),
    }
}

pub fn item(number: u64, topics: &[&str], sources: &[(&str, u64)]) -> Item {
    let because = Because { field: Field::Text, words: "kata".into(), rule: "kata".into(), paragraph: 0 };
    let label = |id: &&str| Label { kind: LabelKind::Topic, id: (*id).into(), because: vec![because.clone()] };
    let carrier = |(source, arrival): &(&str, u64)| Carrier {
        source: (*source).into(),
        arrival: *arrival,
        url: None,
        title: "Judul".into(),
        published: None,
    };
    Item {
        id: ItemId(number),
        article: article(number),
        labels: topics.iter().map(label).collect(),
        first_seen: instant(1_700_000_000 + i64::try_from(number).unwrap()),
        changed: instant(1_700_000_000),
        edits: 0,
        carriers: sources.iter().map(carrier).collect(),
        nearly: Vec::new(),
        first_told: None,
        told_again: Vec::new(),
    }
}

pub fn change(before: Option<Item>, item: Item) -> Change {
    let names = aliases(&"a".into(), std::slice::from_ref(&item.article), true).remove(0);
    Change { before, item, aliases: names.into_iter().map(|(_, alias)| alias).collect(), sketch: None }
}

/// Runs the contract on a memory store and on a disk store; the disk store is opened anew before each look.
fn check(act: impl Fn(&dyn Store), look: impl Fn(&dyn Store)) {
    let memory = MemoryStore::default();
    act(&memory);
    look(&memory);
    let directory = tempfile::tempdir().unwrap();
    act(&DiskStore::open(directory.path()).unwrap());
    look(&DiskStore::open(directory.path()).unwrap());
}

pub fn commit(store: &dyn Store, changes: Vec<Change>, next_arrival: u64) {
    store.commit(&Batch { changes, watches: Vec::new(), next_arrival, ..Batch::default() }).unwrap();
}

#[test]
fn what_is_committed_is_read_again_as_it_was() {
    let first = item(1, &["tppo"], &[("a", 1)]);
    let watch = Watch {
        validators: Some(Validators {
            url: "https://a.example/".into(),
            etag: Some(b"W/\"\xff\"".to_vec()),
            last_modified: None,
        }),
        last_poll: Some(instant(5)),
        last_success: None,
        outcome: Some(Outcome::Failed { kind: "tls".into(), what: "x".into(), hint: "y".into() }),
        failures: 3,
        wait: Some(Wait { until: instant(9), why: "z".into() }),
        gone: true,
        guids_untrusted: true,
        complaints: vec![Complaint { what: "a".into(), place: "b".into(), mended: true }],
        entries: 1,
        fresh: 2,
        items: 3,
        ..Watch::default()
    };
    check(
        |store| {
            assert_eq!(store.next_arrival().unwrap(), 1);
            let watches = vec![("a".into(), watch.clone())];
            store
                .commit(&Batch {
                    changes: vec![change(None, first.clone())],
                    watches,
                    next_arrival: 2,
                    ..Batch::default()
                })
                .unwrap();
        },
        |store| {
            assert_eq!(store.item(ItemId(1)).unwrap().as_ref(), Some(&first));
            assert_eq!(store.watch(&"a".into()).unwrap().as_ref(), Some(&watch));
            assert_eq!(store.watch(&"b".into()).unwrap(), None);
            assert_eq!(store.item(ItemId(2)).unwrap(), None);
            assert_eq!((store.next_arrival().unwrap(), store.count().unwrap()), (2, 1));
        },
    );
}

#[test]
fn an_alias_leads_to_who_took_it_first() {
    let claim =
        |number: u64| Change { item: item(number, &[], &[("a", number)]), ..change(None, item(1, &[], &[("a", 1)])) };
    let names = aliases(&"a".into(), &[article(1)], true).remove(0);
    assert_eq!(names[0].0, AliasKind::Guid);
    check(
        |store| {
            commit(store, vec![claim(1)], 2);
            commit(store, vec![claim(2)], 3);
        },
        |store| assert_eq!(store.find(&[names[0].1]).unwrap(), [Some(ItemId(1))]),
    );
}

#[test]
fn a_channel_lists_exactly_what_stands_in_it_latest_first() {
    let (one, two) = (item(1, &["tppo"], &[("a", 1)]), item(2, &["tppo", "ikn"], &[("b", 2)]));
    let relabelled = item(1, &["ikn"], &[("a", 1), ("b", 3)]);
    let topic = |id: &str| Facet::Topic(id.into());
    check(
        |store| {
            commit(store, vec![change(None, one.clone()), change(None, two.clone())], 3);
            commit(store, vec![change(Some(one.clone()), relabelled.clone())], 4);
        },
        |store| {
            let list = |facet: &Facet| store.newest(Some(facet), u64::MAX, 9).unwrap();
            assert_eq!(list(&topic("tppo")), [(2, ItemId(2))]);
            assert_eq!(list(&topic("ikn")), [(2, ItemId(2)), (1, ItemId(1))]);
            assert_eq!(list(&Facet::Source("b".into())), [(3, ItemId(1)), (2, ItemId(2))]);
            assert_eq!(list(&topic("none")), []);
            assert_eq!(store.newest(Some(&topic("ikn")), 2, 9).unwrap(), [(1, ItemId(1))]);
            assert_eq!(store.newest(None, u64::MAX, 1).unwrap(), [(2, ItemId(2))]);
            assert!(store.is_labelled(&topic("ikn"), ItemId(1)).unwrap());
            assert!(!store.is_labelled(&topic("tppo"), ItemId(1)).unwrap());
        },
    );
}

#[test]
fn a_page_goes_on_where_the_last_one_ended_and_spans_what_is_recent() {
    check(
        |store| {
            let all =
                (1..=20).map(|number| change(None, item(number, &["tppo"], &[("a", number), ("b", 100 + number)])));
            commit(store, all.collect(), 200);
        },
        |store| {
            let both = Selection::default().and_any(vec![Facet::Source("a".into()), Facet::Source("b".into())]);
            for selection in [Selection::default(), Selection::of(Facet::Topic("tppo".into())), both] {
                let (mut below, mut seen) = (u64::MAX, Vec::new());
                loop {
                    let page = walk(store, &selection, below, 7, None).unwrap();
                    seen.extend(page.items.iter().map(|item| item.id.0));
                    match page.next {
                        Some(next) => below = next,
                        None => break,
                    }
                }
                assert_eq!(seen, (1..=20).rev().collect::<Vec<_>>(), "{selection:?}");
            }
            let recent = walk(store, &Selection::default(), u64::MAX, 2, Some(instant(1_700_000_000 + 11))).unwrap();
            assert_eq!(recent.items.len(), 10);
        },
    );
}

/// Item 1 tells a story without a label, items 2 and 3 tell it again, item 4 is another.
fn a_story() -> Vec<Change> {
    let (mut first, other) = (item(1, &[], &[("a", 1)]), item(4, &["tppo"], &[("a", 4)]));
    let again = [item(2, &["tppo"], &[("b", 2)]), item(3, &["tppo"], &[("c", 3)])];
    for item in &again {
        let carrier = item.carriers[0].clone();
        first.told_again.push(Telling { item: item.id, carrier, like: ItemId(1), kept: 90, own: 80 });
    }
    let [second, third] = again.map(|item| Item { first_told: Some(ItemId(1)), ..item });
    [first, second, third, other].map(|item| change(None, item)).into()
}

#[test]
fn a_story_stands_once_at_its_first_place_in_each_channel() {
    check(
        |store| commit(store, a_story(), 5),
        |store| {
            let list = |selection: &Selection| -> Vec<(u64, usize)> {
                let page = walk(store, selection, u64::MAX, 9, None).unwrap();
                page.items.iter().map(|item| (item.id.0, item.also().count())).collect()
            };
            let tppo = Selection::of(Facet::Topic("tppo".into()));
            assert_eq!(list(&Selection::default()), [(4, 0), (1, 2)]);
            assert_eq!(list(&tppo), [(4, 0), (2, 2)], "the first has no such label, so the second stands for all");
            assert_eq!(list(&Selection::of(Facet::Source("c".into()))), [(3, 2)]);
            assert_eq!(list(&Selection { every_item: true, ..tppo }), [(4, 0), (3, 0), (2, 0)]);
            let shown =
                walk(store, &Selection::of(Facet::Source("c".into())), u64::MAX, 1, None).unwrap().items.remove(0);
            let others: Vec<(u64, u8, u8)> =
                shown.told_again.iter().map(|one| (one.item.0, one.kept, one.own)).collect();
            assert_eq!(others, [(1, 80, 90), (2, 90, 80)]);
        },
    );
}

#[test]
fn subscriptions_are_kept_and_forgotten_as_a_whole() {
    let theirs = |n: u32| Subscription {
        callback: format!("https://b.example/{n}"),
        topic: "https://k.example/all.rss".into(),
        secret: Some("s".into()),
        until: instant(9),
        has: "\"x\"".into(),
        failures: n,
        not_before: None,
    };
    let key = |n| Subscription::key(&theirs(n).callback, &theirs(n).topic);
    let ours = Subscribed {
        source_url: "https://a.example/feed".into(),
        hub: "https://hub.example/".into(),
        topic: "https://a.example/feed".into(),
        callback: "https://k.example/push/a/t".into(),
        token: "t".into(),
        secret: "s".into(),
        wish: Wish::Subscribe,
        failures: 1,
        not_before: Some(instant(1)),
        since: None,
        until: None,
        renew_at: None,
        trusted: false,
        rest_until: None,
    };
    check(
        |store| {
            let at_our_hub = (1..4).map(|n| (key(n), Some(theirs(n)))).collect();
            let at_others = vec![("a".into(), Some(ours.clone())), ("b".into(), Some(ours.clone()))];
            store.keep_subscriptions(&Subscriptions { at_our_hub, at_others }).unwrap();
            let changed = Subscription { failures: 7, ..theirs(3) };
            let at_our_hub = vec![(key(1), None), (key(3), Some(changed))];
            store.keep_subscriptions(&Subscriptions { at_our_hub, at_others: vec![("b".into(), None)] }).unwrap();
            commit(store, vec![change(None, item(1, &[], &[("a", 1)]))], 2);
        },
        |store| {
            let mut found: Vec<u32> = store.subscriptions().unwrap().iter().map(|one| one.failures).collect();
            found.sort_unstable();
            assert_eq!(found, [2, 7]);
            assert_eq!(store.subscribed().unwrap(), [("a".into(), ours.clone())]);
            assert_eq!(store.count().unwrap(), 1);
        },
    );
}

#[test]
fn neighbours_are_found_again_after_opening_and_only_recent_ones() {
    let shingles: Vec<u32> = (0..200).collect();
    check(
        |store| {
            let with =
                |number, sketch| Change { sketch: Some(sketch), ..change(None, item(number, &[], &[("a", number)])) };
            commit(store, vec![with(1, Sketch::of(&shingles, &[])), with(2, Sketch::of(&shingles[15..], &[]))], 3);
        },
        |store| {
            let found = |sketch: &Sketch, since| store.neighbours(sketch, instant(since), 9).unwrap();
            assert_eq!(found(&Sketch::of(&shingles, &[]), 0), [ItemId(1), ItemId(2)]);
            assert_eq!(found(&Sketch::of(&shingles, &[]), 1_700_000_002), [ItemId(2)]);
            assert_eq!(found(&Sketch::of(&[900, 901, 902], &[]), 0), []);
        },
    );
}

#[test]
fn a_store_that_has_learned_its_dictionary_reads_what_it_wrote_before() {
    let directory = tempfile::tempdir().unwrap();
    for begin in [0_u64, 500, 1000] {
        let store = DiskStore::open(directory.path()).unwrap();
        let all = (begin + 1..=begin + 500).map(|number| change(None, item(number, &["tppo"], &[("a", number)])));
        commit(&store, all.collect(), begin + 501);
    }
    let store = DiskStore::open(directory.path()).unwrap();
    for number in [1, 499, 500, 501, 1499] {
        assert_eq!(store.item(ItemId(number)).unwrap().unwrap().article, article(number));
    }
}

#[test]
fn changes_are_told_in_order_and_only_those_by_which_items_are_found() {
    let (first, second) = (item(1, &["tppo"], &[("a", 1)]), item(2, &[], &[("a", 2)]));
    let edited = Item { article: Article { title: "Lain".into(), ..first.article.clone() }, ..first.clone() };
    let told = Item { first_told: Some(ItemId(1)), changed: instant(1_800_000_000), ..second.clone() };
    let labelled = Item { labels: first.labels.clone(), ..told.clone() };
    check(
        |store| {
            assert_eq!(store.latest_change().unwrap(), 0);
            commit(store, vec![change(None, first.clone()), change(None, second.clone())], 3);
            commit(store, vec![change(Some(first.clone()), edited.clone())], 3);
            commit(store, vec![change(Some(second.clone()), told.clone())], 3);
            commit(store, vec![change(Some(told.clone()), labelled.clone())], 3);
        },
        |store| {
            let after = |change, limit| {
                let told = store.changes_after(change, limit).unwrap();
                told.map(|told| told.into_iter().map(|(change, id)| (change, id.0)).collect::<Vec<_>>())
            };
            assert_eq!(store.latest_change().unwrap(), 4);
            assert_eq!(after(0, 10), Some(vec![(1, 1), (2, 2), (3, 1), (4, 2)]));
            assert_eq!(after(2, 1), Some(vec![(3, 1)]));
            assert_eq!(after(4, 10), Some(vec![]));
            assert_eq!(after(5, 10), None, "a store that was put back knows less than who followed it");
        },
    );
}

#[test]
fn changes_are_remembered_for_a_while_and_then_said_to_be_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    for store in [&MemoryStore::default() as &dyn Store, &DiskStore::open(directory.path()).unwrap()] {
        let mut before = None;
        for round in 0..101 {
            let changes = (1..=1000).map(|number| {
                let labels: &[&str] = if round % 2 == 0 { &["tppo"] } else { &[] };
                let new = item(number, labels, &[("a", number)]);
                let old = before
                    .is_some()
                    .then(|| item(number, if round % 2 == 0 { &[] } else { &["tppo"] }, &[("a", number)]));
                Change { before: old, item: new, aliases: Vec::new(), sketch: None }
            });
            let changes = changes.collect();
            commit(store, changes, 1001);
            before = Some(round);
        }
        assert_eq!(store.latest_change().unwrap(), 101_000);
        assert_eq!(store.changes_after(999, 1).unwrap(), None);
        assert_eq!(store.changes_after(1000, 1).unwrap(), Some(vec![(1001, ItemId(1))]));
    }
}

#[test]
fn a_days_page_begins_below_the_first_that_came_later() {
    // Arrivals 4 and 5 were given to further carriers; the items were first seen in the second of their number.
    let act = |store: &dyn Store| {
        let items = [1, 2, 3, 6, 7, 20].map(|number| change(None, item(number, &[], &[("a", number)])));
        commit(store, items.into(), 21);
    };
    check(act, |store| {
        for (second, expected) in [(0, 0), (1, 2), (3, 6), (5, 6), (6, 7), (7, 20), (19, 20), (20, 21), (99, 21)] {
            let below = arrived_by(store, instant(1_700_000_000 + second)).unwrap();
            let newest = store.newest(None, below, 1).unwrap().first().map(|(_, id)| id.0);
            let of_expected = store.newest(None, expected, 1).unwrap().first().map(|(_, id)| id.0);
            assert_eq!(newest, of_expected, "{second}: {below}");
        }
    });
    assert_eq!(arrived_by(&MemoryStore::default(), instant(0)).unwrap(), 1, "nothing is below");
}

#[test]
fn counts_follow_what_changes_however_small_the_steps() {
    let act = |store: &dyn Store| {
        let items = (1..=40).map(|number| change(None, item(number, &["tppo"], &[("a", number)])));
        commit(store, items.collect(), 41);
    };
    check(act, |store| {
        let mut tally = Tally::new(chrono_tz::UTC);
        let mut reached = count_on(store, &mut tally, Counted::default(), 7).unwrap();
        assert!(!reached.is_complete() && tally.counted() == 7);
        // One that is counted already, and one that is still to come, are labelled anew; another one arrives.
        let relabelled = [38, 3].map(|number| {
            change(Some(item(number, &["tppo"], &[("a", number)])), item(number, &["ikn"], &[("a", number)]))
        });
        commit(store, relabelled.into(), 41);
        commit(store, vec![change(None, item(41, &["ikn"], &[("b", 41)]))], 42);
        for _ in 0..40 {
            reached = count_on(store, &mut tally, reached, 7).unwrap();
        }
        assert!(reached.is_complete() && tally.counted() == 41);
        let many = tally.facets(Count::Arrivals, &Selection::default(), 0, LAST);
        let many = |facet: Facet| many.get(&facet).copied().unwrap_or(0);
        assert_eq!((many(Facet::Topic("tppo".into())), many(Facet::Topic("ikn".into()))), (38, 3));
        assert_eq!(many(Facet::Source("b".into())), 1);
    });
}
