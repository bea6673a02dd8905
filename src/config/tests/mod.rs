mod documentation;
mod every_key;
mod good;
mod shipped;
mod wrong;

use crate::config::{Environment, Mistakes, Settings, read};

/// Reads a file named `feeds.toml`, without any environment.
fn read_alone(text: &str) -> Result<Settings, Mistakes> {
    read(text, "feeds.toml", &Environment::default())
}

/// The settings of a file without mistakes.
fn settings(text: &str) -> Settings {
    read_alone(text).unwrap_or_else(|mistakes| panic!("{mistakes}\nin\n{text}"))
}
