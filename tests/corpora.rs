//! The parser against public suites of feed documents, which are not part of this project: what two other readers get from each file
//! is what kliping must get. It skips, and says so, where the suites are absent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kliping::clean::plain_text;
use kliping::domain::{Entry, Feed};
use kliping::parse;
use serde_json::Value;
use url::Url;

/// What another reader got from a document.
struct Expected {
    items: Vec<(String, String)>,
    well_formed: bool,
}

fn suites() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("KLIPING_SHARED").map_or(beside, PathBuf::from).join("data/corpora");
    shared.is_dir().then_some(shared)
}

fn oracle(file: &Path) -> BTreeMap<String, Expected> {
    let text = fs::read_to_string(file).unwrap();
    let mut all = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let field = |item: &Value, name: &str| item[name].as_str().unwrap_or("").to_owned();
        let items = line["items"].as_array().unwrap().iter().map(|item| (field(item, "title"), field(item, "link")));
        let expected = Expected { items: items.collect(), well_formed: line["bozo"].as_u64().unwrap_or(0) == 0 };
        all.insert(line["file"].as_str().unwrap().to_owned(), expected);
    }
    all
}

/// Every file of the suites, feeds or not.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path => found.push(path),
        }
    }
}

/// Letters and digits only: entities are resolved once or twice, markup and space kept or not, as each reader likes.
fn folded(text: &str) -> String {
    let base = Url::parse("https://base.example/").unwrap();
    let once = plain_text(&kliping::clean::sanitise(text, &base));
    let twice = plain_text(&kliping::clean::sanitise(&once, &base));
    twice.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn link_of(entry: &Entry, feed: &Feed, base: &Url) -> String {
    let base = feed.site.as_deref().and_then(|site| base.join(site).ok()).unwrap_or_else(|| base.clone());
    let base = entry.base.as_deref().and_then(|own| base.join(own).ok()).unwrap_or(base);
    entry.link.as_deref().and_then(|link| base.join(link).ok()).map_or_else(String::new, String::from)
}

/// What is missing of what is expected; `None` where nothing is.
fn lacks(feed: &Feed, expected: &Expected, base: &Url) -> Option<String> {
    if feed.entries.len() < expected.items.len() {
        return Some(format!("{} of {} items", feed.entries.len(), expected.items.len()));
    }
    for (number, ((title, link), entry)) in expected.items.iter().zip(&feed.entries).enumerate() {
        let own = entry.title.as_deref().unwrap_or("");
        let (wanted, got) = (folded(title), folded(own));
        if !wanted.is_empty() && wanted != got {
            return Some(format!("item {number}: title `{title}`, got `{own}`"));
        }
        let got = link_of(entry, feed, base);
        let wanted = base.join(link).map_or_else(|_| link.clone(), String::from);
        let same = |a: &str, b: &str| a.trim_end_matches('/') == b.trim_end_matches('/');
        if !link.is_empty() && !same(&wanted, &got) && !got.ends_with(link.as_str()) {
            return Some(format!("item {number}: link `{link}`, got `{got}`"));
        }
    }
    None
}

/// As an outlet of East Kalimantan is read.
fn context(base: &Url) -> parse::Context<'_> {
    parse::Context {
        url: base.as_str(),
        charset: None,
        encoding: None,
        most_entries: 1000,
        zone: chrono::FixedOffset::east_opt(8 * 3600).unwrap(),
        now: Default::default(),
    }
}

#[test]
fn no_document_of_the_suites_stops_the_parser_or_takes_long() {
    let Some(suites) = suites() else {
        eprintln!(
            "skipped: the suites of feed documents are not beside this project (set KLIPING_SHARED to their folder)"
        );
        return;
    };
    let mut all = Vec::new();
    files(&suites, &mut all);
    let base = Url::parse("http://127.0.0.1/feed.xml").unwrap();
    for file in &all {
        let bytes = fs::read(file).unwrap();
        let begun = Instant::now();
        let context = context(&base);
        if let Ok(read) = parse::read(&bytes, &context) {
            kliping::clean::articles(&read.feed, &base, chrono::Utc::now());
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "{}: {:?}", file.display(), begun.elapsed());
    }
    eprintln!("{} documents", all.len());
}

#[test]
fn what_other_readers_get_kliping_gets() {
    let Some(suites) = suites() else {
        eprintln!(
            "skipped: the suites of feed documents are not beside this project (set KLIPING_SHARED to their folder)"
        );
        return;
    };
    let mut all: Vec<(String, Expected)> = oracle(&suites.join("oracle_feedparser.jsonl")).into_iter().collect();
    all.extend(oracle(&suites.join("oracle_gofeed.jsonl")));
    let base = Url::parse("http://127.0.0.1:8097/feed.xml").unwrap();
    // By whether they are well-formed: tried, held.
    let mut counts = [(0, 0); 2];
    let mut slowest = Duration::ZERO;
    for (file, expected) in &all {
        let Ok(bytes) = fs::read(suites.join(file)) else { continue };
        if expected.items.is_empty() {
            continue;
        }
        let begun = Instant::now();
        let context = context(&base);
        let read = parse::read(&bytes, &context);
        slowest = slowest.max(begun.elapsed());
        let wrong = match &read {
            Ok(read) => lacks(&read.feed, expected, &base),
            Err(error) => Some(error.to_string()),
        };
        let counts = &mut counts[usize::from(expected.well_formed)];
        counts.0 += 1;
        counts.1 += u32::from(wrong.is_none());
        if let Some(wrong) = wrong {
            eprintln!("{} {file}: {wrong}", if expected.well_formed { "well-formed" } else { "ILL-FORMED " });
        }
    }
    let ratio = |(tried, held): (u32, u32)| f64::from(held) / f64::from(tried.max(1));
    let [ill, well] = counts;
    eprintln!("well-formed {well:?} {:.4}, ill-formed {ill:?} {:.4}, slowest {slowest:?}", ratio(well), ratio(ill));
    assert!(ratio(well) >= 0.995 && ratio(ill) >= 0.97 && slowest < Duration::from_secs(1));
}
