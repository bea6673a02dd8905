use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::sync::watch;

use crate::cli::failure::Failure;
use crate::cli::{progress, run};
use crate::config::{self, Environment};
use crate::pipeline::{Engine, outstanding, relabel};

/// `kliping retag`: what a daemon does by itself after it has read feeds.toml again.
pub fn run(config: &Path) -> Result<ExitCode, Failure> {
    let settings = Arc::new(config::load(config, &Environment::from_process())?);
    let (_sender, receiver) = watch::channel(Arc::clone(&settings));
    run::runtime()?.block_on(async {
        let engine = Engine::start(receiver, Arc::new(Utc::now))?;
        let store = Arc::clone(&engine.poller.store);
        let of = |error: crate::store::StoreError| Failure::from(&error);
        if outstanding(&*store, &settings).map_err(of)?.is_none() {
            println!("all {} items are labelled by these rules already", store.count().map_err(of)?);
            return Ok(ExitCode::SUCCESS);
        }
        let bar = progress::items(store.count().map_err(of)?);
        let done = relabel(&engine.poller, &settings, |progress| {
            bar.set_position(progress.looked as u64);
            true
        });
        let done = done.await?;
        bar.finish_and_clear();
        drop(store);
        tokio::task::spawn_blocking(|| engine.finish()).await.map_err(|error| Failure::Other(error.into()))?;
        println!("{} items looked at, {} changed", done.looked, done.changed);
        Ok(ExitCode::SUCCESS)
    })
}
