use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{Semaphore, watch};

use crate::config::Settings;
use crate::fetch::{FetchError, Fetcher};
use crate::pipeline::{Changes, Clock, MOST_ARTICLES, Poller, Round, Writer};
use crate::store::{DiskStore, Store, StoreError};

/// Everything that polls need, put together once for each process.
pub struct Engine {
    /// Polls.
    pub poller: Poller,
    /// Tells which channels changed.
    pub changes: Arc<Changes>,
    writer: JoinHandle<()>,
}

/// The engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client cannot be built.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The system refuses a thread.
    #[error("the system refuses a thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl Engine {
    /// Opens the store that the settings name and starts the writer.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(settings: watch::Receiver<Arc<Settings>>, clock: Clock) -> Result<Engine, StartError> {
        let now = Arc::clone(&settings.borrow());
        let store: Arc<dyn Store> = Arc::new(DiskStore::open(&now.store.path)?);
        let fetcher = Fetcher::new(now.limits.clone(), &now.user_agent)?;
        let changes = Arc::new(Changes::default());
        let (writer, thread) = Writer::start(Arc::clone(&store), Arc::clone(&changes), settings.clone())?;
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let readers = Arc::new(Semaphore::new(processors));
        let round = Arc::new(Round::default());
        let articles = MOST_ARTICLES;
        let poller = Poller { settings, fetcher, store, writer, clock, readers, round, articles };
        Ok(Engine { poller, changes, writer: thread })
    }

    /// Returns when everything that was handed to the writer is durable. Every clone of the poller must be gone.
    pub fn finish(self) {
        drop(self.poller);
        // A writer that panicked has nothing more to write, and its pollers were told.
        let _ = self.writer.join();
    }
}
