//! Which of the elements whose names say that they are junk are junk. Outlets call the whole page `sidebar-layout` or wrap it in a
//! `<form>`: what the page is about stays, whatever it is called.

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::extract::dated;
use crate::extract::junk::Junk;
use crate::extract::tree::Tree;

/// A short element has fewer words of prose.
const SHORT: usize = 25;
/// Words of prose of something hidden in a body that is the rest of it.
const FOLDED: usize = 15;
/// Lines of a box around a form, and what is looked at in it.
const BOX: usize = 6;
/// Words of prose that may be an article.
const ENOUGH: usize = 40;
/// Elements taken back, at most.
const MOST_ROUNDS: usize = 60;

/// Takes back what is no junk, and marks the lines of the rest.
pub fn mark(tree: &mut Tree, title: Option<usize>, confirmed: &[bool]) {
    let prose: Vec<usize> = tree.lines.iter().map(|line| line.weight()).collect();
    // Sums of prose before each line, so that an element's is a subtraction.
    let mut before = vec![0];
    before.extend(prose.iter().scan(0, |sum, words| {
        *sum += words;
        Some(*sum)
    }));
    let title_text = title.map(|line| tree.lines[line].first_text);
    let within = within_bodies(tree);
    let mut bodies = vec![0];
    bodies.extend(tree.elements.iter().scan(0, |sum, element| {
        *sum += usize::from(element.body);
        Some(*sum)
    }));
    let clocks = clocks(tree, &within);
    for at in (0..tree.elements.len()).rev() {
        let lines = tree.lines_of(at);
        let mass = before[lines.end] - before[lines.start];
        let element = &tree.elements[at];
        let holds_title = title_text.is_some_and(|text| (element.first_text..element.last_text).contains(&text));
        let told = confirmed[lines.clone()].iter().zip(&prose[lines.clone()]).filter(|(told, _)| **told);
        let told: usize = told.map(|(_, words)| words).sum();
        let back = match element.junk {
            None => false,
            // An outlet's own body is trusted: a sentence in it is text, whatever its paragraph is called.
            Some(Junk::Short | Junk::Soft) if within[at] && !holds_title && (mass > 2 || heads(tree, at)) => {
                mass * 2 > words(tree, lines) || heads(tree, at)
            }
            Some(Junk::Short) if clocks.contains(&at) => true,
            Some(Junk::Hidden) if within[at] => mass >= FOLDED && mass * 2 > words(tree, lines),
            Some(Junk::Short) => {
                (mass >= SHORT && mass * 2 > words(tree, lines)) || (mass > 0 && bodies[element.end] > bodies[at])
            }
            Some(Junk::Caption) if names_who_said_it(tree, at) => true,
            Some(Junk::Caption) => mass > 3 * SHORT,
            Some(Junk::Never) => told >= ENOUGH && holds_title,
            Some(Junk::Beside | Junk::Soft | Junk::Hidden) => {
                (holds_title && mass >= ENOUGH) || (told >= ENOUGH && told * 2 > mass)
            }
        };
        if back {
            tree.elements[at].junk = None;
        }
    }
    for _ in 0..MOST_ROUNDS {
        let (mut inner, free) = shares(tree, &prose);
        together(tree, &mut inner);
        let largest =
            (0..tree.elements.len()).filter(|at| tree.elements[*at].junk.is_some()).max_by_key(|at| inner[*at]);
        let Some(largest) = largest.filter(|at| inner[*at] >= ENOUGH && takes_back(tree, *at, inner[*at], free)) else {
            break;
        };
        let (outer, class) = (tree.up(largest).collect::<Vec<_>>(), tree.elements[largest].class);
        let paragraph = is_paragraph(tree, largest);
        let alike = (0..tree.elements.len())
            .filter(|at| paragraph && tree.elements[*at].class == class && is_paragraph(tree, *at));
        for at in alike.chain(outer).collect::<Vec<_>>() {
            tree.elements[at].junk = None;
        }
    }
    for at in 0..tree.elements.len() {
        if tree.elements[at].junk.is_some() || asks_for_an_address(tree, at) {
            for line in tree.lines_of(at) {
                tree.lines[line].junk = true;
            }
        }
    }
}

/// For each element whether it lies in one that is a body by name.
fn within_bodies(tree: &Tree) -> Vec<bool> {
    let mut within = vec![false; tree.elements.len()];
    for at in 1..within.len() {
        let parent = tree.elements[at].parent;
        within[at] = within[parent] || tree.elements[parent].body;
    }
    within
}

/// Whether an element is a small box around a form: a newsletter's.
fn asks_for_an_address(tree: &Tree, at: usize) -> bool {
    let element = &tree.elements[at];
    let children = |at: &usize| (*at < element.end).then(|| tree.elements[*at].end);
    let asks = || {
        let form = |child: &usize| {
            *child < element.end && tree.elements[*child].junk.is_some() && &*tree.elements[*child].name == "form"
        };
        std::iter::successors(Some(at + 1), children).take(BOX).any(|child| form(&child))
    };
    let lines = tree.lines_of(at);
    &*element.name == "div" && !element.body && lines.len() <= BOX && asks() && words(tree, lines) <= ENOUGH
}

/// Whether an element is the `<figcaption>` of a quotation, which tells who said it.
fn names_who_said_it(tree: &Tree, at: usize) -> bool {
    let parent = tree.elements[at].parent;
    &*tree.elements[at].name == "figcaption"
        && tree.pictures_in(parent).next().is_none()
        && tree.elements[parent + 1..at].iter().rev().take(BOX).any(|element| &*element.name == "blockquote")
}

/// The times of day of a live report or a programme: several of one class in a body.
fn clocks(tree: &Tree, within: &[bool]) -> HashSet<usize> {
    let mut found = HashMap::<u64, Vec<usize>>::new();
    for (at, element) in tree.elements.iter().enumerate() {
        let lines = tree.lines_of(at);
        if within[at]
            && element.junk == Some(Junk::Short)
            && lines.len() == 1
            && dated::is_clock(&tree.lines[lines.start].text)
        {
            found.entry(element.class).or_default().push(at);
        }
    }
    found.into_values().filter(|alike| alike.len() > 1).flatten().collect()
}

/// Whether an element is a `<header>` that holds a heading and nothing else.
fn heads(tree: &Tree, at: usize) -> bool {
    let lines = tree.lines_of(at);
    &*tree.elements[at].name == "header" && lines.len() == 1 && tree.lines[lines].iter().all(|line| line.heading)
}

/// Whether an element holds so much of the page that the page is about it.
fn takes_back(tree: &Tree, at: usize, own: usize, free: usize) -> bool {
    let holds_body = (at..tree.elements[at].end).any(|inner| tree.elements[inner].body);
    let tenths = if holds_body { 6 } else { 2 };
    free * 10 < own * tenths
}

/// Paragraphs of one class count as one: some outlets call each of them `text-share`.
fn together(tree: &Tree, inner: &mut [usize]) {
    let paragraphs: Vec<usize> = (0..inner.len()).filter(|at| inner[*at] > 0 && is_paragraph(tree, *at)).collect();
    let mut sums = HashMap::new();
    for at in &paragraphs {
        *sums.entry(tree.elements[*at].class).or_insert(0) += inner[*at];
    }
    for at in paragraphs {
        inner[at] = sums[&tree.elements[at].class];
    }
}

fn is_paragraph(tree: &Tree, element: usize) -> bool {
    &*tree.elements[element].name == "p" && tree.elements[element].class != 0
}

fn words(tree: &Tree, lines: std::ops::Range<usize>) -> usize {
    tree.lines[lines].iter().map(|line| line.words).sum()
}

/// For each element the prose that lies in it and in no junk within it; and the prose that lies in no junk at all.
fn shares(tree: &Tree, prose: &[usize]) -> (Vec<usize>, usize) {
    let mut inner = vec![0; tree.elements.len()];
    let mut free = 0;
    for (line, words) in tree.lines.iter().zip(prose) {
        match tree.up(line.element).find(|at| tree.elements[*at].junk.is_some()) {
            Some(at) => inner[at] += words,
            None => free += words,
        }
    }
    (inner, free)
}
