use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::config::mistakes::{Flaw, Notes};
use crate::config::place::Lines;

/// The text with each line blanked that is neither a key with its value nor a header, such as a comment without its `#`:
/// the parser would lose the rest of the table with it. Notes each; all other places stay as they are.
pub fn without_stray_lines(text: &str, lines: &Lines<'_>, notes: &Notes) -> String {
    let mut text = text.to_owned();
    while let Some(at) = first_stray(&text) {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        if text[start..end].trim().is_empty() {
            break; // Blank already, so blanking it cannot help.
        }
        let hint = "write `key = \"text\"`, or put a `#` before a comment";
        let place = lines.place(start);
        notes.note_damage(place, place, Flaw::new("not TOML: neither a key with a value nor a table", hint));
        text.replace_range(start..end, &" ".repeat(end - start));
    }
    text
}

fn first_stray(text: &str) -> Option<usize> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let stray = errors.iter().filter(|error| error.message().starts_with("key with no value"));
    stray.filter_map(|error| error.span()).map(|span| span.start).min()
}

/// Reads TOML as far as it goes, and notes each line that is none.
pub fn parse<'t>(text: &'t str, lines: &Lines<'_>, notes: &Notes) -> DeTable<'t> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let document = document.into_inner();
    let mut errors: Vec<(Range<usize>, &str)> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    // The parser tells its own errors first, then those of the values; people read from the top.
    errors.sort_by_key(|(span, _)| span.start);
    let is_unclosed = |(_, message): &&(Range<usize>, &str)| message.starts_with("unclosed array, ");
    if let Some(list) = errors.iter().find(is_unclosed).and_then(|(end, _)| list_until(&document, end.start)) {
        // What follows an unclosed list is read as if it were in the list: one mistake, not one for each of its words.
        let flaw = Flaw::new("not TOML: this list is never closed", "put a `]` after its last element");
        notes.note_damage(lines.place(list.start), lines.place(list.end), flaw);
    }
    for (span, message) in &errors {
        let place = lines.place(span.start);
        notes.note_damage(place, place, explained(message, text.get(span.clone()).unwrap_or_default()));
    }
    document
}

/// The parser's message, without its list of tokens, and what to do about it.
fn explained(message: &str, at: &str) -> Flaw {
    let (message, _) = message.split_once(", expected").unwrap_or((message, ""));
    let hint = match message {
        "string values must be quoted" if at.is_empty() => "write a value after the `=`: `key = \"text\"`".to_owned(),
        "string values must be quoted" if at.starts_with(['“', '”', '„', '‘', '’']) => {
            "use straight quotes: `\"text\"`; a word processor makes curly ones".to_owned()
        }
        "string values must be quoted" => format!("write it in quotes: `\"{}\"`", at.trim()),
        "invalid float" | "invalid integer" => {
            "write text in quotes: `\"text\"`; only numbers, `true` and `false` go without".to_owned()
        }
        "duplicate key" => {
            "a key stands only once in a table, and a table only once; is a `[[…]]` missing above it?".to_owned()
        }
        "invalid basic string" => "put the closing `\"` at the end, and `\\\\` for each `\\` in it".to_owned(),
        _ => "write `key = \"text\"` or `key = [\"text\", \"text\"]`, one a line, below a `[table]` or `[[table]]`"
            .to_owned(),
    };
    Flaw::new(format!("not TOML: {message}"), hint)
}

/// The list that the parser closed by itself where the text ends.
fn list_until(table: &DeTable<'_>, end: usize) -> Option<Range<usize>> {
    table.iter().find_map(|(_, value)| match value.get_ref() {
        DeValue::Array(_) if value.span().end == end => Some(value.span()),
        DeValue::Array(array) => {
            array.iter().find_map(|one| one.get_ref().as_table().and_then(|table| list_until(table, end)))
        }
        DeValue::Table(table) => list_until(table, end),
        _ => None,
    })
}
