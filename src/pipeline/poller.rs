use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use crate::config::Settings;
use crate::domain::{Complaint, Instant, Outcome, Source, Validators, Watch};
use crate::fetch::{Answer, Document, FetchError, Fetcher, Request, Turn};
use crate::pipeline::intake::Received;
use crate::pipeline::{Arrival, Counts, Intake, Settled, WriteError, Writer, take_in};
use crate::schedule::{Told, wait_after};
use crate::store::Store;

/// Where the time comes from: the system's clock, or a fixed one in tests.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Polls sources, one at a time for each call; callers bound how many calls are under way.
#[derive(Clone)]
pub struct Poller {
    /// What the operator configured, as it is now.
    pub settings: watch::Receiver<Arc<Settings>>,
    /// Asks the outlets.
    pub fetcher: Fetcher,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Writes to it.
    pub writer: Writer,
    /// Tells the time.
    pub clock: Clock,
    /// Documents that are read at once: as many as there are processors.
    pub readers: Arc<Semaphore>,
}

/// What one poll did.
#[derive(Debug, Clone)]
pub struct PollReport {
    /// How it ended.
    pub outcome: Outcome,
    /// What it changed.
    pub counts: Counts,
    /// Entries in the document.
    pub entries: u32,
    /// Bytes of the document, decompressed.
    pub bytes: u64,
    /// What should be mended at the source.
    pub complaints: Vec<Complaint>,
    /// How long it took, waiting for the host's turn included.
    pub took: Duration,
}

/// A poll that has ended, before it is written.
struct Polled {
    watch: Watch,
    arrivals: Vec<Arrival>,
    bytes: u64,
    /// Held until what was brought is durable: a slow disk slows down fetching, it does not fill the memory.
    turn: Option<Turn>,
}

impl Poller {
    /// Asks a source once and returns when what it brought is durable.
    ///
    /// # Errors
    /// Only the store's: whatever the outlet does is an [`Outcome`].
    pub async fn poll(&self, source: &Source) -> Result<PollReport, WriteError> {
        let begun = std::time::Instant::now();
        let before =
            self.store.watch(&source.id).map_err(|error| WriteError::Store(Arc::new(error)))?.unwrap_or_default();
        let request = Request {
            url: source.url.clone(),
            validators: before.validators.clone(),
            allow_private: source.allow_private,
            user_agent: source.user_agent.clone(),
        };
        let answer = self.fetcher.fetch(&request).await;
        let now = (self.clock)();
        let polled = match answer {
            Ok(Answer::NotModified(headers)) => Polled {
                watch: answered(unchanged(before, headers.validators), Outcome::Unchanged, headers.max_age, now),
                arrivals: Vec::new(),
                bytes: 0,
                turn: None,
            },
            Ok(Answer::Document(document)) => self.read(source, before, document, now).await,
            Err(error) => failed(before, &error, now),
        };
        let (outcome, complaints) = (polled.watch.outcome.clone(), polled.watch.complaints.clone());
        let entries = if polled.bytes > 0 { polled.watch.entries } else { 0 };
        let (arrivals, watch) = (polled.arrivals, polled.watch);
        let counts = self.writer.write(Settled { source: source.id.clone(), watch, arrivals, now }).await?;
        drop(polled.turn);
        let outcome = outcome.unwrap_or(Outcome::Unchanged);
        Ok(PollReport { outcome, counts, entries, bytes: polled.bytes, complaints, took: begun.elapsed() })
    }

    /// Reading is work for a processor: it must not hold up the requests of others, so it runs on a thread of its own.
    async fn read(&self, source: &Source, before: Watch, document: Document, now: Instant) -> Polled {
        let _turn = self.readers.acquire().await;
        let settings = Arc::clone(&self.settings.borrow());
        let (own, untrusted, bytes) = (source.clone(), before.guids_untrusted, document.bytes.len() as u64);
        let reading = tokio::task::spawn_blocking(move || {
            let zone = offset_of(settings.catalogue.site.timezone, now);
            let received =
                Received { bytes: &document.bytes, url: &document.url, content_type: document.content_type.as_deref() };
            let intake = take_in(received, &own, &settings.rules, zone, untrusted, now);
            (intake, document.headers, document.truncated, document.turn)
        });
        let Ok((intake, headers, truncated, turn)) = reading.await else {
            return Polled { watch: stumbled(before, now), arrivals: Vec::new(), bytes, turn: None };
        };
        match intake {
            Ok(Intake { arrivals, mut complaints, entries, guids_untrusted }) => {
                // What was cut off may be whole next time: its validators must not keep it from coming again.
                let validators = if truncated { before.validators.clone() } else { headers.validators };
                if truncated {
                    let what = "the document was cut off on its way; its complete items are kept".into();
                    complaints.push(Complaint { what, place: "document".into(), mended: false });
                }
                let watch = Watch { validators, complaints, entries, guids_untrusted, ..before };
                Polled {
                    watch: answered(watch, Outcome::Fetched, headers.max_age, now),
                    arrivals,
                    bytes,
                    turn: Some(turn),
                }
            }
            Err(error) => {
                let outcome = (error.kind().to_owned(), error.to_string(), error.hint().to_owned());
                Polled { watch: failure(before, outcome, None, now), arrivals: Vec::new(), bytes, turn: None }
            }
        }
    }
}

/// The site's offset from UTC at that instant; Indonesia's zones have no summer time.
fn offset_of(timezone: chrono_tz::Tz, now: Instant) -> chrono::FixedOffset {
    use chrono::Offset;
    now.with_timezone(&timezone).offset().fix()
}

/// A 304 keeps the validators and takes those that it carries (POLLING 4).
fn unchanged(mut watch: Watch, carried: Option<Validators>) -> Watch {
    if let (Some(kept), Some(carried)) = (&mut watch.validators, carried) {
        kept.etag = carried.etag.or(kept.etag.take());
        kept.last_modified = carried.last_modified.or(kept.last_modified.take());
    }
    watch
}

fn answered(watch: Watch, outcome: Outcome, max_age: Option<Duration>, now: Instant) -> Watch {
    Watch {
        last_poll: Some(now),
        last_success: Some(now),
        outcome: Some(outcome),
        failures: 0,
        wait: wait_after(Told { max_age, ..Told::default() }, now),
        ..watch
    }
}

fn failed(before: Watch, error: &FetchError, now: Instant) -> Polled {
    let outcome = (error.kind().to_owned(), error.to_string(), error.hint());
    let mut watch = failure(before, outcome, error.retry_after(), now);
    watch.gone = error.kind() == "gone";
    Polled { watch, arrivals: Vec::new(), bytes: 0, turn: None }
}

/// The validators stay as they were: what they stand for is kept, what came now is not.
fn failure(
    before: Watch,
    (kind, what, hint): (String, String, String),
    retry_after: Option<Duration>,
    now: Instant,
) -> Watch {
    let failures = before.failures.saturating_add(1);
    Watch {
        last_poll: Some(now),
        outcome: Some(Outcome::Failed { kind, what, hint }),
        failures,
        wait: wait_after(Told { max_age: None, retry_after, failures }, now),
        ..before
    }
}

fn stumbled(before: Watch, now: Instant) -> Watch {
    let what = "kliping stumbled over this document; the others are not affected".to_owned();
    let hint = "this is a defect of kliping's: please report it with the document".to_owned();
    failure(before, ("internal".into(), what, hint), None, now)
}
