use tokio::sync::mpsc;

/// What the system asks of the process.
pub struct Signals {
    stop: mpsc::UnboundedReceiver<()>,
    reload: Option<mpsc::UnboundedReceiver<()>>,
}

impl Signals {
    /// SIGTERM and SIGINT stop, SIGHUP reloads.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub fn listen() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        let (stop_sender, stop) = mpsc::unbounded_channel();
        let (reload_sender, reload) = mpsc::unbounded_channel();
        for (kind, sender) in [
            (SignalKind::terminate(), stop_sender.clone()),
            (SignalKind::interrupt(), stop_sender),
            (SignalKind::hangup(), reload_sender),
        ] {
            let mut signals = signal(kind)?;
            tokio::spawn(async move { while signals.recv().await.is_some() && sender.send(()).is_ok() {} });
        }
        Ok(Signals { stop, reload: Some(reload) })
    }

    /// Resolves at the next signal to stop.
    pub async fn stop(&mut self) {
        if self.stop.recv().await.is_none() {
            std::future::pending().await
        }
    }

    /// The signals to reload; given once.
    pub fn reload(&mut self) -> mpsc::UnboundedReceiver<()> {
        self.reload.take().unwrap_or_else(|| mpsc::unbounded_channel().1)
    }
}
