use maud::{DOCTYPE, Markup, PreEscaped, html};
use url::Url;

use crate::domain::Catalogue;
use crate::publish::{Format, join};
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
                header .top {
                    div .bar {
                        a .brand href=(root) { (PreEscaped(MARK)) span { (site.title) } }
                        (find_form(root, language))
                        nav aria-label=(words.menu) {
                            @for (path, name) in menu(catalogue, language) {
                                @let url = join(site, path);
                                a href={ (root) (path) } aria-current=[(url == *canonical).then_some("page")] { (name) }
                            }
                        }
                    }
                }
                main #isi { (content) }
                footer {
                    p { (words.lead) }
                    p {
                        a href={ (root) "channels.opml" } { (words.import) } " "
                        a href={ (root) "status" } { (words.status) } " "
                        span { "kliping " (env!("CARGO_PKG_VERSION")) }
                    }
                }
            }
        }
    }
}

/// A clipping, as in the icon; decoration.
const MARK: &str = r#"<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path class="sheet" d="M3 2h18v20H3z"/><path class="lines" d="M7 7h10M7 11h10M7 15h5"/><circle cx="17" cy="17" r="4"/></svg>"#;

fn menu(catalogue: &Catalogue, language: Language) -> Vec<(&'static str, &'static str)> {
    let words = language.words();
    let mut menu = vec![("all", words.news), ("statistik", words.statistics)];
    if catalogue.sources.iter().any(|source| source.press_office) {
        menu.push(("pickup", words.pickup));
    }
    menu.push(("status", words.sources));
    menu
}

/// The search in every page's head.
pub fn find_form(root: &str, language: Language) -> Markup {
    let words = language.words();
    html! {
        form .find role="search" action={ (root) "search" } {
            input type="search" name="q" aria-label=(words.search) placeholder=(words.placeholder) maxlength="300";
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
