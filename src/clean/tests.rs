use super::*;

#[test]
fn the_twins_of_an_article_have_one_address() {
    let check = |url: &str, expected: &str| {
        let url = Url::parse(url).unwrap();
        assert_eq!(canonical(&url).as_deref(), Some(expected).filter(|text| !text.is_empty()), "{url}");
        if !expected.is_empty() {
            assert_eq!(canonical(&Url::parse(expected).unwrap()).as_deref(), Some(expected), "not stable: {expected}");
        }
    };
    check("HTTPS://Outlet.Example:443/Berita/1#komentar", "https://outlet.example/Berita/1");
    check("http://outlet.example:80/index.php", "http://outlet.example/");
    check("https://outlet.example/index.php?p=12", "https://outlet.example/?p=12");
    check("https://outlet.example/a?utm_source=rss&utm_medium=x&id=7&fbclid=1", "https://outlet.example/a?id=7");
    check("https://outlet.example/a?pgrelated=1", "https://outlet.example/a");
    check("https://outlet.example/amp/berita/12/judul", "https://outlet.example/berita/12/judul");
    check("https://outlet.example/berita/12/amp/", "https://outlet.example/berita/12/");
    check("https://outlet.example/berita/12/amp", "https://outlet.example/berita/12");
    check("https://outlet.example/berita/12?fullsite=true", "https://outlet.example/berita/12");
    check("https://m.outlet.example/berita?page=all", "https://outlet.example/berita");
    check("https://outlet.example/berita?page=2", "https://outlet.example/berita?page=2");
    check("https://outlet.example/?m=202407", "https://outlet.example/?m=202407");
    check("https://outlet.example/amplop/ampas", "https://outlet.example/amplop/ampas");
    check("https://outlet.example/amp", "https://outlet.example/amp");
    check("https://user:pw@outlet.example//a//b", "https://outlet.example/a/b");
    check("https://m.id/a", "https://m.id/a");
    check("https://outlet.example/amp//amp/berita//amp/", "https://outlet.example/berita/");
    check("https://m.m.outlet.example/a", "https://outlet.example/a");
    check("javascript:alert(1)", "");
    check("ftp://outlet.example/a", "");
}

#[test]
fn html_is_made_safe_and_absolute() {
    let base = Url::parse("https://outlet.example/berita/1").unwrap();
    let check = |html: &str, expected: &str| assert_eq!(sanitise(html, &base), expected, "{html}");
    check("tanpa markah", "tanpa markah");
    check("<script>alert(1)</script>a", "a");
    check("<p onclick=\"x()\">a<p>b", "<p>a</p><p>b</p>");
    check("<img src=x.jpg onerror=alert(1)>", "<img src=\"https://outlet.example/berita/x.jpg\">");
    check(
        "<a href='/b'>b</a><a href=\" javascript:alert(1)\">c</a>",
        "<a href=\"https://outlet.example/b\" rel=\"noopener noreferrer nofollow\">b</a><a rel=\"noopener noreferrer nofollow\">c</a>",
    );
    check("a & b &ldquo;c&rdquo;", "a &amp; b “c”");
    check("<iframe src='https://x.example'></iframe>a", "a");
    check("<svg><script>alert(1)</script></svg>b", "b");
}

#[test]
fn plain_text_keeps_words_and_blocks() {
    let check = |html: &str, expected: &str| assert_eq!(plain_text(html), expected, "{html}");
    check("<p>a  <b>b</b>\n c</p><p>d &amp; &lt;e&gt;&nbsp;f</p>", "a b c\nd & <e> f");
    check("a<br>b", "a\nb");
    check("<ul><li>a</li><li>b</li></ul>", "a\nb");
    check("", "");
    check("é<b></b>ë", "éë");
}

fn clean(entry: Entry) -> Article {
    let url = Url::parse("https://outlet.example/feed/").unwrap();
    let now = "2024-07-12T00:00:00Z".parse().unwrap();
    let feed = Feed { site: Some("https://outlet.example".into()), entries: vec![entry], ..Feed::default() };
    articles(&feed, &url, now).remove(0)
}

#[test]
fn what_an_entry_lacks_is_made_up_for() {
    let bare = clean(Entry {
        summary: Some("<p>Isi berita pendek.</p>".into()),
        link: Some("/b/1".into()),
        ..Entry::default()
    });
    assert_eq!((bare.title.as_str(), bare.summary.as_str()), ("Isi berita pendek.", "Isi berita pendek."));
    assert_eq!(bare.url.as_deref(), Some("https://outlet.example/b/1"));
    assert_eq!(clean(Entry::default()).title, "(tanpa judul)");
    let titled = |title: &str| clean(Entry { title: Some(title.into()), ..Entry::default() }).title;
    assert_eq!(titled("A &amp; B &ldquo;C&rdquo;"), "A & B “C”");
    assert_eq!(titled(" <b>tebal</b>\n sekali "), "tebal sekali");
    assert_eq!(titled("a & b"), "a & b");
    assert_eq!(titled(&"kata ".repeat(100)).chars().count(), 300);
}

#[test]
fn only_believable_dates_are_kept() {
    let published = |text: &str| clean(Entry { published: text.parse().ok(), ..Entry::default() }).published.is_some();
    assert!(published("2024-07-11T06:00:00Z"));
    assert!(published("2024-07-12T00:10:00Z"));
    assert!(!published("2024-07-12T08:00:00Z"), "in the future");
    assert!(!published("1970-01-01T00:00:00Z"), "a clock that was never set");
}

#[test]
fn a_summary_is_the_publishers_or_the_beginning() {
    let long = "Kalimat pertama berita ini cukup panjang untuk menjadi ringkasan yang berdiri sendiri.";
    let check = |summary: &str, content: &str, expected: &str| {
        let entry = Entry { summary: Some(summary.into()), content: Some(content.into()), ..Entry::default() };
        assert_eq!(clean(entry).summary, expected);
    };
    check(
        &format!("{long} [&hellip;]"),
        "<p>Isi lain yang jauh lebih panjang dari ringkasan itu, sungguh, dan seterusnya sampai selesai.</p>",
        long,
    );
    check(
        &format!("{long} The post <a href='x'>T</a> appeared first on <a>S</a>."),
        &format!("<p>{}</p>", "isi ".repeat(60)),
        long,
    );
    check("", "<p>Isi.</p>", "Isi.");
}

#[test]
fn nested_tags_take_no_long_time() {
    let begun = std::time::Instant::now();
    let base = url::Url::parse("https://a.example/").unwrap();
    for tag in ["<div>", "<b>", "<a href=x>", "<table>", "<svg>", "<font color=a>", "<b></i>", "<b><table><tr><td></b>"]
    {
        crate::clean::sanitise(&tag.repeat(20_000), &base);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}
