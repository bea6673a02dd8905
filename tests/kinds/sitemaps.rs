use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kinds::{article_page, labels, once, program, published, trafficking};
use crate::program::{Outlet, answer};

fn urls(host: &str, part: usize, count: usize, news: bool) -> String {
    let mut urls = String::new();
    for n in 1..=count {
        let day = (n - 1) % 28 + 1;
        let news = if news {
            format!(
                "<news:news><news:publication><news:name>Uji</news:name><news:language>id</news:language></news:publication><news:publication_date>2024-0{part}-{day:02}T08:00:00+08:00</news:publication_date><news:title>Berita &amp; kabar ke-{n} bagian {part}</news:title></news:news>"
            )
        } else {
            String::new()
        };
        write!(urls, "<url><loc>http://{host}/berita-ke-{n}-bagian-{part}.html</loc><lastmod>2024-0{part}-{day:02}T09:00:00+08:00</lastmod>{news}</url>").unwrap();
    }
    format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{urls}</urlset>"
    )
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// An index of three sitemaps, one of them packed; the third has `third` articles.
pub fn outlet(third: Arc<AtomicUsize>, news: bool) -> Outlet {
    Outlet::start(move |path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
        let count = third.load(Ordering::SeqCst);
        let xml = |body: String| answer("200 OK", "content-type: application/xml\r\n", body.as_bytes());
        match path {
            "/sitemap.xml" => {
                let part = |n: usize, ending: &str, changed: usize| {
                    format!(
                        "<sitemap><loc>http://{host}/sitemap-{n}.xml{ending}</loc><lastmod>2024-08-{:02}T00:00:00Z</lastmod></sitemap>",
                        changed
                    )
                };
                xml(format!(
                    "<sitemapindex>{}{}{}</sitemapindex>",
                    part(1, "", 1),
                    part(2, ".gz", 2),
                    part(3, "", count)
                ))
            }
            "/sitemap-1.xml" => xml(urls(&host, 1, 20, news)),
            "/sitemap-2.xml.gz" => {
                answer("200 OK", "content-type: application/x-gzip\r\n", &gzip(&urls(&host, 2, 20, news)))
            }
            "/sitemap-3.xml" => xml(urls(&host, 3, count, news)),
            path if path.starts_with("/berita-") => answer(
                "200 OK",
                "content-type: text/html\r\n",
                article_page(
                    &format!("Judul dari halaman {path}"),
                    "<meta property=\"article:published_time\" content=\"2024-05-01T10:00:00+08:00\">",
                    &trafficking(path.bytes().map(usize::from).sum()),
                )
                .as_bytes(),
            ),
            _ => answer("404 Not Found", "", b""),
        }
    })
}

#[test]
fn an_index_of_news_sitemaps_gives_every_item_once() {
    let third = Arc::new(AtomicUsize::new(10));
    let outlet = outlet(Arc::clone(&third), true);
    let program = program("portal", outlet.url("/sitemap.xml"), "kind = \"sitemap\"");
    assert_eq!(once(&program), 50);
    assert_eq!(outlet.asked.lock().unwrap().len(), 4);
    assert_eq!(once(&program), 0);
    assert_eq!(outlet.asked.lock().unwrap().len(), 5, "the index alone: nothing in it changed");
    third.store(13, Ordering::SeqCst);
    assert_eq!(once(&program), 3);
    assert_eq!(outlet.asked.lock().unwrap().len(), 7, "the index, and the one that changed");
    let items = published(&program, "portal");
    assert_eq!(items.len(), 53);
    assert_eq!(items[0]["title"], "Berita & kabar ke-13 bagian 3");
    assert_eq!(items[0]["date_published"], "2024-03-13T08:00:00+08:00");
    assert_eq!(items[52]["title"], "Berita & kabar ke-1 bagian 1", "the oldest arrived first");
}

#[test]
fn a_plain_sitemap_gets_titles_dates_and_labels_from_the_articles_pages() {
    let third = Arc::new(AtomicUsize::new(2));
    let outlet = outlet(Arc::clone(&third), false);
    let program = program("portal", outlet.url("/sitemap.xml"), "kind = \"sitemap\"");
    assert_eq!(once(&program), 42);
    assert_eq!(once(&program), 0);
    third.store(3, Ordering::SeqCst);
    assert_eq!(once(&program), 1);
    let items = published(&program, "portal");
    assert_eq!(items[0]["title"], "Judul dari halaman /berita-ke-3-bagian-3.html");
    assert_eq!(items[0]["date_published"], "2024-05-01T10:00:00+08:00");
    assert_eq!(labels(&items[0]), "tppo balikpapan");
    let asked = outlet.asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|head| head.starts_with("GET /berita-")).count(), 43, "each page once");
}
