//! A page laid flat: its elements in order, and its text as the lines that a reader sees, each with what is to be known to judge it.

use std::hash::Hasher;

use dom_query::{Document, LocalName, NodeData, NodeId};
use foldhash::{HashMap, HashMapExt};

use crate::extract::elements::{BLOCKS, NEVER, SKIPPED};
use crate::extract::inline;
use crate::extract::junk::{self, Junk};
use crate::extract::line::Line;
use crate::extract::wording::{self, Wording};

/// Elements and lines of a page, beyond which it is not looked at: no article page has so many.
const MOST_ELEMENTS: usize = 60_000;
const MOST_LINES: usize = 20_000;
/// Words in links to one address, beyond which they are no link.
const LONGEST_LINK: usize = 80;

/// An element. Its descendants follow it, up to `end`; its text is `texts`.
#[derive(Debug)]
pub struct Element {
    pub node: NodeId,
    pub name: LocalName,
    pub parent: usize,
    pub end: usize,
    /// Its pieces of text: `first..last` of [`Tree::texts`].
    pub first_text: usize,
    pub last_text: usize,
    /// Whether it begins a line.
    pub block: bool,
    pub junk: Option<Junk>,
    /// Whether its name says that it is junk, even where it is none.
    pub suspect: bool,
    /// A hash of its class, 0 where it has none.
    pub class: u64,
    /// Whether its name, id or class is one by which outlets call the body of an article.
    pub body: bool,
}

/// A piece of text that is not only white space, and the line that it is part of.
#[derive(Debug)]
pub struct Text {
    pub node: NodeId,
    pub line: usize,
}

/// A picture, and how many pieces of text come before it.
#[derive(Debug)]
pub struct Picture {
    pub element: usize,
    pub at_text: usize,
    pub linked: bool,
}

/// A page laid flat.
#[derive(Debug, Default)]
pub struct Tree {
    pub elements: Vec<Element>,
    pub texts: Vec<Text>,
    pub lines: Vec<Line>,
    pub pictures: Vec<Picture>,
    /// How many pieces of text come before the last form.
    pub last_form: usize,
}

/// What of the open elements counts for the text in them.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// A hash of where the link leads.
    link: Option<u64>,
    stress: bool,
    centred: bool,
    heading: bool,
    listed: bool,
}

struct Walk {
    tree: Tree,
    open: Vec<(usize, Context)>,
    block: usize,
    /// Whether the next text begins a line.
    fresh: bool,
    picture: Option<String>,
    /// Whether the line begins as a lead to another article.
    leads: bool,
    /// The link or `<span>` in a box that the last text was all of, and whether it may end the line.
    piece: Option<usize>,
    /// For each address that links lead to, the lines and their words that are in them.
    links: HashMap<u64, Vec<(usize, usize)>>,
}

impl Tree {
    /// Lays a document flat; what lies beyond the bounds is left out.
    pub fn of(document: &Document) -> Tree {
        let root = document.body().unwrap_or_else(|| document.html_root());
        let tree = Tree::default();
        let mut walk = Walk {
            tree,
            open: Vec::new(),
            block: 0,
            fresh: true,
            picture: None,
            leads: false,
            piece: None,
            links: HashMap::new(),
        };
        let mut next = Some(root);
        while let Some(node) = next {
            let descends = walk.enter(document, node.id);
            if walk.tree.elements.len() > MOST_ELEMENTS || walk.tree.lines.len() > MOST_LINES {
                break;
            }
            next = if descends { node.first_child() } else { None };
            let mut leaving = node;
            while next.is_none() {
                if descends || leaving.id != node.id {
                    walk.leave();
                }
                if leaving.id == root.id {
                    break;
                }
                next = leaving.next_sibling();
                let Some(parent) = leaving.parent() else { break };
                leaving = parent;
            }
        }
        while !walk.open.is_empty() {
            walk.leave();
        }
        walk.end_line();
        walk.unlink();
        for line in &mut walk.tree.lines {
            line.wording = wording::of(&line.text, line.words, line.linked);
        }
        walk.tree
    }

    /// The lines of an element.
    pub fn lines_of(&self, element: usize) -> std::ops::Range<usize> {
        let element = &self.elements[element];
        if element.first_text == element.last_text {
            return 0..0;
        }
        self.texts[element.first_text].line..self.texts[element.last_text - 1].line + 1
    }

    /// Whether a linked picture lies in an element.
    pub fn links_a_picture(&self, element: usize) -> bool {
        self.pictures_in(element).any(|picture| picture.linked)
    }

    /// The pictures in an element.
    pub fn pictures_in(&self, element: usize) -> impl Iterator<Item = &Picture> {
        let end = self.elements[element].end;
        let from = self.pictures.partition_point(|picture| picture.element < element);
        self.pictures[from..].iter().take_while(move |picture| picture.element < end)
    }

    /// Whether the second is the first, or in it.
    pub fn holds(&self, outer: usize, inner: usize) -> bool {
        (outer..self.elements[outer].end).contains(&inner)
    }

    /// An element and what it lies in, innermost first.
    pub fn up(&self, from: usize) -> impl Iterator<Item = usize> {
        let parent = |element: &usize| (*element > 0).then(|| self.elements[*element].parent);
        std::iter::successors((!self.elements.is_empty()).then_some(from), parent)
    }
}

impl Walk {
    /// Whether what is in the node is to be looked at, which has then been opened.
    fn enter(&mut self, document: &Document, node: NodeId) -> bool {
        let descends = document.tree.query_node(&node, |tree_node| match &tree_node.data {
            NodeData::Text { contents } => {
                self.text(node, contents);
                false
            }
            NodeData::Element(element) => {
                let attribute =
                    |name: &str| element.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| &*attr.value);
                let tag: &str = &element.name.local;
                let junk = if self.tree.elements.is_empty() { None } else { junk::of(tag, &attribute) };
                let junk = junk.filter(|junk| {
                    let piece =
                        || document.tree.get(&node).is_some_and(|piece| inline::is_of_a_sentence(&piece, *junk));
                    let heading = self.open.last().is_some_and(|(_, context)| context.heading);
                    BLOCKS.contains(&tag) || NEVER.contains(&tag) || !(heading && *junk == Junk::Short || piece())
                });
                self.element(node, &element.name.local, junk, &attribute)
            }
            _ => false,
        });
        descends.unwrap_or(false)
    }

    fn element<'a>(
        &mut self,
        node: NodeId,
        name: &LocalName,
        junk: Option<Junk>,
        attribute: &dyn Fn(&str) -> Option<&'a str>,
    ) -> bool {
        let at = self.tree.elements.len();
        let parent = self.open.last().map_or(0, |(parent, _)| *parent);
        let tag: &str = name;
        let block = BLOCKS.contains(&tag) || junk.is_some();
        if block {
            self.end_line();
        }
        let texts = self.tree.texts.len();
        if matches!(tag, "form" | "textarea") {
            self.tree.last_form = texts;
        }
        self.tree.elements.push(Element {
            node,
            name: name.clone(),
            parent,
            end: at + 1,
            first_text: texts,
            last_text: texts,
            block,
            junk,
            suspect: junk.is_some(),
            class: attribute("class").filter(|class| !class.is_empty()).map_or(0, |class| hash(class.as_bytes())),
            body: junk::is_body(tag, attribute),
        });
        let mut context = self.open.last().map_or(Context::default(), |(_, context)| *context);
        if matches!(tag, "img" | "amp-img") {
            self.picture = Some(attribute("alt").unwrap_or("").trim().to_owned());
            self.tree.pictures.push(Picture { element: at, at_text: texts, linked: context.link.is_some() });
        }
        // A heading that unfolds what is under it is a button.
        if SKIPPED.contains(&tag) && !(context.heading && tag == "button") {
            return false;
        }
        match tag {
            "a" => {
                let leads = attribute("href").filter(|href| !href.starts_with('#') && !junk::is_document(href));
                context.link = leads
                    .map(|href| hash(href.as_bytes()))
                    .or(attribute("href").filter(|href| !junk::is_document(href)).map(|_| at as u64))
                    .or(context.link);
            }
            // Not what is bold: many outlets set their first paragraph so.
            "em" | "i" | "small" => context.stress = true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => context.heading = true,
            "li" | "td" | "th" | "dd" | "dt" => context.listed = true,
            _ => {}
        }
        context.stress |= attribute("style").is_some_and(|style| style.contains("italic"));
        if block {
            // What is around a block may be centred because a whole page is.
            context.centred = tag == "center" || (tag != "table" && is_centred(attribute));
        }
        self.open.push((at, context));
        if block {
            self.block = at;
        }
        true
    }

    fn leave(&mut self) {
        let Some((at, _)) = self.open.pop() else { return };
        if self.tree.elements[at].block {
            self.end_line();
            self.block =
                self.open.iter().rev().map(|(open, _)| *open).find(|open| self.tree.elements[*open].block).unwrap_or(0);
        }
        if self.leads && &*self.tree.elements[at].name == "a" {
            // What comes after the link is the paragraph again.
            self.end_line();
        }
        let (end, texts) = (self.tree.elements.len(), self.tree.texts.len());
        self.tree.elements[at].end = end;
        self.tree.elements[at].last_text = texts;
    }

    fn text(&mut self, node: NodeId, contents: &str) {
        let Some((_, context)) = self.open.last().copied() else { return };
        let leads = wording::leads(contents);
        if leads && self.tree.lines.last().is_some_and(|line| wording::ends_a_sentence(line.text.trim_end())) {
            // `… kemarin. <b>Baca juga: <a>Lain</a></b>`
            self.end_line();
        }
        let piece = self.piece();
        if contents.trim().is_empty() {
            if let Some(line) = self.tree.lines.last_mut().filter(|line| !self.fresh && !line.text.ends_with(' ')) {
                line.text.push(' ');
            }
            return;
        }
        if self.piece.is_some() && piece.is_some() && self.piece != piece && self.stand_apart(contents) {
            // `<span>Pilihan</span><a>Dua Kapal Karam</a>` in a box: a style sets them apart.
            self.end_line();
        }
        self.piece = piece;
        if self.fresh {
            self.tree.lines.push(Line {
                element: self.block,
                first_text: self.tree.texts.len(),
                text: String::new(),
                words: 0,
                linked: 0,
                stressed: 0,
                heading: context.heading,
                listed: context.listed,
                picture: self.picture.take(),
                wording: Wording::Plain,
                junk: false,
            });
            self.fresh = false;
            self.leads = leads;
        }
        let at = self.tree.lines.len() - 1;
        self.tree.texts.push(Text { node, line: at });
        let line = &mut self.tree.lines[at];
        if contents.starts_with(char::is_whitespace) && !line.text.is_empty() && !line.text.ends_with(' ') {
            line.text.push(' ');
        }
        let mut words = 0;
        for (number, word) in contents.split_whitespace().enumerate() {
            if number > 0 {
                line.text.push(' ');
            }
            line.text.push_str(word);
            words += usize::from(word.contains(char::is_alphanumeric));
        }
        if contents.ends_with(char::is_whitespace) {
            line.text.push(' ');
        }
        line.words += words;
        if let Some(link) = context.link {
            line.linked += words;
            self.links.entry(link).or_default().push((at, words));
        }
        line.stressed += if context.stress || context.centred { words } else { 0 };
    }

    /// The open link or `<span>`, where it lies directly in a box that is no paragraph.
    fn piece(&self) -> Option<usize> {
        let [.., (outer, _), (at, _)] = &self.open[..] else { return None };
        let name = |at: usize| &*self.tree.elements[at].name;
        (matches!(name(*at), "a" | "span") && matches!(name(*outer), "div" | "section" | "aside" | "article"))
            .then_some(*at)
    }

    /// Whether a text does not go on what the line has: both are some words, and it begins anew.
    fn stand_apart(&self, contents: &str) -> bool {
        let Some(line) = self.tree.lines.last().filter(|_| !self.fresh) else { return false };
        let begins = contents.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        line.words > 1 && begins && line.text.ends_with(char::is_alphanumeric)
    }

    fn end_line(&mut self) {
        if self.fresh {
            return;
        }
        self.fresh = true;
        if let Some(line) = self.tree.lines.last_mut() {
            line.text.truncate(line.text.trim_end().len());
        }
    }

    /// A link that nobody closed goes on to the end of the page, as a browser reads it; that is none.
    fn unlink(&mut self) {
        let long = |lines: &&Vec<(usize, usize)>| {
            lines.len() > 4 && lines.iter().map(|(_, words)| words).sum::<usize>() > LONGEST_LINK
        };
        for lines in self.links.values().filter(long) {
            for (line, words) in lines {
                self.tree.lines[*line].linked -= words;
            }
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

fn is_centred<'a>(attribute: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    let style = attribute("style").unwrap_or("");
    attribute("align").is_some_and(|align| align.eq_ignore_ascii_case("center"))
        || style.replace(' ', "").contains("text-align:center")
        || attribute("class").is_some_and(|class| class.contains("align-center") || class.contains("text-center"))
}
