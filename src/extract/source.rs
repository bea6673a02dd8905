//! A page's source before a browser's parser sees it: scripts, styles, drawings and comments are cut out, which are most of many pages,
//! and the facts for search engines (JSON-LD) are laid aside.

use std::collections::HashSet;

use crate::extract::phrases::LEADS;

/// Blocks of JSON-LD that are kept, and bytes of each.
const MOST_FACTS: usize = 20;
const LONGEST_FACTS: usize = 400_000;

/// Elements that go with all that is in them.
const CUT: &[&str] = &["script", "style", "svg", "noscript", "iframe"];

/// A page without what nobody reads.
#[derive(Debug, Default)]
pub struct Source<'a> {
    /// What remains.
    pub html: String,
    /// The texts of its JSON-LD scripts.
    pub facts: Vec<&'a str>,
}

/// Cuts a page's source.
pub fn cut(page: &str) -> Source<'_> {
    let mut source = Source { html: String::with_capacity(page.len() / 2), facts: Vec::new() };
    // What has no end is looked for once: a page of a million `<!--` must not take a million searches.
    let mut endless = HashSet::new();
    let mut rest = page;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        source.html.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") && !endless.contains("-->") {
            if let Some(end) = rest.find("-->") {
                rest = &rest[end + 3..];
                continue;
            }
            endless.insert("-->");
        }
        if let Some(name) = CUT.iter().find(|name| opens(rest, name)).filter(|name| !endless.contains(**name)) {
            if let Some((inner, after)) = element(rest, name) {
                if *name == "script"
                    && source.facts.len() < MOST_FACTS
                    && is_facts(&rest[..rest.len() - inner.len() - after.len()])
                {
                    source.facts.extend(
                        Some(&inner[..inner.rfind("</").unwrap_or(0)]).filter(|facts| facts.len() < LONGEST_FACTS),
                    );
                }
                rest = after;
                // Words on either side of a script are two words.
                source.html.push(' ');
                continue;
            }
            endless.insert(name);
        }
        source.html.push('<');
        rest = &rest[1..];
    }
    source.html.push_str(rest);
    source
}

/// Begins a new line where a lead to another article stands at the end of a paragraph: `… kemarin. Baca juga: <a>Lain</a>`.
pub fn part_leads(html: String) -> String {
    let mut parted = String::new();
    let mut done = 0;
    for (at, _) in html.match_indices(['B', 'b', 'S', 's', 'L', 'l', 'T', 't', '(']) {
        let rest = &html[at..];
        let word = rest.trim_start_matches('(');
        let Some(lead) =
            LEADS.iter().find(|lead| word.get(..lead.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(lead)))
        else {
            continue;
        };
        let after = word[lead.len()..].trim_start_matches([':', ' ', '\u{a0}', '-', '–']);
        let before = html[done..at].trim_end();
        if at > done
            && after.starts_with('<')
            && before.len() < at - done
            && before.ends_with(['.', '!', '?', '”', '"'])
        {
            parted.push_str(&html[done..at]);
            parted.push_str("<br>");
            done = at;
        }
    }
    if done == 0 {
        return html;
    }
    parted.push_str(&html[done..]);
    parted
}

/// What is in the element, its closing tag included, and what comes after it.
fn element<'a>(rest: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let begin = rest.find('>')? + 1;
    let inner = &rest[begin..];
    let mut from = 0;
    // `<svg/>` holds nothing.
    if rest[..begin].ends_with("/>") && name == "svg" {
        return Some(("", inner));
    }
    loop {
        let at = from + inner[from..].find("</")?;
        let end = &inner[at + 2..];
        if end.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name)) {
            let close = at + inner[at..].find('>')? + 1;
            return Some((&inner[..close], &inner[close..]));
        }
        from = at + 2;
    }
}

fn opens(rest: &str, name: &str) -> bool {
    let tag = rest.get(1..=name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
    tag && !rest[name.len() + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

fn is_facts(tag: &str) -> bool {
    tag.to_ascii_lowercase().contains("ld+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_is_cut() {
        let check = |page: &str, html: &str, facts: &[&str]| {
            let source = cut(page);
            assert_eq!((source.html.as_str(), source.facts.as_slice()), (html, facts), "{page}");
        };
        check("a<script>b</script>c", "a c", &[]);
        check("a<SCRIPT src=x>'</div>'</Script >c<style>p</style>", "a c ", &[]);
        check("<script type='application/ld+json'>{\"a\":1}</script>", " ", &["{\"a\":1}"]);
        check("a<!-- <p> -->b<svg><path/></svg>", "ab ", &[]);
        check("a<!-- b", "a<!-- b", &[]);
        check("a<script>b", "a<script>b", &[]);
        check("<svg-icon>b</svg-icon>", "<svg-icon>b</svg-icon>", &[]);
        check("<", "<", &[]);
        check("<s", "<s", &[]);
        let parted = |html: &str| part_leads(html.to_owned());
        assert_eq!(parted("kemarin. Baca juga: <a>Lain</a>"), "kemarin. <br>Baca juga: <a>Lain</a>");
        assert_eq!(parted("kemarin. (BACA JUGA <a>Lain</a>)"), "kemarin. <br>(BACA JUGA <a>Lain</a>)");
        assert_eq!(
            parted("Kami baca juga surat itu. Baca juga surat ini."),
            "Kami baca juga surat itu. Baca juga surat ini."
        );
        check("<sé", "<sé", &[]);
        let begun = std::time::Instant::now();
        cut(&"<!-- <script> <svg".repeat(100_000));
        assert!(begun.elapsed() < std::time::Duration::from_secs(5));
    }
}
