use chrono::TimeDelta;

use crate::domain::{Instant, Watch};

/// A source that answers nothing but 304 is believed for this long at least …
const LEAST: TimeDelta = TimeDelta::days(8);
/// … and for so many of the gaps between the times that it had news (POLLING 21).
const GAPS: i32 = 5;
/// Times that it must have had news for there to be a gap worth speaking of.
const REGULAR: u32 = 3;

/// Why a source is to be asked without validators this once: it published regularly and answers only 304 for too long, as
/// servers do whose cache has stuck. `None` where it is believed.
pub fn doubt(watch: &Watch, now: Instant) -> Option<String> {
    watch.validators.as_ref()?;
    let news = watch.news.filter(|news| news.times >= REGULAR)?;
    let gap = (news.last - news.first) / i32::try_from(news.times - 1).unwrap_or(i32::MAX);
    let patience = LEAST.max(gap * GAPS);
    let silent = now - watch.last_document?;
    if silent <= patience || watch.doubted.is_some_and(|doubted| now - doubted < LEAST) {
        return None;
    }
    Some(format!(
        "it had news every {} h and has answered only 304 for {} days: asked once without validators",
        gap.num_hours(),
        silent.num_days()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{News, Validators};

    #[test]
    fn silence_is_doubted_after_eight_days_or_five_gaps() {
        let day = |days: i64| Instant::UNIX_EPOCH + TimeDelta::days(days);
        let check = |gap: i64, times: u32, silent: i64, doubted: Option<i64>, expected: bool| {
            let last = i64::from(times - 1) * gap;
            let watch = Watch {
                validators: Some(Validators { url: String::new(), etag: None, last_modified: None }),
                last_document: Some(day(last)),
                doubted: doubted.map(|ago| day(last + silent - ago)),
                news: Some(News { first: day(0), last: day(last), times }),
                ..Watch::default()
            };
            assert_eq!(doubt(&watch, day(last + silent)).is_some(), expected, "{gap} {times} {silent} {doubted:?}");
        };
        check(1, 20, 8, None, false);
        check(1, 20, 9, None, true);
        check(1, 2, 9, None, false);
        check(3, 20, 15, None, false);
        check(3, 20, 16, None, true);
        check(1, 20, 20, Some(7), false);
        check(1, 20, 20, Some(8), true);
    }
}
