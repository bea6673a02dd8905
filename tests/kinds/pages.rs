use std::fmt::Write;

use crate::kinds::{article_page, labels, once, program, published, trafficking};
use crate::program::{Outlet, answer};

const MONTHS: [&str; 2] = ["Juli", "Agustus"];

/// A government office's list: cards with relative links, ten to a page, numbered pages.
pub fn list(page: usize, newest: usize, dated: bool) -> String {
    let from = newest - (page - 1) * 10;
    let mut cards = String::new();
    for n in (from.saturating_sub(9).max(1)..=from).rev() {
        let date = format!("Rabu, {} {} 2024", (n - 1) % 28 + 1, MONTHS[(n - 1) / 28]);
        let date =
            if dated { format!("<span class=\"tanggal\"><i class=\"fa\"></i> {date}</span>") } else { String::new() };
        write!(
            cards,
            "<div class=\"berita-item\"><img src=\"storage/{n}.jpg\"><h4><a href=\"berita/detail/{n}\">Kegiatan dinas yang ke-{n}</a></h4>{date}\
             <p>Kegiatan nomor {n} dihadiri para pegawai dan warga sekitar kantor.</p></div>"
        )
        .unwrap();
    }
    let pages = newest.div_ceil(10);
    let links: String = (1..=pages)
        .map(|other| {
            if other == page {
                format!("<li class=\"active\">{other}</li>")
            } else {
                format!("<li><a href=\"?page={other}\">{other}</a></li>")
            }
        })
        .collect();
    format!(
        "<html><head><title>Berita - Dinas Uji</title></head><body><div class=\"menu\"><a href=\"/profil/visi-misi\">Visi dan Misi Dinas</a></div><div class=\"isi\">{cards}<ul class=\"pagination\">{links}</ul></div></body></html>"
    )
}

pub fn number(path: &str) -> usize {
    path.rsplit(['=', '/']).next().unwrap().parse().unwrap_or(1)
}

#[test]
fn a_list_page_gives_every_item_once_with_its_date() {
    let newest = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(25));
    let now = std::sync::Arc::clone(&newest);
    let outlet = Outlet::start(move |path, _| {
        answer(
            "200 OK",
            "content-type: text/html\r\n",
            list(number(path).max(1), now.load(std::sync::atomic::Ordering::SeqCst), true).as_bytes(),
        )
    });
    let program = program("dinas", outlet.url("/"), "kind = \"page\"");
    assert_eq!(once(&program), 25);
    assert_eq!(outlet.asked.lock().unwrap().len(), 4, "three pages and robots.txt, and no article's own");
    assert_eq!(once(&program), 0);
    assert_eq!(outlet.asked.lock().unwrap().len(), 5);
    // Twelve at once: the first page is all new, the second reaches back.
    newest.store(37, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(once(&program), 12);
    assert_eq!(once(&program), 0);
    let items = published(&program, "dinas");
    assert_eq!(items.len(), 37);
    assert_eq!(items[0]["title"], "Kegiatan dinas yang ke-37");
    assert_eq!(items[0]["url"], outlet.url("/berita/detail/37"));
    assert_eq!(items[0]["date_published"], "2024-08-09T00:00:00+08:00");
    assert_eq!(items[36]["date_published"], "2024-07-01T00:00:00+08:00");
    assert!(items[0]["summary"].as_str().unwrap().starts_with("Kegiatan nomor 37"), "{}", items[0]);
}

#[test]
fn what_has_no_date_in_the_list_is_dated_by_its_own_page_once() {
    let outlet = Outlet::start(|path, _| {
        let page = match path {
            "/robots.txt" => return answer("404 Not Found", "", b""),
            "/berita/detail/1" => article_page(
                "Satu",
                "<meta property=\"article:published_time\" content=\"2024-07-11T09:30:00+08:00\">",
                &trafficking(1),
            ),
            "/berita/detail/2" => article_page(
                "Dua",
                "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"datePublished\":\"2024-07-12T10:00:00+08:00\"}</script>",
                &trafficking(1),
            ),
            "/berita/detail/3" => article_page(
                "Tiga",
                "",
                &format!("<p><time datetime=\"2024-07-13T11:00:00+08:00\">13 Juli</time></p>{}", trafficking(3)),
            ),
            "/berita/detail/4" => article_page("Empat", "", &trafficking(4)),
            "/berita/detail/5" => return answer("500 Internal Server Error", "", b""),
            _ => list(1, 5, false),
        };
        answer("200 OK", "content-type: text/html\r\n", page.as_bytes())
    });
    let program = program("dinas", outlet.url("/"), "kind = \"page\"");
    assert_eq!(once(&program), 5);
    assert_eq!(once(&program), 0);
    let items = published(&program, "dinas");
    let date = |n: usize| {
        let item = items.iter().find(|item| item["url"] == outlet.url(&format!("/berita/detail/{n}"))).unwrap();
        item["date_published"].as_str().unwrap().to_owned()
    };
    assert_eq!((date(1).as_str(), date(2).as_str()), ("2024-07-11T09:30:00+08:00", "2024-07-12T10:00:00+08:00"));
    assert_eq!(date(3), "2024-07-13T11:00:00+08:00");
    // First seen, by the page and by the failure alike.
    assert!(date(4).starts_with("20") && date(4) > date(3) && date(5) > date(3), "{} {}", date(4), date(5));
    let one = items.iter().find(|item| item["url"] == outlet.url("/berita/detail/1")).unwrap();
    assert_eq!(labels(one), "tppo balikpapan", "by the text of its page");
    let asked = outlet.asked.lock().unwrap();
    for n in 1..=5 {
        let own = asked.iter().filter(|head| head.starts_with(&format!("GET /berita/detail/{n} "))).count();
        assert_eq!(own, 1, "page {n}");
    }
    assert_eq!(asked.iter().filter(|head| head.starts_with("GET /robots.txt ")).count(), 1);
}

#[test]
fn a_page_that_was_rebuilt_is_an_error_and_what_was_kept_stays() {
    let rebuilt = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now = std::sync::Arc::clone(&rebuilt);
    let outlet = Outlet::start(move |path, _| {
        let page = if now.load(std::sync::atomic::Ordering::SeqCst) {
            "<html><body><div id=app></div></body></html>".to_owned()
        } else {
            list(number(path).max(1), 8, true)
        };
        answer("200 OK", "content-type: text/html\r\n", page.as_bytes())
    });
    let program = program("dinas", outlet.url("/"), "kind = \"page\"");
    assert_eq!(once(&program), 8);
    rebuilt.store(true, std::sync::atomic::Ordering::SeqCst);
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 1);
    assert!(ran.out().contains("failed: no-items") && ran.out().contains("select_item"), "{}", ran.out());
    assert_eq!(published(&program, "dinas").len(), 8);
}
