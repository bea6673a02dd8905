use std::borrow::Cow;

use url::Url;

use crate::domain::{Carrier, Catalogue, Instant, Item, ItemId, LabelKind, Media, Site, Source};
use crate::publish::{Content, legal};
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
    pub link: Cow<'a, str>,
    /// The title, plain.
    pub title: Cow<'a, str>,
    /// The beginning, plain.
    pub summary: Cow<'a, str>,
    /// What is republished, HTML.
    pub html: String,
    /// Bylines.
    pub authors: Vec<Cow<'a, str>>,
    /// Topics and regions first, then the outlet's own.
    pub categories: Vec<Category<'a>>,
    /// What the outlet is called.
    pub outlet: &'a str,
    /// The outlet as configured; `None` where it no longer is.
    pub source: Option<&'a Source>,
    /// The other sources that carry it.
    pub also: Vec<&'a Carrier>,
    /// Whether it tells several pieces of news, a paragraph each.
    pub roll_up: bool,
    /// Enclosures that say what they are.
    pub media: Vec<&'a Media>,
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
        let link = article.url.as_deref().filter(|url| is_web(url)).map_or(Cow::Owned(page.to_string()), legal);
        View {
            item,
            id: tag(site, &format!("item/{}", item.id)),
            page,
            link,
            title: legal(&article.title),
            summary: legal(&article.summary),
            html: html(item, catalogue, content),
            authors: article.authors.iter().map(|author| legal(author)).collect(),
            categories: categories(item, catalogue),
            outlet: catalogue.source_title(item.source()),
            source: catalogue.source(item.source()),
            also: item.also().collect(),
            roll_up: is_roll_up(&article.title),
            media: article.media.iter().filter(|media| media.media_type.is_some() && is_web(&media.url)).collect(),
        }
    }

    /// When it last changed for a reader: never before it was published.
    pub fn updated(&self) -> Instant {
        let published = self.item.date();
        let edited = if self.item.edits > 0 { self.item.changed } else { published };
        self.item.article.updated.unwrap_or(edited).max(published)
    }
}

/// The address of our page of an item.
pub fn item_url(site: &Site, id: ItemId) -> Url {
    join(site, &format!("items/{id}"))
}

/// An address under the site's.
pub fn join(site: &Site, path: &str) -> Url {
    site.url.join(path).unwrap_or_else(|_| site.url.clone())
}

/// A tag URI of ours.
pub fn tag(site: &Site, what: &str) -> String {
    format!("tag:{},2024:{what}", site.url.host_str().unwrap_or("localhost").trim_matches(['[', ']']))
}

/// Whether a feed may link there.
pub fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn categories<'a>(item: &'a Item, catalogue: &'a Catalogue) -> Vec<Category<'a>> {
    let labels = item.labels.iter().map(|label| {
        let (path, title) = match label.kind {
            LabelKind::Topic => ("topics/", catalogue.topic(&label.id).map(|topic| &topic.title)),
            LabelKind::Region => ("regions/", catalogue.region(&label.id).map(|region| &region.title)),
        };
        let title = title.map_or(Cow::Borrowed(label.id.as_str()), |title| legal(title));
        Category { term: Cow::Borrowed(label.id.as_str()), scheme: Some(join(&catalogue.site, path)), title }
    });
    let own = item.article.categories.iter().map(|category| legal(category));
    let own = own.map(|category| Category { term: category.clone(), scheme: None, title: category });
    labels.chain(own).collect()
}

/// The text that is republished, and below it who else carries it.
fn html(item: &Item, catalogue: &Catalogue, content: Content) -> String {
    let article = &item.article;
    let mut html = match content {
        Content::Full if !article.text().is_empty() => legal(article.text()).into_owned(),
        _ => format!("<p>{}</p>", escape(&legal(&article.summary))),
    };
    if item.also().next().is_some() {
        let english = catalogue.site.language.starts_with("en");
        html.push_str(if english { "<p>Also carried by: " } else { "<p>Juga diberitakan oleh: " });
        for (at, carrier) in item.also().enumerate() {
            let name = escape(&legal(catalogue.source_title(&carrier.source)));
            let separator = if at > 0 { ", " } else { "" };
            match carrier.url.as_deref().filter(|url| is_web(url)) {
                Some(url) => html.push_str(&format!("{separator}<a href=\"{}\">{name}</a>", escape(&legal(url)))),
                None => html.push_str(&format!("{separator}{name}")),
            }
        }
        html.push_str("</p>");
    }
    html
}

/// Plain text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
