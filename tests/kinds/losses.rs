//! Ways in which items were once lost, each as small as it can be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kinds::{new_items, once, program, published};
use crate::program::{Outlet, answer};

/// A dated list, nine articles to a page, with one of 2020 pinned on top of the first. `fails` is a page that answers 500.
fn pinned(newest: Arc<AtomicUsize>, fails: Arc<AtomicUsize>) -> Outlet {
    Outlet::start(move |path, _| {
        let (page, newest) = (path.rsplit('=').next().unwrap().parse().unwrap_or(1), newest.load(Ordering::SeqCst));
        if page == fails.load(Ordering::SeqCst) {
            return answer("500 Internal Server Error", "", b"");
        }
        let card = |n: usize, title: &str, date: &str| {
            format!("<div class=card><h4><a href='/berita/{n}'>{title}</a></h4><small>{date}</small></div>")
        };
        let from = newest.saturating_sub((page - 1) * 9);
        let mut cards: Vec<String> = (from.saturating_sub(8).max(1)..=from)
            .rev()
            .map(|n| card(n, &format!("Kegiatan kantor ke-{n}"), &format!("{} Juli 2024", n % 28 + 1)))
            .collect();
        if page == 1 {
            cards.insert(0, card(999, "Maklumat pelayanan publik kantor", "1 Januari 2020"));
        }
        let next =
            if from > 9 { format!("<a rel=next href='/?page={}'>Selanjutnya</a>", page + 1) } else { String::new() };
        answer(
            "200 OK",
            "content-type: text/html\r\n",
            format!("<html><body><div class=list>{}</div>{next}</body></html>", cards.concat()).as_bytes(),
        )
    })
}

#[test]
fn a_pinned_article_hides_no_second_page() {
    let newest = Arc::new(AtomicUsize::new(10));
    let outlet = pinned(Arc::clone(&newest), Arc::default());
    let program = program("kantor", outlet.url("/"), "kind = \"page\"");
    assert_eq!(once(&program), 11);
    newest.store(25, Ordering::SeqCst);
    assert_eq!(once(&program), 15);
}

#[test]
fn a_page_that_fails_once_costs_nothing_behind_it() {
    let (newest, fails) = (Arc::new(AtomicUsize::new(40)), Arc::new(AtomicUsize::new(3)));
    let outlet = pinned(Arc::clone(&newest), Arc::clone(&fails));
    let program = program("kantor", outlet.url("/"), "kind = \"page\"");
    assert_eq!(once(&program), 19);
    fails.store(0, Ordering::SeqCst);
    assert_eq!(once(&program), 22, "the next poll goes on to the end");
    assert_eq!(once(&program), 0);
    // The same in a gap.
    fails.store(2, Ordering::SeqCst);
    newest.store(55, Ordering::SeqCst);
    assert_eq!(once(&program), 9);
    fails.store(0, Ordering::SeqCst);
    assert_eq!(once(&program), 6);
    let asked = outlet.asked.lock().unwrap().len();
    assert_eq!(once(&program), 0);
    assert_eq!(outlet.asked.lock().unwrap().len(), asked + 1, "then it is quiet again");
}

#[test]
fn two_notices_of_one_day_with_one_title_are_two_items() {
    let turn = Arc::new(AtomicUsize::new(100));
    let now = Arc::clone(&turn);
    let outlet = Outlet::start(move |_, _| {
        let n = now.load(Ordering::SeqCst);
        let item = format!(
            "<item><title>Siaran pers</title><guid>g{n}</guid><link>https://kantor.example/{n}</link><pubDate>Thu, 11 Jul 2024 00:00:00 +0800</pubDate></item>"
        );
        answer("200 OK", "", format!("<rss version='2.0'><channel><title>K</title>{item}</channel></rss>").as_bytes())
    });
    let program = program("kantor", outlet.url("/feed"), "");
    assert_eq!(once(&program), 1);
    turn.store(101, Ordering::SeqCst);
    assert_eq!(once(&program), 1);
    assert_eq!(published(&program, "kantor").len(), 2);
}

#[test]
fn an_index_without_dates_is_followed_whatever_its_validators_say() {
    let count = Arc::new(AtomicUsize::new(3));
    let now = Arc::clone(&count);
    let outlet = Outlet::start(move |path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        if path == "/sitemap.xml" {
            if head.contains("if-none-match") {
                return answer("304 Not Modified", "etag: \"x\"\r\n", b"");
            }
            return answer(
                "200 OK",
                "etag: \"x\"\r\n",
                format!("<sitemapindex><sitemap><loc>http://{host}/s1.xml</loc></sitemap></sitemapindex>").as_bytes(),
            );
        }
        let urls: String = (1..=now.load(Ordering::SeqCst))
            .map(|n| format!("<url><loc>http://{host}/berita/{n}</loc><news:news xmlns:news='n'><news:title>Kabar ke {n}</news:title><news:publication_date>2024-07-{n:02}T08:00:00+08:00</news:publication_date></news:news></url>"))
            .collect();
        answer("200 OK", "", format!("<urlset>{urls}</urlset>").as_bytes())
    });
    let program = program("portal", outlet.url("/sitemap.xml"), "kind = \"sitemap\"");
    assert_eq!(once(&program), 3);
    count.store(6, Ordering::SeqCst);
    assert_eq!(once(&program), 3);
}

#[test]
fn articles_of_a_sitemap_wait_for_a_host_in_trouble() {
    let trouble = Arc::new(AtomicUsize::new(1));
    let now = Arc::clone(&trouble);
    let outlet = Outlet::start(move |path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        match path {
            "/sitemap.xml" => {
                let urls: String = (1..=8).map(|n| format!("<url><loc>http://{host}/berita/artikel-nomor-{n}</loc></url>")).collect();
                answer("200 OK", "", format!("<urlset>{urls}</urlset>").as_bytes())
            }
            "/robots.txt" => answer("404 Not Found", "", b""),
            _ if now.load(Ordering::SeqCst) == 1 => answer("500 Internal Server Error", "", b""),
            path => answer("200 OK", "content-type: text/html\r\n", format!("<title>Judul sebenarnya {path}</title><meta property='article:published_time' content='2024-07-11T09:00:00+08:00'><article><p>Isi berita yang cukup panjang untuk dibaca semua orang di sini.</p></article>").as_bytes()),
        }
    });
    let program = program("portal", outlet.url("/sitemap.xml"), "kind = \"sitemap\"");
    assert_eq!(once(&program), 0, "none without its title");
    trouble.store(0, Ordering::SeqCst);
    assert_eq!(once(&program), 8);
    let items = published(&program, "portal");
    assert!(items.iter().all(|item| item["title"].as_str().unwrap().starts_with("Judul sebenarnya")), "{items:?}");
}

#[test]
fn a_mended_selector_is_obeyed_at_once() {
    let newest = Arc::new(AtomicUsize::new(8));
    let outlet = pinned(newest, Arc::default());
    let program = program("kantor", outlet.url("/"), "kind = \"page\"\nselect_item = \".tidak-ada\"");
    assert_eq!(program.run(&["once"]).code(), 1);
    let text = std::fs::read_to_string(program.config()).unwrap().replace(".tidak-ada", ".card");
    std::fs::write(program.config(), text).unwrap();
    assert_eq!(new_items(&program.run(&["once"])), 9, "its failure is forgotten");
}
