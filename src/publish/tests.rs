use chrono_tz::Asia::Makassar;
use proptest::prelude::*;

use super::*;
use crate::domain::{Article, Because, Carrier, Field, ItemId, Label, LabelKind, Media, Site, Source, Topic};

fn source(id: &str, title: &str) -> Source {
    Source::new(id.into(), title.into(), Url::parse(&format!("https://{id}.example/feed/")).unwrap())
}

fn catalogue() -> Catalogue {
    Catalogue {
        site: Site {
            title: "Kliping".into(),
            url: Url::parse("https://kliping.example/kaltim/").unwrap(),
            language: "id".into(),
            timezone: Makassar,
        },
        sources: vec![source("teluk", "Suara <Teluk> & Kota"), source("kota", "Kota Kita")],
        topics: vec![Topic {
            id: "tppo".into(),
            title: "TPPO".into(),
            any: vec![],
            all: vec![],
            none: vec![],
            except: vec![],
        }],
        regions: vec![],
        channels: vec![],
    }
}

fn head() -> Head {
    Head {
        title: "TPPO & lainnya".into(),
        description: "Berita tentang TPPO".into(),
        page: Url::parse("https://kliping.example/kaltim/topics/tppo").unwrap(),
        feed: Url::parse("https://kliping.example/kaltim/topics/tppo.rss").unwrap(),
        older: Url::parse("https://kliping.example/kaltim/topics/tppo/archive/64.rss").ok(),
        archive: None,
        hub: None,
    }
}

fn item(title: &str, summary: &str, html: &str) -> Item {
    let seen: Instant = "2024-07-11T07:00:00Z".parse().unwrap();
    let published = Some("2024-07-11T06:05:00Z".parse().unwrap());
    let carrier = |source: &str, arrival| Carrier {
        source: source.into(),
        arrival,
        url: Some(format!("https://{source}.example/berita/1?a=1&b=2")),
        title: title.into(),
        published,
    };
    Item {
        id: ItemId(7),
        article: Article {
            guid: Some("theirs".into()),
            url: Some("https://teluk.example/berita/1?a=1&b=2".into()),
            title: title.into(),
            html: html.into(),
            summary: summary.into(),
            published,
            authors: vec!["Rédaksi".into()],
            categories: vec!["Hukum & HAM".into()],
            media: vec![Media {
                url: "https://teluk.example/a.jpg".into(),
                media_type: Some("image/jpeg".into()),
                bytes: None,
            }],
            ..Article::default()
        },
        labels: vec![Label {
            kind: LabelKind::Topic,
            id: "tppo".into(),
            because: vec![Because { field: Field::Title, words: "TPPO".into(), rule: "TPPO".into(), paragraph: 0 }],
        }],
        first_seen: seen,
        changed: seen,
        edits: 0,
        carriers: vec![carrier("teluk", 7), carrier("kota", 9)],
        nearly: Vec::new(),
        first_told: None,
        told_again: Vec::new(),
    }
}

fn render(format: Format, items: &[Item], content: Content) -> String {
    String::from_utf8(feed(format, &head(), items, &catalogue(), content)).unwrap()
}

#[test]
fn each_format_says_all_of_it() {
    let nasty = item(
        "Rapat TPPO: \"A & B\" <i>",
        "Ringkas & jelas ]]> <b>",
        "<p>Isi ]]&gt; <a href=\"https://x.example/?a=1&amp;b=2\">x</a></p>",
    );
    for format in Format::ALL {
        insta::assert_snapshot!(format.extension(), render(format, std::slice::from_ref(&nasty), Content::Full));
    }
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let check = |content: Content, items: &[Item]| {
        for format in Format::ALL {
            let document = render(format, items, content);
            let read = feed_rs::parser::parse(document.as_bytes())
                .unwrap_or_else(|error| panic!("{format:?} {error}: {document}"));
            assert_eq!(read.entries.len(), items.len());
            for (entry, item) in read.entries.iter().zip(items) {
                let title = entry.title.as_ref().unwrap();
                assert_eq!(title.content.trim(), plain(&item.article.title), "{format:?}");
                assert_eq!(entry.id, "tag:kliping.example,2024:item/7");
                assert_eq!(entry.links[0].href, item.article.url.as_deref().unwrap());
                assert_eq!(entry.published, item.article.published);
            }
        }
    };
    check(Content::Full, &[]);
    check(Content::Summary, &[item("Judul", "Ringkas", "<p>Isi</p>")]);
    check(Content::Full, &[item("A & B <i> ]]> \u{b}é", "]]>", "<p>]]&gt;</p>"), item("\"'", "&amp;", "")]);
}

#[test]
fn an_excerpt_is_all_that_is_republished_unless_the_operator_says_so() {
    let long = item("Judul", "Ringkas", "<p>Isi lengkap</p>");
    for format in Format::ALL {
        assert!(!render(format, std::slice::from_ref(&long), Content::Summary).contains("Isi lengkap"));
        assert!(render(format, std::slice::from_ref(&long), Content::Full).contains("Isi lengkap"));
    }
}

#[test]
fn a_list_of_feeds_can_be_imported() {
    let outline = Outline { title: "TPPO & IKN".into(), feed: head().feed, page: head().page };
    let text = String::from_utf8(opml("Kliping", &[outline])).unwrap();
    let read = ::opml::OPML::from_str(&text).unwrap();
    assert_eq!(read.body.outlines[0].text, "TPPO & IKN");
    assert_eq!(read.body.outlines[0].xml_url.as_deref(), Some("https://kliping.example/kaltim/topics/tppo.rss"));
}

proptest! {
    #[test]
    fn whatever_outlets_write_the_documents_stay_well_formed(title in ".*", summary in ".*", html in ".*", category in ".*", author in ".*") {
        let mut nasty = item(&title, &summary, &html);
        nasty.article.categories = vec![category];
        nasty.article.authors = vec![author];
        for format in Format::ALL {
            let document = feed(format, &head(), std::slice::from_ref(&nasty), &catalogue(), Content::Full);
            let read = feed_rs::parser::Builder::new().build().parse(document.as_slice());
            prop_assert!(read.is_ok(), "{format:?}: {}", String::from_utf8_lossy(&document));
        }
    }
}

#[test]
fn the_hub_is_announced_in_every_format() {
    let head = Head { hub: Some(Url::parse("https://hub.example/").unwrap()), ..head() };
    for format in Format::ALL {
        let bytes = feed(format, &head, &[], &catalogue(), Content::Summary);
        let text = String::from_utf8(bytes).unwrap();
        let expected = match format {
            Format::Rss => r#"<atom:link href="https://hub.example/" rel="hub"></atom:link>"#,
            Format::Atom => r#"<link href="https://hub.example/" rel="hub"/>"#,
            Format::Json => r#""hubs":[{"type":"WebSub","url":"https://hub.example/"}]"#,
        };
        assert!(text.contains(expected), "{text}");
    }
}
