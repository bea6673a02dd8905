//! What a poll costs with few and with many items in the store: it must not grow with the archive.
//!
//!     cargo bench --bench archive [-- ITEMS]

#[path = "support/feeds.rs"]
mod support;
#[path = "support/items.rs"]
#[expect(dead_code, reason = "the articles are read from feeds")]
mod items;

use std::time::Instant;

use chrono::{FixedOffset, Utc};
use kliping::dedupe;
use kliping::domain::{Item, ItemId};
use kliping::store::{Batch, Change, DiskStore, Store};
use kliping::{clean, parse};
use url::Url;

/// Polls that are measured at each size.
const POLLS: usize = 50;
/// Items of a poll.
const ITEMS: usize = 20;

fn main() {
    let most: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(500_000);
    let directory = std::env::temp_dir().join(format!("kliping-archive-{}", std::process::id()));
    let store = DiskStore::open(&directory).expect("the system's temporary directory can be written");
    let mut site = 0;
    for size in [10_000, most] {
        while store.count().expect("the store answers") < size as u64 {
            // A thousand items a batch, as a busy writer would.
            commit(
                &store,
                (0..50)
                    .flat_map(|_| {
                        site += 1;
                        poll(site)
                    })
                    .collect(),
            );
        }
        let fresh: Vec<Vec<Item>> = (0..POLLS)
            .map(|_| {
                site += 1;
                poll(site)
            })
            .collect();
        let begun = Instant::now();
        for poll in fresh {
            commit(&store, poll);
        }
        let each = begun.elapsed() / u32::try_from(POLLS).expect("fifty");
        println!(
            "{size:>8} items kept: {each:?} a poll of {ITEMS} new items, synced; {} MB on disk",
            store.bytes_on_disk() >> 20
        );
    }
    drop(store);
    std::fs::remove_dir_all(&directory).expect("what was made can be removed");
}

fn poll(site: usize) -> Vec<Item> {
    let url = Url::parse(&format!("https://outlet{site}.example/feed/")).expect("a good address");
    let zone = FixedOffset::east_opt(0).expect("no offset at all");
    let context = parse::Context {
        url: url.as_str(),
        charset: None,
        encoding: None,
        most_entries: 1000,
        zone,
        now: Default::default(),
    };
    let parse::Reading { feed, .. } =
        parse::read(support::feed(site, ITEMS, 0).as_bytes(), &context).expect("the generated feed is right");
    let now = Utc::now();
    let item = |article| items::item(0, "s", article, now);
    clean::articles(&feed, &url, now).into_iter().map(item).collect()
}

fn commit(store: &DiskStore, items: Vec<Item>) {
    let mut next = store.next_arrival().expect("the store answers");
    let articles: Vec<_> = items.iter().map(|item| item.article.clone()).collect();
    let aliases = dedupe::aliases(&"s".into(), &articles, true);
    let change = |(mut item, aliases): (Item, Vec<_>)| {
        item.id = ItemId(next);
        item.carriers[0].arrival = next;
        next += 1;
        Change { before: None, item, aliases: aliases.into_iter().map(|(_, alias)| alias).collect(), sketch: None }
    };
    let changes: Vec<Change> = items.into_iter().zip(aliases).map(change).collect();
    store
        .commit(&Batch { changes, watches: Vec::new(), next_arrival: next, ..Batch::default() })
        .expect("the disk has room");
}
