use std::path::Path;
use std::process::ExitCode;

use chrono::Utc;
use url::Url;

use crate::clean;
use crate::cli::arguments::ExplainOptions;
use crate::cli::failure::Failure;
use crate::cli::input::Input;
use crate::config::{self, Environment, Settings};
use crate::domain::{Because, Label, Lack, Near};
use crate::extract;
use crate::parse;
use crate::tag::Subject;
use crate::text::Habits;

/// A text to be explained.
struct Passage {
    title: String,
    text: String,
    categories: Vec<String>,
}

/// `kliping explain`.
pub fn run(config: &Path, options: &ExplainOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let passages = passages(&Input::read(&options.input, &settings)?, &settings);
    for (number, passage) in passages.iter().enumerate() {
        if number > 0 {
            println!();
        }
        explain(passage, &settings);
    }
    Ok(ExitCode::SUCCESS)
}

/// The entries of a feed, the text of a page, or a plain text whose first line is its title.
fn passages(input: &Input, settings: &Settings) -> Vec<Passage> {
    let url = input.base();
    if let Ok(parse::Reading { feed, .. }) = input.as_feed(settings) {
        let articles = clean::articles(&feed, &url, Utc::now());
        let passage = |article: crate::domain::Article| Passage {
            text: clean::plain_text(&article.html),
            title: article.title,
            categories: article.categories,
        };
        return articles.into_iter().map(passage).collect();
    }
    let text = String::from_utf8_lossy(&input.bytes);
    let lower = text.to_ascii_lowercase();
    if lower.contains("<html") || lower.contains("<p") {
        return vec![page(&text, &url)];
    }
    let (title, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    vec![Passage { title: title.trim().to_owned(), text: rest.trim().to_owned(), categories: Vec::new() }]
}

/// The article of a page; all of it where no article is found.
fn page(page: &str, url: &Url) -> Passage {
    let found = extract::page(page, url, None);
    let html = if found.html.trim().is_empty() { page } else { &found.html };
    let text = clean::plain_text(&clean::sanitise(html, url));
    Passage { title: found.title.unwrap_or_default(), text, categories: found.categories }
}

fn explain(passage: &Passage, settings: &Settings) {
    let subject = Subject::new(&passage.title, &passage.text, &passage.categories, &Habits::default());
    println!("{}", passage.title);
    let judged = settings.rules.judge(&subject);
    for Label { kind, id, because } in &judged.labels {
        println!("  {} `{id}`, because of {}", kind.as_str(), evidence(because));
    }
    if subject.roll_up {
        println!("  a roll-up: every paragraph counts as a piece of news of its own");
    }
    for Near { kind, id, found, lacks } in &judged.nearly {
        let (kind, found) = (kind.as_str(), evidence(found));
        match lacks {
            Lack::Weight => {
                println!("  not {kind} `{id}`: named in passing only, {found}");
                println!("    it would take the title, the first sentences, a quotation, or a second sentence");
            }
            Lack::Patterns(missing) => {
                println!("  not {kind} `{id}`: {found} was found, but nothing for {}", missing.join(", "));
            }
            Lack::Barred(by) => {
                println!("  not {kind} `{id}`: {found} was found, but so was {} of `none`", evidence(by));
            }
        }
    }
    if judged.labels.is_empty() {
        println!("  no label");
    }
}

fn evidence(because: &[Because]) -> String {
    let one = |because: &Because| {
        let paragraph =
            if because.paragraph > 0 { format!(", paragraph {}", because.paragraph) } else { String::new() };
        format!("\"{}\" in the {}{paragraph} (rule `{}`)", because.words, because.field.as_str(), because.rule)
    };
    because.iter().map(one).collect::<Vec<_>>().join(", ")
}
