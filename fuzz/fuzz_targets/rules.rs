//! Whatever an operator may write as a topic, and whatever it may be held against: patterns a line each, then a blank line and the text.
#![no_main]

use kliping::domain::Topic;
use kliping::tag::{Rules, Subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (patterns, text) = input.split_once("\n\n").unwrap_or((input, input));
    let any: Vec<String> = patterns.lines().take(20).map(str::to_owned).collect();
    let topic = Topic { id: "t".into(), title: "T".into(), any, all: vec![], none: vec![], except: vec![] };
    let Ok(rules) = Rules::compile(&[topic], &[]) else { return };
    let (title, text) = text.split_once('\n').unwrap_or((text, ""));
    let judged = rules.judge(&Subject::plain(title, text));
    for label in judged.labels {
        assert!(!label.because.is_empty(), "a label says why");
        assert!(label.because.iter().all(|because| !because.words.is_empty()));
    }
});
