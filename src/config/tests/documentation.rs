//! docs/configuration.md says the same as the lists in the code, and its examples work.

use super::settings;
use crate::config::keys::{Absent, TABLES};
use crate::config::kind::Kind;
use crate::config::values::{write_duration, write_size};
use crate::config::{VARIABLES, Variable};
use crate::tag::{KALTIM, Own};

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md"));

/// Fails with the lines that the page should have below that heading.
fn check(section: &str, lines: &[String]) {
    let heading = format!("\n## {section}\n");
    let start = PAGE.find(&heading).unwrap_or_else(|| panic!("no heading `{}`", heading.trim())) + heading.len();
    let body = PAGE[start..].split("\n## ").next().unwrap_or_default();
    let missing: Vec<&str> =
        lines.iter().map(String::as_str).filter(|line| !body.lines().any(|there| there == *line)).collect();
    assert!(missing.is_empty(), "below `{}` there should be:\n{}", heading.trim(), missing.join("\n"));
}

fn type_of(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".into(),
        Kind::Id => "id".into(),
        Kind::Address => "web address".into(),
        Kind::Hub => "web address, `\"own\"` or `\"none\"`".into(),
        Kind::Contact => "e-mail or web address".into(),
        Kind::Language => "language tag".into(),
        Kind::Zone => "time zone".into(),
        Kind::Cron => "cron".into(),
        Kind::Listen => "IP address and port".into(),
        Kind::Path => "path".into(),
        Kind::File => "file".into(),
        Kind::Charset => "charset".into(),
        Kind::UserAgent => "header value".into(),
        Kind::Selector => "CSS selector".into(),
        Kind::Duration { least, most } => format!("duration, {} to {}", write_duration(*least), write_duration(*most)),
        Kind::Size { least, most } => format!("size, {} to {}", write_size(*least), write_size(*most)),
        Kind::Count { least, most } => format!("number, {least} to {most}"),
        Kind::Flag => "`true` or `false`".into(),
        Kind::Choice { words } => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" or "),
        Kind::Texts => "list of texts".into(),
        Kind::Ids => "list of ids".into(),
    }
}

#[test]
fn every_key_stands_in_the_reference() {
    let mut later = Vec::new();
    for table in TABLES {
        let header = format!("`{}`", table.header());
        let mut rows = vec![table.about.to_owned()];
        for key in table.keys {
            let absent = match key.absent {
                Absent::Required => "**required**".to_owned(),
                Absent::Default(value) => format!("`{value}`"),
                Absent::Then(words) => words.to_owned(),
                Absent::NotYet => {
                    later.push(format!("- `{}` in {header}: {}", key.name, key.about));
                    continue;
                }
            };
            rows.push(format!("| `{}` | {} | {absent} | {} |", key.name, type_of(&key.kind), key.about));
        }
        check(&header, &rows);
    }
    check("Not in this version", &later);
}

#[test]
fn every_variable_stands_in_the_reference() {
    let row = |variable: &Variable| format!("| `{}` | `[{}] {}` |", variable.name, variable.table, variable.key);
    check("Environment", &VARIABLES.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn every_built_in_region_stands_in_the_reference() {
    let row = |own: &Own| {
        format!("| `{}` | {} | {} | {} |", own.id, own.title, own.names.join(", "), own.kecamatan.join(", "))
    };
    check("`[[region]]`", &KALTIM.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn every_example_is_without_mistakes() {
    let examples: Vec<&str> = PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 6, "the page has {} examples", examples.len());
    for example in examples {
        settings(example);
    }
}
