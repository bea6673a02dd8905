//! Where in a page its headline stands.

use crate::extract::junk::Junk;
use crate::extract::line::Line;
use crate::extract::tree::Tree;
use crate::text::{fold_into, words};

/// The heading that `<title>` repeats, else any line that it repeats, else the first `<h1>` that says something.
pub fn heading(tree: &Tree, title: Option<&str>) -> Option<String> {
    let title = format!(" {} ", bag(title.unwrap_or("")).join(" "));
    let repeated =
        |line: &&Line| (3..40).contains(&line.words) && title.contains(&format!(" {} ", bag(&line.text).join(" ")));
    let longest = |heading: bool| {
        tree.lines.iter().filter(|line| line.heading == heading).filter(repeated).max_by_key(|line| line.words)
    };
    let first = || tree.lines.iter().find(|line| line.words > 1 && is_h1(tree, line));
    longest(true).or_else(|| longest(false)).or_else(first).map(|line| line.text.clone())
}

/// The line of the headline: the `<h1>` that says it, else another heading, else any line; else the first `<h1>`.
pub fn line(tree: &Tree, headline: Option<&str>) -> Option<usize> {
    let wanted = bag(headline.unwrap_or(""));
    let aside = |line: &Line| tree.up(line.element).any(|at| matches!(tree.elements[at].junk, Some(Junk::Never)));
    let mut best = None;
    for (at, line) in tree.lines.iter().enumerate() {
        if line.words == 0 || line.words > 60 || aside(line) {
            continue;
        }
        let says = line.words >= 3 && says(&wanted, &line.text);
        let rank = match (says, is_h1(tree, line), line.heading) {
            (true, true, _) => 4,
            (true, _, true) => 3,
            (true, ..) => 2,
            (false, true, _) if line.words > 3 => 1,
            _ => continue,
        };
        if best.is_none_or(|(_, than)| rank > than) {
            best = Some((at, rank));
        }
    }
    best.map(|(at, _)| at)
}

fn is_h1(tree: &Tree, line: &Line) -> bool {
    tree.up(line.element).take(4).any(|at| &*tree.elements[at].name == "h1")
}

fn bag(text: &str) -> Vec<String> {
    let mut folded = String::new();
    let words = words(text).take(80).map(|word| {
        fold_into(word.text, &mut folded);
        folded.clone()
    });
    words.collect()
}

/// Whether four in five of the words of both are the same.
fn says(wanted: &[String], text: &str) -> bool {
    if wanted.len() < 3 {
        return false;
    }
    let found = bag(text);
    let same = found.iter().filter(|word| wanted.contains(word)).count();
    same * 5 >= wanted.len() * 4 && same * 5 >= found.len() * 4
}
