//! Whatever stands where a date should.
#![no_main]

use kliping::parse::parse_date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
    if let Some(date) = parse_date(text, zone) {
        // What is read is written and read again as the same instant, where its year has four digits.
        let written = date.to_rfc3339();
        if !written.starts_with(['+', '-']) {
            assert_eq!(parse_date(&written, zone), Some(date), "{text}");
        }
    }
});
