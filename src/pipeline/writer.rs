use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot, watch};

use crate::config::Settings;
use crate::domain::{Instant, ItemId, Slug, Watch};
use crate::pipeline::ledger::{Counts, Ledger};
use crate::pipeline::{Arrival, Changes, Relabelled};
use crate::schedule::{brought, meanwhile, pushed};
use crate::store::{Batch, Labelling, Store, StoreError};

/// Polls that wait for the writer; more make the pollers wait.
const QUEUE: usize = 64;
/// Polls that become one batch, at most.
const MOST_POLLS: usize = 64;
/// Arrivals of a batch, beyond which no further poll joins it: a batch is held in memory as a whole.
const MOST_ARRIVALS: usize = 2_000;

/// What a poll leaves to be written.
#[derive(Debug)]
pub struct Settled {
    /// Whose.
    pub source: Slug,
    /// What is to be remembered of it. The writer adds the counts of what was new.
    pub watch: Watch,
    /// What it brought, oldest first; nothing after a 304 or a failure.
    pub arrivals: Vec<Arrival>,
    /// The instant of the poll.
    pub now: Instant,
}

/// What a push leaves to be written: nothing that a poll would be asked with.
#[derive(Debug)]
pub struct Pushed {
    /// Whose.
    pub source: Slug,
    /// What it brought, oldest first.
    pub arrivals: Vec<Arrival>,
    /// Whether its guids identify nothing.
    pub guids_untrusted: bool,
    /// When it came.
    pub now: Instant,
}

/// A poll was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// The store refused: nothing more is written by this process.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// The writer has ended.
    #[error("the writer has ended")]
    Ended,
}

/// The one thread that writes to the store. Being alone, it may look up and then write without a race; and what waits for
/// it is committed as one batch, so that many polls share one sync of the disk.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

/// What is to be remembered of a source in place of what is.
pub type Amendment = Box<dyn FnOnce(Watch) -> Watch + Send>;

struct Job {
    task: Task,
    done: oneshot::Sender<Result<Counts, WriteError>>,
}

enum Task {
    Settle(Box<Settled>),
    Push(Pushed),
    Relabel(Vec<Relabelled>, Labelling, Instant),
    Amend(Slug, Amendment),
}

impl Task {
    fn arrivals(&self) -> usize {
        match self {
            Task::Settle(settled) => settled.arrivals.len(),
            Task::Push(pushed) => pushed.arrivals.len(),
            Task::Relabel(items, ..) => items.len(),
            Task::Amend(..) => 0,
        }
    }
}

impl Writer {
    /// Starts the thread. It ends when the last `Writer` is dropped and everything handed to it is written; join it then.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn start(
        store: Arc<dyn Store>,
        changes: Arc<Changes>,
        settings: watch::Receiver<Arc<Settings>>,
    ) -> std::io::Result<(Writer, JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write_all(&*store, &changes, &settings, jobs))?;
        Ok((Writer { queue }, thread))
    }

    /// Hands a poll to the writer and returns when it is durable.
    ///
    /// # Errors
    /// The store refused, or the writer has ended.
    pub async fn write(&self, settled: Settled) -> Result<Counts, WriteError> {
        self.hand_over(Task::Settle(Box::new(settled))).await
    }

    /// Hands what a hub pushed to the writer and returns when it is durable.
    ///
    /// # Errors
    /// The store refused, or the writer has ended.
    pub async fn push(&self, pushed: Pushed) -> Result<Counts, WriteError> {
        self.hand_over(Task::Push(pushed)).await
    }

    /// Changes what is remembered of a source, as it is when its turn comes: a poll of it that ended meanwhile is not undone.
    ///
    /// # Errors
    /// The store refused, or the writer has ended.
    pub async fn amend(&self, source: Slug, amendment: Amendment) -> Result<(), WriteError> {
        self.hand_over(Task::Amend(source, amendment)).await.map(drop)
    }

    /// Gives items other labels, and remembers how far that has come.
    ///
    /// # Errors
    /// The store refused, or the writer has ended.
    pub async fn relabel(&self, items: Vec<Relabelled>, done: Labelling, now: Instant) -> Result<(), WriteError> {
        self.hand_over(Task::Relabel(items, done, now)).await.map(drop)
    }

    async fn hand_over(&self, task: Task) -> Result<Counts, WriteError> {
        let (done, answer) = oneshot::channel();
        self.queue.send(Job { task, done }).await.map_err(|_| WriteError::Ended)?;
        answer.await.map_err(|_| WriteError::Ended)?
    }
}

fn write_all(
    store: &dyn Store,
    changes: &Changes,
    settings: &watch::Receiver<Arc<Settings>>,
    mut jobs: mpsc::Receiver<Job>,
) {
    while let Some(first) = jobs.blocking_recv() {
        let mut arrivals = first.task.arrivals();
        let mut batch = vec![first];
        while batch.len() < MOST_POLLS && arrivals < MOST_ARRIVALS {
            let Ok(job) = jobs.try_recv() else { break };
            arrivals += job.task.arrivals();
            batch.push(job);
        }
        let (tasks, done): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.task, job.done)).unzip();
        let now = Arc::clone(&settings.borrow());
        match write(store, changes, &now, tasks) {
            Ok(counts) => {
                for (done, counts) in done.into_iter().zip(counts) {
                    // Who no longer waits was cancelled; what it brought is kept all the same.
                    let _ = done.send(Ok(counts));
                }
            }
            Err(error) => return refuse(&Arc::new(error), done, jobs),
        }
    }
}

/// After a failed commit nobody knows what the disk holds; only opening the store anew tells. So this process writes no more.
fn refuse(
    error: &Arc<StoreError>,
    done: Vec<oneshot::Sender<Result<Counts, WriteError>>>,
    mut jobs: mpsc::Receiver<Job>,
) {
    for done in done {
        let _ = done.send(Err(WriteError::Store(Arc::clone(error))));
    }
    while let Some(job) = jobs.blocking_recv() {
        let _ = job.done.send(Err(WriteError::Store(Arc::clone(error))));
    }
}

fn write(
    store: &dyn Store,
    changes: &Changes,
    settings: &Settings,
    tasks: Vec<Task>,
) -> Result<Vec<Counts>, StoreError> {
    let mut ledger = Ledger::new(store, &settings.catalogue, settings.publish.story_window)?;
    // What a new store is given from the start is labelled by the rules of today.
    let first = store.count()? == 0 && store.labelling()?.is_none();
    let mut labelling = first.then(|| Labelling { rules: settings.labels_by(), below: 0 });
    let mut all = Vec::with_capacity(tasks.len());
    for task in tasks {
        all.push(match task {
            Task::Settle(settled) => {
                let Settled { source, watch, arrivals, now } = *settled;
                let counts = ledger.enter(&source, arrivals, now)?;
                let watch = meanwhile(watch, &ledger.watch(&source)?);
                ledger.remember(source, brought(watch, counts.new + counts.carried, now));
                counts
            }
            Task::Push(Pushed { source, arrivals, guids_untrusted, now }) => {
                let counts = ledger.enter(&source, arrivals, now)?;
                let watch = ledger.watch(&source)?;
                ledger.remember(source, pushed(watch, counts.new + counts.carried, guids_untrusted, now));
                counts
            }
            Task::Relabel(items, done, now) => {
                for Relabelled { before, judgement } in items {
                    ledger.relabel(&before, judgement, now)?;
                }
                labelling = Some(done);
                Counts::default()
            }
            Task::Amend(source, amendment) => {
                let watch = ledger.watch(&source)?;
                ledger.remember(source, amendment(watch));
                Counts::default()
            }
        });
    }
    let (batch, touched) = ledger.close();
    let items: Vec<ItemId> = batch.changes.iter().map(|change| change.item.id).collect();
    store.commit(&Batch { labelling, ..batch })?;
    if !touched.is_empty() {
        changes.note(touched, items);
    }
    Ok(all)
}
