use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::cli::arguments::{CheckOptions, OutputFormat};
use crate::cli::failure::Failure;
use crate::cli::inspection::Inspection;
use crate::cli::{inspect, once, progress, run};
use crate::config::{self, Environment, Settings};
use crate::domain::Source;
use crate::fetch::Fetcher;

/// `kliping check`.
pub fn run(config: &Path, options: &CheckOptions) -> Result<ExitCode, Failure> {
    if options.schema {
        println!("{:#}", config::json_schema());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = config::load(config, &Environment::from_process())?;
    if options.format == OutputFormat::Text {
        println!("`{}` is right: {}", config.display(), counted(&settings));
    }
    if !options.online {
        return Ok(ExitCode::SUCCESS);
    }
    let sources = once::chosen(&settings, &options.sources)?;
    let inspections = run::runtime()?.block_on(inspect_all(settings, sources))?;
    match options.format {
        OutputFormat::Json => println!("{}", serde_json::to_string_pretty(&inspections)?),
        OutputFormat::Text => inspections.iter().for_each(|inspection| print!("\n{inspection}")),
    }
    let failed = inspections.iter().filter(|inspection| inspection.error.is_some()).count();
    if options.format == OutputFormat::Text {
        println!("\n{} sources, {failed} failed; nothing was kept", inspections.len());
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn counted(settings: &Settings) -> String {
    let catalogue = &settings.catalogue;
    let enabled = catalogue.sources.iter().filter(|source| source.enabled).count();
    format!(
        "{} sources ({enabled} enabled), {} topics, {} regions, {} channels",
        catalogue.sources.len(),
        catalogue.topics.len(),
        catalogue.regions.len(),
        catalogue.channels.len()
    )
}

async fn inspect_all(settings: Settings, sources: Vec<Source>) -> Result<Vec<Inspection>, Failure> {
    let fetcher = Fetcher::watching_certificates(settings.limits.clone(), &settings.user_agent)
        .map_err(|error| Failure::Other(error.into()))?;
    let settings = Arc::new(settings);
    let bar = progress::bar(sources.len());
    let mut asked = JoinSet::new();
    for source in sources {
        let (fetcher, settings) = (fetcher.clone(), Arc::clone(&settings));
        asked.spawn(async move { inspect::inspect(&fetcher, &settings, &source).await });
    }
    let mut inspections = Vec::new();
    while let Some(inspection) = asked.join_next().await {
        let inspection = inspection.map_err(|error| Failure::Other(error.into()))?;
        bar.set_message(inspection.source.clone());
        bar.inc(1);
        inspections.push(inspection);
    }
    bar.finish_and_clear();
    inspections.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(inspections)
}
