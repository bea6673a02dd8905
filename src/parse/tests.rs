use super::*;

fn context() -> Context<'static> {
    Context { url: "https://outlet.example/feed", charset: None, zone: FixedOffset::east_opt(8 * 3600).unwrap() }
}

/// Titles of the entries, and whether each complaint was mended.
fn check(document: &[u8], titles: &[&str], complaints: &[(&str, bool)]) {
    let (feed, found) = read(document, &context()).unwrap_or_else(|error| panic!("{error}"));
    let read: Vec<&str> = feed.entries.iter().map(|entry| entry.title.as_deref().unwrap_or("")).collect();
    assert_eq!(read, titles);
    let mut unmatched = found.clone();
    for (part, mended) in complaints {
        let at = unmatched.iter().position(|one| one.what.contains(part) && one.mended == *mended);
        unmatched.remove(at.unwrap_or_else(|| panic!("no complaint `{part}` in {found:#?}")));
    }
    assert!(unmatched.is_empty(), "unexpected: {unmatched:#?}");
}

fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

fn item(title: &str, more: &str) -> String {
    format!(
        "<item><guid>{}</guid><pubDate>Thu, 11 Jul 2024 14:05:00 +0800</pubDate><title>{title}</title>{more}</item>",
        title.len()
    )
}

#[test]
fn every_format_is_read() {
    check(rss(&item("satu", "")).as_bytes(), &["satu"], &[]);
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>x</id><updated>2024-07-11T00:00:00Z</updated>\
        <entry><id>1</id><title>a &amp;lt; b</title><updated>2024-07-11T00:00:00Z</updated></entry></feed>";
    check(atom.as_bytes(), &["a &amp;lt; b"], &[]);
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":"dua","date_published":"2024-07-11T00:00:00Z"}]}"#;
    check(json.as_bytes(), &["dua"], &[]);
    let rdf = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item><title>tiga</title><link>https://a.example/</link></item></rdf:RDF>"#;
    check(rdf.as_bytes(), &["tiga"], &[("no date", true), ("no guid", true)]);
    check(rss(&item("x", "")).replace("2.0", "0.91").as_bytes(), &["x"], &[]);
    check(
        rss(&item("x", "")).replace("\"2.0\"", "\"2.0.1\"").as_bytes(),
        &["x"],
        &[("well-formed", true), ("version", true)],
    );
}

#[test]
fn what_is_usually_broken_is_mended_and_told() {
    let warning = "\n<br />\n<b>Warning</b>: foo() in {closure} on line 3<br />\n";
    check(format!("{warning}{}", rss(&item("satu", ""))).as_bytes(), &["satu"], &[("before the feed", true)]);
    check(rss(&item("A & B", "")).as_bytes(), &["A & B"], &[("well-formed", true), ("bare", true)]);
    check(rss(&item("a\u{b}b", "")).as_bytes(), &["ab"], &[("control", true)]);
    check(rss(&item("a&#0;b", "")).as_bytes(), &["a&#0;b"], &[("well-formed", true), ("bare", true)]);
    check(b"<?xml version='1.0' encoding='windows-1252'?><rss version='2.0'><channel><item><title>caf\xe9</title></item></channel></rss>",
        &["café"], &[("no date", true), ("no guid", true)]);
    check("<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><item><title>é</title></item></channel></rss>".as_bytes(),
        &["é"], &[("no date", true), ("no guid", true)]);
}

#[test]
fn one_bad_entry_costs_only_itself() {
    let bad = item("rusak", "<category>a</categori>");
    let document = rss(&format!("{}{bad}{}", item("satu", ""), item("dua dua", "")));
    check(
        document.as_bytes(),
        &["satu", "dua dua"],
        &[("document is not well-formed", true), ("entry is not well-formed", false)],
    );
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":"a","date_published":"2024-07-11T00:00:00Z"},{"id":"2","title":["b"]},{"id":3,"title":"c","date_published":"2024-07-11T00:00:00Z"}]}"#;
    check(json.as_bytes(), &["a", "c"], &[("document is not well-formed", true), ("item cannot be read", false)]);
}

#[test]
fn a_document_that_is_cut_off_gives_what_came_whole() {
    let document = rss(&format!("{}{}", item("satu", ""), item("dua dua", "")));
    let cut = &document.as_bytes()[..document.find("dua dua").unwrap()];
    check(cut, &["satu"], &[("document is not well-formed", true), ("cut off", false)]);
}

#[test]
fn a_panic_in_the_parser_costs_the_byline_only() {
    let author = "<author>é editor@outlet.example (Rédaksi “Pagi”)</author>";
    let multi_byte = "<author>“a@b.co”é</author>";
    for byline in [author, multi_byte] {
        let document = rss(&format!("{}{}", item("satu", byline), item("dua dua", "")));
        let (feed, _) = read(document.as_bytes(), &context()).unwrap();
        assert_eq!(feed.entries.len(), 2, "{byline}");
    }
}

#[test]
fn what_is_no_feed_is_named() {
    let check = |document: &str, kind: &str| {
        let error = read(document.as_bytes(), &context()).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), kind, "{document}: {error}");
    };
    check("", "empty");
    check(" \n", "empty");
    check("<!DOCTYPE html><html><title>Situs dalam perbaikan</title></html>", "web-page");
    check("<?xml version='1.0'?><!DOCTYPE html PUBLIC><html/>", "web-page");
    check("hello", "not-a-feed");
    check("<opml version='2.0'></opml>", "unreadable");
    check("{}", "unreadable");
    check("{\"version\": 1", "unreadable");
}
