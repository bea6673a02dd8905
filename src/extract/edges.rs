//! Where a body begins and ends: what stands before its first sentence and after its last.

use crate::extract::body::Body;
use crate::extract::line::Line;
use crate::extract::phrases::FAREWELLS;
use crate::extract::tree::Tree;
use crate::extract::wording::{Wording, ends_a_sentence, names_a_maker};
use crate::text::is_label;

/// Words of a line without a full stop that is more than a name or a label.
const LINE: usize = 4;

/// Cuts a body's edges. Beyond its sentences a body by name keeps all that is like text, any other only what ends as sentences do.
pub fn cut(tree: &Tree, body: &mut Body) {
    if body.verse {
        return;
    }
    let is_prose =
        |lines: &[bool], at: usize| lines[at] && tree.lines[at].wording == Wording::Prose && !tree.lines[at].heading;
    let Some(mut first) = (0..tree.lines.len()).find(|at| is_prose(&body.lines, *at)) else { return };
    // `SAMARINDA –` in a line of its own.
    if first > 0 && body.lines[first - 1] && tree.lines[first - 1].text.ends_with(['–', '—', '-']) {
        first -= 1;
    }
    // `Terima kasih.`
    let closes = |at: usize| {
        body.lines[at] && (tree.lines[at].listed || (tree.lines[at].words > 0 && ends_a_sentence(&tree.lines[at].text)))
    };
    let last = (first..tree.lines.len()).rev().find(|at| is_prose(&body.lines, *at) || closes(*at));
    let mut last = last.unwrap_or(first);
    // Who the author is, in italics at the end.
    while last > first && is_about_author(&tree.lines[last]) {
        body.lines[last] = false;
        last = (first..last).rev().find(|at| is_prose(&body.lines, *at)).unwrap_or(first);
    }
    for at in 0..first {
        body.lines[at] &= body.trusts(tree, at) && leads_in(tree, at);
    }
    let end = (last + 1..tree.lines.len())
        .rev()
        .find(|at| body.lines[*at] && body.trusts(tree, *at) && leads_out(&tree.lines[*at]))
        .unwrap_or(last);
    for at in last + 1..tree.lines.len() {
        let line = &tree.lines[at];
        let likely = leads_out(line) || line.text.ends_with(':') || line.wording == Wording::Mark;
        body.lines[at] &= at <= end && likely && body.trusts(tree, at);
    }
}

/// A heading, a key point, a cell, a label, or a line that says something.
fn leads_in(tree: &Tree, at: usize) -> bool {
    let line = &tree.lines[at];
    let cell = || tree.up(line.element).take(3).any(|element| matches!(&*tree.elements[element].name, "td" | "th"));
    let said = line.heading
        || line.wording == Wording::Mark
        || line.text.ends_with(':')
        || (line.listed && (line.words > 2 || cell()));
    line.linked * 2 < line.words.max(1) && (said || says_something(line))
}

/// A point, a quotation, or a line that says something.
fn leads_out(line: &Line) -> bool {
    line.words > 0
        && line.linked * 2 < line.words
        && !line.heading
        && (is_point(&line.text)
            || takes_leave(&line.text)
            || (line.words > 2 && line.text.contains(['“', '”']))
            || says_something(line))
}

fn says_something(line: &Line) -> bool {
    line.words >= LINE
        && line.stressed * 2 < line.words
        && !line.text.contains(['|', '#'])
        && !is_of_names(&line.text)
        && line.text.split_whitespace().any(|word| word.len() > 3 && word.starts_with(char::is_lowercase))
        && !is_label(&line.text)
        && !names_a_maker(&line.text)
}

/// `Semoga membantu`, `Salam sehat`
fn takes_leave(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    FAREWELLS.contains(&&*first)
}

/// `Kabar/Ani`, and not `0541/12345`.
fn is_of_names(text: &str) -> bool {
    text.split('/').count() > 1
        && text.split('/').all(|part| part.trim().chars().next_back().is_some_and(char::is_alphabetic))
}

/// `- Patroli`, `2. Papan larangan`, `b) Denda`.
pub fn is_point(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix(['-', '–', '•', '*', '·', '●', '▪', '✓']) {
        return rest.contains(|c: char| c.is_lowercase());
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest =
        if rest.len() == text.len() { text.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or("") } else { rest };
    rest.strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with(' '))
}

fn is_about_author(line: &Line) -> bool {
    let tells = ["adalah", "penulis", "dosen", "peneliti", "kontributor", "pegiat", "tulisan ini", "artikel ini"];
    let text = line.text.to_lowercase();
    line.words <= 45
        && line.stressed * 10 >= line.words * 9
        && !text.contains(['“', '"'])
        && tells.iter().any(|tell| text.contains(tell))
}
