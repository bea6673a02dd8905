//! RSS 2.0 and the RSS Best Practices Profile.

use std::collections::HashSet;

use super::xml::Element;
use super::{
    ATOM, CONTENT, DUBLIN_CORE, Findings, HISTORY, MEDIA, feed_links, html, link, only_once, unexpected, values,
};

const CHANNEL: [&str; 20] = [
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "cloud",
    "ttl",
    "image",
    "rating",
    "textInput",
    "skipHours",
    "skipDays",
    "item",
];
const ITEM: [&str; 10] =
    ["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"];

pub fn check(url: &str, root: &Element, findings: &mut Findings) {
    if root.attribute("version") != Some("2.0") {
        findings.add("UndefinedVersion", root.attribute("version").unwrap_or_default());
    }
    let [channel] = root.children.as_slice() else {
        return findings.add("MissingElement", "channel");
    };
    for child in channel.children.iter().filter(|child| child.space.is_empty()) {
        if !CHANNEL.contains(&child.name.as_str()) {
            findings.add("UndefinedElement", &child.name);
        }
    }
    let single: Vec<&str> = CHANNEL.into_iter().filter(|name| !["category", "item"].contains(name)).collect();
    only_once(channel, "", &single, findings);
    for (name, rule) in [("title", "MissingTitle"), ("link", "MissingLink"), ("description", "MissingDescription")] {
        match channel.first("", name) {
            None => findings.add(rule, url),
            Some(element) => values::not_blank(&element.text, name, findings),
        }
    }
    let text = |name| channel.first("", name).map(|element| element.text.as_str());
    for name in ["title", "description", "copyright"] {
        values::plain(text(name).unwrap_or_default(), "ContainsHTML", findings);
    }
    for name in ["link", "docs"] {
        if text(name).is_some_and(|value| !values::is_uri(value)) {
            findings.add("InvalidFullLink", text(name).unwrap_or_default());
        }
    }
    if text("language").is_some_and(|value| !values::language(value)) {
        findings.add("InvalidLanguage", text("language").unwrap_or_default());
    }
    for name in ["pubDate", "lastBuildDate"] {
        if let Some(value) = text(name) {
            values::rfc822(value, findings);
        }
    }
    if text("ttl").is_some_and(|value| !value.parse::<u32>().is_ok_and(|minutes| minutes > 0)) {
        findings.add("InvalidPositiveInteger", "ttl");
    }
    if let Some(image) = channel.first("", "image") {
        picture(image, channel, findings);
    }
    // Readers that read as it comes want the head first.
    let first = channel.children.iter().position(|child| child.name == "item" && child.space.is_empty());
    if first.is_some_and(|first| channel.children[first..].iter().any(|child| child.name != "item")) {
        findings.add("MisplacedItem", url);
    }
    feed_links(url, channel, findings);
    let mut guids = HashSet::new();
    for item in channel.all("", "item") {
        one(item, &mut guids, findings);
    }
}

fn picture(image: &Element, channel: &Element, findings: &mut Findings) {
    let of = |element: &Element, name: &str| element.first("", name).map(|child| child.text.clone());
    for name in ["url", "title", "link"] {
        match of(image, name) {
            None => findings.add("MissingElement", format!("image/{name}")),
            Some(value) => values::not_blank(&value, name, findings),
        }
    }
    if of(image, "link") != of(channel, "link") {
        findings.add("ImageLinkDoesntMatch", of(image, "link").unwrap_or_default());
    }
    if of(image, "title") != of(channel, "title") {
        findings.add("ImageTitleDoesntMatch", of(image, "title").unwrap_or_default());
    }
    let url = of(image, "url").unwrap_or_default();
    if !values::is_web(&url) {
        findings.add("InvalidFullLink", &url);
    } else if !["jpg", "jpeg", "gif", "png"].iter().any(|ending| url.ends_with(&format!(".{ending}"))) {
        findings.add("ImageUrlFormat", &url);
    }
    for (name, rule, most) in [("width", "InvalidWidth", 144), ("height", "InvalidHeight", 400)] {
        if of(image, name).is_some_and(|value| !value.parse::<u32>().is_ok_and(|value| (1..=most).contains(&value))) {
            findings.add(rule, name);
        }
    }
}

fn one(item: &Element, guids: &mut HashSet<String>, findings: &mut Findings) {
    for child in &item.children {
        match child.space.as_str() {
            "" if !ITEM.contains(&child.name.as_str()) => findings.add("UndefinedElement", &child.name),
            "" | CONTENT | DUBLIN_CORE => {}
            ATOM if child.name == "link" => link(child, true, findings),
            MEDIA => media(child, findings),
            HISTORY => findings.add("FeedHistoryRelInEntry", &child.name),
            other => findings.add("UndefinedElement", format!("{other} {}", child.name)),
        }
    }
    only_once(
        item,
        "",
        &["title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source"],
        findings,
    );
    only_once(item, CONTENT, &["encoded"], findings);
    only_once(item, DUBLIN_CORE, &["language", "date", "rights"], findings);
    let text = |name| item.first("", name).map(|element| element.text.as_str());
    for (core, extension) in [("author", "creator"), ("pubDate", "date"), ("category", "subject"), ("source", "source")]
    {
        if text(core).is_some() && item.first(DUBLIN_CORE, extension).is_some() {
            findings.add("DuplicateItemSemantics", core);
        }
    }
    match text("title") {
        None => findings.add("MissingItemTitle", ""),
        Some(title) => {
            values::not_blank(title, "title", findings);
            values::plain(title, "ContainsHTML", findings);
        }
    }
    match text("link") {
        None => findings.add("MissingItemLink", ""),
        Some(link) if !values::is_web(link) => findings.add("InvalidFullLink", link),
        Some(_) => {}
    }
    if let Some(encoded) = item.first(CONTENT, "encoded") {
        html::safe(&encoded.text, findings);
        let place = |wanted: &Element| item.children.iter().position(|child| std::ptr::eq(child, wanted));
        if item.first("", "description").is_none_or(|description| place(description) > place(encoded)) {
            findings.add("MissingDescriptionBeforeContent", "");
        }
    }
    html::safe(text("description").unwrap_or_default(), findings);
    match item.first("", "guid") {
        None => findings.add("MissingGuid", text("link").unwrap_or_default()),
        Some(guid) => {
            unexpected(guid, &["isPermaLink"], findings);
            values::not_blank(&guid.text, "guid", findings);
            match guid.attribute("isPermaLink") {
                Some("false") if guid.text.len() < 9 && guid.text.parse::<u64>().is_ok() => {
                    findings.add("NotSufficientlyUnique", &guid.text);
                }
                Some("false") => {}
                None | Some("true") if !values::is_web(&guid.text) => findings.add("InvalidHttpGUID", &guid.text),
                None | Some("true") => {}
                Some(other) => findings.add("InvalidBooleanAttribute", other),
            }
            if !guids.insert(guid.text.clone()) {
                findings.add("DuplicateValue", &guid.text);
            }
        }
    }
    if let Some(date) = text("pubDate") {
        values::rfc822(date, findings);
    }
    if text("author").is_some_and(|author| !author.contains('@')) {
        findings.add("InvalidContact", text("author").unwrap_or_default());
    }
    for category in item.all("", "category") {
        unexpected(category, &["domain"], findings);
        values::not_blank(&category.text, "category", findings);
    }
    for creator in item.all(DUBLIN_CORE, "creator") {
        values::not_blank(&creator.text, "dc:creator", findings);
        values::plain(&creator.text, "ContainsHTML", findings);
    }
    for own in item.all(DUBLIN_CORE, "language").filter(|own| !values::language(&own.text)) {
        findings.add("InvalidLanguage", &own.text);
    }
    if let Some(source) = item.first("", "source") {
        unexpected(source, &["url"], findings);
        match source.attribute("url") {
            None => findings.add("MissingAttribute", "source url"),
            Some(url) if !values::is_web(url) => findings.add("InvalidURLAttribute", url),
            Some(_) => {}
        }
    }
    for enclosure in item.all("", "enclosure") {
        unexpected(enclosure, &["url", "length", "type"], findings);
        for name in ["url", "length", "type"].into_iter().filter(|name| enclosure.attribute(name).is_none()) {
            findings.add("MissingAttribute", format!("enclosure {name}"));
        }
        if enclosure.attribute("url").is_some_and(|url| !values::is_web(url)) {
            findings.add("InvalidURLAttribute", enclosure.attribute("url").unwrap_or_default());
        }
        if enclosure.attribute("length").is_some_and(|length| length.parse::<u64>().is_err()) {
            findings.add("InvalidIntegerAttribute", "enclosure length");
        }
        if enclosure.attribute("type").is_some_and(|kind| !values::media_type(kind)) {
            findings.add("InvalidMIMEAttribute", enclosure.attribute("type").unwrap_or_default());
        }
    }
}

fn media(element: &Element, findings: &mut Findings) {
    match element.name.as_str() {
        "content" => unexpected(element, &["url", "type", "medium", "fileSize"], findings),
        "thumbnail" => unexpected(element, &["url", "width", "height"], findings),
        other => findings.add("UndefinedElement", format!("media:{other}")),
    }
    match element.attribute("url") {
        None => findings.add("MissingAttribute", "media url"),
        Some(url) if !values::is_web(url) => findings.add("InvalidURLAttribute", url),
        Some(_) => {}
    }
    if element.attribute("type").is_some_and(|kind| !values::media_type(kind)) {
        findings.add("InvalidMIMEAttribute", "media type");
    }
    if element
        .attribute("medium")
        .is_some_and(|medium| !["image", "audio", "video", "document", "executable"].contains(&medium))
    {
        findings.add("InvalidMediaMedium", element.attribute("medium").unwrap_or_default());
    }
    if element.attribute("fileSize").is_some_and(|size| !size.parse::<u64>().is_ok_and(|size| size > 0)) {
        findings.add("InvalidPositiveInteger", "fileSize");
    }
}
