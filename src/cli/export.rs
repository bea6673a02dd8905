use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::domain::SourceKind;
use crate::publish;

/// `kliping export --opml`.
pub fn run(config: &Path) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let catalogue = &settings.catalogue;
    let list = publish::opml(&catalogue.site.title, &publish::sources(catalogue));
    let mut out = std::io::stdout().lock();
    out.write_all(&list)?;
    writeln!(out)?;
    let others = catalogue.sources.iter().filter(|source| source.enabled && source.kind != SourceKind::Feed).count();
    let off = catalogue.sources.iter().filter(|source| !source.enabled).count();
    if others > 0 {
        eprintln!(
            "note: {others} sources have no feed of their own; ours of them are named, under {}",
            catalogue.site.url
        );
    }
    if off > 0 {
        eprintln!(
            "note: {off} sources with `enabled = false` are left out; copy feeds.toml to keep everything as it is configured"
        );
    }
    Ok(ExitCode::SUCCESS)
}
