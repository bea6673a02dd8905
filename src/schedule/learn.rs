use crate::domain::{Complaint, Gap, Instant, News, Outcome, Rhythm, Validators, Watch};
use crate::schedule::Told;
use crate::schedule::moved::{Redirect, moved};
use crate::schedule::pace::paced;
use crate::schedule::wait::{after_failure, after_success, asked_for};

/// Pulls that may find what no push brought before a hub is trusted no more (POLLING 20).
const MISSES: u8 = 2;

/// What a document that was read leaves to be remembered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Brought {
    /// The validators that came with it. They replace the old ones, and none replaces them too (POLLING 3).
    pub validators: Option<Validators>,
    /// Whether it came whole; else it must come again, so the old validators stay.
    pub whole: bool,
    /// Entries in it.
    pub entries: u32,
    /// How many of those were known before.
    pub known: u32,
    /// What should be mended.
    pub complaints: Vec<Complaint>,
    /// How seldom it says that it changes.
    pub rhythm: Rhythm,
    /// Whether its guids identify nothing.
    pub guids_untrusted: bool,
    /// That it had nothing in common with what was known.
    pub gap: Option<Gap>,
}

/// Why a poll failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A short stable name.
    pub kind: String,
    /// What happened.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

/// After a 304, which keeps the validators and takes those that it carries (POLLING 4).
pub fn unchanged(watch: Watch, carried: Option<Validators>, chain: &[Redirect<'_>], told: Told, now: Instant) -> Watch {
    let validators = match (watch.validators.clone(), carried) {
        (Some(kept), Some(carried)) => Some(Validators {
            etag: carried.etag.or(kept.etag),
            last_modified: carried.last_modified.or(kept.last_modified),
            url: kept.url,
        }),
        (kept, _) => kept,
    };
    let pace = paced(watch.pace, 1, 1);
    succeeded(Watch { validators, pace, ..watch }, Outcome::Unchanged, chain, told, now)
}

/// After a 200 with a document that could be read.
pub fn fetched(watch: Watch, brought: Brought, chain: &[Redirect<'_>], told: Told, now: Instant) -> Watch {
    let validators = if brought.whole { brought.validators } else { watch.validators };
    // The first document says nothing about how often there is news.
    let first = watch.items == 0;
    let pace = if first { watch.pace } else { paced(watch.pace, brought.known, brought.entries) };
    let watch = Watch {
        validators,
        pace,
        last_document: Some(now),
        complaints: brought.complaints,
        rhythm: brought.rhythm,
        guids_untrusted: brought.guids_untrusted,
        entries: brought.entries,
        known: brought.known,
        gaps: watch.gaps + u32::from(brought.gap.is_some()),
        gap: brought.gap.or(watch.gap),
        ..watch
    };
    succeeded(watch, Outcome::Fetched, chain, told, now)
}

fn succeeded(watch: Watch, outcome: Outcome, chain: &[Redirect<'_>], told: Told, now: Instant) -> Watch {
    Watch {
        last_poll: Some(now),
        last_success: Some(now),
        outcome: Some(outcome),
        failures: 0,
        failing_since: None,
        wait: after_success(told, now),
        moved: moved(watch.moved, chain, now),
        ..watch
    }
}

/// After anything else. The validators stay as they were: what they stand for is kept, what came now is not.
///
/// A remembered move is forgotten, and the next poll asks at the address in feeds.toml again; unless the outlet only asked for patience.
pub fn failed(watch: Watch, failure: Failure, told: Told, now: Instant) -> Watch {
    let (failures, since) = (watch.failures.saturating_add(1), watch.failing_since.unwrap_or(now));
    let at_its_new_address = watch.moved.as_ref().is_some_and(|moved| moved.settled);
    let gone = failure.kind == "gone" && !at_its_new_address;
    let moved = watch.moved.filter(|_| failure.kind == "rate-limited");
    Watch {
        last_poll: Some(now),
        failures,
        failing_since: Some(since),
        wait: Some(after_failure(told, failures, since, now)),
        gone,
        moved,
        outcome: Some(Outcome::Failed { kind: failure.kind, what: failure.what, hint: failure.hint }),
        ..watch
    }
}

/// A failure that is not the source's: every source failed, so it was our own network (POLLING 12). What the outlet itself asked for
/// is still obeyed.
pub fn pardoned(watch: Watch, told: Told, now: Instant) -> Watch {
    let failures = watch.failures.saturating_sub(1);
    let wait = asked_for(told, now).or_else(|| {
        let since = watch.failing_since.filter(|_| failures > 0)?;
        Some(after_failure(Told::default(), failures, since, now))
    });
    Watch { failures, failing_since: watch.failing_since.filter(|_| failures > 0), wait, gone: false, ..watch }
}

/// Counts what a push brought that was new. What is known of polls stays as it was: validators, waits, the last poll.
pub fn pushed(watch: Watch, fresh: u32, guids_untrusted: bool, now: Instant) -> Watch {
    let watch = Watch { guids_untrusted: watch.guids_untrusted || guids_untrusted, ..watch };
    if fresh == 0 {
        return watch;
    }
    Watch { items: watch.items + u64::from(fresh), news: Some(another(watch.news, now)), ..watch }
}

/// What happened meanwhile to a source that was being polled: pushes came, a hub was trusted or not.
pub fn meanwhile(polled: Watch, current: &Watch) -> Watch {
    // Under another URL it was another feed.
    if polled.url != current.url {
        return polled;
    }
    let guids_untrusted = polled.guids_untrusted || current.guids_untrusted;
    Watch { items: current.items, news: current.news, push: current.push, guids_untrusted, ..polled }
}

fn another(news: Option<News>, now: Instant) -> News {
    match news {
        Some(news) => News { last: now, times: news.times.saturating_add(1), ..news },
        None => News { first: now, last: now, times: 1 },
    }
}

/// Counts what a pull brought that was new.
pub fn brought(watch: Watch, fresh: u32, now: Instant) -> Watch {
    if fresh == 0 {
        return Watch { fresh, ..watch };
    }
    let news = another(watch.news, now);
    let mut push = watch.push;
    if let Some(push) = &mut push {
        push.missed += 1;
    }
    let push = push.filter(|push| push.missed < MISSES);
    Watch { fresh, items: watch.items + u64::from(fresh), news: Some(news), push, ..watch }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Push;

    fn at(hour: i64) -> Instant {
        Instant::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    #[test]
    fn a_push_counts_as_news_and_leaves_what_is_known_of_polls() {
        let before =
            Watch { last_poll: Some(at(1)), items: 3, fresh: 1, push: Some(Push { missed: 1 }), ..Watch::default() };
        let after = pushed(before.clone(), 2, true, at(2));
        assert_eq!((after.items, after.guids_untrusted), (5, true));
        assert_eq!(after.news, Some(News { first: at(2), last: at(2), times: 1 }));
        assert_eq!((after.last_poll, after.fresh, after.push), (before.last_poll, 1, before.push));
        assert_eq!(pushed(before.clone(), 0, false, at(2)), before, "nothing new is no news");
    }

    #[test]
    fn what_happened_during_a_poll_is_not_undone_by_it() {
        let url = |url: &str| Some(url.to_owned());
        let polled = Watch { url: url("https://a.example/"), entries: 9, items: 3, ..Watch::default() };
        let current =
            Watch { url: url("https://a.example/"), items: 5, push: Some(Push::default()), ..Watch::default() };
        let settled = meanwhile(polled.clone(), &current);
        assert_eq!((settled.entries, settled.items, settled.push), (9, 5, Some(Push::default())));
        let other = Watch { url: url("https://b.example/"), ..current };
        assert_eq!(meanwhile(polled.clone(), &other), polled, "that is another feed");
    }
}
