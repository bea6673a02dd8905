//! Whatever subscribers and hubs send.
#![no_main]

use kliping::websub::{Links, is_signed, read_form, verification};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(ask) = read_form(bytes) {
        let url = verification(&ask, "challenge");
        assert!(matches!(url.scheme(), "http" | "https") && url.has_host());
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = Links::read([&*text]);
    assert!(!is_signed(&text, "a secret that nobody knows", b"body"));
});
