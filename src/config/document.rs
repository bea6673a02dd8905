use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::environment::{Environment, VARIABLES};
use crate::config::keys::{Absent, Key, TABLES, Table};
use crate::config::kind::Kind;
use crate::config::mistakes::{Flaw, Notes};
use crate::config::nearest::{listed, nearest};
use crate::config::place::{Lines, Place};
use crate::config::section::{Found, Section, Value, Written};
use crate::config::syntax;

/// feeds.toml with every key known and every value of the right type; what the environment says stands in its place.
pub struct Document<'n> {
    sections: BTreeMap<&'static str, Vec<Section<'n>>>,
}

impl<'n> Document<'n> {
    /// Reads the text by the list of keys, and notes what does not fit it. A slip of the pen is noted and then read as
    /// what was meant, so that one slip is one mistake.
    pub fn read(text: &str, environment: &Environment, notes: &'n Notes) -> Self {
        let lines = Lines::of(text);
        let text = syntax::without_stray_lines(text, &lines, notes);
        let root = syntax::parse(&text, &lines, notes);
        let reader = Reader { lines: &lines, notes };
        let mut written = reader.tables(&root);
        let sections = TABLES.iter().map(|table| {
            let mut found = written.remove(table.name).unwrap_or_default();
            if !table.many {
                found.truncate(1);
                if found.is_empty() {
                    found.push((Place::File, BTreeMap::new()));
                }
                override_by(environment, table, &mut found[0].1);
            }
            let sections = found.into_iter().map(|(place, values)| Section::new(table, place, values, notes));
            (table.name, sections.collect())
        });
        Document { sections: sections.collect() }
    }

    /// The one table of that name; empty where it is not written.
    pub fn one(&self, name: &str) -> &Section<'n> {
        &self.many(name)[0]
    }

    /// All tables of that name.
    pub fn many(&self, name: &str) -> &[Section<'n>] {
        self.sections.get(name).expect("tables are asked for by the names of config::keys, as every test does")
    }
}

fn override_by(environment: &Environment, table: &Table, values: &mut BTreeMap<&'static str, Found>) {
    for variable in VARIABLES.iter().filter(|variable| variable.table == table.name) {
        if let Some(text) = environment.get(variable.name) {
            let value = Some(Value::Text(text.to_owned()));
            values.insert(variable.key, Found { value, place: Place::Variable(variable.name) });
        }
    }
}

type Values = BTreeMap<&'static str, Found>;

struct Reader<'r> {
    lines: &'r Lines<'r>,
    notes: &'r Notes,
}

impl Reader<'_> {
    fn tables(&self, root: &DeTable<'_>) -> BTreeMap<&'static str, Vec<(Place, Values)>> {
        let mut tables: BTreeMap<&'static str, Vec<(Place, Values)>> = BTreeMap::new();
        for (name, value) in in_order(root) {
            let place = self.lines.place(name.span().start);
            let written = name.get_ref().as_ref();
            let Some(table) = self.meant(written, root, TABLES, |table| table.name) else {
                let (what, hint) = match (value.get_ref(), owner_of(written)) {
                    (DeValue::Table(_) | DeValue::Array(_), _) => {
                        let headers: Vec<String> = TABLES.iter().map(Table::header).collect();
                        (format!("unknown table `{written}`"), format!("there are {}", headers.join(", ")))
                    }
                    (_, Some(owner)) => {
                        (format!("`{written}` stands in no table"), format!("write it below {}", owner.header()))
                    }
                    _ => (format!("unknown key `{written}`"), "keys stand below a `[table]` or `[[table]]`".to_owned()),
                };
                self.notes.note(place, Flaw::new(what, hint));
                continue;
            };
            if table.name != written {
                let what = format!("unknown table `{written}`");
                self.notes.note(place, Flaw::new(what, format!("did you mean `{}`?", table.header())));
            }
            let found = self.sections(table, value, place);
            tables.entry(table.name).or_default().extend(found);
        }
        tables
    }

    /// The values of one table, or of each where there are many.
    fn sections(&self, table: &'static Table, value: &Spanned<DeValue<'_>>, place: Place) -> Vec<(Place, Values)> {
        let wrong = |was: &str| {
            let what = format!("`{}` is written {was}", table.name);
            let hint = if table.many { "once for each, with two brackets" } else { "once, with one bracket" };
            self.notes.note(place, Flaw::new(what, format!("write `{}`, {hint}", table.header())));
        };
        match value.get_ref() {
            DeValue::Table(values) => {
                if table.many {
                    wrong(&format!("`[{}]`", table.name));
                }
                vec![(self.lines.place(value.span().start), self.values(table, values))]
            }
            DeValue::Array(entries) if entries.iter().all(|entry| entry.get_ref().is_table()) => {
                if !table.many {
                    wrong(&format!("`[[{}]]`", table.name));
                }
                let tables = entries.iter().filter_map(|entry| Some((entry.span().start, entry.get_ref().as_table()?)));
                tables.map(|(at, values)| (self.lines.place(at), self.values(table, values))).collect()
            }
            _ => {
                wrong("as a key");
                Vec::new()
            }
        }
    }

    fn values(&self, table: &'static Table, written: &DeTable<'_>) -> Values {
        let mut values = Values::new();
        for (name, value) in in_order(written) {
            let place = self.lines.place(name.span().start);
            let name = name.get_ref().as_ref();
            let Some(key) = self.meant(name, written, table.keys, |key| key.name) else {
                self.notes.note(place, unknown_key(table, name));
                continue;
            };
            if key.name != name {
                let what = format!("unknown key `{name}` in {}", table.header());
                self.notes.note(place, Flaw::new(what, format!("did you mean `{}`?", key.name)));
            }
            if key.absent == Absent::NotYet {
                let what = format!("`{}` in {} is not supported by this version", key.name, table.header());
                self.notes
                    .note(place, Flaw::new(what, format!("leave it out; a later release will have it: {}", key.about)));
                continue;
            }
            let place = self.lines.place(value.span().start);
            values.insert(key.name, Found { value: self.value(table, key, value), place });
        }
        values
    }

    /// The one that is written, or that was probably meant and is not itself written in the same table.
    fn meant<T>(
        &self,
        name: &str,
        beside: &DeTable<'_>,
        known: &'static [T],
        name_of: fn(&T) -> &'static str,
    ) -> Option<&'static T> {
        let written = |name: &str| beside.keys().any(|key| key.get_ref().as_ref() == name);
        let find = |name: &str| known.iter().find(|one| name_of(one) == name);
        find(name).or_else(|| find(nearest(name, known.iter().map(name_of).filter(|name| !written(name)))?))
    }

    fn value(&self, table: &Table, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let read = match (&key.kind, value.get_ref()) {
            (Kind::Flag, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
            (Kind::Count { .. }, DeValue::Integer(number)) => {
                // A number that is too big for its type is too big for every bound.
                Some(Value::Number(i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX)))
            }
            (Kind::Texts | Kind::Ids, DeValue::Array(list)) => {
                Some(Value::Texts(list.iter().filter_map(|one| self.element(table, key, one)).collect()))
            }
            (Kind::Flag | Kind::Count { .. } | Kind::Texts | Kind::Ids, _) => None,
            (_, DeValue::String(text)) => Some(Value::Text(text.to_string())),
            _ => None,
        };
        if read.is_none() {
            let what = format!(
                "`{}` in {} must be {}, not {}",
                key.name,
                table.header(),
                key.kind.toml_type(),
                spoken(value.get_ref())
            );
            let flaw = Flaw::new(what, format!("write it like `{} = {}`", key.name, key.kind.example()));
            self.notes.note(self.lines.place(value.span().start), flaw);
        }
        read
    }

    fn element(&self, table: &Table, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<Written> {
        let place = self.lines.place(value.span().start);
        if let DeValue::String(text) = value.get_ref() {
            return Some(Written { text: text.to_string(), place });
        }
        let what = format!("`{}` in {} lists texts, and this is {}", key.name, table.header(), spoken(value.get_ref()));
        self.notes.note(place, Flaw::new(what, format!("write it like `{} = {}`", key.name, key.kind.example())));
        None
    }
}

fn unknown_key(table: &Table, name: &str) -> Flaw {
    let hint = match owner_of(name) {
        Some(owner) => format!("`{name}` belongs below {}", owner.header()),
        None => {
            let known = table.keys.iter().filter(|key| key.absent != Absent::NotYet).map(|key| key.name);
            format!("{} has {}", table.header(), listed(known))
        }
    };
    Flaw::new(format!("unknown key `{name}` in {}", table.header()), hint)
}

/// The only table that has such a key.
fn owner_of(key: &str) -> Option<&'static Table> {
    let mut owners = TABLES.iter().filter(|table| table.key(key).is_some());
    owners.next().filter(|_| owners.next().is_none())
}

/// The parser's map is sorted by name; people read a file from its top.
fn in_order<'d, 't>(table: &'d DeTable<'t>) -> Vec<(&'d Spanned<toml::de::DeString<'t>>, &'d Spanned<DeValue<'t>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn spoken(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
