use std::str::FromStr;

use serde_json::{Map, Value};
use url::Url;

use crate::domain::{Entry, Feed, Instant, Media, Rhythm};
use crate::parse::complaints::Complaints;
use crate::parse::lenient::escaped;
use crate::parse::{Context, ParseError, dates};

/// Reads a JSON Feed (1.0 and 1.1) and its usual faults: ids that are numbers, a list instead of an object, fields of a wrong type,
/// an end that is missing. Returns whether the end was.
///
/// # Errors
/// There is no list of items in it.
pub fn parse(document: &str, context: &Context<'_>, complaints: &mut Complaints) -> Result<(Feed, bool), ParseError> {
    let unreadable = |what: String| ParseError::Unreadable { what };
    let (head, items, cut_off) = match serde_json::from_str::<Value>(document) {
        Ok(Value::Object(mut head)) => match head.remove("items") {
            Some(Value::Array(items)) => (head, items, false),
            _ => return Err(unreadable("the JSON has no list of `items`".into())),
        },
        Ok(Value::Array(items)) if items.iter().any(looks_like_an_item) => (Map::new(), items, false),
        Ok(_) => return Err(unreadable("the JSON is no feed".into())),
        Err(error) => {
            let items = whole_items(document).filter(|items| !items.is_empty());
            let items = items.ok_or_else(|| unreadable(format!("the JSON is broken: {error}")))?;
            complaints.lost(&format!("the JSON is broken: {error}"), &format!("item {}", items.len() + 1));
            (Map::new(), items, true)
        }
    };
    let mut entries = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        match item {
            Value::Object(item) => entries.push(entry(item, context)),
            _ => complaints.lost("an item that is no object", &format!("item {}", number + 1)),
        }
    }
    let feed = Feed {
        kind: "json",
        title: text(&head, "title"),
        site: text(&head, "home_page_url"),
        language: text(&head, "language"),
        generator: text(&head, "generator"),
        rhythm: Rhythm::default(),
        older: text(&head, "next_url"),
        entries,
    };
    Ok((feed, cut_off))
}

fn looks_like_an_item(value: &Value) -> bool {
    ["url", "content_html", "content_text", "title"].iter().any(|key| value.get(key).is_some())
}

/// The items that came whole before the JSON breaks.
fn whole_items(document: &str) -> Option<Vec<Value>> {
    let at = document.find("\"items\"")?;
    let mut rest = &document[at + document[at..].find('[')? + 1..];
    let mut items = Vec::new();
    loop {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(item)) = values.next() else { return Some(items) };
        rest = rest[values.byte_offset()..].trim_start().trim_start_matches(',');
        items.push(item);
    }
}

fn entry(item: &Map<String, Value>, context: &Context<'_>) -> Entry {
    let date = |key| text(item, key).and_then(|date| dates::parse_date(&date, context.zone));
    let published: Option<Instant> = date("date_published");
    let plain = |key| text(item, key).map(|text| escaped(&text).into_owned());
    let guid = text(item, "id");
    let link = text(item, "url").or_else(|| text(item, "external_url"));
    let author =
        |value: &Value| value.as_object().and_then(|author| text(author, "name").or_else(|| text(author, "url")));
    let list = |key: &str| item.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let attachments = list("attachments").iter().filter_map(Value::as_object).filter_map(|attachment| {
        Some(Media {
            url: text(attachment, "url")?,
            media_type: text(attachment, "mime_type"),
            bytes: attachment.get("size_in_bytes").and_then(Value::as_u64),
        })
    });
    let image = text(item, "image").map(|url| Media { url, media_type: Some("image/*".into()), bytes: None });
    Entry {
        link: link.or_else(|| guid.clone().filter(|guid| Url::from_str(guid).is_ok())),
        guid,
        title: plain("title"),
        base: None,
        published: published.or_else(|| date("date_modified")),
        updated: date("date_modified"),
        content: text(item, "content_html").or_else(|| plain("content_text")),
        summary: plain("summary"),
        authors: list("authors").iter().chain(item.get("author")).filter_map(author).collect(),
        categories: list("tags").iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
        media: image.into_iter().chain(attachments).collect(),
        language: text(item, "language"),
    }
}

/// A text that is not blank; numbers are texts.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}
