//! A line of a page as a reader sees it, and what is known of it.

use crate::extract::wording::Wording;

/// A line.
#[derive(Debug)]
pub struct Line {
    /// The innermost block that it lies in.
    pub element: usize,
    /// Where its text begins in [`Tree::texts`].
    pub first_text: usize,
    /// As a reader sees it, white space folded.
    pub text: String,
    pub words: usize,
    /// How many of the words are in links, and how many in italics, small print or centred.
    pub linked: usize,
    pub stressed: usize,
    /// Whether it lies in a heading.
    pub heading: bool,
    /// Whether it lies in a list or a table.
    pub listed: bool,
    /// Whether a picture stands between it and the line before it, and that picture's description.
    pub picture: Option<String>,
    pub wording: Wording,
    /// Whether it lies in something that is no part of an article.
    pub junk: bool,
}

impl Line {
    /// Whether most of it leads elsewhere.
    pub fn is_link(&self) -> bool {
        self.linked * 4 >= self.words * 3
    }

    /// Whether it is no text by its words, or only where an outlet is known to have written it among its sentences.
    pub fn is_noise(&self) -> bool {
        matches!(self.wording, Wording::Noise | Wording::Mark)
    }

    /// How much it counts as text of an article: its words where it reads like prose.
    pub fn weight(&self) -> usize {
        let prose = self.wording == Wording::Prose && !self.heading && self.linked * 2 < self.words;
        if prose && !self.junk { self.words } else { 0 }
    }
}
