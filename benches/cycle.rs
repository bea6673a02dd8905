//! Whole cycles of `kliping once` over many loopback feeds: the first poll, all unchanged, one in ten with one new item.
//! Prints wall time, CPU time and peak memory of each run of the process, and what the store takes on disk.
//!
//!     cargo bench --bench cycle [-- FEEDS]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Items of each feed.
const ITEMS: usize = 20;
/// Clock ticks a second, in which /proc counts: 100 on every Linux.
const TICKS: f64 = 100.0;

fn main() {
    let feeds: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1000);
    let directory = std::env::temp_dir().join(format!("kliping-cycle-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the system's temporary directory can be written");
    let (address, state) = support::serve(ITEMS);
    let bytes = support::feed(1, ITEMS, 0).len();
    let config = directory.join("feeds.toml");
    fs::write(&config, configuration(feeds, &address.to_string(), &directory)).expect("feeds.toml can be written");
    println!("{feeds} feeds of {ITEMS} items, {bytes} bytes each");
    println!("{:<28} {:>8} {:>8} {:>10}", "", "wall s", "CPU s", "peak MB");
    cycle("first poll", &config);
    cycle("all unchanged", &config);
    state.extra.store(1, Ordering::Relaxed);
    cycle("one in ten with a new item", &config);
    cycle("all unchanged", &config);
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

/// Runs `kliping once` and reads what it cost from /proc.
fn cycle(name: &str, config: &Path) {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kliping"))
        .args(["once", "--config"])
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("kliping is built beside this");
    let process = Path::new("/proc").join(child.id().to_string());
    let (mut peak, mut cpu) = (0.0, 0.0);
    // A process that has ended keeps its counts until it is waited for: its state is Z then.
    loop {
        let status = fs::read_to_string(process.join("status")).unwrap_or_default();
        peak = field(&status, "VmHWM:").map_or(peak, |kilobytes| kilobytes / 1000.0);
        let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
        let after_name: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| after_name.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        cpu = f64::max(cpu, (ticks(11) + ticks(12)) / TICKS);
        if after_name.first() == Some(&"Z") {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = begun.elapsed();
    let status = child.wait().expect("the child was not waited for before");
    assert!(status.success(), "kliping once ended with {status}");
    println!("{name:<28} {:>8.2} {cpu:>8.2} {peak:>10.0}", wall.as_secs_f64());
}

fn field(status: &str, name: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
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
