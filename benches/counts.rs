//! What the counts of the pages and charts cost: counting everything after a start, the memory, each question, and finding a day's page.
//!
//!     cargo bench --bench counts [-- ITEMS]

#[path = "support/items.rs"]
mod items;

use std::time::Instant;

use chrono::{TimeDelta, Utc};
use kliping::domain::{Article, Facet, Item, Label, LabelKind, Selection};
use kliping::pipeline::{Counted, count_on};
use kliping::report::{Count, LAST, Tally};
use kliping::store::{Batch, Change, DiskStore, Store, arrived_by};

/// Topics, regions and sources that there are.
const KINDS: [u64; 3] = [8, 10, 60];

fn main() {
    let many: u64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(500_000);
    let directory = std::env::temp_dir().join(format!("kliping-counts-{}", std::process::id()));
    let store = DiskStore::open(&directory).expect("the system's temporary directory can be written");
    for from in (1..=many).step_by(5_000) {
        let fresh = (from..(from + 5_000).min(many + 1)).map(|id| Change {
            before: None,
            item: item(id, many),
            aliases: Vec::new(),
            sketch: None,
        });
        let batch = Batch { changes: fresh.collect(), next_arrival: from + 5_000, ..Batch::default() };
        store.commit(&batch).expect("the disk has room");
    }
    let before = resident();
    let (mut tally, mut reached) = (Tally::new(chrono_tz::Asia::Makassar), Counted::default());
    let (begun, mut longest) = (Instant::now(), std::time::Duration::ZERO);
    while !reached.is_complete() {
        let step = Instant::now();
        reached = count_on(&store, &mut tally, reached, 1_000).expect("the store answers");
        longest = longest.max(step.elapsed());
    }
    println!(
        "{many:>8} items counted in {:.1?}, the longest step {longest:.1?}; {} MB more resident",
        begun.elapsed(),
        resident().saturating_sub(before) >> 10
    );
    let topic = Selection::of(Facet::Topic("t1".into())).and_any(vec![Facet::Region("r2".into())]);
    let ask = |what: &str, question: &dyn Fn() -> usize| {
        let begun = Instant::now();
        let answer = (0..10).map(|_| question()).max();
        println!("{what:>40}: {:.2?} ({answer:?})", begun.elapsed() / 10);
    };
    ask("a year by day, everything", &|| tally.days(Count::Coverage, &Selection::default(), 20_400, 20_765).len());
    ask("a year by day, a topic in a region", &|| tally.days(Count::Coverage, &topic, 20_400, 20_765).len());
    ask("each channel, a topic in a region", &|| tally.facets(Count::Arrivals, &topic, 0, LAST).len());
    ask("all months of a topic in a region", &|| tally.months(&topic).len());
    ask("where a day begins", &|| {
        usize::try_from(arrived_by(&store, Utc::now() - TimeDelta::days(200)).unwrap_or(0)).unwrap_or(0)
    });
    drop(store);
    std::fs::remove_dir_all(&directory).expect("what was made can be removed");
}

/// Kilobytes of memory that the process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

fn item(id: u64, many: u64) -> Item {
    let seen = Utc::now() - TimeDelta::minutes(i64::try_from((many - id) * 3).unwrap_or(0));
    let dice = |sides: u64, salt: u64| (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (20 + salt)) % sides;
    let label =
        |kind, prefix: &str, number: u64| Label { kind, id: format!("{prefix}{number}").into(), because: Vec::new() };
    let mut labels = vec![label(LabelKind::Region, "r", dice(KINDS[1], 1))];
    if dice(3, 5) == 0 {
        labels.push(label(LabelKind::Topic, "t", dice(KINDS[0], 3)));
    }
    let text = format!("Berita nomor {id} tentang kampung di hulu sungai dan rapat di balai desa. ").repeat(20);
    let summary = text[..300].to_owned();
    let article =
        Article { published: Some(seen), ..items::article(format!("Judul {id}"), format!("<p>{text}</p>"), summary) };
    Item { labels, ..items::item(id, &format!("s{}", dice(KINDS[2], 7)), article, seen) }
}
