//! Whatever an outlet may send: decode, mend, parse, clean, publish.
#![no_main]

use kliping::{clean, parse};
use libfuzzer_sys::fuzz_target;

// feed-rs panics on some documents, and is held where it is called: what counts is what comes out.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let url = url::Url::parse("https://outlet.example/feed").unwrap();
    let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
    let context = parse::Context { url: url.as_str(), charset: None, encoding: None, most_entries: 1000, zone, now: Default::default() };
    let Ok(read) = parse::read(bytes, &context) else { return };
    assert!(read.complaints.len() <= 24, "complaints are told by kind");
    let now = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
    for article in clean::articles(&read.feed, &url, now) {
        let html = article.html.to_ascii_lowercase();
        // In clean HTML a `<` begins a tag, and a `"` within an attribute is escaped.
        let runs = |tag: &str| tag.starts_with("script") || tag.contains("=\"javascript:") || tag.contains("\" on");
        let tags = html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
        assert_eq!(tags.filter(|tag| runs(tag)).next(), None);
        let text = clean::plain_text(&article.html);
        // Cleaning what is clean changes nothing that a reader would see.
        assert_eq!(clean::plain_text(&clean::sanitise(&article.html, &url)), text);
        if let Some(address) = &article.url {
            let parsed = url::Url::parse(address).unwrap();
            assert_eq!(clean::canonical(&parsed).as_ref(), Some(address));
        }
    }
});
