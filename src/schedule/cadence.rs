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
    /// No two polls are closer than this, whatever the ticks say (POLLING 7).
    pub floor: TimeDelta,
    /// The same for a source that gives no validators: each poll costs it the whole document.
    pub floor_without_validators: TimeDelta,
    /// The longest stride, in ticks, of a source that seldom has news (POLLING 25).
    pub longest_stride: u8,
}

impl Cadence {
    /// The cadence of an outlet: a slow shared host that is to be spared.
    pub fn gentle(cron: cron::Schedule, timezone: Tz) -> Cadence {
        let floor = TimeDelta::minutes(10);
        Cadence { cron, timezone, floor, floor_without_validators: TimeDelta::hours(1), longest_stride: 4 }
    }

    /// The cadence of outlets that nobody need spare, such as the demo's: what the ticks say.
    pub fn as_the_ticks_say(cron: cron::Schedule, timezone: Tz) -> Cadence {
        let floor = TimeDelta::zero();
        Cadence { cron, timezone, floor, floor_without_validators: floor, longest_stride: 1 }
    }

    /// The same for a source whose operator says `unconditional = true`.
    #[must_use]
    pub fn without_need_of_validators(self) -> Cadence {
        Cadence { floor_without_validators: self.floor, ..self }
    }
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
