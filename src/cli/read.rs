use std::path::Path;
use std::process::ExitCode;

use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use crate::clean;
use crate::cli::arguments::{OutputFormat, ReadOptions};
use crate::cli::failure::Failure;
use crate::cli::input::{Input, settings_if_any};
use crate::domain::{Complaint, Instant};
use crate::parse::Reading;

/// A document as kliping reads it: the contract of `kliping read --format json`.
#[derive(Debug, Serialize)]
struct Read {
    kind: &'static str,
    encoding: &'static str,
    title: Option<String>,
    entries: Vec<ReadEntry>,
    complaints: Vec<ReadComplaint>,
}

#[derive(Debug, Serialize)]
struct ReadEntry {
    guid: Option<String>,
    title: String,
    url: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    text: String,
}

#[derive(Debug, Serialize)]
struct ReadComplaint {
    what: String,
    r#where: String,
    mended: bool,
}

/// `kliping read`.
pub fn run(config: &Path, options: &ReadOptions) -> Result<ExitCode, Failure> {
    let settings = settings_if_any(config)?;
    let input = Input::read(&options.input, &settings)?;
    let reading = input.as_feed(&settings).map_err(|error| Failure::Unread {
        what: format!("`{}`: {error}", options.input),
        hint: error.hint().into(),
    })?;
    let read = read(reading, &input);
    match options.format {
        OutputFormat::Json => println!("{}", serde_json::to_string_pretty(&read)?),
        OutputFormat::Text => print(&read),
    }
    Ok(ExitCode::SUCCESS)
}

fn read(reading: Reading, input: &Input) -> Read {
    let Reading { feed, mut complaints, encoding, .. } = reading;
    if input.truncated {
        let what = "the document was cut off on its way".into();
        complaints.push(Complaint { what, place: "document".into(), mended: false });
    }
    let articles = clean::articles(&feed, &input.base(), Utc::now());
    // Links are shown as they lead, not as they are kept: without tracking they would be another's words.
    let entries = articles.into_iter().zip(&feed.entries).map(|(article, entry)| {
        let url = clean::link(entry, &feed, &input.base()).or_else(|| entry.link.clone());
        let relative = input.url.is_none() && url.as_deref().is_some_and(|url| url.starts_with("https://localhost/"));
        let title = entry.title.as_deref().map(clean::text_of).filter(|title| !title.is_empty());
        ReadEntry {
            guid: article.guid,
            title: title.unwrap_or(article.title),
            url: if relative { entry.link.clone() } else { url },
            published: entry.published.map(written),
            updated: entry.updated.map(written),
            text: clean::plain_text(&article.html),
        }
    });
    Read {
        kind: feed.kind,
        encoding,
        title: feed.title.as_deref().map(clean::text_of).filter(|title| !title.is_empty()),
        entries: entries.collect(),
        complaints: complaints
            .into_iter()
            .map(|one| ReadComplaint { what: one.what, r#where: one.place, mended: one.mended })
            .collect(),
    }
}

fn written(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn print(read: &Read) {
    let title = read.title.as_deref().unwrap_or("no title");
    println!("{title}  ({}, {}, {} entries)", read.kind, read.encoding, read.entries.len());
    for (number, entry) in read.entries.iter().enumerate() {
        println!("\n{:>4}  {}", number + 1, entry.title);
        println!("      {}", entry.url.as_deref().unwrap_or("no link"));
        let published = entry.published.as_deref().unwrap_or("no date that is understood");
        println!("      {published}, guid {}", entry.guid.as_deref().unwrap_or("none"));
        let begin: String = entry.text.split_whitespace().take(24).collect::<Vec<_>>().join(" ");
        if !begin.is_empty() {
            println!("      {begin}");
        }
    }
    if !read.complaints.is_empty() {
        println!("\n{} complaints", read.complaints.len());
    }
    for complaint in &read.complaints {
        let mended = if complaint.mended { "mended" } else { "lost" };
        println!("  {} ({}; {mended})", complaint.what, complaint.r#where);
    }
}
