use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use url::Url;

use crate::config::Settings;
use crate::domain::{Complaint, Gap, Instant, Outcome, Slug, Source, SourceKind, Wait, Watch};
use crate::fetch::{Answer, FetchError, Fetcher, Hop, Request, Turn, host_of};
use crate::pipeline::{Arrival, Counts, Round, Settled, WriteError, Writer, asking};
use crate::schedule::{self, Failure, LONGEST_MAX_AGE, Redirect, Told};
use crate::store::{Store, StoreError};
use crate::websub::Announced;

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
    /// Tells an outlet's failure from our own network's.
    pub round: Arc<Round>,
    /// Articles' pages that one poll reads, at most.
    pub articles: usize,
}

/// What one poll did.
#[derive(Debug, Clone)]
pub struct PollReport {
    /// How it ended; `None` where nothing was asked, because its host asked for patience meanwhile.
    pub outcome: Option<Outcome>,
    /// Until when the source is left alone now.
    pub wait: Option<Wait>,
    /// What it changed.
    pub counts: Counts,
    /// Entries in the document.
    pub entries: u32,
    /// Bytes of the document, decompressed.
    pub bytes: u64,
    /// What should be mended at the source.
    pub complaints: Vec<Complaint>,
    /// That the document had nothing in common with what was known.
    pub gap: Option<Gap>,
    /// The selector of what was taken for articles on a list page, where nobody told one.
    pub guessed: Option<String>,
    /// What the document calls itself.
    pub title: Option<String>,
    /// The hub that its answer announces (WebSub).
    pub announced: Option<Announced>,
    /// Other sources whose next poll is another one now.
    pub replan: Vec<Slug>,
    /// How long it took, waiting for the host's turn included.
    pub took: Duration,
}

/// A poll that has ended, before it is written.
pub(super) struct Polled {
    /// What is to be remembered.
    pub watch: Watch,
    /// What it brought, oldest first.
    pub arrivals: Vec<Arrival>,
    /// What was written of it already, so that it need not be held in memory.
    pub kept: Counts,
    /// Bytes of its documents, decompressed.
    pub bytes: u64,
    /// Entries in them.
    pub entries: u32,
    /// What the answer said about asking again.
    pub told: Told,
    /// That nothing in it was known.
    pub gap: Option<Gap>,
    /// Its host answered 429.
    pub too_many: bool,
    /// What was taken for articles, where nobody told.
    pub guessed: Option<String>,
    /// What its document calls itself.
    pub title: Option<String>,
    /// The hub that its answer announces (WebSub).
    pub announced: Option<Announced>,
}

impl Poller {
    /// Asks a source once and returns when what it brought is durable.
    ///
    /// # Errors
    /// Only the store's: whatever the outlet does is an [`Outcome`].
    pub async fn poll(&self, source: &Source) -> Result<PollReport, WriteError> {
        let begun = std::time::Instant::now();
        let mut before = self.watch(source)?;
        if let SourceKind::File(path) = &source.kind {
            return self.take_files(source, path, before, begun).await;
        }
        let address = asking::address(source, &before, (self.clock)());
        let turn = self.fetcher.turn(&address).await;
        if turn.waited {
            let wait = std::mem::replace(&mut before, self.watch(source)?).wait;
            if before.wait != wait && before.wait.as_ref().is_some_and(|wait| wait.until > (self.clock)()) {
                return Ok(postponed(before.wait, begun.elapsed()));
            }
        }
        // Boxed, because those that wait for their turn may be hundreds.
        Box::pin(self.poll_in_turn(source, before, address, turn, begun)).await
    }

    async fn poll_in_turn(
        &self,
        source: &Source,
        before: Watch,
        address: Url,
        mut turn: Turn,
        begun: std::time::Instant,
    ) -> Result<PollReport, WriteError> {
        let request = self.request(source, &before, address);
        let answer = self.fetcher.fetch(&request, &mut turn).await;
        let now = (self.clock)();
        let before = Watch {
            doubted: if request.validators.is_none() && before.validators.is_some() {
                Some(now)
            } else {
                before.doubted
            },
            ..before
        }
        .of(source);
        let refused = answer.as_ref().err().is_some_and(asking::refuses_its_api);
        let mut polled = self.answered(source, before.clone(), answer, &mut turn, now).await?;
        if source.kind == SourceKind::WordPress && before.api_refused.is_none() && (refused || polled.is_unreadable()) {
            let before = Watch { api_refused: Some(now), ..before };
            let request = self.request(source, &before, asking::address(source, &before, now));
            let answer = self.fetcher.fetch_next(&request, &mut turn).await;
            polled = self.answered(source, before, answer, &mut turn, now).await?;
        }
        // Held until what was brought is durable: a slow disk slows down fetching, it does not fill the memory. Who brought nothing
        // need not hold up others; but after a 429 those who wait here must find the pause when their turn comes.
        let turn = Some(turn).filter(|_| polled.too_many || !polled.arrivals.is_empty());
        let report = self.settle(source, polled, now, begun).await;
        drop(turn);
        report
    }

    async fn answered(
        &self,
        source: &Source,
        before: Watch,
        answer: Result<Answer, FetchError>,
        turn: &mut Turn,
        now: Instant,
    ) -> Result<Polled, WriteError> {
        Ok(match answer {
            Ok(Answer::NotModified { headers, hops }) => {
                let told = Told { max_age: headers.max_age, retry_after: None };
                let watch = schedule::unchanged(before, headers.validators, &redirects(&hops), told, now);
                Polled::without_document(watch, told)
            }
            Ok(Answer::Document(document)) => self.read(source, before, document, turn, now).await?,
            Err(error) => failed(before, &error, now),
        })
    }

    /// What is remembered of a source as it is configured now.
    fn watch(&self, source: &Source) -> Result<Watch, WriteError> {
        let watch = self.store.watch(&source.id).map_err(refused)?.unwrap_or_default();
        let watch = watch.under(source);
        // A site that switched its API off may have switched it on again.
        let api_refused = watch.api_refused.filter(|at| (self.clock)() - *at < asking::API_REST);
        Ok(Watch { api_refused, ..watch })
    }

    fn request(&self, source: &Source, watch: &Watch, url: Url) -> Request {
        let doubt = schedule::doubt(watch, (self.clock)());
        if let Some(why) = &doubt {
            tracing::info!(source = %source.id, "{}: {why}", source.id);
        }
        Request { validators: watch.validators.clone().filter(|_| doubt.is_none()), ..asking::of_source(source, url) }
    }

    /// Writes what a poll brought, and what it says about other sources.
    pub(super) async fn settle(
        &self,
        source: &Source,
        polled: Polled,
        now: Instant,
        begun: std::time::Instant,
    ) -> Result<PollReport, WriteError> {
        let Polled { watch, arrivals, kept, bytes, entries, told, gap, too_many, guessed, title, announced } = polled;
        if let Some(age) = told.max_age.filter(|age| *age > LONGEST_MAX_AGE) {
            let seconds = age.as_secs();
            tracing::info!(source = %source.id, seconds, "{} says that it is fresh for longer than a day: a day it is", source.id);
        }
        let (outcome, complaints, wait) = (watch.outcome.clone(), watch.complaints.clone(), watch.wait.clone());
        let mut counts = self.writer.write(Settled { source: source.id.clone(), watch, arrivals, now }).await?;
        counts += kept;
        let mut replan = Vec::new();
        if too_many {
            replan = self.pause_host(source, now).await?;
        }
        if matches!(outcome, Some(Outcome::Failed { .. })) {
            replan.extend(self.pardon(source, told, now).await?);
        } else {
            self.round.answered();
        }
        let took = begun.elapsed();
        Ok(PollReport {
            outcome,
            wait,
            counts,
            entries,
            bytes,
            complaints,
            gap,
            guessed,
            title,
            announced,
            replan,
            took,
        })
    }

    /// Leaves the other sources of a host alone for a while (POLLING 10).
    async fn pause_host(&self, source: &Source, now: Instant) -> Result<Vec<Slug>, WriteError> {
        let host = host_of(&source.url);
        let settings = Arc::clone(&self.settings.borrow());
        let there = |other: &&Source| other.id != source.id && other.enabled && host_of(&other.url) == host;
        let mut paused = Vec::new();
        for other in settings.catalogue.sources.iter().filter(there) {
            let (wait, paused_one) = (schedule::host_pause(&host, now), other.clone());
            let amendment = move |watch: Watch| watch.under(&paused_one).waiting(wait).of(&paused_one);
            self.writer.amend(other.id.clone(), Box::new(amendment)).await?;
            paused.push(other.id.clone());
        }
        Ok(paused)
    }

    /// Takes back the failures of all, where all have failed.
    async fn pardon(&self, source: &Source, told: Told, now: Instant) -> Result<Vec<Slug>, WriteError> {
        let pardoned = self.round.failed_now(&source.id, now, told, || self.to_be_asked());
        for (id, failed) in &pardoned {
            let failed = *failed;
            // A poll that ended meanwhile stands. Stores keep milliseconds.
            let amendment = move |watch: Watch| match watch.last_poll {
                Some(last) if last.timestamp_millis() == failed.at.timestamp_millis() => {
                    schedule::pardoned(watch, failed.told, failed.at)
                }
                _ => watch,
            };
            self.writer.amend(id.clone(), Box::new(amendment)).await?;
        }
        if let Some((_, first)) = pardoned.first() {
            tracing::warn!(
                sources = pardoned.len(),
                "every source failed: our own network is down, it seems (last poll at {}); that counts against nobody",
                first.at
            );
        }
        Ok(pardoned.into_iter().map(|(id, _)| id).filter(|id| *id != source.id).collect())
    }

    /// The enabled sources that may be asked and were not failing already.
    fn to_be_asked(&self) -> HashSet<Slug> {
        let settings = Arc::clone(&self.settings.borrow());
        let now = (self.clock)();
        let due = |watch: Watch| watch.failures == 0 && !watch.gone && watch.wait.is_none_or(|wait| wait.until <= now);
        let healthy = |source: &&Source| source.enabled && self.watch(source).is_ok_and(due);
        settings.catalogue.sources.iter().filter(healthy).map(|source| source.id.clone()).collect()
    }
}

impl Polled {
    /// One that brought nothing to read.
    pub fn without_document(watch: Watch, told: Told) -> Polled {
        let (arrivals, kept, gap, guessed, title, announced) = (Vec::new(), Counts::default(), None, None, None, None);
        Polled { watch, arrivals, kept, bytes: 0, entries: 0, told, gap, too_many: false, guessed, title, announced }
    }

    /// Whether something came that is not what was asked for.
    fn is_unreadable(&self) -> bool {
        let kinds = ["web-page", "unreadable", "not-a-feed", "empty"];
        matches!(&self.watch.outcome, Some(Outcome::Failed { kind, .. }) if kinds.contains(&kind.as_str()))
    }
}

pub(super) fn refused(error: StoreError) -> WriteError {
    WriteError::Store(Arc::new(error))
}

fn postponed(wait: Option<Wait>, took: Duration) -> PollReport {
    PollReport {
        outcome: None,
        wait,
        counts: Counts::default(),
        entries: 0,
        bytes: 0,
        complaints: Vec::new(),
        gap: None,
        guessed: None,
        title: None,
        announced: None,
        replan: Vec::new(),
        took,
    }
}

/// The site's offset from UTC at that instant; Indonesia's zones have no summer time.
pub(super) fn offset_of(timezone: chrono_tz::Tz, now: Instant) -> chrono::FixedOffset {
    use chrono::Offset;
    now.with_timezone(&timezone).offset().fix()
}

/// The redirects that a fetch followed, as the schedule looks at them.
pub fn redirects(hops: &[Hop]) -> Vec<Redirect<'_>> {
    hops.iter().map(|hop| Redirect { status: hop.status, from: hop.from.as_str(), to: hop.to.as_str() }).collect()
}

pub(super) fn failed(before: Watch, error: &FetchError, now: Instant) -> Polled {
    let failure = Failure { kind: error.kind().into(), what: error.to_string(), hint: error.hint() };
    let told = Told { max_age: None, retry_after: error.retry_after() };
    let too_many = error.status() == Some(429);
    Polled { too_many, ..Polled::without_document(schedule::failed(before, failure, told, now), told) }
}

pub(super) fn stumbled() -> Failure {
    Failure {
        kind: "internal".into(),
        what: "kliping stumbled over this document; the others are not affected".into(),
        hint: "this is a defect of kliping's: please report it with the document".into(),
    }
}
