//! The stages one by one, on a generated feed of twenty items.

#[path = "support/feeds.rs"]
mod support;

use std::sync::LazyLock;

use chrono::{FixedOffset, Utc};
use divan::Bencher;
use kliping::domain::{Article, Catalogue, Feed, Topic};
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
    let context = parse::Context { url: URL.as_str(), charset: None, encoding: None, most_entries: 1000, zone };
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

#[divan::bench]
fn tag_a_feed(bencher: Bencher<'_, '_>) {
    let catalogue = catalogue();
    let topics: &[Topic] = &catalogue.topics;
    let rules = Rules::compile(topics, &catalogue.regions).expect("the shipped patterns are right");
    let texts: Vec<(Article, String)> =
        articles().into_iter().map(|article| (article.clone(), clean::plain_text(&article.html))).collect();
    let habits = Habits::default();
    bencher.bench(|| {
        let labels = |(article, text)| rules.judge(&Subject::of(article, text, &habits, "s", None)).labels.len();
        texts.iter().map(|(article, text)| labels((article, text))).sum::<usize>()
    });
}
