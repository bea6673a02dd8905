use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use kliping::clean;
use kliping::domain::ItemId;
use kliping::story::{Circumstances, Index, Likeness, Verdict, Wording, compare};
use kliping::text::Habits;
use serde_json::Value;
use url::Url;

use crate::measured::{lines, material};

struct Article {
    title: String,
    source: String,
    wording: Wording,
    date: Option<DateTime<Utc>>,
}

/// As an outlet's feed would bring it.
fn article(line: &Value) -> Article {
    let field = |name: &str| line[name].as_str().unwrap_or("").to_owned();
    let base = Url::parse("https://outlet.example/").unwrap();
    let text = clean::plain_text(&clean::sanitise(&field("body").replace('\n', "<br>"), &base));
    let title = clean::text_of(&field("title"));
    let zone = chrono::FixedOffset::east_opt(7 * 3600).unwrap();
    // One of the data sets writes the month first.
    let american = chrono::NaiveDateTime::parse_from_str(&field("date"), "%m/%d/%Y %H:%M").ok();
    let date = american.map(|date| date.and_utc()).or_else(|| kliping::parse::parse_date(&field("date"), zone));
    Article { wording: Wording::of(&title, &text, &Habits::default()), title, source: field("source"), date }
}

/// Pairs of the collection that nobody labelled: one outlet's pieces on one matter, with paragraphs of background in common. None is the
/// other run again.
const RELATED: [(&str, &str); 8] = [
    ("d06709", "d06705"),
    ("d01489", "d00807"),
    ("d00578", "d00835"),
    ("d06708", "d06706"),
    ("d06708", "d06705"),
    ("d03891", "d03922"),
    ("d02583", "d02492"),
    ("d06711", "d06707"),
];

#[test]
fn pairs_are_joined_as_a_reader_would() {
    let Some(folder) = material() else { return println!("skipped: there are no labelled pairs here") };
    let mut articles = HashMap::new();
    for file in ["topics", "pair_articles"] {
        for line in lines(&folder.join(format!("labelled/{file}.jsonl"))) {
            articles.insert(line["id"].as_str().unwrap().to_owned(), article(&line));
        }
    }
    let own = RELATED.map(|(a, b)| serde_json::json!({"a": a, "b": b, "label": "own:related_different"}));
    let mut kinds: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for pair in lines(&folder.join("labelled/pairs.jsonl")).into_iter().chain(own) {
        let (kind, [a, b]) =
            (pair["label"].as_str().unwrap(), ["a", "b"].map(|side| &articles[pair[side].as_str().unwrap()]));
        let apart = a.date.zip(b.date).map_or(TimeDelta::zero(), |(a, b)| b - a);
        let verdict = compare(&a.wording, &b.wording, Circumstances { same_outlet: a.source == b.source, apart });
        let joined = matches!(verdict, Verdict::Same(_));
        let mut index = Index::default();
        index.add(ItemId(1), DateTime::UNIX_EPOCH, a.wording.sketch());
        let found = !index.neighbours(b.wording.sketch(), DateTime::UNIX_EPOCH, 1).is_empty();
        let joined = joined && found;
        let (count, all) = kinds.entry(kind.to_owned()).or_default();
        *count += u32::from(joined);
        *all += 1;
        let same = ["constructed", "same_release", "same_article", "same_outlet"];
        if joined != same.iter().any(|same| kind.starts_with(same)) {
            println!("  {kind} {}/{}: {verdict:?}{}", pair["a"], pair["b"], if found { "" } else { ", no neighbours" });
            println!("    {:?}\n    {} | {}", Likeness::of(&a.wording, &b.wording), a.title, b.title);
        }
    }
    println!("{:<36} joined", "");
    for (kind, (joined, all)) in &kinds {
        println!("{kind:<36} {joined:>3} of {all:>3}  {:.2}", f64::from(*joined) / f64::from(*all));
        let part = f64::from(*joined) / f64::from(*all);
        let holds = match kind.as_str() {
            "constructed:truncated_summary" => part >= 0.6,
            "same_release" => part >= 0.85,
            "same_event" => part <= 0.2,
            kind if kind.ends_with("_different") => *joined == 0,
            _ => part >= 0.97,
        };
        assert!(holds, "{kind}: {joined} of {all}");
    }
}
