//! Atom (RFC 4287).

use std::collections::HashSet;

use super::xml::Element;
use super::{ATOM, Findings, HISTORY, feed_links, html, link, only_once, unexpected, values};

const FEED: [&str; 12] = [
    "title",
    "id",
    "updated",
    "author",
    "category",
    "contributor",
    "generator",
    "icon",
    "link",
    "logo",
    "rights",
    "subtitle",
];
const ENTRY: [&str; 12] = [
    "title",
    "id",
    "updated",
    "author",
    "category",
    "contributor",
    "link",
    "published",
    "rights",
    "source",
    "summary",
    "content",
];

pub fn check(url: &str, feed: &Element, findings: &mut Findings) {
    unexpected(feed, &[], findings);
    head(feed, &["entry"], findings);
    for name in ["title", "id", "updated"] {
        required(feed, name, "MissingElement", findings);
    }
    feed_links(url, feed, findings);
    let alternates = feed.all(ATOM, "link").filter(|link| link.attribute("rel") == Some("alternate")).count();
    if alternates > 1 {
        findings.add("DuplicateAtomLink", "alternate");
    }
    let first = feed.children.iter().position(|child| child.name == "entry");
    if first.is_some_and(|first| feed.children[first..].iter().any(|child| child.name != "entry")) {
        findings.add("MisplacedMetadata", url);
    }
    let (mut ids, mut instants) = (HashSet::new(), HashSet::new());
    for entry in feed.all(ATOM, "entry") {
        one(entry, feed, findings);
        let text = |name| entry.first(ATOM, name).map(|element| element.text.clone()).unwrap_or_default();
        if !ids.insert(text("id")) {
            findings.add("DuplicateEntries", text("id"));
        }
        if !instants.insert(text("updated")) {
            findings.add("DuplicateUpdated", text("updated"));
        }
    }
}

/// What a feed and the `source` of an entry have in common.
fn head(element: &Element, more: &[&str], findings: &mut Findings) {
    for child in &element.children {
        let known = match child.space.as_str() {
            ATOM => FEED.contains(&child.name.as_str()) || more.contains(&child.name.as_str()),
            HISTORY => child.name == "archive",
            _ => false,
        };
        if !known {
            findings.add("UndefinedElement", &child.name);
        }
    }
    only_once(element, ATOM, &["title", "id", "updated", "generator", "icon", "logo", "rights", "subtitle"], findings);
    for name in ["title", "rights", "subtitle"] {
        element.all(ATOM, name).for_each(|one| text(one, findings));
    }
    for name in ["icon", "logo"] {
        for one in element.all(ATOM, name).filter(|one| !values::is_web(&one.text)) {
            findings.add("InvalidFullLink", &one.text);
        }
    }
    element.all(ATOM, "id").for_each(|one| id(&one.text, findings));
    element.all(ATOM, "updated").for_each(|one| values::rfc3339(&one.text, findings));
    persons(element, findings);
    categories(element, findings);
}

fn one(entry: &Element, feed: &Element, findings: &mut Findings) {
    for child in &entry.children {
        if child.space != ATOM || !ENTRY.contains(&child.name.as_str()) {
            findings.add("UndefinedElement", &child.name);
        }
    }
    only_once(
        entry,
        ATOM,
        &["title", "id", "updated", "published", "rights", "source", "summary", "content"],
        findings,
    );
    for name in ["title", "id", "updated"] {
        required(entry, name, "MissingElement", findings);
    }
    if entry.first(ATOM, "author").is_none() && feed.first(ATOM, "author").is_none() {
        findings.add("MissingElement", "author");
    }
    for name in ["title", "summary", "rights"] {
        entry.all(ATOM, name).for_each(|one| text(one, findings));
    }
    for name in ["updated", "published"] {
        entry.all(ATOM, name).for_each(|one| values::rfc3339(&one.text, findings));
    }
    entry.all(ATOM, "id").for_each(|one| id(&one.text, findings));
    persons(entry, findings);
    categories(entry, findings);
    let mut alternates = HashSet::new();
    for one in entry.all(ATOM, "link") {
        link(one, true, findings);
        let alternate = matches!(one.attribute("rel"), None | Some("alternate"));
        if alternate && !alternates.insert((one.attribute("type"), one.attribute("hreflang"))) {
            findings.add("DuplicateAtomLink", "alternate");
        }
    }
    match entry.first(ATOM, "content") {
        Some(content) => {
            unexpected(content, &["type", "src"], findings);
            text(content, findings);
        }
        None if alternates.is_empty() => findings.add("MissingContentOrAlternate", ""),
        None if entry.first(ATOM, "summary").is_none() => findings.add("MissingTextualContent", ""),
        None => {}
    }
    if let Some(source) = entry.first(ATOM, "source") {
        head(source, &[], findings);
        source.all(ATOM, "link").for_each(|one| link(one, false, findings));
        for name in ["title", "id", "updated"] {
            required(source, name, "MissingSourceElement", findings);
        }
    }
}

fn required(element: &Element, name: &str, rule: &'static str, findings: &mut Findings) {
    if element.first(ATOM, name).is_none() {
        findings.add(rule, name);
    }
}

/// A text construct (section 3.1) or the content.
fn text(element: &Element, findings: &mut Findings) {
    unexpected(element, &["type", "src"], findings);
    values::not_blank(&element.text, &element.name, findings);
    match element.attribute("type").unwrap_or("text") {
        "text" => values::plain(&element.text, "ContainsUndeclaredHTML", findings),
        "html" => html::safe(&element.text, findings),
        other => findings.add("InvalidTextType", other),
    }
    if !element.children.is_empty() {
        findings.add("UndefinedElement", &element.name);
    }
}

fn id(value: &str, findings: &mut Findings) {
    if value.trim() != value {
        findings.add("UnexpectedWhitespace", value);
    } else if !values::is_uri(value) {
        findings.add("InvalidFullLink", value);
    } else if !values::is_canonical(value) {
        findings.add("NonCanonicalURI", value);
    }
}

fn persons(element: &Element, findings: &mut Findings) {
    for person in ["author", "contributor"].into_iter().flat_map(|name| element.all(ATOM, name)) {
        match person.first(ATOM, "name") {
            None => findings.add("MissingElement", "name"),
            Some(name) => {
                values::not_blank(&name.text, "name", findings);
                values::plain(&name.text, "ContainsHTML", findings);
            }
        }
        for child in person.children.iter().filter(|child| !["name", "uri", "email"].contains(&child.name.as_str())) {
            findings.add("UndefinedElement", &child.name);
        }
    }
}

fn categories(element: &Element, findings: &mut Findings) {
    for category in element.all(ATOM, "category") {
        unexpected(category, &["term", "scheme", "label"], findings);
        match category.attribute("term") {
            None => findings.add("MissingAttribute", "term"),
            Some(term) if term.trim().is_empty() => findings.add("AttrNotBlank", "term"),
            Some(_) => {}
        }
        if category.attribute("scheme").is_some_and(|scheme| !values::is_uri(scheme)) {
            findings.add("InvalidURIAttribute", "scheme");
        }
        if let Some(label) = category.attribute("label") {
            if label.trim().is_empty() {
                findings.add("AttrNotBlank", "label");
            }
            values::plain(label, "ContainsHTML", findings);
        }
    }
}
