//! Where the body of an article is in its page: the element in which its paragraphs lie, and the pieces beside it where a template
//! has parted them.

use crate::extract::line::Line;
use crate::extract::sift;
use crate::extract::tree::Tree;
use crate::extract::wording::Wording;

/// How much of a paragraph's weight its container gets, and what contains that, and so on.
const SHARES: [f64; 5] = [1.0, 0.55, 0.28, 0.12, 0.05];
/// Containers looked at for pieces of the body beside what was found.
const LEVELS: usize = 3;
/// Words of prose of a body by name, at least.
const BODY: usize = 25;
/// The share of a page's prose that a body without a name holds, at least.
const ALONE: f64 = 0.8;
/// Words of a body without prose, at least; and bodies by name looked at for one.
const VERSE: usize = 20;
const MOST_VERSES: usize = 20;

/// A body: its lines, and the innermost element that all of it lies in.
#[derive(Debug)]
pub struct Body {
    pub root: usize,
    pub lines: Vec<bool>,
    /// The element that the outlet calls the body; what it has there is dropped only if it is known to be no text.
    pub named: Option<usize>,
    /// Whether it is no prose: a poem, a list.
    pub verse: bool,
}

impl Body {
    /// Whether a line lies in what the outlet calls the body.
    pub fn trusts(&self, tree: &Tree, line: usize) -> bool {
        self.named.is_some_and(|named| tree.lines_of(named).contains(&line))
    }
}

/// The weight of every line of a page.
pub struct Weights {
    lines: Vec<f64>,
    /// Whether the page tells which lines are its text.
    told: bool,
}

impl Weights {
    fn of(tree: &Tree, title: Option<usize>, confirmed: &[bool]) -> Weights {
        let mut weights = Vec::with_capacity(tree.lines.len());
        let (mut sum, mut ended) = (0.0, false);
        for (at, line) in tree.lines.iter().enumerate() {
            let mut weight = line.weight() as f64;
            ended |= line.wording == Wording::End && sum > 60.0 && title.is_none_or(|title| at > title);
            if title.is_some_and(|title| at < title) {
                weight *= 0.3;
            }
            if ended && !confirmed[at] {
                weight *= 0.1;
            }
            if confirmed[at] {
                weight *= 3.0;
            } else if weight > 0.0 && sift::in_card(tree, at) {
                weight *= 0.05;
            }
            sum += weight;
            weights.push(weight);
        }
        Weights { lines: weights, told: confirmed.contains(&true) }
    }

    fn sum(&self, tree: &Tree, element: usize) -> f64 {
        self.lines[tree.lines_of(element)].iter().sum()
    }
}

/// Finds the body. `title` is the line of the headline, `confirmed` the lines that the page tells search engines are its text.
pub fn find(tree: &Tree, title: Option<usize>, confirmed: &[bool]) -> Option<Body> {
    let mut weights = Weights::of(tree, title, confirmed);
    let verse = verse(tree, &weights);
    if let Some(body) = verse {
        for line in tree.lines_of(body) {
            weights.lines[line] = plain(&tree.lines[line]) as f64;
        }
    }
    let scores = scores(tree, &weights);
    let best = |within: std::ops::Range<usize>| {
        let best = within.max_by(|one, other| scores[*one].total_cmp(&scores[*other]))?;
        (scores[best] > 0.0).then_some(best)
    };
    let found = best(0..tree.elements.len())?;
    let (start, limit) = match named(tree, &weights) {
        Some(body) if tree.holds(body, found) => (found, Some(body)),
        Some(body) if tree.holds(found, body) => {
            if weights.sum(tree, body) >= 0.85 * weights.sum(tree, found) {
                (body, Some(body))
            } else {
                (found, None)
            }
        }
        // Another article, further down, or what only looks like one.
        Some(body) if weights.sum(tree, body) * 2.0 >= weights.sum(tree, found) || other_article(tree, found, body) => {
            (best(body..tree.elements[body].end).unwrap_or(body), Some(body))
        }
        _ => (found, None),
    };
    let limit = limit.or_else(|| is_body_alone(tree, &weights, start, title).then_some(start));
    let mut body = gather(tree, &weights, start, limit, title, confirmed);
    body.verse = verse.is_some() && verse == limit;
    Some(body)
}

/// Whether an element without a known name is as surely the body: it holds nearly all prose of the page, and little else.
fn is_body_alone(tree: &Tree, weights: &Weights, element: usize, title: Option<usize>) -> bool {
    let lines = tree.lines_of(element);
    let all: f64 = weights.lines.iter().sum();
    let (words, linked) = tree.lines[lines.clone()]
        .iter()
        .filter(|line| !line.junk)
        .fold((0, 0), |(words, linked), line| (words + line.words, linked + line.linked));
    let heads = |line: &Line| matches!(line.wording, Wording::Section | Wording::End);
    weights.sum(tree, element) >= ALONE * all
        && linked * 6 < words
        && title.is_some_and(|title| title < lines.start)
        && !tree.lines[lines].iter().any(heads)
}

/// A body by name that holds little prose but more words than all the page has of it elsewhere: a poem.
fn verse(tree: &Tree, weights: &Weights) -> Option<usize> {
    let usable = |at: &usize| tree.elements[*at].body && tree.up(*at).all(|outer| tree.elements[outer].junk.is_none());
    let all: f64 = weights.lines.iter().sum();
    let words = |at: usize| tree.lines[tree.lines_of(at)].iter().map(plain).sum::<usize>();
    let best = (0..tree.elements.len()).filter(usable).take(MOST_VERSES).max_by_key(|at| words(*at))?;
    let (words, own) = (words(best) as f64, weights.sum(tree, best));
    (words >= VERSE as f64 && own * 3.0 < words && all - own < words).then_some(best)
}

/// The words of a line that is not known to be anything else than text.
fn plain(line: &Line) -> usize {
    let free = !line.junk && !line.heading && !line.listed && line.linked * 2 < line.words;
    if free && matches!(line.wording, Wording::Plain | Wording::Prose) { line.words } else { 0 }
}

fn other_article(tree: &Tree, found: usize, body: usize) -> bool {
    tree.up(found).any(|at| tree.elements[at].body && tree.elements[at].class == tree.elements[body].class && at > body)
}

/// Each element's share of the paragraphs in it; what is near to them gets most.
fn scores(tree: &Tree, weights: &Weights) -> Vec<f64> {
    let mut scores = vec![0.0; tree.elements.len()];
    for (at, line) in tree.lines.iter().enumerate() {
        if weights.lines[at] == 0.0 {
            continue;
        }
        let container = tree.up(line.element).find(|element| tree.lines_of(*element).len() > 1).unwrap_or(line.element);
        for (element, share) in tree.up(container).zip(SHARES) {
            scores[element] += share * weights.lines[at];
        }
    }
    scores
}

/// The first element by name a body that holds a good part of what any such holds; of nested ones the innermost.
fn named(tree: &Tree, weights: &Weights) -> Option<usize> {
    let named = || (0..tree.elements.len()).filter(|at| tree.elements[*at].body);
    let usable = |at: &usize| tree.up(*at).all(|outer| tree.elements[outer].junk.is_none());
    let most = named().filter(usable).map(|at| weights.sum(tree, at)).fold(0.0, f64::max);
    if most < BODY as f64 {
        return None;
    }
    let mut first = named().filter(usable).find(|at| weights.sum(tree, *at) >= 0.35 * most)?;
    let whole = weights.sum(tree, first);
    for inner in named().filter(|at| tree.holds(first, *at)).collect::<Vec<_>>() {
        if weights.sum(tree, inner) >= 0.97 * whole {
            first = inner;
        }
    }
    Some(first)
}

/// The lines of an element, and of the pieces beside it that are of the same article.
fn gather(
    tree: &Tree,
    weights: &Weights,
    start: usize,
    limit: Option<usize>,
    title: Option<usize>,
    confirmed: &[bool],
) -> Body {
    let mut lines = vec![false; tree.lines.len()];
    lines[tree.lines_of(start)].fill(true);
    let (mut root, mut inner, mut levels) = (start, start, 0);
    for outer in tree.up(start).skip(1) {
        let within = limit.is_some_and(|limit| tree.holds(limit, outer));
        if !within && (levels >= LEVELS || tree.elements[inner].junk.is_some()) {
            break;
        }
        let pieces = pieces(tree, outer, inner);
        let mut other = false;
        for piece in pieces {
            other |= tree.lines[piece.lines.clone()].iter().any(|line| line.weight() > 0);
            let told = !weights.told || piece.lines.clone().any(|line| confirmed[line]);
            if within || (told && belongs(tree, weights, &piece, &lines, inner, (levels, limit), title)) {
                lines[piece.lines].fill(true);
                root = outer;
            }
        }
        levels += usize::from(other);
        inner = outer;
    }
    Body { root, lines, named: limit, verse: false }
}

/// A child of an element, or a line directly in it.
struct Piece {
    element: Option<usize>,
    lines: std::ops::Range<usize>,
}

/// What is in an element beside one of its children.
fn pieces(tree: &Tree, outer: usize, inner: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut child = outer + 1;
    let mut line = tree.lines_of(outer).start;
    let until = |line: &mut usize, end: usize, pieces: &mut Vec<Piece>| {
        while *line < end {
            pieces.push(Piece { element: None, lines: *line..*line + 1 });
            *line += 1;
        }
    };
    while child < tree.elements[outer].end {
        let lines = tree.lines_of(child);
        if !lines.is_empty() && lines.end > line {
            until(&mut line, lines.start, &mut pieces);
            if child != inner {
                pieces.push(Piece { element: Some(child), lines: lines.clone() });
            }
            line = lines.end;
        }
        child = tree.elements[child].end;
    }
    until(&mut line, tree.lines_of(outer).end, &mut pieces);
    pieces
}

fn belongs(
    tree: &Tree,
    weights: &Weights,
    piece: &Piece,
    kept: &[bool],
    inner: usize,
    (level, named): (usize, Option<usize>),
    title: Option<usize>,
) -> bool {
    let lines = &tree.lines[piece.lines.clone()];
    let free = || lines.iter().filter(|line| !line.junk);
    let prose: usize = free().map(|line| line.weight()).sum();
    let words: usize = free().filter(|line| !line.is_noise()).map(|line| line.words).sum();
    let linked: usize = free().filter(|line| !line.is_noise()).map(|line| line.linked).sum();
    if prose < 4 || prose * 10 < words * 6 || linked * 4 > words {
        return false;
    }
    let heads = |line: &Line| matches!(line.wording, Wording::Section | Wording::End);
    if lines.iter().any(heads) || title.is_some_and(|title| piece.lines.start <= title) {
        return false;
    }
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
    let before = piece.lines.end <= first;
    let between = if before { piece.lines.end..first } else { last + 1..piece.lines.start.max(last + 1) };
    if tree.lines[between].iter().any(|line| heads(line) || (line.heading && tree.elements[line.element].name == *"h1"))
    {
        return false;
    }
    let mut alike = false;
    if let Some(element) = piece.element {
        let inside = element..tree.elements[element].end;
        let card = tree.links_a_picture(element);
        let article = inside.clone().any(|at| matches!(&*tree.elements[at].name, "h1" | "article"));
        if card || article || lines.iter().any(|line| line.heading && line.is_link()) {
            return false;
        }
        let (one, other) = (&tree.elements[element], &tree.elements[inner]);
        if one.suspect {
            return false;
        }
        alike = one.name == other.name && one.class == other.class && one.class != 0;
    }
    // A headed box, not a part that goes on.
    if !alike && !before && lines[0].heading && !inside_article(tree, piece) {
        return false;
    }
    // Beyond other headings and links only what is of the same make goes on.
    let parted = |line: &Line| (line.heading || line.is_link()) && line.words > 1 && !line.junk;
    if !alike && !before && tree.lines[last + 1..piece.lines.start.max(last + 1)].iter().any(parted) {
        return false;
    }
    let mass: f64 = kept.iter().zip(&weights.lines).filter(|(kept, _)| **kept).map(|(_, weight)| weight).sum();
    let own: f64 = weights.lines[piece.lines.clone()].iter().sum();
    // A lead stands between the headline and the rest; what follows further away must be much, or of the same make.
    // What the outlet calls the body is all of it, but for much that is beside it.
    let beside = level == 0 && !is_of_page(tree, piece) && named.is_none();
    let much = if named.is_some() { 0.5 } else { 0.25 };
    (before && title.is_some()) || alike || beside || own > much * mass
}

fn inside_article(tree: &Tree, piece: &Piece) -> bool {
    piece.element.is_some_and(|element| tree.up(element).skip(1).any(|at| &*tree.elements[at].name == "article"))
}

/// Whether it lies directly in `<body>`, where footers lie.
fn is_of_page(tree: &Tree, piece: &Piece) -> bool {
    let parent = piece.element.map_or(tree.lines[piece.lines.start].element, |element| tree.elements[element].parent);
    parent == 0
}
