use crate::parse::lenient::names::{Name, Space};

/// What an element that holds others is to those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Root, channel, and what groups without a meaning of its own.
    Plain,
    /// An entry.
    Entry,
    /// What stands in it is about something else: `source`, `image`.
    Ignored,
}

/// What an element that holds others is; `None` for a field.
pub fn role(name: &Name) -> Option<Role> {
    match (name.space, name.local.as_str()) {
        (Space::Own, "item" | "entry") => Some(Role::Entry),
        (Space::Own, "rss" | "channel" | "feed" | "items") | (Space::Rdf, "rdf" | "seq" | "li") => Some(Role::Plain),
        (Space::Media, "group" | "content") | (Space::Own, "enclosure") => Some(Role::Plain),
        (Space::Own | Space::Atom, "image" | "textinput" | "source" | "contributor") => Some(Role::Ignored),
        _ => None,
    }
}

/// Whether only feeds have an element of that name.
pub fn is_feed_word(name: &Name) -> bool {
    match name.space {
        Space::Own => matches!(
            name.local.as_str(),
            "item"
                | "entry"
                | "channel"
                | "rss"
                | "feed"
                | "pubdate"
                | "guid"
                | "description"
                | "published"
                | "updated"
                | "issued"
                | "modified"
                | "lastbuilddate"
                | "title"
                | "link"
                | "id"
                | "author"
                | "category"
                | "enclosure"
                | "comments"
                | "source"
                | "summary"
                | "content"
                | "image"
                | "language"
                | "generator"
                | "subtitle"
                | "tagline"
                | "logo"
                | "icon"
                | "rights"
        ),
        Space::Content | Space::Dc | Space::Sy | Space::Itunes | Space::Media | Space::Feedburner => true,
        Space::Rdf => name.local == "rdf",
        Space::Atom => matches!(name.local.as_str(), "link" | "updated"),
        Space::Html | Space::Other => false,
    }
}
