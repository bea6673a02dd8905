use maud::{Markup, html};

use crate::config::Settings;
use crate::domain::Instant;
use crate::publish::join;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::{layout, list};
use crate::web::pickup::{PickUp, Run};
use crate::web::words::Language;

/// `/pickup`: which outlets ran which press release.
pub fn pickup(releases: &[PickUp], settings: &Settings, language: Language) -> Markup {
    let (words, catalogue) = (language.words(), &settings.catalogue);
    let root = catalogue.site.url.path();
    let content = html! {
        h1 { (words.pickup) }
        p { (words.about_pickup) }
        @if releases.is_empty() { p .quiet { (words.no_release) } }
        @for release in releases {
            article .clip {
                h2 { a href={ (root) "items/" (release.item) } { (release.title) } }
                p .meta {
                    (catalogue.source_title(&release.office.as_str().into()))
                    @if let Ok(published) = release.published.parse::<Instant>() {
                        " · " time datetime=(release.published) { (language.date(published, catalogue.site.timezone)) }
                    }
                }
                @if release.runs.is_empty() {
                    p .quiet { (words.nobody_ran_it) }
                } @else {
                    div .wide {
                        table .runs.stacks {
                            thead { tr { @for head in words.runs { th scope="col" { (head) } } } }
                            tbody { @for run in &release.runs { (row(run, settings, language)) } }
                        }
                    }
                }
            }
        }
    };
    let announced = layout::Announced { channel: &Channel::All, narrowing: &Narrowing::default() };
    layout::page(words.pickup, &join(&catalogue.site, "pickup"), &announced, catalogue, language, &content)
}

fn row(run: &Run, settings: &Settings, language: Language) -> Markup {
    let outlet = settings.catalogue.source_title(&run.source.as_str().into()).to_owned();
    let [_, title, lag, kept] = language.words().runs;
    html! {
        tr {
            td { (outlet) }
            td data-label=(title) { @match list::web(run.url.as_deref()) { Some(url) => a href=(url) rel="noopener" { (run.title) }, None => (run.title) } }
            td data-label=(lag) { (language.lag(run.after_minutes)) }
            td data-label=(kept) { (run.kept_percent) " %" }
        }
    }
}
