use super::*;
use crate::domain::{Article, Carrier, Facet, Instant, Item, ItemId, Label, LabelKind, Slug};

fn item(number: u64, title: &str, text: &str) -> Item {
    let day = i64::try_from(number).unwrap();
    Item {
        id: ItemId(number),
        article: Article {
            title: title.into(),
            html: format!("<p>{text}</p>"),
            published: Instant::from_timestamp(1_700_000_000 + day * 86_400, 0),
            ..Article::default()
        },
        labels: Vec::new(),
        nearly: Vec::new(),
        first_seen: Instant::UNIX_EPOCH,
        changed: Instant::UNIX_EPOCH,
        edits: 0,
        carriers: vec![carrier("a", number)],
        first_told: None,
        told_again: Vec::new(),
    }
}

fn carrier(source: &str, arrival: u64) -> Carrier {
    Carrier { source: source.into(), arrival, url: None, title: String::new(), published: None }
}

fn label(kind: LabelKind, id: &str) -> Label {
    Label { kind, id: id.into(), because: Vec::new() }
}

const DONE: Progress = Progress { change: 0, below: 0 };

/// An index with these items in it.
fn index(items: &[Item]) -> (tempfile::TempDir, Index) {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(&directory.path().join("search")).unwrap();
    index.write(items, &[], DONE).unwrap();
    (directory, index)
}

fn query(text: &str) -> Query {
    Query { sought: Sought::read(text), ..Query::default() }
}

fn numbers(index: &Index, query: &Query) -> Vec<u64> {
    index.newest(query, u64::MAX, 100).unwrap().into_iter().map(|(_, id)| id.0).collect()
}

#[test]
fn words_and_phrases_are_found_in_their_inflections() {
    let (_directory, index) = index(&[
        item(1, "Polisi ungkap sindikat", "Pelaku memperdagangkan orang ke luar negeri."),
        item(2, "Perdagangan naik", "Nilai perdagangan; banyak orang belanja."),
        item(3, "Penangkapan nelayan", "Anak-anak melihat kapal karam di Balikpapan."),
        item(4, "Korban orangutan", "Satwa dipulangkan."),
    ]);
    let check = |text: &str, expected: &[u64]| assert_eq!(numbers(&index, &query(text)), expected, "{text}");
    check("", &[4, 3, 2, 1]);
    check("perdagangan orang", &[2, 1]);
    check("\"perdagangan orang\"", &[1]);
    check("\"orang perdagangan\"", &[]);
    check("menangkap", &[3]);
    check("\"ditangkap nelayan\"", &[3]);
    check("anak-anak", &[3]);
    check("ANAK Kapal", &[3]);
    check("orang", &[2, 1]);
    check("sindikat luar", &[1]);
    check("\"sindikat pelaku\"", &[]);
    check("dagang -sindikat", &[2]);
    check("-dagang", &[4, 3]);
    check("-\"dagang orang\"", &[4, 3, 2]);
    check("tiada", &[]);
}

#[test]
fn facets_and_dates_narrow() {
    let mut items = [item(1, "satu", "x"), item(2, "dua", "x"), item(3, "tiga", "x"), item(4, "empat", "x")];
    items[0].labels = vec![label(LabelKind::Topic, "tppo"), label(LabelKind::Region, "berau")];
    items[1].labels = vec![label(LabelKind::Topic, "ikn"), label(LabelKind::Region, "tppo")];
    items[2].labels = vec![label(LabelKind::Topic, "ikn"), label(LabelKind::Region, "berau")];
    items[0].carriers.push(carrier("b", 9));
    items[2].carriers = vec![carrier("b", 3)];
    let dates: Vec<Instant> = items.iter().map(Item::date).collect();
    let (_directory, index) = index(&items);
    let topic = |id: &str| Facet::Topic(Slug::from(id));
    let (berau, source) = (Facet::Region("berau".into()), |id: &str| Facet::Source(Slug::from(id)));
    let check = |all_of: &[&[Facet]], from: Option<usize>, until: Option<usize>, expected: &[u64]| {
        let all_of = all_of.iter().map(|group| group.to_vec()).collect();
        let (from, until) = (from.map(|at| dates[at]), until.map(|at| dates[at]));
        let query = Query { all_of, from, until, sought: Sought::read("x") };
        assert_eq!(numbers(&index, &query), expected, "{query:?}");
    };
    check(&[&[topic("tppo")]], None, None, &[1]);
    check(&[&[topic("tppo"), topic("ikn")]], None, None, &[3, 2, 1]);
    check(&[&[topic("tppo"), topic("ikn")], std::slice::from_ref(&berau)], None, None, &[3, 1]);
    check(&[&[topic("tidak-ada")]], None, None, &[]);
    // In a source's channel an item stands where that source had it.
    check(&[&[source("b")]], None, None, &[1, 3]);
    check(&[&[source("a")]], None, None, &[4, 2, 1]);
    check(&[&[source("a"), source("b")]], None, None, &[4, 3, 2, 1]);
    check(&[], Some(1), None, &[4, 3, 2]);
    check(&[], Some(1), Some(3), &[3, 2]);
    check(&[], None, Some(1), &[1]);
    check(&[], Some(2), Some(1), &[]);
    let by_source = Query { all_of: vec![vec![source("b")]], ..Query::default() };
    assert_eq!(index.newest(&by_source, u64::MAX, 9).unwrap(), [(9, ItemId(1)), (3, ItemId(3))]);
    assert_eq!(index.newest(&by_source, 9, 9).unwrap(), [(3, ItemId(3))]);
}

#[test]
fn pages_follow_each_other_whatever_the_segments() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(directory.path()).unwrap();
    // Newest first, as it is built; then what arrives; then edits.
    for (from, to) in [(60, 80), (30, 60), (1, 30), (80, 90), (90, 101)] {
        let items: Vec<Item> = (from..to).rev().map(|number| item(number, "kapal", "karam")).collect();
        index.write(&items, &[], DONE).unwrap();
    }
    index.write(&[], &[item(50, "kapal", "karam lagi"), item(99, "lain", "sekali")], DONE).unwrap();
    let (mut below, mut found) = (u64::MAX, Vec::new());
    loop {
        let page = index.newest(&query("kapal"), below, 7).unwrap();
        let Some((last, _)) = page.last() else { break };
        below = *last;
        found.extend(page.iter().map(|(arrival, _)| *arrival));
    }
    let expected: Vec<u64> = (1..=100).rev().filter(|number| *number != 99).collect();
    assert_eq!(found, expected);
    assert_eq!(index.newest(&query("kapal"), 3, 100).unwrap(), [(2, ItemId(2)), (1, ItemId(1))]);
    assert!(index.newest(&query("kapal"), u64::MAX, 0).unwrap().is_empty());
}

#[test]
fn the_best_come_first_and_a_story_once() {
    let filler = "banyak kata lain yang biasa saja ".repeat(20);
    let mut items = vec![
        item(1, "Kapal karam", "Kapal itu karam."),
        item(2, "Cuaca", &format!("{filler} kapal {filler}")),
        item(3, "Kapal karam di laut", "Kapal itu karam."),
    ];
    items[2].first_told = Some(ItemId(1));
    let (_directory, index) = index(&items);
    let best = |skip, limit, stories| -> Vec<u64> {
        index.best(&query("kapal"), skip, limit, stories).unwrap().into_iter().map(|id| id.0).collect()
    };
    assert_eq!(best(0, 10, true), [1, 2]);
    assert_eq!(best(0, 10, false), [1, 3, 2]);
    assert_eq!(best(1, 1, false), [3]);
    assert_eq!(best(1_000_000, 10, false), [] as [u64; 0]);
    assert!(index.finds_any(&query("karam"), &[ItemId(2), ItemId(3)]).unwrap());
    assert!(!index.finds_any(&query("karam"), &[ItemId(2), ItemId(7)]).unwrap());
    assert!(!index.finds_any(&query("karam"), &[]).unwrap());
}

#[test]
fn hostile_queries_and_texts_find_nothing_worse_than_nothing() {
    let long = "x".repeat(100_000);
    let many = "kata ".repeat(100_000);
    let (_directory, index) =
        index(&[item(1, "\"'*[]{}()\\", &long), item(2, &"é".repeat(5000), &many), item(3, "", "")]);
    let queries = [
        "\"".repeat(10_240),
        "x".repeat(10_240),
        "\"a b\" ".repeat(2_000),
        "-".repeat(500),
        "-x -y -\"z w\"".into(),
        "/.*(a+)+$/ [a-z]* {1,} title:x^5~2 AND OR NOT".into(),
        "\0\u{1}\u{202e}\u{feff}💥 ﷽".into(),
        "menangkap ".repeat(20),
        format!("\"{}\"", "menangkap mengirim memukul ".repeat(8)),
    ];
    for text in &queries {
        index.newest(&query(text), u64::MAX, 10).unwrap();
        index.best(&query(text), 0, 10, true).unwrap();
        index.finds_any(&query(text), &[ItemId(1)]).unwrap();
    }
    assert_eq!(numbers(&index, &query(&"x".repeat(500))), [1], "a word of any length is told by its beginning");
    assert_eq!(numbers(&index, &query("kata")), [2]);
}

#[test]
fn what_is_replaced_is_found_as_it_is_now() {
    let (directory, index) = index(&[item(1, "lama", "x"), item(2, "tetap", "x")]);
    let before = index.generation();
    let mut edited = item(1, "baru", "x");
    edited.labels = vec![label(LabelKind::Topic, "tppo")];
    index.write(&[], &[edited], Progress { change: 7, below: 0 }).unwrap();
    assert_ne!(index.generation(), before);
    let check = |index: &Index| {
        assert_eq!(numbers(index, &query("lama")), [] as [u64; 0]);
        assert_eq!(numbers(index, &query("baru")), [1]);
        let tppo = Query { all_of: vec![vec![Facet::Topic("tppo".into())]], ..Query::default() };
        assert_eq!(numbers(index, &tppo), [1]);
        assert_eq!((index.count(), index.progress()), (2, Some(Progress { change: 7, below: 0 })));
    };
    check(&index);
    drop(index);
    check(&Index::open(&directory.path().join("search")).unwrap());
}

#[test]
fn a_damaged_or_foreign_index_is_thrown_away() {
    let (directory, index) = index(&(1..200).map(|number| item(number, "kapal", "karam")).collect::<Vec<_>>());
    drop(index);
    let path = directory.path().join("search");
    let spoil = |name: fn(&str) -> bool, bytes: &[u8]| {
        for file in std::fs::read_dir(&path).unwrap().flatten() {
            if name(&file.file_name().to_string_lossy()) {
                std::fs::write(file.path(), bytes).unwrap();
            }
        }
    };
    for (name, bytes) in [
        ((|name| name == "meta.json") as fn(&str) -> bool, &b"{"[..]),
        (|name| name == "meta.json", b""),
        (|name| name.ends_with(".idx"), b""),
        (|name| name.ends_with(".term"), b"rusak"),
        (|name| name.contains('.'), &[0; 100]),
    ] {
        spoil(name, bytes);
        let index = Index::open(&path).unwrap();
        assert_eq!((index.progress(), index.count()), (None, 0));
        index.write(&[item(1, "kapal", "x")], &[], DONE).unwrap();
        assert_eq!(numbers(&index, &query("kapal")), [1]);
    }
    // A bit that turned within a file is found by looking at all of them.
    let file = std::fs::read_dir(&path)
        .unwrap()
        .flatten()
        .find(|file| file.path().extension().is_some_and(|end| end == "pos"));
    let file = file.unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let index = Index::open(&path).unwrap();
    assert!(matches!(index.verify(), Err(SearchError::Damaged { .. })) && index.is_damaged());
    index.begin_anew().unwrap();
    assert!(!index.is_damaged() && index.count() == 0 && index.verify().is_ok());
    index.write(&[item(1, "kapal", "x")], &[], DONE).unwrap();
    assert_eq!(numbers(&index, &query("kapal")), [1]);
}

proptest::proptest! {
    #[test]
    fn any_query_is_read_and_any_text_is_marked(query: String, text: String, plain in "[ \"a-c-]{0,40}", more in "[a-c .]{0,200}") {
        for (query, text) in [(&query, &text), (&plain, &more), (&plain, &text)] {
            let sought = Sought::read(query);
            let mut last = 0;
            for range in marks(text, &sought) {
                assert!(range.start >= last && !text[range.clone()].is_empty());
                last = range.end;
            }
            assert!(text.contains(excerpt(text, &sought)));
        }
    }
}
