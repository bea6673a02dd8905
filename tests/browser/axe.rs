//! axe-core, which judges whether pages can be used by everybody. Its source is not ours to keep: npm brings it when it is needed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

const VERSION: &str = "axe-core@4.10.3";

/// Its source; `None`, aloud, where there is no npm or no registry.
pub fn source() -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let file = folder.join("package/axe.min.js");
    if !file.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let quiet = |command: &mut Command| {
            command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()
        };
        let packed = quiet(Command::new("npm").args(["pack", "--silent", "--fetch-retries=0", VERSION]));
        let archive = format!("{}.tgz", VERSION.replace('@', "-"));
        if !packed.is_ok_and(|status| status.success())
            || !quiet(Command::new("tar").args(["xzf", &archive])).is_ok_and(|status| status.success())
        {
            eprintln!("SKIPPED: axe-core could not be fetched (npm pack {VERSION})");
            return None;
        }
    }
    Some(std::fs::read_to_string(file).unwrap())
}

/// What to run in a page: hands on what is wrong there, a line each.
pub fn check(source: &str) -> String {
    format!(
        "{source};\nconst done = arguments[arguments.length - 1];\n\
         axe.run(document, {{resultTypes: ['violations']}}).then(\
         found => done(found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200) + ' (' + node.failureSummary + ')').join(' | '))),\
         error => done(['axe: ' + error]))"
    )
}
