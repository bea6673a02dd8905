//! Reads what is no well-formed feed, or a dialect that nobody writes any more, as browsers read broken HTML: whatever comes, something is
//! made of it, and what was wrong is told. In: a document as text. Out: a [`Feed`], what was mended, and whether its end is missing.
//!
//! `tokens` is xml5ever's tokenizer, which never fails. `gather` makes fields of its tokens: one list for the feed's head and one
//! for each entry; within a field whatever looks like markup is the publisher's HTML. `names` says which name in which
//! namespace means what, `elements` which of them hold others, `head` and `entry` make of fields what [`Feed`] wants. There is no tree, so that depth costs nothing.

mod elements;
mod entry;
mod field;
mod gather;
mod head;
mod names;
mod tokens;

pub use field::escaped;
pub use head::Head;

use crate::domain::Feed;
use crate::parse::Context;
use crate::parse::complaints::Complaints;

/// What the lenient reading gave.
#[derive(Debug)]
pub struct Lenient {
    /// The feed; it may have no entries.
    pub feed: Feed,
    /// Entries in the document, those included that were too many.
    pub entries: usize,
    /// Whether the document ended before it should.
    pub cut_off: bool,
}

/// Reads a document; `None` where it is no feed at all.
pub fn parse(document: &str, context: &Context<'_>, complaints: &mut Complaints) -> Option<Lenient> {
    let gathered = tokens::gather(document, context);
    let kind = gathered.kind?;
    for wrong in &gathered.wrong {
        complaints.mended(wrong.what, &wrong.place);
    }
    if gathered.lost_the_last {
        complaints.lost("the document is cut off in this entry", &format!("entry {}", gathered.entries.seen() + 1));
    }
    let (entries, seen) = gathered.entries.finish();
    let head = head::head(&gathered.head);
    let feed = Feed {
        kind: kind.name(),
        title: head.title,
        site: head.site,
        language: head.language,
        generator: head.generator,
        rhythm: head.rhythm,
        older: head.older,
        hub: head.hub,
        own: head.own,
        entries,
    };
    Some(Lenient { feed, entries: seen, cut_off: gathered.cut_off })
}

/// What only the head of a feed tells and feed-rs does not: how seldom it changes, where older entries are, and its hub.
pub fn head_of(document: &str, context: &Context<'_>) -> Head {
    let end = ["<item", "<entry"].iter().filter_map(|tag| document.find(tag)).min().unwrap_or(document.len());
    let head = &document[..end.min(64 * 1024).min(document.len())];
    let telling = ["skipHours", "skipDays", "updatePeriod", "prev-archive", "next", "hub\"", "hub'"];
    if !document.is_char_boundary(head.len()) || !telling.iter().any(|word| head.contains(word)) {
        return Head::default();
    }
    head::head(&tokens::gather(head, context).head)
}
