//! A feed validator of our own: the rules of the W3C's (validator.w3.org/feed/docs), under its names, as far as they can concern
//! what we publish, and JSON Feed's. It knows nothing of how a feed was made. `broken.rs` proves each of its rules.

mod atom;
mod html;
mod json;
mod rss;
mod values;
mod xml;

pub const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const MEDIA: &str = "http://search.yahoo.com/mrss/";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// What is wrong: the rule, and what breaks it.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<(&'static str, String)>);

impl Findings {
    fn add(&mut self, rule: &'static str, what: impl Into<String>) {
        // The first few tell enough.
        if self.0.iter().filter(|(known, _)| *known == rule).count() < 5 {
            self.0.push((rule, what.into()));
        }
    }
}

/// Checks a document that was served at that address with that `Content-Type`.
pub fn check(url: &str, content_type: &str, body: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let Ok(text) = std::str::from_utf8(body) else {
        findings.add("UnicodeError", "not UTF-8");
        return findings;
    };
    let (bare, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !parameters.is_empty() && !parameters.trim().eq_ignore_ascii_case("charset=utf-8") {
        findings.add("EncodingMismatch", content_type);
    }
    if text.trim_start().starts_with('{') {
        if !matches!(bare, "application/feed+json" | "application/json") {
            findings.add("UnexpectedContentType", content_type);
        }
        json::check(url, text, &mut findings);
        return findings;
    }
    let Some(root) = xml::read(text, &mut findings) else { return findings };
    let expected = if root.name == "rss" { "application/rss+xml" } else { "application/atom+xml" };
    match bare {
        "application/xml" | "text/xml" => findings.add("NonSpecificMediaType", content_type),
        bare if bare == expected => {}
        _ => findings.add("UnexpectedContentType", content_type),
    }
    match (root.space.as_str(), root.name.as_str()) {
        ("", "rss") => rss::check(url, &root, &mut findings),
        (ATOM, "feed") => atom::check(url, &root, &mut findings),
        _ => findings.add("UndefinedElement", root.name),
    }
    findings
}

/// Relations that are registered, those of RFC 5005 among them.
const RELATIONS: [&str; 14] = [
    "alternate",
    "current",
    "enclosure",
    "first",
    "hub",
    "last",
    "license",
    "next",
    "next-archive",
    "prev-archive",
    "previous",
    "related",
    "self",
    "via",
];
const OF_FEEDS: [&str; 7] = ["current", "first", "last", "next", "next-archive", "prev-archive", "previous"];

/// An `atom:link`, in a feed or an entry.
fn link(link: &xml::Element, in_entry: bool, findings: &mut Findings) {
    unexpected(link, &["href", "rel", "type", "hreflang", "title", "length"], findings);
    let relation = link.attribute("rel").unwrap_or("alternate");
    if !RELATIONS.contains(&relation) {
        findings.add("UnregisteredAtomLinkRel", relation);
    }
    if in_entry && OF_FEEDS.contains(&relation) {
        findings.add("FeedHistoryRelInEntry", relation);
    }
    match link.attribute("href") {
        None => findings.add("MissingHref", relation),
        Some(href) if !values::is_web(href) => findings.add("InvalidURIAttribute", href),
        Some(_) => {}
    }
    if let Some(kind) = link.attribute("type") {
        if !values::media_type(kind) {
            findings.add("InvalidMIMEType", kind);
        } else if relation == "self" && !["application/atom+xml", "application/rss+xml"].contains(&kind) {
            findings.add("SelfNotAtom", kind);
        }
    }
    if let Some(title) = link.attribute("title") {
        if title.trim().is_empty() {
            findings.add("AttrNotBlank", "title");
        }
        values::plain(title, "ContainsHTML", findings);
    }
    if link.attribute("length").is_some_and(|length| length.parse::<u64>().is_err()) {
        findings.add("InvalidNonNegativeInteger", "length");
    }
    if link.attribute("hreflang").is_some_and(|language| !values::language(language)) {
        findings.add("InvalidLanguage", "hreflang");
    }
    if !link.text.trim().is_empty() || !link.children.is_empty() {
        findings.add("AtomLinkNotEmpty", relation);
    }
}

/// The links of a whole feed: itself, and its archives (RFC 5005 section 4).
fn feed_links(url: &str, head: &xml::Element, findings: &mut Findings) {
    let of = |relation: &'static str| {
        head.all(ATOM, "link").filter(move |link| link.attribute("rel").unwrap_or("alternate") == relation)
    };
    head.all(ATOM, "link").for_each(|one| link(one, false, findings));
    let selves: Vec<&xml::Element> = of("self").collect();
    match selves.as_slice() {
        [] => findings.add("MissingSelf", url),
        [own] if own.attribute("href") == Some(url) => {}
        [own] => findings.add("SelfDoesntMatchLocation", own.attribute("href").unwrap_or_default()),
        _ => findings.add("DuplicateAtomLink", "self"),
    }
    for relation in ["current", "prev-archive", "next-archive"] {
        if of(relation).count() > 1 {
            findings.add("DuplicateAtomLink", relation);
        }
    }
    let archives = head.all(HISTORY, "archive").count();
    if archives > 1 {
        findings.add("DuplicateElement", "fh:archive");
    }
    if archives > 0 && of("current").count() == 0 {
        findings.add("ArchiveWithoutCurrent", url);
    }
    if archives == 0 && of("next-archive").count() > 0 {
        findings.add("NextArchiveOutsideOfArchive", url);
    }
}

fn unexpected(element: &xml::Element, known: &[&str], findings: &mut Findings) {
    for (name, _) in element.attributes.iter().filter(|(name, _)| !name.starts_with("xml:")) {
        if !known.contains(&name.as_str()) {
            findings.add("UnexpectedAttribute", format!("{name} of {}", element.name));
        }
    }
    if element.attribute("xml:lang").is_some_and(|language| !values::language(language)) {
        findings.add("InvalidLanguage", "xml:lang");
    }
}

fn only_once(element: &xml::Element, space: &str, names: &[&str], findings: &mut Findings) {
    for name in names.iter().filter(|name| element.all(space, name).count() > 1) {
        findings.add(if *name == "enclosure" { "DuplicateEnclosure" } else { "DuplicateElement" }, *name);
    }
}
