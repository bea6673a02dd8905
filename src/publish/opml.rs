use opml::{Body, Head, OPML, Outline as Line};
use url::Url;

use crate::domain::{Catalogue, Site, Source, SourceKind};
use crate::publish::{join, legal};

/// A feed in a list of feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What it is called.
    pub title: String,
    /// The feed.
    pub feed: Url,
    /// Its page.
    pub page: Url,
}

/// What we read, as a list that any feed reader can import: the feeds of those that have one, and of all others our own.
pub fn sources(catalogue: &Catalogue) -> Vec<Outline> {
    let enabled = catalogue.sources.iter().filter(|source| source.enabled);
    let outline = |source: &Source| {
        let page = source.url.join("/").unwrap_or_else(|_| source.url.clone());
        Outline { title: source.title.clone(), feed: feed_of(source, &catalogue.site), page }
    };
    enabled.map(outline).collect()
}

/// A source's feed: its own, or ours of it where it has none.
pub fn feed_of(source: &Source, site: &Site) -> Url {
    match source.kind {
        SourceKind::Feed => source.url.clone(),
        _ => join(site, &format!("sources/{}.rss", source.id)),
    }
}

/// Writes a list of feeds that a feed reader can import (OPML 2.0).
pub fn opml(title: &str, outlines: &[Outline]) -> Vec<u8> {
    let line = |outline: &Outline| Line {
        text: legal(&outline.title).into_owned(),
        title: Some(legal(&outline.title).into_owned()),
        r#type: Some("rss".into()),
        xml_url: Some(outline.feed.to_string()),
        html_url: Some(outline.page.to_string()),
        ..Line::default()
    };
    let document = OPML {
        version: "2.0".into(),
        head: Some(Head { title: Some(legal(title).into_owned()), ..Head::default() }),
        body: Body { outlines: outlines.iter().map(line).collect() },
    };
    let text = document.to_string().expect("plain data always has an OPML form");
    // The library writes no declaration; without one some readers guess an encoding.
    let declared =
        if text.starts_with("<?xml") { text } else { format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{text}") };
    declared.into_bytes()
}
