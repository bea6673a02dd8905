use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model;

use crate::domain::{Entry, Feed, Media, Rhythm};
use crate::parse::lenient::escaped;
use crate::parse::{Context, dates};

/// Parses one well-formed document with feed-rs, and holds whatever goes wrong in it: feed-rs 3.0 panics on a multi-byte
/// character beside an e-mail address in an author.
///
/// # Errors
/// What is wrong, in words.
pub fn parse(document: &str, context: &Context<'_>) -> Result<Feed, String> {
    let zone = context.zone;
    let parser = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        // An empty id says that the publisher gave none; feed-rs would make one from what may be edited.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| dates::parse_date(text, zone))
        .build();
    let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse(document.as_bytes())));
    match parsed {
        Ok(Ok(feed)) => Ok(convert(feed)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser stumbled over it".into()),
    }
}

fn convert(feed: model::Feed) -> Feed {
    let kind = match feed.feed_type {
        model::FeedType::Atom => "atom",
        model::FeedType::JSON => "json",
        model::FeedType::RSS0 => "rss0",
        model::FeedType::RSS1 => "rss1",
        model::FeedType::RSS2 => "rss2",
    };
    // In RSS nobody tells whether a text is HTML, and most is; Atom and JSON Feed tell.
    let tells = matches!(kind, "atom" | "json");
    let entries: Vec<Entry> = feed.entries.into_iter().map(|entry| convert_entry(entry, tells)).collect();
    Feed {
        kind,
        title: feed.title.map(|title| title.content),
        site: page_link(&feed.links, false),
        language: feed.language,
        generator: feed.generator.map(|generator| generator.uri.unwrap_or(generator.content)),
        rhythm: Rhythm { ttl: feed.ttl, ..Rhythm::default() },
        older: None,
        hub: None,
        own: None,
        entries,
    }
}

fn convert_entry(entry: model::Entry, tells: bool) -> Entry {
    let html = |text: model::Text| as_html(text.content, tells && text.content_type.subty() == "plain");
    let guid = Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty());
    // An RSS guid that is an address is a permalink where there is no link (RSS 2.0, guid).
    let link = page_link(&entry.links, !tells).or_else(|| guid.clone().filter(|guid| guid.starts_with("http")));
    let mut media = media(&entry.media);
    media.extend(entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure")).map(|link| Media {
        url: link.href.clone(),
        media_type: link.media_type.clone(),
        bytes: link.length,
    }));
    Entry {
        guid,
        title: entry.title.map(html),
        link,
        base: entry.base,
        published: entry.published.or(entry.updated),
        updated: entry.updated,
        content: entry.content.and_then(|content| {
            let plain = tells && content.content_type.subty() == "plain";
            content.body.map(|body| as_html(body, plain))
        }),
        summary: entry.summary.map(html),
        authors: entry.authors.into_iter().filter_map(|person| person.name.or(person.email)).collect(),
        categories: entry.categories.into_iter().map(|category| category.label.unwrap_or(category.term)).collect(),
        media,
        language: entry.language,
    }
}

/// The link that leads to the page: Atom's `alternate`, RSS's only one.
fn page_link(links: &[model::Link], of_rss_item: bool) -> Option<String> {
    let is_page =
        |link: &&model::Link| link.target.is_none() && link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let pages = || links.iter().filter(is_page).map(|link| link.href.trim()).filter(|href| !href.is_empty());
    let addresses = || pages().filter(|href| href.starts_with("http"));
    // Of several links of an RSS item the last counts, as in other readers.
    let address = if of_rss_item { addresses().next_back() } else { addresses().next() };
    address.or_else(|| pages().next()).map(str::to_owned)
}

fn media(objects: &[model::MediaObject]) -> Vec<Media> {
    let contents = objects.iter().flat_map(|object| &object.content).filter_map(|content| {
        let url = content.url.as_ref()?.to_string();
        Some(Media { url, media_type: content.content_type.as_ref().map(ToString::to_string), bytes: content.size })
    });
    let thumbnails = objects.iter().flat_map(|object| &object.thumbnails);
    let thumbnails = thumbnails.map(|thumbnail| Media {
        url: thumbnail.image.uri.clone(),
        media_type: Some("image/*".into()),
        bytes: None,
    });
    let mut media: Vec<Media> = contents.chain(thumbnails).collect();
    media.dedup_by(|a, b| a.url == b.url);
    media
}

fn as_html(text: String, plain: bool) -> String {
    if plain { escaped(&text).into_owned() } else { text }
}
