//! An entry made ours. In: an entry as the publisher wrote it, and the addresses that its links are relative to. Out: an
//! [`Article`] with a canonical URL, safe HTML, plain text and believable instants. Deliberately absent: dropping an entry;
//! whatever it lacks, it stays news.

mod canonical;
mod html;
mod images;
mod plain;

pub use canonical::{TRACKING, canonical};
pub use html::{sanitise, text_of};
pub use plain::plain_text;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta};
use url::Url;

use crate::domain::{Article, Entry, Feed, Instant, Media};
use crate::text::is_legal;

/// Characters of a summary, at most.
const SUMMARY: usize = 400;
/// Characters of a title, at most; longer ones are texts in the wrong place.
const TITLE: usize = 300;
/// Clocks of small outlets are wrong by minutes; beyond that a date in the future is not believed.
const CLOCK_ERROR: TimeDelta = TimeDelta::minutes(15);
/// Categories, authors and media of an article, at most.
const MOST: usize = 50;

/// Makes every entry of a feed an article. `url` is the document's own address, `now` the instant of the poll.
pub fn articles(feed: &Feed, url: &Url, now: Instant) -> Vec<Article> {
    let site = site_of(feed, url);
    feed.entries.iter().map(|entry| article(entry, feed, &site, now)).collect()
}

/// Makes one entry an article, that was found at `url` by itself.
pub fn article_at(entry: &Entry, url: &Url, now: Instant) -> Article {
    article(entry, &Feed::default(), url, now)
}

/// An entry's link as it leads, absolute: relative to `xml:base`, else to the feed's page, else to the document's own address.
pub fn link(entry: &Entry, feed: &Feed, url: &Url) -> Option<String> {
    let site = site_of(feed, url);
    absolute(entry.link.as_deref()?, &base_of(entry, &site)).map(String::from)
}

/// The feed's page, where it tells a real one.
fn site_of(feed: &Feed, url: &Url) -> Url {
    let told = feed.site.as_deref().and_then(|site| absolute(site, url));
    told.filter(|site| matches!(site.scheme(), "http" | "https")).unwrap_or_else(|| url.clone())
}

fn base_of(entry: &Entry, site: &Url) -> Url {
    let told = entry.base.as_deref().and_then(|base| absolute(base, site));
    told.filter(|base| !base.cannot_be_a_base()).unwrap_or_else(|| site.clone())
}

/// An address as it was written, with whatever white space some editors break it by.
fn absolute(written: &str, base: &Url) -> Option<Url> {
    base.join(written.trim()).ok()
}

fn article(entry: &Entry, feed: &Feed, site: &Url, now: Instant) -> Article {
    let base = &base_of(entry, site);
    let link = entry.link.as_deref().and_then(|link| absolute(link, base));
    let content = longer(entry.content.as_deref(), entry.summary.as_deref());
    // Relative addresses in the text are relative to the article where its site does not say otherwise.
    let html = html::sanitise(content, if entry.base.is_some() { base } else { link.as_ref().unwrap_or(base) });
    let text = plain_text(&html);
    let url = link.as_ref().and_then(canonical);
    let title = title(entry.title.as_deref().unwrap_or(""), &text, url.as_deref());
    Article {
        guid: entry.guid.clone(),
        url,
        title,
        summary: summary(entry.summary.as_deref().unwrap_or(""), content, &text),
        html,
        published: entry.published.filter(|date| believable(*date, now)),
        updated: entry.updated.filter(|date| believable(*date, now)),
        authors: distinct(&entry.authors),
        categories: distinct(&entry.categories),
        media: media(&entry.media, base),
        language: entry.language.clone().or_else(|| feed.language.clone()),
        body: None,
    }
}

fn longer<'a>(content: Option<&'a str>, summary: Option<&'a str>) -> &'a str {
    let (content, summary) = (content.unwrap_or("").trim(), summary.unwrap_or("").trim());
    if summary.len() > content.len() { summary } else { content }
}

fn title(written: &str, text: &str, url: Option<&str>) -> String {
    let title = one_line(&html::text_of(written));
    if !title.is_empty() {
        return shortened(&title, TITLE);
    }
    let begin = shortened(&one_line(text), 90);
    if begin.is_empty() { url.map_or_else(|| "(tanpa judul)".into(), words_of) } else { begin }
}

/// What an address says, where nothing else does: `…/polisi-tahan-dua-orang.html` is `Polisi tahan dua orang`; the address itself where
/// it says nothing.
fn words_of(url: &str) -> String {
    let last = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['-', '_', '+']).filter(|word| !word.is_empty()).collect();
    let telling = words.iter().filter(|word| word.chars().all(char::is_alphabetic)).count();
    if telling < 2 || !url[url.find("://").map_or(0, |at| at + 3)..].contains('/') {
        return url.to_owned();
    }
    let sentence = words.join(" ");
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_uppercase);
    shortened(&first.into_iter().flatten().chain(letters).collect::<String>(), TITLE)
}

/// The publisher's own summary where it gave one beside the text, else the text's beginning.
pub fn summary(written: &str, content: &str, text: &str) -> String {
    let own = if written.trim() == content { String::new() } else { one_line(&html::text_of(written)) };
    let own = without_appeared_first(&own);
    let chosen = if own.chars().count() < 40 { one_line(text) } else { own.to_owned() };
    shortened(&chosen, SUMMARY)
}

/// WordPress ends its excerpts with `[…]` and `The post … appeared first on …`, which say nothing.
fn without_appeared_first(summary: &str) -> &str {
    let cut = match (summary.rfind("The post "), summary.rfind(" appeared first on ")) {
        (Some(post), Some(first)) if post < first => &summary[..post],
        _ => summary,
    };
    ["[…]", "[...]", "[&hellip;]"]
        .iter()
        .fold(cut.trim_end(), |text, end| text.strip_suffix(end).unwrap_or(text).trim_end())
}

fn believable(date: Instant, now: Instant) -> bool {
    const NINETEEN_NINETY: i64 = 631_152_000;
    DateTime::timestamp(&date) >= NINETEEN_NINETY && date <= now + CLOCK_ERROR
}

fn distinct(words: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let cleaned = words.iter().map(|word| shortened(&one_line(&html::text_of(word)), 100));
    cleaned.filter(|word| !word.is_empty() && seen.insert(word.to_lowercase())).take(MOST).collect()
}

fn media(media: &[Media], base: &Url) -> Vec<Media> {
    let absolute = |one: &Media| {
        let url = base.join(one.url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        Some(Media { url: url.into(), ..one.clone() })
    };
    media.iter().filter_map(absolute).take(MOST).collect()
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !is_unseen(*c)));
    }
    line
}

/// Characters that nobody sees but by what they do to others: those that are none, and those that turn the direction of all that follows.
fn is_unseen(c: char) -> bool {
    !is_legal(c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// At most `most` characters, cut between words where there is one, with an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|space| *space > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', '.', ';', ':', '-']))
}

#[cfg(test)]
mod tests;
