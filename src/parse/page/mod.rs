//! A page that lists articles, of an outlet without a feed. In: an HTML document, and where the operator says that things stand in it. Out: a
//! [`Feed`] of what it lists, and what was guessed. Deliberately absent: the articles' own pages; a list that says too little is
//! completed by the pipeline.
//!
//! `guess` finds the block that repeats, one for each article; `block` makes an entry of one; `paging` finds the way to older ones.

mod block;
mod guess;
mod paging;

pub(super) use block::{css, text_of};

use scraper::{Html, Selector};
use url::Url;

use crate::domain::{Entry, Feed, Selectors};
use crate::parse::complaints::Complaints;
use crate::parse::newest::Newest;
use crate::parse::page::block::Within;
use crate::parse::{Context, ParseError, Reading, decode, is_bot_wall};
use crate::text::bounded;

/// A longer page is looked at up to here: no list is as long.
const LONGEST: usize = 4_000_000;

/// Reads a list page.
///
/// # Errors
/// It is empty, a bot wall's, or lists nothing.
pub fn read(bytes: &[u8], selectors: &Selectors, context: &Context<'_>) -> Result<Reading, ParseError> {
    let mut complaints = Complaints::default();
    let (text, encoding) = decode::decode_page(bytes, context, &mut complaints);
    if text.trim().is_empty() {
        return Err(ParseError::Empty);
    }
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let page = Html::parse_document(&bounded(text));
    let address = Url::parse(context.url).map_err(|error| ParseError::Unreadable { what: error.to_string() })?;
    let base = base(&page, &address);
    let within = Within::new(selectors, context)?;
    let (blocks, guessed) = match &selectors.item {
        Some(written) => (page.select(&selector(written)?).collect(), None),
        None => match guess::blocks(&page, &base) {
            Some(found) => (found.blocks, Some(found.selector)),
            None => (Vec::new(), None),
        },
    };
    let idle = within.idle(&blocks);
    let found = blocks.len();
    let mut newest = Newest::new(context.most_entries);
    let mut seen = std::collections::HashSet::new();
    for entry in blocks.into_iter().filter_map(|block| within.entry(block, &base)) {
        // A picture and a headline that lead to one article are one entry.
        if entry.link.as_ref().is_none_or(|link| seen.insert(link.clone())) {
            newest.push(entry);
        }
    }
    let (entries, count) = newest.finish();
    if entries.is_empty() {
        // Walls are told by words that a page full of news may hold as well.
        let by = if found > 0 && idle.contains(&"select_link") { &selectors.link } else { &selectors.item };
        return Err(if is_bot_wall(text) { ParseError::Challenge } else { ParseError::NoItems { by: by.clone() } });
    }
    for key in idle {
        complaints.lost(&format!("`{key}` matches nothing in any of {found} blocks"), "feeds.toml");
    }
    note_what_is_lacking(&entries, &mut complaints);
    let next = selectors.next.as_deref().map(selector).transpose()?;
    let older = paging::older(&page, &base, next.as_ref());
    if next.is_some() && older.is_none() {
        complaints.mended("`select_next` leads to no older page here", "feeds.toml");
    }
    let feed = Feed {
        kind: "page",
        title: block::first_text(&page, "title"),
        site: Some(base.to_string()),
        language: page.root_element().value().attr("lang").map(str::to_owned).filter(|lang| !lang.is_empty()),
        older,
        entries,
        ..Feed::default()
    };
    let complaints = complaints.into_list();
    let encoding = encoding.name();
    Ok(Reading { feed, complaints, entries: count, cut_off: false, encoding, parts: Vec::new(), guessed })
}

/// A selector as the operator wrote it.
///
/// # Errors
/// It is none; `config` has told so already.
pub fn selector(written: &str) -> Result<Selector, ParseError> {
    check_selector(written).map_err(|what| ParseError::Unreadable { what })
}

/// The same.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_selector(written: &str) -> Result<Selector, String> {
    Selector::parse(written).map_err(|error| format!("`{written}` is no CSS selector: {error}"))
}

/// What relative links are relative to: `<base href>`, else the page itself.
fn base(page: &Html, address: &Url) -> Url {
    let told = block::first(page, "base[href]").and_then(|base| base.value().attr("href").map(str::to_owned));
    told.and_then(|href| address.join(href.trim()).ok()).unwrap_or_else(|| address.clone())
}

fn note_what_is_lacking(entries: &[Entry], complaints: &mut Complaints) {
    let undated = entries.iter().filter(|entry| entry.published.is_none()).count();
    if undated > 0 {
        let place = format!("{undated} of {} entries", entries.len());
        complaints.mended("no date in the list; the articles' own pages are asked, once each", &place);
    }
}

#[cfg(test)]
mod tests;
