//! The tables that stand once for each: sources, topics, regions and channels. Everything is read and checked before
//! anything is put together, so that a mistake in one hides none in another.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::config::document::Document;
use crate::config::mistakes::{Flaw, Notes};
use crate::config::nearest::{listed, nearest};
use crate::config::place::Place;
use crate::config::section::Section;
use crate::config::{addresses, values};
use crate::domain::{
    Catalogue, Channel, Facet, LIST_PAGES, Region, Selection, Selectors, Site, Slug, Source, SourceKind, Topic,
};
use crate::fetch;
use crate::tag::{KALTIM, PatternError, Rules, kaltim};

/// What there is to poll, to tag and to publish, and the compiled patterns; `None` where a pattern cannot be used.
pub fn read(document: &Document<'_>, site: Site, folder: &Path, notes: &Notes) -> (Catalogue, Option<Arc<Rules>>) {
    for table in ["source", "topic", "region", "channel"] {
        check_ids(table, document.many(table), notes);
    }
    check_addresses(document.many("source"), notes);
    let known = Known::of(document);
    let private = document.one("fetch").flag("allow_private").unwrap_or(false);
    let sources =
        document.many("source").iter().filter_map(|section| source(section, private, folder, &known)).collect();
    let topics: Vec<Topic> = document.many("topic").iter().map(topic).collect();
    let (regions, their_sections) = all_regions(document.many("region"));
    let channels = document.many("channel").iter().filter_map(|section| channel(section, &known, notes)).collect();
    let rules = Rules::compile(&topics, &regions).map_err(|errors| {
        for error in errors {
            let sections = if error.list == "names" {
                their_sections.get(error.owner).copied().flatten()
            } else {
                document.many("topic").get(error.owner)
            };
            note_pattern(&error, sections, notes);
        }
    });
    (Catalogue { site, sources, topics, regions, channels }, rules.ok().map(Arc::new))
}

fn source(section: &Section<'_>, private: bool, folder: &Path, known: &Known) -> Option<Source> {
    let id = section.read("id", values::id);
    let title = section.read("title", values::text);
    let url = section.read("url", addresses::address);
    let region = section.read("region", |written| known.check(&known.regions, "region", written));
    let schedule = section.read("schedule", addresses::cron);
    let user_agent = section.read("user_agent", addresses::user_agent);
    let encoding = section.read("encoding", values::charset);
    let extra_ca = section.read("extra_ca", |written| certificates(written, folder));
    let selectors = selectors(section);
    let pages = section.count("pages").and_then(|pages| u32::try_from(pages).ok());
    let kind = kind(section, folder, &selectors, pages);
    Some(Source {
        kind: kind?,
        selectors,
        full_text: section.flag("full_text").unwrap_or(false),
        pages: pages.unwrap_or(LIST_PAGES),
        schedule,
        region,
        enabled: section.flag("enabled").unwrap_or(true),
        allow_private: section.flag("allow_private").unwrap_or(private),
        user_agent,
        encoding,
        extra_ca,
        unconditional: section.flag("unconditional").unwrap_or(false),
        press_office: section.flag("press_office").unwrap_or(false),
        ..Source::new(id?, title?, url?)
    })
}

/// What is found at a source, and whether the keys beside it belong to that kind.
fn kind(section: &Section<'_>, folder: &Path, selectors: &Selectors, pages: Option<u32>) -> Option<SourceKind> {
    let path = section.read("path", values::text);
    let kind = if section.has("kind") { section.choice("kind")? } else { "feed" };
    // What cannot be read is a mistake already.
    let written = [
        ("path", path.is_some(), "file"),
        ("pages", pages.is_some(), "page"),
        ("select_item", selectors.item.is_some(), "page"),
        ("select_link", selectors.link.is_some(), "page"),
        ("select_title", selectors.title.is_some(), "page"),
        ("select_date", selectors.date.is_some(), "page"),
        ("select_summary", selectors.summary.is_some(), "page"),
        ("select_image", selectors.image.is_some(), "page"),
        ("select_next", selectors.next.is_some(), "page"),
    ];
    for (key, _, owner) in written.into_iter().filter(|(_, written, owner)| *written && *owner != kind) {
        let what = format!("means nothing for `kind = \"{kind}\"`");
        section.note(key, Flaw::new(what, format!("leave it out, or write `kind = \"{owner}\"`")));
    }
    Some(match kind {
        "page" => SourceKind::Page,
        "sitemap" => SourceKind::Sitemap,
        "wordpress" => SourceKind::WordPress,
        "file" => match path {
            Some(path) => SourceKind::File(folder.join(path)),
            None => {
                let hint = "add the file or folder into which documents are put: `path = \"kotak-masuk\"`";
                section.note_whole(Flaw::new("is of `kind = \"file\"` and has no `path`", hint));
                return None;
            }
        },
        _ => SourceKind::Feed,
    })
}

fn selectors(section: &Section<'_>) -> Selectors {
    let read = |key| section.read(key, values::selector);
    Selectors {
        item: read("select_item"),
        link: read("select_link"),
        title: read("select_title"),
        date: read("select_date"),
        summary: read("select_summary"),
        image: read("select_image"),
        next: read("select_next"),
        body: read("select_body"),
    }
}

/// The certificates of a file, read now, so that a file that is wrong is a mistake and not a source that fails.
fn certificates(written: &str, folder: &Path) -> Result<Arc<[u8]>, Flaw> {
    let path = folder.join(values::text(written)?);
    let wrong = |what: String| Flaw::new(format!("`{}`: {what}", path.display()), "name a file of certificates in PEM");
    let pem = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
    fetch::read_pem(&pem).map_err(wrong)?;
    Ok(pem.into())
}

/// A topic even where a part of it is wrong, so that its patterns are checked all the same.
fn topic(section: &Section<'_>) -> Topic {
    if section.texts("any").is_empty()
        && section.texts("all").is_empty()
        && !(section.spoiled("any") || section.spoiled("all"))
    {
        let hint = "without one it is about nothing: add `any = [\"perdagangan orang\", \"TPPO\"]`";
        section.note_whole(Flaw::new("has neither `any` nor `all`", hint));
    }
    let list = |key| section.texts(key).iter().map(|written| written.text.clone()).collect();
    Topic {
        id: section.read("id", values::id).unwrap_or_else(|| "".into()),
        title: section.read("title", values::text).unwrap_or_default(),
        any: list("any"),
        all: list("all"),
        none: list("none"),
        except: list("except"),
    }
}

/// The built-in regions, each replaced where the operator wrote one of its id, then the operator's own; and beside each
/// its table, if it has one.
fn all_regions<'s, 'n>(sections: &'s [Section<'n>]) -> (Vec<Region>, Vec<Option<&'s Section<'n>>>) {
    let mut all: Vec<(Region, Option<&Section>)> = kaltim().into_iter().map(|region| (region, None)).collect();
    for section in sections {
        if section.has("names") && section.texts("names").is_empty() && !section.spoiled("names") {
            section
                .note("names", Flaw::new("is empty", "add what it is called in articles: `names = [\"Kota Minyak\"]`"));
        }
        let region = Region {
            id: section.read("id", values::id).unwrap_or_else(|| "".into()),
            title: section.read("title", values::text).unwrap_or_default(),
            names: section.texts("names").iter().map(|written| written.text.clone()).collect(),
        };
        match all.iter_mut().find(|(there, _)| there.id == region.id) {
            Some(there) => *there = (region, Some(section)),
            None => all.push((region, Some(section))),
        }
    }
    all.into_iter().unzip()
}

fn channel(section: &Section<'_>, known: &Known, notes: &Notes) -> Option<Channel> {
    let id = section.read("id", values::id);
    let title = section.read("title", values::text);
    let mut selection = Selection::default();
    type List<'a> = (&'a str, &'a str, &'a BTreeSet<String>, fn(Slug) -> Facet);
    let lists: [List<'_>; 3] = [
        ("topics", "topic", &known.topics, Facet::Topic),
        ("regions", "region", &known.regions, Facet::Region),
        ("sources", "source", &known.sources, Facet::Source),
    ];
    for (key, kind, ids, facet) in lists {
        let mut facets = Vec::new();
        for written in section.texts(key) {
            match known.check(ids, kind, &written.text) {
                Ok(id) => facets.push(facet(id)),
                Err(flaw) => {
                    notes.note(written.place, Flaw::new(format!("`{key}` in [[channel]]: {}", flaw.what), flaw.hint))
                }
            }
        }
        selection = selection.and_any(facets);
    }
    if ["topics", "regions", "sources"].iter().all(|key| section.texts(key).is_empty() && !section.spoiled(key)) {
        let hint = "`/all` has every item already: add `topics`, `regions` or `sources`";
        section.note_whole(Flaw::new("selects nothing in particular", hint));
    }
    Some(Channel { id: id?, title: title?, selection })
}

/// The ids that may be referred to: as they are written, so that a mistake in what they stand for is one mistake only.
struct Known {
    topics: BTreeSet<String>,
    regions: BTreeSet<String>,
    sources: BTreeSet<String>,
    /// Kinds of which one has no id that can be read: it may be the one that is meant.
    unsure: BTreeSet<&'static str>,
}

impl Known {
    fn of(document: &Document<'_>) -> Self {
        let mut unsure = BTreeSet::new();
        let mut ids = |table: &'static str| -> BTreeSet<String> {
            let written = document.many(table).iter().map(|section| section.written("id").map(str::to_owned));
            written
                .inspect(|id| {
                    if id.is_none() {
                        unsure.insert(table);
                    }
                })
                .flatten()
                .collect()
        };
        let (topics, mut regions, sources) = (ids("topic"), ids("region"), ids("source"));
        regions.extend(KALTIM.iter().map(|region| region.id.to_owned()));
        Known { topics, regions, sources, unsure }
    }

    fn check(&self, ids: &BTreeSet<String>, kind: &str, written: &str) -> Result<Slug, Flaw> {
        if ids.contains(written) || self.unsure.contains(kind) {
            return Ok(Slug::from(written));
        }
        let hint = match nearest(written, ids.iter().map(String::as_str)) {
            Some(id) => format!("did you mean `{id}`?"),
            None if ids.is_empty() => format!("add a [[{kind}]] with that id"),
            None => format!("there are {}", listed(ids.iter().map(String::as_str))),
        };
        Err(Flaw::new(format!("there is no {kind} `{written}`"), hint))
    }
}

fn check_ids(table: &str, sections: &[Section<'_>], notes: &Notes) {
    let mut seen: Vec<(&str, Place)> = Vec::new();
    for section in sections {
        let Some(id) = section.written("id") else { continue };
        match seen.iter().find(|(other, _)| *other == id) {
            Some((_, first)) => {
                let what = format!("`id` in [[{table}]]: `{id}` is taken by the one of {first}");
                notes.note(
                    section.place_of("id"),
                    Flaw::new(what, "an id stands for one only: choose another, or remove one of them"),
                );
            }
            None => seen.push((id, section.place_of("id"))),
        }
    }
}

fn check_addresses(sections: &[Section<'_>], notes: &Notes) {
    let mut seen: Vec<(Url, Place)> = Vec::new();
    for section in sections {
        // Where documents come by other ways the address is only the outlet's, which may be asked as well.
        let asked = section.written("url").filter(|_| section.written("kind") != Some("file"));
        let Some(url) = asked.and_then(|written| addresses::address(written).ok()) else { continue };
        match seen.iter().find(|(other, _)| *other == url) {
            Some((_, first)) => {
                let what = format!("`url` in [[source]]: the source of {first} has this address already");
                notes.note(section.place_of("url"), Flaw::new(what, "an outlet is asked once: remove one of them"));
            }
            None => seen.push((url, section.place_of("url"))),
        }
    }
}

/// Notes a pattern that cannot be used, where it stands.
fn note_pattern(error: &PatternError, section: Option<&Section<'_>>, notes: &Notes) {
    let written = section.and_then(|section| section.texts(error.list).get(error.index));
    let place = written.map_or(Place::File, |written| written.place);
    let text = written.map_or("", |written| written.text.as_str());
    let table = if error.list == "names" { "region" } else { "topic" };
    let what = format!("`{text}` of `{}` in [[{table}]]: {}", error.list, error.what);
    notes.note(place, Flaw::new(what, error.hint.clone()));
}
