use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Settings;
use crate::pipeline::{Poller, WriteError, relabel};

/// Labels what is kept by the rules as they are now, in the background: at the start, where it is not yet, and after every change.
///
/// # Errors
/// Only the store's.
pub async fn keep_labels(
    poller: Poller,
    mut settings: watch::Receiver<Arc<Settings>>,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), WriteError> {
    loop {
        let now = Arc::clone(&settings.borrow_and_update());
        let (newer, stopping) = (settings.clone(), stopped.clone());
        let go_on = |_| !newer.has_changed().unwrap_or(true) && !*stopping.borrow();
        let progress = relabel(&poller, &now, go_on).await?;
        if progress.looked > 0 {
            tracing::info!(
                items = progress.looked,
                changed = progress.changed,
                "what is kept was labelled by the rules as they are now"
            );
        }
        tokio::select! {
            changed = settings.changed() => if changed.is_err() { return Ok(()) },
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
        }
    }
}
