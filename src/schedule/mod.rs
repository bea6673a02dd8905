//! When to poll a source next, and why. In: the cron expression, what is remembered of the source, now. Out: an instant
//! and a reason. Deliberately absent: clocks and sleeping; `now` is an argument and the daemon waits.

mod next;
mod wait;

use std::str::FromStr;

pub use next::{Cadence, Next, next_poll};
pub use wait::{Told, wait_after};

/// Reads a cron expression with seconds first (six fields, or seven with the year), as `[fetch] schedule` has it.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_cron(expression: &str) -> Result<cron::Schedule, String> {
    let schedule = cron::Schedule::from_str(expression).map_err(|error| error.to_string())?;
    match schedule.upcoming(chrono::Utc).next() {
        Some(_) => Ok(schedule),
        None => Err("it never comes (a year that is past, or a day that no month has)".into()),
    }
}
