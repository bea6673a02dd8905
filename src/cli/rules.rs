use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::arguments::RulesOptions;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::config::{self, Environment, Settings};
use crate::domain::{Item, Label, LabelKind};
use crate::pipeline::{Relabel, Relabelled};
use crate::store::{DiskStore, Store, StoreError};

/// Titles that are shown of what a topic gains and loses, unless all are asked for.
const SHOWN: usize = 5;

/// What one topic or region would gain and lose.
#[derive(Default)]
struct Difference {
    has: usize,
    gains: Vec<String>,
    losses: Vec<String>,
}

/// `kliping rules test`: what is kept, under the rules of this file.
pub fn run(config: &Path, options: &RulesOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let path = options.store.clone().unwrap_or_else(|| settings.store.path.clone());
    if !path.exists() {
        return Err(Failure::Usage {
            what: format!("nothing is kept in `{}` yet, so there is nothing to test the rules on", path.display()),
            hint: "run `kliping once` first, or name another store with `--store`".into(),
        });
    }
    let store: Arc<dyn Store> = Arc::new(DiskStore::open(&path).map_err(|error| match error {
        StoreError::Held { .. } => Failure::Store {
            what: format!("the store `{}` is in use by another process", path.display()),
            hint: format!(
                "test on a copy: `cp -r {} /tmp/copy`, then `kliping rules test --store /tmp/copy`; or stop the daemon",
                path.display()
            ),
        },
        error => Failure::from(&error),
    })?);
    let differences = differences(store, Arc::new(settings)).map_err(|error| Failure::from(&error))?;
    print(&differences, if options.all { usize::MAX } else { SHOWN });
    Ok(ExitCode::SUCCESS)
}

type Differences = BTreeMap<(LabelKind, String), Difference>;

fn differences(store: Arc<dyn Store>, settings: Arc<Settings>) -> Result<Differences, StoreError> {
    let mut all = Differences::new();
    for topic in &settings.catalogue.topics {
        all.entry((LabelKind::Topic, topic.id.to_string())).or_default();
    }
    let bar = progress::items(store.count()?);
    let mut relabel = Relabel::new(store, settings);
    let mut below = u64::MAX;
    while below > 0 {
        let piece = relabel.next(below)?;
        piece.same.iter().for_each(|item| count(item, &mut all));
        for relabelled in &piece.changed {
            count(&relabelled.before, &mut all);
            compare(relabelled, &mut all);
        }
        below = piece.below;
        bar.inc((piece.same.len() + piece.changed.len()) as u64);
    }
    bar.finish_and_clear();
    Ok(all)
}

fn count(item: &Item, all: &mut Differences) {
    for label in &item.labels {
        all.entry((label.kind, label.id.to_string())).or_default().has += 1;
    }
}

fn compare(relabelled: &Relabelled, all: &mut Differences) {
    let (before, after) = (&relabelled.before.labels, &relabelled.judgement.labels);
    let lacks =
        |labels: &[Label], one: &Label| !labels.iter().any(|label| label.kind == one.kind && label.id == one.id);
    let title = |sign: char, label: &Label| {
        let words: Vec<String> =
            label.because.iter().map(|one| format!("“{}” ({})", one.words, one.field.as_str())).collect();
        format!("    {sign} {}  {}  {}", relabelled.before.id, relabelled.before.article.title, words.join(", "))
    };
    for label in after.iter().filter(|label| lacks(before, label)) {
        all.entry((label.kind, label.id.to_string())).or_default().gains.push(title('+', label));
    }
    for label in before.iter().filter(|label| lacks(after, label)) {
        all.entry((label.kind, label.id.to_string())).or_default().losses.push(title('-', label));
    }
}

fn print(differences: &Differences, shown: usize) {
    for ((kind, id), difference) in differences {
        let (gains, losses) = (&difference.gains, &difference.losses);
        println!(
            "{} `{id}`: {} items, would gain {} and lose {}",
            kind.as_str(),
            difference.has,
            gains.len(),
            losses.len()
        );
        for list in [gains, losses] {
            for line in list.iter().take(shown) {
                println!("{line}");
            }
            if list.len() > shown {
                println!("    … and {} more (`--all` shows them)", list.len() - shown);
            }
        }
    }
}
