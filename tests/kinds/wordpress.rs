use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kliping::domain::Instant;
use serde_json::{Value, json};

use crate::kinds::{labels, once, program, published, trafficking};
use crate::program::{Outlet, answer};

fn date(n: usize) -> Instant {
    "2024-07-01T00:00:00Z".parse::<Instant>().unwrap() + chrono::TimeDelta::minutes(n as i64 * 97)
}

fn post(n: usize) -> Value {
    json!({
        "id": n, "date_gmt": date(n).format("%Y-%m-%dT%H:%M:%S").to_string(), "guid": {"rendered": format!("https://kabar.example/?p={n}")},
        "link": format!("https://kabar.example/{n}/"), "title": {"rendered": format!("Korban perdagangan orang &#8211; ke-{n}")},
        "excerpt": {"rendered": "<p>Cuplikan saja.</p>"}, "content": {"rendered": trafficking(n)},
        "_embedded": {"author": [{"name": "Ani"}], "wp:term": [[{"name": "Hukum"}]], "wp:featuredmedia": [{"source_url": "https://kabar.example/a.jpg", "mime_type": "image/jpeg"}]},
    })
}

/// A site with so many posts, that answers as WordPress does.
pub fn site(posts: Arc<AtomicUsize>) -> Outlet {
    Outlet::start(move |path, _| {
        let Some(query) = path.strip_prefix("/wp-json/wp/v2/posts?") else { return answer("404 Not Found", "", b"") };
        let parameter = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
                .map(|value| value.replace("%3A", ":"))
        };
        let per_page: usize = parameter("per_page").map_or(10, |text| text.parse().unwrap());
        let page: usize = parameter("page").map_or(1, |text| text.parse().unwrap());
        let after = parameter("after").map(|text| format!("{text}Z").parse::<Instant>().unwrap());
        let all: Vec<usize> =
            (1..=posts.load(Ordering::SeqCst)).rev().filter(|n| after.is_none_or(|after| date(*n) > after)).collect();
        let pages = all.len().div_ceil(per_page);
        if page > 1 && page > pages {
            return answer("400 Bad Request", "", br#"{"code":"rest_post_invalid_page_number"}"#);
        }
        let shown: Vec<Value> = all.iter().skip((page - 1) * per_page).take(per_page).map(|n| post(*n)).collect();
        answer(
            "200 OK",
            &format!("content-type: application/json\r\nx-wp-totalpages: {pages}\r\n"),
            &serde_json::to_vec(&shown).unwrap(),
        )
    })
}

#[test]
fn the_api_gives_every_post_once_however_many_came_between() {
    let posts = Arc::new(AtomicUsize::new(250));
    let outlet = site(Arc::clone(&posts));
    let program = program("kabar", outlet.url("/"), "kind = \"wordpress\"");
    assert_eq!(once(&program), 250);
    assert_eq!(outlet.asked.lock().unwrap().len(), 3);
    assert_eq!(once(&program), 0);
    assert_eq!(outlet.asked.lock().unwrap().len(), 4);
    posts.store(280, Ordering::SeqCst);
    assert_eq!(once(&program), 30);
    // More than a page of the API.
    posts.store(530, Ordering::SeqCst);
    assert_eq!(once(&program), 250);
    assert_eq!(once(&program), 0);
    let items = published(&program, "kabar");
    assert_eq!(items.len(), 530);
    assert_eq!(items[0]["title"], "Korban perdagangan orang – ke-530");
    assert_eq!(items[0]["authors"][0]["name"], "Ani");
    assert_eq!(items[0]["image"], "https://kabar.example/a.jpg");
    assert_eq!(labels(&items[0]), "tppo balikpapan");
    assert!(outlet.asked.lock().unwrap().iter().all(|head| !head.starts_with("GET /feed")));
}

#[test]
fn where_the_api_is_switched_off_the_feed_is_read_and_nothing_comes_twice() {
    let off = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&off);
    let outlet = Outlet::start(move |path, _| match (path, now.load(Ordering::SeqCst)) {
        ("/feed/", _) => {
            let items: String = (4..=12).map(|n| format!("<item><title>Korban perdagangan orang – ke-{n}</title><link>https://kabar.example/{n}/</link><guid>https://kabar.example/?p={n}</guid><pubDate>{}</pubDate><description>Cuplikan saja.</description></item>", date(n).to_rfc2822())).collect();
            answer(
                "200 OK",
                "content-type: application/rss+xml\r\n",
                format!("<rss version=\"2.0\"><channel><title>Kabar</title>{items}</channel></rss>").as_bytes(),
            )
        }
        (path, 0) if path.starts_with("/wp-json/") => answer(
            "200 OK",
            "content-type: application/json\r\n",
            &serde_json::to_vec(&(1..=10).rev().map(post).collect::<Vec<_>>()).unwrap(),
        ),
        (path, 1) if path.starts_with("/wp-json/") => {
            answer("401 Unauthorized", "", br#"{"code":"rest_login_required"}"#)
        }
        _ => answer("200 OK", "content-type: text/html\r\n", b"<!doctype html><title>Kabar</title>"),
    });
    let program = program("kabar", outlet.url("/"), "kind = \"wordpress\"");
    assert_eq!(once(&program), 10);
    for switched_off in [1, 2] {
        off.store(switched_off, Ordering::SeqCst);
        assert_eq!(once(&program), if switched_off == 1 { 2 } else { 0 });
    }
    let asked = outlet.asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|head| head.starts_with("GET /wp-json/")).count(), 2, "for a week only the feed");
    assert_eq!(asked.iter().filter(|head| head.starts_with("GET /feed/")).count(), 2);
    drop(asked);
    assert_eq!(published(&program, "kabar").len(), 12);
}
