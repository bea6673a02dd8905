use std::hash::{Hash, Hasher};

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::domain::{Instant, Slug, Watch};

/// Sources that share a cron expression are spread over this much of the time to its next tick, at most.
const WIDEST_SPREAD: TimeDelta = TimeDelta::minutes(5);

/// After a restart or a sleep what is overdue is spread over this long.
const OVERDUE_SPREAD: TimeDelta = TimeDelta::seconds(60);

/// How often the operator wants a source polled.
#[derive(Debug, Clone)]
pub struct Cadence {
    /// The ticks.
    pub cron: cron::Schedule,
    /// In which zone they are meant.
    pub timezone: Tz,
}

/// A source's next poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Not before this.
    pub at: Instant,
    /// A sentence fragment for people.
    pub why: String,
}

/// When `source` is to be polled next; `None` where it is gone for good or its cron never comes again.
///
/// The same arguments give the same answer, so that a page can show what the daemon will do. The jitter is the source's
/// own: a number made from its id, not from chance.
pub fn next_poll(source: &Slug, watch: &Watch, cadence: &Cadence, now: Instant) -> Option<Next> {
    if watch.gone {
        return None;
    }
    let Some(last) = watch.last_poll else {
        return Some(Next { at: now, why: "never polled yet".into() });
    };
    // A clock that was set back must not silence a source until it has caught up.
    let after = last.min(now).with_timezone(&cadence.timezone);
    let mut ticks = cadence.cron.after(&after);
    let tick = ticks.next()?.to_utc();
    let gap = ticks.next().map_or(WIDEST_SPREAD, |following| following.to_utc() - tick);
    let planned = tick + share(source, (gap * 4 / 5).min(WIDEST_SPREAD));
    let by_cron = if planned < now {
        let at = now + share(source, (gap / 2).min(OVERDUE_SPREAD));
        Next { at, why: "overdue by the schedule".into() }
    } else {
        Next { at: planned, why: "by the schedule".into() }
    };
    Some(match &watch.wait {
        Some(wait) if wait.until > by_cron.at => Next { at: wait.until, why: wait.why.clone() },
        _ => by_cron,
    })
}

/// A source's own part of `spread`, always the same.
fn share(source: &Slug, spread: TimeDelta) -> TimeDelta {
    let mut hasher = siphasher::sip::SipHasher13::new();
    source.as_str().hash(&mut hasher);
    let millis = u64::try_from(spread.num_milliseconds()).unwrap_or(0).max(1);
    TimeDelta::milliseconds(i64::try_from(hasher.finish() % millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Wait;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn cadence(cron: &str) -> Cadence {
        Cadence { cron: crate::schedule::parse_cron(cron).unwrap(), timezone: chrono_tz::Asia::Makassar }
    }

    fn check(cron: &str, watch: &Watch, now: &str, earliest: &str, latest: &str, why: &str) {
        let next = next_poll(&"kaltim-post".into(), watch, &cadence(cron), at(now)).unwrap();
        assert!(next.at >= at(earliest) && next.at <= at(latest), "{} is not in {earliest}..{latest}", next.at);
        assert_eq!(next.why, why);
    }

    fn polled(last: &str) -> Watch {
        Watch { last_poll: Some(at(last)), ..Watch::default() }
    }

    #[test]
    fn the_next_poll_follows_cron_in_the_sites_zone_with_the_sources_own_jitter() {
        let quarter = "0 */15 * * * *";
        let now = "2026-01-01T00:01:00Z";
        check(quarter, &Watch::default(), now, now, now, "never polled yet");
        let watch = polled("2026-01-01T00:00:30Z");
        check(quarter, &watch, now, "2026-01-01T00:15:00Z", "2026-01-01T00:20:00Z", "by the schedule");
        // Six in the morning of Makassar (UTC+8) is 22:00 UTC of the day before.
        check("0 0 6 * * *", &watch, now, "2026-01-01T22:00:00Z", "2026-01-01T22:05:00Z", "by the schedule");
        let slept = polled("2025-12-30T00:00:00Z");
        check(quarter, &slept, now, now, "2026-01-01T00:02:00Z", "overdue by the schedule");
        let clock_set_back = polled("2027-01-01T00:00:00Z");
        check(quarter, &clock_set_back, now, now, "2026-01-01T00:20:00Z", "by the schedule");
    }

    #[test]
    fn a_wait_is_kept_and_a_gone_source_is_left_alone() {
        let mut watch = polled("2026-01-01T00:00:30Z");
        watch.wait = Some(Wait { until: at("2026-01-01T03:00:00Z"), why: "the outlet said so".into() });
        let until = "2026-01-01T03:00:00Z";
        check("0 */15 * * * *", &watch, "2026-01-01T00:01:00Z", until, until, "the outlet said so");
        watch.gone = true;
        assert_eq!(next_poll(&"a".into(), &watch, &cadence("0 * * * * *"), at(until)), None);
    }

    #[test]
    fn sources_do_not_all_come_at_once() {
        let watch = polled("2026-01-01T00:00:30Z");
        let now = at("2026-01-01T00:01:00Z");
        let instants: std::collections::BTreeSet<_> = (0..100)
            .filter_map(|n| next_poll(&format!("s{n}").into(), &watch, &cadence("0 */15 * * * *"), now))
            .map(|next| next.at.timestamp())
            .collect();
        assert!(instants.len() > 60, "{} instants for 100 sources", instants.len());
    }
}
