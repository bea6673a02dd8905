use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::{Instant, Wait};

/// An outlet's own wish is obeyed up to a day; more is a mistake of its cache plugin (POLLING 8).
pub const LONGEST_MAX_AGE: Duration = Duration::from_secs(24 * 3600);
/// A `Retry-After` is obeyed up to a week (POLLING 9).
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// The back-off begins here and doubles with every failure in a row …
const FIRST_BACK_OFF: Duration = Duration::from_secs(3600);
/// … up to here …
const LONGEST_BACK_OFF: Duration = Duration::from_secs(24 * 3600);
/// … and where that has gone on for so long …
const LONG: TimeDelta = TimeDelta::days(30);
/// … it is this (POLLING 12).
const BACK_OFF_AT_LAST: Duration = Duration::from_secs(7 * 24 * 3600);
/// What the sources of a host wait when one of them was told that it asks too much (POLLING 10).
const HOST_PAUSE: TimeDelta = TimeDelta::minutes(15);

/// What an answer said about asking again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// How long the answer is fresh (`Cache-Control: max-age`, else `Expires` minus `Date`).
    pub max_age: Option<Duration>,
    /// `Retry-After`, from now.
    pub retry_after: Option<Duration>,
}

/// How long an outlet that answered well is to be left alone, and why.
pub fn after_success(told: Told, now: Instant) -> Option<Wait> {
    let age = told.max_age.filter(|age| !age.is_zero())?;
    let why = match age.min(LONGEST_MAX_AGE) {
        whole if whole == age => format!("the outlet says that its feed is fresh for {}", human(age)),
        capped => format!("the outlet says that its feed is fresh for {}; {} is the most", human(age), human(capped)),
    };
    Some(until(now, age.min(LONGEST_MAX_AGE), why))
}

/// How long an outlet that failed so many times in a row, since then, is to be left alone, and why.
pub fn after_failure(told: Told, failures: u32, since: Instant, now: Instant) -> Wait {
    let doubled = FIRST_BACK_OFF * 2_u32.pow(failures.saturating_sub(1).min(8));
    let back_off = if now - since >= LONG { BACK_OFF_AT_LAST } else { doubled.min(LONGEST_BACK_OFF) };
    let in_a_row = if failures == 1 { "it failed".into() } else { format!("it failed {failures} times in a row") };
    match asked_for(told, now) {
        Some(wish) if wish.until > now + delta(back_off) => wish,
        _ => until(now, back_off, format!("{in_a_row}: left alone for {}", human(back_off))),
    }
}

/// How long the outlet itself asked to be left alone, capped.
pub fn asked_for(told: Told, now: Instant) -> Option<Wait> {
    let wish = told.retry_after?.min(LONGEST_RETRY_AFTER);
    Some(until(now, wish, format!("the outlet asked to wait {}", human(wish))))
}

/// What the other sources of a host that said 429 wait.
pub fn host_pause(host: &str, now: Instant) -> Wait {
    Wait {
        until: now + HOST_PAUSE,
        why: format!("`{host}` asks for patience: all its sources are left alone for 15 min"),
    }
}

fn until(now: Instant, length: Duration, why: String) -> Wait {
    Wait { until: now + delta(length), why }
}

fn delta(length: Duration) -> TimeDelta {
    TimeDelta::from_std(length).unwrap_or(TimeDelta::days(7))
}

fn human(length: Duration) -> String {
    match length.as_secs() {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds if seconds < 2 * 3600 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(max_age: u64, retry_after: u64) -> Told {
        let some = |seconds| (seconds > 0).then(|| Duration::from_secs(seconds));
        Told { max_age: some(max_age), retry_after: some(retry_after) }
    }

    #[test]
    fn an_answer_is_fresh_as_long_as_its_outlet_says_up_to_a_day() {
        let check = |max_age: u64, expected: Option<(i64, &str)>| {
            let wait = after_success(told(max_age, 0), Instant::UNIX_EPOCH);
            let short = wait.as_ref().map(|wait| (wait.until.timestamp(), wait.why.as_str()));
            assert_eq!(short, expected, "{max_age}");
        };
        check(0, None);
        check(900, Some((900, "the outlet says that its feed is fresh for 15 min")));
        check(172_800, Some((86_400, "the outlet says that its feed is fresh for 48 h; 24 h is the most")));
    }

    #[test]
    fn an_outlets_wish_and_our_back_off_make_the_wait() {
        let check = |failures: u32, days: i64, retry_after: u64, hours: i64, why: &str| {
            let since = Instant::UNIX_EPOCH;
            let now = since + TimeDelta::days(days);
            let wait = after_failure(told(0, retry_after), failures, since, now);
            assert_eq!(((wait.until - now).num_hours(), wait.why.as_str()), (hours, why), "{failures} {days}");
        };
        check(1, 0, 0, 1, "it failed: left alone for 60 min");
        check(2, 0, 0, 2, "it failed 2 times in a row: left alone for 2 h");
        check(3, 0, 0, 4, "it failed 3 times in a row: left alone for 4 h");
        check(40, 29, 0, 24, "it failed 40 times in a row: left alone for 24 h");
        check(40, 30, 0, 168, "it failed 40 times in a row: left alone for 168 h");
        check(1, 0, 30, 1, "it failed: left alone for 60 min");
        check(1, 0, 7200, 2, "the outlet asked to wait 2 h");
        check(1, 0, 99_999_999, 168, "the outlet asked to wait 168 h");
    }
}
