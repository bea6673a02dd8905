use std::fmt::Write;

use crate::parse::Context;
use crate::parse::lenient::elements::{Role, is_feed_word, role};
use crate::parse::lenient::entry::entry;
use crate::parse::lenient::field::{Field, Piece, escaped};
use crate::parse::lenient::names::{Kind, Name, Scope, Space};
use crate::parse::newest::Newest;

/// Elements around, beyond which none is remembered: no feed is as deep, and looking through them must cost nothing.
const DEEPEST: usize = 64;
/// The same for markup within a field.
const DEEPEST_MARKUP: usize = 256;
/// What is wrong is noted so often, at most.
const MOST_WRONG: usize = 10_000;
/// Characters of a field, beyond which the rest is dropped: no article is as long.
const LONGEST_FIELD: usize = 4_000_000;

/// An element's tag.
#[derive(Debug)]
pub struct Element {
    /// As written.
    pub prefix: String,
    /// As written.
    pub local: String,
    /// Names as written, prefix included.
    pub attributes: Vec<(String, String)>,
}

/// Something that was mended.
#[derive(Debug)]
pub struct Wrong {
    /// What.
    pub what: &'static str,
    /// Where.
    pub place: String,
}

/// Everything that a document says.
#[derive(Debug)]
pub struct Gathered {
    /// What its root is.
    pub kind: Option<Kind>,
    /// The fields of the feed itself.
    pub head: Vec<Field>,
    /// The entries, the newest of very many.
    pub entries: Newest,
    /// What was mended.
    pub wrong: Vec<Wrong>,
    /// The root was never closed.
    pub cut_off: bool,
    /// The last entry was never closed, and is not among the entries.
    pub lost_the_last: bool,
}

/// Makes fields of tags and text as they come.
#[derive(Debug)]
pub struct Gather<'a> {
    context: &'a Context<'a>,
    done: Gathered,
    /// The fields of the entry that is open.
    entry: Vec<Field>,
    scope: Scope,
    /// The elements around, down to the open field.
    around: Vec<Around>,
    field: Option<Open>,
    root_closed: bool,
}

/// An element that holds others.
#[derive(Debug)]
struct Around {
    name: Name,
    role: Role,
    base: Option<String>,
    language: Option<String>,
}

/// The open field.
#[derive(Debug)]
struct Open {
    field: Field,
    /// The names of the markup that is open in it.
    markup: Vec<String>,
    size: usize,
}

impl<'a> Gather<'a> {
    /// Begins a document.
    pub fn new(context: &'a Context<'a>) -> Self {
        let done = Gathered {
            kind: None,
            head: Vec::new(),
            entries: Newest::new(context.most_entries),
            wrong: Vec::new(),
            cut_off: false,
            lost_the_last: false,
        };
        let (entry, around, scope) = (Vec::new(), Vec::new(), Scope::default());
        Gather { context, done, entry, scope, around, field: None, root_closed: false }
    }

    /// A start tag, or an empty one.
    pub fn open(&mut self, element: &Element, empty: bool) {
        let depth = self.around.len() + 1;
        if self.field.is_none() {
            for (name, value) in &element.attributes {
                let prefix = name.strip_prefix("xmlns:").or(Some("").filter(|_| name == "xmlns"));
                if let Some(prefix) = prefix {
                    self.scope.declare(depth, &prefix.to_ascii_lowercase(), value);
                }
            }
        }
        let (name, declared) = self.scope.name(&element.prefix, &element.local);
        if self.done.kind.is_none() {
            self.root(element, &name);
            return;
        }
        if self.field.is_some() && !self.breaks_out(&name) {
            return self.markup(element, empty);
        }
        self.close_field("an element that is not closed");
        if !declared && name.space != Space::Other {
            self.wrong("a prefix that is not declared", element.prefix.clone());
        }
        match role(&name) {
            Some(Role::Entry) => {
                if self.entry_at().is_some() {
                    self.wrong("an entry that is not closed", self.place());
                    self.close_entry();
                }
                let depth = self.around.len();
                self.push(element, name, Role::Entry);
                let about = element.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("rdf:about"));
                if let Some((_, about)) = about {
                    let name = Name { space: Space::Rdf, local: "about".into() };
                    self.add(Field { name, pieces: vec![Piece::Text(about.clone())], ..Field::default() });
                }
                // Microsoft's CDF, which some readers still meet, has the link there.
                let link = element.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("href"));
                if let Some((_, link)) = link {
                    let name = Name { space: Space::Own, local: "link".into() };
                    self.add(Field { name, pieces: vec![Piece::Text(link.clone())], ..Field::default() });
                }
                if empty {
                    self.leave(depth);
                }
            }
            Some(role) => {
                if matches!(name.local.as_str(), "content" | "enclosure") {
                    self.add(self.new_field(element, name.clone()));
                }
                if !empty {
                    self.push(element, name, role);
                }
            }
            None => {
                let field = self.new_field(element, name);
                self.field = Some(Open { field, markup: Vec::new(), size: 0 });
                if empty {
                    self.close_field("");
                }
            }
        }
    }

    /// Characters, references resolved.
    pub fn text(&mut self, text: &str) {
        let Some(open) = &mut self.field else { return };
        open.size += text.len();
        if open.size > LONGEST_FIELD {
            return;
        }
        match open.field.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => open.field.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// An end tag.
    pub fn close(&mut self, element: &Element) {
        let (name, _) = self.scope.name(&element.prefix, &element.local);
        if let Some(open) = &mut self.field {
            if let Some(at) = open.markup.iter().rposition(|own| own.eq_ignore_ascii_case(&element.local)) {
                open.markup.truncate(at);
                return self.raw(format!("</{}>", element.local));
            }
            if open.field.name == name {
                return self.close_field("");
            }
            let closes_around = self.around.iter().any(|around| around.name == name);
            if !closes_around && !is_feed_word(&name) {
                // An end tag of HTML without its beginning: the sanitiser knows what to do.
                return self.raw(format!("</{}>", element.local));
            }
            self.close_field("an element that is not closed");
            if !closes_around {
                return;
            }
        }
        let Some(at) = self.around.iter().rposition(|around| around.name == name) else { return };
        if self.around[at + 1..].iter().any(|around| around.role == Role::Entry) {
            self.wrong("an entry that is not closed", self.place());
        }
        self.leave(at);
        self.root_closed |= at == 0;
    }

    /// The end of the document.
    pub fn finish(mut self) -> Gathered {
        self.done.cut_off = !self.root_closed && self.done.kind.is_some();
        if self.entry_at().is_some() {
            self.done.lost_the_last = true;
            self.field = None;
        }
        self.close_field("an element that is not closed");
        self.done
    }

    fn root(&mut self, element: &Element, name: &Name) {
        let Some(kind) = Kind::of_root(&name.local) else { return };
        self.done.kind = Some(kind);
        self.scope.root(kind);
        let (name, _) = self.scope.name(&element.prefix, &element.local);
        let role = if name.local == "entry" { Role::Entry } else { Role::Plain };
        self.push(element, name, role);
    }

    fn push(&mut self, element: &Element, name: Name, role: Role) {
        let of = |wanted: &str| {
            element
                .attributes
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.clone())
        };
        if self.around.len() >= DEEPEST && role != Role::Entry {
            return;
        }
        self.around.push(Around { name, role, base: of("xml:base"), language: of("xml:lang") });
    }

    fn entry_at(&self) -> Option<usize> {
        self.around.iter().rposition(|around| around.role == Role::Entry)
    }

    fn close_entry(&mut self) {
        if let Some(at) = self.entry_at() {
            self.leave(at);
        }
    }

    /// Leaves the elements from there on; an entry among them is complete.
    fn leave(&mut self, at: usize) {
        if self.around[at..].iter().any(|around| around.role == Role::Entry)
            && let Some(kind) = self.done.kind
        {
            let fields = std::mem::take(&mut self.entry);
            self.done.entries.push(entry(&fields, kind, self.context));
        }
        self.around.truncate(at);
        self.scope.close(at);
    }

    fn new_field(&self, element: &Element, name: Name) -> Field {
        let attribute = |(name, value): &(String, String)| {
            let name = name.to_ascii_lowercase();
            let local = if name.starts_with("xml:") { name.as_str() } else { name.rsplit(':').next().unwrap_or("") };
            (local.to_owned(), value.clone())
        };
        let attributes: Vec<(String, String)> = element.attributes.iter().map(attribute).collect();
        let own = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let bases = self.around.iter().filter_map(|around| around.base.clone()).chain(own("xml:base")).collect();
        let language = self.around.iter().rev().find_map(|around| around.language.clone());
        let language = own("xml:lang").or(language);
        Field { name, attributes, pieces: Vec::new(), bases, language }
    }

    /// Adds a field to the entry that is open, or to the head.
    fn add(&mut self, field: Field) {
        if self.around.iter().any(|around| around.role == Role::Ignored) {
            return;
        }
        if self.entry_at().is_some() {
            self.entry.push(field);
        } else {
            self.done.head.push(field);
        }
    }

    /// Closes the open field; `wrong` says what was wrong with it, if anything was.
    fn close_field(&mut self, wrong: &'static str) {
        let Some(open) = self.field.take() else { return };
        if !wrong.is_empty() {
            self.wrong(wrong, open.field.name.local.clone());
        }
        self.scope.close(self.around.len());
        self.add(open.field);
    }

    /// Whether a start tag ends the field that it stands in: no HTML has such a name, so the field was not closed.
    fn breaks_out(&self, name: &Name) -> bool {
        let Some(open) = &self.field else { return false };
        if !is_feed_word(&open.field.name) {
            return matches!(name.local.as_str(), "item" | "entry") && name.space == Space::Own;
        }
        is_feed_word(name)
            && !matches!(name.local.as_str(), "title" | "link" | "source" | "summary" | "content" | "image")
    }

    /// A tag within a field: the publisher's HTML.
    fn markup(&mut self, element: &Element, empty: bool) {
        let mut tag = format!("<{}", element.local);
        for (name, value) in element.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")) {
            let value = escaped(value).replace('"', "&quot;");
            // Writing into a string does not fail.
            let _ = write!(tag, " {name}=\"{value}\"");
        }
        tag.push_str(if empty { "/>" } else { ">" });
        if let Some(open) = self.field.as_mut().filter(|open| !empty && open.markup.len() < DEEPEST_MARKUP) {
            open.markup.push(element.local.clone());
        }
        self.raw(tag);
    }

    fn raw(&mut self, tag: String) {
        let Some(open) = &mut self.field else { return };
        open.size += tag.len();
        if open.size <= LONGEST_FIELD {
            open.field.pieces.push(Piece::Markup(tag));
        }
    }

    fn wrong(&mut self, what: &'static str, place: String) {
        if self.done.wrong.len() < MOST_WRONG {
            self.done.wrong.push(Wrong { what, place });
        }
    }

    fn place(&self) -> String {
        format!("entry {}", self.done.entries.seen() + 1)
    }
}
