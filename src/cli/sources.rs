use std::path::Path;
use std::process::ExitCode;

use chrono::Utc;

use crate::cli::arguments::{OutputFormat, SourcesOptions};
use crate::cli::failure::Failure;
use crate::cli::{daemon, once, table};
use crate::config::{self, Environment, Settings};
use crate::domain::{Instant, Source};
use crate::store::{DiskStore, MemoryStore, Store, StoreError};
use crate::web::{SourceHealth, health};

/// `kliping sources`: what the store remembers of each source; where a daemon holds the store, the daemon is asked.
pub fn run(config: &Path, options: &SourcesOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let chosen = if options.sources.is_empty() {
        settings.catalogue.sources.clone()
    } else {
        once::chosen(&settings, &options.sources)?
    };
    let mut all = match open(&settings) {
        Ok(store) => from_store(&*store, &chosen, &settings)?,
        Err(StoreError::Held { .. }) => daemon::json(options.listen, "/status.json", &settings)?,
        Err(error) => return Err(Failure::from(&error)),
    };
    all.retain(|health| chosen.iter().any(|source| source.id.as_str() == health.source));
    match options.format {
        OutputFormat::Json => println!("{}", serde_json::to_string_pretty(&all)?),
        OutputFormat::Text => print(&all, !options.sources.is_empty(), &settings),
    }
    Ok(ExitCode::SUCCESS)
}

/// The store; an empty one where nothing was ever polled, for asking must not make one.
pub fn open(settings: &Settings) -> Result<Box<dyn Store>, StoreError> {
    if !settings.store.path.exists() {
        return Ok(Box::new(MemoryStore::default()));
    }
    Ok(Box::new(DiskStore::open(&settings.store.path)?))
}

fn from_store(store: &dyn Store, chosen: &[Source], settings: &Settings) -> Result<Vec<SourceHealth>, Failure> {
    let now = Utc::now();
    let one = |source: &Source| {
        let watch = store.watch(&source.id).map_err(|error| Failure::from(&error))?.unwrap_or_default();
        Ok(health(source, watch, settings, now))
    };
    chosen.iter().map(one).collect()
}

fn print(all: &[SourceHealth], in_full: bool, settings: &Settings) {
    let head =
        ["source", "last poll", "outcome", "next poll", "items", "overlap", "complaints", "failures", "why then"];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(all.iter().map(|health| row(health, settings)));
    table::print(&rows);
    let failing = all.iter().filter(|health| health.failures > 0 || health.outcome == "gone").count();
    println!("\n{} sources, {failing} failing", all.len());
    for health in all {
        let notes = notes(health, in_full);
        if !notes.is_empty() {
            println!("\n{}  {}", health.source, health.url);
            notes.iter().for_each(|note| println!("  {note}"));
        }
    }
    if !in_full && all.iter().any(|health| !health.complaints.is_empty()) {
        eprintln!("  hint: `kliping sources --source ID` lists its complaints");
    }
}

fn row(health: &SourceHealth, settings: &Settings) -> Vec<String> {
    let local = |at: &Option<String>| {
        let at = at.as_deref().and_then(|at| at.parse::<Instant>().ok());
        let zone = settings.catalogue.site.timezone;
        at.map_or_else(|| "-".to_owned(), |at| at.with_timezone(&zone).format("%F %H:%M").to_string())
    };
    let outcome = match &health.error {
        Some(error) if health.outcome == "failed" => format!("failed: {}", error.kind),
        _ => health.outcome.clone(),
    };
    vec![
        health.source.clone(),
        local(&health.last_poll),
        outcome,
        local(&health.next_poll),
        health.items.to_string(),
        format!("{}/{}", health.known, health.entries),
        health.complaints.len().to_string(),
        health.failures.to_string(),
        health.why.clone().unwrap_or_default(),
    ]
}

/// What a person should look at; the complaints only where they are asked for.
fn notes(health: &SourceHealth, in_full: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(error) = &health.error {
        notes.push(format!("{}: {}", error.kind, error.what));
        notes.push(format!("hint: {}", error.hint));
    }
    if let Some(to) = &health.moved_to {
        notes.push(format!("moved for good: write `url = \"{to}\"` in its [[source]]"));
    }
    if health.left > 0 {
        notes.push(format!(
            "{} new articles are left for the next poll: there was no time to read their pages",
            health.left
        ));
    }
    if let Some(gap) = &health.last_gap {
        let filled = if gap.filled { "filled" } else { "not filled" };
        notes.push(format!("{} gaps, the last one {} ({filled}): {}", health.gaps, gap.at, gap.what));
    }
    if in_full {
        let lost = |mended: bool| if mended { "" } else { ", lost" };
        let complaint = |one: &crate::web::Complaint| format!("{} ({}{})", one.what, one.r#where, lost(one.mended));
        notes.extend(health.complaints.iter().map(complaint));
    }
    notes
}
