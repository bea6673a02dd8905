//! What an element is called, and what that says: which are no part of an article, and which are its body.
//!
//! Names are read word by word, so that `share` is found in `post-share` and `postShare` but not in `shared-content`. A name is a
//! hint and no more: `guard` takes it back where an element holds what the page is about.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use crate::extract::elements::NEVER;
use crate::extract::names::{BESIDE, BESIDE_BEGIN, BESIDE_PAIRS, BODIES, CAPTION, EDITED, SHORT, SOFT};

/// Classes of one element, at most.
const MOST_NAMES: usize = 60;

/// What an element's name says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junk {
    /// It never holds text of an article.
    Never,
    /// It is something else: a share bar, a sidebar, comments.
    Beside,
    /// The same, but within an article's body only if it holds no sentences: `aside`, `share-holder`, `read-more-content`.
    Soft,
    /// It is not shown before a reader asks for it: a window, or the rest of an article.
    Hidden,
    /// It is something else if it is short: a date, a label, a title.
    Short,
    /// The words under a picture; the picture stays.
    Caption,
}

/// What single words say, from the lists above.
static WORDS: LazyLock<HashMap<&'static str, Junk>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    words.extend(SHORT.iter().map(|word| (*word, Junk::Short)));
    words.extend(CAPTION.iter().map(|word| (*word, Junk::Caption)));
    words.extend(BESIDE.iter().map(|word| (*word, Junk::Beside)));
    words.extend(SOFT.iter().map(|word| (*word, Junk::Soft)));
    words
});

/// What an element's name, role, id and class say of it.
pub fn of<'a>(tag: &str, attribute: &dyn Fn(&str) -> Option<&'a str>) -> Option<Junk> {
    if NEVER.contains(&tag) || attribute("hidden").is_some() {
        return Some(Junk::Never);
    }
    match tag {
        "figcaption" | "caption" => return Some(Junk::Caption),
        "footer" | "form" => return Some(Junk::Beside),
        "header" | "time" => return Some(Junk::Short),
        "address" => return Some(Junk::Short),
        _ => {}
    }
    if let Some(role) = attribute("role") {
        match role {
            "navigation" | "search" | "dialog" | "alertdialog" | "menu" | "banner" => return Some(Junk::Never),
            "complementary" | "contentinfo" => return Some(Junk::Beside),
            _ => {}
        }
    }
    let style = attribute("style").unwrap_or("");
    if style.contains("none") && style.replace(' ', "").contains("display:none") {
        return Some(Junk::Hidden);
    }
    let property = attribute("itemprop").unwrap_or("");
    if matches!(
        property,
        "author" | "datePublished" | "dateModified" | "publisher" | "headline" | "keywords" | "articleSection"
    ) {
        return Some(Junk::Short);
    }
    let mut words = Vec::new();
    let class = attribute("class").unwrap_or("");
    // WordPress gives a post the names of its terms (`category-kota tag-satwa`), and a block those of its colours (`has-link-color`).
    let of_post = matches!(tag, "article" | "main") || class.split_ascii_whitespace().any(is_post);
    for name in class.split_ascii_whitespace().take(MOST_NAMES) {
        let of_term = of_post && (name.starts_with("category-") || name.starts_with("tag-"));
        if !of_term && !name.starts_with("has-") {
            split(name, &mut words);
        }
    }
    split(attribute("id").unwrap_or(""), &mut words);
    let found = if words.is_empty() { None } else { named(&words, tag) };
    match (tag, found) {
        ("aside", found) if found != Some(Junk::Beside) => Some(Junk::Soft),
        _ => found,
    }
}

/// Whether a class is one that WordPress gives a post.
fn is_post(name: &str) -> bool {
    matches!(name, "hentry" | "post" | "type-post" | "type-page")
        || name.starts_with("post-") && name[5..].parse::<u64>().is_ok()
}

fn named(words: &[String], tag: &str) -> Option<Junk> {
    let is = |word: &str| words.iter().any(|one| one == word);
    // A layout that has a sidebar is not one.
    let layout = ["with", "has", "no", "without"].into_iter().any(is);
    // Headings within an article have titles by name.
    let heading = matches!(tag, "h2" | "h3" | "h4" | "h5" | "h6");
    // `text-editor`, `ck-editor__editable`: what was written in an editor, and not by one.
    let edited = EDITED.iter().any(|word| is(word));
    let mut found = None;
    for word in words {
        if (layout && word == "sidebar") || (edited && word == "editor") {
            continue;
        }
        let begins = || BESIDE_BEGIN.iter().any(|begin| word.starts_with(begin)).then_some(Junk::Beside);
        match WORDS.get(&**word).copied().or_else(begins) {
            Some(Junk::Beside) => return Some(Junk::Beside),
            Some(Junk::Short) if heading => {}
            Some(Junk::Soft) => found = Some(Junk::Soft),
            Some(Junk::Caption) => found = Some(Junk::Caption),
            one => found = found.or(one),
        }
    }
    if BESIDE_PAIRS.iter().any(|(one, other)| is(one) && is(other)) { Some(Junk::Beside) } else { found }
}

/// Whether its name, id or class is one by which outlets call the body.
pub fn is_body<'a>(tag: &str, attribute: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    if attribute("itemprop").is_some_and(|property| property.split_ascii_whitespace().any(|name| name == "articleBody"))
    {
        return true;
    }
    if matches!(tag, "p" | "span" | "a" | "li" | "h1" | "h2" | "h3" | "body" | "html") {
        return false;
    }
    let named = |name: &str| BODIES.iter().any(|body| body.eq_ignore_ascii_case(name));
    attribute("class").is_some_and(|class| class.split_ascii_whitespace().any(named))
        || attribute("id").is_some_and(named)
}

/// Whether a link leads to what belongs to the article, and not to another.
pub fn is_document(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or("").as_bytes();
    let ends =
        |end: &&str| path.len() > end.len() && path[path.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
    [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".csv", ".ppt", ".pptx", ".zip", ".odt", ".ods"].iter().any(ends)
}

/// The words of a class or an id, in lower case: `postShare` and `post-share` are two.
fn split(name: &str, words: &mut Vec<String>) {
    let mut word = String::new();
    let mut lower = false;
    for c in name.chars().take(600) {
        let parts = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && lower);
        if parts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        lower = c.is_ascii_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_they_say() {
        let check = |tag: &str, class: &str, expected: Option<Junk>| {
            let attribute = |name: &str| (name == "class").then_some(class);
            assert_eq!(of(tag, &attribute), expected, "{tag}.{class}");
        };
        check("div", "post-share", Some(Junk::Soft));
        check("div", "postShare", Some(Junk::Soft));
        check("div", "shared-content-wrapper", None);
        check("div", "jp-relatedposts", Some(Junk::Beside));
        check("div", "col-md-8 has-sidebar", None);
        check("div", "baca-juga", Some(Junk::Beside));
        check("p", "wp-caption-text", Some(Junk::Caption));
        check("span", "tgl_berita", Some(Junk::Short));
        check("h2", "elementor-heading-title", None);
        check("nav", "", Some(Junk::Never));
        check("div", "entry-content", None);
        check("p", "has-text-align-left", None);
        check("p", "has-link-color has-text-color", None);
        check("h3", "accordion-header", None);
        check("div", "elementor-widget elementor-widget-text-editor", None);
        check("div", "nama-editor", Some(Junk::Short));
        check("article", "post category-kota tag-satwa", None);
        check("div", "post-12 hentry tag-satwa", None);
        check("div", "post-tag", Some(Junk::Short));
        check("div", "read-more-content", Some(Junk::Soft));
        check("aside", "fakta", Some(Junk::Soft));
        check("aside", "widget related", Some(Junk::Beside));
    }

    #[test]
    fn bodies() {
        let check = |attribute_name: &str, value: &str, expected: bool| {
            assert_eq!(is_body("div", &|name| (name == attribute_name).then_some(value)), expected, "{value}");
        };
        check("class", "td-post-content tagdiv-type", true);
        check("id", "isi-berita", true);
        check("id", "itemFullText", true);
        check("itemprop", "articleBody", true);
        check("class", "contents", false);
    }
}
