use super::*;

fn context() -> Context<'static> {
    Context {
        url: "https://outlet.example/feed",
        charset: None,
        encoding: None,
        most_entries: 1000,
        zone: FixedOffset::east_opt(8 * 3600).unwrap(),
        now: Default::default(),
    }
}

/// Titles of the entries, and whether each complaint was mended.
fn check(document: &[u8], titles: &[&str], complaints: &[(&str, bool)]) {
    let Reading { feed, complaints: found, .. } = read(document, &context()).unwrap_or_else(|error| panic!("{error}"));
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
    let guid = title.len();
    format!(
        "<item><guid>{guid}</guid><link>https://a.example/{guid}</link><pubDate>Thu, 11 Jul 2024 14:05:00 +0800</pubDate>\
         <title>{title}</title>{more}</item>"
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
    // Cut in the midst of a character, as programs do that count in UTF-16; a whole one, and a backslash before a `u`.
    let cut = json.replace("dua", r"dua \ud83d").replace("\"T\"", r#""T \ude00""#);
    check(cut.as_bytes(), &["dua \u{fffd}"], &[]);
    check(json.replace("dua", r"\ud83d\ude00 \\ud83d").as_bytes(), &["\u{1f600} \\ud83d"], &[]);
    let rdf = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item><title>tiga</title><link>https://a.example/</link></item></rdf:RDF>"#;
    check(rdf.as_bytes(), &["tiga"], &[("no date", true), ("no guid", true)]);
    check(rss(&item("x", "")).replace("2.0", "0.91").as_bytes(), &["x"], &[]);
    check(rss(&item("x", "")).replace("\"2.0\"", "\"2.0.1\"").as_bytes(), &["x"], &[("well-formed", true)]);
}

#[test]
fn dialects_that_nobody_writes_any_more_are_read() {
    let netscape = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel><item><title>a</title><link>https://a.example/1</link></item></rdf:RDF>"#;
    check(netscape.as_bytes(), &["a"], &[("no date", true), ("no guid", true)]);
    let atom = r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title mode="escaped" type="text/html">a &lt;b&gt;b&lt;/b&gt;</title><link rel="alternate" type="text/html" href="https://a.example/1"/><id>tag:1</id><issued>2024-07-11T14:05:00+08:00</issued><content mode="base64" type="text/html">PHA+aXNpPC9wPg==</content></entry></feed>"#;
    check(atom.as_bytes(), &["a <b>b</b>"], &[]);
    let feed = read(atom.as_bytes(), &context()).unwrap().feed;
    let entry = &feed.entries[0];
    assert_eq!(entry.content.as_deref(), Some("<p>isi</p>"));
    assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-07-11T06:05:00+00:00");
    assert_eq!((entry.link.as_deref(), entry.guid.as_deref()), (Some("https://a.example/1"), Some("tag:1")));
    // The prefix says nothing, the namespace everything.
    let prefixed = r#"<x:feed xmlns:x="http://www.w3.org/2005/Atom"><x:title>T</x:title><x:entry><x:id>1</x:id><x:title>a</x:title><x:link href="https://a.example/1"/><x:updated>2024-07-11T00:00:00Z</x:updated></x:entry></x:feed>"#;
    check(prefixed.as_bytes(), &["a"], &[]);
    let shouted = "<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>a</TITLE><LINK>https://a.example/1</LINK><GUID>1</GUID><PUBDATE>11 Juli 2024</PUBDATE></ITEM></CHANNEL></RSS>";
    check(shouted.as_bytes(), &["a"], &[("well-formed", true)]);
    let dublin = r#"<rss version="2.0" xmlns:d="http://purl.org/dc/elements/1.1/"><channel><item><d:title>a</d:title><d:identifier>https://a.example/1</d:identifier><d:date>2024-07-11</d:date><d:creator>Rédaksi</d:creator></item></channel></rss>"#;
    check(dublin.as_bytes(), &["a"], &[]);
    let entry = read(dublin.as_bytes(), &context()).unwrap().feed.entries.remove(0);
    assert_eq!((entry.link.as_deref(), entry.authors), (Some("https://a.example/1"), vec!["Rédaksi".to_owned()]));
}

#[test]
fn what_is_usually_broken_is_mended_and_told() {
    let warning = "\n<br />\n<b>Warning</b>: foo() in {closure} on line 3<br />\n";
    check(format!("{warning}{}", rss(&item("satu", ""))).as_bytes(), &["satu"], &[("before the feed", true)]);
    let junk = "x".repeat(60_000);
    check(format!("{junk}{}", rss(&item("satu", ""))).as_bytes(), &["satu"], &[("before the feed", true)]);
    let broken = |title: &str, read: &str, told: &[&str]| {
        let mut complaints = vec![("well-formed", true)];
        complaints.extend(told.iter().map(|told| (*told, true)));
        check(rss(&item(title, "")).as_bytes(), &[read], &complaints);
    };
    broken("A & B", "A & B", &["bare"]);
    broken("A & B & C", "A & B & C", &["bare"]);
    broken("A&nbsp;B &rsquo;C&rsquo; & D & E", "A\u{a0}B ’C’ & D & E", &["bare"]);
    broken("3 < 5", "3 < 5", &[]);
    broken("a&#0;b", "ab", &["forbids"]);
    check(rss(&item("a <b>tebal</b>", "")).as_bytes(), &["a <b>tebal</b>"], &[]);
    broken("<b>tebal <i>miring</b> lagi</i>", "<b>tebal <i>miring</b> lagi</i>", &[]);
    check(rss(&item("a\u{b}b", "")).as_bytes(), &["ab"], &[("control", true)]);
    let unclosed =
        rss("<item><guid>1</guid><pubDate>11 Juli 2024</pubDate><title>a<link>https://a.example/1</link></item>");
    assert_eq!(read(unclosed.as_bytes(), &context()).unwrap().feed.entries.len(), 1);
    let unclosed = rss(&format!(
        "<item><title>a</title><guid>1</guid><pubDate>11 Juli 2024</pubDate><description>x{}",
        item("dua", "")
    ));
    check(
        unclosed.as_bytes(),
        &["a", "dua"],
        &[("well-formed", true), ("element that is not", true), ("entry that is not", true)],
    );
    let section = rss(&format!(
        "{}{}",
        item("a", "<description><![CDATA[isi</description>"),
        item("dua", "<description><![CDATA[isi]]></description>")
    ));
    check(section.as_bytes(), &["a", "dua"], &[("CDATA", true)]);
    let prefix = rss(&item("a", "<content:encoded>isi</content:encoded>"));
    assert_eq!(read(prefix.as_bytes(), &context()).unwrap().feed.entries[0].content.as_deref(), Some("isi"));
}

#[test]
fn the_encoding_is_found_whatever_is_declared() {
    let lacking = [("no date", true), ("no guid", true)];
    let titled = |declared: &str, title: &[u8]| {
        let head = format!(
            "<?xml version='1.0'{declared}?><rss version='2.0'><channel><item><link>https://a.example/</link><title>"
        );
        [head.as_bytes(), title, b"</title></item></channel></rss>"].concat()
    };
    check(&titled(" encoding='windows-1252'", b"caf\xe9"), &["café"], &lacking);
    check(&titled(" encoding='iso-8859-1'", "é".as_bytes()), &["é"], &lacking);
    check(&titled(" encoding='iso-8859-1'", b"\x93kutip\x94"), &["“kutip”"], &lacking);
    let guessed = [lacking[0], lacking[1], ("not what is declared", true)];
    check(&titled("", b"Soekarno \x93Bung Karno\x94 dan caf\xe9"), &["Soekarno “Bung Karno” dan café"], &guessed);
    // Two in one file.
    let both = "é".repeat(30).into_bytes();
    check(
        &titled("", &[&both[..], b" \x92"].concat()),
        &[&format!("{} ’", "é".repeat(30))],
        &[lacking[0], lacking[1], ("single bytes", true)],
    );
    let text = String::from_utf8(titled("", "é".as_bytes())).unwrap();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&little, &["é"], &lacking);
    check(&[&[0xfe, 0xff], &big[..]].concat(), &["é"], &lacking);
    check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), &["é"], &lacking);
    let context = Context { encoding: Encoding::for_label(b"koi8-r"), ..context() };
    let read = read(&titled(" encoding='utf-8'", b"\xc1"), &context).unwrap();
    assert_eq!((read.feed.entries[0].title.as_deref(), read.encoding), (Some("а"), "KOI8-R"));
}

#[test]
fn one_bad_entry_costs_only_itself() {
    let bad = item("rusak", "<category>a</categori>");
    let document = rss(&format!("{}{bad}{}", item("satu", ""), item("dua dua", "")));
    check(document.as_bytes(), &["satu", "rusak", "dua dua"], &[("well-formed", true), ("not closed", true)]);
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":"a","date_published":"2024-07-11T00:00:00Z"},7,{"id":3,"title":"c","date_published":"2024-07-11T00:00:00Z"}]}"#;
    check(json.as_bytes(), &["a", "c"], &[("no object", false)]);
    check(&json.as_bytes()[..json.len() - 20], &["a"], &[("broken", false), ("no object", false)]);
}

#[test]
fn what_would_cost_too_much_costs_nothing() {
    let quick = |document: String| {
        // What grows with the square takes minutes here; a busy machine takes seconds for what does not.
        let begun = std::time::Instant::now();
        let read = read(document.as_bytes(), &context());
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}: {}…", begun.elapsed(), &document[..60]);
        read.map(|read| read.entries)
    };
    let laughs: String = (1..9).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let laughs = format!(
        "<!DOCTYPE rss [<!ENTITY l0 \"ha\">{laughs}]>{}",
        rss(&item("&l8;", "")).replace("<?xml version=\"1.0\"?>", "")
    );
    assert_eq!(quick(laughs), Ok(1));
    let doubled = format!(
        "<!DOCTYPE rss [<!ENTITY a \"{}\">]><rss><channel><item><title>{}</title></item></channel></rss>",
        "x".repeat(900),
        "&a;".repeat(100_000)
    );
    assert_eq!(quick(doubled), Ok(1));
    assert_eq!(quick(rss(&item(&"<b>".repeat(100_000), ""))), Ok(1));
    assert_eq!(quick(rss(&item("a", &format!("<x>{}{}", "<a>".repeat(100_000), "</b>".repeat(100_000))))), Ok(1));
    assert_eq!(quick(rss(&format!("{}{}", "<channel>".repeat(100_000), item("a", "")))), Ok(1));
    assert_eq!(quick(rss(&"<item>".repeat(100_000))), Ok(100_000));
    assert_eq!(quick(rss(&item(&"&".repeat(500_000), ""))), Ok(1));
    assert_eq!(quick(rss(&item(&"<![CDATA[".repeat(50_000), ""))), Ok(1));
}

#[test]
fn a_documents_own_entities_are_resolved() {
    let document = "<!DOCTYPE rss [<!ENTITY kota 'Balikpapan'><!ENTITY strip \"&#8211;\">]><rss version='2.0'><channel><item><guid>1</guid><pubDate>11 Juli 2024</pubDate><title>&kota; &strip; &lain;</title></item></channel></rss>";
    check(document.as_bytes(), &["Balikpapan – &lain;"], &[]);
}

#[test]
fn the_head_tells_the_rhythm_and_where_older_entries_are() {
    let head = |head: &str| {
        let more = format!("{head}{}", item("a", "<link>https://a.example/1</link>"));
        let document = rss(&more).replace("<rss ", "<rss xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" ");
        read(document.as_bytes(), &context()).unwrap().feed
    };
    let feed = head(
        "<ttl>60</ttl><sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day><day>Jumat</day></skipDays><generator>https://wordpress.org/?v=6.5</generator><atom:link rel=\"prev-archive\" href=\"/2024/06\"/>",
    );
    assert_eq!((feed.rhythm.ttl, feed.rhythm.period), (Some(60), Some(30)));
    assert_eq!(feed.rhythm.skip_hours, [0, 0, 7]);
    assert_eq!(feed.rhythm.skip_days, [chrono::Weekday::Sun, chrono::Weekday::Fri]);
    assert_eq!(
        (feed.generator.as_deref(), feed.older.as_deref()),
        (Some("https://wordpress.org/?v=6.5"), Some("/2024/06"))
    );
    assert_eq!(head("").rhythm, Rhythm::default());
}

#[test]
fn the_hub_is_found_in_every_format() {
    let (hub, own) = ("https://hub.example/", "https://a.example/feed");
    let entry = item("a", "<link>https://a.example/1</link><pubDate>Thu, 11 Jul 2024 06:00:00 GMT</pubDate>");
    let links = format!("<atom:link href=\"{hub}\" rel=\"hub\"/><atom:link rel='self' href='{own}'/>");
    let namespace = "<rss xmlns:atom=\"http://www.w3.org/2005/Atom\" ";
    let strict = rss(&format!("{links}{entry}")).replace("<rss ", namespace);
    let single = strict.replace("rel=\"hub\"", "rel='hub'");
    let broken = strict.replace("<title>a</title>", "<title>a & b</title>");
    // An entry's own links are no hub.
    let of_an_entry =
        strict.replace("rel=\"hub\"", "rel=\"next\"").replace("</item>", "<atom:link rel=\"hub\" href=\"/x\"/></item>");
    let atom = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><link rel=\"hub\" href=\"{hub}\"/><link rel=\"self\" href=\"{own}\"/>\
         <entry><id>1</id><title>a</title><link href='https://a.example/1'/><updated>2024-07-11T06:00:00Z</updated></entry></feed>"
    );
    let json = |kind: &str| {
        format!(
            "{{\"feed_url\":\"{own}\",\"hubs\":[{{\"type\":\"rssCloud\",\"url\":\"/x\"}},{{\"type\":\"{kind}\",\"url\":\"{hub}\"}}],\"items\":[{{\"id\":\"1\"}}]}}"
        )
    };
    let check = |document: &str, hub: Option<&str>| {
        let feed = read(document.as_bytes(), &context()).unwrap().feed;
        assert_eq!((feed.hub.as_deref(), feed.own.as_deref()), (hub, Some(own)), "{document}");
    };
    for document in [&strict, &single, &broken, &atom, &json("WebSub"), &json("PubSubHubbub")] {
        check(document, Some(hub));
    }
    check(&of_an_entry, None);
    check(&json("other"), None);
    assert_eq!(read(br#"{"hubs":{"url":5},"items":[{"id":"1"}]}"#, &context()).unwrap().feed.hub, None);
}

#[test]
fn a_document_that_is_cut_off_gives_what_came_whole() {
    let document = rss(&format!("{}{}", item("satu", ""), item("dua dua", "")));
    let cut = &document.as_bytes()[..document.find("dua dua").unwrap()];
    check(cut, &["satu"], &[("document is not well-formed", true), ("cut off", false)]);
    assert!(read(cut, &context()).unwrap().cut_off);
    let in_a_section = rss(&format!("{}{}", item("satu", ""), item("dua", "<description><![CDATA[isi")));
    let in_a_section = &in_a_section.as_bytes()[..in_a_section.find("isi").unwrap() + 2];
    check(in_a_section, &["satu"], &[("document is not well-formed", true), ("cut off", false)]);
    assert!(!read(document.as_bytes(), &context()).unwrap().cut_off);
}

#[test]
fn a_panic_in_the_parser_costs_the_byline_only() {
    let author = "<author>é editor@outlet.example (Rédaksi “Pagi”)</author>";
    let multi_byte = "<author>“a@b.co”é</author>";
    for byline in [author, multi_byte] {
        let document = rss(&format!("{}{}", item("satu", byline), item("dua dua", "")));
        let Reading { feed, .. } = read(document.as_bytes(), &context()).unwrap();
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
    check("<rss version='2.0'><channel><title>T</title><item><title>Ju", "cut-off");
    check("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>", "cut-off");
    check("{}", "unreadable");
    check("{\"version\": 1", "unreadable");
}

/// A document of every usual fault, for random cuts.
fn patchwork() -> String {
    let broken =
        item("A & <b>B", "<description><![CDATA[isi]]></description><content:encoded>&nbsp;&#0;</content:encoded>");
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div>é</div></title><id>1</id></entry></feed>";
    let json = r#"{"items":[{"id":1,"title":"a","tags":["b"]},{"content_html":"<p>"}]}"#;
    format!(
        "<!DOCTYPE rss [<!ENTITY x 'y'>]>{}{atom}{json}",
        rss(&format!("<ttl>5</ttl>{broken}{}", item("&x;", "<enclosure url='u'/>")))
    )
}

proptest::proptest! {
    #[test]
    fn whatever_is_cut_doubled_or_spilled_is_read_without_a_panic(
        edits in proptest::collection::vec((0_usize..1200, 0_usize..60, "[<>&;\"'/=\\[\\]!a-z \u{0}\u{e9}]{0,6}", proptest::bool::ANY), 0..12),
        cut in 0_usize..1500,
    ) {
        let mut text: Vec<char> = patchwork().chars().collect();
        for (at, length, spilled, doubled) in edits {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            let part: Vec<char> = text[at..end].to_vec();
            let instead = if doubled { [&part[..], &part[..]].concat() } else { spilled.chars().collect() };
            text.splice(at..end, instead);
        }
        text.truncate(cut);
        let document: String = text.into_iter().collect();
        let latin: Vec<u8> = document.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
        for bytes in [document.as_bytes(), &latin] {
            if let Ok(read) = read(bytes, &context()) {
                assert!(read.entries >= read.feed.entries.len());
            }
        }
    }
}
