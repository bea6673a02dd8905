use maud::{DOCTYPE, Markup, html};
use url::Url;

use crate::domain::Catalogue;
use crate::publish::Format;
use crate::web::address::{Channel, Narrowing};
use crate::web::naming::address;
use crate::web::pages::STYLE_PATH;
use crate::web::words::Language;

/// The channel whose feeds a page announces.
pub struct Announced<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// What it is narrowed to.
    pub narrowing: &'a Narrowing,
}

/// A whole page around its content. Links within the site are relative to its public address, so that it may stand under
/// any path.
pub fn page(
    title: &str,
    canonical: &Url,
    announced: &Announced<'_>,
    catalogue: &Catalogue,
    language: Language,
    content: &Markup,
) -> Markup {
    let words = language.words();
    let site = &catalogue.site;
    let whole = if title == site.title { title.to_owned() } else { format!("{title} – {}", site.title) };
    let root = site.url.path();
    html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (whole) }
                meta name="description" content=(words.about_channel.replace("{}", title));
                meta property="og:title" content=(whole);
                meta property="og:site_name" content=(site.title);
                link rel="canonical" href=(canonical);
                link rel="stylesheet" href={ (root) (STYLE_PATH) };
                link rel="icon" type="image/svg+xml" href={ (root) "favicon.svg" };
                @for format in Format::ALL {
                    link rel="alternate" type=(format.media_type().split(';').next().unwrap_or_default())
                        title={ (title) " (" (format.extension().to_uppercase()) ")" }
                        href=(address(catalogue, announced.channel, announced.narrowing, Some(format)));
                }
            }
            body {
                a .skip href="#isi" { (words.skip) }
                header {
                    a .brand href=(root) { (site.title) }
                    nav {
                        a href={ (root) "all" } { (words.everything) }
                        @if catalogue.sources.iter().any(|source| source.press_office) {
                            a href={ (root) "pickup" } { (words.pickup) }
                        }
                        a href={ (root) "status" } { (words.status) }
                    }
                    (find_form(root, language))
                }
                main #isi { (content) }
                footer {
                    a href=(root) { (words.home) }
                    " · "
                    a href={ (root) "channels.opml" } { (words.import) }
                    " · "
                    a href={ (root) "status" } { (words.status) }
                    " · kliping " (env!("CARGO_PKG_VERSION"))
                }
            }
        }
    }
}

/// The search in every page's head.
pub fn find_form(root: &str, language: Language) -> Markup {
    let words = language.words();
    html! {
        form .find role="search" action={ (root) "search" } {
            input type="search" name="q" aria-label=(words.search) maxlength="300";
            button { (words.find) }
        }
    }
}

/// A page without anything around it, for when nothing can be looked up.
pub fn plain(message: &str, language: Language) -> Markup {
    let words = language.words();
    html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "kliping" }
                link rel="stylesheet" href={ "/" (STYLE_PATH) };
            }
            body { main { h1 { (message) } p { a href="/" { (words.home) } } } }
        }
    }
}
