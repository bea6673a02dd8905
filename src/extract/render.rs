//! The HTML of a body: its element as the outlet wrote it, without the lines that are no text of it and what held only those.

use dom_query::{Document, NodeRef};

use crate::extract::body::Body;
use crate::extract::junk::Junk;
use crate::extract::tree::Tree;

/// Elements that mean something though no text is in them.
const EMPTY: &[&str] = &["br", "hr", "td", "th", "tr", "col", "colgroup", "wbr", "source"];

/// Writes a body. The document loses what is dropped.
pub fn render(document: &Document, tree: &Tree, body: &Body) -> String {
    let kept = |text: usize| body.lines[tree.texts[text].line];
    let Some(first) = (0..tree.texts.len()).find(|text| kept(*text)) else { return String::new() };
    let last = (first..tree.texts.len()).rev().find(|text| kept(*text)).unwrap_or(first);
    let mut before = vec![0];
    for text in 0..tree.texts.len() {
        before.push(before[text] + usize::from(kept(text)));
    }
    let lines = || (0..tree.lines.len()).filter(|line| body.lines[*line]);
    let mut root = tree.lines[tree.texts[first].line].element;
    for line in lines() {
        root = tree.up(root).find(|outer| tree.holds(*outer, tree.lines[line].element)).unwrap_or(0);
    }
    // A row alone is no HTML.
    let row = |at: &usize| !matches!(&*tree.elements[*at].name, "tr" | "tbody" | "thead" | "tfoot");
    root = tree.up(root).find(row).unwrap_or(0);
    let pictures: Vec<usize> = tree
        .pictures
        .iter()
        .filter(|one| (first + 1..=last).contains(&one.at_text))
        .filter(|one| stays(tree, one.element, one.linked))
        .map(|one| one.element)
        .collect();
    let node = |at: usize| document.tree.get(&tree.elements[at].node);
    let mut at = root + 1;
    while at < tree.elements[root].end {
        let element = &tree.elements[at];
        let text = before[element.last_text] > before[element.first_text];
        let picture = pictures.iter().any(|picture| (at..element.end).contains(picture));
        if text || picture || EMPTY.contains(&&*element.name) {
            at += 1;
        } else {
            remove(node(at));
            at = element.end;
        }
    }
    for text in tree.elements[root].first_text..tree.elements[root].last_text {
        if !kept(text) {
            remove(document.tree.get(&tree.texts[text].node));
        }
    }
    let Some(found) = node(root) else { return String::new() };
    let whole = ["table", "ul", "ol", "dl", "blockquote", "pre", "p", "h2", "h3"].contains(&&*tree.elements[root].name);
    let html = if whole { found.try_html() } else { found.try_inner_html() };
    html.map_or(String::new(), |html| html.trim().to_owned())
}

fn remove(node: Option<NodeRef<'_>>) {
    if let Some(node) = node {
        node.remove_from_parent();
    }
}

/// Whether a picture among the lines is one of the article's, and not one that leads elsewhere.
fn stays(tree: &Tree, picture: usize, linked: bool) -> bool {
    let block = tree.up(picture).skip(1).find(|at| tree.elements[*at].block);
    let shown = block.is_some_and(|at| matches!(&*tree.elements[at].name, "figure" | "p"));
    tree.up(picture).all(|at| matches!(tree.elements[at].junk, None | Some(Junk::Caption))) && (!linked || shown)
}
