//! What systemd is told, where there is one (sd_notify(3)); elsewhere nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;

/// Requests are served.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Draining has begun.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// The loop goes round: to be told at least every half of the watchdog's time.
pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How often [`alive`] is wanted; `None` without a watchdog.
pub fn interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|time| time / 2)
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
