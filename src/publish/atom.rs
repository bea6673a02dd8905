use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Source, Text};

use crate::domain::{Catalogue, Instant};
use crate::publish::view::{View, is_web, tag};
use crate::publish::{Format, Head, legal};

/// Writes Atom with `atom:source`.
pub fn write(head: &Head, views: &[View<'_>], catalogue: &Catalogue, updated: Instant) -> Vec<u8> {
    let site = &catalogue.site;
    let date = |instant: Instant| -> FixedDateTime { instant.with_timezone(&site.timezone).fixed_offset() };
    let feed = Feed {
        title: Text::plain(legal(&head.title)),
        subtitle: Some(Text::plain(legal(&head.description))),
        id: tag(site, head.page.path().trim_start_matches('/'))
            + &head.page.query().map(|query| format!("?{query}")).unwrap_or_default(),
        updated: date(updated),
        generator: Some(Generator { value: "kliping".into(), ..Generator::default() }),
        links: [
            link("self", head.feed.as_str(), Some(Format::Atom.media_type())),
            link("alternate", head.page.as_str(), Some("text/html")),
        ]
        .into_iter()
        .chain(head.hub.iter().map(|hub| link("hub", hub.as_str(), None)))
        .collect(),
        lang: Some(site.language.clone()),
        entries: views.iter().map(|view| entry(view, &date)).collect(),
        ..Feed::default()
    };
    feed.write_to(Vec::new()).expect("writing into memory does not fail")
}

fn entry(view: &View<'_>, date: &impl Fn(Instant) -> FixedDateTime) -> Entry {
    let mut links =
        vec![link("alternate", &view.link, Some("text/html")), link("related", view.page.as_str(), Some("text/html"))];
    links.extend(view.media.iter().map(|media| Link {
        length: media.bytes.map(|bytes| bytes.to_string()),
        ..link("enclosure", &legal(&media.url), media.media_type.as_deref())
    }));
    let others =
        view.also.iter().filter_map(|carrier| Some((carrier, carrier.url.as_deref().filter(|url| is_web(url))?)));
    links.extend(others.map(|(carrier, url)| Link {
        title: Some(legal(&carrier.title).into_owned()),
        ..link("related", &legal(url), Some("text/html"))
    }));
    // An entry needs an author (RFC 4287 section 4.1.2): the outlet where there is no byline.
    let person = |name: &str| Person { name: legal(name).into_owned(), ..Person::default() };
    let authors = match view.authors.as_slice() {
        [] => vec![person(view.outlet)],
        authors => authors.iter().map(|author| person(author)).collect(),
    };
    Entry {
        title: Text::plain(view.title.clone()),
        id: view.id.clone(),
        updated: date(view.updated()),
        published: Some(date(view.item.date())),
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
        summary: Some(Text::plain(view.summary.clone())),
        content: Some(Content {
            value: Some(view.html.clone()),
            content_type: Some("html".into()),
            ..Content::default()
        }),
        source: view.source.map(|source| Source {
            title: Text::plain(legal(&source.title)),
            id: source.url.to_string(),
            updated: date(view.item.date()),
            links: vec![link("self", source.url.as_str(), None)],
            ..Source::default()
        }),
        ..Entry::default()
    }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    let mime_type = media_type.map(|kind| kind.split(';').next().unwrap_or(kind).to_owned());
    Link { rel: rel.into(), href: href.to_owned(), mime_type, ..Link::default() }
}
