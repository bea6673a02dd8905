//! Who a page says wrote its article, near the headline: in elements marked so, else in words.

use dom_query::Document;

use crate::extract::dated;
use crate::extract::tree::Tree;

/// Words and bytes of a name, at most.
const WORDS: usize = 6;
const LONGEST: usize = 80;
/// Pieces of text in an element that holds a name and no more, at most.
const PIECES: usize = 4;
/// Elements looked at.
const MOST: usize = 600;

/// How such a line begins before a colon.
const ROLES: &[&str] =
    &["penulis", "oleh", "reporter", "pewarta", "wartawan", "jurnalis", "by", "laporan", "kontributor", "author"];
/// How such a line, or an element's text, begins without one.
const LEADS: &[&str] =
    &["oleh ", "by ", "penulis ", "reporter ", "pewarta ", "wartawan ", "diposting oleh ", "ditulis oleh "];

/// The names in elements that are marked as an author's, of those that begin in a range of the page's texts: of the best mark there is.
pub fn marked(document: &Document, tree: &Tree, texts: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let from = tree.elements.partition_point(|element| element.first_text < *texts.start());
    let near = tree.elements[from..].iter().take(MOST).take_while(|element| texts.contains(&element.first_text));
    let mut best: (usize, Vec<String>) = (0, Vec::new());
    for element in near.filter(|element| (1..=PIECES).contains(&(element.last_text - element.first_text))) {
        let Some(node) = document.tree.get(&element.node) else { continue };
        let says = |name: &str, word: &str| {
            node.attr(name)
                .is_some_and(|value| value.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word)))
        };
        let link = || {
            let href = node.attr("href").unwrap_or_default().to_ascii_lowercase();
            ["/author/", "/penulis/", "/reporter/", "/wartawan/"].iter().any(|part| href.contains(part))
        };
        let class = || {
            let class = node.attr("class").unwrap_or_default().to_ascii_lowercase();
            class
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| matches!(word, "author" | "penulis" | "reporter" | "byline"))
        };
        let rank = if says("itemprop", "author") || says("rel", "author") {
            3
        } else if link() {
            2
        } else if class() {
            1
        } else {
            continue;
        };
        let text = tree.texts[element.first_text..element.last_text].iter();
        let text = text.filter_map(|text| Some(document.tree.get(&text.node)?.text().trim().to_owned()));
        let Some(name) = name(&text.collect::<Vec<_>>().join(" ")) else { continue };
        if rank > best.0 {
            best = (rank, vec![name]);
        } else if rank == best.0 && rank == 3 && !best.1.contains(&name) {
            best.1.push(name);
        }
    }
    best.1
}

/// The name in a line: `Penulis: Budi`, `Oleh: Ani | Editor: Budi`, `By Ani - Selasa, 4 Maret 2025`, `4 Maret 2025 oleh Ani`.
pub fn written(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    if let Some((role, rest)) = line.split_once(':')
        && ROLES.contains(&&*role.trim().to_lowercase())
    {
        return name(rest);
    }
    if ["oleh ", "by "].iter().any(|lead| lower.starts_with(lead)) {
        return name(line).filter(|name| is_of_capitals(name));
    }
    // Lower case may be longer or shorter than what was written.
    let at = [" oleh ", " by "].iter().find_map(|by| lower.find(by).map(|at| at + by.len()))?;
    let rest = line.get(at..).filter(|_| lower.len() == line.len())?;
    dated::date_in(line)?;
    name(rest).filter(|name| is_of_capitals(name))
}

/// A name without what leads to it and what follows it.
fn name(text: &str) -> Option<String> {
    let mut text = text.trim().trim_start_matches([':', '-', '–', '•', '|', ' ']);
    let cut = |text: &str, lead: &str| text.get(..lead.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(lead));
    if let Some((role, rest)) = text.split_once(':')
        && ROLES.contains(&&*role.trim().to_lowercase())
    {
        text = rest.trim();
    }
    if let Some(lead) = LEADS.iter().find(|lead| cut(text, lead)) {
        text = text[lead.len()..].trim();
    }
    for mark in ["|", ";", "/", "(", "•", "·", " - ", " – ", " — ", " Editor", " pada ", " on "] {
        text = text.split(mark).next().unwrap_or("").trim();
    }
    // `Ani Wijaya, Selasa 4 Maret 2025`
    if let Some(date) = dated::date_in(text)
        && let Some(at) = text.find(&*date)
    {
        text = text[..at].trim();
    }
    let text = text.trim_end_matches([',', '-', ' ', '.']);
    let fits = (1..=WORDS).contains(&text.split_whitespace().count()) && text.len() <= LONGEST;
    (fits && text.contains(char::is_alphabetic) && !text.contains(|c: char| c.is_ascii_digit()))
        .then(|| text.to_owned())
}

/// Whether each word begins with a capital, as names do.
fn is_of_capitals(name: &str) -> bool {
    name.split_whitespace()
        .all(|word| word.starts_with(char::is_uppercase) || matches!(word, "bin" | "binti" | "dan" | "van" | "de"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_their_names() {
        let check = |line: &str, expected: &str| assert_eq!(written(line).as_deref().unwrap_or(""), expected, "{line}");
        check("Penulis: Budi Santosa | Editor: Cici", "Budi Santosa");
        check("Oleh: Ani Wijaya - Selasa, 4 Maret 2025", "Ani Wijaya");
        check("By Ani Wijaya", "Ani Wijaya");
        check("Selasa, 4 Maret 2025 oleh Ani Wijaya", "Ani Wijaya");
        check("Oleh karena itu", "");
        check("Jalan itu dibuka oleh bupati pada 4 Maret 2025", "");
        check("Editor: Budi", "");
        check("Oleh: 12 orang", "");
    }
}
