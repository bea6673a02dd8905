use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli::arguments::OnceOptions;
use crate::cli::failure::Failure;
use crate::cli::{progress, run, table};
use crate::config::{self, Environment, Settings};
use crate::domain::{Outcome, Source, Wait};
use crate::pipeline::{Engine, PollReport, Poller, outstanding};
use crate::schedule::blocked;

/// `kliping once`.
pub fn run(config: &Path, options: &OnceOptions) -> Result<ExitCode, Failure> {
    let settings = Arc::new(config::load(config, &Environment::from_process())?);
    let chosen = chosen(&settings, &options.sources)?;
    let (_sender, receiver) = watch::channel(Arc::clone(&settings));
    run::runtime()?.block_on(async {
        let engine = Engine::start(receiver, Arc::new(Utc::now))?;
        let rows = poll_all(&engine.poller, chosen, options.force).await;
        let count = engine.poller.store.count().unwrap_or(0);
        let ours = engine.poller.round.is_ours();
        let relabel = outstanding(&*engine.poller.store, &settings).is_ok_and(|below| below.is_some());
        tokio::task::spawn_blocking(|| engine.finish()).await.map_err(|error| Failure::Other(error.into()))?;
        let code = report(rows?, count);
        if ours {
            eprintln!(
                "every source failed: that looks like this machine's own network, and counts against none of them"
            );
            eprintln!("  hint: check the network (and the name server), then run `kliping once` again");
        }
        if relabel {
            eprintln!("the rules have changed since what is kept was labelled");
            eprintln!("  hint: `kliping rules test` tells what that changes, `kliping retag` applies it");
        }
        Ok(code)
    })
}

/// The sources that were named, or all enabled ones.
///
/// # Errors
/// A name that no source has.
pub fn chosen(settings: &Settings, names: &[String]) -> Result<Vec<Source>, Failure> {
    let sources = &settings.catalogue.sources;
    if names.is_empty() {
        return Ok(sources.iter().filter(|source| source.enabled).cloned().collect());
    }
    let find = |name: &String| {
        sources.iter().find(|source| source.id.as_str() == name).cloned().ok_or_else(|| Failure::Usage {
            what: format!("there is no source `{name}` in the configuration"),
            hint: format!(
                "the sources are: {}",
                sources.iter().map(|source| source.id.as_str()).collect::<Vec<_>>().join(", ")
            ),
        })
    };
    names.iter().map(find).collect()
}

/// How one source fared.
enum Row {
    Polled(Source, Box<PollReport>),
    Waiting(Source, String),
}

async fn poll_all(poller: &Poller, sources: Vec<Source>, force: bool) -> Result<Vec<Row>, Failure> {
    let bar = progress::bar(sources.len());
    let mut polls: JoinSet<Result<Row, Failure>> = JoinSet::new();
    for source in sources {
        let poller = poller.clone();
        polls.spawn(async move {
            if let Some(why) = waiting(&poller, &source, force)? {
                return Ok(Row::Waiting(source, why));
            }
            let report = poller.poll(&source).await?;
            if report.outcome.is_none() {
                return Ok(Row::Waiting(source, report.wait.as_ref().map(until).unwrap_or_default()));
            }
            Ok(Row::Polled(source, Box::new(report)))
        });
    }
    let mut rows = Vec::new();
    while let Some(row) = polls.join_next().await {
        let row = row.map_err(|error| Failure::Other(error.into()))??;
        if let Row::Polled(source, _) = &row {
            bar.set_message(source.title.clone());
        }
        bar.inc(1);
        rows.push(row);
    }
    bar.finish_and_clear();
    rows.sort_by(|a, b| id(a).cmp(id(b)));
    Ok(rows)
}

fn id(row: &Row) -> &crate::domain::Slug {
    match row {
        Row::Polled(source, _) | Row::Waiting(source, _) => &source.id,
    }
}

fn waiting(poller: &Poller, source: &Source, force: bool) -> Result<Option<String>, Failure> {
    if force {
        return Ok(None);
    }
    let watch = poller.store.watch(&source.id).map_err(|error| Failure::from(&error))?.unwrap_or_default();
    let watch = watch.under(source);
    if watch.gone {
        return Ok(Some("gone for good (410); `--force` asks all the same".into()));
    }
    let sparing = poller.settings.borrow().sparing_by_hand(source);
    Ok(blocked(&watch, sparing, (poller.clock)()).as_ref().map(until))
}

fn until(wait: &Wait) -> String {
    format!("{} (until {})", wait.why, wait.until.format("%F %H:%M UTC"))
}

fn report(rows: Vec<Row>, count: u64) -> ExitCode {
    let mut lines =
        vec![["source", "outcome", "entries", "new", "edited", "carried", "what"].map(String::from).to_vec()];
    let (mut failed, mut waiting, mut new) = (0, 0, 0);
    for row in rows {
        match row {
            Row::Waiting(source, why) => {
                waiting += 1;
                let blank = String::new;
                lines.push(vec![source.id.to_string(), "waiting".into(), blank(), blank(), blank(), blank(), why]);
            }
            Row::Polled(source, report) => {
                failed += u32::from(matches!(report.outcome, Some(Outcome::Failed { .. })));
                new += report.counts.new;
                lines.push(line(&source, &report));
            }
        }
    }
    let sources = lines.len() - 1;
    table::print(&lines);
    println!("\n{sources} sources, {failed} failed, {waiting} waiting; {new} new items, {count} kept");
    if waiting > 0 {
        eprintln!("  hint: `kliping once --force` asks those that wait as well");
    }
    ExitCode::from(u8::from(failed > 0))
}

fn line(source: &Source, report: &PollReport) -> Vec<String> {
    let counts = report.counts;
    let (outcome, what) = match &report.outcome {
        Some(Outcome::Fetched) => ("fetched".to_owned(), complaints(report)),
        Some(Outcome::Unchanged) | None => ("unchanged".to_owned(), String::new()),
        Some(Outcome::Failed { kind, what, hint }) => (format!("failed: {kind}"), format!("{what} (hint: {hint})")),
    };
    let number = |value: u32| value.to_string();
    vec![
        source.id.to_string(),
        outcome,
        number(report.entries),
        number(counts.new),
        number(counts.edited),
        number(counts.carried),
        what,
    ]
}

fn complaints(report: &PollReport) -> String {
    match report.complaints.as_slice() {
        [] => String::new(),
        [only] => only.what.clone(),
        [first, rest @ ..] => format!("{} (and {} more)", first.what, rest.len()),
    }
}
