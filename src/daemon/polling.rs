use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::config::Settings;
use crate::daemon::notify;
use crate::domain::{Outcome, Slug, Source};
use crate::metrics::Metrics;
use crate::pipeline::{PollReport, Poller, Subscriber, WriteError};
use crate::schedule::{Next, next_poll};

/// The longest sleep: the clock may be set, and the machine may have slept.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// A poll that ended.
type Ended = (Slug, Result<PollReport, WriteError>);

/// Polls every enabled source when it is due, until `stopped`; then waits for the polls that are under way.
///
/// # Errors
/// The store refused a write.
pub async fn poll_on_schedule(
    poller: Poller,
    mut settings: watch::Receiver<Arc<Settings>>,
    metrics: Arc<Metrics>,
    subscriber: Arc<Subscriber>,
    mut stopped: watch::Receiver<bool>,
    mut first_round: Option<oneshot::Sender<()>>,
) -> Result<(), WriteError> {
    let mut under_way: HashSet<Slug> = HashSet::new();
    let mut polls: JoinSet<Ended> = JoinSet::new();
    let mut due = plan_all(&poller, &settings.borrow_and_update().clone(), &under_way)?;
    let mut watched: HashSet<Slug> = due.keys().cloned().collect();
    let longest = notify::interval().map_or(LONGEST_SLEEP, |interval| interval.min(LONGEST_SLEEP));
    loop {
        let now = (poller.clock)();
        let configured = Arc::clone(&settings.borrow());
        let ready: Vec<Slug> = due.iter().filter(|(_, next)| next.at <= now).map(|(id, _)| id.clone()).collect();
        for id in ready {
            due.remove(&id);
            let Some(source) = configured.catalogue.source(&id).filter(|source| source.enabled) else { continue };
            under_way.insert(id);
            polls.spawn(poll(poller.clone(), Arc::clone(&subscriber), source.clone()));
        }
        let sleep =
            due.values().map(|next| next.at).min().map_or(longest, |at| (at - now).to_std().unwrap_or_default());
        notify::alive();
        tokio::select! {
            Some(ended) = polls.join_next() => {
                let Ok((id, result)) = ended else { continue };
                let report = result?;
                log(&id, &report);
                metrics.polled(&report);
                under_way.remove(&id);
                watched.remove(&id);
                for id in report.replan.iter().filter(|id| !under_way.contains(*id)).chain([&id]) {
                    plan(&poller, &configured, id, &mut due)?;
                }
                if watched.is_empty() && let Some(told) = first_round.take() {
                    // Who asked may no longer wait.
                    let _ = told.send(());
                }
            }
            () = tokio::time::sleep(sleep.min(longest)) => {}
            () = subscriber.replanned.notified() => {
                due = plan_all(&poller, &configured, &under_way)?;
            }
            Ok(()) = settings.changed() => {
                let fresh = settings.borrow_and_update().clone();
                due = plan_all(&poller, &fresh, &under_way)?;
            }
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
    }
    while let Some(ended) = polls.join_next().await {
        if let Ok((id, result)) = ended {
            log(&id, &result?);
        }
    }
    Ok(())
}

async fn poll(poller: Poller, subscriber: Arc<Subscriber>, source: Source) -> Ended {
    let mut report = poller.poll(&source).await;
    if let Ok(PollReport { announced: Some(announced), .. }) = &report
        && let Err(error) = subscriber.announced(&source.id, announced).await
    {
        report = Err(error);
    }
    (source.id, report)
}

fn plan_all(
    poller: &Poller,
    settings: &Settings,
    under_way: &HashSet<Slug>,
) -> Result<HashMap<Slug, Next>, WriteError> {
    let mut due = HashMap::new();
    for source in settings.catalogue.sources.iter().filter(|source| source.enabled && !under_way.contains(&source.id)) {
        plan(poller, settings, &source.id, &mut due)?;
    }
    Ok(due)
}

fn plan(poller: &Poller, settings: &Settings, id: &Slug, due: &mut HashMap<Slug, Next>) -> Result<(), WriteError> {
    let Some(source) = settings.catalogue.source(id).filter(|source| source.enabled) else { return Ok(()) };
    let watch = poller.store.watch(id).map_err(|error| WriteError::Store(Arc::new(error)))?.unwrap_or_default();
    if let Some(next) = next_poll(source, &watch, &settings.cadence(source), (poller.clock)()) {
        tracing::debug!(source = %id, at = %next.at, why = next.why, "planned");
        due.insert(id.clone(), next);
    }
    Ok(())
}

fn log(id: &Slug, report: &PollReport) {
    let duration_ms = u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX);
    let counts = report.counts;
    if let Some(gap) = &report.gap {
        tracing::warn!(source = %id, pages = gap.pages, filled = gap.filled, "{id} had a gap: {}", gap.what);
    }
    match &report.outcome {
        None => {
            let why = report.wait.as_ref().map_or("", |wait| wait.why.as_str());
            tracing::info!(source = %id, "{id} was not asked: {why}");
        }
        Some(Outcome::Failed { kind, what, hint }) => {
            tracing::warn!(source = %id, kind, duration_ms, "{id} could not be polled: {what} (hint: {hint})");
        }
        Some(Outcome::Fetched) if counts.new + counts.edited + counts.carried > 0 => {
            let (new, edited, carried) = (counts.new, counts.edited, counts.carried);
            tracing::info!(source = %id, new, edited, carried, bytes = report.bytes, duration_ms, "{id} brought news");
        }
        Some(Outcome::Fetched | Outcome::Unchanged) => {
            tracing::debug!(source = %id, bytes = report.bytes, duration_ms, "{id} has nothing new");
        }
    }
}
