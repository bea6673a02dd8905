use chrono::NaiveDate;
use url::Url;

use crate::domain::{Catalogue, Facet};
use crate::publish::Format;
use crate::web::address::{Channel, Narrowing};
use crate::web::words::Language;

/// The public address of a channel's page or feed.
pub fn address(catalogue: &Catalogue, channel: &Channel, narrowing: &Narrowing, format: Option<Format>) -> Url {
    let extension = format.map(|format| format!(".{}", format.extension())).unwrap_or_default();
    // A feed is always in the order of arrival.
    let query = Narrowing { best: narrowing.best && format.is_none(), ..narrowing.clone() }.query();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let path = format!("{}{extension}{query}", channel.path());
    catalogue.site.url.join(&path).unwrap_or_else(|_| catalogue.site.url.clone())
}

/// What a channel is called, narrowing included: `TPPO di Balikpapan`.
pub fn title(channel: &Channel, narrowing: &Narrowing, catalogue: &Catalogue, language: Language) -> String {
    let words = language.words();
    let topic = |id| catalogue.topic(id).map_or_else(|| String::from(id.as_str()), |topic| topic.title.clone());
    let region = |id| catalogue.region(id).map_or_else(|| String::from(id.as_str()), |region| region.title.clone());
    let either = |names: Vec<String>| names.join(words.or);
    let (mut topics, mut regions) = (Vec::new(), Vec::new());
    let mut sources: Vec<String> = Vec::new();
    let mut named = None;
    match channel {
        Channel::All | Channel::Search => {}
        Channel::Facet(Facet::Topic(id)) => topics.push(topic(id)),
        Channel::Facet(Facet::Region(id)) => regions.push(region(id)),
        Channel::Facet(Facet::Source(id)) => sources.push(catalogue.source_title(id).to_owned()),
        Channel::Named(id) => named = catalogue.channel(id).map(|channel| channel.title.clone()),
    }
    if !narrowing.topics.is_empty() {
        topics.push(either(narrowing.topics.iter().map(topic).collect()));
    }
    if !narrowing.regions.is_empty() {
        regions.push(either(narrowing.regions.iter().map(region).collect()));
    }
    if !narrowing.sources.is_empty() {
        sources.push(either(narrowing.sources.iter().map(|id| catalogue.source_title(id).to_owned()).collect()));
    }
    let subject = [named, Some(topics.join(" + ")).filter(|topics| !topics.is_empty())];
    let mut title = subject.into_iter().flatten().collect::<Vec<_>>().join(" + ");
    if title.is_empty() {
        title = match (channel, regions.is_empty() && sources.is_empty()) {
            (Channel::Search, true) => words.search,
            (_, true) => words.everything,
            (_, false) => words.news,
        }
        .to_owned();
    }
    for (preposition, names) in [(words.in_, regions), (words.from, sources)] {
        if !names.is_empty() {
            title = format!("{title} {preposition} {}", names.join(" + "));
        }
    }
    if !narrowing.words.is_empty() {
        let sought = narrowing.words.join(" ");
        title = format!("{title}: {sought}");
    }
    if narrowing.from.is_some() || narrowing.to.is_some() {
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "…".into(), |day| language.bare_day(day));
        title = format!("{title}, {} – {}", day(narrowing.from), day(narrowing.to));
    }
    title
}
