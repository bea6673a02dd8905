use regex_automata::meta::Regex;

use crate::domain::Field;
use crate::text::{fold_into, words};

/// A regular expression of feeds.toml may compile to this many bytes.
const REGEX_SIZE: usize = 1 << 20;

/// A pattern of feeds.toml that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Index of its topic or region in the slice that was given: topics and regions are counted apart.
    pub owner: usize,
    /// The list that it stands in: `any`, `all`, `none`, `except` or `names`.
    pub list: &'static str,
    /// Its index in that list.
    pub index: usize,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

/// What is wrong with a pattern, and what to write instead.
pub type Wrong = (String, String);

/// A pattern, understood.
#[derive(Debug)]
pub struct Pattern {
    /// The only field in which it counts, where it names one.
    pub only: Option<Field>,
    /// What it looks for.
    pub form: Form,
}

/// What a pattern looks for.
#[derive(Debug)]
pub enum Form {
    /// Words that must follow each other.
    Phrase(Vec<Test>),
    /// Two phrases in one sentence, in either order, with at most so many words between them.
    Near(Vec<Test>, Vec<Test>, usize),
    /// `/…/`, matched against the text as written.
    Regex(Box<Regex>),
}

/// What one word of a phrase must be. All but acronyms and names are folded: case does not count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// A word with one of this one's stems.
    Stem(String),
    /// This very word.
    Exact(String),
    /// This word with a capital first letter, or all in capitals: a name.
    Name(String),
    /// This very word in these capitals.
    Acronym(String),
    /// A word that begins so.
    Prefix(String),
}

/// Reads one string of a topic's lists (the forms: docs/configuration.md).
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn read(pattern: &str) -> Result<Pattern, Wrong> {
    let fields = [("title:", Field::Title), ("lead:", Field::Lead), ("quote:", Field::Quote)];
    let trimmed = pattern.trim();
    let field = fields.iter().find_map(|(name, field)| Some((trimmed.strip_prefix(name)?, *field)));
    let (rest, only) = field.map_or((trimmed, None), |(rest, field)| (rest.trim(), Some(field)));
    Ok(Pattern { only, form: form(rest)? })
}

fn form(trimmed: &str) -> Result<Form, Wrong> {
    let delimited = |mark: char| trimmed.len() > 1 && trimmed.starts_with(mark) && trimmed.ends_with(mark);
    if delimited('/') {
        return regex(&trimmed[1..trimmed.len() - 1]);
    }
    match near(trimmed)? {
        Some((one, other, words)) => Ok(Form::Near(phrase(one)?, phrase(other)?, words)),
        None => Ok(Form::Phrase(phrase(trimmed)?)),
    }
}

/// Two phrases, and how many words may stand between them.
type Sides<'a> = (&'a str, &'a str, usize);

/// `korban ~8 perdagangan`: both, with at most eight words between them.
fn near(pattern: &str) -> Result<Option<Sides<'_>>, Wrong> {
    let parts = pattern.split_once(" ~").or_else(|| Some(("", pattern.strip_prefix('~')?)));
    let Some((one, rest)) = parts else { return Ok(None) };
    let (number, other) = rest.split_once(' ').unwrap_or((rest, ""));
    let hint = "write `korban ~8 perdagangan`: two words or phrases, and how many words may stand between them";
    match number.parse() {
        Ok(words @ 1..=50) => Ok(Some((one, other, words))),
        _ => Err((format!("`~{number}` in `{pattern}` is not a distance from 1 to 50 words"), hint.into())),
    }
}

fn phrase(pattern: &str) -> Result<Vec<Test>, Wrong> {
    let trimmed = pattern.trim();
    let exact = trimmed.len() > 1 && trimmed.starts_with('"') && trimmed.ends_with('"');
    let inner = if exact { &trimmed[1..trimmed.len() - 1] } else { trimmed };
    let mut tests = Vec::new();
    for word in words(inner) {
        let starred = inner[word.end()..].starts_with('*');
        tests.push(test(word.text, exact, starred)?);
    }
    if tests.is_empty() {
        let what = format!("the pattern `{pattern}` has no words");
        return Err((what, "write a word or phrase, for example \"perdagangan orang\"".into()));
    }
    Ok(tests)
}

/// Reads a region's name: its words as names, capitals as in the name.
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn read_name(name: &str) -> Result<Pattern, Wrong> {
    let tests: Vec<Test> = words(name).map(|word| named(word.text)).collect();
    if tests.is_empty() {
        return Err((
            format!("the name `{name}` has no words"),
            "write the place's name, for example \"Balikpapan\"".into(),
        ));
    }
    Ok(Pattern { only: None, form: Form::Phrase(tests) })
}

fn test(word: &str, exact: bool, starred: bool) -> Result<Test, Wrong> {
    let folded = folded(word);
    if starred {
        if folded.chars().count() < 3 {
            let what = format!("the prefix `{word}*` is too short: it would match nearly every word");
            return Err((what, "give at least three letters before `*`".into()));
        }
        return Ok(Test::Prefix(folded));
    }
    if exact {
        return Ok(named(word));
    }
    if is_acronym(word) {
        return Ok(Test::Acronym(word.to_owned()));
    }
    Ok(Test::Stem(folded))
}

/// A word as written: its capital counts, its inflections do not.
fn named(word: &str) -> Test {
    match word.chars().next() {
        _ if is_acronym(word) => Test::Acronym(word.to_owned()),
        Some(first) if first.is_uppercase() => Test::Name(folded(word)),
        _ => Test::Exact(folded(word)),
    }
}

/// At least two letters or digits, with a capital and nothing but capitals.
fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

fn folded(word: &str) -> String {
    let mut folded = String::new();
    fold_into(word, &mut folded);
    folded
}

fn regex(source: &str) -> Result<Form, Wrong> {
    let hint = "see docs/configuration.md for what a `/…/` pattern may hold; (?i) makes it ignore case";
    let config = Regex::config().nfa_size_limit(Some(REGEX_SIZE)).hybrid_cache_capacity(REGEX_SIZE);
    let built = Regex::builder().configure(config).build(source);
    let regex = built.map_err(|error| {
        // The outer message is only "error parsing pattern 0"; its source names the fault.
        let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        let cause = cause.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        (format!("the regular expression `/{source}/` cannot be used: {cause}"), hint.to_owned())
    })?;
    let shortest =
        regex_automata::util::syntax::parse(source).ok().and_then(|parsed| parsed.properties().minimum_len());
    if shortest == Some(0) || regex.is_match("") {
        return Err((format!("the regular expression `/{source}/` matches everything, even nothing"), hint.into()));
    }
    Ok(Form::Regex(Box::new(regex)))
}
