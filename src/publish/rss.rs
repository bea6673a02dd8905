use std::collections::BTreeMap;

use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Item, Source};

use crate::domain::{Catalogue, Instant};
use crate::publish::view::{View, escape, is_web};
use crate::publish::{Format, Head, legal};

/// Minutes that a reader may keep the feed.
const TTL: &str = "15";

/// Writes RSS 2.0 with `content:encoded`, `dc:creator` and `atom:link`.
pub fn write(head: &Head, views: &[View<'_>], catalogue: &Catalogue, updated: Instant) -> Vec<u8> {
    let date = |instant: Instant| instant.with_timezone(&catalogue.site.timezone).to_rfc2822();
    let channel = Channel {
        title: legal(&head.title).into_owned(),
        link: head.page.to_string(),
        description: legal(&head.description).into_owned(),
        language: Some(catalogue.site.language.clone()),
        last_build_date: (!views.is_empty()).then(|| date(updated)),
        generator: Some("kliping".into()),
        docs: Some("https://www.rssboard.org/rss-specification".into()),
        ttl: Some(TTL.into()),
        namespaces: namespaces(),
        extensions: links(head),
        items: views.iter().map(|view| item(view, &date)).collect(),
        ..Channel::default()
    };
    channel.write_to(Vec::new()).expect("writing into memory does not fail")
}

fn item(view: &View<'_>, date: &impl Fn(Instant) -> String) -> Item {
    let category = |category: &crate::publish::view::Category<'_>| rss::Category {
        name: category.title.clone().into_owned(),
        domain: category.scheme.as_ref().map(|scheme| format!("{scheme}{}", category.term)),
    };
    let creators: Vec<String> = view.authors.iter().map(|author| author.clone().into_owned()).collect();
    Item {
        title: Some(view.title.clone().into_owned()),
        link: Some(view.link.clone().into_owned()),
        // Readers take a description for HTML, so what is plain text is escaped once more than XML asks.
        description: Some(escape(&view.summary)),
        content: Some(view.html.clone()),
        guid: Some(Guid { value: view.id.clone(), permalink: false }),
        pub_date: Some(date(view.item.date())),
        categories: view.categories.iter().map(category).collect(),
        source: view
            .source
            .map(|source| Source { url: source.url.to_string(), title: Some(legal(&source.title).into_owned()) }),
        // RSS has room for one; its length is required, and 0 where nobody knows it.
        enclosure: view.media.first().map(|media| Enclosure {
            url: legal(&media.url).into_owned(),
            length: media.bytes.unwrap_or(0).to_string(),
            mime_type: media.media_type.clone().map(|kind| legal(&kind).into_owned()).unwrap_or_default(),
        }),
        dublin_core_ext: (!creators.is_empty())
            .then(|| DublinCoreExtension { creators, ..DublinCoreExtension::default() }),
        extensions: also(view),
        ..Item::default()
    }
}

/// `<atom:link rel="related">`: the same text at other outlets.
fn also(view: &View<'_>) -> ExtensionMap {
    let others =
        view.also.iter().filter_map(|carrier| Some((carrier, carrier.url.as_deref().filter(|url| is_web(url))?)));
    let links: Vec<Extension> = others
        .map(|(carrier, url)| {
            let attributes = [
                ("href", legal(url)),
                ("rel", "related".into()),
                ("type", "text/html".into()),
                ("title", legal(&carrier.title)),
            ];
            Extension {
                name: "atom:link".into(),
                attrs: attributes.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect(),
                ..Extension::default()
            }
        })
        .collect();
    if links.is_empty() {
        return ExtensionMap::default();
    }
    ExtensionMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), links)]))])
}

fn namespaces() -> BTreeMap<String, String> {
    let known = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    ];
    known.into_iter().map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).collect()
}

/// `<atom:link rel="self">`: the feed's own address, which readers keep when the document is moved; and `rel="hub"` (WebSub, section 4).
fn links(head: &Head) -> ExtensionMap {
    let media_type = Format::Rss.media_type().split(';').next().unwrap_or_default();
    let own = [("href", head.feed.as_str()), ("rel", "self"), ("type", media_type)];
    let hub = head.hub.as_ref().map(|hub| vec![("href", hub.as_str()), ("rel", "hub")]);
    let link = |attributes: Vec<(&str, &str)>| Extension {
        name: "atom:link".into(),
        attrs: attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Extension::default()
    };
    let links = [Some(own.to_vec()), hub].into_iter().flatten().map(link).collect();
    ExtensionMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), links)]))])
}
