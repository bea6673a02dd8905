use maud::html;

use crate::domain::Site;
use crate::publish::{CSS, ICON, XSL};
use crate::web::answer::Rendered;
use crate::web::pages::STYLE_PATH;
use crate::web::words::Language;

/// One of the files that feeds name, what makes them readable in a browser and the site's picture; `None` for any other name.
pub fn beside_feeds(name: &str, site: &Site) -> Option<Rendered> {
    let language = Language::of_site(&site.language);
    let (bytes, media_type) = match name {
        // Not `text/xsl`, which no registry knows; browsers take any XML type.
        XSL => (stylesheet(site, language).into_bytes(), "application/xslt+xml; charset=utf-8"),
        CSS => (fallback(language).into_bytes(), "text/css; charset=utf-8"),
        ICON => (include_bytes!("icon.png").to_vec(), "image/png"),
        _ => return None,
    };
    Some(Rendered::new(bytes, media_type, None))
}

/// The transformation with the site's words in it.
fn stylesheet(site: &Site, language: Language) -> String {
    let words = language.words();
    let [what, copy, how, page, archive, older, newer, current] = words.reading;
    let fill = [
        ("CODE", words.code),
        ("ROOT", site.url.path()),
        ("STYLE", STYLE_PATH),
        ("ICON", ICON),
        ("SITE", &site.title),
        ("SUBSCRIBE", words.subscribe),
        ("WHAT", what),
        ("COPY", copy),
        ("HOW", how),
        ("PAGE", page),
        ("ARCHIVE", archive),
        ("OLDER", older),
        ("NEWER", newer),
        ("CURRENT", current),
        ("LATEST", words.latest),
        ("NOTHING", words.nothing),
    ];
    let escaped = |text: &str| html! { (text) }.into_string();
    fill.iter().fold(include_str!("feed.xsl").to_owned(), |text, (name, value)| {
        text.replace(&format!("%{name}%"), &escaped(value))
    })
}

/// What is left of it where only CSS is to be had: no links, as CSS makes none, but a page that can be read.
fn fallback(language: Language) -> String {
    let [what, copy, how, ..] = language.words().reading;
    let quoted: String = format!("{what} {copy} {how}").chars().filter(|c| !matches!(c, '"' | '\\' | '\n')).collect();
    include_str!("feed.css").replace("%ABOUT%", &quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_place() {
        for language in [Language::Indonesian, Language::English] {
            let site = Site {
                title: "A & <B>".into(),
                url: url::Url::parse("https://kliping.example/kaltim/").unwrap(),
                language: "id".into(),
                timezone: chrono_tz::UTC,
            };
            let text = stylesheet(&site, language);
            assert!(!text.contains('%') && text.contains("A &amp; &lt;B&gt;"), "{text}");
            assert!(!fallback(language).contains("%ABOUT%"));
            assert!(
                !text.contains("disable-output-escaping") && !text.contains("<script"),
                "nothing of an outlet's may run"
            );
        }
    }
}
