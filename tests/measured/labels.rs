use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use kliping::config::{self, Environment, Settings};
use kliping::domain::LabelKind;
use kliping::tag::Subject;
use serde_json::Value;

use crate::measured::{lines, material};

/// Right and wrong answers for one label.
#[derive(Default)]
struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
    report: String,
}

impl Score {
    fn count(&mut self, id: &str, title: &str, expected: bool, found: bool) {
        match (expected, found) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => return,
        }
        if expected != found {
            let _ = writeln!(self.report, "    {} {id} {title}", if found { "wrong " } else { "missed" });
        }
    }

    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }

    fn print(&self, name: &str) {
        println!(
            "{name:<24} precision {:.3} recall {:.3} ({} right, {} wrong, {} missed)\n{}",
            self.precision(),
            self.recall(),
            self.right,
            self.wrong,
            self.missed,
            self.report
        );
    }
}

fn shipped() -> Settings {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("feeds.toml");
    config::load(&file, &Environment::default()).unwrap()
}

fn text<'a>(article: &'a Value, field: &str) -> &'a str {
    article[field].as_str().unwrap_or("")
}

fn labels(settings: &Settings, article: &Value, kind: LabelKind) -> Vec<String> {
    let labels = settings.rules.judge(&Subject::plain(text(article, "title"), text(article, "body"))).labels;
    labels.into_iter().filter(|label| label.kind == kind).map(|label| label.id.to_string()).collect()
}

#[test]
fn topics_are_as_a_reader_labelled_them() {
    let Some(folder) = material() else { return println!("skipped: there are no labelled articles here") };
    let settings = shipped();
    let (mut tppo, mut ikn) = (Score::default(), Score::default());
    let (mut borderline, mut debatable) = (0, Score::default());
    for article in lines(&folder.join("labelled/topics.jsonl")) {
        let found = labels(&settings, &article, LabelKind::Topic);
        let expected = |label: &str| article["labels"].as_array().unwrap().iter().any(|own| own == label);
        for (id, label, score) in [("tppo", "TPPO", &mut tppo), ("ikn", "IKN", &mut ikn)] {
            let found = found.iter().any(|own| own == id);
            let (name, title) = (text(&article, "id"), text(&article, "title"));
            if article["borderline"] == true {
                debatable.count(name, title, expected(label), found);
                borderline += u32::from(expected(label) == found);
            } else {
                score.count(name, title, expected(label), found);
            }
        }
    }
    tppo.print("tppo");
    ikn.print("ikn");
    debatable.print("borderline");
    println!("borderline: {borderline} of 32 judged as the reader did");
    for score in [&tppo, &ikn] {
        assert!(score.precision() >= 0.97 && score.recall() >= 0.97);
    }
    assert!(f64::from(borderline) / 32.0 >= 0.85);
}

#[test]
fn regions_are_as_a_press_officer_labelled_them() {
    let Some(folder) = material() else { return println!("skipped: there are no labelled articles here") };
    let settings = shipped();
    let table: HashMap<&str, Vec<&str>> = include_str!("regions.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(id, regions)| (id, regions.split(' ').collect()))
        .collect();
    let mut articles = BTreeMap::new();
    for file in ["topics", "pair_articles"] {
        for article in lines(&folder.join(format!("labelled/{file}.jsonl"))) {
            articles.insert(text(&article, "id").to_owned(), article);
        }
    }
    articles.retain(|id, _| !id.contains('~'));
    let mut score = Score::default();
    for (id, article) in &articles {
        let found = labels(&settings, article, LabelKind::Region);
        let expected = table.get(id.as_str()).cloned().unwrap_or_default();
        for region in settings.catalogue.regions.iter().map(|region| region.id.as_str()) {
            if expected.iter().any(|own| own.strip_suffix('?') == Some(region)) {
                continue;
            }
            let title = format!("{region}: {}", text(article, "title"));
            score.count(id, &title, expected.contains(&region), found.iter().any(|own| own == region));
        }
    }
    println!("regions of {} articles", articles.len());
    score.print("regions");
    assert!(articles.len() >= 120);
    assert!(score.precision() >= 0.97 && score.recall() >= 0.95);
}
