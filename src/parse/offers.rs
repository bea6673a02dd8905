//! What a web page says of other ways to read its site. In: a page. Out: the feeds that it names, whether WordPress made it, and
//! where its list of news may be. Deliberately absent: asking.

use scraper::{ElementRef, Html};
use url::Url;

use crate::parse::page::{css, text_of};
use crate::parse::same_site;
use crate::text::bounded;

css!(ALTERNATES, "link[rel~=alternate][type][href]");
css!(API, "link[rel='https://api.w.org/'][href]");
css!(GENERATOR, "meta[name=generator][content]");
css!(SITE_NAME, "meta[property='og:site_name'][content]");
css!(ARTICLE, "meta[property='article:published_time'], meta[property='og:type'][content=article]");
css!(TITLE, "title");
css!(LINKS, "a[href]");

/// Feeds that a page may name: more are those of tags and comments.
const MOST_FEEDS: usize = 5;

/// How the list of all news is called in menus, the likeliest first.
const LISTS: [&str; 12] = [
    "indeks berita",
    "semua berita",
    "berita terbaru",
    "berita terkini",
    "indeks",
    "berita",
    "kabar",
    "siaran pers",
    "rilis",
    "informasi",
    "news",
    "artikel",
];

/// What a page says of its site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// What the site calls itself.
    pub name: Option<String>,
    /// The feeds that it names, the one of all news first.
    pub feeds: Vec<Url>,
    /// Where its REST API is, if it names one.
    pub api: Option<Url>,
    /// What made it: `WordPress 6.5`.
    pub generator: Option<String>,
    /// Pages that may list its news, the likeliest first.
    pub lists: Vec<Url>,
    /// Whether the page is an article itself.
    pub is_article: bool,
}

/// Reads a page that was found at `url`.
pub fn offers(page: &str, url: &Url) -> Offers {
    let page = Html::parse_document(&bounded(page));
    let attribute = |element: Option<ElementRef<'_>>, name: &str| {
        element
            .and_then(|element| element.value().attr(name))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let title = page.select(&TITLE).next().map(text_of).filter(|title| !title.is_empty());
    let name = attribute(page.select(&SITE_NAME).next(), "content").or_else(|| title.as_deref().and_then(site_of));
    let api = attribute(page.select(&API).next(), "href").and_then(|href| url.join(&href).ok());
    Offers {
        name,
        feeds: feeds(&page, url),
        api,
        generator: attribute(page.select(&GENERATOR).next(), "content"),
        lists: lists(&page, url),
        is_article: page.select(&ARTICLE).next().is_some(),
    }
}

/// The site's own part of a title: `Beranda - Diskominfo Kaltim` is about `Diskominfo Kaltim`.
fn site_of(title: &str) -> Option<String> {
    const OWN: [&str; 8] =
        ["beranda", "home", "berita", "news", "homepage", "indeks", "halaman depan", "berita terkini"];
    let mut parts = vec![title];
    for mark in [" - ", " | ", " – ", " — ", " » ", " :: "] {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    let own = |part: &&str| !part.trim().is_empty() && !OWN.contains(&part.trim().to_lowercase().as_str());
    parts.into_iter().find(own).map(|part| part.trim().to_owned())
}

fn feeds(page: &Html, url: &Url) -> Vec<Url> {
    let mut feeds: Vec<Url> = Vec::new();
    for link in page.select(&ALTERNATES) {
        let kind = link.value().attr("type").unwrap_or("").to_ascii_lowercase();
        let is_feed = ["rss", "atom", "feed+json", "rdf"].iter().any(|name| kind.contains(name));
        let Some(feed) = link.value().attr("href").and_then(|href| url.join(href.trim()).ok()).filter(|_| is_feed)
        else {
            continue;
        };
        let of_comments = feed.path().contains("/comments/")
            || link.value().attr("title").is_some_and(|title| title.to_lowercase().contains("komentar"));
        if matches!(feed.scheme(), "http" | "https") && !of_comments && !feeds.contains(&feed) {
            feeds.push(feed);
        }
    }
    feeds.truncate(MOST_FEEDS);
    feeds
}

fn lists(page: &Html, url: &Url) -> Vec<Url> {
    let mut found: Vec<(usize, Url)> = Vec::new();
    for link in page.select(&LINKS) {
        let name = text_of(link).to_lowercase();
        // `Berita Daerah` is one of several: behind those that have all.
        let begins = |list: &&str| name.starts_with(&format!("{list} ")) && name.split_whitespace().nth(3).is_none();
        let exact = LISTS.iter().position(|list| name == *list);
        let rank = exact.or_else(|| LISTS.iter().position(begins).map(|rank| rank + LISTS.len()));
        let Some(rank) = rank else { continue };
        let target = link.value().attr("href").and_then(|href| url.join(href.trim()).ok());
        let Some(target) = target.filter(|target| same_site(url, target) && target.path() != url.path()) else {
            continue;
        };
        if !found.iter().any(|(_, other)| *other == target) {
            found.push((rank, target));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, target)| target).take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_feeds_an_api_and_lists() {
        let page = "<head><title>Beranda - Dinas Kominfo</title><meta name=generator content='WordPress 6.5'>\
            <link rel='alternate' type='application/rss+xml' href='/feed/'><link rel='alternate' type='application/rss+xml' title='Umpan Komentar' href='/comments/feed/'>\
            <link rel='alternate' type='application/json+oembed' href='/o'><link rel=alternate hreflang=en href='/en'>\
            <link rel='https://api.w.org/' href='https://dinas.example/wp-json/'></head>\
            <body><a href='/profil'>Profil</a><a href='/berita'> Berita </a><a href='/indeks'>Indeks Berita</a><a href='https://lain.example/berita'>Berita</a></body>";
        let url = Url::parse("https://dinas.example/").unwrap();
        let offers = offers(page, &url);
        assert_eq!(offers.name.as_deref(), Some("Dinas Kominfo"));
        assert_eq!(offers.feeds, [url.join("/feed/").unwrap()]);
        assert_eq!(offers.api, url.join("/wp-json/").ok());
        assert_eq!(offers.generator.as_deref(), Some("WordPress 6.5"));
        assert_eq!(offers.lists, [url.join("/indeks").unwrap(), url.join("/berita").unwrap()]);
    }

    #[test]
    fn strange_pages_offer_nothing() {
        let url = Url::parse("https://dinas.example/").unwrap();
        for page in ["", "<", "<link rel=alternate type=rss href='javascript:x'>", &"<a href=x>".repeat(1000)] {
            assert_eq!(offers(page, &url).feeds, []);
        }
    }
}
