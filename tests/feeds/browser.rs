//! A feed opened in a browser: the same bytes, called XML, with stylesheets that are there and run nothing.

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
    for (feed, kind) in [("all.rss", "application/rss+xml"), ("topics/tppo.atom", "application/atom+xml")] {
        let address = format!("{SITE}{feed}");
        let reader = served.get(&address, &[("accept", READER)]).await;
        let browser = served.get(&address, &[("accept", BROWSER)]).await;
        assert_eq!(reader.header("content-type"), format!("{kind}; charset=utf-8"));
        assert_eq!(browser.header("content-type"), "application/xml; charset=utf-8");
        assert!(browser.body == reader.body && browser.header("vary").contains("accept,"));
        assert!(browser.text().contains("<?xml-stylesheet type=\"text/css\" href=\"/kaltim/feed.css\"?>"));
        // Browsers show a warning above whatever names a transformation.
        assert!(!browser.text().contains("xsl"));
    }
    let stylesheet = served.get("/feed.css", &[]).await;
    assert_eq!(stylesheet.header("content-type"), "text/css; charset=utf-8");
    assert!(stylesheet.text().contains("salin alamat ini"));
    assert_eq!(served.get("/icon.png", &[]).await.header("content-type"), "image/png");
    for address in ["/all", "/all.rss"] {
        let answer = served.get(address, &[("accept", BROWSER)]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "nothing has a script");
    }
}
