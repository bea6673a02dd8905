use std::str::FromStr;

use chrono::TimeDelta;
use chrono_tz::Tz;

/// How often the operator wants a source polled, and how often it may be at most.
#[derive(Debug, Clone)]
pub struct Cadence {
    /// The ticks: when it may be polled at the earliest.
    pub cron: cron::Schedule,
    /// In which zone they are meant.
    pub timezone: Tz,
    /// How far its outlet is spared.
    pub sparing: Sparing,
}

/// How far an outlet is spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sparing {
    /// No two polls are closer than this, whatever the ticks say (POLLING 7).
    pub floor: TimeDelta,
    /// The same for a source that gives no validators: each poll costs it the whole document.
    pub floor_without_validators: TimeDelta,
    /// The longest stride, in ticks, of a source that seldom has news (POLLING 25).
    pub longest_stride: u8,
}

impl Sparing {
    /// An outlet: a slow shared host.
    pub const GENTLE: Sparing =
        Sparing { floor: TimeDelta::minutes(10), floor_without_validators: TimeDelta::hours(1), longest_stride: 4 };
    /// One whose operator says `unconditional = true`.
    pub const WITHOUT_NEED_OF_VALIDATORS: Sparing =
        Sparing { floor_without_validators: Sparing::GENTLE.floor, ..Sparing::GENTLE };
    /// One that nobody need spare, such as the demo's: it is asked whenever the ticks say so.
    pub const NONE: Sparing =
        Sparing { floor: TimeDelta::zero(), floor_without_validators: TimeDelta::zero(), longest_stride: 1 };
}

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
