//! feeds.toml, read and checked.
