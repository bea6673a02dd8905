//! What a page tells search engines in JSON-LD (schema.org), as outlets write it: one article, a list, or a `@graph`, often beside
//! things that it is not.

use serde_json::Value;

/// Values looked at in one block, at most, and kept in one list.
const MOST_VALUES: usize = 2_000;
const MOST_KEPT: usize = 50;

/// The types that are articles.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "BlogPosting",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "LiveBlogPosting",
    "AdvertiserContentArticle",
    "Report",
];

/// The types that may be the page about the article.
const PAGES: &[&str] = &["WebPage", "ItemPage"];

/// What was told of the page's article.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Facts {
    /// `headline`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `datePublished`.
    pub published: Option<String>,
    /// `dateModified`.
    pub updated: Option<String>,
    /// `author`, by name.
    pub authors: Vec<String>,
    /// `keywords` and `articleSection`.
    pub categories: Vec<String>,
    /// `image`.
    pub image: Option<String>,
    /// `articleBody`.
    pub body: Option<String>,
    /// The name of its `publisher`.
    pub publisher: Option<String>,
}

/// Reads the first article of the blocks; a page about it fills what the article does not tell.
pub fn read(blocks: &[&str]) -> Facts {
    let values: Vec<Value> = blocks.iter().filter_map(|block| parsed(block)).collect();
    let mut facts = Facts::default();
    for wanted in [ARTICLES, PAGES] {
        for value in &values {
            if let Some(found) = find(value, wanted) {
                facts.fill(&values, found);
                break;
            }
        }
    }
    facts
}

fn parsed(block: &str) -> Option<Value> {
    let mut text = block.trim();
    for around in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// <![CDATA["] {
        text = text.strip_prefix(around).unwrap_or(text).trim_start();
    }
    for around in ["-->", "//]]>", "/*]]>*/", "]]>", "// ]]>", ";"] {
        text = text.strip_suffix(around).unwrap_or(text).trim_end();
    }
    serde_json::from_str(text).ok().or_else(|| {
        // Line ends within strings are the commonest fault of hand-made templates.
        let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&mended).ok().or_else(|| serde_json::from_str(&without_last_commas(&mended)).ok())
    })
}

/// The text without the commas before `}` and `]` that templates leave where they write lists.
fn without_last_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if !quoted && matches!(c, '}' | ']') {
            let end = kept.trim_end().len();
            if kept[..end].ends_with(',') {
                kept.truncate(end - 1);
            }
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        kept.push(c);
    }
    kept
}

/// The first object of one of the types, in whatever lists and graphs it lies.
fn find<'a>(value: &'a Value, types: &[&str]) -> Option<&'a Value> {
    let mut waiting = vec![value];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > MOST_VALUES {
            return None;
        }
        if is_of(value, types) {
            return Some(value);
        }
        match value {
            Value::Array(values) => waiting.extend(values.iter().take(MOST_VALUES).rev()),
            // `mainEntity` of a page is its article; other members lead to other articles.
            Value::Object(members) => {
                waiting.extend(["mainEntity", "@graph"].iter().filter_map(|name| members.get(*name)));
            }
            _ => {}
        }
    }
    None
}

fn is_of(value: &Value, types: &[&str]) -> bool {
    let named = |value: &Value| {
        value.as_str().is_some_and(|name| types.contains(&name.rsplit(['/', ':']).next().unwrap_or(name)))
    };
    match &value["@type"] {
        Value::Array(names) => names.iter().any(named),
        name => named(name),
    }
}

impl Facts {
    fn fill(&mut self, documents: &[Value], found: &Value) {
        let text = |name: &str| string(&found[name]);
        fill(&mut self.title, text("headline").or_else(|| text("name")));
        fill(&mut self.description, text("description"));
        fill(&mut self.published, text("datePublished").or_else(|| text("dateCreated")));
        fill(&mut self.updated, text("dateModified"));
        fill(&mut self.body, text("articleBody"));
        fill(&mut self.image, address(&found["image"]).or_else(|| address(&found["thumbnailUrl"])));
        fill(&mut self.publisher, name(&found["publisher"], documents));
        if self.authors.is_empty() {
            self.authors =
                each(&found["author"]).filter_map(|author| name(author, documents)).take(MOST_KEPT).collect();
        }
        if self.categories.is_empty() {
            let told =
                ["articleSection", "keywords"].into_iter().flat_map(|name| each(&found[name])).filter_map(string);
            let parts = told.flat_map(|words| words.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>());
            self.categories = parts.filter(|word| !word.is_empty()).take(MOST_KEPT).collect();
        }
    }
}

fn fill(place: &mut Option<String>, found: Option<String>) {
    if place.is_none() {
        *place = found;
    }
}

fn each(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.iter().take(MOST_KEPT).collect::<Vec<_>>().into_iter(),
        value => vec![value].into_iter(),
    }
}

fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Object(members) => members.get("@value").and_then(string),
        Value::Array(values) => values.first().and_then(|first| first.as_str()).map(str::to_owned),
        _ => None,
    }
}

/// A name, of a string, an object, or an object elsewhere in the page that is referred to by its `@id`.
fn name<'a>(value: &Value, documents: &'a [Value]) -> Option<String> {
    if let Value::Array(values) = value {
        return values.first().and_then(|first| name(first, documents));
    }
    if let Some(name) = string(value).or_else(|| string(&value["name"])) {
        return Some(name);
    }
    let id = value["@id"].as_str()?;
    let all = |document: &'a Value| match document {
        Value::Array(values) => values.iter(),
        _ => document["@graph"].as_array().map_or_else(|| std::slice::from_ref(document).iter(), |graph| graph.iter()),
    };
    let named = |one: &&Value| one["@id"] == *id && one["name"].is_string();
    documents.iter().flat_map(all).take(MOST_VALUES).find(named).and_then(|one| string(&one["name"]))
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => values.first().and_then(|first| if first.is_array() { None } else { address(first) }),
        Value::Object(members) => {
            ["url", "contentUrl", "@id"].iter().find_map(|name| members.get(*name).and_then(string))
        }
        value => string(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_in_which_outlets_write_it() {
        let check = |block: &str, title: &str, published: &str, authors: &[&str]| {
            let facts = read(&[block]);
            assert_eq!(facts.title.as_deref().unwrap_or(""), title, "{block}");
            assert_eq!(facts.published.as_deref().unwrap_or(""), published, "{block}");
            assert_eq!(facts.authors, authors, "{block}");
        };
        let day = "2025-03-04T08:00:00+08:00";
        let article = format!(
            r#"{{"@type":"NewsArticle","headline":"Judul","datePublished":"{day}","author":{{"name":"Ani"}}}}"#
        );
        check(&article, "Judul", day, &["Ani"]);
        check(&format!("[{{\"@type\":\"BreadcrumbList\",\"name\":\"B\"}},{article}]"), "Judul", day, &["Ani"]);
        check(&format!("{{\"@graph\":[{{\"@type\":\"WebSite\",\"name\":\"S\"}},{article}]}}"), "Judul", day, &["Ani"]);
        check(&format!("<!--\n{article}\n-->"), "Judul", day, &["Ani"]);
        check(&format!("//<![CDATA[\n{article}\n//]]>"), "Judul", day, &["Ani"]);
        check(&format!("{article};"), "Judul", day, &["Ani"]);
        check(&article.replace('}', ", }"), "Judul", day, &["Ani"]);
        check(r#"{"@type":"Article","headline":"Satu, ] dua",}"#, "Satu, ] dua", "", &[]);
        check(
            &format!(
                r#"{{"@type":["Article","X"],"headline":"Ju
dul","datePublished":"{day}","author":[{{"name":"A"}},"B"]}}"#
            ),
            "Ju dul",
            day,
            &["A", "B"],
        );
        check(r#"{"@type":"http://schema.org/BlogPosting","headline":"J"}"#, "J", "", &[]);
        check(
            r##"{"@graph":[{"@type":"Article","headline":"J","author":{"@id":"#a"}},{"@type":"Person","@id":"#a","name":"Budi"}]}"##,
            "J",
            "",
            &["Budi"],
        );
        check(r#"{"@type":"WebPage","name":"H","mainEntity":{"@type":"Article","headline":"J"}}"#, "J", "", &[]);
        check(r#"{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Lain"}]}"#, "", "", &[]);
        for broken in ["", "{", "[1,2", "null", "\"a\"", "{\"@type\":7}", "{\"@graph\":{\"@graph\":[]}}", "[[[[[]]]]]"]
        {
            check(broken, "", "", &[]);
        }
        check(&"[".repeat(200_000), "", "", &[]);
    }

    #[test]
    fn an_author_in_another_block() {
        let facts = read(&[
            r##"{"@type":"Article","headline":"J","author":{"@id":"#p"}}"##,
            r##"{"@type":"Person","@id":"#p","name":"Budi"}"##,
        ]);
        assert_eq!(facts.authors, ["Budi"]);
    }

    #[test]
    fn an_article_comes_before_the_page_that_it_is_on() {
        let page = r#"{"@type":"WebPage","name":"Halaman","dateModified":"2025-03-05"}"#;
        let article = r#"{"@type":"NewsArticle","headline":"Judul","image":[{"url":"https://a.example/x.jpg"}],"keywords":"IKN, TPPO",
            "articleSection":["Hukum"],"publisher":{"name":"Kabar"}}"#;
        let facts = read(&[page, article]);
        assert_eq!(facts.title.as_deref(), Some("Judul"));
        assert_eq!(facts.updated.as_deref(), Some("2025-03-05"));
        assert_eq!(facts.image.as_deref(), Some("https://a.example/x.jpg"));
        assert_eq!(facts.categories, ["Hukum", "IKN", "TPPO"]);
        assert_eq!(facts.publisher.as_deref(), Some("Kabar"));
    }
}
