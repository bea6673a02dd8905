use serde::{Deserialize, Serialize};

use crate::domain::{
    Complaint, Gap, Interrupted, Moved, News, Outcome, Pace, Part, Push, Rhythm, Validators, Wait, Watch,
};
use crate::store::disk::record::{instant, maybe_instant, millis};

/// The version byte of watches as they are written.
const VERSION: u8 = 3;

/// What version 0.1 wrote; now the first part of what is written.
#[derive(Serialize, Deserialize)]
struct WatchV1 {
    validators: Option<ValidatorsV1>,
    last_poll: Option<i64>,
    last_success: Option<i64>,
    outcome: Option<OutcomeV1>,
    failures: u32,
    wait: Option<(i64, String)>,
    gone: bool,
    guids_untrusted: bool,
    complaints: Vec<(String, String, bool)>,
    entries: u32,
    fresh: u32,
    items: u64,
}

/// URL, `ETag`, `Last-Modified`.
type ValidatorsV1 = (String, Option<Vec<u8>>, Option<Vec<u8>>);

#[derive(Serialize, Deserialize)]
enum OutcomeV1 {
    Fetched,
    Unchanged,
    Failed(String, String, String),
}

/// What version 2 adds.
#[derive(Serialize, Deserialize)]
struct MoreV2 {
    url: Option<String>,
    last_document: Option<i64>,
    doubted: Option<i64>,
    failing_since: Option<i64>,
    /// To, since, polls, settled.
    moved: Option<(String, i64, u32, bool)>,
    /// Minutes to live, minutes of a period, hours and days (from Monday) to skip.
    rhythm: (Option<u32>, Option<u32>, Vec<u8>, Vec<u8>),
    /// Stride, streak.
    pace: (u8, i8),
    known: u32,
    /// First, last, times.
    news: Option<(i64, i64, u32)>,
    gaps: u32,
    /// At, pages, filled, what.
    gap: Option<(i64, u32, bool, String)>,
    /// Missed.
    push: Option<u8>,
}

/// URL, changed, validators, read.
type PartV3 = (String, Option<i64>, Option<ValidatorsV1>, Option<i64>);

/// What version 3 adds.
#[derive(Serialize, Deserialize)]
struct MoreV3 {
    parts: Vec<PartV3>,
    reached: Option<i64>,
    api_refused: Option<i64>,
    left: u32,
    digest: Option<u64>,
    reading: Option<u64>,
    /// Polls, to the end.
    interrupted: Option<(u8, bool)>,
}

/// A record of a watch.
pub fn encode_watch(watch: &Watch) -> Vec<u8> {
    let watch = watch.clone();
    let first = WatchV1 {
        validators: watch.validators.map(validators_record),
        last_poll: watch.last_poll.map(millis),
        last_success: watch.last_success.map(millis),
        outcome: watch.outcome.map(|outcome| match outcome {
            Outcome::Fetched => OutcomeV1::Fetched,
            Outcome::Unchanged => OutcomeV1::Unchanged,
            Outcome::Failed { kind, what, hint } => OutcomeV1::Failed(kind, what, hint),
        }),
        failures: watch.failures,
        wait: watch.wait.map(|wait| (millis(wait.until), wait.why)),
        gone: watch.gone,
        guids_untrusted: watch.guids_untrusted,
        complaints: watch.complaints.into_iter().map(|one| (one.what, one.place, one.mended)).collect(),
        entries: watch.entries,
        fresh: watch.fresh,
        items: watch.items,
    };
    let days = watch.rhythm.skip_days.iter().map(|day| u8::try_from(day.num_days_from_monday()).unwrap_or(0));
    let more = MoreV2 {
        url: watch.url,
        last_document: watch.last_document.map(millis),
        doubted: watch.doubted.map(millis),
        failing_since: watch.failing_since.map(millis),
        moved: watch.moved.map(|moved| (moved.to, millis(moved.since), moved.polls, moved.settled)),
        rhythm: (watch.rhythm.ttl, watch.rhythm.period, watch.rhythm.skip_hours, days.collect()),
        pace: (watch.pace.stride, watch.pace.streak),
        known: watch.known,
        news: watch.news.map(|news| (millis(news.first), millis(news.last), news.times)),
        gaps: watch.gaps,
        gap: watch.gap.map(|gap| (millis(gap.at), gap.pages, gap.filled, gap.what)),
        push: watch.push.map(|push| push.missed),
    };
    let part = |part: Part| {
        (part.url, part.changed.map(millis), part.validators.map(validators_record), part.read.map(millis))
    };
    let most = MoreV3 {
        parts: watch.parts.into_iter().map(part).collect(),
        reached: watch.reached.map(millis),
        api_refused: watch.api_refused.map(millis),
        left: watch.left,
        digest: watch.digest,
        reading: watch.reading,
        interrupted: watch.interrupted.map(|one| (one.polls, one.to_the_end)),
    };
    postcard::to_extend(&(first, more, most), vec![VERSION])
        .expect("plain data of known lengths always has a postcard form")
}

/// The watch of a record, of this version or an older one; `None` where the record makes no sense.
pub fn decode_watch(bytes: &[u8]) -> Option<Watch> {
    match bytes {
        [1, rest @ ..] => {
            let watch = first_part(postcard::from_bytes(rest).ok()?)?;
            Some(Watch { last_document: watch.last_success, ..watch })
        }
        [2, rest @ ..] => {
            let (first, more): (WatchV1, MoreV2) = postcard::from_bytes(rest).ok()?;
            second_part(first_part(first)?, more)
        }
        [VERSION, rest @ ..] => {
            let (first, more, most): (WatchV1, MoreV2, MoreV3) = postcard::from_bytes(rest).ok()?;
            third_part(second_part(first_part(first)?, more)?, most)
        }
        _ => None,
    }
}

fn first_part(record: WatchV1) -> Option<Watch> {
    let complaint = |(what, place, mended)| Complaint { what, place, mended };
    Some(Watch {
        validators: record.validators.map(validators),
        last_poll: maybe_instant(record.last_poll)?,
        last_success: maybe_instant(record.last_success)?,
        outcome: record.outcome.map(|outcome| match outcome {
            OutcomeV1::Fetched => Outcome::Fetched,
            OutcomeV1::Unchanged => Outcome::Unchanged,
            OutcomeV1::Failed(kind, what, hint) => Outcome::Failed { kind, what, hint },
        }),
        failures: record.failures,
        wait: match record.wait {
            None => None,
            Some((until, why)) => Some(Wait { until: instant(until)?, why }),
        },
        gone: record.gone,
        guids_untrusted: record.guids_untrusted,
        complaints: record.complaints.into_iter().map(complaint).collect(),
        entries: record.entries,
        fresh: record.fresh,
        items: record.items,
        ..Watch::default()
    })
}

fn validators_record(validators: Validators) -> ValidatorsV1 {
    (validators.url, validators.etag, validators.last_modified)
}

fn validators((url, etag, last_modified): ValidatorsV1) -> Validators {
    Validators { url, etag, last_modified }
}

fn third_part(watch: Watch, most: MoreV3) -> Option<Watch> {
    let part = |(url, changed, own, read)| {
        let validators = Option::map(own, validators);
        Some(Part { url, changed: maybe_instant(changed)?, validators, read: maybe_instant(read)? })
    };
    Some(Watch {
        parts: most.parts.into_iter().map(part).collect::<Option<_>>()?,
        reached: maybe_instant(most.reached)?,
        api_refused: maybe_instant(most.api_refused)?,
        left: most.left,
        digest: most.digest,
        reading: most.reading,
        interrupted: most.interrupted.map(|(polls, to_the_end)| Interrupted { polls, to_the_end }),
        ..watch
    })
}

fn second_part(watch: Watch, more: MoreV2) -> Option<Watch> {
    let (ttl, period, skip_hours, days) = more.rhythm;
    let skip_days = days.into_iter().filter_map(|day| chrono::Weekday::try_from(day).ok()).collect();
    let moved = |(to, since, polls, settled)| Some(Moved { to, since: instant(since)?, polls, settled });
    let news = |(first, last, times)| Some(News { first: instant(first)?, last: instant(last)?, times });
    let gap = |(at, pages, filled, what)| Some(Gap { at: instant(at)?, pages, filled, what });
    Some(Watch {
        url: more.url,
        last_document: maybe_instant(more.last_document)?,
        doubted: maybe_instant(more.doubted)?,
        failing_since: maybe_instant(more.failing_since)?,
        moved: more.moved.and_then(moved),
        rhythm: Rhythm { ttl, period, skip_hours, skip_days },
        pace: Pace { stride: more.pace.0, streak: more.pace.1 },
        known: more.known,
        news: more.news.and_then(news),
        gaps: more.gaps,
        gap: more.gap.and_then(gap),
        push: more.push.map(|missed| Push { missed }),
        ..watch
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_comes_back_as_it_was() {
        let at = |seconds: i64| instant(seconds * 1000).unwrap();
        let watch = Watch {
            url: Some("https://a.example/feed".into()),
            validators: Some(Validators {
                url: "https://a.example/feed".into(),
                etag: Some(vec![0xff, b'"']),
                last_modified: None,
            }),
            last_poll: Some(at(9)),
            last_success: Some(at(8)),
            last_document: Some(at(7)),
            doubted: Some(at(6)),
            outcome: Some(Outcome::Failed { kind: "a".into(), what: "b".into(), hint: "c".into() }),
            failures: 3,
            failing_since: Some(at(5)),
            wait: Some(Wait { until: at(99), why: "d".into() }),
            gone: true,
            moved: Some(Moved { to: "https://b.example/".into(), since: at(4), polls: 2, settled: true }),
            guids_untrusted: true,
            complaints: vec![Complaint { what: "e".into(), place: "f".into(), mended: true }],
            rhythm: Rhythm {
                ttl: Some(60),
                period: Some(30),
                skip_hours: vec![1, 23],
                skip_days: vec![chrono::Weekday::Sun],
            },
            pace: Pace { stride: 3, streak: -1 },
            entries: 10,
            known: 4,
            fresh: 6,
            items: 60,
            news: Some(News { first: at(1), last: at(3), times: 2 }),
            gaps: 1,
            gap: Some(Gap { at: at(2), pages: 3, filled: true, what: "g".into() }),
            push: Some(Push { missed: 1 }),
            parts: vec![Part {
                url: "https://a.example/sitemap-1.xml".into(),
                changed: Some(at(2)),
                validators: Some(Validators { url: "u".into(), etag: None, last_modified: Some(b"l".to_vec()) }),
                read: Some(at(1)),
            }],
            reached: Some(at(3)),
            api_refused: Some(at(4)),
            left: 5,
            digest: Some(6),
            reading: Some(7),
            interrupted: Some(Interrupted { polls: 2, to_the_end: true }),
        };
        assert_eq!(decode_watch(&encode_watch(&watch)), Some(watch));
        assert_eq!(decode_watch(&encode_watch(&Watch::default())), Some(Watch::default()));
    }

    /// Validators survive an upgrade (POLLING 1): the bytes are what version 0.1 wrote.
    #[test]
    fn a_watch_of_the_first_version_is_still_read() {
        let validators = ("https://a.example/feed".to_owned(), Some(b"\"x\"".to_vec()), None::<Vec<u8>>);
        let wait = None::<(i64, String)>;
        let complaints = Vec::<(String, String, bool)>::new();
        // Outcome 1 is `Unchanged`.
        let old = (Some(validators), Some(5000_i64), Some(5000_i64), Some(1_u32), 0_u32, wait, false, true);
        let bytes = postcard::to_extend(&(old, complaints, 7_u32, 2_u32, 40_u64), vec![1]).unwrap();
        let watch = decode_watch(&bytes).unwrap();
        assert_eq!(watch.validators.unwrap().etag.as_deref(), Some(&b"\"x\""[..]));
        assert_eq!((watch.outcome, watch.items), (Some(Outcome::Unchanged), 40));
        assert_eq!(watch.last_document, watch.last_success);
    }

    /// What version 2 wrote is the beginning of what is written now.
    #[test]
    fn a_watch_of_the_second_version_is_still_read() {
        let watch = Watch { gaps: 4, items: 3, ..Watch::default() };
        let mut bytes = encode_watch(&watch);
        // No parts, two dates that are not there, 0, and three things that are not.
        bytes.truncate(bytes.len() - 7);
        bytes[0] = 2;
        assert_eq!(decode_watch(&bytes), Some(watch));
    }

    #[test]
    fn damage_is_no_watch() {
        for bytes in [&[][..], &[1], &[2, 1], &[4, 0, 0], &[2, 255, 255, 255, 255, 255], &[3, 0]] {
            assert_eq!(decode_watch(bytes), None, "{bytes:?}");
        }
    }
}
