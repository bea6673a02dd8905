use std::borrow::Cow;

use crate::parse::lenient::names::Name;

/// An element that carries text, and what stands in it.
#[derive(Debug, Default)]
pub struct Field {
    /// What it is.
    pub name: Name,
    /// Its attributes, names in lower case without prefixes but `xml:`.
    pub attributes: Vec<(String, String)>,
    /// What stands in it, in order.
    pub pieces: Vec<Piece>,
    /// `xml:base` in force, outer ones first.
    pub bases: Vec<String>,
    /// `xml:lang` in force.
    pub language: Option<String>,
}

/// A part of what stands in a field.
#[derive(Debug)]
pub enum Piece {
    /// Characters, references resolved.
    Text(String),
    /// A tag, written out again.
    Markup(String),
}

impl Field {
    /// An attribute that is not blank.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// Its characters alone, trimmed; `None` where there are none.
    pub fn text(&self) -> Option<String> {
        let text: String = self
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                Piece::Markup(_) => None,
            })
            .collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// What stands in it as HTML, by what the element says of itself (RFC 4287 section 3.1, Atom 0.3 section 3.1): `plain` where it
    /// says nothing and its format means text.
    pub fn html(&self, plain_by_default: bool) -> Option<String> {
        let kind = self.attribute("type").unwrap_or("").to_ascii_lowercase();
        let mode = self.attribute("mode").unwrap_or("").to_ascii_lowercase();
        let told = !kind.is_empty();
        let written: String = if self.has_markup() {
            // Real elements: the characters between them are characters.
            self.pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => escaped(text),
                    Piece::Markup(tag) => Cow::Borrowed(tag.as_str()),
                })
                .collect()
        } else {
            let text: String = self.text()?;
            let binary = told && !kind.starts_with("text") && !kind.contains("html") && !kind.contains("xml");
            if mode == "base64" || (binary && kind.contains('/')) {
                let decoded = decoded(&text).unwrap_or(text);
                return Some(if kind.starts_with("text/plain") { escaped(&decoded).into_owned() } else { decoded });
            }
            let plain = match kind.as_str() {
                "text" | "text/plain" => mode != "escaped" || kind == "text/plain",
                "" => plain_by_default && mode != "escaped",
                _ => false,
            };
            if plain { escaped(&text).into_owned() } else { text }
        };
        Some(written.trim().to_owned()).filter(|html| !html.is_empty())
    }

    /// The characters within each element of that name in it.
    pub fn inner(&self, element: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut inside = false;
        for piece in &self.pieces {
            match piece {
                Piece::Markup(tag) => {
                    let name = tag.trim_start_matches(['<', '/']).trim_end_matches(['>', '/']);
                    let name = name.split(' ').next().unwrap_or("");
                    let own = name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case(element));
                    inside = own && !tag.starts_with("</");
                }
                Piece::Text(text) if inside && !text.trim().is_empty() => found.push(text.trim().to_owned()),
                Piece::Text(_) => {}
            }
        }
        found
    }

    fn has_markup(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Markup(_)))
    }
}

/// Text as HTML.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.contains(['<', '&']) {
        return Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;"));
    }
    Cow::Borrowed(text)
}

fn decoded(text: &str) -> Option<String> {
    use base64::Engine;
    let packed: String = text.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).ok()?;
    String::from_utf8(bytes).ok()
}
