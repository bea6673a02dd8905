//! When to poll a source next, and why. In: the cron expression, what is remembered of the source, an answer, now. Out: an
//! instant and a reason, and what is to be remembered from now on. Deliberately absent: clocks and sleeping; `now` is an
//! argument and the daemon waits.
//!
//! `next` looks ahead: the latest of everything that says "not before" (cadence, floor, wait, rhythm) wins and gives the reason.
//! `learn` looks back: it turns an answer into the next [`crate::domain::Watch`], with `wait` (how long to leave an outlet
//! alone), `pace` (sooner or later by overlap), `moved` (permanent redirects) and `doubt` (304 for too long).

mod cadence;
mod doubt;
mod learn;
mod moved;
mod next;
mod pace;
mod quiet;
mod wait;

pub use cadence::{Cadence, Sparing, parse_cron};
pub use doubt::doubt;
pub use learn::{Brought, Failure, brought, failed, fetched, meanwhile, pardoned, pushed, unchanged};
pub use moved::{Redirect, moved};
pub use next::{Next, blocked, next_poll};
pub use wait::{LONGEST_MAX_AGE, Told, host_pause};
