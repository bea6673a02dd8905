use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kinds::{article_page, labels, once, program, published, trafficking};
use crate::program::{Outlet, Program, answer};

/// A feed of excerpts: the last so many articles, the fourth one edited when `edited`.
fn feed(host: &str, count: usize, edited: bool) -> String {
    let items: String = (1..=count)
        .rev()
        .map(|n| {
            let title = if edited && n == 1 { "Judul yang diperbaiki".to_owned() } else { format!("Kabar dari pelabuhan ke-{n}") };
            format!("<item><title>{title}</title><link>http://{host}/{n}-kabar-pelabuhan</link><guid>g{n}</guid><pubDate>Thu, {n:02} Jul 2024 08:00:00 +0800</pubDate><description>Cuplikan pendek tentang sebuah peristiwa di pelabuhan kota [&amp;hellip;]</description></item>")
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>Kabar</title>{items}</channel></rss>")
}

fn number(path: &str) -> usize {
    path.trim_start_matches('/').split('-').next().unwrap().parse().unwrap()
}

pub struct Site {
    count: Arc<AtomicUsize>,
    edited: Arc<AtomicUsize>,
    pub outlet: Outlet,
}

pub fn site(robots: &'static str, page_head: &'static str, headers: &'static str) -> Site {
    let (count, edited) = (Arc::new(AtomicUsize::new(3)), Arc::new(AtomicUsize::new(0)));
    let (many, changed) = (Arc::clone(&count), Arc::clone(&edited));
    let outlet = Outlet::start(move |path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
        match path {
            "/feed" => answer(
                "200 OK",
                "content-type: text/xml\r\n",
                feed(&host, many.load(Ordering::SeqCst), changed.load(Ordering::SeqCst) > 0).as_bytes(),
            ),
            "/robots.txt" => answer("200 OK", "content-type: text/plain\r\n", robots.as_bytes()),
            _ => answer(
                "200 OK",
                &format!("content-type: text/html\r\n{headers}"),
                article_page("Kabar", page_head, &trafficking(number(path))).as_bytes(),
            ),
        }
    });
    Site { count, edited, outlet }
}

fn pages(site: &Site) -> usize {
    site.outlet.asked.lock().unwrap().iter().filter(|head| head.contains("-kabar-pelabuhan ")).count()
}

fn full_text(site: &Site) -> Program {
    program("kabar", site.outlet.url("/feed"), "full_text = true")
}

#[test]
fn an_excerpt_is_labelled_by_its_whole_article_and_stays_an_excerpt() {
    let site = site("", "", "");
    let program = full_text(&site);
    assert_eq!(once(&program), 3);
    assert_eq!(once(&program), 0);
    assert_eq!(pages(&site), 3);
    site.count.store(5, Ordering::SeqCst);
    site.edited.store(1, Ordering::SeqCst);
    assert_eq!(once(&program), 2);
    assert_eq!(pages(&site), 5, "an edit is no reason to read a page again");
    let items = published(&program, "kabar");
    assert_eq!(items.len(), 5);
    for item in &items {
        assert_eq!(labels(item), "tppo balikpapan", "{item}");
        let content = item["content_html"].as_str().unwrap();
        assert!(content.contains("Cuplikan pendek") && !content.contains("Semayang"), "{content}");
    }
    assert!(items.iter().any(|item| item["title"] == "Judul yang diperbaiki"));
}

#[test]
fn the_whole_text_is_republished_where_the_operator_says_so() {
    let site = site("", "", "");
    let program = Program::new(&[("kabar", site.outlet.url("/feed"))], "[publish]\ncontent = \"full\"\n");
    let text = std::fs::read_to_string(program.config()).unwrap() + "full_text = true\n";
    std::fs::write(program.config(), text).unwrap();
    assert_eq!(once(&program), 3);
    let items = published(&program, "kabar");
    let content = items[0]["content_html"].as_str().unwrap();
    assert!(content.contains("Semayang") && content.contains("membiayai perjalanan"), "{content}");
    for other in ["Terpopuler", "Bagikan", "Hak cipta", "<h1"] {
        assert!(!content.contains(other), "{other} in {content}");
    }
}

#[test]
fn pages_that_forbid_it_are_left_alone() {
    let barred = site("User-agent: *\nDisallow: /\nAllow: /feed\n", "", "");
    let program = full_text(&barred);
    assert_eq!(once(&program), 3);
    assert_eq!(pages(&barred), 0, "not even asked for");
    assert_eq!(labels(&published(&program, "kabar")[0]), "");
    for (head, headers) in
        [("<meta name=\"robots\" content=\"index, noarchive\">", ""), ("", "x-robots-tag: noarchive\r\n")]
    {
        let site = site("", head, headers);
        let program = full_text(&site);
        assert_eq!(once(&program), 3);
        assert_eq!(pages(&site), 3);
        assert_eq!(labels(&published(&program, "kabar")[0]), "", "{head}{headers}");
        assert_eq!(once(&program), 0);
        assert_eq!(pages(&site), 3, "and not asked again");
    }
}

#[test]
fn a_host_that_asks_for_patience_gets_it_and_no_item_is_lost() {
    let outlet = Outlet::start(|path, head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
        match path {
            "/feed" => answer("200 OK", "", feed(&host, 9, false).as_bytes()),
            "/robots.txt" => answer("404 Not Found", "", b""),
            _ => answer("429 Too Many Requests", "", b""),
        }
    });
    let program = program("kabar", outlet.url("/feed"), "full_text = true");
    assert_eq!(once(&program), 9);
    let asked = outlet.asked.lock().unwrap().iter().filter(|head| head.contains("-kabar-")).count();
    assert_eq!(asked, 1, "after the first refusal none is asked for");
}
