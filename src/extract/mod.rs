//! The article in a web page. In: an outlet's page. Out: its title and the article's HTML, still to be sanitised. Deliberately absent:
//! fetching; any knowledge of single outlets.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability};
use url::Url;

/// Elements of a page, beyond which it is not looked at: no article page has so many.
const MOST_ELEMENTS: usize = 20_000;

/// What an article's own page says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title, plain.
    pub title: Option<String>,
    /// Its text as the outlet wrote it, HTML; empty where none was found.
    pub html: String,
    /// Its beginning, plain.
    pub description: Option<String>,
    /// When it was published, as written; the most trustworthy first.
    pub published: Vec<String>,
    /// When it was edited, likewise.
    pub updated: Vec<String>,
    /// Bylines.
    pub authors: Vec<String>,
    /// Sections and keywords.
    pub categories: Vec<String>,
    /// Its picture, as written.
    pub image: Option<String>,
    /// Its own address, as written.
    pub canonical: Option<String>,
    /// Whether it forbids to keep a copy.
    pub no_archive: bool,
}

/// Reads an article's page. `body` is the operator's selector of its text.
pub fn page(page: &str, url: &Url, body: Option<&str>) -> Page {
    let _ = body;
    let config = Config { max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
    // A stranger's document must not end more than itself.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut readability = Readability::new(page, Some(url.as_str()), Some(config)).ok()?;
        readability.parse().ok()
    }));
    let Some(article) = found.ok().flatten() else { return Page::default() };
    Page {
        title: Some(article.title),
        html: article.content.to_string(),
        published: article.published_time.into_iter().collect(),
        ..Page::default()
    }
}
