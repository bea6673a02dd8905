use std::path::Path;
use std::process::ExitCode;

use chrono::{Offset, Utc};
use tokio::task::JoinSet;

use crate::cli::arguments::CheckOptions;
use crate::cli::failure::Failure;
use crate::cli::{once, run, table};
use crate::config::{self, Environment, Settings};
use crate::domain::Source;
use crate::fetch::{Answer, Fetcher, Request};
use crate::pipeline::{Intake, Received, take_in};

/// `kliping check`.
pub fn run(config: &Path, options: &CheckOptions) -> Result<ExitCode, Failure> {
    if options.schema {
        println!("{:#}", config::json_schema());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = config::load(config, &Environment::from_process())?;
    let catalogue = &settings.catalogue;
    let enabled = catalogue.sources.iter().filter(|source| source.enabled).count();
    println!(
        "`{}` is right: {} sources ({enabled} enabled), {} topics, {} regions, {} channels",
        config.display(),
        catalogue.sources.len(),
        catalogue.topics.len(),
        catalogue.regions.len(),
        catalogue.channels.len()
    );
    if !options.online {
        return Ok(ExitCode::SUCCESS);
    }
    let sources = once::chosen(&settings, &options.sources)?;
    run::runtime()?.block_on(ask_all(settings, sources))
}

async fn ask_all(settings: Settings, sources: Vec<Source>) -> Result<ExitCode, Failure> {
    let fetcher = Fetcher::new(settings.limits.clone(), settings.user_agent.clone())
        .map_err(|error| Failure::Other(error.into()))?;
    let settings = std::sync::Arc::new(settings);
    let mut asked = JoinSet::new();
    for source in sources {
        let (fetcher, settings) = (fetcher.clone(), std::sync::Arc::clone(&settings));
        asked.spawn(async move {
            let answer = ask(&fetcher, &settings, &source).await;
            (source.id, answer)
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by(|a, b| a.0.cmp(&b.0));
    let failed = answers.iter().any(|(_, answer)| answer.is_err());
    let mut rows = vec![["source", "answer", "what"].map(String::from).to_vec()];
    for (id, answer) in answers {
        match answer {
            Ok((entries, what)) => rows.push(vec![id.to_string(), format!("{entries} entries"), what]),
            Err((kind, what)) => rows.push(vec![id.to_string(), format!("failed: {kind}"), what]),
        }
    }
    table::print(&rows);
    Ok(ExitCode::from(u8::from(failed)))
}

/// Entries and complaints, or the kind of failure and what happened.
async fn ask(fetcher: &Fetcher, settings: &Settings, source: &Source) -> Result<(u32, String), (String, String)> {
    let request = Request {
        url: source.url.clone(),
        validators: None,
        allow_private: source.allow_private,
        user_agent: source.user_agent.clone(),
    };
    let answer = fetcher.fetch(&request).await;
    let answer = answer.map_err(|error| (error.kind().to_owned(), format!("{error} (hint: {})", error.hint())))?;
    let Answer::Document(document) = answer else {
        return Ok((0, "not modified, though nothing was asked for".into()));
    };
    let now = Utc::now();
    let zone = now.with_timezone(&settings.catalogue.site.timezone).offset().fix();
    let received =
        Received { bytes: &document.bytes, url: &document.url, content_type: document.content_type.as_deref() };
    let intake = take_in(received, source, &settings.rules, zone, false, now);
    let Intake { entries, complaints, .. } =
        intake.map_err(|error| (error.kind().to_owned(), format!("{error} (hint: {})", error.hint())))?;
    let moved = if document.url == source.url { None } else { Some(format!("answered by {}", document.url)) };
    let complaints = complaints.into_iter().map(|complaint| format!("{} ({})", complaint.what, complaint.place));
    Ok((entries, moved.into_iter().chain(complaints).collect::<Vec<_>>().join("; ")))
}
