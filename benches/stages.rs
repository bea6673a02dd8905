//! The stages one by one, on a generated feed of twenty items.

#[path = "support/feeds.rs"]
mod support;

use std::sync::LazyLock;

use chrono::{FixedOffset, Utc};
use divan::Bencher;
use kliping::domain::{Article, Catalogue, Feed, Instant, ItemId, Topic};
use kliping::story::{Index, Sketch, Wording};
use kliping::tag::{Rules, Subject};
use kliping::text::Habits;
use kliping::{clean, config, parse};
use url::Url;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| support::feed(1, 20, 0));
static URL: LazyLock<Url> = LazyLock::new(|| Url::parse("https://outlet1.example/feed/").expect("a constant address"));

fn main() {
    divan::main();
}

fn feed() -> Feed {
    let zone = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    let context = parse::Context {
        url: URL.as_str(),
        charset: None,
        encoding: None,
        most_entries: 1000,
        zone,
        now: Default::default(),
    };
    parse::read(DOCUMENT.as_bytes(), &context).expect("the generated feed is right").feed
}

fn articles() -> Vec<Article> {
    clean::articles(&feed(), &URL, Utc::now())
}

fn catalogue() -> Catalogue {
    let text = include_str!("../feeds.toml");
    config::read(text, "feeds.toml", &config::Environment::default()).expect("the shipped file is right").catalogue
}

#[divan::bench]
fn parse_a_feed(bencher: Bencher<'_, '_>) {
    bencher.bench(feed);
}

#[divan::bench]
fn clean_a_feed(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(feed).bench_values(|feed| clean::articles(&feed, &URL, Utc::now()));
}

/// What it takes to make articles of a document: the yardstick for what comes after.
#[divan::bench]
fn read_a_feed(bencher: Bencher<'_, '_>) {
    bencher.bench(|| clean::articles(&feed(), &URL, Utc::now()));
}

/// What it takes to compare the articles of a feed with others: their wording and sketches.
#[divan::bench]
fn word_a_feed(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let habits = Habits::default();
    bencher.bench(|| {
        let hashes =
            |(article, text): &(Article, String)| Wording::of(&article.title, text, &habits).sketch().hashes().len();
        texts.iter().map(hashes).sum::<usize>()
    });
}

/// Looking for twenty articles' neighbours among so many.
#[divan::bench(args = [5_000, 500_000])]
fn find_neighbours_of_a_feed(bencher: Bencher<'_, '_>, kept: u32) {
    let mut index = Index::default();
    for number in 0..kept {
        index.add(ItemId(u64::from(number)), Instant::UNIX_EPOCH, &sketch(number));
    }
    let sketches: Vec<Sketch> = (0..20).map(|number| sketch(number * (kept / 20))).collect();
    bencher.bench(|| {
        let found = |sketch| index.neighbours(sketch, Instant::UNIX_EPOCH, 6).len();
        sketches.iter().map(found).sum::<usize>()
    });
}

/// Hashes as of a text of its own: a third of them are phrases that one article in a thousand has.
fn sketch(seed: u32) -> Sketch {
    let hash =
        |n: u32| if n.is_multiple_of(3) { (seed % 1000) * 100 + n } else { (seed * 31 + n).wrapping_mul(0x9e37_79b9) };
    let mut hashes: Vec<u32> = (0..28).map(hash).collect();
    hashes.sort_unstable();
    Sketch::of(&hashes, &[])
}

fn texts() -> Vec<(Article, String)> {
    articles().into_iter().map(|article| (article.clone(), clean::plain_text(&article.html))).collect()
}

#[divan::bench]
fn tag_a_feed(bencher: Bencher<'_, '_>) {
    let catalogue = catalogue();
    let topics: &[Topic] = &catalogue.topics;
    let rules = Rules::compile(topics, &catalogue.regions).expect("the shipped patterns are right");
    let texts = texts();
    let habits = Habits::default();
    bencher.bench(|| {
        let labels = |(article, text)| rules.judge(&Subject::of(article, text, &habits, "s", None)).labels.len();
        texts.iter().map(|(article, text)| labels((article, text))).sum::<usize>()
    });
}
