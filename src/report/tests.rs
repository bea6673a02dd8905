use super::*;
use crate::domain::{Article, Carrier, Label, LabelKind};

/// An item that came at one instant and was published at another, with labels `topic`/`region` by prefix `t:` and `r:`.
fn item(id: u64, came: &str, published: &str, labels: &[&str], sources: &[&str], again: bool) -> Item {
    let came: Instant = came.parse().unwrap();
    let label = |label: &&str| {
        let (kind, id) = label.split_once(':').unwrap();
        let kind = if kind == "t" { LabelKind::Topic } else { LabelKind::Region };
        Label { kind, id: id.into(), because: Vec::new() }
    };
    let carrier = |source: &&str| Carrier {
        source: (*source).into(),
        arrival: id,
        url: None,
        title: String::new(),
        published: None,
    };
    Item {
        id: ItemId(id),
        article: Article { published: published.parse().ok(), ..Article::default() },
        labels: labels.iter().map(label).collect(),
        nearly: Vec::new(),
        first_seen: came,
        changed: came,
        edits: 0,
        carriers: sources.iter().map(carrier).collect(),
        first_told: again.then_some(ItemId(1)),
        told_again: Vec::new(),
    }
}

fn tally() -> Tally {
    let mut tally = Tally::new(chrono_tz::Asia::Makassar);
    // 17.00 UTC is the next day in Makassar.
    tally.put(&item(1, "2026-01-04T17:00:00Z", "2025-12-31T00:00:00Z", &["t:tppo", "r:berau"], &["satu"], false));
    tally.put(&item(2, "2026-01-05T01:00:00Z", "2026-01-05T00:00:00Z", &["t:tppo"], &["dua"], true));
    tally.put(&item(9, "2026-02-05T01:00:00Z", "", &["t:ikn", "r:berau"], &["satu", "dua"], false));
    tally
}

fn of(facet: &str) -> Selection {
    let (kind, id) = facet.split_once(':').unwrap();
    Selection::of(match kind {
        "t" => Facet::Topic(id.into()),
        "r" => Facet::Region(id.into()),
        _ => Facet::Source(id.into()),
    })
}

#[test]
fn each_day_counts_what_came_or_was_published_on_it() {
    let tally = tally();
    let check = |count: Count, selection: &Selection, expected: &[(&str, u64)]| {
        let days = tally.days(count, selection, 0, LAST);
        let days: Vec<(String, u64)> = days.into_iter().map(|(day, many)| (date(day).to_string(), many)).collect();
        let days: Vec<(&str, u64)> = days.iter().map(|(day, many)| (day.as_str(), *many)).collect();
        assert_eq!(days, expected, "{count:?} {selection:?}");
    };
    let all = Selection::default();
    check(Count::Arrivals, &all, &[("2026-01-05", 1), ("2026-02-05", 1)]);
    check(Count::Coverage, &all, &[("2025-12-31", 1), ("2026-01-05", 1), ("2026-02-05", 1)]);
    check(Count::Arrivals, &of("t:tppo"), &[("2026-01-05", 1)]);
    check(Count::Arrivals, &of("s:dua"), &[("2026-01-05", 1), ("2026-02-05", 1)]);
    check(Count::Coverage, &of("t:tppo").and_any(vec![Facet::Region("berau".into())]), &[("2025-12-31", 1)]);
    check(Count::Coverage, &of("t:nope"), &[]);
    assert_eq!(tally.months(&all), [(2026, 2, 1), (2026, 1, 1)]);
}

#[test]
fn what_changed_is_counted_once_as_it_is_now() {
    let mut tally = tally();
    assert_eq!(tally.counted(), 3);
    tally.put(&item(9, "2026-02-05T01:00:00Z", "", &["t:tppo"], &["satu"], false));
    assert_eq!(tally.counted(), 3);
    let many = tally.facets(Count::Coverage, &Selection::default(), 0, LAST);
    let many = |facet: Facet| many.get(&facet).copied().unwrap_or(0);
    assert_eq!((many(Facet::Topic("tppo".into())), many(Facet::Topic("ikn".into()))), (3, 0));
    assert_eq!((many(Facet::Region("berau".into())), many(Facet::Source("satu".into()))), (1, 2));
}

#[test]
fn years_that_no_calendar_has_are_counted_at_its_ends() {
    let mut tally = Tally::new(chrono_tz::UTC);
    tally.put(&item(1, "2026-01-05T01:00:00Z", "0001-01-01T00:00:00Z", &[], &["a"], false));
    tally.put(&item(2, "2026-01-05T01:00:00Z", "9999-01-01T00:00:00Z", &[], &["a"], false));
    let days = tally.days(Count::Coverage, &Selection::default(), 0, LAST);
    assert_eq!(days.into_iter().collect::<Vec<_>>(), [(0, 1), (LAST, 1)]);
}
