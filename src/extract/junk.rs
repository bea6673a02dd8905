//! What an element is called, and what that says: which are no part of an article, and which are its body.
//!
//! Names are read word by word, so that `share` is found in `post-share` and `postShare` but not in `shared-content`. A name is a
//! hint and no more: `guard` takes it back where an element holds what the page is about.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use crate::extract::names::{BESIDE, BESIDE_BEGIN, BESIDE_PAIRS, BODIES, CAPTION, NEVER, SHORT};

/// What an element's name says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junk {
    /// It never holds text of an article.
    Never,
    /// It is something else: a share bar, a sidebar, comments.
    Beside,
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
    words
});

/// What an element's name, role, id and class say of it.
pub fn of<'a>(tag: &str, attribute: &dyn Fn(&str) -> Option<&'a str>) -> Option<Junk> {
    if NEVER.contains(&tag) || attribute("hidden").is_some() {
        return Some(Junk::Never);
    }
    match tag {
        "figcaption" | "caption" => return Some(Junk::Caption),
        "aside" | "footer" | "form" => return Some(Junk::Beside),
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
        return Some(Junk::Beside);
    }
    let property = attribute("itemprop").unwrap_or("");
    if matches!(
        property,
        "author" | "datePublished" | "dateModified" | "publisher" | "headline" | "keywords" | "articleSection"
    ) {
        return Some(Junk::Short);
    }
    let mut words = Vec::new();
    split(attribute("class").unwrap_or(""), &mut words);
    split(attribute("id").unwrap_or(""), &mut words);
    if words.is_empty() { None } else { named(&words, tag) }
}

fn named(words: &[String], tag: &str) -> Option<Junk> {
    let is = |word: &str| words.iter().any(|one| one == word);
    // A layout that has a sidebar is not one.
    let layout = ["with", "has", "no", "without"].into_iter().any(is);
    // Headings within an article have titles by name.
    let heading = matches!(tag, "h2" | "h3" | "h4" | "h5" | "h6");
    let mut found = None;
    for word in words {
        if (layout && word == "sidebar") || (heading && matches!(&**word, "title" | "judul" | "subtitle" | "headline"))
        {
            continue;
        }
        let begins = || BESIDE_BEGIN.iter().any(|begin| word.starts_with(begin)).then_some(Junk::Beside);
        match WORDS.get(&**word).copied().or_else(begins) {
            Some(Junk::Beside) => return Some(Junk::Beside),
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
        check("div", "post-share", Some(Junk::Beside));
        check("div", "postShare", Some(Junk::Beside));
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
