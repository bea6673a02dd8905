//! WebSub, both sides, over real HTTP on loopback: sites of ours under names of their own, scripted subscribers and hubs, and a
//! clock that is set by hand.

mod daemon;
mod hub;
mod peer;
mod site;
pub mod subscriber;

use std::time::{Duration, Instant};

/// Waits until it is so.
async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(15), "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Long enough for what must not happen to happen.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(1500)).await;
}
