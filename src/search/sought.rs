use crate::search::tokens::stems_of;
use crate::text::words;

/// Characters of a query that are read.
const LONGEST: usize = 400;
/// Words of a query that are looked for, those of phrases included.
const MOST_WORDS: usize = 24;

/// What somebody looks for, understood. Nothing is ever wrong with a query: what cannot be meant is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sought {
    /// All of these must occur.
    pub all: Vec<Phrase>,
    /// None of these may.
    pub none: Vec<Phrase>,
    /// The same for who can only look for words as they are written: lower case, with `-` before those that must not occur.
    pub written: Vec<String>,
}

/// Words that must follow one another; mostly just one. Each by its stems, any of which will do. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase(pub Vec<Vec<String>>);

impl Sought {
    /// Reads a query: words, `"exact phrases"` (of any quotation marks), and `-` before either to leave it out. A hyphen within a word
    /// makes a phrase of it, as in a text. A lone quotation mark means nothing.
    pub fn read(query: &str) -> Sought {
        let mut sought = Sought::default();
        let mut room = MOST_WORDS;
        let mut rest = &query[..query.floor_char_boundary(LONGEST)];
        while let Some(part) = next_part(&mut rest) {
            let mut phrase: Vec<Vec<String>> = words(part.text).take(room).map(|word| stems_of(word.text)).collect();
            room -= phrase.len();
            // `orang/perdagangan` and `a.b` are words that somebody left no space between; only `anak-anak` is one word of two.
            // Of a phrase that must not occur, a word may.
            if !part.excluded || phrase.len() == 1 {
                let sign = if part.excluded { "-" } else { "" };
                let written = words(part.text).take(phrase.len());
                sought.written.extend(written.map(|word| format!("{sign}{}", word.text.to_lowercase())));
            }
            let together = part.quoted || !part.text.contains(|c: char| !c.is_alphanumeric() && c != '-');
            let list = if part.excluded { &mut sought.none } else { &mut sought.all };
            if together && !phrase.is_empty() {
                list.push(Phrase(phrase));
            } else {
                list.extend(phrase.drain(..).map(|word| Phrase(vec![word])));
            }
        }
        for list in [&mut sought.all, &mut sought.none] {
            let mut seen = Vec::new();
            list.retain(|phrase| {
                !seen.contains(phrase) && {
                    seen.push(phrase.clone());
                    true
                }
            });
        }
        sought
    }

    /// Whether nothing is looked for in particular.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.none.is_empty()
    }
}

struct Part<'a> {
    text: &'a str,
    quoted: bool,
    excluded: bool,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// The next run without spaces, or all between two quotation marks.
fn next_part<'a>(rest: &mut &'a str) -> Option<Part<'a>> {
    *rest = rest.trim_start();
    let excluded =
        rest.starts_with(['-', '−', '–']) && rest.chars().nth(1).is_some_and(|c| c.is_alphanumeric() || is_quote(c));
    let from = rest.trim_start_matches(['-', '−', '–']);
    let first = from.chars().next();
    let Some(first) = first else {
        *rest = "";
        return None;
    };
    if is_quote(first) {
        let inside = &from[first.len_utf8()..];
        if let Some(end) = inside.find(is_quote) {
            let text = &inside[..end];
            *rest = inside[end..].trim_start_matches(is_quote);
            return Some(Part { text, quoted: true, excluded });
        }
        *rest = inside;
        return Some(Part { text: "", quoted: false, excluded });
    }
    let end = from.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(from.len());
    let (text, after) = from.split_at(end);
    *rest = after;
    Some(Part { text, quoted: false, excluded })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A query as it was understood: phrases in brackets, `-` before what is left out, stems joined by `|`.
    fn told(query: &str) -> String {
        let sought = Sought::read(query);
        let one = |sign: &'static str| {
            move |phrase: &Phrase| {
                let words: Vec<String> = phrase.0.iter().map(|stems| stems.join("|")).collect();
                format!("{sign}[{}]", words.join(" "))
            }
        };
        let all: Vec<String> = sought.all.iter().map(one("")).chain(sought.none.iter().map(one("-"))).collect();
        all.join(" ")
    }

    #[test]
    fn queries_are_understood() {
        let check = |query: &str, expected: &str| assert_eq!(told(query), expected, "{query}");
        check("", "");
        check("Perdagangan orang", "[dagang] [orang]");
        check("\"perdagangan orang\" Balikpapan", "[dagang orang] [balikpap]");
        check("“perdagangan orang”", "[dagang orang]");
        check("kapal -karam", "[kapal] -[karam]");
        check("kapal -\"kapal karam\"", "[kapal] -[kapal karam]");
        check("anak-anak", "[anak anak]");
        check("orang/kapal", "[orang] [kapal]");
        check("kapal kapal", "[kapal]");
        assert_eq!(Sought::read("\"Kapal Karam\" -nelayan -\"ikan asin\"").written, ["kapal", "karam", "-nelayan"]);
        check("menangkap", "[angkap|tangkap]");
    }

    #[test]
    fn odd_queries_are_no_mistakes() {
        let check = |query: &str, expected: &str| assert_eq!(told(query), expected, "{query}");
        check("\"", "");
        check("\"\"\"\"", "");
        check("\" kapal", "[kapal]");
        check("kapal\"", "[kapal]");
        check("kapal\"karam\"", "[kapal] [karam]");
        check("-", "");
        check("--", "");
        check("- kapal", "[kapal]");
        check("-\"", "");
        check("a - b", "[a] [b]");
        check("/.*(kapal|karam)+$/", "[kapal] [karam]");
        check("title:kapal AND (x OR y)^2", "[title] [kapal] [and] [x] [or] [y] [2]");
        check("\0\u{202e}💥", "");
        check("ΑΒΓ şİ", "[αβγ] [şi\u{307}]");
        for query in
            ["x ".repeat(5000), "\"".repeat(10_000), "-".repeat(10_000), "é".repeat(10_000), "\"a b ".repeat(2000)]
        {
            let sought = Sought::read(&query);
            let count = |list: &[Phrase]| list.iter().map(|phrase| phrase.0.len()).sum::<usize>();
            assert!(count(&sought.all) + count(&sought.none) <= MOST_WORDS);
        }
    }
}
