//! `kliping run`: polls on schedule, serves, reloads, drains. In: settings, an engine, a listener, a signal to stop.
//! Out: nothing but what it serves and logs. Deliberately absent: how a poll goes (`pipeline`) and when it is due
//! (`schedule`, a pure function that is asked again after every poll).

mod counting;
mod indexing;
mod notify;
mod polling;
mod publishing;
mod relabelling;
mod reload;
mod signals;
mod websub;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

pub use indexing::keep_index;
pub use reload::Reloader;
pub use signals::Signals;
pub use websub::fan_out;

use crate::config::Settings;
use crate::deliver::Hub;
use crate::metrics::Metrics;
use crate::pipeline::{Engine, Subscriber, WriteError};
use crate::{search, web};

/// How long polls and answers that are under way may go on after a signal to stop.
const GRACE: Duration = Duration::from_secs(20);

/// What a daemon works with; all of it comes from outside, so that a test can run one.
pub struct Daemon {
    /// Polls and keeps.
    pub engine: Engine,
    /// The settings, as they are now.
    pub settings: watch::Receiver<Arc<Settings>>,
    /// Replaces them; `None` where they cannot change.
    pub reloader: Option<Reloader>,
    /// Where requests come in.
    pub listener: TcpListener,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Told when every source has been polled once; `None` where nobody asks.
    pub first_round: Option<tokio::sync::oneshot::Sender<()>>,
}

/// Runs until `stop` says so, then drains and returns.
///
/// # Errors
/// The store refused a write: only opening it anew can tell what it holds.
pub async fn run(daemon: Daemon, mut stop: Signals) -> Result<(), WriteError> {
    let Daemon { engine, settings, reloader, listener, metrics, first_round } = daemon;
    let (stopping, stopped) = watch::channel(false);
    let poller = &engine.poller;
    let (store, changes) = (Arc::clone(&poller.store), Arc::clone(&engine.changes));
    let hub = Hub::open(poller.fetcher.clone(), Arc::clone(&store), Arc::clone(&poller.clock));
    let hub = hub.map_err(|error| WriteError::Store(Arc::new(error)))?;
    let subscriber = Subscriber::open(poller.clone())?;
    let websub = web::Websub { hub: Arc::clone(&hub), subscriber: Arc::clone(&subscriber) };
    let search = open_index(&settings.borrow().store.path);
    let app = web::App {
        websub: Some(websub),
        search: search.clone(),
        ..web::App::new(settings.clone(), store, changes, Arc::clone(&metrics))
    };
    let counting = counting::keep_counts(app.clone(), stopped.clone());
    if let Ok(address) = listener.local_addr() {
        eprintln!("listening on http://{address}");
    }
    let (fetcher, clock) = (poller.fetcher.clone(), Arc::clone(&poller.clock));
    let fanning_out = tokio::spawn(websub::fan_out(app.clone(), hub, fetcher, clock, stopped.clone()));
    let publishing = tokio::spawn(publishing::keep_files(app.clone(), stopped.clone()));
    let counting = tokio::spawn(counting);
    let serving = tokio::spawn(web::serve(listener, app, until(stopped.clone())));
    let subscribing = tokio::spawn(websub::keep_subscribed(Arc::clone(&subscriber), stopped.clone()));
    let polling = tokio::spawn(polling::poll_on_schedule(
        engine.poller.clone(),
        settings.clone(),
        metrics,
        Arc::clone(&subscriber),
        stopped.clone(),
        first_round,
    ));
    let relabelling = tokio::spawn(relabelling::keep_labels(engine.poller.clone(), settings.clone(), stopped.clone()));
    let store = Arc::clone(&engine.poller.store);
    let indexing = search.map(|index| tokio::spawn(indexing::keep_index(store, index, stopped.clone())));
    let changes = Arc::clone(&engine.changes);
    let reloading = reloader.map(|reloader| tokio::spawn(reloader.run(settings, changes, stop.reload(), stopped)));
    notify::ready();
    let mut polling = polling;
    let early = tokio::select! {
        () = stop.stop() => None,
        ended = &mut polling => Some(ended),
    };
    tracing::info!("stopping: what is under way may take {} s more", GRACE.as_secs());
    notify::stopping();
    // Nobody listening is fine: then everything has ended already.
    let _ = stopping.send(true);
    let ended = match early {
        Some(ended) => Some(ended),
        None => tokio::select! {
            ended = &mut polling => Some(ended),
            () = tokio::time::sleep(GRACE) => None,
            () = stop.stop() => None,
        },
    };
    polling.abort();
    let subscribing = tokio::spawn(async move {
        if let Ok(Err(error)) = subscribing.await {
            tracing::error!("subscriptions at hubs could not be kept: {error}");
        }
    });
    let relabelling = tokio::spawn(async move {
        if let Ok(Err(error)) = relabelling.await {
            tracing::error!("what is kept could not be labelled anew: {error}");
        }
    });
    let serving = tokio::spawn(async move { drop(serving.await) });
    let tasks =
        [Some(serving), Some(publishing), Some(fanning_out), Some(subscribing), Some(relabelling), Some(counting)];
    let tasks = tasks.into_iter().chain([indexing, reloading]);
    for task in tasks.into_iter().flatten() {
        if tokio::time::timeout(Duration::from_secs(5), task).await.is_err() {
            tracing::warn!("a client was cut off: it took too long");
        }
    }
    // A connection that lasts would hold the writer.
    subscriber.close();
    tokio::task::spawn_blocking(|| engine.finish()).await.ok();
    match ended {
        Some(Ok(result)) => result,
        _ => Ok(()),
    }
}

/// The search index, beside the store's own files. Without one everything but the search goes on.
fn open_index(store: &Path) -> Option<Arc<search::Index>> {
    match search::Index::open(&store.join("search")) {
        Ok(index) => Some(Arc::new(index)),
        Err(error) => {
            tracing::error!("there is no search: {error} (hint: {})", error.hint());
            None
        }
    }
}

/// Resolves when stopping begins.
async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
