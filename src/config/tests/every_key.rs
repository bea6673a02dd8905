//! Tests that go by the list of keys, so that a key that is added there and forgotten elsewhere fails.

use super::{read_alone, settings};
use crate::config::keys::{Absent, Key, TABLES, Table};
use crate::config::kind::Kind;
use crate::config::schema::json_schema;

/// A file with every required key of that table, and this value for `key`.
fn file_with(table: &Table, key: &Key, value: &str) -> String {
    let required = table.keys.iter().filter(|other| other.absent == Absent::Required && other.name != key.name);
    let others: Vec<String> = required.map(|other| format!("{} = {}", other.name, other.kind.example())).collect();
    format!("{}\n{} = {value}\n{}\n", table.header(), key.name, others.join("\n"))
}

fn every_key() -> impl Iterator<Item = (&'static Table, &'static Key)> {
    TABLES.iter().flat_map(|table| table.keys.iter().map(move |key| (table, key)))
}

/// What is said of the line on which [`file_with`] writes the key.
fn said_of(table: &Table, key: &Key, value: &str) -> Vec<String> {
    let mistakes =
        read_alone(&file_with(table, key, value)).err().map(|mistakes| mistakes.to_string()).unwrap_or_default();
    mistakes.lines().filter(|line| line.starts_with("feeds.toml:2:")).map(str::to_owned).collect()
}

#[test]
fn a_value_of_another_type_is_one_mistake() {
    for (table, key) in every_key().filter(|(_, key)| key.absent != Absent::NotYet) {
        let said = said_of(table, key, "1979-05-27");
        assert!(
            said.len() == 1 && said[0].contains(&format!("`{}` in {} must be", key.name, table.header())),
            "{said:?}"
        );
    }
}

#[test]
fn a_value_of_a_wrong_form_is_one_mistake() {
    for (table, key) in every_key().filter(|(_, key)| key.absent != Absent::NotYet) {
        let wrong = match key.kind {
            Kind::Text | Kind::Path | Kind::UserAgent => "\"\"",
            Kind::Flag | Kind::Texts => continue,
            Kind::Count { .. } => "-1",
            Kind::Ids => "[\"?!\"]",
            _ => "\"?!\"",
        };
        let said = said_of(table, key, wrong);
        assert!(
            said.len() == 1 && said[0].contains(&format!("`{}` in {}: ", key.name, table.header())),
            "{table:?} {said:?}"
        );
    }
}

#[test]
fn what_is_for_later_is_one_mistake_whatever_is_written() {
    for (table, key) in every_key().filter(|(_, key)| key.absent == Absent::NotYet) {
        for value in ["true", "\"x\"", "[]"] {
            let said = said_of(table, key, value);
            assert!(said.len() == 1 && said[0].ends_with("is not supported by this version"), "{said:?}");
        }
    }
}

#[test]
fn written_defaults_are_what_holds_without_them() {
    let tables = TABLES.iter().filter(|table| !table.many).map(|table| {
        let keys = table.keys.iter().filter_map(|key| match key.absent {
            Absent::Default(value) => Some(format!("{} = {value}\n", key.name)),
            _ => None,
        });
        format!("{}\n{}", table.header(), keys.collect::<String>())
    });
    let (written, left_out) = (settings(&tables.collect::<String>()), settings(""));
    // The rules hold hash maps, whose order is chance; they follow from the catalogue.
    let shown = |settings: crate::config::Settings| {
        let rules = Default::default();
        // A gap that is written holds on loopback as well: the one default that writing it changes.
        let limits = crate::fetch::Limits { loopback_gap: settings.limits.host_gap, ..settings.limits.clone() };
        format!("{:?}", crate::config::Settings { rules, limits, ..settings })
    };
    assert_eq!(shown(written), shown(left_out));
}

#[test]
fn the_schema_has_every_key_and_its_default() {
    let schema = json_schema();
    for (table, key) in every_key() {
        let at = if table.many {
            format!("/properties/{}/items", table.name)
        } else {
            format!("/properties/{}", table.name)
        };
        let found = schema.pointer(&format!("{at}/properties/{}", key.name));
        assert_eq!(found.is_some(), key.absent != Absent::NotYet, "{} {}", table.name, key.name);
        if let (Some(found), Absent::Default(_)) = (found, key.absent) {
            assert!(!found["default"].is_null(), "the default of {} {}", table.name, key.name);
        }
    }
}
