use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::arguments::RunOptions;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::daemon::{self, Daemon, Reloader, Signals};
use crate::metrics::Metrics;
use crate::pipeline::Engine;

/// `kliping run`.
pub fn run(config: &Path, options: &RunOptions) -> Result<ExitCode, Failure> {
    let environment = Environment::from_process();
    let settings = config::load(config, &environment)?;
    let listen = options.listen.unwrap_or(settings.server.listen);
    let store = settings.store.path.clone();
    if store.exists() {
        tracing::info!(
            "opening the store `{}`; after an abrupt stop a large one takes up to half a minute",
            store.display()
        );
    }
    let (sender, receiver) = watch::channel(Arc::new(settings));
    runtime()?.block_on(async {
        // Bound first: an address that is taken must not cost the opening of the store.
        let listener = bind(listen).await?;
        let stop = Signals::listen()?;
        let engine = Engine::start(receiver.clone(), Arc::new(Utc::now))?;
        let reloader = Some(Reloader { path: config.to_owned(), environment, settings: sender });
        let metrics = Arc::new(Metrics::new());
        daemon::run(Daemon { engine, settings: receiver, reloader, listener, metrics, first_round: None }, stop)
            .await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The runtime of every command.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Binds, or says what to type instead.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::Usage {
        what: format!("cannot listen on `{address}`: {error}"),
        hint: "choose another address with --listen, for example --listen 127.0.0.1:0 for a free port".into(),
    })
}
