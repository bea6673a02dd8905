use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, watch};

use crate::config::{self, Environment, Settings};
use crate::pipeline::Changes;

/// How often feeds.toml is looked at. Its time and size are compared: notifications of file systems do not reach into
/// containers' mounts, and a look costs a microsecond.
const LOOK: Duration = Duration::from_secs(2);

/// Reads feeds.toml again when it changes or when SIGHUP asks. A file with mistakes is reported and the old settings stay.
pub struct Reloader {
    /// The file.
    pub path: PathBuf,
    /// The environment that the process was started with.
    pub environment: Environment,
    /// Where new settings go.
    pub settings: watch::Sender<Arc<Settings>>,
}

impl Reloader {
    /// Watches until `stopped`.
    pub async fn run(
        self,
        current: watch::Receiver<Arc<Settings>>,
        changes: Arc<Changes>,
        mut asked: mpsc::UnboundedReceiver<()>,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut seen = stamp(&self.path);
        loop {
            let by_signal = tokio::select! {
                Some(()) = asked.recv() => true,
                () = tokio::time::sleep(LOOK) => false,
                _ = stopped.wait_for(|stopped| *stopped) => return,
            };
            let now = stamp(&self.path);
            // A file that is gone for a moment is being replaced by an editor.
            if by_signal || (now != seen && now.is_some()) {
                seen = now;
                self.reload(&current, &changes);
            }
        }
    }

    fn reload(&self, current: &watch::Receiver<Arc<Settings>>, changes: &Changes) {
        let path = self.path.display();
        let settings = match config::load(&self.path, &self.environment) {
            Ok(settings) => settings,
            Err(mistakes) => {
                tracing::error!("`{path}` has mistakes, the settings stay as they were:\n{mistakes}");
                return;
            }
        };
        let old = Arc::clone(&current.borrow());
        let restart = [
            ("[server] listen", settings.server.listen != old.server.listen),
            ("[store] path", settings.store.path != old.store.path),
            ("[fetch]", settings.limits != old.limits || settings.user_agent != old.user_agent),
        ];
        for (what, _) in restart.iter().filter(|(_, changed)| *changed) {
            tracing::warn!("the change of {what} in `{path}` needs a restart; the rest is in force");
        }
        let sources = settings.catalogue.sources.iter().filter(|source| source.enabled).count();
        tracing::info!(sources, topics = settings.catalogue.topics.len(), "`{path}` was read again");
        self.settings.send_replace(Arc::new(settings));
        changes.note_all();
    }
}

fn stamp(path: &std::path::Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
