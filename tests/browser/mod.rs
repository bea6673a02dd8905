//! The pages in a browser: Debian's chromium, driven by chromedriver. Where those are not installed the tests say so and skip.

mod axe;
mod driver;
mod site;

use driver::{Browser, View, until};
use site::Site;

const VIEWS: [View; 4] = [
    View { width: 360, dark: false },
    View { width: 360, dark: true },
    View { width: 1280, dark: false },
    View { width: 1280, dark: true },
];

/// Every kind of page, with the name of its picture.
const PAGES: [(&str, &str); 13] = [
    ("home", "/"),
    ("all", "/all"),
    ("channel", "/topics/tppo?region=balikpapan"),
    ("source", "/sources/satu"),
    ("older", "/all?before=200"),
    ("item", "/items/400"),
    ("search", "/search?q=perdagangan"),
    ("nothing", "/search?q=tidakadakataini"),
    ("statistics", "/statistik"),
    ("narrowed", "/statistik?topic=tppo&region=berau"),
    ("pickup", "/pickup"),
    ("status", "/status"),
    ("refused", "/all?region=balikpapann"),
];

#[test]
fn every_page_is_whole_at_any_width_in_both_schemes_and_usable_by_everybody() {
    let Some(browser) = Browser::start() else { return };
    let (items, watches) = site::a_year();
    let site = Site::serve(items, watches, "Kliping Uji");
    let check = axe::source().map(|source| axe::check(&source));
    let mut wrong = Vec::new();
    for view in VIEWS {
        browser.look(view);
        for (name, path) in PAGES {
            browser.open(&site.url(path));
            browser.picture(&format!("{name}-{}-{}", view.width, if view.dark { "dark" } else { "light" }));
            // What is folded must be right as well.
            browser.run("document.querySelectorAll('details').forEach(one => one.open = true)");
            let wide =
                browser.run("return document.documentElement.scrollWidth > document.documentElement.clientWidth");
            if wide == true {
                wrong.push(format!("{path} {view:?}: must be scrolled sideways"));
            }
            wrong.extend(browser.console().into_iter().map(|said| format!("{path} {view:?}: {said}")));
            if let Some(check) = &check {
                let found = browser.wait_for(check);
                wrong.extend(found.as_array().unwrap().iter().map(|one| format!("{path} {view:?}: {one}")));
            }
            let broken = browser.run("return [...document.querySelectorAll('.entries b')].some(one => one.getBoundingClientRect().height > 40)");
            if broken == true {
                wrong.push(format!("{path} {view:?}: a number is broken over lines"));
            }
            if view.width == 360 {
                let small = browser.run(SMALL);
                wrong.extend(small.as_array().unwrap().iter().map(|one| format!("{path}: too small to touch: {one}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// What can be touched and is lower than 44 px; links within sentences and lines of text are as high as those, with room around.
const SMALL: &str = "return [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]\
    .filter(one => !one.closest('p:not(.labels, .formats, .more), h1, h3, h4, dl, .others, table, .skip') && !one.matches('.skip'))\
    .filter(one => one.offsetParent !== null && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML.slice(0, 120))";

#[test]
fn a_reader_finds_the_feeds_searches_and_follows_a_result() {
    let Some(browser) = Browser::start() else { return };
    let (items, watches) = site::a_year();
    let site = Site::serve(items, watches, "Kliping Uji");
    browser.look(VIEWS[0]);
    browser.open(&site.url("/"));
    let feeds =
        browser.run("return [...document.querySelectorAll('.subscribe a')].map(one => one.getAttribute('href'))");
    assert_eq!(feeds, serde_json::json!([site.url("/all.rss"), site.url("/all.atom"), site.url("/all.json")]));
    let alternates = browser.run("return document.querySelectorAll('link[rel=alternate]').length");
    assert_eq!(alternates, 3);
    // By keyboard: the first stop skips to the content.
    browser.press("\u{e004}");
    assert_eq!(browser.run("return document.activeElement.className"), "skip");
    assert_eq!(browser.run("return document.activeElement.getBoundingClientRect().left >= 0"), true, "it is seen");
    browser.click(".of-topics a[href='./topics/tppo.html']");
    until("the topic's page", || browser.address() == site.url("/topics/tppo.html"));
    browser.write(".find input", "pekerja migran\n");
    until("results", || browser.address().contains("/search?q=pekerja"));
    assert!(browser.run("return document.querySelectorAll('article mark').length").as_u64() > Some(0));
    browser.click("article .details");
    until("the item's page", || browser.address().contains("/items/"));
    let original = browser.run("return document.querySelector('.original').href");
    assert!(original.as_str().unwrap().contains(".example/berita/"), "{original}");
    assert_eq!(browser.console(), Vec::<String>::new());
    // Paging goes down and comes back up.
    browser.open(&site.url("/all"));
    let first = "return document.querySelector('.clip h4').textContent + document.querySelector('.details').href";
    let top = browser.run(first);
    browser.click(".more [rel=next]");
    until("an older page", || browser.address().contains("before="));
    assert_ne!(browser.run(first), top);
    for _ in 0..30 {
        if browser.run("return document.querySelector('[rel=prev]') === null") == true {
            break;
        }
        browser.click(".more [rel=prev]");
    }
    assert_eq!(browser.run(first), top, "at {}", browser.address());
}

#[test]
fn nothing_that_an_outlet_writes_runs_on_any_page() {
    let Some(browser) = Browser::start() else { return };
    let (items, watches) = site::hostile();
    let site = Site::serve(items, watches, site::ATTACKS[5]);
    browser.look(VIEWS[2]);
    let items = (1..=24).map(|id| format!("/items/{id}"));
    let others = [
        "/",
        "/all",
        "/topics/tppo",
        "/regions/berau",
        "/sources/satu",
        "/search?q=judul",
        "/search?q=window",
        "/search?q=%22%3E%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/statistik",
        "/pickup",
        "/status",
        "/all.rss",
        "/all.atom",
        "/all?region=%3Cscript%3Ewindow.ran%3D1%3C/script%3E",
        "/all?%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E=1",
    ];
    for path in others.into_iter().map(str::to_owned).chain(items) {
        browser.open(&site.url(&path));
        assert!(!browser.asks(), "{path} asks something");
        browser.run(
            "document.querySelectorAll('details').forEach(one => one.open = true);\
             document.querySelectorAll('main a').forEach(one => { one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); one.focus() })",
        );
        assert_eq!(browser.run("return window.ran === undefined"), true, "{path} ran something");
        if path.ends_with(".rss") || path.ends_with(".atom") {
            // What the browser itself adds to a transformed document, and says of transformations, is none of ours.
            browser.console();
            continue;
        }
        let strange = browser.run(
            "return [...document.querySelectorAll('*')].filter(one => \
             one.matches('script, iframe, object, embed, img, style, base, animate, meta[http-equiv]') || \
             [...one.attributes].some(a => a.name.startsWith('on') || a.name === 'style' || a.name === 'srcdoc' || \
             (a.name === 'href' && !/^(https?:|\\.{0,2}\\/|#)/.test(a.value)))).map(one => one.outerHTML.slice(0, 200))",
        );
        assert_eq!(strange, serde_json::json!([]), "{path}");
        let said = browser.console();
        assert!(said.is_empty(), "{path}: {said:?}");
    }
}

#[test]
fn pages_are_small_and_hold_no_script_and_no_style_of_their_own() {
    let (items, watches) = site::a_year();
    let site = Site::serve(items, watches, "Kliping Uji");
    for (_, path) in PAGES {
        let page = crate::program::ask(site.address, "GET", path, "");
        let text = page.text();
        assert_eq!(page.status, if path.contains("nn") { 400 } else { 200 }, "{path}");
        assert!(text.len() < 90_000, "{path}: {} bytes", text.len());
        for absent in ["<script", "<style", " style=", " onclick="] {
            assert!(!text.contains(absent), "{path} holds {absent}");
        }
        let style = text.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(crate::program::ask(site.address, "GET", &style, "").body.len() < 12 * 1024);
    }
    assert!(crate::program::ask(site.address, "GET", "/", "").body.len() < 60 * 1024);
}
