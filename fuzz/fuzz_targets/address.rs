//! Whatever stands where a link should.
#![no_main]

use kliping::clean::canonical;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let base = Url::parse("https://outlet.example/berita/1").unwrap();
    let Ok(url) = base.join(text) else { return };
    if let Some(address) = canonical(&url) {
        let again = Url::parse(&address).expect("an address that was made is one");
        assert_eq!(canonical(&again), Some(address), "{text}");
        assert!(matches!(again.scheme(), "http" | "https"));
    }
});
