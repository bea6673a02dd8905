use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Source, Text, WriteConfig,
};
use chrono::{DurationRound, TimeDelta};

use crate::domain::{Catalogue, Instant, ItemId};
use crate::publish::language::language;
use crate::publish::rss::rights;
use crate::publish::view::{View, join, tag};
use crate::publish::{Format, HISTORY, Head, ICON, document, link, plain};

/// Writes Atom with `atom:source`, and archives (RFC 5005).
pub fn write(head: &Head, views: &[View<'_>], catalogue: &Catalogue, updated: Instant) -> Vec<u8> {
    let site = &catalogue.site;
    let date = |instant: Instant| -> FixedDateTime { instant.with_timezone(&site.timezone).fixed_offset() };
    let kind = Some(Format::Atom.media_type());
    // A hub is no document of a kind.
    let kind = |rel: &str| kind.filter(|_| rel != "hub");
    let mut links: Vec<Link> = head.links().iter().map(|(rel, url)| linked(rel, url.as_str(), kind(rel))).collect();
    links.push(linked("alternate", head.page.as_str(), Some("text/html")));
    let own_language = language(&site.language);
    let feed = Feed {
        title: Text::plain(plain(&head.title)),
        subtitle: Some(Text::plain(plain(&head.description))),
        id: tag(site, head.page.path().trim_start_matches('/'))
            + &head.page.query().map(|query| format!("?{query}")).unwrap_or_default(),
        updated: date(updated),
        generator: Some(Generator { value: "kliping".into(), ..Generator::default() }),
        icon: Some(join(site, ICON).into()),
        logo: Some(join(site, ICON).into()),
        rights: Some(Text::plain(rights(&site.language))),
        links,
        lang: own_language.clone(),
        entries: views.iter().map(|view| entry(view, &date, own_language.as_deref())).collect(),
        namespaces: [("fh".to_owned(), HISTORY.to_owned())].into(),
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: false, indent_size: None };
    let written = feed.write_with_config(Vec::new(), config).expect("writing into memory does not fail");
    let mut text = String::from_utf8(written).expect("what was text stays text");
    if head.archive.is_some() {
        // The library writes extensions below the entries, and this one belongs above them (RFC 5005 section 4).
        let above = text.find("<entry>").or_else(|| text.rfind("</feed>")).unwrap_or(text.len());
        text.insert_str(above, "<fh:archive/>");
    }
    document(site, &text)
}

fn entry(view: &View<'_>, date: &impl Fn(Instant) -> FixedDateTime, own_language: Option<&str>) -> Entry {
    let html = Some("text/html");
    let mut links = vec![linked("alternate", &view.link, html)];
    if view.link != view.page.as_str() {
        links.push(linked("related", view.page.as_str(), html));
    }
    links.extend(view.media.iter().map(|media| Link {
        length: media.bytes.map(|bytes| bytes.to_string()),
        ..linked("enclosure", &media.url, media.media_type.as_deref())
    }));
    let others = view.also.iter().filter_map(|(carrier, url)| Some((carrier, url.as_deref()?)));
    links.extend(others.map(|(carrier, url)| Link {
        title: Some(plain(&carrier.title).into_owned()).filter(|title| !title.is_empty()),
        ..linked("related", url, html)
    }));
    // An entry needs an author (RFC 4287 section 4.1.2): the outlet where there is no byline.
    let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
    let authors = match view.authors.as_slice() {
        [] => vec![person(&view.outlet)],
        authors => authors.iter().map(|author| person(author)).collect(),
    };
    let lang = view.language.clone().filter(|language| Some(language.as_str()) != own_language);
    let text = |value: &str| Text { lang: lang.clone(), ..Text::plain(value) };
    Entry {
        title: text(&view.title),
        id: view.id.clone(),
        updated: date(unlike_others(view.updated, view.item.id)),
        published: Some(date(view.published)),
        authors,
        links,
        categories: view
            .categories
            .iter()
            .map(|category| Category {
                term: category.term.clone().into_owned(),
                scheme: category.scheme.as_ref().map(ToString::to_string),
                label: Some(category.title.clone().into_owned()),
            })
            .collect(),
        rights: Some(Text::plain(view.rights.clone())),
        summary: Some(text(&view.summary)),
        content: Some(Content {
            value: Some(view.html.clone()),
            content_type: Some("html".into()),
            lang: lang.clone(),
            ..Content::default()
        }),
        source: view.source.and_then(|source| {
            let feed = view.feed.clone()?;
            let home = source.url.join("/").ok().and_then(|home| link::web(home.as_str()));
            let mut links = vec![linked("self", &feed, None)];
            links.extend(home.map(|home| linked("alternate", &home, html)));
            Some(Source {
                title: Text::plain(view.outlet.clone()),
                id: feed,
                updated: date(view.published),
                links,
                rights: Some(Text::plain(view.rights.clone())),
                ..Source::default()
            })
        }),
        ..Entry::default()
    }
}

/// The instant with the item's number as microseconds. Outlets publish by the minute, and where two entries changed at the same
/// instant the order of events is lost (the validator's `DuplicateUpdated`); this way each has its own, and keeps it.
fn unlike_others(instant: Instant, id: ItemId) -> Instant {
    let second = instant.duration_trunc(TimeDelta::seconds(1)).unwrap_or(instant);
    second + TimeDelta::microseconds(i64::try_from(id.0 % 1_000_000).unwrap_or_default())
}

fn linked(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    let mime_type = media_type.map(|kind| kind.split(';').next().unwrap_or(kind).to_owned());
    Link { rel: rel.into(), href: href.to_owned(), mime_type, ..Link::default() }
}
