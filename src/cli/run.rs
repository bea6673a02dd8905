use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::arguments::RunOptions;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};
use crate::daemon::{self, Daemon, Reloader, Signals};
use crate::metrics::Metrics;
use crate::pipeline::Engine;

/// At the very end threads that are at work still have this long.
const LAST: Duration = Duration::from_secs(2);

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
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        // Bound first: an address that is taken must not cost the opening of the store.
        let listener = bind(listen).await?;
        let stop = Signals::listen()?;
        let engine = Engine::start(receiver.clone(), Arc::new(Utc::now))?;
        let reloader = Some(Reloader { path: config.to_owned(), environment, settings: sender });
        let metrics = Arc::new(Metrics::new());
        daemon::run(Daemon { engine, settings: receiver, reloader, listener, metrics, first_round: None }, stop)
            .await?;
        Ok(ExitCode::SUCCESS)
    });
    // Whatever was written is durable; a thread that is busy with a document has had its time.
    runtime.shutdown_timeout(LAST);
    ended
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
