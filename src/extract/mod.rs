//! The article in a web page. In: an outlet's page. Out: the HTML of its body, still to be sanitised, and what the page tells of it.
//! Deliberately absent: fetching; any knowledge of single outlets; understanding of dates, which stay as they are written.
//!
//! A page is cut of what nobody reads (`source`), parsed, and laid flat as lines (`tree`), each judged by the names of what it
//! lies in (`junk`, `inline`, `guard`) and by its words (`wording`). `body` finds where the article is, `sift` and `edges` drop from it what is no
//! text, `render` writes the rest.

mod body;
mod byline;
mod dated;
mod dates;
mod edges;
mod elements;
mod guard;
mod inline;
mod json_ld;
mod junk;
mod line;
mod meta;
mod names;
mod phrases;
mod render;
mod sift;
mod source;
mod title;
mod told;
mod tools;
mod tree;
mod wording;

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, Matcher};
use url::Url;

use crate::text::bounded;

/// Bytes of a page that are looked at.
const LONGEST: usize = 3_000_000;
/// Dates, authors and categories, at most.
const MOST: usize = 30;
/// Bytes of a selector, and matches of it that are kept, at most.
const LONGEST_SELECTOR: usize = 500;
const MOST_MATCHES: usize = 500;

/// What an article's own page says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title without the site's name, plain.
    pub title: Option<String>,
    /// Its body as the outlet wrote it, not sanitised; empty where none was found.
    pub html: String,
    /// Its summary, plain.
    pub description: Option<String>,
    /// When it was published, as written, the most trustworthy first.
    pub published: Vec<String>,
    /// When it was changed, likewise.
    pub updated: Vec<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its sections, tags and keywords.
    pub categories: Vec<String>,
    /// The address of its picture, as written.
    pub image: Option<String>,
    /// `<link rel="canonical">`, as written.
    pub canonical: Option<String>,
    /// Whether the page asks not to be kept, of `robots` or of `kliping`: `noarchive` or `none`.
    pub no_archive: bool,
}

/// Reads an article's page. `body`: a CSS selector that names the body, whatever else the page looks like; what it matches is taken as
/// it is. A page that cannot be read is an empty one.
pub fn page(page: &str, url: &Url, body: Option<&str>) -> Page {
    let page = &page[..page.floor_char_boundary(LONGEST)];
    // A stranger's document must not end more than itself.
    catch_unwind(AssertUnwindSafe(|| read(page, url, body))).unwrap_or_default()
}

/// Whether a CSS selector can be used; the reason where not.
pub fn check_selector(selector: &str) -> Result<(), String> {
    if selector.trim().is_empty() {
        return Err("it is empty".into());
    }
    if selector.len() > LONGEST_SELECTOR {
        return Err(format!("it is longer than {LONGEST_SELECTOR} bytes"));
    }
    match catch_unwind(|| Matcher::new(selector).map(drop).map_err(|error| format!("{:?}", error.kind))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(reason)) => Err(format!("it is no CSS selector: {reason}")),
        Err(_) => Err("it is no CSS selector".into()),
    }
}

fn read(page: &str, url: &Url, selector: Option<&str>) -> Page {
    let source = source::cut(page);
    let facts = json_ld::read(&source.facts);
    let document = Document::from(&*bounded(&source::part_leads(source.html)));
    let head = meta::Head::of(&document);
    let mut tree = tree::Tree::of(&document);
    let heading = title::heading(&tree, head.title.as_deref());
    let headline = head.headline(facts.title.as_deref(), heading.as_deref(), facts.publisher.as_deref(), url);
    let title = title::line(&tree, headline.as_deref());
    let told = told::lines(&tree.lines, facts.body.as_deref());
    guard::mark(&mut tree, title, &told);
    let found = body::find(&tree, title, &told).map(|mut body| {
        sift::sift(&tree, &mut body, title);
        body
    });
    let line = |last: bool| {
        let mut lines = found.as_ref()?.lines.iter();
        if last { lines.rposition(|kept| *kept) } else { lines.position(|kept| *kept) }
    };
    let seen = dates::near(&document, &tree, title, line(false), line(true));
    let (best, other) = head.published();
    let text = |value: &str| Some(meta::plain(value)).filter(|text| !text.is_empty());
    let html = match selector.and_then(|selector| selected(&document, selector)) {
        Some(html) => html,
        None if selector.is_some() => String::new(),
        None => found.map_or(String::new(), |body| render::render(&document, &tree, &body)),
    };
    Page {
        html,
        title: headline,
        description: head
            .first(&["og:description", "description", "twitter:description"])
            .and_then(text)
            .or_else(|| text(facts.description.as_deref()?)),
        published: distinct([best, facts.published.into_iter().collect(), other, seen.published]),
        updated: distinct([head.updated(), facts.updated.into_iter().collect(), seen.updated, Vec::new()]),
        authors: if facts.authors.is_empty() && head.authors().is_empty() {
            distinct([seen.authors, Vec::new(), Vec::new(), Vec::new()])
        } else {
            distinct([facts.authors, head.authors(), Vec::new(), Vec::new()])
        },
        categories: distinct([head.categories(), facts.categories, Vec::new(), Vec::new()]),
        image: head
            .first(&["og:image", "og:image:url", "og:image:secure_url"])
            .map(str::to_owned)
            .or(facts.image)
            .or_else(|| head.first(&["twitter:image", "twitter:image:src"]).map(str::to_owned)),
        canonical: head.canonical.clone(),
        no_archive: head.no_archive(),
    }
}

/// What a selector matches, joined; what lies in another match is there already.
fn selected(document: &Document, selector: &str) -> Option<String> {
    let found = document.try_select(selector)?;
    let mut html = String::new();
    let mut taken = Vec::new();
    for node in found.nodes().iter().take(MOST_MATCHES) {
        if !node.ancestors_it(None).any(|outer| taken.contains(&outer.id)) {
            taken.push(node.id);
            html.push_str(&node.html());
        }
    }
    (!html.is_empty()).then_some(html)
}

/// What is left of lists when each value is plain, short and there once.
fn distinct(lists: [Vec<String>; 4]) -> Vec<String> {
    let mut kept = Vec::<String>::new();
    for value in lists.into_iter().flatten().take(10 * MOST) {
        let value = meta::plain(&value);
        if !value.is_empty()
            && value.len() <= 200
            && kept.len() < MOST
            && !kept.iter().any(|one| one.eq_ignore_ascii_case(&value))
        {
            kept.push(value);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
