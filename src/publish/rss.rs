use std::collections::BTreeMap;

use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Image, Item, Source};

use crate::domain::{Catalogue, Instant};
use crate::publish::body::escape;
use crate::publish::language::language;
use crate::publish::media::Attached;
use crate::publish::view::{View, join};
use crate::publish::{Format, HISTORY, Head, ICON, ICON_SIZE, document, plain};

/// Minutes that a reader may keep the feed.
const TTL: &str = "15";

/// The namespaces of what is written beside RSS's own elements.
const NAMESPACES: [(&str, &str); 5] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("fh", HISTORY),
    ("media", "http://search.yahoo.com/mrss/"),
];

/// Writes RSS 2.0 with `content:encoded`, Dublin Core, Media RSS, `atom:link` and archives (RFC 5005).
pub fn write(head: &Head, views: &[View<'_>], catalogue: &Catalogue, updated: Instant) -> Vec<u8> {
    let site = &catalogue.site;
    let date = |instant: Instant| instant.with_timezone(&site.timezone).to_rfc2822();
    let title = plain(&head.title).into_owned();
    let channel = Channel {
        title: title.clone(),
        link: head.page.to_string(),
        description: plain(&head.description).into_owned(),
        language: language(&site.language),
        copyright: Some(rights(&site.language).into()),
        last_build_date: (!views.is_empty()).then(|| date(updated)),
        generator: Some("kliping".into()),
        docs: Some("https://www.rssboard.org/rss-specification".into()),
        ttl: Some(TTL.into()),
        // Its title and link are the channel's: readers and validators compare them.
        image: Some(Image {
            url: join(site, ICON).into(),
            title,
            link: head.page.to_string(),
            width: Some(ICON_SIZE.to_string()),
            height: Some(ICON_SIZE.to_string()),
            ..Image::default()
        }),
        namespaces: NAMESPACES.into_iter().map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).collect(),
        extensions: of_channel(head),
        items: views.iter().map(|view| item(view, &date)).collect(),
        ..Channel::default()
    };
    let written = channel.write_to(Vec::new()).expect("writing into memory does not fail");
    let text = String::from_utf8(written).expect("what was text stays text");
    document(site, text.split_once("?>").map_or(&*text, |(_, root)| root))
}

/// Whose the texts are, said of the whole.
pub fn rights(language: &str) -> &'static str {
    if language.starts_with("en") {
        "Each text belongs to the outlet that it links to."
    } else {
        "Hak cipta setiap tulisan ada pada media yang ditautkan."
    }
}

fn item(view: &View<'_>, date: &impl Fn(Instant) -> String) -> Item {
    let category = |category: &crate::publish::view::Category<'_>| rss::Category {
        name: category.title.clone().into_owned(),
        domain: category.scheme.as_ref().map(ToString::to_string),
    };
    let source = view.feed.clone();
    // RSS has room for one; its length is required, and 0 where nobody knows it.
    let enclosure = view.media.iter().find_map(|media| Some((media, media.media_type.clone()?)));
    Item {
        title: Some(view.title.clone().into_owned()),
        link: Some(view.link.clone()),
        // Readers take a description for HTML, so what is plain text is escaped once more than XML asks.
        description: Some(escape(&view.summary)),
        content: Some(view.html.clone()),
        guid: Some(Guid { value: view.id.clone(), permalink: false }),
        pub_date: Some(date(view.published)),
        categories: view.categories.iter().map(category).collect(),
        source: source.map(|url| Source { url, title: Some(view.outlet.clone().into_owned()) }),
        extensions: of_item(view, enclosure.as_ref().map(|(media, _)| *media)),
        enclosure: enclosure.map(|(media, mime_type)| Enclosure {
            url: media.url.clone(),
            length: media.bytes.unwrap_or(0).to_string(),
            mime_type,
        }),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: view.authors.iter().map(|author| author.clone().into_owned()).collect(),
            languages: view.language.iter().cloned().collect(),
            rights: vec![view.rights.clone()],
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

/// `<atom:link rel="related">`: the same text at other outlets; and what is attached beside the enclosure.
fn of_item(view: &View<'_>, enclosure: Option<&Attached>) -> ExtensionMap {
    let others = view.also.iter().filter_map(|(carrier, url)| Some((plain(&carrier.title), url.as_deref()?)));
    let links = others.map(|(title, url)| {
        let attributes = [("href", url), ("rel", "related"), ("type", "text/html"), ("title", &*title)];
        element("atom:link", attributes.into_iter().filter(|(_, value)| !value.is_empty()))
    });
    let more = view.media.iter().filter(|media| Some(*media) != enclosure).map(|media| {
        let size = media.bytes.filter(|bytes| *bytes > 0).map(|bytes| bytes.to_string());
        let attributes = [
            ("url", Some(media.url.as_str())),
            ("type", media.media_type.as_deref()),
            ("medium", media.medium()),
            ("fileSize", size.as_deref()),
        ];
        element("media:content", attributes.into_iter().filter_map(|(name, value)| Some((name, value?))))
    });
    let picture = view.media.iter().find(|media| media.is_picture());
    let thumbnail = picture.map(|picture| element("media:thumbnail", [("url", picture.url.as_str())]));
    grouped(links.chain(more).chain(thumbnail))
}

/// The feed's own address, which readers keep when the document is moved, and its place among the archives.
fn of_channel(head: &Head) -> ExtensionMap {
    let kind = Format::Rss.media_type().split(';').next().unwrap_or_default();
    let links = head.links();
    // A hub is no document of a kind.
    let kind = |rel: &str| (rel != "hub").then_some(("type", kind));
    let links = links
        .iter()
        .map(|(rel, url)| element("atom:link", [("href", url.as_str()), ("rel", rel)].into_iter().chain(kind(rel))));
    grouped(links.chain(head.archive.iter().map(|_| element("fh:archive", []))))
}

fn element<'a>(name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Extension {
    Extension {
        name: name.into(),
        attrs: attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Extension::default()
    }
}

/// By prefix and name, as the library keeps them.
fn grouped(elements: impl Iterator<Item = Extension>) -> ExtensionMap {
    let mut map = ExtensionMap::default();
    for element in elements {
        let (prefix, name) = element.name.split_once(':').unwrap_or(("", &element.name));
        let of_prefix: &mut BTreeMap<String, Vec<Extension>> = map.entry(prefix.to_owned()).or_default();
        of_prefix.entry(name.to_owned()).or_default().push(element);
    }
    map
}
