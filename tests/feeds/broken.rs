//! Each rule of the validator, proven by a document that breaks it and is right otherwise.

use super::validator::check;

const URL: &str = "https://a.example/f";

const RSS: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
    xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:fh=\"http://purl.org/syndication/history/1.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>T</title>\
    <link>https://a.example/</link><description>D</description><language>id</language>\
    <lastBuildDate>Thu, 11 Jul 2024 15:00:00 +0800</lastBuildDate><ttl>15</ttl><image><url>https://a.example/i.png</url><title>T</title>\
    <link>https://a.example/</link><width>96</width><height>96</height></image>\
    <atom:link href=\"https://a.example/f\" rel=\"self\" type=\"application/rss+xml\"/><item><title>Judul</title>\
    <link>https://a.example/1</link><description>Isi</description><category domain=\"https://a.example/t/\">K</category>\
    <enclosure url=\"https://a.example/a.jpg\" length=\"0\" type=\"image/jpeg\"/><guid isPermaLink=\"false\">tag:a.example,2024:1</guid>\
    <pubDate>Thu, 11 Jul 2024 14:05:00 +0800</pubDate><source url=\"https://b.example/feed/\">B</source>\
    <content:encoded>&lt;p&gt;Isi&lt;/p&gt;</content:encoded><media:content url=\"https://a.example/b.jpg\" medium=\"image\" fileSize=\"9\"/>\
    <dc:creator>N</dc:creator><dc:language>id</dc:language></item></channel></rss>";

const ATOM: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
    xmlns:fh=\"http://purl.org/syndication/history/1.0\" xml:lang=\"id\"><title>T</title><id>tag:a.example,2024:f</id>\
    <updated>2024-07-11T15:00:00+08:00</updated><icon>https://a.example/i.png</icon>\
    <link href=\"https://a.example/f\" rel=\"self\" type=\"application/atom+xml\"/>\
    <link href=\"https://a.example/\" rel=\"alternate\" type=\"text/html\"/><entry><title>Judul</title><id>tag:a.example,2024:1</id>\
    <updated>2024-07-11T14:05:00+08:00</updated><author><name>N</name></author>\
    <category term=\"k\" scheme=\"https://a.example/t/\" label=\"K\"/><link href=\"https://a.example/1\" rel=\"alternate\"/>\
    <published>2024-07-11T14:05:00+08:00</published><source><title>B</title><id>https://b.example/feed/</id>\
    <updated>2024-07-11T14:05:00+08:00</updated></source><summary>Isi</summary><content type=\"html\">&lt;p&gt;Isi&lt;/p&gt;</content>\
    </entry></feed>";

const JSON: &str = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://a.example/","feed_url":"https://a.example/f","language":"id","next_url":"https://a.example/g","items":[{"id":"tag:a.example,2024:1","url":"https://a.example/1","title":"Judul","content_html":"<p>Isi</p>","date_published":"2024-07-11T14:05:00+08:00","authors":[{"name":"N"}],"tags":["K"],"language":"id","attachments":[{"url":"https://a.example/a.jpg","mime_type":"image/jpeg","size_in_bytes":9}]}]}"#;

const RSS_TYPE: &str = "application/rss+xml; charset=utf-8";
const ATOM_TYPE: &str = "application/atom+xml; charset=utf-8";
const JSON_TYPE: &str = "application/feed+json; charset=utf-8";

fn rules(content_type: &str, document: &str) -> Vec<&'static str> {
    check(URL, content_type, document.as_bytes()).0.into_iter().map(|(rule, _)| rule).collect()
}

/// The document with something replaced breaks that rule.
fn breaks(content_type: &str, document: &str, cases: &[(&str, &str, &str)]) {
    assert_eq!(rules(content_type, document), Vec::<&str>::new(), "the document is right");
    for (old, new, rule) in cases {
        assert!(document.contains(old), "{old} is in the document");
        let broken = document.replacen(old, new, 1);
        let found = rules(content_type, &broken);
        assert!(found.contains(rule), "{old} → {new}: {found:?} lacks {rule}");
    }
}

#[test]
fn each_rule_of_xml_and_of_what_is_served_is_proven() {
    breaks(
        RSS_TYPE,
        RSS,
        &[
            ("Judul", "a\u{b}b", "SAXError"),
            ("Judul", "a\u{fffe}b", "SAXError"),
            ("Judul", "a\u{85}b", "BadCharacters"),
            ("Judul", "a\u{fffd}b", "BadCharacters"),
            ("Judul", "&#x85;", "BadCharacters"),
            ("Judul", "&bogus;", "UndefinedNamedEntity"),
            ("</item>", "", "SAXError"),
            ("<title>Judul", "<x:title>Judul", "SAXError"),
            (" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"", "", "MissingNamespace"),
            ("version=\"1.0\" e", "version=\"1.1\" e", "BadXmlVersion"),
            (" encoding=\"utf-8\"", "", "MissingEncoding"),
            ("utf-8", "iso-8859-1", "NonstdEncoding"),
            ("<rss", "<!DOCTYPE rss><rss", "InvalidDoctype"),
            ("<rss", "<rdf", "SAXError"),
        ],
    );
    assert_eq!(rules("text/html", RSS), ["UnexpectedContentType"]);
    assert_eq!(rules("application/atom+xml", RSS), ["UnexpectedContentType"]);
    assert_eq!(rules("text/xml", RSS), ["NonSpecificMediaType"]);
    assert_eq!(rules("application/rss+xml; charset=iso-8859-1", RSS), ["EncodingMismatch"]);
    assert_eq!(rules("text/plain", JSON), ["UnexpectedContentType"]);
    assert_eq!(check(URL, RSS_TYPE, b"<rss>\xff</rss>").0[0].0, "UnicodeError");
    assert!(rules(RSS_TYPE, "<?xml version=\"1.0\" encoding=\"utf-8\"?><html/>").contains(&"UndefinedElement"));
}

#[test]
fn each_rule_of_rss_is_proven() {
    breaks(
        RSS_TYPE,
        RSS,
        &[
            ("version=\"2.0\"", "version=\"3.0\"", "UndefinedVersion"),
            ("<ttl>15</ttl>", "<ttl>0</ttl>", "InvalidPositiveInteger"),
            ("<ttl>15</ttl>", "<ttl>15</ttl><ttl>15</ttl>", "DuplicateElement"),
            ("<ttl>15</ttl>", "<tempo>15</tempo>", "UndefinedElement"),
            ("<title>T</title>", "", "MissingTitle"),
            ("<link>https://a.example/</link>", "", "MissingLink"),
            ("<description>D</description>", "", "MissingDescription"),
            ("<title>T</title>", "<title> </title>", "NotBlank"),
            ("<title>T</title>", "<title>T&lt;/b&gt;</title>", "ContainsHTML"),
            ("<link>https://a.example/</link>", "<link>/</link>", "InvalidFullLink"),
            ("<language>id", "<language>Indonesia", "InvalidLanguage"),
            ("<dc:language>id", "<dc:language>id_ID", "InvalidLanguage"),
            ("11 Jul 2024 15", "11 Juli 2024 15", "InvalidRFC2822Date"),
            ("Thu, 11 Jul 2024 15", "Fri, 11 Jul 2024 15", "InvalidRFC2822Date"),
            ("2024 15:00:00 +0800", "2024 15:00:00 +0545", "ProblematicalRFC822Date"),
            ("Thu, 11 Jul 2024 14", "Thu, 11 Jul 24 14", "ProblematicalRFC822Date"),
            ("Thu, 11 Jul 2024 14", "Fri, 11 Jul 2064 14", "ImplausibleDate"),
            ("Thu, 11 Jul 2024 14", "Thu, 11 Jul 1968 14", "ImplausibleDate"),
            ("<url>https://a.example/i.png</url>", "", "MissingElement"),
            ("i.png", "i.svg", "ImageUrlFormat"),
            (
                "<link>https://a.example/</link><width>",
                "<link>https://b.example/</link><width>",
                "ImageLinkDoesntMatch",
            ),
            ("i.png</url><title>T", "i.png</url><title>U", "ImageTitleDoesntMatch"),
            ("<width>96", "<width>145", "InvalidWidth"),
            ("<height>96", "<height>401", "InvalidHeight"),
            ("</channel>", "<copyright>C</copyright></channel>", "MisplacedItem"),
            ("<atom:link href=\"https://a.example/f\" rel=\"self\" type=\"application/rss+xml\"/>", "", "MissingSelf"),
            ("https://a.example/f\" rel", "https://a.example/g\" rel", "SelfDoesntMatchLocation"),
            ("rel=\"self\"", "rel=\"diri\"", "UnregisteredAtomLinkRel"),
            ("rel=\"self\" type=\"application/rss+xml\"", "rel=\"self\" type=\"text/html\"", "SelfNotAtom"),
            ("rel=\"self\" type=\"application/rss+xml\"", "rel=\"self\" type=\"rss\"", "InvalidMIMEType"),
            ("<item>", "<atom:link rel=\"hub\"/><item>", "MissingHref"),
            ("<item>", "<atom:link rel=\"hub\" href=\"/hub\"/><item>", "InvalidURIAttribute"),
            ("<item>", "<atom:link rel=\"hub\" href=\"https://a.example/h\">x</atom:link><item>", "AtomLinkNotEmpty"),
            (
                "<item>",
                "<atom:link rel=\"hub\" href=\"https://a.example/h\" hreflang=\"Indonesia\"/><item>",
                "InvalidLanguage",
            ),
            (
                "<item>",
                "<atom:link rel=\"hub\" href=\"https://a.example/h\" length=\"x\"/><item>",
                "InvalidNonNegativeInteger",
            ),
            ("<item>", "<atom:link rel=\"hub\" href=\"https://a.example/h\" title=\" \"/><item>", "AttrNotBlank"),
            (
                "<item>",
                "<atom:link rel=\"hub\" href=\"https://a.example/h\" warna=\"x\"/><item>",
                "UnexpectedAttribute",
            ),
            ("<item>", "<fh:archive/><item>", "ArchiveWithoutCurrent"),
            (
                "<item>",
                "<atom:link rel=\"next-archive\" href=\"https://a.example/h\"/><item>",
                "NextArchiveOutsideOfArchive",
            ),
            ("<item>", "<atom:link rel=\"self\" href=\"https://a.example/h\"/><item>", "DuplicateAtomLink"),
            (
                "</item>",
                "<atom:link rel=\"prev-archive\" href=\"https://a.example/h\"/></item>",
                "FeedHistoryRelInEntry",
            ),
            ("<title>Judul</title>", "", "MissingItemTitle"),
            ("Judul", "&lt;script&gt;alert(1)", "ContainsHTML"),
            ("Judul", "A &amp;amp; B", "ContainsHTML"),
            ("<link>https://a.example/1</link>", "", "MissingItemLink"),
            ("https://a.example/1<", "javascript:alert(1)<", "InvalidFullLink"),
            ("https://a.example/1<", "https://a.example/a b<", "InvalidFullLink"),
            ("https://a.example/1<", "https://é.example/<", "InvalidFullLink"),
            ("<description>Isi</description>", "", "MissingDescriptionBeforeContent"),
            ("<guid isPermaLink=\"false\">tag:a.example,2024:1</guid>", "", "MissingGuid"),
            ("isPermaLink=\"false\"", "isPermaLink=\"true\"", "InvalidHttpGUID"),
            ("isPermaLink=\"false\"", "isPermaLink=\"tidak\"", "InvalidBooleanAttribute"),
            ("tag:a.example,2024:1<", "1<", "NotSufficientlyUnique"),
            (
                "</item>",
                "</item><item><title>J</title><link>https://a.example/2</link><guid isPermaLink=\"false\">tag:a.example,2024:1</guid></item>",
                "DuplicateValue",
            ),
            ("<category", "<author>Redaksi</author><category", "InvalidContact"),
            ("<category", "<author>a@b.example</author><category", "DuplicateItemSemantics"),
            (">K</category>", "> </category>", "NotBlank"),
            (" url=\"https://b.example/feed/\"", "", "MissingAttribute"),
            ("https://b.example/feed/", "/feed/", "InvalidURLAttribute"),
            (
                "<enclosure ",
                "<enclosure url=\"https://a.example/c.jpg\" length=\"1\" type=\"image/png\"/><enclosure ",
                "DuplicateEnclosure",
            ),
            (" length=\"0\"", "", "MissingAttribute"),
            ("length=\"0\"", "length=\"-1\"", "InvalidIntegerAttribute"),
            ("type=\"image/jpeg\"", "type=\"gambar\"", "InvalidMIMEAttribute"),
            ("medium=\"image\"", "medium=\"gambar\"", "InvalidMediaMedium"),
            ("fileSize=\"9\"", "fileSize=\"0\"", "InvalidPositiveInteger"),
            ("https://a.example/b.jpg", "data:image/png;base64,A", "InvalidURLAttribute"),
            ("<dc:creator>N", "<dc:creator>&lt;b&gt;N&lt;/b&gt;", "ContainsHTML"),
        ],
    );
}

#[test]
fn each_rule_of_html_is_proven() {
    let content = "&lt;p&gt;Isi&lt;/p&gt;";
    let cases: Vec<(&str, String, &str)> = [
        ("<script>alert(1)</script>", "SecurityRisk"),
        ("<iframe src=\"https://a.example/\"></iframe>", "SecurityRisk"),
        ("<object></object>", "SecurityRisk"),
        ("<embed>", "SecurityRisk"),
        ("<style>*{}</style>", "SecurityRisk"),
        ("<meta>", "SecurityRisk"),
        ("<!-- x -->", "SecurityRisk"),
        ("<svg></svg>", "NotHtml"),
        ("<figure></figure>", "NotHtml"),
        ("<a href=\"x", "NotHtml"),
        ("<p onclick=\"x\">", "SecurityRiskAttr"),
        ("<p onerror=x>", "SecurityRiskAttr"),
        ("<p style=\"position:fixed\">", "DangerousStyleAttr"),
        ("<a href=\"javascript:alert(1)\">", "SecurityRiskAttr"),
        ("<img src='data:image/png;base64,A'>", "SecurityRiskAttr"),
        ("<a href=\"/b\">", "ContainsRelRef"),
        ("<img src=b.jpg>", "ContainsRelRef"),
        ("&#x80;", "BadCharacters"),
    ]
    .into_iter()
    .map(|(html, rule)| (content, html.replace('&', "&amp;").replace('<', "&lt;"), rule))
    .collect();
    let cases: Vec<(&str, &str, &str)> = cases.iter().map(|(old, new, rule)| (*old, new.as_str(), *rule)).collect();
    breaks(RSS_TYPE, RSS, &cases);
    breaks(ATOM_TYPE, ATOM, &cases);
}

#[test]
fn each_rule_of_atom_is_proven() {
    let second = |id: &str, updated: &str| {
        format!(
            "</entry><entry><title>J</title><id>{id}</id><updated>{updated}</updated><author><name>N</name></author><summary>S</summary><link href=\"https://a.example/2\"/></entry>"
        )
    };
    let same_id = second("tag:a.example,2024:1", "2024-07-11T14:06:00+08:00");
    let same_instant = second("tag:a.example,2024:2", "2024-07-11T14:05:00+08:00");
    breaks(
        ATOM_TYPE,
        ATOM,
        &[
            ("<title>T</title>", "", "MissingElement"),
            ("<title>T</title>", "<title></title>", "NotBlank"),
            ("<title>T</title>", "<title>T</title><title>T</title>", "DuplicateElement"),
            ("<title>T</title>", "<title>T</title><judul/>", "UndefinedElement"),
            ("<title>T</title>", "<title type=\"text/html\">T</title>", "InvalidTextType"),
            ("<title>Judul</title>", "<title>&lt;b&gt;Judul&lt;/b&gt;</title>", "ContainsUndeclaredHTML"),
            ("<title>Judul</title>", "<title><b>Judul</b></title>", "UndefinedElement"),
            ("<id>tag:a.example,2024:f", "<id>f", "InvalidFullLink"),
            ("<id>tag:a.example,2024:f", "<id>tag:A,2024:f", "InvalidFullLink"),
            ("<id>tag:a.example,2024:f", "<id> tag:a.example,2024:f", "UnexpectedWhitespace"),
            ("<id>https://b.example/feed/", "<id>https://B.example/feed/", "NonCanonicalURI"),
            ("<id>https://b.example/feed/", "<id>https://b.example/%c3", "NonCanonicalURI"),
            ("2024-07-11T15:00:00+08:00", "2024-07-11 15:00:00", "InvalidRFC3339Date"),
            ("2024-07-11T15:00:00+08:00", "2064-07-11T15:00:00+08:00", "ImplausibleDate"),
            ("https://a.example/i.png", "/i.png", "InvalidFullLink"),
            ("xml:lang=\"id\"", "xml:lang=\"Indonesia\"", "InvalidLanguage"),
            ("<entry>", "<link href=\"https://a.example/z\" rel=\"alternate\"/><entry>", "DuplicateAtomLink"),
            ("</feed>", "<rights>R</rights></feed>", "MisplacedMetadata"),
            ("<author><name>N</name></author>", "", "MissingElement"),
            ("<name>N</name>", "<name> </name>", "NotBlank"),
            ("<name>N</name>", "<surel>N</surel>", "MissingElement"),
            ("term=\"k\"", "term=\" \"", "AttrNotBlank"),
            ("term=\"k\" ", "", "MissingAttribute"),
            ("label=\"K\"", "label=\"\"", "AttrNotBlank"),
            ("scheme=\"https://a.example/t/\"", "scheme=\"/t/\"", "InvalidURIAttribute"),
            ("<summary>", "<link href=\"https://a.example/3\"/><summary>", "DuplicateAtomLink"),
            ("<id>https://b.example/feed/</id>", "", "MissingSourceElement"),
            ("<summary>Isi</summary>", "<summary></summary>", "NotBlank"),
            ("<content type=\"html\">&lt;p&gt;Isi&lt;/p&gt;</content>", "", "MissingTextualContent"),
            ("<entry>", "<fh:archive/><fh:archive/><entry>", "DuplicateElement"),
            ("</entry>", &same_id, "DuplicateEntries"),
            ("</entry>", &same_instant, "DuplicateUpdated"),
        ]
        .iter()
        .filter(|(_, _, rule)| *rule != "MissingTextualContent")
        .copied()
        .collect::<Vec<_>>(),
    );
    let bare = ATOM.replace("<content type=\"html\">&lt;p&gt;Isi&lt;/p&gt;</content>", "");
    assert!(rules(ATOM_TYPE, &bare.replace("<summary>Isi</summary>", "")).contains(&"MissingTextualContent"));
    let unlinked = bare.replace("<link href=\"https://a.example/1\" rel=\"alternate\"/>", "");
    assert!(rules(ATOM_TYPE, &unlinked).contains(&"MissingContentOrAlternate"));
}

#[test]
fn each_rule_of_json_feed_is_proven() {
    breaks(
        JSON_TYPE,
        JSON,
        &[
            ("}]}]}", "}]}]", "JsonError"),
            ("version/1.1", "version/2", "JsonVersion"),
            ("\"title\":\"T\",", "", "JsonMissing"),
            ("\"title\":\"T\"", "\"title\":\"\"", "NotBlank"),
            ("\"title\":\"Judul\"", "\"title\":\"<script>x\"", "ContainsHTML"),
            ("\"title\":\"Judul\"", "\"title\":\"\\u0000\"", "BadCharacters"),
            ("\"https://a.example/f\"", "\"https://a.example/x\"", "SelfDoesntMatchLocation"),
            ("https://a.example/g", "https://a.example/f", "JsonNextIsSelf"),
            ("https://a.example/g", "/g", "InvalidFullLink"),
            ("\"language\":\"id\",\"next", "\"language\":\"Indonesia\",\"next", "InvalidLanguage"),
            ("\"items\"", "\"berita\"", "JsonMissing"),
            ("\"id\":\"tag:a.example,2024:1\"", "\"id\":1", "JsonMissing"),
            ("\"https://a.example/1\"", "\"javascript:alert(1)\"", "InvalidFullLink"),
            ("\"content_html\":\"<p>Isi</p>\",", "", "JsonMissing"),
            ("<p>Isi</p>", "<p onclick=x>Isi</p>", "SecurityRiskAttr"),
            ("2024-07-11T14", "11 Jul 2024 14", "InvalidRFC3339Date"),
            ("\"authors\"", "\"author\":{},\"authors\"", "JsonDeprecated"),
            ("\"tags\":[\"K\"]", "\"tags\":[\"\"]", "NotBlank"),
            ("image/jpeg", "gambar", "InvalidMIMEType"),
            ("https://a.example/a.jpg", "a.jpg", "InvalidFullLink"),
            ("\"size_in_bytes\":9", "\"size_in_bytes\":\"9\"", "InvalidNonNegativeInteger"),
            ("\"items\":[", "\"items\":[{\"id\":\"tag:a.example,2024:1\",\"content_text\":\"x\"},", "DuplicateValue"),
        ],
    );
}
