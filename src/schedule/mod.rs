//! When to poll a source next, and why. In: cron, what the outlet said, how it went. Out: an instant and a reason.
//! Deliberately absent: clocks and sleeping; `now` is an argument and the daemon waits.

use std::str::FromStr;

/// Reads a cron expression with seconds first (six fields, or seven with the year), as `[fetch] schedule` has it.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_cron(expression: &str) -> Result<cron::Schedule, String> {
    cron::Schedule::from_str(expression).map_err(|error| error.to_string())
}
