use crate::domain::Site;
use crate::publish::{CSS, ICON};
use crate::web::answer::Rendered;
use crate::web::words::Language;

/// One of the files that feeds name, what makes them readable in a browser and the site's picture; `None` for any other name.
pub fn beside_feeds(name: &str, site: &Site) -> Option<Rendered> {
    let (bytes, media_type) = match name {
        CSS => (stylesheet(Language::of_site(&site.language)).into_bytes(), "text/css; charset=utf-8"),
        ICON => (include_bytes!("icon.png").to_vec(), "image/png"),
        _ => return None,
    };
    Some(Rendered::new(bytes, media_type, None))
}

/// The stylesheet with the words of that language in it.
fn stylesheet(language: Language) -> String {
    let [what, copy, how, page, archive] = language.words().reading;
    let fill = [("ABOUT", format!("{what} {copy} {how}")), ("PAGE", page.into()), ("ARCHIVE", archive.into())];
    fill.iter().fold(include_str!("feed.css").to_owned(), |text, (name, words)| {
        let quoted: String = words.chars().filter(|c| !matches!(c, '"' | '\\' | '\n')).collect();
        text.replace(&format!("%{name}%"), &quoted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_place() {
        for language in [Language::Indonesian, Language::English] {
            assert!(!stylesheet(language).contains('%'));
        }
    }
}
