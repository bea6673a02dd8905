use std::ops::Range;

use crate::text::noise::{dateline, is_label, is_noise};
use crate::text::words;

/// Words that a lead has at most; where a text has no paragraphs, its beginning is the lead.
const LEAD: usize = 60;
/// A first paragraph of fewer words is a caption or a subheading: the lead goes on.
const WHOLE_LEAD: usize = 12;
/// A quotation of fewer words is a name or an irony.
const QUOTATION: usize = 4;

/// What a part of a text is, as a newspaper reader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The place (and outlet) before the first sentence: `SAMARINDA, contoh.id –`.
    Dateline,
    /// What the article is about in short: its first sentences.
    Lead,
    /// Somebody's words, in the body.
    Quote,
    /// The rest of the article.
    Body,
    /// No part of the article: "Baca juga", bylines, tag clouds, what recurs in the outlet's items.
    Noise,
}

/// Where in a text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// In which part.
    pub part: Part,
    /// In which paragraph, counted from 1, noise not counted.
    pub paragraph: u16,
    /// In which sentence, counted through the text.
    pub sentence: u32,
}

/// A text, divided: one paragraph a line, as `clean::plain_text` writes it.
#[derive(Debug, Clone, Default)]
pub struct Prose {
    /// The spans in order; together they cover the text.
    spans: Vec<Span>,
    /// Where each sentence begins, in bytes.
    sentences: Vec<usize>,
}

/// A part of the text.
#[derive(Debug, Clone)]
struct Span {
    end: usize,
    part: Part,
    paragraph: u16,
}

impl Prose {
    /// Divides a text. `recurs` tells of a line whether it stands in many items of the same outlet.
    pub fn read(text: &str, recurs: impl Fn(&str) -> bool) -> Prose {
        let mut prose = Prose::default();
        let (mut paragraph, mut lead, mut at) = (0_u16, LEAD, 0);
        // A short line is a section's name only beside others.
        let others = text.trim().contains('\n');
        for line in text.split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let trimmed = line.trim();
            if trimmed.is_empty() || is_noise(trimmed) || (others && is_label(trimmed)) || recurs(trimmed) {
                prose.sentences.push(range.start);
                prose.push(range.end, Part::Noise, paragraph);
                continue;
            }
            paragraph = paragraph.saturating_add(1);
            let mut from = range.start;
            if paragraph == 1
                && let Some(length) = dateline(line)
            {
                prose.sentences.push(from);
                from += length;
                prose.push(from, Part::Dateline, 1);
            }
            prose.article(text, from..range.end, paragraph, &mut lead);
        }
        prose
    }

    /// Where `at`, a byte of the text, stands.
    pub fn spot(&self, at: usize) -> Spot {
        let span = self.spans.get(self.spans.partition_point(|span| span.end <= at)).or(self.spans.last());
        let sentence = self.sentences.partition_point(|begin| *begin <= at);
        Spot {
            part: span.map_or(Part::Body, |span| span.part),
            paragraph: span.map_or(1, |span| span.paragraph),
            sentence: u32::try_from(sentence).unwrap_or(u32::MAX),
        }
    }

    /// The sentence in which `at` stands, in bytes.
    pub fn sentence(&self, at: usize, text: &str) -> Range<usize> {
        let next = self.sentences.partition_point(|begin| *begin <= at);
        let begin = next.checked_sub(1).map_or(0, |own| self.sentences[own]);
        begin..self.sentences.get(next).copied().unwrap_or(text.len())
    }

    /// What belongs to the article, in order: its parts with where they begin and end.
    pub fn article_parts(&self) -> impl Iterator<Item = (Range<usize>, Part)> + '_ {
        let begins = std::iter::once(0).chain(self.spans.iter().map(|span| span.end));
        let parts = begins.zip(&self.spans).map(|(begin, span)| (begin..span.end, span.part));
        parts.filter(|(_, part)| *part != Part::Noise)
    }

    fn push(&mut self, end: usize, part: Part, paragraph: u16) {
        match self.spans.last_mut() {
            Some(last) if last.part == part && last.paragraph == paragraph => last.end = end,
            _ => self.spans.push(Span { end, part, paragraph }),
        }
    }

    /// One paragraph: `lead` is how many words of the lead are still to come.
    fn article(&mut self, text: &str, range: Range<usize>, paragraph: u16, lead: &mut usize) {
        let before = *lead;
        let mut inside = false;
        for sentence in sentences(&text[range.clone()]) {
            let sentence = range.start + sentence.start..range.start + sentence.end;
            self.sentences.push(sentence.start);
            if *lead > 0 {
                let count = words(&text[sentence.clone()]).count();
                // Two sentences are a lead, three where they are short.
                *lead = if LEAD - *lead + count >= LEAD / 2 && *lead < LEAD { 0 } else { lead.saturating_sub(count) };
                self.push(sentence.end, Part::Lead, paragraph);
                inside ^= text[sentence].chars().filter(|c| is_quotation_mark(*c)).count() % 2 == 1;
            } else {
                self.quotes(text, sentence, paragraph, &mut inside);
            }
        }
        if before - *lead >= WHOLE_LEAD {
            *lead = 0;
        }
    }

    /// Tells a sentence's quotations from what is around them.
    fn quotes(&mut self, text: &str, sentence: Range<usize>, paragraph: u16, inside: &mut bool) {
        let mut from = sentence.start;
        for (at, mark) in text[sentence.clone()].char_indices().filter(|(_, c)| is_quotation_mark(*c)) {
            let at = sentence.start + at;
            // Curly marks tell themselves whether they open or close.
            let closes = match mark {
                '“' => false,
                '”' => true,
                _ => *inside,
            };
            if closes {
                self.push(at, quotation(&text[from..at]), paragraph);
            } else {
                self.push(at, Part::Body, paragraph);
            }
            *inside = !closes;
            from = at;
        }
        let rest = if *inside { quotation(&text[from..sentence.end]) } else { Part::Body };
        self.push(sentence.end, rest, paragraph);
    }
}

fn quotation(text: &str) -> Part {
    if words(text).nth(QUOTATION - 1).is_some() { Part::Quote } else { Part::Body }
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// What a full stop does not end: `H. Rizal`, `No. 21`, `Jl. Sudirman`.
const SHORTENED: [&str; 36] = [
    "a", "b", "c", "d", "dr", "drs", "e", "f", "g", "gg", "h", "hj", "ir", "i", "j", "jl", "jln", "k", "kab", "kec",
    "l", "m", "n", "no", "nomor", "prof", "pt", "r", "rp", "s", "st", "t", "tgk", "u", "w", "y",
];

/// Where the sentences of a paragraph stand, in bytes.
fn sentences(paragraph: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from >= paragraph.len() {
            return None;
        }
        let begin = from;
        let bytes = paragraph.as_bytes();
        let mut search = from;
        from = loop {
            let Some(stop) = memchr::memchr3(b'.', b'!', b'?', &bytes[search..]).map(|at| search + at) else {
                break paragraph.len();
            };
            search = stop + 1;
            // Closing marks belong to the sentence; then there must be a space and no small letter.
            let closed = paragraph[search..].trim_start_matches(['"', '”', '’', '\'', ')', '.', '!', '?']);
            let gap = closed.trim_start();
            if gap.len() < closed.len()
                && !gap.starts_with(char::is_lowercase)
                && !is_shortened(&paragraph[begin..stop])
            {
                break paragraph.len() - gap.len();
            }
        };
        Some(begin..from)
    })
}

fn is_shortened(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    SHORTENED.iter().any(|short| word.eq_ignore_ascii_case(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Part)]) {
        let prose = Prose::read(text, |line| line == "Kanal kami di mana-mana.");
        let mut begin = 0;
        let mut found = Vec::new();
        for span in &prose.spans {
            found.push((text[begin..span.end].trim(), span.part));
            begin = span.end;
        }
        assert_eq!(found, expected);
        assert_eq!(begin, text.len());
    }

    #[test]
    fn a_text_is_divided_as_a_newspaper_reader_does() {
        check(
            "SAMARINDA, contoh.id – Polisi menahan dua orang kemarin di kota itu karena mereka menjual anak.\nKeduanya kini diperiksa, kata H. Rizal. \"Kami masih mencari yang lain,\" ujarnya. Lalu \"resmi\".\nBaca juga: Lain lagi\nKanal kami di mana-mana.\nPenulis: Budi",
            &[
                ("SAMARINDA, contoh.id –", Part::Dateline),
                ("Polisi menahan dua orang kemarin di kota itu karena mereka menjual anak.", Part::Lead),
                ("Keduanya kini diperiksa, kata H. Rizal.", Part::Body),
                ("\"Kami masih mencari yang lain,", Part::Quote),
                ("\" ujarnya. Lalu \"resmi\".", Part::Body),
                ("Baca juga: Lain lagi\nKanal kami di mana-mana.\nPenulis: Budi", Part::Noise),
            ],
        );
        check("", &[]);
        check("Satu", &[("Satu", Part::Lead)]);
        check("Satu\nIni kalimat.", &[("Satu", Part::Noise), ("Ini kalimat.", Part::Lead)]);
        let long = format!("{} kata. Dua. {} kata. Akhir kalimat.", "Satu dua ".repeat(12), "Tiga empat ".repeat(12));
        let prose = Prose::read(&long, |_| false);
        assert_eq!(prose.spot(0).part, Part::Lead);
        assert_eq!(prose.spot(long.len() - 3), Spot { part: Part::Body, paragraph: 1, sentence: 4 });
        assert_eq!(prose.sentence(long.len() - 3, &long), long.len() - "Akhir kalimat.".len()..long.len());
    }
}
