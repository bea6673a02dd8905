//! The dates that readers see near the headline, as they are written; and who they say wrote it.

use dom_query::Document;

use crate::extract::byline;
use crate::extract::dated::{date_in, has_clock, is_clock};
use crate::extract::junk::Junk;
use crate::extract::tree::Tree;

/// Lines before the headline in which a date is looked for, and after it where no body begins sooner.
const BEFORE: usize = 6;
const AFTER: usize = 14;

/// What readers see of an article's making.
#[derive(Debug, Default)]
pub struct Seen {
    /// When it was published.
    pub published: Vec<String>,
    /// When it was changed.
    pub updated: Vec<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
}

/// Looks between the headline and the first line of the body, and a little before.
pub fn near(document: &Document, tree: &Tree, title: Option<usize>, first: Option<usize>, last: Option<usize>) -> Seen {
    let mut seen = Seen::default();
    let Some(start) = title.or(first) else { return seen };
    let from = start.saturating_sub(if title.is_some() { BEFORE } else { AFTER });
    let until =
        first.filter(|first| *first > start).unwrap_or(start + AFTER).min(start + 3 * AFTER).min(tree.lines.len());
    let aside = |line: usize| is_aside(tree, tree.lines[line].element);
    // What stands after the headline is more surely of this article than what stands before it.
    let order: Vec<usize> = (start..until).chain((from..start).rev()).filter(|line| !aside(*line)).collect();
    times(document, tree, &order, &mut seen);
    // A date at the article's end, with its author.
    let end = last.map_or(0..0, |last| last + 1..(last + 4).min(tree.lines.len()));
    let mut written = Vec::new();
    for at in order.iter().copied().chain(end.filter(|line| !aside(*line))) {
        let line = &tree.lines[at];
        if line.words > 30 || line.is_link() && line.words > 12 {
            continue;
        }
        // `<li>4 Maret 2025</li><li>10:20 WITA</li>`
        match tree.lines.get(at + 1).filter(|next| is_clock(&next.text) && !has_clock(&line.text)) {
            Some(next) if date_in(&line.text).is_some() => dated(&format!("{} {}", line.text, next.text), &mut seen),
            _ => dated(&line.text, &mut seen),
        }
        written.extend(byline::written(&line.text));
    }
    if let Some(texts) = texts_of(tree, &order) {
        seen.authors = byline::marked(document, tree, texts);
    }
    if seen.authors.is_empty() {
        seen.authors = written;
    }
    seen
}

fn is_aside(tree: &Tree, element: usize) -> bool {
    // Drupal writes who and when in a `<footer>` under the headline.
    let meta = |at: usize| {
        let within = |name: &str, at: usize| tree.up(at).any(|outer| &*tree.elements[outer].name == name);
        within("footer", at) && within("article", at)
    };
    let aside = [Junk::Never, Junk::Beside, Junk::Soft, Junk::Hidden];
    tree.up(element).any(|at| !meta(at) && tree.elements[at].junk.is_some_and(|junk| aside.contains(&junk)))
}

/// The texts from the first of some lines to the one after the last.
fn texts_of(tree: &Tree, lines: &[usize]) -> Option<std::ops::RangeInclusive<usize>> {
    let (from, until) = (lines.iter().min()?, lines.iter().max()?);
    let text = |line: usize| tree.lines.get(line).map_or(tree.texts.len(), |line| line.first_text);
    Some(text(*from)..=text(*until + 1))
}

/// `<time datetime>`s and microdata in those lines.
fn times(document: &Document, tree: &Tree, lines: &[usize], seen: &mut Seen) {
    let Some(near) = texts_of(tree, lines) else { return };
    let mut marked = 0;
    for (at, element) in tree.elements.iter().enumerate() {
        if !matches!(&*element.name, "time" | "meta") || !near.contains(&element.first_text) || is_aside(tree, at) {
            continue;
        }
        let Some(node) = document.tree.get(&element.node) else { continue };
        let (property, class) = (node.attr("itemprop").unwrap_or_default(), node.attr("class").unwrap_or_default());
        let told = node.attr("datetime").or_else(|| node.attr("content")).map(|told| told.trim().to_owned());
        let Some(told) = told.filter(|told| !told.is_empty() && told.len() < 100) else { continue };
        let updated = &*property == "dateModified"
            || (class.contains("updated") && !class.contains("published"))
            || class.contains("modified");
        if updated {
            seen.updated.push(told);
        } else if &*property == "datePublished" {
            seen.published.insert(marked, told);
            marked += 1;
        } else if &*element.name == "time" {
            seen.published.push(told);
        }
    }
}

/// The dates in a line, cut out of what stands around them.
fn dated(line: &str, seen: &mut Seen) {
    let lower = line.to_lowercase();
    let change = ["diperbarui", "diperbaharui", "update", "perubahan", "diubah", "modified", "diedit"]
        .iter()
        .filter_map(|word| lower.find(word))
        .min();
    // Lower case may be longer or shorter than what was written; then nothing is cut.
    let at = change.filter(|at| lower.len() == line.len() && line.is_char_boundary(*at)).unwrap_or(line.len());
    let (published, updated) = line.split_at(at);
    seen.published.extend(date_in(published));
    seen.updated.extend(date_in(updated));
}
