//! Whole cycles of `kliping once` over many loopback feeds: the first poll, all unchanged, one in ten with one new item.
//! Prints wall time, CPU time and peak memory of each run of the process, and what the store takes on disk.
//!
//!     cargo bench --bench cycle [-- FEEDS]

#[path = "support/process.rs"]
mod process;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Items of each feed.
const ITEMS: usize = 20;

fn main() {
    let feeds: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1000);
    let directory = std::env::temp_dir().join(format!("kliping-cycle-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the system's temporary directory can be written");
    let (address, state) = support::serve(ITEMS);
    let bytes = support::feed(1, ITEMS, 0).len();
    let config = directory.join("feeds.toml");
    fs::write(&config, configuration(feeds, &address.to_string(), &directory)).expect("feeds.toml can be written");
    println!("{feeds} feeds of {ITEMS} items, {bytes} bytes each");
    process::head();
    process::once("first poll", &config);
    process::once("all unchanged", &config);
    state.extra.store(1, Ordering::Relaxed);
    process::once("one in ten with a new item", &config);
    process::once("all unchanged", &config);
    let raw = bytes * feeds;
    let disk: u64 = size(&directory.join("data"));
    println!("store: {} MB on disk, {:.2} of the feeds' {} MB", disk >> 20, disk as f64 / raw as f64, raw >> 20);
    fs::remove_dir_all(&directory).expect("what was made can be removed");
}

fn configuration(feeds: usize, address: &str, directory: &Path) -> String {
    let mut text = format!(
        "[site]\ntitle = \"Bench\"\nurl = \"http://127.0.0.1/\"\n[store]\npath = \"{}\"\n\
         [fetch]\nhost_gap = \"0s\"\nper_host = 8\nallow_private = true\n",
        directory.join("data").display()
    );
    text.push_str(include_str!("support/topics.toml"));
    for site in 0..feeds {
        let _ = write!(
            text,
            "[[source]]\nid = \"s{site}\"\ntitle = \"Outlet {site}\"\nurl = \"http://{address}/{site}\"\n"
        );
    }
    text
}

fn size(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(
            |entry| {
                if entry.path().is_dir() { size(&entry.path()) } else { entry.metadata().map_or(0, |data| data.len()) }
            },
        )
        .sum()
}
