//! Labels and stories against real articles that are not part of this project. Each test skips, and says so, where they are absent.

mod labels;
mod stories;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of real material, where there is one.
fn material() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("KLIPING_SHARED").map_or(beside, PathBuf::from).join("data");
    shared.is_dir().then_some(shared)
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
