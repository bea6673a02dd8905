use std::sync::Arc;

use chrono::FixedOffset;
use url::Url;

use crate::clean;
use crate::dedupe::{self, Alias, AliasKind};
use crate::domain::{Article, Complaint, Instant, Rhythm, Source, SourceKind};
use crate::parse::{self, Listed, ParseError};
use crate::pipeline::Counts;
use crate::tag::{Judgement, Rules, Subject};
use crate::text::Habits;

/// Entries of a document that are taken, the newest; the rest is counted (POLLING 24).
const MOST_ENTRIES: usize = 1000;
/// The same of a sitemap, which may have many and no order, so that nobody knows which are new before all are looked at; and
/// of a file, which does not come again.
const MOST_ENTRIES_OF_LISTS: usize = 10_000;

/// An article, labelled, with the names under which it may be known: all that the writer needs to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What it says.
    pub article: Article,
    /// What it is about, and nearly is about.
    pub judgement: Judgement,
    /// Its names, strongest first.
    pub aliases: Vec<(AliasKind, Alias)>,
    /// Its text, a paragraph a line.
    pub text: String,
    /// What its outlet writes around all its items.
    pub habits: Arc<Habits>,
    /// Whether its title is ours, because the publisher gave none.
    pub untitled: bool,
    /// Its place in its document, counted from the top.
    pub place: usize,
}

/// What a document brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intake {
    /// In order of arrival: the oldest first, so that the newest gets the highest number.
    pub arrivals: Vec<Arrival>,
    /// What was written of it already.
    pub kept: Counts,
    /// What should be mended at the source.
    pub complaints: Vec<Complaint>,
    /// Entries in the document.
    pub entries: u32,
    /// Whether its guids identify nothing, now or at an earlier poll.
    pub guids_untrusted: bool,
    /// Whether its end is missing.
    pub cut_off: bool,
    /// What it is: `rss2`, `atom`, `json` …
    pub kind: &'static str,
    /// The encoding that it was read in.
    pub encoding: &'static str,
    /// How seldom it says that it changes.
    pub rhythm: Rhythm,
    /// What it calls itself.
    pub title: Option<String>,
    /// Where it says that older entries are, as written.
    pub older: Option<String>,
    /// The hub that it announces, as written.
    pub hub: Option<String>,
    /// What it calls its own address, as written.
    pub own: Option<String>,
    /// Whether WordPress wrote it, which pages its feeds.
    pub by_wordpress: bool,
    /// The sitemaps that it names, the newest first.
    pub parts: Vec<Listed>,
    /// The selector of what was taken for articles, where nobody told one.
    pub guessed: Option<String>,
}

/// An article, its names and its text.
type Named = ((Article, Vec<(AliasKind, Alias)>), String);

/// A document as it came.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// Its bytes, decompressed.
    pub bytes: &'a [u8],
    /// Its final URL.
    pub url: &'a Url,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
}

/// Parses, cleans and tags a document.
///
/// # Errors
/// The document is no feed.
pub fn take_in(
    received: Received<'_>,
    source: &Source,
    rules: &Rules,
    zone: FixedOffset,
    guids_untrusted: bool,
    now: Instant,
) -> Result<Intake, ParseError> {
    let encoding = source.encoding.as_deref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let charset = received.content_type.and_then(parse::charset);
    let lists = matches!(source.kind, SourceKind::Sitemap | SourceKind::File(_));
    let most_entries = if lists { MOST_ENTRIES_OF_LISTS } else { MOST_ENTRIES };
    let context = parse::Context { url: received.url.as_str(), charset, encoding, most_entries, zone, now };
    let parse::Reading { feed, complaints, entries, cut_off, encoding, parts, guessed } =
        parse::read_as(&source.kind, &source.selectors, received.bytes, &context)?;
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    let articles = clean::articles(&feed, received.url, now);
    let untitled = feed.entries.iter().map(|entry| entry.title.as_deref().is_none_or(|title| title.trim().is_empty()));
    let mut articles: Vec<(Article, (bool, usize))> = articles.into_iter().zip(untitled.zip(0..)).collect();
    let by_wordpress = feed.generator.as_deref().is_some_and(|generator| generator.contains("wordpress.org"));
    let (kind, rhythm, older, hub, own) = (feed.kind, feed.rhythm, feed.older, feed.hub, feed.own);
    let title = feed.title.as_deref().map(clean::text_of).filter(|title| !title.is_empty());
    drop(feed.entries);
    // Most documents have the newest first; those that have not, and old pieces pinned on top, are put in order by their dates. What
    // has none counts as new.
    articles.reverse();
    articles.sort_by_key(|(article, _)| article.published.unwrap_or(now));
    let (articles, told): (Vec<Article>, Vec<(bool, usize)>) = articles.into_iter().unzip();
    let guids_untrusted = guids_untrusted || !dedupe::guids_identify(&articles);
    let aliases = dedupe::aliases(&source.id, &articles, !guids_untrusted);
    let texts: Vec<String> = articles.iter().map(|article| clean::plain_text(&article.html)).collect();
    let habits =
        Habits::learn(texts.iter().zip(&articles).map(|(text, article)| (text.as_str(), &*article.categories)));
    let habits = Arc::new(habits);
    let label = |(((article, aliases), text), (untitled, place)): (Named, (bool, usize))| {
        let subject = Subject::of(&article, &text, &habits, source.id.as_str(), source.region.as_ref());
        let judgement = rules.judge(&subject);
        Arrival { article, judgement, aliases, text, habits: Arc::clone(&habits), untitled, place }
    };
    let arrivals = articles.into_iter().zip(aliases).zip(texts).zip(told).map(label).collect();
    Ok(Intake {
        kept: Counts::default(),
        arrivals,
        complaints,
        entries,
        guids_untrusted,
        cut_off,
        kind,
        encoding,
        rhythm,
        title,
        older,
        hub,
        own,
        by_wordpress,
        parts,
        guessed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_come_in_the_order_of_their_dates_whatever_the_documents() {
        let item = |n: u32, date: &str| {
            format!("<item><guid>{n}</guid><title>N{n}</title><link>https://a.example/{n}</link>{date}</item>")
        };
        let dated = |n: u32| item(n, &format!("<pubDate>1{n} Juli 2024</pubDate>"));
        let check = |items: &[String], expected: &str| {
            let document = format!("<rss version='2.0'><channel>{}</channel></rss>", items.concat());
            let url = Url::parse("https://a.example/feed").unwrap();
            let received = Received { bytes: document.as_bytes(), url: &url, content_type: None };
            let source = Source::new("a".into(), "A".into(), url.clone());
            let (zone, now) = (FixedOffset::east_opt(0).unwrap(), "2024-08-01T00:00:00Z".parse().unwrap());
            let intake = take_in(received, &source, &Rules::default(), zone, false, now).unwrap();
            let titles: Vec<&str> = intake.arrivals.iter().map(|arrival| arrival.article.title.as_str()).collect();
            assert_eq!(titles.join(" "), expected);
        };
        check(&[dated(3), dated(2), dated(1)], "N1 N2 N3");
        check(&[dated(1), dated(2), dated(3)], "N1 N2 N3");
        check(&[dated(1), dated(3), dated(2)], "N1 N2 N3");
        check(&[item(3, ""), item(2, ""), item(1, "")], "N1 N2 N3");
    }

    #[test]
    fn the_operators_word_on_the_encoding_goes_before_the_documents() {
        let document = b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><item><title>\xc1</title></item></channel></rss>";
        let url = Url::parse("https://a.example/feed").unwrap();
        let received = Received { bytes: document, url: &url, content_type: Some("text/xml; charset=utf-8") };
        let source = Source { encoding: Some("KOI8-R".into()), ..Source::new("a".into(), "A".into(), url.clone()) };
        let (zone, now) = (FixedOffset::east_opt(0).unwrap(), Instant::UNIX_EPOCH);
        let intake = take_in(received, &source, &Rules::default(), zone, false, now).unwrap();
        assert_eq!((intake.arrivals[0].article.title.as_str(), intake.encoding), ("а", "KOI8-R"));
    }
}
