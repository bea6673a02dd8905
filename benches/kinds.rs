//! What list pages cost beside feeds: `kliping once` over as many loopback outlets of either kind, with the same twenty items each.
//! Prints wall time, CPU time and peak memory of each run of the process, and the ratios.
//!
//!     cargo bench --bench kinds [-- OUTLETS]

#[path = "support/pages.rs"]
mod pages;
#[path = "support/process.rs"]
mod process;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Items of each outlet.
const ITEMS: usize = 20;

fn main() {
    let outlets: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(200);
    let directory = std::env::temp_dir().join(format!("kliping-kinds-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the system's temporary directory can be written");
    let (feeds, _) = support::serve(ITEMS);
    let lists = pages::serve_pages(ITEMS);
    println!(
        "{outlets} outlets of {ITEMS} items; a feed has {} bytes, a page {}",
        support::feed(1, ITEMS, 0).len(),
        pages::page(1, ITEMS).len()
    );
    process::head();
    let mut costs = Vec::new();
    for (kind, address) in [("feed", feeds), ("page", lists)] {
        let config = directory.join(format!("{kind}.toml"));
        let text = configuration(outlets, &address.to_string(), kind, &directory);
        fs::write(&config, text).expect("feeds.toml can be written");
        costs.push([
            process::once(&format!("{kind}s, first poll"), &config),
            process::once(&format!("{kind}s, nothing new"), &config),
        ]);
    }
    println!(
        "pages / feeds: first poll {:.2}, nothing new {:.2}",
        costs[1][0] / costs[0][0],
        costs[1][1] / costs[0][1]
    );
    fs::remove_dir_all(&directory).expect("what was made can be removed");
}

fn configuration(outlets: usize, address: &str, kind: &str, directory: &Path) -> String {
    let mut text = format!(
        "[site]\ntitle = \"Bench\"\nurl = \"http://127.0.0.1/\"\n[store]\npath = \"{}\"\n\
         [fetch]\nhost_gap = \"0s\"\nper_host = 8\nallow_private = true\n",
        directory.join(kind).display()
    );
    text.push_str(include_str!("support/topics.toml"));
    for site in 0..outlets {
        let _ = write!(
            text,
            "[[source]]\nid = \"s{site}\"\ntitle = \"Outlet {site}\"\nurl = \"http://{address}/{site}\"\nkind = \"{kind}\"\n"
        );
    }
    text
}
