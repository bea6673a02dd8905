//! JSON Feed 1.1.

use std::collections::HashSet;

use serde_json::Value;

use super::{Findings, html, values};

pub fn check(url: &str, text: &str, findings: &mut Findings) {
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(error) => return findings.add("JsonError", error.to_string()),
    };
    characters(&feed, findings);
    if feed["version"] != "https://jsonfeed.org/version/1.1" {
        findings.add("JsonVersion", feed["version"].to_string());
    }
    match feed["title"].as_str() {
        None => findings.add("JsonMissing", "title"),
        Some(title) => {
            values::not_blank(title, "title", findings);
            values::plain(title, "ContainsHTML", findings);
        }
    }
    for name in ["home_page_url", "feed_url", "next_url", "icon", "favicon"] {
        address(&feed[name], name, findings);
    }
    if feed["feed_url"] != url {
        findings.add("SelfDoesntMatchLocation", feed["feed_url"].to_string());
    }
    if !feed["next_url"].is_null() && feed["next_url"] == feed["feed_url"] {
        findings.add("JsonNextIsSelf", url);
    }
    if feed["language"].as_str().is_some_and(|language| !values::language(language)) {
        findings.add("InvalidLanguage", feed["language"].to_string());
    }
    let Some(items) = feed["items"].as_array() else {
        return findings.add("JsonMissing", "items");
    };
    let mut ids = HashSet::new();
    for item in items {
        one(item, findings);
        if !ids.insert(item["id"].as_str().unwrap_or_default()) {
            findings.add("DuplicateValue", item["id"].to_string());
        }
    }
}

fn one(item: &Value, findings: &mut Findings) {
    match item["id"].as_str() {
        None => findings.add("JsonMissing", "id as a string"),
        Some(id) => values::not_blank(id, "id", findings),
    }
    for name in ["url", "external_url", "image", "banner_image"] {
        address(&item[name], name, findings);
    }
    match (item["content_html"].as_str(), item["content_text"].as_str()) {
        (None, None) => findings.add("JsonMissing", "content_html or content_text"),
        (Some(content), _) => {
            values::not_blank(content, "content_html", findings);
            html::safe(content, findings);
        }
        _ => {}
    }
    for name in ["title", "summary"] {
        if let Some(text) = item[name].as_str() {
            values::not_blank(text, name, findings);
            values::plain(text, "ContainsHTML", findings);
        }
    }
    for name in ["date_published", "date_modified"] {
        match &item[name] {
            Value::Null => {}
            Value::String(date) => values::rfc3339(date, findings),
            other => findings.add("InvalidRFC3339Date", other.to_string()),
        }
    }
    if item["language"].as_str().is_some_and(|language| !values::language(language)) {
        findings.add("InvalidLanguage", item["language"].to_string());
    }
    if !item["author"].is_null() {
        findings.add("JsonDeprecated", "author");
    }
    for author in item["authors"].as_array().into_iter().flatten() {
        let name = author["name"].as_str().unwrap_or_default();
        values::not_blank(name, "author", findings);
        values::plain(name, "ContainsHTML", findings);
    }
    for tag in item["tags"].as_array().into_iter().flatten() {
        let tag = tag.as_str().unwrap_or_default();
        values::not_blank(tag, "tag", findings);
        values::plain(tag, "ContainsHTML", findings);
    }
    for attachment in item["attachments"].as_array().into_iter().flatten() {
        if !attachment["url"].is_string() {
            findings.add("JsonMissing", "attachment url");
        }
        address(&attachment["url"], "attachment", findings);
        if !attachment["mime_type"].as_str().is_some_and(values::media_type) {
            findings.add("InvalidMIMEType", attachment["mime_type"].to_string());
        }
        if !matches!(&attachment["size_in_bytes"], Value::Null | Value::Number(_)) {
            findings.add("InvalidNonNegativeInteger", "size_in_bytes");
        }
    }
}

fn address(value: &Value, name: &str, findings: &mut Findings) {
    match value {
        Value::Null => {}
        Value::String(url) if values::is_web(url) => {}
        other => findings.add("InvalidFullLink", format!("{name}: {other}")),
    }
}

/// Readers turn JSON into XML and HTML: what cannot stand there does not leave either.
fn characters(value: &Value, findings: &mut Findings) {
    match value {
        Value::String(text) => {
            if let Some(bad) = text.chars().find(|c| !values::is_legal(*c) || *c == '\u{fffd}' || *c == '\u{85}') {
                findings.add("BadCharacters", format!("{bad:?}"));
            }
        }
        Value::Array(all) => all.iter().for_each(|value| characters(value, findings)),
        Value::Object(all) => all.values().for_each(|value| characters(value, findings)),
        _ => {}
    }
}
