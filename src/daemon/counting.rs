use std::time::Duration;

use tokio::sync::watch;

use crate::web::App;

/// How often what changed is counted; pages count on themselves, so that this keeps their work small.
const LOOK: Duration = Duration::from_secs(5);
/// Between two steps of the first counting: requests come first.
const BREATH: Duration = Duration::from_millis(5);
/// How long it is left alone after an error.
const PAUSE: Duration = Duration::from_secs(60);

/// Counts what is kept, in the background, the newest first, and what changes from then on.
pub async fn keep_counts(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        let counting = app.clone();
        let step = tokio::task::spawn_blocking(move || {
            let settings = std::sync::Arc::clone(&counting.settings.borrow());
            counting.counts.advance(&*counting.store, &settings)
        });
        let wait = match step.await {
            Ok(Ok(true)) => LOOK,
            Ok(Ok(false)) => BREATH,
            Ok(Err(error)) => {
                tracing::error!("the counts stay behind: {error} (hint: {})", error.hint());
                PAUSE
            }
            Err(panic) => {
                tracing::error!("the counts stay behind: {panic}");
                PAUSE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}
