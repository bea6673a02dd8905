use crate::domain::{Article, Slug};

use crate::text::{Habits, Prose, is_roll_up};

/// What is labelled: the parts of an article that count.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The title.
    pub title: &'a str,
    /// The plain text, a paragraph a line.
    pub text: &'a str,
    /// How the text is divided.
    pub prose: Prose,
    /// Whether it tells several pieces of news, a paragraph each.
    pub roll_up: bool,
    /// The publisher's categories, without names of sections.
    pub categories: Vec<&'a str>,
    /// The region of its source, which counts where the article names no place.
    pub region: Option<&'a Slug>,
    /// The source's id, the reason given for that.
    pub source: &'a str,
}

impl<'a> Subject<'a> {
    /// A text without anything around it.
    pub fn plain(title: &'a str, text: &'a str) -> Subject<'a> {
        Subject::new(title, text, &[], &Habits::default())
    }

    /// An article with its text, which the caller has made of its HTML, and the habits of its outlet.
    pub fn of(article: &'a Article, text: &'a str, habits: &Habits, source: &'a str, region: Option<&'a Slug>) -> Self {
        Subject { source, region, ..Subject::new(&article.title, text, &article.categories, habits) }
    }

    /// A title, a text and categories, of no source.
    pub fn new(title: &'a str, text: &'a str, categories: &'a [String], habits: &Habits) -> Subject<'a> {
        let prose = Prose::read(text, |line| habits.recurs(line));
        let categories =
            categories.iter().map(String::as_str).filter(|category| !habits.is_section(category)).collect();
        let roll_up = is_roll_up(title);
        Subject { title, text, prose, roll_up, categories, region: None, source: "" }
    }
}
