use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::{Instant, Wait};

/// An outlet's own wish is obeyed up to a day; more is a mistake of its cache plugin (POLLING 8).
const LONGEST_MAX_AGE: Duration = Duration::from_secs(24 * 3600);
/// A `Retry-After` is obeyed up to a week (POLLING 9).
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// The back-off begins here and doubles with every failure in a row …
const FIRST_BACK_OFF: Duration = Duration::from_secs(3600);
/// … up to here.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(24 * 3600);

/// What an answer said about asking again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// How long the answer is fresh (`Cache-Control: max-age`, else `Expires` minus `Date`).
    pub max_age: Option<Duration>,
    /// `Retry-After`, from now.
    pub retry_after: Option<Duration>,
    /// Failures in a row, this one included; 0 after a success.
    pub failures: u32,
}

/// How long an outlet is to be left alone after that answer, and why.
pub fn wait_after(told: Told, now: Instant) -> Option<Wait> {
    let (length, why) = if told.failures == 0 {
        let max_age = told.max_age.filter(|age| !age.is_zero())?.min(LONGEST_MAX_AGE);
        (max_age, format!("the outlet says that its feed is fresh for {}", human(max_age)))
    } else {
        let doublings = (told.failures - 1).min(8);
        let back_off = (FIRST_BACK_OFF * 2_u32.pow(doublings)).min(LONGEST_BACK_OFF);
        let in_a_row =
            if told.failures == 1 { "it failed".into() } else { format!("it failed {} times in a row", told.failures) };
        match told.retry_after.map(|wish| wish.min(LONGEST_RETRY_AFTER)) {
            Some(wish) if wish > back_off => (wish, format!("the outlet asked to wait {}", human(wish))),
            _ => (back_off, format!("{in_a_row}: left alone for {}", human(back_off))),
        }
    };
    Some(Wait { until: now + TimeDelta::from_std(length).unwrap_or(TimeDelta::days(7)), why })
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

    fn check(max_age: u64, retry_after: u64, failures: u32, expected: Option<(i64, &str)>) {
        let some = |seconds| (seconds > 0).then(|| Duration::from_secs(seconds));
        let now = Instant::UNIX_EPOCH;
        let told = Told { max_age: some(max_age), retry_after: some(retry_after), failures };
        let wait = wait_after(told, now);
        let short = wait.as_ref().map(|wait| ((wait.until - now).num_seconds(), wait.why.as_str()));
        assert_eq!(short, expected, "{told:?}");
    }

    #[test]
    fn an_outlets_wish_and_our_back_off_make_the_wait() {
        check(0, 0, 0, None);
        check(900, 0, 0, Some((900, "the outlet says that its feed is fresh for 15 min")));
        check(999_999, 0, 0, Some((86_400, "the outlet says that its feed is fresh for 24 h")));
        check(0, 0, 1, Some((3600, "it failed: left alone for 60 min")));
        check(900, 0, 3, Some((4 * 3600, "it failed 3 times in a row: left alone for 4 h")));
        check(0, 0, 40, Some((86_400, "it failed 40 times in a row: left alone for 24 h")));
        check(0, 30, 1, Some((3600, "it failed: left alone for 60 min")));
        check(0, 7200, 1, Some((7200, "the outlet asked to wait 2 h")));
        check(0, 99_999_999, 1, Some((604_800, "the outlet asked to wait 168 h")));
    }
}
