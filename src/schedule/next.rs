use std::hash::{Hash, Hasher};

use chrono::TimeDelta;

use crate::domain::{Instant, Slug, Source, Wait, Watch};
use crate::schedule::quiet::after_quiet_times;
use crate::schedule::{Cadence, Sparing};

/// Sources that share a cron expression are spread over this much of the time to its next tick, at most.
const WIDEST_SPREAD: TimeDelta = TimeDelta::minutes(5);
/// After a restart or a sleep what is overdue is spread over this long.
const OVERDUE_SPREAD: TimeDelta = TimeDelta::seconds(60);
/// A longer stride never makes a gap longer than this, nor does what the feed says of its rhythm.
const LONGEST_GAP: TimeDelta = TimeDelta::hours(24);
/// A source whose hub tells us what is new is asked so often to be sure (POLLING 20).
const SAFETY_POLL: TimeDelta = TimeDelta::hours(24);

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
pub fn next_poll(source: &Source, watch: &Watch, cadence: &Cadence, now: Instant) -> Option<Next> {
    let watch = &watch.clone().under(source);
    if watch.gone {
        return None;
    }
    let Some(last) = watch.last_poll else {
        let wait = watch.wait.as_ref().filter(|wait| wait.until > now);
        let at_once = Next { at: now, why: "never polled yet".into() };
        return Some(wait.map_or(at_once, |wait| Next { at: wait.until, why: wait.why.clone() }));
    };
    // A clock that was set back must not silence a source until it has caught up.
    let last = last.min(now);
    let mut next = by_cron(&source.id, watch, cadence, last)?;
    for other in not_before(watch, cadence.sparing, last) {
        if other.at > next.at {
            next = other;
        }
    }
    if next.at < now {
        let at = now + share(&source.id, OVERDUE_SPREAD.min((now - last) / 2));
        next = Next { at, why: "overdue by the schedule".into() };
    }
    let at = after_quiet_times(&watch.rhythm, next.at);
    if at > next.at {
        let why = "the feed says not to ask in these hours (`skipHours`, `skipDays`)".into();
        next = Next { at: at + share(&source.id, WIDEST_SPREAD), why };
    }
    Some(next)
}

/// Why a source is not to be asked now even by somebody who wants it polled at once; `None` where it may be.
///
/// `watch` is what holds under the source's URL as it is now. What its feed says of its rhythm does not count here: that is a wish
/// for the schedule.
pub fn blocked(watch: &Watch, sparing: Sparing, now: Instant) -> Option<Wait> {
    let floor = watch.last_poll.map(|last| floor(watch, sparing, last.min(now)));
    let floor = floor.map(|floor| Wait { until: floor.at, why: floor.why });
    let waits = watch.wait.iter().cloned().chain(floor).filter(|wait| wait.until > now);
    waits.max_by_key(|wait| wait.until)
}

/// The tick that the stride leads to, and the source's own place behind it.
fn by_cron(id: &Slug, watch: &Watch, cadence: &Cadence, last: Instant) -> Option<Next> {
    let mut ticks = cadence.cron.after(&last.with_timezone(&cadence.timezone)).map(|tick| tick.to_utc());
    let first = ticks.next()?;
    let stride = watch.pace.stride.min(cadence.sparing.longest_stride).max(1);
    let (mut tick, mut following, mut stretched) = (first, ticks.next(), 1);
    while let Some(later) = following.filter(|later| stretched < stride && *later <= last + LONGEST_GAP) {
        (tick, following, stretched) = (later, ticks.next(), stretched + 1);
    }
    let gap = following.map_or(WIDEST_SPREAD, |following| following - tick);
    let at = tick + share(id, (gap * 4 / 5).min(WIDEST_SPREAD));
    let why = match stretched {
        1 => "by the schedule".into(),
        _ => format!("by the schedule, every {stretched} ticks: it seldom has news"),
    };
    Some(Next { at, why })
}

/// Everything else that a poll has to wait for.
fn not_before(watch: &Watch, sparing: Sparing, last: Instant) -> Vec<Next> {
    let mut all = vec![floor(watch, sparing, last)];
    all.extend(watch.wait.iter().map(|wait| Next { at: wait.until, why: wait.why.clone() }));
    if let Some(document) = watch.last_success.filter(|_| watch.failures == 0) {
        let minutes = |minutes: u32| document + TimeDelta::minutes(i64::from(minutes)).min(LONGEST_GAP);
        let ttl = watch.rhythm.ttl.map(|ttl| (minutes(ttl), format!("the feed says `ttl` {ttl} min")));
        let period = watch.rhythm.period;
        let period =
            period.map(|period| (minutes(period), format!("the feed says that it changes every {period} min")));
        all.extend([ttl, period].into_iter().flatten().map(|(at, why)| Next { at, why }));
        if watch.push.is_some() {
            all.push(Next { at: last + SAFETY_POLL, why: "its hub tells what is new; asked daily to be sure".into() });
        }
    }
    all
}

fn floor(watch: &Watch, sparing: Sparing, last: Instant) -> Next {
    let unvalidated = watch.last_success == watch.last_poll && watch.validators.is_none();
    if unvalidated && sparing.floor_without_validators > sparing.floor {
        let why = "it gives no validators: hourly at most (`unconditional = true` lifts that)".into();
        return Next { at: last + sparing.floor_without_validators, why };
    }
    let why = format!("no outlet is asked more often than every {} min", sparing.floor.num_minutes());
    Next { at: last + sparing.floor, why }
}

/// A source's own part of `spread`, always the same.
fn share(source: &Slug, spread: TimeDelta) -> TimeDelta {
    let mut hasher = siphasher::sip::SipHasher13::new();
    source.as_str().hash(&mut hasher);
    let millis = u64::try_from(spread.num_milliseconds()).unwrap_or(0).max(1);
    TimeDelta::milliseconds(i64::try_from(hasher.finish() % millis).unwrap_or(0))
}

#[cfg(test)]
#[path = "next_tests.rs"]
mod tests;
