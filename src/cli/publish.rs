use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::sync::watch;

use crate::cli::arguments::PublishOptions;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::deliver::{DeliverError, Site};
use crate::metrics::Metrics;
use crate::pipeline::Changes;
use crate::store::{DiskStore, Store, StoreError};
use crate::web::{self, Given};

/// `kliping publish`.
pub fn run(config: &Path, options: &PublishOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    let store: Arc<dyn Store> = Arc::new(DiskStore::open(&settings.store.path).map_err(|error| Failure::from(&error))?);
    let kept = settings.store.path.clone();
    let (_sender, settings) = watch::channel(Arc::new(settings));
    let app = web::App::new(settings, store, Arc::new(Changes::default()), Arc::new(Metrics::new()));
    let mut site = Site::open(&options.directory, &[&kept, config]).map_err(|error| failure(&error))?;
    let put = &mut |file: web::PageFile| Ok(site.put(&file.name, &file.bytes, file.changed)?);
    web::files(&app, &mut Given::default(), Utc::now(), put).map_err(|stopped: Stopped| stopped.0)?;
    site.remove_others().map_err(|error| failure(&error))?;
    let done = site.delivered();
    println!(
        "{} files in `{}`: {} written, {} as they were; {} old ones removed",
        done.files,
        options.directory.display(),
        done.written,
        done.files - done.written,
        done.removed
    );
    Ok(ExitCode::SUCCESS)
}

/// What ended the writing.
struct Stopped(Failure);

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped(Failure::from(&error))
    }
}

impl From<DeliverError> for Stopped {
    fn from(error: DeliverError) -> Self {
        Stopped(failure(&error))
    }
}

fn failure(error: &DeliverError) -> Failure {
    Failure::Usage { what: error.to_string(), hint: error.hint() }
}
