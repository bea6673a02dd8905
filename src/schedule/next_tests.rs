use super::*;
use crate::domain::{Pace, Push, Rhythm, Validators};
use crate::schedule::parse_cron;

const QUARTER: &str = "0 */15 * * * *";
const NOW: &str = "2026-01-01T00:01:00Z";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn source(id: &str) -> Source {
    Source::new(id.into(), id.into(), "https://a.example/feed".parse().unwrap())
}

fn gentle(cron: &str) -> Cadence {
    let (cron, timezone) = (parse_cron(cron).unwrap(), chrono_tz::Asia::Makassar);
    Cadence { cron, timezone, sparing: Sparing::GENTLE }
}

/// Polled well at that instant, with validators.
fn polled(last: &str) -> Watch {
    let validators = Validators { url: "https://a.example/feed".into(), etag: None, last_modified: None };
    let last = Some(at(last));
    Watch { last_poll: last, last_success: last, validators: Some(validators), ..Watch::default() }
}

fn check(cron: &str, watch: &Watch, now: &str, earliest: &str, latest: &str, why: &str) {
    let next = next_poll(&source("kaltim-post"), watch, &gentle(cron), at(now)).unwrap();
    assert!(next.at >= at(earliest) && next.at <= at(latest), "{} is not in {earliest}..{latest}", next.at);
    assert_eq!(next.why, why);
}

#[test]
fn the_next_poll_follows_cron_in_the_sites_zone_with_the_sources_own_jitter() {
    check(QUARTER, &Watch::default(), NOW, NOW, NOW, "never polled yet");
    let watch = polled("2026-01-01T00:00:30Z");
    check(QUARTER, &watch, NOW, "2026-01-01T00:15:00Z", "2026-01-01T00:20:00Z", "by the schedule");
    // Six in the morning of Makassar (UTC+8) is 22:00 UTC of the day before.
    check("0 0 6 * * *", &watch, NOW, "2026-01-01T22:00:00Z", "2026-01-01T22:05:00Z", "by the schedule");
    check(QUARTER, &polled("2025-12-30T00:00:00Z"), NOW, NOW, "2026-01-01T00:02:00Z", "overdue by the schedule");
    let clock_set_back = polled("2027-01-01T00:00:00Z");
    check(QUARTER, &clock_set_back, NOW, NOW, "2026-01-01T00:20:00Z", "by the schedule");
}

#[test]
fn no_schedule_asks_more_often_than_every_ten_minutes() {
    let watch = polled("2026-01-01T00:00:30Z");
    let due = "2026-01-01T00:10:30Z";
    check("0 * * * * *", &watch, NOW, due, due, "no outlet is asked more often than every 10 min");
    let bare = Watch { validators: None, ..watch };
    let why = "it gives no validators: hourly at most (`unconditional = true` lifts that)";
    check(QUARTER, &bare, NOW, "2026-01-01T01:00:30Z", "2026-01-01T01:00:30Z", why);
    let lifted = Cadence { sparing: Sparing::WITHOUT_NEED_OF_VALIDATORS, ..gentle(QUARTER) };
    let next = next_poll(&source("a"), &bare, &lifted, at(NOW)).unwrap();
    assert!(next.at < at("2026-01-01T00:21:00Z"), "{}", next.at);
    let own_machine = Cadence { sparing: Sparing::NONE, ..gentle("* * * * * *") };
    let next = next_poll(&source("a"), &bare, &own_machine, at("2026-01-01T00:00:30Z")).unwrap();
    assert!(next.at < at("2026-01-01T00:00:32Z"), "{}", next.at);
}

#[test]
fn a_wait_is_kept_and_a_gone_source_is_left_alone() {
    let mut watch = polled("2026-01-01T00:00:30Z");
    let until = "2026-01-01T03:00:00Z";
    watch.wait = Some(Wait { until: at(until), why: "the outlet said so".into() });
    check(QUARTER, &watch, NOW, until, until, "the outlet said so");
    watch.gone = true;
    assert_eq!(next_poll(&source("a"), &watch, &gentle(QUARTER), at(until)), None);
    // Under another address it is another feed.
    watch.url = Some("https://old.example/feed".into());
    check(QUARTER, &watch, NOW, NOW, NOW, "never polled yet");
}

#[test]
fn a_feeds_rhythm_lengthens_the_gap_and_never_shortens_it() {
    let with = |rhythm: Rhythm| Watch { rhythm, ..polled("2026-01-01T00:00:30Z") };
    let ttl = |minutes| with(Rhythm { ttl: Some(minutes), ..Rhythm::default() });
    check(QUARTER, &ttl(5), NOW, "2026-01-01T00:15:00Z", "2026-01-01T00:20:00Z", "by the schedule");
    let due = "2026-01-01T02:00:30Z";
    check(QUARTER, &ttl(120), NOW, due, due, "the feed says `ttl` 120 min");
    let day = "2026-01-02T00:00:30Z";
    check(QUARTER, &ttl(99_999_999), NOW, day, day, "the feed says `ttl` 99999999 min");
    let hourly = with(Rhythm { period: Some(60), ..Rhythm::default() });
    let hour = "2026-01-01T01:00:30Z";
    check(QUARTER, &hourly, NOW, hour, hour, "the feed says that it changes every 60 min");
    let quiet = with(Rhythm { skip_hours: vec![0, 1], ..Rhythm::default() });
    let why = "the feed says not to ask in these hours (`skipHours`, `skipDays`)";
    check(QUARTER, &quiet, NOW, "2026-01-01T02:00:00Z", "2026-01-01T02:05:00Z", why);
}

#[test]
fn a_quiet_source_is_asked_at_every_few_ticks() {
    let strides = |stride| Watch { pace: Pace { stride, streak: 0 }, ..polled("2026-01-01T00:00:30Z") };
    let why = "by the schedule, every 4 ticks: it seldom has news";
    check(QUARTER, &strides(4), NOW, "2026-01-01T01:00:00Z", "2026-01-01T01:05:00Z", why);
    // A stride of four must not make a daily poll one of every four days.
    check("0 0 6 * * *", &strides(4), NOW, "2026-01-01T22:00:00Z", "2026-01-01T22:05:00Z", "by the schedule");
}

#[test]
fn a_source_that_is_pushed_is_asked_daily() {
    let pushed = Watch { push: Some(Push::default()), ..polled("2026-01-01T00:00:30Z") };
    let day = "2026-01-02T00:00:30Z";
    check(QUARTER, &pushed, NOW, day, day, "its hub tells what is new; asked daily to be sure");
}

#[test]
fn who_asks_at_once_obeys_waits_and_the_floor() {
    let block = |watch: &Watch| blocked(watch, Sparing::GENTLE, at(NOW)).map(|wait| wait.until);
    assert_eq!(block(&Watch::default()), None);
    assert_eq!(block(&polled("2026-01-01T00:00:30Z")), Some(at("2026-01-01T00:10:30Z")));
    assert_eq!(block(&polled("2025-12-31T23:00:00Z")), None);
    let until = at("2026-01-02T00:00:00Z");
    let waits = Watch { wait: Some(Wait { until, why: String::new() }), ..polled("2025-12-31T23:00:00Z") };
    assert_eq!(block(&waits), Some(until));
    let rhythm = Rhythm { ttl: Some(600), ..Rhythm::default() };
    assert_eq!(block(&Watch { rhythm, ..polled("2025-12-31T23:00:00Z") }), None);
}

#[test]
fn sources_do_not_all_come_at_once() {
    let watch = polled("2026-01-01T00:00:30Z");
    let instants: std::collections::BTreeSet<_> = (0..100)
        .filter_map(|n| next_poll(&source(&format!("s{n}")), &watch, &gentle(QUARTER), at(NOW)))
        .map(|next| next.at.timestamp())
        .collect();
    assert!(instants.len() > 60, "{} instants for 100 sources", instants.len());
}
