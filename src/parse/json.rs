use std::str::FromStr;

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use url::Url;

use crate::domain::{Entry, Feed, Instant, Media};
use crate::parse::complaints::Complaints;
use crate::parse::lenient::escaped;
use crate::parse::newest::Newest;
use crate::parse::{Context, ParseError, dates};

/// An item longer than this is no article.
const LONGEST_ITEM: usize = 2_000_000;

/// Reads a JSON Feed (1.0 and 1.1) and its usual faults: ids that are numbers, a list instead of an object, fields of a wrong type,
/// an end that is missing. Items are made entries as they come, for there may be very many. Returns how many there were, and whether
/// the end was missing.
///
/// # Errors
/// There is no list of items in it.
pub fn parse(
    document: &str,
    context: &Context<'_>,
    complaints: &mut Complaints,
) -> Result<(Feed, usize, bool), ParseError> {
    let unreadable = |what: String| ParseError::Unreadable { what };
    let mut gather = Gather {
        context,
        complaints,
        feed: Feed { kind: "json", ..Feed::default() },
        entries: Newest::new(context.most_entries),
        found_items: false,
    };
    let mut reader = serde_json::Deserializer::from_str(document);
    let ended = reader.deserialize_any(&mut gather);
    let Gather { feed, entries, found_items, complaints, .. } = gather;
    let cut_off = match ended {
        _ if !found_items || (entries.seen() == 0 && document.starts_with('[')) => {
            return Err(unreadable("the JSON has no list of `items`".into()));
        }
        Ok(()) => false,
        Err(error) if entries.seen() == 0 => return Err(unreadable(format!("the JSON is broken: {error}"))),
        Err(error) => {
            complaints.lost(&format!("the JSON is broken: {error}"), &format!("item {}", entries.seen() + 1));
            true
        }
    };
    let (entries, seen) = entries.finish();
    Ok((Feed { entries, ..feed }, seen, cut_off))
}

/// What is found in the JSON as it is read.
struct Gather<'a> {
    context: &'a Context<'a>,
    complaints: &'a mut Complaints,
    feed: Feed,
    entries: Newest,
    found_items: bool,
}

impl<'de> Visitor<'de> for &mut Gather<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON Feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                map.next_value_seed(&mut *self)?;
                continue;
            }
            let value: &RawValue = map.next_value()?;
            let text = || read::<Value>(value.get()).as_ref().and_then(plain);
            match key.as_str() {
                _ if value.get().len() > LONGEST_ITEM => {}
                "title" => self.feed.title = text(),
                "home_page_url" => self.feed.site = text(),
                "language" => self.feed.language = text(),
                "generator" => self.feed.generator = text(),
                "next_url" => self.feed.older = text(),
                "feed_url" => self.feed.own = text(),
                "hubs" => self.feed.hub = hub(value),
                _ => {}
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.found_items = true;
        while let Some(item) = items.next_element::<&RawValue>()? {
            let object = Some(item.get()).filter(|item| item.len() <= LONGEST_ITEM);
            match object.and_then(read::<Map<String, Value>>) {
                Some(item) => self.entries.push(entry(&item, self.context)),
                None => self.complaints.lost("an item that is no object", &format!("item {}", self.entries.seen() + 1)),
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Gather<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

/// A value of JSON, also where a text in it holds half of a character: what cut it off counted in UTF-16.
fn read<T: DeserializeOwned>(written: &str) -> Option<T> {
    serde_json::from_str(written).ok().or_else(|| serde_json::from_str(&whole_characters(written)).ok())
}

/// The same with a replacement character for each escape that is half of a surrogate pair (RFC 8259 section 8.2).
fn whole_characters(written: &str) -> String {
    let unit = |at: usize| {
        let digits = written.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut made, mut at) = (String::with_capacity(written.len()), 0);
    while let Some(next) = written[at..].find('\\').map(|next| at + next) {
        made.push_str(&written[at..next]);
        let (length, whole) = match (unit(next), unit(next + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, true),
            (Some(0xD800..=0xDFFF), _) => (6, false),
            // The character after a backslash belongs to it, a second backslash too.
            _ => (1 + written[next + 1..].chars().next().map_or(0, char::len_utf8), true),
        };
        made.push_str(if whole { &written[next..next + length] } else { "\\uFFFD" });
        at = next + length;
    }
    made.push_str(&written[at..]);
    made
}

/// The first hub of WebSub's kind (JSON Feed 1.1, `hubs`).
fn hub(value: &RawValue) -> Option<String> {
    let hubs: Vec<Map<String, Value>> = read(value.get())?;
    let is_ours = |hub: &&Map<String, Value>| {
        text(hub, "type").is_some_and(|kind| ["websub", "pubsubhubbub"].contains(&&*kind.to_ascii_lowercase()))
    };
    text(hubs.iter().find(is_ours)?, "url")
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
    plain(object.get(key)?)
}

fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}
