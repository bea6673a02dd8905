use chrono::TimeDelta;
use kliping::schedule::{Redirect, moved};

use crate::politeness::town::{Town, address, asked, feed};
use crate::program::{Outlet, answer};

pub async fn redirects() {
    let outlet = Outlet::start(|path, _| {
        let to = |status: &str, to: &str| answer(status, &format!("location: {to}\r\n"), b"");
        match path.trim_start_matches('/').split_once('-') {
            // A chain of so many redirects.
            Some(("chain", "0")) => answer("200 OK", "", &feed("", 0..3)),
            Some(("chain", left)) => {
                to("302 Found", &format!("/chain-{}", left.parse::<u32>().unwrap_or(1).saturating_sub(1)))
            }
            Some(("moved", _)) => to("301 Moved Permanently", "/via"),
            Some(("found", _)) => to("302 Found", "/new"),
            Some(("page", _)) => to("301 Moved Permanently", "/page"),
            Some(("loop", _)) => to("301 Moved Permanently", "/loop-1"),
            _ if path == "/via" => to("308 Permanent Redirect", "/new"),
            _ if path == "/page" => answer("200 OK", "", b"<html><title>Beranda</title></html>"),
            _ => answer("200 OK", "", &feed("", 0..3)),
        }
    });
    let at = |path: &str| address("a", &outlet, path);
    let town = Town::new(&[
        ("five", at("/chain-5"), ""),
        ("six", at("/chain-6"), ""),
        ("moved", at("/moved-1"), ""),
        ("found", at("/found-1"), ""),
        ("page", at("/page-1"), ""),
        ("loop", at("/loop-1"), ""),
    ]);
    assert_eq!(town.poll("five").await.counts.new, 3);
    assert_eq!(town.error("six").await, "too-many-hops");
    assert_eq!(town.error("loop").await, "redirect-loop");
    assert_eq!(asked(&outlet, "/chain-0").len(), 1, "the sixth is not followed");
    // Five polls within three days are not enough, and then they are.
    for _ in 0..7 {
        for id in ["moved", "found", "page"] {
            town.poll(id).await;
        }
        town.set(town.now() + TimeDelta::hours(20));
    }
    assert_eq!(asked(&outlet, "/moved-1").len(), 5, "after that it is asked where it moved to");
    assert_eq!(asked(&outlet, "/found-1").len(), 7, "a 302 is never remembered");
    assert_eq!(asked(&outlet, "/page-1").len(), 7, "nor what does not lead to a feed");
    assert_eq!(town.watch("moved").address(&town.source("moved").url).path(), "/new");
    // From https to http is never remembered.
    let down = [Redirect { status: 301, from: "https://a.example/", to: "http://a.example/" }];
    assert_eq!(moved(None, &down, town.now()), None);
}
