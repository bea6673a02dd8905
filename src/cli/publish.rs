use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::sync::watch;

use crate::cli::arguments::PublishOptions;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::deliver;
use crate::metrics::Metrics;
use crate::pipeline::Changes;
use crate::store::{DiskStore, Store};
use crate::web;

/// `kliping publish`.
pub fn run(config: &Path, options: &PublishOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let store: Arc<dyn Store> = Arc::new(DiskStore::open(&settings.store.path).map_err(|error| Failure::from(&error))?);
    let (_sender, settings) = watch::channel(Arc::new(settings));
    // A plain web server cannot search.
    let app = web::App::new(settings, store, Arc::new(Changes::default()), Arc::new(Metrics::new()));
    let files = web::files(&app, Utc::now()).map_err(|error| Failure::from(&error))?;
    let count = deliver::replace(&options.directory, files)
        .map_err(|error| Failure::Usage { what: error.to_string(), hint: error.hint() })?;
    println!("{count} files written to `{}`", options.directory.display());
    Ok(ExitCode::SUCCESS)
}
