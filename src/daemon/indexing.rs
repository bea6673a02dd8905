use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::pipeline::{Followed, IndexingError, follow};
use crate::search::Index;
use crate::store::Store;

/// How often the store is asked what changed: one look into its newest keys.
const LOOK: Duration = Duration::from_secs(2);
/// How long it is left alone after an error, as a full disk does not empty in a moment.
const PAUSE: Duration = Duration::from_secs(60);
/// How often the log says how far building has come.
const TELL: Duration = Duration::from_secs(10);

/// Keeps the search index up to date, in the background, and builds it where there is none. Whatever goes wrong with it costs the search
/// alone.
pub async fn keep_index(store: Arc<dyn Store>, index: Arc<Index>, mut stopped: watch::Receiver<bool>) {
    let (verified, looked_at) = (Arc::clone(&index), Instant::now());
    // A damage is remembered by the index, and building anew is what `follow` then does.
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || verified.verify()).await {
        tracing::warn!("{error} (hint: {})", error.hint());
    }
    tracing::debug!(duration_ms = looked_at.elapsed().as_millis(), "the search index was verified");
    let mut told: Option<Instant> = None;
    loop {
        let (from, to) = (Arc::clone(&store), Arc::clone(&index));
        // Work for a processor: it must not hold up requests.
        let step = tokio::task::spawn_blocking(move || follow(&*from, &to)).await;
        let wait = match step {
            Ok(Ok(Followed::Current)) => {
                if told.take().is_some() {
                    tracing::info!(items = index.count(), "the search index is complete");
                }
                LOOK
            }
            Ok(Ok(Followed::BegunAnew)) => {
                tracing::info!("the search index is built from what is kept, the newest first");
                told = Some(Instant::now());
                Duration::ZERO
            }
            Ok(Ok(Followed::Wrote(_))) => {
                let building = index.progress().is_some_and(|progress| progress.below > 0);
                if building && told.is_none_or(|told| told.elapsed() >= TELL) {
                    let (done, kept) = (index.count(), store.count().unwrap_or(0));
                    tracing::info!(items = done, kept, "the search index is being built");
                    told = Some(Instant::now());
                }
                Duration::ZERO
            }
            Ok(Err(error)) => {
                let hint = match &error {
                    IndexingError::Store(error) => error.hint(),
                    IndexingError::Search(error) => error.hint(),
                };
                tracing::error!("the search index stays behind: {error} (hint: {hint})");
                PAUSE
            }
            Err(panic) => {
                tracing::error!("the search index stays behind: {panic}");
                index.found_damaged("writing to it failed without a reason".into());
                PAUSE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        if *stopped.borrow() {
            return;
        }
    }
}
