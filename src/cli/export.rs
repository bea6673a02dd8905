use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::publish;

/// `kliping export --opml`.
pub fn run(config: &Path) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let catalogue = &settings.catalogue;
    let list = publish::opml(&catalogue.site.title, &publish::sources(catalogue));
    let mut out = std::io::stdout().lock();
    out.write_all(&list)?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}
