//! An import may only go down a layer: the map of ARCHITECTURE.md, checked.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Every module of src/lib.rs and its layer. `config` assembles, so that what it assembles lies below it; the front doors
/// are four: cli → daemon → web → metrics.
const LAYERS: [(&str, u32); 23] = [
    ("domain", 0),
    ("text", 0),
    ("schedule", 10),
    ("parse", 10),
    ("extract", 10),
    ("clean", 10),
    ("dedupe", 10),
    ("tag", 10),
    ("story", 10),
    ("publish", 10),
    ("report", 10),
    ("websub", 10),
    ("fetch", 20),
    ("store", 20),
    ("search", 20),
    // Delivers with what the other hands offer.
    ("deliver", 21),
    ("config", 30),
    ("pipeline", 31),
    ("metrics", 40),
    ("web", 41),
    ("demo", 41),
    ("daemon", 42),
    ("cli", 43),
];

#[test]
fn an_import_only_goes_down() {
    let layers: HashMap<&str, u32> = LAYERS.into_iter().collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, file, text) in files(&source, &source) {
        let Some(layer) = layers.get(module.as_str()) else {
            assert!(
                file == "lib.rs" || file == "main.rs",
                "`{module}` has no layer: add it to LAYERS and to ARCHITECTURE.md"
            );
            continue;
        };
        // Tests may look at anything.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        for line in code.lines().filter(|line| line.contains("crate::") && !line.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                for name in imported(part) {
                    if name != module && layers.get(name.as_str()).is_none_or(|below| below >= layer) {
                        wrong.push(format!("{file}: `{}`", line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these imports go up or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_but_fetch_builds_an_http_client_and_no_stage_waits_or_reads_a_clock() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let stages = ["schedule", "parse", "extract", "clean", "dedupe", "tag", "publish", "report", "websub"];
    for (module, file, text) in files(&source, &source) {
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        assert!(module == "fetch" || !code.contains("reqwest"), "{file} uses reqwest");
        if stages.contains(&module.as_str()) {
            for absent in ["async fn", "Utc::now", "SystemTime", "std::fs", "tokio::", "crate::config"] {
                assert!(!code.contains(absent), "{file} holds `{absent}`");
            }
        }
        if module == "domain" {
            assert!(!code.contains("Serialize"), "{file} derives a wire shape");
        }
    }
}

/// The modules that a path after `crate::` names: one, or several in braces.
fn imported(part: &str) -> Vec<String> {
    let name =
        |text: &str| text.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned();
    match part.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or("").split(',').map(name).collect(),
        None => vec![name(part)],
    }
}

fn files(directory: &Path, source: &Path) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, source));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
            && !path.to_string_lossy().contains("/tests/")
        {
            let file = path.strip_prefix(source).unwrap().display().to_string();
            let module = file.split(['/', '.']).next().unwrap().to_owned();
            found.push((module, file, fs::read_to_string(&path).unwrap()));
        }
    }
    found
}
