//! Sitemaps (sitemaps.org protocol 0.9) with Google's news and image extensions, and indexes of sitemaps. In: a document. Out: entries, the
//! most recently changed first, or the sitemaps that an index names. Deliberately absent: following them.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::domain::{Entry, Feed, Instant, Media};
use crate::parse::addresses::looks_like_an_article;
use crate::parse::complaints::Complaints;
use crate::parse::newest::Newest;
use crate::parse::{Context, Listed, ParseError, Reading, decode, is_bot_wall, parse_date, start};

/// Sitemaps of an index that are looked at, the newest.
const MOST_PARTS: usize = 200;
/// Characters of one value, at most.
const LONGEST: usize = 4_000;

/// What of an index's names says that no articles are in that sitemap.
const WITHOUT_ARTICLES: [&str; 16] = [
    "category",
    "categories",
    "kategori",
    "taxonom",
    "post_tag",
    "tag-",
    "tags",
    "author",
    "users",
    "page-sitemap",
    "posts-page",
    "pages",
    "attachment",
    "image",
    "video",
    "static",
];

/// One `<url>` or `<sitemap>`, as far as it has been read.
#[derive(Default)]
struct Open {
    loc: Option<String>,
    lastmod: Option<Instant>,
    title: Option<String>,
    published: Option<Instant>,
    language: Option<String>,
    keywords: Vec<String>,
    images: Vec<String>,
}

/// Whether a document is a sitemap or an index, by its root.
pub fn is_sitemap(document: &str) -> bool {
    let head = &document[..document.floor_char_boundary(2_000)];
    head.contains("<urlset")
        || head.contains("<sitemapindex")
        || head.contains(":urlset")
        || head.contains(":sitemapindex")
}

/// Reads a sitemap or an index.
///
/// # Errors
/// It is empty, a web page, or lists nothing.
pub fn read(bytes: &[u8], context: &Context<'_>) -> Result<Reading, ParseError> {
    let mut complaints = Complaints::default();
    let (text, encoding) = decode::decode(bytes, context, &mut complaints);
    let text = decode::without_forbidden_characters(text, &mut complaints);
    let begin = text.find('<').ok_or_else(|| match text.trim() {
        "" => ParseError::Empty,
        other => ParseError::Unknown { begin: super::first_words(other) },
    })?;
    if !is_sitemap(&text[begin..]) {
        if is_bot_wall(&text) {
            return Err(ParseError::Challenge);
        }
        // A web page is named as such; anything else is no sitemap.
        start::start(&text)?;
        return Err(ParseError::Unreadable { what: "its root is neither `urlset` nor `sitemapindex`".into() });
    }
    let mut gathered = gather(start::without_declaration(&text[begin..]), context);
    if let Some(what) = gathered.broken.take() {
        complaints.mended(&format!("the document is not well-formed: {what}"), "document");
    }
    let parts = parts(gathered.parts);
    let (mut entries, seen) = gathered.newest.finish();
    let plain = entries.iter().all(|entry| entry.title.is_none());
    // Lists and services stand beside the articles; where nothing looks like an article, the site's addresses tell nothing.
    let articles = |entry: &Entry| {
        entry.link.as_deref().and_then(|link| Url::parse(link).ok()).is_some_and(|url| looks_like_an_article(&url))
    };
    if plain && entries.iter().any(articles) {
        entries.retain(articles);
    }
    if entries.is_empty() && parts.is_empty() && seen > 0 {
        return Err(ParseError::NoItems { by: None });
    }
    // A sitemap has no order of its own: the oldest stand first in many.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
    let kind = if plain { "sitemap" } else { "news-sitemap" };
    let feed = Feed { kind, entries, ..Feed::default() };
    let complaints = complaints.into_list();
    let (encoding, cut_off) = (encoding.name(), gathered.cut_off);
    Ok(Reading { feed, complaints, entries: seen, cut_off, encoding, parts, guessed: None })
}

struct Gathered {
    newest: Newest,
    parts: Vec<Listed>,
    cut_off: bool,
    broken: Option<String>,
}

fn gather(document: &str, context: &Context<'_>) -> Gathered {
    let mut reader = Reader::from_str(document);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends, config.trim_text_start, config.trim_text_end) =
        (false, true, false, false);
    config.allow_dangling_amp = true;
    let mut done =
        Gathered { newest: Newest::new(context.most_entries), parts: Vec::new(), cut_off: true, broken: None };
    let mut open: Option<Open> = None;
    let (mut path, mut value): (Vec<String>, String) = (Vec::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                if matches!(name.as_str(), "url" | "sitemap") {
                    open = Some(Open::default());
                }
                value.clear();
                // No sitemap is as deep.
                if path.len() < 16 {
                    path.push(name);
                }
            }
            Ok(Event::Text(text)) if value.len() < LONGEST => value.push_str(&text.decode().unwrap_or_default()),
            Ok(Event::CData(text)) if value.len() < LONGEST => value.push_str(&text.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(name)) if value.len() < LONGEST => {
                value.push_str(&html_escape(&name.decode().unwrap_or_default()));
            }
            Ok(Event::End(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                while path.pop().is_some_and(|last| last != name) {}
                match (name.as_str(), &mut open) {
                    ("url", Some(_)) => done.newest.push(entry(open.take().unwrap_or_default())),
                    ("sitemap", Some(_)) => done.parts.extend(open.take().and_then(listed)),
                    ("urlset" | "sitemapindex", _) => done.cut_off = false,
                    (name, Some(open)) => {
                        open.take(name, path.last().map_or("", String::as_str), value.trim(), context)
                    }
                    _ => {}
                }
                value.clear();
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                done.broken = Some(error.to_string());
                break;
            }
        }
    }
    done
}

/// What a reference stands for; an unknown one stays as it was written.
fn html_escape(name: &str) -> String {
    match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        name => {
            let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            });
            number.and_then(char::from_u32).map_or_else(|| format!("&{name};"), String::from)
        }
    }
}

impl Open {
    /// Takes the value of an element by its name and that of the one around it.
    fn take(&mut self, name: &str, around: &str, value: &str, context: &Context<'_>) {
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match (name, around) {
            ("loc", "image") => self.images.extend(text()),
            ("loc", _) => self.loc = text(),
            ("lastmod", _) => self.lastmod = parse_date(value, context.zone),
            ("title", "news") => self.title = text(),
            ("publication_date", _) => self.published = parse_date(value, context.zone),
            ("language", "publication") => self.language = text(),
            ("keywords", "news") => {
                self.keywords = value
                    .split(',')
                    .map(|word| word.trim().to_owned())
                    .filter(|word| !word.is_empty())
                    .take(50)
                    .collect();
            }
            _ => {}
        }
    }
}

fn entry(open: Open) -> Entry {
    // Text in a sitemap is text; an entry's title is HTML.
    let title = open.title.map(|title| title.replace('&', "&amp;").replace('<', "&lt;"));
    let media = |url: String| Media { url, media_type: None, bytes: None };
    Entry {
        link: open.loc,
        title,
        published: open.published,
        updated: open.lastmod,
        categories: open.keywords,
        language: open.language,
        media: open.images.into_iter().take(10).map(media).collect(),
        ..Entry::default()
    }
}

fn listed(open: Open) -> Option<Listed> {
    Some(Listed { url: open.loc?, changed: open.lastmod })
}

/// The sitemaps that may hold articles, the newest first; in an index without dates the last ones are.
fn parts(mut all: Vec<Listed>) -> Vec<Listed> {
    let bare = |part: &Listed| {
        let name = part.url.rsplit('/').next().unwrap_or("").to_ascii_lowercase();
        WITHOUT_ARTICLES.iter().any(|word| name.contains(word))
    };
    if !all.iter().all(bare) {
        all.retain(|part| !bare(part));
    }
    all.reverse();
    all.sort_by_key(|part| std::cmp::Reverse(part.changed));
    all.truncate(MOST_PARTS);
    all
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    fn reading(document: &str) -> Reading {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let context = Context {
            url: "https://a.example/sitemap.xml",
            charset: None,
            encoding: None,
            most_entries: 3,
            zone,
            now: Instant::UNIX_EPOCH,
        };
        read(document.as_bytes(), &context).unwrap()
    }

    #[test]
    fn a_news_sitemap_tells_titles_dates_keywords_and_pictures() {
        let reading = reading(
            "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"n\" xmlns:image=\"i\">\
             <url><loc> https://a.example/x?a=1&amp;b=2 </loc><lastmod>2024-07-12</lastmod><news:news><news:publication><news:name>A</news:name>\
             <news:language>id</news:language></news:publication><news:publication_date>2024-07-11T14:05:00+08:00</news:publication_date>\
             <news:title><![CDATA[Anak & <ibu>]]></news:title><news:keywords>IKN, Kaltim</news:keywords></news:news>\
             <image:image><image:loc>https://a.example/x.jpg</image:loc><image:title>Gambar</image:title></image:image></url></urlset>",
        );
        let entry = &reading.feed.entries[0];
        assert_eq!(entry.link.as_deref(), Some("https://a.example/x?a=1&b=2"));
        assert_eq!(entry.title.as_deref(), Some("Anak &amp; &lt;ibu>"));
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-07-11T06:05:00+00:00");
        assert_eq!(entry.categories, ["IKN", "Kaltim"]);
        assert_eq!(entry.media[0].url, "https://a.example/x.jpg");
        assert_eq!((reading.feed.kind, reading.cut_off), ("news-sitemap", false));
    }

    #[test]
    fn the_newest_articles_come_first_and_lists_are_left_out() {
        let url = |path: &str, day: u32| {
            format!("<url><loc>https://a.example/{path}</loc><lastmod>2024-07-{day:02}</lastmod></url>")
        };
        let document = format!(
            "<urlset>{}{}{}{}</urlset>",
            url("berita/satu-dua-tiga", 1),
            url("kategori/hukum-dan-politik", 30),
            url("berita/empat-lima-enam", 3),
            url("", 31)
        );
        let links: Vec<String> = reading(&document).feed.entries.into_iter().filter_map(|entry| entry.link).collect();
        assert_eq!(links, ["https://a.example/berita/empat-lima-enam", "https://a.example/berita/satu-dua-tiga"]);
    }

    #[test]
    fn an_index_names_sitemaps_those_of_lists_left_out() {
        let part = |name: &str, day: &str| {
            format!("<sitemap><loc>https://a.example/{name}</loc><lastmod>{day}</lastmod></sitemap>")
        };
        let index = format!(
            "<sitemapindex>{}{}{}</sitemapindex>",
            part("post-sitemap.xml", "2024-07-01"),
            part("category-sitemap.xml", "2024-07-09"),
            part("post-sitemap2.xml.gz", "2024-07-03")
        );
        let parts: Vec<String> = reading(&index).parts.into_iter().map(|part| part.url).collect();
        assert_eq!(parts, ["https://a.example/post-sitemap2.xml.gz", "https://a.example/post-sitemap.xml"]);
    }

    #[test]
    fn what_is_broken_or_cut_off_gives_what_is_whole() {
        let whole = "<url><loc>https://a.example/berita/1</loc></url>";
        for (document, cut_off) in [
            (format!("<urlset>{whole}<url><loc>https://a.example/berita/2"), true),
            (format!("<urlset>{whole}<url><loc>https://a.example/?a=1&b</loc></wrong></url></urlset>"), false),
            (format!("\u{feff}\n<urlset>{whole}</urlset>"), false),
        ] {
            let reading = reading(&document);
            assert!(!reading.feed.entries.is_empty(), "{document}");
            assert_eq!(reading.cut_off, cut_off, "{document}");
        }
    }
}
