use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::deliver::{DeliverError, Delivered, Site};
use crate::store::StoreError;
use crate::web::{self, App, Given};

/// How often it is looked whether anything changed.
const LOOK: Duration = Duration::from_secs(1);
/// After a change so long is waited for more: polls come in bunches.
const GATHER: Duration = Duration::from_secs(2);
/// Then as many times as long as the last writing took, so that it takes a fifth of a processor at most.
const REST: u32 = 4;
/// `status.html` tells of polls too, which change nothing else.
const STATUS: Duration = Duration::from_secs(300);
/// Everything is made anew so often, whether or not it seems to have changed: archives of old items that were corrected.
const EVERYTHING: Duration = Duration::from_secs(24 * 3600);
/// How long it is left alone after an error, as a full disk does not empty in a moment.
const PAUSE: Duration = Duration::from_secs(60);

/// Why files could not be written.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Deliver(#[from] DeliverError),
    #[error("stopped")]
    Stopped,
}

/// Keeps `[publish] directory` as the pages and feeds are, in the background, a few seconds after they change.
pub async fn keep_files(app: App, mut stopped: watch::Receiver<bool>) {
    let stopping = Arc::new(AtomicBool::new(false));
    let mut given = Given::default();
    let (mut seen, mut written, mut whole) = (None, Instant::now(), Instant::now());
    let mut wait = LOOK;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = end(&mut stopped) => return,
        }
        wait = LOOK;
        let directory = app.settings.borrow().files.clone();
        let Some(directory) = directory else {
            seen = None;
            continue;
        };
        let now = Some((app.changes.version(), directory.clone()));
        if now == seen && written.elapsed() < STATUS {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(GATHER) => {}
            () = end(&mut stopped) => return,
        }
        let moved = seen.as_ref().is_none_or(|(_, before)| *before != directory);
        if moved || whole.elapsed() >= EVERYTHING {
            given = Given::default();
        }
        let (making, stop, begun) = (app.clone(), Arc::clone(&stopping), Instant::now());
        // Work for a processor and the disk: it must not hold up requests.
        let mut writing = tokio::task::spawn_blocking(move || {
            let result = write(&making, &mut given, &directory, &stop);
            (result, given)
        });
        let ended = tokio::select! {
            ended = &mut writing => ended,
            () = end(&mut stopped) => {
                stopping.store(true, Ordering::Relaxed);
                let _ = writing.await;
                return;
            }
        };
        (written, wait) = (Instant::now(), LOOK.max(begun.elapsed() * REST));
        given = match ended {
            Ok((Ok((delivered, is_all)), given)) => {
                if is_all {
                    whole = Instant::now();
                }
                seen = now;
                let Delivered { files, written, removed } = delivered;
                tracing::debug!(
                    files,
                    written,
                    removed,
                    duration_ms = begun.elapsed().as_millis(),
                    "files were published"
                );
                given
            }
            Ok((Err(error), _)) => {
                let hint = match &error {
                    Failed::Store(error) => error.hint(),
                    Failed::Deliver(error) => error.hint(),
                    Failed::Stopped => return,
                };
                tracing::error!("the published files stay behind: {error} (hint: {hint})");
                wait = PAUSE;
                Given::default()
            }
            Err(panic) => {
                tracing::error!("the published files stay behind: {panic}");
                wait = PAUSE;
                Given::default()
            }
        };
    }
}

async fn end(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

fn write(app: &App, given: &mut Given, directory: &Path, stop: &AtomicBool) -> Result<(Delivered, bool), Failed> {
    let kept = app.settings.borrow().store.path.clone();
    let mut site = Site::open(directory, &[&kept])?;
    let is_all = web::files(app, given, (app.clock)(), &mut |file| {
        if stop.load(Ordering::Relaxed) {
            return Err(Failed::Stopped);
        }
        Ok(site.put(&file.name, &file.bytes, file.changed)?)
    })?;
    // Only who has named everything knows what is too much.
    if is_all {
        site.remove_others()?;
    }
    Ok((site.delivered(), is_all))
}
