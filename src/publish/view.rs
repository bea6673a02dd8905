use std::borrow::Cow;

use chrono::{DateTime, TimeDelta};
use url::Url;

use crate::domain::{Carrier, Catalogue, Instant, Item, ItemId, LabelKind, Site, Source};
use crate::publish::body::body;
use crate::publish::language::language;
use crate::publish::legal::byline;
use crate::publish::media::Attached;
use crate::publish::opml::feed_of;
use crate::publish::{Content, link, plain};
use crate::text::is_roll_up;

/// What every format says of an item.
pub struct View<'a> {
    /// The item itself.
    pub item: &'a Item,
    /// Its id for feed readers: a tag URI (RFC 4151), which stays when the site moves to another path or scheme.
    pub id: String,
    /// Our page of it.
    pub page: Url,
    /// Where to read it: at the outlet, or here where the outlet gave no link.
    pub link: String,
    /// The title, plain, never blank.
    pub title: Cow<'a, str>,
    /// The beginning, plain; the title where there is none.
    pub summary: Cow<'a, str>,
    /// What is republished, HTML.
    pub html: String,
    /// Bylines.
    pub authors: Vec<Cow<'a, str>>,
    /// Topics and regions first, then the outlet's own.
    pub categories: Vec<Category<'a>>,
    /// What the outlet is called.
    pub outlet: Cow<'a, str>,
    /// Whose words these are.
    pub rights: String,
    /// The source as configured; `None` where it no longer is.
    pub source: Option<&'a Source>,
    /// Its feed: its own, or ours of it where it has none.
    pub feed: Option<String>,
    /// The other sources that carry it, with their links where they are web addresses.
    pub also: Vec<(&'a Carrier, Option<String>)>,
    /// Whether it tells several pieces of news, a paragraph each.
    pub roll_up: bool,
    /// Enclosures and pictures.
    pub media: Vec<Attached>,
    /// Its language, where it is told and there is such a language.
    pub language: Option<String>,
    /// When it was published, within reason.
    pub published: Instant,
    /// When it last changed for a reader: never before it was published.
    pub updated: Instant,
}

/// A category of an item.
pub struct Category<'a> {
    /// The id of a topic or region; the outlet's own words.
    pub term: Cow<'a, str>,
    /// The page of all topics or regions; `None` for the outlet's own.
    pub scheme: Option<Url>,
    /// What readers call it.
    pub title: Cow<'a, str>,
}

impl<'a> View<'a> {
    /// Looks up what an item's ids mean.
    pub fn new(item: &'a Item, catalogue: &'a Catalogue, content: Content) -> View<'a> {
        let (article, site) = (&item.article, &catalogue.site);
        let page = item_url(site, item.id);
        let outlet = plain(catalogue.source_title(item.source()));
        let summary = plain(&article.summary);
        let title = [plain(&article.title), summary.clone()].into_iter().find(|text| !text.trim().is_empty());
        // A reader's list needs something to click on.
        let title = title.unwrap_or_else(|| outlet.clone());
        let summary = if summary.trim().is_empty() { title.clone() } else { summary };
        let authors = article.authors.iter().map(|author| byline(author)).filter(|author| !author.trim().is_empty());
        let published = plausible(item.date(), item.first_seen);
        let edited = if item.edits > 0 { item.changed } else { published };
        let updated = article.updated.unwrap_or(edited);
        View {
            item,
            id: tag(site, &format!("item/{}", item.id)),
            link: article.url.as_deref().and_then(link::web).unwrap_or_else(|| page.to_string()),
            page,
            html: body(item, catalogue, content, &summary),
            title,
            summary,
            authors: authors.collect(),
            categories: categories(item, catalogue),
            rights: format!("© {outlet}"),
            outlet,
            source: catalogue.source(item.source()),
            feed: catalogue.source(item.source()).and_then(|source| link::web(feed_of(source, site).as_str())),
            also: item.also().map(|carrier| (carrier, carrier.url.as_deref().and_then(link::web))).collect(),
            roll_up: is_roll_up(&article.title),
            media: article.media.iter().filter_map(Attached::new).collect(),
            language: article.language.as_deref().and_then(language),
            published,
            updated: plausible(updated, item.changed.max(item.first_seen)).max(published),
        }
    }
}

/// A date that validators and readers believe: after 1970 and not after we had it by more than a day; else when we had it.
fn plausible(date: Instant, seen: Instant) -> Instant {
    let earliest = DateTime::UNIX_EPOCH + TimeDelta::days(2);
    let seen = seen.max(earliest);
    if date < earliest || date > seen + TimeDelta::hours(12) { seen } else { date }
}

/// The address of our page of an item.
pub fn item_url(site: &Site, id: ItemId) -> Url {
    join(site, &format!("items/{id}"))
}

/// An address under the site's.
pub fn join(site: &Site, path: &str) -> Url {
    site.url.join(path).unwrap_or_else(|_| site.url.clone())
}

/// A tag URI of ours. Its authority is a host name (RFC 4151 section 2.1), so the colons of an IPv6 address become hyphens.
pub fn tag(site: &Site, what: &str) -> String {
    let host = site.url.host_str().unwrap_or("localhost").trim_matches(['[', ']']);
    format!("tag:{},2024:{what}", host.replace([':', '_'], "-"))
}

fn categories<'a>(item: &'a Item, catalogue: &'a Catalogue) -> Vec<Category<'a>> {
    let labels = item.labels.iter().map(|label| {
        let (path, title) = match label.kind {
            LabelKind::Topic => ("topics/", catalogue.topic(&label.id).map(|topic| &topic.title)),
            LabelKind::Region => ("regions/", catalogue.region(&label.id).map(|region| &region.title)),
        };
        let title = title.map_or(Cow::Borrowed(label.id.as_str()), |title| plain(title));
        Category { term: Cow::Borrowed(label.id.as_str()), scheme: Some(join(&catalogue.site, path)), title }
    });
    let own = item.article.categories.iter().map(|category| plain(category));
    let own = own.map(|category| Category { term: category.clone(), scheme: None, title: category });
    labels.chain(own).filter(|category| !category.title.trim().is_empty()).collect()
}
