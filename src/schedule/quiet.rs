use chrono::{Datelike, DurationRound, TimeDelta, Timelike};

use crate::domain::{Instant, Rhythm};

/// The first instant from `at` on that lies in none of the hours and days which the feed says to skip (RSS 2.0, `skipHours` and
/// `skipDays`, in UTC). A feed that skips everything skips nothing.
pub fn after_quiet_times(rhythm: &Rhythm, at: Instant) -> Instant {
    let quiet = |at: &Instant| {
        rhythm.skip_hours.iter().any(|hour| u32::from(*hour) == at.hour()) || rhythm.skip_days.contains(&at.weekday())
    };
    if !quiet(&at) {
        return at;
    }
    let hour = TimeDelta::hours(1);
    let Ok(begin) = at.duration_trunc(hour) else { return at };
    (1..=8 * 24).map(|hours| begin + hour * hours).find(|at| !quiet(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday::{Sat, Sun};

    use super::*;

    #[test]
    fn quiet_hours_and_days_are_passed_over() {
        let check = |hours: &[u8], days: &[chrono::Weekday], at: &str, expected: &str| {
            let rhythm = Rhythm { skip_hours: hours.into(), skip_days: days.into(), ..Rhythm::default() };
            let (at, expected): (Instant, Instant) = (at.parse().unwrap(), expected.parse().unwrap());
            assert_eq!(after_quiet_times(&rhythm, at), expected, "{rhythm:?}");
        };
        // 2026-01-03 is a Saturday.
        check(&[], &[], "2026-01-03T05:10:00Z", "2026-01-03T05:10:00Z");
        check(&[5, 6], &[], "2026-01-03T05:10:00Z", "2026-01-03T07:00:00Z");
        check(&[], &[Sat, Sun], "2026-01-03T05:10:00Z", "2026-01-05T00:00:00Z");
        check(&[0, 1], &[Sat, Sun], "2026-01-03T05:10:00Z", "2026-01-05T02:00:00Z");
        check(&(0..24).collect::<Vec<_>>(), &[], "2026-01-03T05:10:00Z", "2026-01-03T05:10:00Z");
    }
}
