//! Whole runs of the program, and what they cost.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Clock ticks a second, in which /proc counts: 100 on every Linux.
const TICKS: f64 = 100.0;

/// The head of the columns that [`once`] prints.
pub fn head() {
    println!("{:<28} {:>8} {:>8} {:>10}", "", "wall s", "CPU s", "peak MB");
}

/// Runs `kliping once`, prints what it cost by /proc, and returns its CPU seconds.
pub fn once(name: &str, config: &Path) -> f64 {
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
    cpu
}

fn field(status: &str, name: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
