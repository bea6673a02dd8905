use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use chrono::{FixedOffset, Utc};
use url::Url;

use crate::clean;
use crate::cli::arguments::ExplainOptions;
use crate::cli::failure::Failure;
use crate::cli::run;
use crate::config::{self, Environment, Settings};
use crate::domain::{Because, Label};
use crate::fetch::{Answer, Fetcher, Request};
use crate::parse;
use crate::tag::{Subject, Verdict};

/// A text to be explained.
struct Passage {
    title: String,
    text: String,
    categories: Vec<String>,
}

/// `kliping explain`.
pub fn run(config: &Path, options: &ExplainOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let bytes = read(&options.input, &settings)?;
    let passages = passages(&bytes, &options.input);
    for (number, passage) in passages.iter().enumerate() {
        if number > 0 {
            println!();
        }
        explain(passage, &settings);
    }
    Ok(ExitCode::SUCCESS)
}

fn read(input: &str, settings: &Settings) -> Result<Vec<u8>, Failure> {
    if input == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(settings.limits.max_body).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    if let Ok(url) = Url::parse(input)
        && matches!(url.scheme(), "http" | "https")
    {
        return run::runtime()?.block_on(fetch(url, settings));
    }
    std::fs::read(input).map_err(|error| Failure::Usage {
        what: format!("cannot read `{input}`: {error}"),
        hint: "name a file, an address that begins with http, or `-` for standard input".into(),
    })
}

/// The operator names the address, so it may be a private one if feeds.toml allows private sources at all.
async fn fetch(url: Url, settings: &Settings) -> Result<Vec<u8>, Failure> {
    let failed = |error: crate::fetch::FetchError| Failure::Usage { what: error.to_string(), hint: error.hint() };
    let allow_private = settings.catalogue.sources.iter().any(|source| source.allow_private);
    let fetcher = Fetcher::new(settings.limits.clone(), &settings.user_agent).map_err(failed)?;
    let request = Request { allow_private, ..Request::plain(url) };
    match fetcher.ask(&request).await.map_err(failed)? {
        Answer::Document(document) => Ok(document.bytes),
        Answer::NotModified { .. } => Ok(Vec::new()),
    }
}

/// The entries of a feed, the text of a page, or a plain text whose first line is its title.
fn passages(bytes: &[u8], input: &str) -> Vec<Passage> {
    let url = Url::parse(input).unwrap_or_else(|_| Url::parse("https://localhost/").expect("a constant address"));
    let zone = FixedOffset::east_opt(0).expect("no offset at all");
    let context = parse::Context { url: url.as_str(), charset: None, encoding: None, zone };
    if let Ok(parse::Reading { feed, .. }) = parse::read(bytes, &context) {
        let articles = clean::articles(&feed, &url, Utc::now());
        let passage = |article: crate::domain::Article| Passage {
            text: clean::plain_text(&article.html),
            title: article.title,
            categories: article.categories,
        };
        return articles.into_iter().map(passage).collect();
    }
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_ascii_lowercase();
    let text = if lower.contains("<html") || lower.contains("<p") {
        let body = lower.find("<body").map_or(&text[..], |at| &text[at..]);
        let title = lower.find("<title").and_then(|at| Some(&text[at..at + lower[at..].find("</title")?]));
        format!(
            "{}\n{}",
            title.map(|title| clean::plain_text(&clean::sanitise(title, &url))).unwrap_or_default(),
            clean::plain_text(&clean::sanitise(body, &url))
        )
    } else {
        text.into_owned()
    };
    let (title, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    vec![Passage { title: title.trim().to_owned(), text: rest.trim().to_owned(), categories: Vec::new() }]
}

fn explain(passage: &Passage, settings: &Settings) {
    let subject = Subject {
        title: &passage.title,
        text: &passage.text,
        categories: &passage.categories,
        region: None,
        source: "",
    };
    println!("{}", passage.title);
    let labels = settings.rules.labels(&subject);
    for Label { kind, id, because } in &labels {
        println!("  {} `{id}`, because of {}", kind.as_str(), evidence(because));
    }
    for (id, verdict) in settings.rules.verdicts(&subject) {
        match verdict {
            Verdict::Lacks { found, missing } => {
                println!("  not `{id}`: {} was found, but nothing for {}", evidence(&found), missing.join(", "));
            }
            Verdict::Barred { found, by } => {
                println!("  not `{id}`: {} was found, but so was {} of `none`", evidence(&found), evidence(&by));
            }
            Verdict::Applies(_) | Verdict::Absent => {}
        }
    }
    if labels.is_empty() {
        println!("  no label");
    }
}

fn evidence(because: &[Because]) -> String {
    let one = |because: &Because| {
        format!("\"{}\" in the {} (rule `{}`)", because.words, because.field.as_str(), because.rule)
    };
    because.iter().map(one).collect::<Vec<_>>().join(", ")
}
