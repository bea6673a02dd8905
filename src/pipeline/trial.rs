use std::sync::Arc;

use chrono::Utc;
use tokio::sync::{Semaphore, watch};

use crate::config::Settings;
use crate::domain::{Item, Source, Watch};
use crate::fetch::Fetcher;
use crate::pipeline::{Changes, PollReport, Poller, Round, WriteError, Writer};
use crate::store::{MemoryStore, Store};

/// Articles' pages that a trial reads: enough to see how they come out.
const FEW: usize = 3;

/// What a source would bring.
#[derive(Debug)]
pub struct Trial {
    /// How its poll went.
    pub report: PollReport,
    /// What would be remembered of it.
    pub watch: Watch,
    /// What would be kept, the newest first.
    pub items: Vec<Item>,
}

/// Polls a source as the daemon would, one list page and few articles far, into memory: nothing is kept.
///
/// # Errors
/// Only where the system refuses a thread.
pub async fn try_out(fetcher: &Fetcher, settings: &Settings, source: &Source) -> Result<Trial, WriteError> {
    let source = Source { pages: 1, ..source.clone() };
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let (_sender, settings) = watch::channel(Arc::new(settings.clone()));
    let started = Writer::start(Arc::clone(&store), Arc::new(Changes::default()), settings.clone());
    let (writer, thread) = started.map_err(|_| WriteError::Ended)?;
    let poller = Poller {
        settings,
        fetcher: fetcher.clone(),
        store: Arc::clone(&store),
        writer,
        clock: Arc::new(Utc::now),
        readers: Arc::new(Semaphore::new(2)),
        round: Arc::new(Round::default()),
        articles: FEW,
    };
    let report = poller.poll(&source).await;
    drop(poller);
    let _ = tokio::task::spawn_blocking(move || thread.join()).await;
    let refused = |error| WriteError::Store(Arc::new(error));
    let mut items = Vec::new();
    for (_, id) in store.newest(None, u64::MAX, usize::MAX).map_err(refused)? {
        items.extend(store.item(id).map_err(refused)?);
    }
    Ok(Trial { report: report?, watch: store.watch(&source.id).map_err(refused)?.unwrap_or_default(), items })
}
