use super::*;

const TEXT: &str = "<p>Polisi menahan dua orang di pelabuhan itu karena mereka menjanjikan pekerjaan yang tidak ada kepada lima remaja.</p>\
    <p>Kepala kepolisian resor mengatakan bahwa kedua orang itu datang dari kota lain pada awal bulan ini.</p>";

fn read_page(html: &str) -> Page {
    page(html, &Url::parse("https://www.kabarteluk.example/a").unwrap(), None)
}

fn with_head(head: &str, article: &str) -> Page {
    read_page(&format!("<html><head>{head}</head><body><nav><a href=/>Beranda</a></nav>{article}</body></html>"))
}

#[test]
fn the_article_is_found_among_menus_and_footers() {
    let found = with_head(
        "<title>Dua Orang Ditahan - Kabar Teluk</title>",
        &format!(
            "<article><h1>Dua Orang Ditahan</h1>{TEXT}</article><footer><p>Hak cipta</p><a href='/c'>Redaksi</a></footer>"
        ),
    );
    assert_eq!(found.title.as_deref(), Some("Dua Orang Ditahan"));
    assert!(
        found.html.starts_with("<p>Polisi menahan") && found.html.ends_with("awal bulan ini.</p>"),
        "{}",
        found.html
    );
    for broken in ["", "<", "<html>", "\u{0}", &"<div>".repeat(300)] {
        assert_eq!(read_page(broken).html, "");
    }
}

#[test]
fn titles() {
    let check = |head: &str, article: &str, expected: &str| {
        assert_eq!(with_head(head, &format!("{article}{TEXT}")).title.as_deref().unwrap_or(""), expected, "{head}");
    };
    check(
        "<meta property=og:title content='Dua Orang &amp;quot;Ditahan&amp;quot; | Kabar Teluk'><meta property=og:site_name content='Kabar Teluk'>",
        "",
        "Dua Orang \"Ditahan\"",
    );
    check("<title>Dua Orang Ditahan di Pelabuhan - kabarteluk</title>", "", "Dua Orang Ditahan di Pelabuhan");
    check(
        "<title>Kabar Teluk | Dua Orang Ditahan di Pelabuhan</title><meta property=og:site_name content='Kabar Teluk'>",
        "",
        "Dua Orang Ditahan di Pelabuhan",
    );
    check(
        "<meta property=og:title content='Kabar Teluk'><meta property=og:site_name content='Kabar Teluk'>",
        "<h1>Dua Orang Ditahan</h1>",
        "Dua Orang Ditahan",
    );
    check(
        "<title>Polisi - TNI Jaga Pelabuhan Besar Itu | Portal</title>",
        "<h2>Polisi - TNI Jaga Pelabuhan Besar Itu</h2>",
        "Polisi - TNI Jaga Pelabuhan Besar Itu",
    );
    check(
        "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Dari JSON\"}</script><title>Lain</title>",
        "",
        "Dari JSON",
    );
    check("<title>Situs Dinas</title>", "<h1>Dua Orang Ditahan Polisi</h1>", "Dua Orang Ditahan Polisi");
    check("", "", "");
}

#[test]
fn dates_of_this_article_alone() {
    let check = |head: &str, article: &str, published: &[&str], updated: &[&str]| {
        let page = with_head(
            head,
            &format!(
                "{article}{TEXT}<div class=related><h3>Terkait</h3><ul><li><time datetime=2019-01-01>1 Januari 2019</time><a href=x>Lain yang lama sekali</a></li></ul></div>"
            ),
        );
        assert_eq!(
            (page.published, page.updated),
            (
                published.iter().map(|date| (*date).to_owned()).collect(),
                updated.iter().map(|date| (*date).to_owned()).collect()
            ),
            "{head}{article}"
        );
    };
    let day = "2025-03-04T08:00:00+08:00";
    check(
        &format!(
            "<meta property=article:published_time content='{day}'><meta property=article:modified_time content=2025-03-05>"
        ),
        "<h1>Dua Orang Ditahan</h1>",
        &[day],
        &["2025-03-05"],
    );
    check(
        "<meta name=pubdate content=2025-03-04><meta itemprop=dateModified content=2025-03-06>",
        "",
        &["2025-03-04"],
        &["2025-03-06"],
    );
    check("<meta name='content_PublishedDate' content='2025-03-04 08:00'>", "", &["2025-03-04 08:00"], &[]);
    check(
        &format!(
            "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"datePublished\":\"{day}\",\"dateModified\":\"2025\"}}</script><meta name=date content=2025-03-09>"
        ),
        "",
        &[day, "2025-03-09"],
        &["2025"],
    );
    check(
        "",
        &format!(
            "<h1>Dua Orang Ditahan</h1><time class='entry-date published' datetime='{day}'>kemarin</time><time class=updated datetime=2025-03-05>x</time>"
        ),
        &[day],
        &["2025-03-05"],
    );
    check(
        "",
        "<h1>Dua Orang Ditahan</h1><div class=tgl>Selasa, 4 Maret 2025 | 10:20 WITA</div>",
        &["Selasa, 4 Maret 2025 | 10:20 WITA"],
        &[],
    );
    check(
        "",
        "<h1>Dua Orang Ditahan</h1><span>Ani - 04/03/2025, 10:20 WIB</span><span>Diperbarui 05/03/2025 11:00</span>",
        &["04/03/2025, 10:20 WIB"],
        &["05/03/2025 11:00"],
    );
    check(
        "",
        "<h1>Dua Orang Ditahan</h1><ul class=info><li>4 Maret 2025</li><li>10:20 WITA</li></ul>",
        &["4 Maret 2025 10:20 WITA"],
        &[],
    );
    check("", "<div class=tgl>4 Maret 2025</div><h1>Dua Orang Ditahan</h1>", &["4 Maret 2025"], &[]);
    check("", "<h1>Dua Orang Ditahan</h1>", &[], &[]);
}

#[test]
fn what_else_the_head_tells() {
    let page = with_head(
        "<link rel='shortlink' href=/s><link rel=canonical href=' /berita/1 '><meta property=og:image content=//a.example/x.jpg>\
         <meta name=description content='Ringkasan &amp; isi'><meta name=author content='Ani'><meta property=article:author content='https://facebook.example/ani'>\
         <meta property=article:section content=Hukum><meta property=article:tag content=TPPO><meta property=article:tag content=IKN><meta name=news_keywords content='ikn, pelabuhan'>",
        &format!("<h1>Dua Orang Ditahan</h1><p>Penulis: Budi | Editor: Cici</p>{TEXT}"),
    );
    assert_eq!(page.canonical.as_deref(), Some("/berita/1"));
    assert_eq!(page.image.as_deref(), Some("//a.example/x.jpg"));
    assert_eq!(page.description.as_deref(), Some("Ringkasan & isi"));
    assert_eq!(page.authors, ["Ani"]);
    assert_eq!(page.categories, ["Hukum", "TPPO", "IKN", "pelabuhan"]);
    assert!(!page.no_archive);
}

#[test]
fn authors_near_the_headline() {
    let check = |byline: &str, expected: &[&str]| {
        let page = with_head("", &format!("<h1>Dua Orang Ditahan</h1>{byline}{TEXT}"));
        assert_eq!(page.authors, expected, "{byline}");
    };
    check("<div class=info>Reporter <a rel=author href=/r>Ani Wijaya</a></div>", &["Ani Wijaya"]);
    check("<span class='author vcard'>oleh <a class='fn n' href=/u>Ani Wijaya</a></span>", &["Ani Wijaya"]);
    check("<span itemprop=author><span itemprop=name>Meja Redaksi</span></span>", &["Meja Redaksi"]);
    check("<div><a href='/author/ani'>Ani Wijaya</a> | 4 Maret 2025</div>", &["Ani Wijaya"]);
    check("<p>Oleh: Ani Wijaya - Selasa, 4 Maret 2025</p>", &["Ani Wijaya"]);
    check("<p>Selasa, 4 Maret 2025 oleh Ani Wijaya</p>", &["Ani Wijaya"]);
    check("<p>Selasa, 4 Maret 2025</p>", &[]);
}

#[test]
fn who_asks_not_to_be_kept() {
    let check = |meta: &str, expected: bool| assert_eq!(with_head(meta, TEXT).no_archive, expected, "{meta}");
    check("<meta name=robots content='index, NOARCHIVE'>", true);
    check("<meta name=Robots content=none>", true);
    check("<meta name=kliping content=noarchive>", true);
    check("<meta name=robots content='index, follow, max-image-preview:large'>", false);
    check("<meta name=googlebot content=noarchive>", false);
    check("", false);
}

#[test]
fn a_selector_overrides_everything() {
    let html = format!(
        "<div class=share>Bagikan <b>ini</b></div>{TEXT}<div class=share>lagi<div class=share>dalam</div></div>"
    );
    let url = Url::parse("https://a.example/").unwrap();
    let found = page(&html, &url, Some(".share")).html;
    assert_eq!(
        found,
        "<div class=\"share\">Bagikan <b>ini</b></div><div class=\"share\">lagi<div class=\"share\">dalam</div></div>"
    );
    assert_eq!(page(&html, &url, Some(".absent")).html, "");
    for right in [".isi", "#a > p", "div[itemprop=articleBody], article", "p:not(.x)"] {
        assert_eq!(check_selector(right), Ok(()), "{right}");
    }
    for wrong in ["", " ", "..", "div[", "p >", ":tidakada", &"a".repeat(1000)] {
        assert!(check_selector(wrong).is_err(), "{wrong}");
    }
}
