use std::io::Read;
use std::path::Path;

use chrono::{FixedOffset, Offset, Utc};
use url::Url;

use crate::cli::failure::Failure;
use crate::cli::run;
use crate::config::{self, Environment, Settings};
use crate::fetch::{Answer, Fetcher, Request};
use crate::parse;

/// What a command was told to look at: a file, an address, or standard input.
#[derive(Debug)]
pub struct Input {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it came from; `None` where that is no address.
    pub url: Option<Url>,
    /// `Content-Type`, where a server told one.
    pub content_type: Option<String>,
    /// Whether it was cut off on its way.
    pub truncated: bool,
}

impl Input {
    /// Reads `FILE|URL|-`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(named: &str, settings: &Settings) -> Result<Input, Failure> {
        let without_address = |bytes| Input { bytes, url: None, content_type: None, truncated: false };
        if named == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(settings.limits.max_body).read_to_end(&mut bytes)?;
            return Ok(without_address(bytes));
        }
        if let Ok(url) = Url::parse(named)
            && matches!(url.scheme(), "http" | "https")
        {
            return run::runtime()?.block_on(fetch(url, settings));
        }
        let bytes = std::fs::read(named).map_err(|error| Failure::Usage {
            what: format!("cannot read `{named}`: {error}"),
            hint: "name a file, an address that begins with http, or `-` for standard input".into(),
        })?;
        Ok(without_address(bytes))
    }

    /// The address that relative ones in it are relative to.
    pub fn base(&self) -> Url {
        self.url.clone().unwrap_or_else(|| Url::parse("https://localhost/").expect("a constant address"))
    }

    /// It, read as a feed.
    ///
    /// # Errors
    /// It is none.
    pub fn as_feed(&self, settings: &Settings) -> Result<parse::Reading, parse::ParseError> {
        let base = self.base();
        let charset = self.content_type.as_deref().and_then(parse::charset);
        let context = parse::Context {
            url: base.as_str(),
            charset,
            encoding: None,
            most_entries: 1000,
            zone: zone(settings),
            now: Utc::now(),
        };
        parse::read(&self.bytes, &context)
    }
}

/// The settings of the file; where nobody named one and the usual one is not there, those of an empty file.
///
/// # Errors
/// The file has mistakes.
pub fn settings_if_any(config: &Path) -> Result<Settings, Failure> {
    let environment = Environment::from_process();
    if config == Path::new("feeds.toml") && !config.exists() {
        return Ok(config::read("", "feeds.toml", &environment)?);
    }
    Ok(config::load(config, &environment)?)
}

fn zone(settings: &Settings) -> FixedOffset {
    Utc::now().with_timezone(&settings.catalogue.site.timezone).offset().fix()
}

/// The operator names the address, so it may be a private one if feeds.toml allows private sources at all, or this very machine.
async fn fetch(url: Url, settings: &Settings) -> Result<Input, Failure> {
    let failed = |error: crate::fetch::FetchError| Failure::Unread { what: error.to_string(), hint: error.hint() };
    let allow_private =
        crate::fetch::is_loopback(&url) || settings.catalogue.sources.iter().any(|source| source.allow_private);
    let fetcher = Fetcher::new(settings.limits.clone(), &settings.user_agent).map_err(failed)?;
    match fetcher.ask(&Request { allow_private, ..Request::plain(url) }).await.map_err(failed)? {
        Answer::Document(document) => Ok(Input {
            bytes: document.bytes,
            url: Some(document.url),
            content_type: document.content_type,
            truncated: document.truncated,
        }),
        Answer::NotModified { .. } => Err(Failure::Unread {
            what: "the outlet answered 304 though nothing was asked for".into(),
            hint: "tell its webmaster".into(),
        }),
    }
}
