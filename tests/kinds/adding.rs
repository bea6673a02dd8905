use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::kinds::{articles, new_items, once, pages, sitemaps, wordpress};
use crate::program::{Outlet, Program, answer};

/// A file with comments in odd places.
const COMMENTS: &str = "# di atas\n[publish] # terbit\nlimit = 50 # lima puluh\n";

/// Adds a site and returns the lines that were added, when everything that was there before still is.
fn add(url: &str) -> (Program, String) {
    let program = Program::new(&[("lama", "https://lama.example/feed".into())], COMMENTS);
    let before = std::fs::read_to_string(program.config()).unwrap() + "enabled = false # belum\n# penutup\n";
    std::fs::write(program.config(), &before).unwrap();
    let dry = program.run(&["add", "--dry-run", url]);
    assert_eq!(dry.code(), 0, "{}{}", dry.out(), dry.err());
    assert_eq!(std::fs::read_to_string(program.config()).unwrap(), before);
    let ran = program.run(&["add", url]);
    assert_eq!(ran.code(), 0, "{}{}", ran.out(), ran.err());
    assert!(ran.out().contains("item ") && ran.out().contains("[[source]]"), "{}", ran.out());
    let check = program.run(&["check"]);
    assert_eq!(check.code(), 0, "{}", check.err());
    let after = std::fs::read_to_string(program.config()).unwrap();
    for line in before.lines() {
        assert!(after.lines().any(|there| there == line), "{line} is gone from\n{after}");
    }
    let added: Vec<&str> =
        after.lines().filter(|line| !line.is_empty() && !before.lines().any(|there| there == *line)).collect();
    (program, added.join("\n"))
}

#[test]
fn a_government_office_is_found_to_be_a_page() {
    let outlet = Outlet::start(|path, _| match path.split('?').next() {
        Some("/") => answer(
            "200 OK",
            "content-type: text/html\r\n",
            pages::list(pages::number(path).max(1), 25, true).as_bytes(),
        ),
        _ => answer("404 Not Found", "content-type: text/html\r\n", b"<title>404</title>"),
    });
    let (program, added) = add(&outlet.url("/"));
    assert_eq!(
        added,
        format!(
            "id = \"dinas-uji\"\ntitle = \"Dinas Uji\"\nurl = \"{}\"\nkind = \"page\"\nfull_text = true",
            outlet.url("/")
        )
    );
    assert_eq!(once(&program), 25);
    let usual = |head: &&String| {
        ["/feed", "/rss", "/atom"].iter().any(|path| head.split(' ').nth(1).unwrap().starts_with(path))
    };
    let usual = outlet.asked.lock().unwrap().iter().filter(usual).count();
    assert_eq!(usual, 12, "six for each of the two runs");
    let again = program.run(&["add", &outlet.url("/")]);
    assert_eq!(again.code(), 2);
    assert!(again.err().contains("it is the source `dinas-uji`"), "{}", again.err());
}

#[test]
fn a_sitemap_is_found_through_robots_txt_and_by_its_own_address() {
    for news in [true, false] {
        let inner = sitemaps::outlet(Arc::new(AtomicUsize::new(3)), news);
        let address = inner.address;
        // The same outlet with a front page and a robots.txt.
        let outlet = Outlet::start(move |path, head| match path {
            "/" => answer("200 OK", "content-type: text/html\r\n", b"<title>Portal Uji</title><div id=app></div>"),
            "/robots.txt" => {
                let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
                answer(
                    "200 OK",
                    "",
                    format!("User-agent: *\nAllow: /\nSitemap: http://{host}/sitemap.xml\n").as_bytes(),
                )
            }
            path => {
                let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
                let inner = crate::program::ask(address, "GET", path, "");
                let body = String::from_utf8(inner.body.clone())
                    .map(|text| text.replace(&address.to_string(), host).into_bytes())
                    .unwrap_or(inner.body);
                answer(&format!("{} X", inner.status), "", &body)
            }
        });
        let (program, added) = add(&outlet.url("/"));
        assert!(added.contains("kind = \"sitemap\"") && added.contains("/sitemap.xml\""), "{added}");
        let ran = program.run(&["once"]);
        assert!(new_items(&ran) >= 23, "{}", ran.out());
    }
    let outlet = sitemaps::outlet(Arc::new(AtomicUsize::new(3)), true);
    let (_, added) = add(&outlet.url("/sitemap.xml"));
    assert!(added.contains("kind = \"sitemap\""), "{added}");
}

#[test]
fn a_wordpress_site_without_a_feed_is_found_by_its_api() {
    let outlet = wordpress::site(Arc::new(AtomicUsize::new(40)));
    let address = outlet.address;
    let front = Outlet::start(move |path, _| match path {
        "/" => answer(
            "200 OK",
            "content-type: text/html\r\n",
            b"<title>Kabar Uji - Berita Terkini</title><meta name=generator content='WordPress 6.5'>",
        ),
        path => {
            let inner = crate::program::ask(address, "GET", path, "");
            answer(&format!("{} X", inner.status), "", &inner.body)
        }
    });
    let (program, added) = add(&front.url("/"));
    assert!(added.contains("kind = \"wordpress\"") && added.contains("title = \"Kabar Uji\""), "{added}");
    assert_eq!(once(&program), 40);
}

#[test]
fn a_feed_of_excerpts_is_read_with_its_articles() {
    let site = articles::site("", "", "");
    let address = site.outlet.address;
    let front = Outlet::start(move |path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        match path {
            "/" => answer(
                "200 OK",
                "content-type: text/html\r\n",
                b"<title>Kabar</title><link rel='alternate' type='application/rss+xml' href='/feed'>",
            ),
            path => {
                let inner = crate::program::ask(address, "GET", path, "");
                answer(&format!("{} X", inner.status), "", inner.text().replace(&address.to_string(), host).as_bytes())
            }
        }
    });
    let (program, added) = add(&front.url("/"));
    assert!(added.contains("/feed\"") && added.contains("full_text = true") && !added.contains("kind"), "{added}");
    assert_eq!(once(&program), 3);
}

#[test]
fn a_site_that_says_no_is_not_asked_further() {
    let outlet = Outlet::start(|path, _| match path {
        "/" => answer("200 OK", "content-type: text/html\r\n", b"<title>Koran</title>"),
        _ => answer("403 Forbidden", "", b""),
    });
    let program = Program::new(&[], "");
    let ran = program.run(&["add", &outlet.url("/")]);
    assert_eq!(ran.code(), 1);
    assert!(
        ran.err().contains("403") && ran.err().contains("not asked further") && ran.err().contains("webmaster"),
        "{}",
        ran.err()
    );
    assert_eq!(outlet.asked.lock().unwrap().len(), 2);
}

#[test]
fn lists_of_feeds_are_imported_and_exported() {
    let program = Program::new(&[("a", "https://a.example/feed".into())], "");
    let file = program.directory.path().join("daftar.opml");
    std::fs::write(&file, "<opml version='2.0'><body><outline text='x'><outline text='Kabar B' xmlUrl='https://www.b.example/rss'/><outline text='A lagi' xmlUrl='http://www.a.example/feed/'/></outline><outline text='FTP' xmlUrl='ftp://c.example/'/></body></opml>").unwrap();
    let ran = program.run(&["import", file.to_str().unwrap()]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    for part in [
        "added: Kabar B",
        "skipped: `a` has this address already",
        "skipped: that is no web address",
        "1 added",
        "2 skipped",
    ] {
        assert!(ran.out().contains(part), "{part} in {}", ran.out());
    }
    let again = program.run(&["import", file.to_str().unwrap()]);
    assert!(again.out().contains("0 would be added, 3 skipped"), "{}", again.out());
    let exported = program.run(&["export", "--opml"]);
    assert!(exported.out().contains("xmlUrl=\"https://www.b.example/rss\""), "{}", exported.out());
    std::fs::write(&file, exported.out()).unwrap();
    let other = Program::new(&[], "");
    let ran = other.run(&["import", file.to_str().unwrap()]);
    assert!(ran.out().contains("2 added"), "{}{}", ran.out(), ran.err());
    assert_eq!(other.run(&["check"]).code(), 0);
}
