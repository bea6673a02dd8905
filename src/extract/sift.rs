//! Which lines of a body are its text: without what outlets put into it.

use crate::extract::body::Body;
use crate::extract::dated::{is_appointment, is_clock};
use crate::extract::edges;
use crate::extract::line::Line;
use crate::extract::tree::Tree;
use crate::extract::wording::{Wording, credits_a_picture, ends_a_sentence, is_part_heading};

/// Words of a card that leads to another article, at most.
const CARD: usize = 80;
/// Lines after a heading in which what it stands over begins.
const NEAR: usize = 20;
/// Words of a picture's caption, at most.
const CAPTION: usize = 45;

/// Drops lines from a body. `title` is the headline's line.
pub fn sift(tree: &Tree, body: &mut Body, title: Option<usize>) {
    let mass = weight(tree, body, 0..tree.lines.len());
    if let Some(title) = title {
        // Lines before the headline are no text of its article, wherever that stands.
        let after: usize = weight(tree, body, title + 1..tree.lines.len());
        if after * 2 > mass {
            body.lines[..=title].fill(false);
        }
    }
    let prose = sentences(tree, body);
    for (at, line) in tree.lines.iter().enumerate() {
        let said = || body.trusts(tree, at) || edges::is_point(&line.text) || is_appointment(&line.text);
        let among = prose.contains(&at) && line.wording == Wording::Mark && said();
        let noise = line.wording == Wording::Noise || (line.wording == Wording::Mark && !among);
        body.lines[at] &= !line.junk && !noise && !is_caption(line);
    }
    captions(tree, body, mass);
    ends(tree, body, mass);
    sections(tree, body, mass);
    cards(tree, body, mass);
    for (at, line) in tree.lines.iter().enumerate() {
        let long = ends_a_sentence(&line.text)
            && (line.words >= 25
                || (body.trusts(tree, at) && line.words > line.linked + 1 && !line.text.contains(':')));
        let heads = matches!(line.wording, Wording::Section | Wording::End) && !is_part(tree, body, at);
        let leads = line.words > 0 && line.is_link();
        body.lines[at] &= !heads && (!leads || long || is_data(tree, line));
    }
    leads(tree, body);
    edges::cut(tree, body);
}

/// The lines from a body's first sentence to its last.
fn sentences(tree: &Tree, body: &Body) -> std::ops::Range<usize> {
    let prose = |at: &usize| body.lines[*at] && tree.lines[*at].weight() > 0;
    let mut first = (0..tree.lines.len()).find(prose).unwrap_or(0);
    // The time of a live report's latest entry.
    first -= usize::from(first > 0 && body.lines[first - 1] && is_clock(&tree.lines[first - 1].text));
    let point = |at: &usize| body.lines[*at] && body.trusts(tree, *at) && edges::is_point(&tree.lines[*at].text);
    first..(first..tree.lines.len()).rev().find(|at| prose(at) || point(at)).map_or(first, |last| last + 1)
}

/// Whether a heading that often stands over links or comments stands over a part of the article: `Rekomendasi`, `Tanggapan`.
pub fn is_part(tree: &Tree, body: &Body, at: usize) -> bool {
    let line = &tree.lines[at];
    let next = tree.lines.get(at + 1);
    let goes_on = next.is_some_and(|next| body.lines[at + 1] && next.weight() > 0) && !in_card(tree, at + 1);
    goes_on
        && body.trusts(tree, at)
        && is_part_heading(&line.text)
        && (line.wording == Wording::Section || tree.last_form <= line.first_text)
}

fn weight(tree: &Tree, body: &Body, lines: std::ops::Range<usize>) -> usize {
    lines.filter(|at| body.lines[*at]).map(|at| tree.lines[at].weight()).sum()
}

/// Nothing that follows the heading of the comments is text.
fn ends(tree: &Tree, body: &mut Body, mass: usize) {
    let end = |at: &usize| body.lines[*at] && tree.lines[*at].wording == Wording::End && !is_part(tree, body, *at);
    for at in (0..tree.lines.len()).filter(end).collect::<Vec<_>>() {
        if weight(tree, body, 0..at) * 10 >= mass * 3 {
            body.lines[at..].fill(false);
            return;
        }
    }
}

/// Headings like `Berita Terkait` go with what is under them: all of the element that holds both, or the links that follow.
fn sections(tree: &Tree, body: &mut Body, mass: usize) {
    for at in 0..tree.lines.len() {
        if !body.lines[at] || tree.lines[at].wording != Wording::Section || is_part(tree, body, at) {
            continue;
        }
        let holder = tree.up(tree.lines[at].element).find(|element| tree.lines_of(*element).len() > 1);
        if let Some(holder) = holder {
            let lines = tree.lines_of(holder);
            let prose = weight(tree, body, lines.clone());
            let linked = tree.lines[lines.clone()].iter().any(Line::is_link);
            if prose * 10 < mass * 3 && lines.start == at && (linked || prose < 30) {
                body.lines[lines].fill(false);
                continue;
            }
        }
        for next in at..tree.lines.len() {
            let line = &tree.lines[next];
            if next > at && line.weight() > 0 && !in_card(tree, next) {
                break;
            }
            if next > at && !line.is_link() && line.heading && line.wording == Wording::Plain {
                break;
            }
            body.lines[next] = false;
        }
    }
}

/// Whether a line is some words of another article, in a card.
pub fn in_card(tree: &Tree, line: usize) -> bool {
    let card = |element: &usize| tree.lines_of(*element).len() < 8 && is_card(tree, *element);
    tree.up(tree.lines[line].element).take(4).any(|element| card(&element))
}

/// Small elements that lead to other articles: a linked title, perhaps with a picture, a date, some words of it.
fn cards(tree: &Tree, body: &mut Body, mass: usize) {
    let mut at = body.root + 1;
    while at < tree.elements[body.root].end {
        let lines = tree.lines_of(at);
        let within = !lines.is_empty() && tree.elements[at].block && body.lines[lines.clone()].contains(&true);
        if within && weight(tree, body, lines.clone()) * 4 < mass && (is_card(tree, at) || is_list_of_links(tree, at)) {
            body.lines[lines].fill(false);
            at = tree.elements[at].end;
        } else {
            at += 1;
        }
    }
}

fn is_card(tree: &Tree, element: usize) -> bool {
    let lines = tree.lines_of(element);
    let all = &tree.lines[lines.clone()];
    let words: usize = all.iter().map(|line| line.words).sum();
    let linked: usize = all.iter().map(|line| line.linked).sum();
    let titles = all.iter().filter(|line| line.is_link() && line.words >= 3).count();
    if titles == 0 || lines.len() < 2 || words > CARD * titles.min(8) {
        return false;
    }
    if linked * 2 >= words {
        return !matches!(&*tree.elements[element].name, "p" | "table" | "tbody" | "tr");
    }
    let picture = tree.links_a_picture(element);
    let headed = all.iter().any(|line| line.heading && line.is_link());
    (picture || headed) && (words - linked) <= 45 * titles
}

fn is_list_of_links(tree: &Tree, element: usize) -> bool {
    let lines = &tree.lines[tree.lines_of(element)];
    let linked = lines.iter().filter(|line| line.is_link()).count();
    matches!(&*tree.elements[element].name, "ul" | "ol") && linked * 10 >= lines.len() * 6
}

/// A link in a list or a table that is not one of links.
fn is_data(tree: &Tree, line: &Line) -> bool {
    let list = |element: &usize| matches!(&*tree.elements[*element].name, "ul" | "ol" | "table" | "dl");
    let Some(list) = tree.up(line.element).find(list).filter(|_| line.listed) else { return false };
    let lines = &tree.lines[tree.lines_of(list)];
    let (words, linked) = lines.iter().fold((0, 0), |(words, linked), line| (words + line.words, linked + line.linked));
    linked * 2 < words
}

/// The words under a picture where no element says so.
fn is_caption(line: &Line) -> bool {
    let Some(description) = &line.picture else { return false };
    if line.words == 0 || line.words > CAPTION || line.heading {
        return false;
    }
    let same = description.len() > 8 && line.text.starts_with(description.trim_end_matches('.'));
    let stressed = line.stressed * 10 >= line.words * 9;
    same || stressed
        || credits_a_picture(&line.text)
        || !(ends_a_sentence(&line.text) || line.text.ends_with([':', ','])) && line.words <= 30
}

/// Boxes that hold a picture and a few words.
fn captions(tree: &Tree, body: &mut Body, mass: usize) {
    for picture in &tree.pictures {
        let Some(holder) = tree.up(picture.element).find(|at| !tree.lines_of(*at).is_empty()) else { continue };
        let lines = tree.lines_of(holder);
        let words: usize = tree.lines[lines.clone()].iter().map(|line| line.words).sum();
        let box_of_it = matches!(&*tree.elements[holder].name, "div" | "figure" | "center" | "span" | "section");
        let after = tree.elements[holder].first_text == picture.at_text;
        if box_of_it && after && words <= 60 && words * 4 < mass && lines.len() <= 4 {
            body.lines[lines].fill(false);
        }
    }
}

/// Labels of links that have gone: `Lihat video:` before a linked title.
fn leads(tree: &Tree, body: &mut Body) {
    for at in 0..tree.lines.len().saturating_sub(1) {
        let (line, next) = (&tree.lines[at], &tree.lines[at + 1]);
        let gone = !body.lines[at + 1] && !next.junk && next.is_link() && next.wording != Wording::Noise;
        if gone && line.heading && body.trusts(tree, at) && heads_what_follows(tree, body, at) {
            continue;
        }
        if body.lines[at] && gone && line.wording == Wording::Plain && !line.listed && line.words <= 6 {
            body.lines[at] = false;
        }
    }
}

/// Whether a heading stands over the paragraphs that follow the one link after it.
fn heads_what_follows(tree: &Tree, body: &Body, at: usize) -> bool {
    let line = &tree.lines[at];
    let next = (at + 1..tree.lines.len()).take(NEAR).find(|next| body.lines[*next]);
    let links = |next: usize| tree.lines[at + 1..next].iter().filter(|line| line.is_link() && line.words > 1).count();
    !line.text.ends_with(':') && next.is_some_and(|next| links(next) < 3 && tree.lines[next].weight() > 0)
}
