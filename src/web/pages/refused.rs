use maud::{Markup, html};
use url::form_urlencoded;

use crate::domain::Catalogue;
use crate::publish::join;
use crate::web::address::{Channel, Narrowing};
use crate::web::answer::Rendered;
use crate::web::pages::{HTML, layout};
use crate::web::parameters::Mistake;
use crate::web::words::Language;

/// Values that are listed, at most.
const LISTED: usize = 60;

/// What is wrong with an address, what was probably meant, and what there is: with status 400.
pub fn refused(wrong: &Mistake, path: &str, query: &str, catalogue: &Catalogue, language: Language) -> Rendered {
    let words = language.words();
    let [no_value, no_name, no_form, meant, allowed, without] = words.mistakes;
    let told = match wrong.parameter {
        Some(_) if wrong.allowed.is_empty() => no_form,
        Some(_) => no_value,
        None => no_name,
    };
    let told = told.replace("{parameter}", wrong.parameter.unwrap_or_default()).replace("{written}", &wrong.written);
    let path = path.trim_start_matches('/');
    let mended = |instead: &str| format!("{}{path}?{}", catalogue.site.url.path(), replaced(query, wrong, instead));
    let content = html! {
        h1 { (words.problems[0]) }
        p .lead { (told) }
        @if let Some(likely) = &wrong.meant { p { (meant) " " a .button href=(mended(likely)) { (likely) } } }
        @if !wrong.allowed.is_empty() {
            p { (allowed) }
            ul .choices {
                @for one in wrong.allowed.iter().take(LISTED) {
                    li { @if wrong.parameter.is_some() { a href=(mended(one)) { (one) } } @else { code { (one) } } }
                }
                @if wrong.allowed.len() > LISTED { li { "…" } }
            }
        }
        p { a href={ (catalogue.site.url.path()) (path) } { (without) } }
    };
    framed(words.problems[0], path, catalogue, language, &content).with_status(400)
}

/// That there is no such page, and where the others are: with status 404.
pub fn missing(path: &str, catalogue: &Catalogue, language: Language) -> Rendered {
    let words = language.words();
    let root = catalogue.site.url.path();
    let content = html! {
        h1 { (words.problems[1]) }
        p .lead { (words.elsewhere) }
        p { a .button href=(root) { (words.home) } }
    };
    framed(words.problems[1], path.trim_start_matches('/'), catalogue, language, &content).with_status(404)
}

fn framed(title: &str, path: &str, catalogue: &Catalogue, language: Language, content: &Markup) -> Rendered {
    let announced = layout::Announced { channel: &Channel::All, narrowing: &Narrowing::default() };
    let page = layout::page(title, &join(&catalogue.site, path), &announced, catalogue, language, content);
    Rendered::new(page.into_string().into_bytes(), HTML, None)
}

/// The same query with what is wrong replaced: the name, or the value.
fn replaced(query: &str, wrong: &Mistake, instead: &str) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()).take(20) {
        match wrong.parameter {
            None if name == wrong.written => written.append_pair(instead, &value),
            Some(parameter) if name == parameter => {
                let ids: Vec<&str> =
                    value.split(',').map(|id| if id == wrong.written { instead } else { id }).collect();
                written.append_pair(&name, &ids.join(","))
            }
            _ => written.append_pair(&name, &value),
        };
    }
    written.finish()
}
