//! A feed opened in a browser: the same bytes, called XML, with stylesheets that are there and run nothing.

use std::process::{Command, Stdio};
use std::sync::Arc;

use kliping::pipeline::Changes;
use tokio::sync::watch;

use super::nasty::kept;
use super::served::{HandSet, SITE, Served, settings};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
const READER: &str = "application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8, */*;q=0.1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_is_a_page_to_a_browser_and_nothing_in_it_runs() {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let (_sender, settings) = watch::channel(settings(&[("satu", "https://satu.example/feed/")], ""));
    let served = Served::new(Arc::new(kept(now)), settings, Arc::new(Changes::default()), HandSet::at(now).clock());
    let stylesheet = served.get("/feed.xsl", &[]).await;
    for (feed, kind) in [("all.rss", "application/rss+xml"), ("topics/tppo.atom", "application/atom+xml")] {
        let address = format!("{SITE}{feed}");
        let reader = served.get(&address, &[("accept", READER)]).await;
        let browser = served.get(&address, &[("accept", BROWSER)]).await;
        assert_eq!(reader.header("content-type"), format!("{kind}; charset=utf-8"));
        assert_eq!(browser.header("content-type"), "application/xml; charset=utf-8");
        assert!(browser.body == reader.body && browser.header("vary").contains("accept,"));
        // A transformation counts as a script; our own is the only one.
        assert!(browser.header("content-security-policy").contains("script-src 'self'"));
        for file in ["feed.xsl", "feed.css"] {
            assert!(browser.text().contains(&format!("href=\"/kaltim/{file}\"")), "{file}");
        }
        transformed(stylesheet.text(), &browser.body, &address);
    }
    let fallback = served.get("/feed.css", &[]).await;
    assert_eq!(fallback.header("content-type"), "text/css; charset=utf-8");
    assert!(fallback.text().contains("salin alamat ini"));
    assert_eq!(served.get("/icon.png", &[]).await.header("content-type"), "image/png");
    let page = served.get("/all", &[("accept", BROWSER)]).await;
    assert!(!page.header("content-security-policy").contains("script-src"), "pages have no script at all");
}

/// What the transformation makes of it, where a tool that does it is installed.
fn transformed(stylesheet: &str, feed: &[u8], address: &str) {
    let directory = tempfile::tempdir().unwrap();
    let (xsl, xml) = (directory.path().join("feed.xsl"), directory.path().join("feed.xml"));
    std::fs::write(&xsl, stylesheet).unwrap();
    std::fs::write(&xml, feed).unwrap();
    let tool = Command::new("xsltproc").arg("--nonet").args([&xsl, &xml]).stderr(Stdio::piped()).output();
    let Ok(made) = tool else {
        eprintln!("SKIPPED: xsltproc is not installed");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let page = String::from_utf8(made.stdout).unwrap();
    assert!(page.contains("Berlangganan") && page.contains(&format!("<code>{address}</code>")), "how to subscribe");
    assert!(page.matches("<article class=\"clip\">").count() >= 100, "every item");
    let lower = page.to_lowercase();
    for bad in ["<script", "<svg", "<img", "<iframe"] {
        assert!(!lower.contains(bad), "{bad}");
    }
    for href in page.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
        // Titles that tell of a tag stand there as text, with other brackets.
        assert!(
            href.starts_with("http") || href.starts_with('/') || !page.contains(&format!("<a href=\"{href}")),
            "{href}"
        );
    }
}
