use super::*;
use crate::domain::{Field, LabelKind, Lack, Region, Topic};

fn topic(any: &[&str], all: &[&str], none: &[&str]) -> Topic {
    let own = |list: &[&str]| list.iter().map(|pattern| (*pattern).to_owned()).collect();
    Topic { id: "t".into(), title: "T".into(), any: own(any), all: own(all), none: own(none), except: Vec::new() }
}

fn subject<'a>(title: &'a str, text: &'a str) -> Subject<'a> {
    Subject { source: "s", ..Subject::plain(title, text) }
}

fn check(pattern: &str, text: &str, words: Option<&str>) {
    let rules = Rules::compile(&[topic(&[pattern], &[], &[])], &[]).unwrap();
    let labels = rules.judge(&subject("", text)).labels;
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
    check("perdagangan anak perempuan", "perdagangan anak-anak perempuan", Some("perdagangan anak-anak perempuan"));
    check("korban ~3 dijual", "Korban itu kemudian dijual", Some("Korban itu kemudian dijual"));
    check("korban ~3 dijual", "dijual oleh kerabat korban", Some("dijual oleh kerabat korban"));
    check("korban ~2 dijual", "Korban itu lalu kemudian dijual", None);
    check("korban ~8 dijual", "Korban pulang. Beras dijual", None);
    check("lead:korban", "Ada korban", Some("korban"));
    check("title:korban", "Ada korban", None);
    check("IKN", "buka www.IKN.go.id atau @IKN", None);
}

/// A text of that many paragraphs that say nothing, with these lines among them: what is about something must say so early or twice.
fn article(lines: &str) -> String {
    format!(
        "{}{lines}\nDemikian cuaca hari ini di seluruh wilayah itu.",
        "Cuaca hari ini cerah dan angin bertiup pelan sekali. ".repeat(8)
    )
}

#[test]
fn an_article_is_about_what_it_says_early_or_twice_or_quotes_or_decides() {
    let topic = Topic { except: vec!["Metro IKN".into()], ..topic(&["IKN"], &[], &[]) };
    let rules = Rules::compile(&[topic], &[]).unwrap();
    let check = |title: &str, lines: &str, expected: &str| {
        let text = article(lines);
        let judged = rules.judge(&Subject::plain(title, &text));
        let verdict = match (judged.labels.first(), judged.nearly.first()) {
            (Some(label), _) => format!("{} {}", label.because[0].field.as_str(), label.because[0].paragraph),
            (None, Some(near)) => near.lacks.as_str().to_owned(),
            (None, None) => "absent".to_owned(),
        };
        assert_eq!(verdict, expected, "{title} / {lines}");
    };
    check("Bandara IKN dibuka", "", "title 0");
    check("Cuaca", "\nHujan turun juga di IKN pekan lalu.", "weight");
    check("Cuaca", "\nHujan turun juga di IKN pekan lalu. Warga IKN senang.", "text 2");
    check("Cuaca", "\nKatanya: \"Kami sudah siap pindah ke IKN,\" begitu.", "quote 2");
    check("Cuaca", "\nPolisi menetapkan dua orang tersangka kasus lahan IKN kemarin.", "text 2");
    check("Cuaca", "\nBaca juga: IKN dibuka\nBaca juga: IKN ditutup", "absent");
    check("Cuaca", "\nKepada Metro IKN, ia menolak. Kata Metro IKN begitu.", "absent");
    check("Kaltim Kemarin, banjir hingga cuaca", "\nHujan turun juga di IKN pekan lalu.", "text 2");
}

#[test]
fn a_weak_sign_of_a_place_counts_only_where_there_is_no_stronger_one() {
    let rules = Rules::compile(&[], &kaltim()).unwrap();
    let check = |title: &str, text: &str, expected: &[&str]| {
        let labels = rules.judge(&Subject::plain(title, text)).labels;
        let found: Vec<&str> = labels.iter().map(|label| label.id.as_str()).collect();
        assert_eq!(found, expected, "{title} / {text}");
    };
    let long = article("");
    check("Cuaca", &format!("BALIKPAPAN, contoh.id – {long}"), &["balikpapan"]);
    check("Cuaca di Berau", &format!("BALIKPAPAN, contoh.id – {long}"), &["berau"]);
    check("Cuaca", &format!("SAMARINDA – {}", article("\nHujan turun di Kecamatan Sepaku.")), &["penajam-paser-utara"]);
    check(
        "Cuaca",
        &article("\nHujan turun di Kabupaten Berau, Paser dan Kutai Timur."),
        &["kutai-timur", "berau", "paser"],
    );
    check("Cuaca", &article("\nPenerbangan Jakarta-Aceh, Balikpapan-Yogyakarta dibuka."), &[]);
    check("Cuaca di Bandung", &article("\nHujan turun juga di Bontang."), &[]);
    check("Macet di Jalan Balikpapan", "", &[]);
    check("Masyarakat adat Paser berpesta, suku Paser menari", "", &[]);
    check("Radar Bontang dan Balikpapan Pos berulang tahun", "", &[]);
    check("Camat Damai menemui warga", "", &["kutai-barat"]);
    check("Damai itu indah di Kutai", "", &[]);
}

#[test]
fn any_all_and_none_decide_and_the_verdict_tells() {
    let rules = Rules::compile(&[topic(&["korban", "pelaku"], &["TPPO"], &["sepak bola"])], &[]).unwrap();
    let judge = |text: &str| rules.judge(&subject("", text));
    let lacks = |text: &str| judge(text).nearly.remove(0).lacks;
    assert_eq!(judge("korban TPPO").labels[0].because.len(), 2);
    assert_eq!(lacks("korban banjir"), Lack::Patterns(vec!["TPPO".into()]));
    assert_eq!(lacks("soal TPPO"), Lack::Patterns(vec!["any".into()]));
    assert!(matches!(lacks("korban TPPO dan sepak bola"), Lack::Barred(by) if by[0].words == "sepak bola"));
    assert_eq!(judge("cuaca cerah"), Judgement::default());
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
        let labels = rules.judge(&Subject { region: Some(&own), ..subject(title, text) }).labels;
        let found: Vec<_> = labels.iter().map(|label| (label.id.as_str(), label.because[0].field)).collect();
        assert_eq!(found, expected, "{title} / {text}");
        assert!(labels.iter().all(|label| label.kind == LabelKind::Region));
    };
    check("Banjir di BALIKPAPAN", "", &[("balikpapan", Field::Title)]);
    check("", "warga Balik Papan dan PPU", &[("balikpapan", Field::Lead), ("penajam-paser-utara", Field::Lead)]);
    check("Cuaca cerah", "", &[("balikpapan", Field::Source)]);
    check("", "di Penajam Paser Utara", &[("penajam-paser-utara", Field::Lead)]);
    check("", "ppu balikpapan", &[("balikpapan", Field::Source)]);
}

#[test]
fn every_bad_pattern_is_told_with_its_place() {
    for pattern in ["korban ~0 anak", "korban ~99 anak", "korban ~", "~4 anak", "korban ~4 ", "title:", "lead: /x*/"] {
        assert!(Rules::compile(&[topic(&[pattern], &[], &[])], &[]).is_err(), "{pattern}");
    }
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

#[test]
fn a_text_that_says_the_same_without_end_takes_no_time() {
    let text = "korban anak ".repeat(100_000);
    let begun = std::time::Instant::now();
    check("korban ~8 anak", &text, Some("korban anak"));
    check("korban ~8 dijual", &text, None);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}
