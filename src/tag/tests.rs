use super::*;
use crate::domain::{Field, LabelKind, Region, Topic};

fn topic(any: &[&str], all: &[&str], none: &[&str]) -> Topic {
    let own = |list: &[&str]| list.iter().map(|pattern| (*pattern).to_owned()).collect();
    Topic { id: "t".into(), title: "T".into(), any: own(any), all: own(all), none: own(none) }
}

fn subject<'a>(title: &'a str, text: &'a str) -> Subject<'a> {
    Subject { title, text, categories: &[], region: None, source: "s" }
}

fn check(pattern: &str, text: &str, words: Option<&str>) {
    let rules = Rules::compile(&[topic(&[pattern], &[], &[])], &[]).unwrap();
    let labels = rules.labels(&subject("", text));
    let found = labels.first().map(|label| label.because[0].words.as_str());
    assert_eq!(found, words, "`{pattern}` in `{text}`");
}

#[test]
fn each_form_matches_what_it_says() {
    check("perdagangan orang", "Kasus perdagangan orang naik", Some("perdagangan orang"));
    check("perdagangan orang", "ia memperdagangkan orang itu", Some("memperdagangkan orang"));
    check("perdagangan orang", "PERDAGANGAN ORANG", Some("PERDAGANGAN ORANG"));
    check("perdagangan orang", "perdagangan. Orang itu", None);
    check("perdagangan orang", "perdagangan dan orang", None);
    check("IKN", "pembangunan IKN dimulai", Some("IKN"));
    check("IKN", "klikn dan Ikn dan ikn", None);
    check("IKN", "(IKN-nya)", Some("IKN"));
    check("korban TPPO", "para korban TPPO itu", Some("korban TPPO"));
    check("traffick*", "human trafficking", Some("trafficking"));
    check("traffick*", "lalu lintas traffic", None);
    check("\"pekerja migran\"", "pekerja migran", Some("pekerja migran"));
    check("\"pekerja migran\"", "bekerja migran", None);
    check("\"Nusantara\"", "di Nusantara", Some("Nusantara"));
    check("\"Nusantara\"", "wawasan nusantara", None);
    check("/UU (No\\.? )?21/", "UU No. 21 Tahun 2007", Some("UU No. 21"));
    check("anak", "anak-anak", Some("anak"));
    check("a b", "a a b", Some("a b"));
}

#[test]
fn any_all_and_none_decide_and_the_verdict_tells() {
    let rules = Rules::compile(&[topic(&["korban", "pelaku"], &["TPPO"], &["sepak bola"])], &[]).unwrap();
    let verdict = |text: &str| rules.verdicts(&subject("", text)).remove(0).1;
    assert!(matches!(verdict("korban TPPO"), Verdict::Applies(because) if because.len() == 2));
    assert!(matches!(verdict("korban banjir"), Verdict::Lacks { missing, .. } if missing == ["TPPO"]));
    assert!(matches!(verdict("soal TPPO"), Verdict::Lacks { missing, .. } if missing == ["any"]));
    assert!(matches!(verdict("korban TPPO dan sepak bola"), Verdict::Barred { by, .. } if by[0].words == "sepak bola"));
    assert_eq!(verdict("cuaca cerah"), Verdict::Absent);
}

#[test]
fn a_region_is_named_or_taken_from_the_source() {
    let region = |id: &str, names: &[&str]| Region {
        id: id.into(),
        title: id.into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let regions = [
        region("balikpapan", &["Balikpapan", "Balik Papan"]),
        region("penajam-paser-utara", &["PPU", "Penajam", "Penajam Paser Utara"]),
        region("paser", &["Paser"]),
    ];
    let rules = Rules::compile(&[], &regions).unwrap();
    let own = "balikpapan".into();
    let check = |title: &str, text: &str, expected: &[(&str, Field)]| {
        let labels = rules.labels(&Subject { region: Some(&own), ..subject(title, text) });
        let found: Vec<_> = labels.iter().map(|label| (label.id.as_str(), label.because[0].field)).collect();
        assert_eq!(found, expected, "{title} / {text}");
        assert!(labels.iter().all(|label| label.kind == LabelKind::Region));
    };
    check("Banjir di BALIKPAPAN", "", &[("balikpapan", Field::Title)]);
    check("", "warga Balik Papan dan PPU", &[("balikpapan", Field::Text), ("penajam-paser-utara", Field::Text)]);
    check("Cuaca cerah", "", &[("balikpapan", Field::Source)]);
    check("", "di Penajam Paser Utara", &[("penajam-paser-utara", Field::Text)]);
    check("", "ppu balikpapan", &[("balikpapan", Field::Source)]);
}

#[test]
fn every_bad_pattern_is_told_with_its_place() {
    let topics = [topic(&["baik", "/(/"], &[], &["", "ab*"]), topic(&["/x*/"], &[], &[])];
    let errors = Rules::compile(&topics, &[]).unwrap_err();
    let places: Vec<_> = errors.iter().map(|error| (error.owner, error.list, error.index)).collect();
    assert_eq!(places, [(0, "any", 1), (0, "none", 0), (0, "none", 1), (1, "any", 0)]);
    assert!(errors[0].what.contains("unclosed group"), "{}", errors[0].what);
}

#[test]
fn a_pattern_that_may_match_nothing_is_refused() {
    for pattern in ["/\\b+/", "/(korban)?/", "/a*/", "/^/", "/|a/", "/[a&&b]?/"] {
        assert!(Rules::compile(&[topic(&[pattern], &[], &[])], &[]).is_err(), "{pattern}");
    }
    assert!(Rules::compile(&[topic(&["/a+/"], &[], &[])], &[]).is_ok());
}
