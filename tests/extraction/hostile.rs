//! Pages that nobody wrote for readers: they end in little time and harm nothing.

use std::time::{Duration, Instant};

use kliping::extract;
use url::Url;

/// Time for any of them; a debug build on a busy machine takes ten times that of a release build.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 90 } else { 2 });

fn check(name: &str, page: &str) {
    let url = Url::parse("https://www.kabar.example/berita").unwrap();
    let begun = Instant::now();
    extract::page(page, &url, None);
    let took = begun.elapsed();
    println!("{name:40} {took:?}");
    assert!(took < LONGEST, "{name}: {took:?}");
}

#[test]
fn deep_pages() {
    for tag in [
        "div",
        "b",
        "table",
        "a href=x",
        "font color=a",
        "p",
        "li",
        "svg",
        "table><tr><td",
        "b></i",
        "form",
        "span class=share",
        "select",
        "h1",
        "button",
        "template",
        "b><table><tr><td></b",
    ] {
        let page = format!(
            "<html><body><p>Polisi menahan dua orang kemarin siang.</p>{}isi",
            format!("<{tag}>").repeat(30_000)
        );
        check(tag, &page);
    }
    let nested = format!("{}<p>isi</p>{}", "<div class=\"sidebar related\">".repeat(30_000), "</div>".repeat(30_000));
    check("closed again", &nested);
}

#[test]
fn large_pages() {
    let paragraph = "<p class=share>Polisi menahan dua orang di pelabuhan itu kemarin siang, kata <a href=x>kepala kepolisian</a>.</p>";
    check("paragraphs", &paragraph.repeat(5_000_000 / paragraph.len()));
    for (name, piece) in [
        ("links", "<a href=x>a</a>"),
        ("breaks", "a<br>"),
        ("comments", "<!-- a -->b"),
        ("open comments", "<!-- "),
        ("pictures", "<img src=x alt=abc>a"),
        ("linked pictures", "<div><a href=x><img src=x alt=abc>abc def ghi</a></div>"),
        ("headings", "<h1>Judul yang sama di sini</h1>"),
        ("sections", "<div>Berita Terkait</div><div>Komentar</div>"),
        ("bodies", "<div class=entry-content>Polisi menahan dua orang kemarin siang."),
        ("metas", "<meta name=date content=2025-01-01>"),
        ("text", "kata "),
        ("nulls", "\0"),
        ("signs", "<"),
        ("entities", "&amp;&#8220;"),
        ("cells", "<table><tr><td>Polisi menahan dua orang.</table>"),
    ] {
        check(name, &piece.repeat(5_000_000 / piece.len()));
    }
    let facts = format!(
        "<script type=application/ld+json>{{\"@type\":\"Article\",\"articleBody\":\"{}\"}}</script><p>kata lain",
        "kata lain ".repeat(30_000)
    );
    check("facts", &facts);
    check("attribute", &format!("<div class=\"{}\">isi</div>", "share ".repeat(800_000)));
}

#[test]
fn broken_and_cut_pages() {
    let page = include_str!("pages/wordpress_newspaper.html");
    for at in (0..page.len()).step_by(997) {
        check("cut", &page[..page.floor_char_boundary(at)]);
    }
    for broken in
        ["", "<", "<html", "<html><body", "</", "<!--", "<script", "<title>", "\u{feff}<p>", "<a href=", "<p", "é"]
    {
        check(broken, broken);
    }
}
