use std::ops::Range;

use crate::domain::{Complaint, Feed};
use crate::parse::{Context, feed, lost, mended};

/// Reads a document that is broken somewhere entry by entry: each is parsed alone, within the document's own head, so that a
/// broken one costs only itself, and a document that was cut off gives all that came whole. `None` where nothing is read.
pub fn parse(document: &str, context: &Context<'_>, complaints: &mut Vec<Complaint>) -> Option<Feed> {
    if document.starts_with('{') { json(document, context, complaints) } else { xml(document, context, complaints) }
}

fn xml(document: &str, context: &Context<'_>, complaints: &mut Vec<Complaint>) -> Option<Feed> {
    let (root, tag) = root_and_tag(document)?;
    let pieces = entries(document, tag);
    let first = pieces.first()?.range.start;
    let head = &document[..first];
    // RSS 1.0 has its items beside the channel, the others within it.
    let channel = root == "rss" && head.contains("<channel");
    let tail = format!("{}</{root}>", if channel { "</channel>" } else { "" });
    let head = if root.ends_with("RDF") { close_channel(head) } else { head.to_owned() };
    let mut whole: Option<Feed> = None;
    let mut notes = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let place = format!("entry {}", number + 1);
        if !piece.closed {
            complaints.push(lost("the document is cut off in this entry", &place));
            continue;
        }
        let entry = &document[piece.range.clone()];
        let alone = format!("{head}{entry}{tail}");
        let read = feed::parse(&alone, context, &mut notes).or_else(|what| {
            // The byline is what feed-rs stumbles over most; without it the news is still news.
            let bare = format!("{head}{}{tail}", without_bylines(entry));
            let read = feed::parse(&bare, context, &mut notes);
            let verdict = if read.is_ok() { mended } else { lost };
            complaints.push(verdict(&format!("the entry is not well-formed: {what}"), &place));
            read
        });
        let Ok(feed) = read else { continue };
        match &mut whole {
            Some(whole) => whole.entries.extend(feed.entries),
            None => whole = Some(feed),
        }
    }
    whole
}

struct Piece {
    range: Range<usize>,
    closed: bool,
}

/// The root's name as written, and what its entries are called.
fn root_and_tag(document: &str) -> Option<(&str, &'static str)> {
    let roots = [("rss", "item"), ("rdf:RDF", "item"), ("RDF", "item"), ("feed", "entry")];
    let position = |root: &str| document.find(&format!("<{root}"));
    roots
        .into_iter()
        .filter_map(|(root, tag)| Some((position(root)?, root, tag)))
        .min()
        .map(|(_, root, tag)| (root, tag))
}

/// Where each entry stands. An entry that is not closed before the next one begins ends there.
fn entries(document: &str, tag: &str) -> Vec<Piece> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let starts: Vec<usize> = document
        .match_indices(&open)
        .map(|(at, _)| at)
        .filter(|at| document[at + open.len()..].starts_with(['>', ' ', '\t', '\n', '\r']))
        .collect();
    let piece = |(number, &start): (usize, &usize)| {
        let limit = starts.get(number + 1).copied().unwrap_or(document.len());
        match document[start..limit].rfind(&close) {
            Some(end) => Piece { range: start..start + end + close.len(), closed: true },
            None => Piece { range: start..limit, closed: false },
        }
    };
    starts.iter().enumerate().map(piece).collect()
}

fn close_channel(head: &str) -> String {
    if head.contains("<channel") && !head.contains("</channel>") {
        format!("{head}</channel>")
    } else {
        head.to_owned()
    }
}

fn without_bylines(entry: &str) -> String {
    let mut text = entry.to_owned();
    for tag in ["author", "dc:creator", "managingEditor"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        while let Some(start) = text.find(&open) {
            let Some(end) = text[start..].find(&close) else { break };
            text.replace_range(start..start + end + close.len(), "");
        }
    }
    text
}

/// A JSON Feed of which one item has a wrong type somewhere: each item alone.
fn json(document: &str, context: &Context<'_>, complaints: &mut Vec<Complaint>) -> Option<Feed> {
    let mut parsed: serde_json::Value = serde_json::from_str(document).ok()?;
    let items = std::mem::take(parsed.get_mut("items")?.as_array_mut()?);
    let mut whole = feed::parse(&parsed.to_string(), context, &mut Vec::new()).ok()?;
    for (number, mut item) in items.into_iter().enumerate() {
        // Ids that are numbers are common and clear enough.
        if let Some(id) = item.get_mut("id").filter(|id| id.is_number()) {
            *id = serde_json::Value::String(id.to_string());
        }
        parsed["items"] = serde_json::Value::Array(vec![item]);
        match feed::parse(&parsed.to_string(), context, &mut Vec::new()) {
            Ok(feed) => whole.entries.extend(feed.entries),
            Err(what) => {
                complaints.push(lost(&format!("the item cannot be read: {what}"), &format!("item {}", number + 1)))
            }
        }
    }
    Some(whole)
}
