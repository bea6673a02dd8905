//! What the READMEs say can be typed, works.

use std::fs;
use std::path::Path;
use std::process::Command;

use kliping::config::{Environment, read};

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    text.split(&format!("```{language}\n")).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn every_toml_in_the_documents_is_right() {
    for name in ["README.md", "README.id.md", "docs/configuration.md"] {
        let text = text(name);
        let blocks = blocks(&text, "toml");
        assert!(!blocks.is_empty(), "{name} has examples");
        for block in blocks {
            read(block, name, &Environment::default())
                .unwrap_or_else(|mistakes| panic!("{name}: {mistakes}\nin\n{block}"));
        }
    }
}

#[test]
fn the_first_two_commands_are_the_demo_and_the_tests() {
    for name in ["README.md", "README.id.md"] {
        let text = text(name);
        let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    ")).take(2).collect();
        assert_eq!(commands, ["cargo run --release -- demo", "cargo test"], "{name}");
    }
}

#[test]
fn every_command_in_the_documents_exists() {
    for name in ["README.md", "README.id.md"] {
        let text = text(name);
        let commands = blocks(&text, "sh").into_iter().flat_map(str::lines);
        for line in commands.filter_map(|line| line.strip_prefix("kliping ")) {
            let command = line.split_whitespace().next().unwrap();
            let help = Command::new(env!("CARGO_BIN_EXE_kliping")).args([command, "--help"]).output().unwrap();
            assert!(help.status.success(), "{name}: kliping {line}");
        }
    }
}
