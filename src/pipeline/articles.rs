use std::sync::Arc;
use std::time::Duration;

use chrono::{FixedOffset, TimeDelta};
use tokio::time::Instant as Stopwatch;
use url::Url;

use crate::clean;
use crate::dedupe;
use crate::domain::{Article, Complaint, Entry, Instant, Item, Media, Source, SourceKind, Watch};
use crate::extract;
use crate::fetch::{Answer, Document, FetchError, Turn};
use crate::parse;
use crate::pipeline::parts::in_order;
use crate::pipeline::poller::offset_of;
use crate::pipeline::{Arrival, Intake, Poller, asking};
use crate::tag::Subject;
use crate::text::Habits;

/// Articles' pages that a poll of the daemon reads, at most.
pub const MOST_ARTICLES: usize = 500;
/// For all pages of one poll: a slow host is not talked to for hours.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// What is so much older than the newest that was known is a sitemap's archive.
const ARCHIVE: TimeDelta = TimeDelta::days(30);
/// Articles of a first sitemap that are taken, the newest.
const MOST_AT_FIRST: usize = 1_000;
/// Bytes of pages that are read together.
const PIECE: usize = 2_000_000;
/// After so many failures in a row the host is left alone.
const MOST_FAILURES: usize = 3;
/// A text of so many characters is no excerpt.
const NO_EXCERPT: usize = 2_000;

/// What reading pages came to.
#[derive(Debug, Default)]
pub struct Completed {
    /// New articles that are left for the next poll.
    pub left: u32,
    /// The host answered 429.
    pub too_many: bool,
}

/// A page as it came.
type Page = (Document, Url);

impl Poller {
    /// Reads the pages of new articles of which the list says too little, each once and never again (POLLING 18), in the host's turn. What
    /// is known already gets what its page said when it was read. `None` where reading them panicked.
    ///
    /// The newest come first. Where time runs out, or the host is in trouble, what has a title arrives as the list has it, and what has
    /// none is left for the next poll.
    pub(super) async fn complete(
        &self,
        source: &Source,
        before: &Watch,
        intake: &mut Intake,
        turn: &mut Turn,
        now: Instant,
    ) -> Option<Completed> {
        let mut done = Completed::default();
        in_order(&mut intake.arrivals, now);
        let wanting = self.wanting(source, before, intake);
        let begun = Stopwatch::now();
        let most = within(LONGEST, self.fetcher.gap(&source.url)).min(self.articles);
        let mut pages: Vec<(usize, Page)> = Vec::new();
        let mut unread: Vec<usize> = Vec::new();
        let (mut in_a_row, mut read) = (Vec::new(), 0);
        for (number, at) in wanting.into_iter().rev().enumerate() {
            let in_trouble = done.too_many || in_a_row.len() >= MOST_FAILURES;
            if number >= most || in_trouble || begun.elapsed() > LONGEST {
                unread.push(at);
                continue;
            }
            let address = intake.arrivals[at].article.url.as_deref().and_then(|url| Url::parse(url).ok());
            let Some(url) = address else { continue };
            match self.page(source, url.clone(), turn).await {
                Ok(Some(document)) => {
                    (in_a_row, read) = (Vec::new(), read + 1);
                    pages.push((at, (document, url)));
                }
                Ok(None) => complain(intake, "its robots.txt does not let us read its articles' pages", &url),
                Err(error @ FetchError::PrivateAddress { .. }) => {
                    complain(intake, &format!("an article's page is not asked for: {error}"), &url);
                }
                Err(error) => {
                    in_a_row.push(at);
                    done.too_many = error.status() == Some(429);
                    complain(intake, &format!("an article's page could not be had: {error}"), &url);
                }
            }
            // In pieces, so that not all of them are in memory at once.
            if pages.iter().map(|(_, (document, _))| document.bytes.len()).sum::<usize>() > PIECE {
                self.take_in_pages(source, intake, std::mem::take(&mut pages), now).await;
            }
        }
        self.take_in_pages(source, intake, pages, now).await;
        if read > 0 {
            tracing::debug!(source = %source.id, pages = read, "{} had new articles, whose pages were read", source.id);
        }
        // Whose pages failed while the host was in trouble are not to blame; but where none at all could be had twice they will not be.
        if (done.too_many || in_a_row.len() >= MOST_FAILURES) && (read > 0 || before.left == 0) {
            unread.append(&mut in_a_row);
        } else if read == 0 && before.left > 0 && !unread.is_empty() && self.articles > 0 {
            unread.clear();
        }
        done.left = leave(intake, &unread);
        self.label_anew(source, intake, now).await.then_some(done)
    }

    /// The new arrivals of which the list says too little, by their places; the oldest first. Of those that are known what cannot be an
    /// edit is taken out, and of a sitemap what belongs to the archive: it may name everything that a site ever wrote.
    fn wanting(&self, source: &Source, before: &Watch, intake: &mut Intake) -> Vec<usize> {
        let archive = before.reached.filter(|_| source.kind == SourceKind::Sitemap).map(|reached| reached - ARCHIVE);
        let mut wanting = Vec::new();
        let mut at = 0;
        intake.arrivals.retain_mut(|arrival| {
            let stays = match self.kept(arrival) {
                Some(kept) => {
                    inherit(arrival, &kept);
                    !(arrival.untitled && kept.carriers.iter().any(|carrier| carrier.source == source.id))
                }
                None => {
                    let date = arrival.article.published.or(arrival.article.updated);
                    let old = archive.zip(date).is_some_and(|(archive, date)| date < archive);
                    if !old && wants_its_page(source, arrival) {
                        wanting.push(at);
                    }
                    !old
                }
            };
            at += usize::from(stays);
            stays
        });
        // At the first poll a sitemap gives no more than any document.
        let surplus = if before.items == 0 { intake.arrivals.len().saturating_sub(MOST_AT_FIRST) } else { 0 };
        intake.arrivals.drain(..surplus);
        wanting.into_iter().filter_map(|at| at.checked_sub(surplus)).collect()
    }

    /// The item that an arrival is already.
    pub(super) fn kept(&self, arrival: &Arrival) -> Option<Item> {
        let names: Vec<_> = arrival.aliases.iter().map(|(_, alias)| *alias).collect();
        let id = self.store.find(&names).ok()?.into_iter().flatten().next()?;
        self.store.item(id).ok()?
    }

    /// The page of an article; `None` where the outlet does not let us read it.
    async fn page(&self, source: &Source, url: Url, turn: &mut Turn) -> Result<Option<Document>, FetchError> {
        let request = crate::fetch::Request { web_page: true, ..asking::of_source(source, url) };
        let robots = self.fetcher.robots(&request, turn).await;
        if let Some(error) = robots.unreachable() {
            return Err(FetchError::Broken { why: format!("its robots.txt could not be had ({error})") });
        }
        if !robots.allow(&request.url) {
            return Ok(None);
        }
        let Answer::Document(document) = self.fetcher.fetch_next(&request, turn).await? else { return Ok(None) };
        // Where it led is asked for leave as well: too late for the request, not for its use.
        if !document.hops.is_empty() {
            let there = crate::fetch::Request { url: document.url.clone(), allow_private: false, ..request };
            if !self.fetcher.robots(&there, turn).await.allow(&document.url) {
                return Ok(None);
            }
        }
        Ok(Some(document))
    }

    /// Gives arrivals what their pages say.
    async fn take_in_pages(&self, source: &Source, intake: &mut Intake, pages: Vec<(usize, Page)>, now: Instant) {
        if pages.is_empty() {
            return;
        }
        let _turn = self.readers.acquire().await;
        let (settings, body) = (Arc::clone(&self.settings.borrow()), source.selectors.body.clone());
        let encoding = source.encoding.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let zone = offset_of(settings.catalogue.site.timezone, now);
            let read = |(at, (document, url)): (usize, Page)| {
                let encoding = encoding.as_deref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
                let context = parse::Context {
                    url: document.url.as_str(),
                    charset: document.content_type.as_deref().and_then(parse::charset),
                    encoding,
                    most_entries: 1,
                    zone,
                    now,
                };
                let page = extract::page(&parse::page_text(&document.bytes, &context), &document.url, body.as_deref());
                let no_archive = page.no_archive || document.headers.no_archive;
                (at, article_of(page, no_archive, &url, zone, now))
            };
            pages.into_iter().map(read).collect::<Vec<(usize, Article)>>()
        });
        let zone = offset_of(self.settings.borrow().catalogue.site.timezone, now);
        for (at, page) in reading.await.unwrap_or_default() {
            if page.html.is_empty() && source.selectors.body.is_some() {
                let url =
                    page.url.as_deref().and_then(|url| Url::parse(url).ok()).unwrap_or_else(|| source.url.clone());
                complain(intake, "nothing on the article's page matches `select_body`", &url);
            }
            complete(&mut intake.arrivals[at], page, zone);
        }
    }

    /// Labels and names by what is known now. `false` where that panicked, which would be a defect of ours.
    async fn label_anew(&self, source: &Source, intake: &mut Intake, now: Instant) -> bool {
        let (settings, source) = (Arc::clone(&self.settings.borrow()), source.clone());
        let mut arrivals = std::mem::take(&mut intake.arrivals);
        let trusted = !intake.guids_untrusted;
        let labelling = tokio::task::spawn_blocking(move || {
            let texts: Vec<String> = arrivals.iter().map(|arrival| clean::plain_text(arrival.article.text())).collect();
            let lessons =
                texts.iter().zip(&arrivals).map(|(text, arrival)| (text.as_str(), &*arrival.article.categories));
            let habits = Arc::new(Habits::learn(lessons));
            let articles: Vec<Article> = arrivals.iter().map(|arrival| arrival.article.clone()).collect();
            let aliases = dedupe::aliases(&source.id, &articles, trusted);
            for ((arrival, text), aliases) in arrivals.iter_mut().zip(texts).zip(aliases) {
                let subject = Subject::of(&arrival.article, &text, &habits, source.id.as_str(), source.region.as_ref());
                arrival.judgement = settings.rules.judge(&subject);
                (arrival.text, arrival.aliases, arrival.habits) = (text, aliases, Arc::clone(&habits));
            }
            in_order(&mut arrivals, now);
            arrivals
        });
        let Ok(labelled) = labelling.await else { return false };
        intake.arrivals = labelled;
        true
    }
}

/// Pages that a host can be asked for in that time.
fn within(time: Duration, gap: Duration) -> usize {
    let possible = time.as_millis().checked_div(gap.as_millis()).unwrap_or(u128::MAX);
    usize::try_from(possible).unwrap_or(usize::MAX)
}

/// Whether a list says too little of an article.
fn wants_its_page(source: &Source, arrival: &Arrival) -> bool {
    let article = &arrival.article;
    let undated = article.published.is_none() && matches!(source.kind, SourceKind::Page | SourceKind::Sitemap);
    article.url.is_some() && (arrival.untitled || undated || (source.full_text && arrival.text.len() < NO_EXCERPT))
}

/// What a list leaves out stays as the article's page had it.
fn inherit(arrival: &mut Arrival, kept: &Item) {
    let (article, kept) = (&mut arrival.article, &kept.article);
    if arrival.untitled {
        article.title.clone_from(&kept.title);
    }
    if kept.body.is_some() {
        article.body.clone_from(&kept.body);
        fill(article, kept.clone());
    }
    article.published = article.published.or(kept.published);
}

/// Gives an arrival what its page says.
fn complete(arrival: &mut Arrival, page: Article, zone: FixedOffset) {
    let article = &mut arrival.article;
    if arrival.untitled && !page.title.is_empty() {
        article.title.clone_from(&page.title);
    }
    // A sitemap's `lastmod` is better than the day on which we came.
    article.published = finer(article.published, page.published, zone).or(article.updated);
    article.updated = article.updated.or(page.updated);
    article.body = Some(page.html.clone());
    fill(article, page);
}

/// A list's date; where that is a day only, and the page tells the hour of that day, the page's.
fn finer(listed: Option<Instant>, page: Option<Instant>, zone: FixedOffset) -> Option<Instant> {
    let (Some(day), Some(hour)) = (listed, page) else { return listed.or(page) };
    let (day, hour) = (day.with_timezone(&zone), hour.with_timezone(&zone));
    if day.time() == chrono::NaiveTime::MIN && day.date_naive() == hour.date_naive() { page } else { listed }
}

/// Fills in what an article lacks.
fn fill(article: &mut Article, from: Article) {
    if article.summary.is_empty() {
        article.summary = from.summary;
    }
    if article.authors.is_empty() {
        article.authors = from.authors;
    }
    if article.categories.is_empty() {
        article.categories = from.categories;
    }
    if article.media.is_empty() {
        article.media = from.media;
    }
    article.language = article.language.take().or(from.language);
}

/// A page as an article of its own: its date is the first that can be read.
fn article_of(page: extract::Page, no_archive: bool, url: &Url, zone: FixedOffset, now: Instant) -> Article {
    let date = |written: &[String]| written.iter().find_map(|date| parse::parse_date(date, zone));
    let plain = |text: Option<String>| text.map(|text| text.replace('&', "&amp;").replace('<', "&lt;"));
    let entry = Entry {
        link: Some(url.to_string()),
        title: plain(page.title),
        published: date(&page.published),
        updated: date(&page.updated),
        content: Some(page.html).filter(|_| !no_archive),
        summary: plain(page.description),
        authors: page.authors,
        categories: page.categories,
        media: page.image.into_iter().map(|url| Media { url, media_type: None, bytes: None }).collect(),
        ..Entry::default()
    };
    let article = clean::article_at(&entry, url, now);
    // The description is no text of the article: where there is no body there is none.
    let html = if no_archive || entry.content.is_none_or(|html| html.trim().is_empty()) {
        String::new()
    } else {
        article.html
    };
    Article { html, ..article }
}

/// Takes out what has no title yet; returns how many those are.
fn leave(intake: &mut Intake, unread: &[usize]) -> u32 {
    let mut left = 0;
    let mut at = 0;
    intake.arrivals.retain(|arrival| {
        let leave = arrival.untitled && unread.contains(&at);
        at += 1;
        left += u32::from(leave);
        !leave
    });
    left
}

fn complain(intake: &mut Intake, what: &str, url: &Url) {
    if !intake.complaints.iter().any(|complaint| complaint.what == what) {
        intake.complaints.push(Complaint { what: what.to_owned(), place: url.to_string(), mended: true });
    }
}
