//! Whatever an outlet may write: a text is divided without losing a byte, labelled, and compared with itself and its half.
#![no_main]

use std::sync::LazyLock;

use chrono::TimeDelta;
use kliping::story::{Circumstances, Wording, compare};
use kliping::tag::{Rules, Subject, kaltim};
use kliping::text::{Habits, Prose};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&[], &kaltim()).unwrap());

fuzz_target!(|input: &str| {
    let (title, text) = input.split_once('\n').unwrap_or(("", input));
    let prose = Prose::read(text, |_| false);
    let mut end = 0;
    for (range, _) in prose.article_parts() {
        assert!(range.start >= end && text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
        end = range.end;
    }
    assert!(end <= text.len());
    for at in [0, text.len() / 2, text.len()] {
        let sentence = prose.sentence(at, text);
        assert!(text.get(sentence).is_some());
    }
    RULES.judge(&Subject::plain(title, text));
    let habits = Habits::learn([(text, &[][..]), (title, &[][..]), (text, &[][..])].into_iter());
    let whole = Wording::of(title, text, &Habits::default());
    let half = Wording::of(title, text.get(..text.len() / 2).unwrap_or(""), &habits);
    for same_outlet in [false, true] {
        compare(&whole, &half, Circumstances { same_outlet, apart: TimeDelta::hours(1) });
    }
});
