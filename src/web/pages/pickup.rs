use maud::{Markup, html};

use crate::config::Settings;
use crate::domain::Instant;
use crate::publish::join;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::{layout, list};
use crate::web::pickup::{PickUp, Run};
use crate::web::words::{Language, Words};

/// `/pickup`: which outlets ran which press release.
pub fn pickup(releases: &[PickUp], settings: &Settings, language: Language) -> Markup {
    let (words, catalogue) = (language.words(), &settings.catalogue);
    let root = catalogue.site.url.path();
    let content = html! {
        h1 { (words.pickup) }
        p { (words.about_pickup) }
        @if releases.is_empty() { p .quiet { (words.no_release) } }
        @for release in releases {
            article {
                h3 { a href={ (root) "items/" (release.item) } { (release.title) } }
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
                        table {
                            thead { tr { @for head in words.runs { th scope="col" { (head) } } } }
                            tbody { @for run in &release.runs { (row(run, settings, words)) } }
                        }
                    }
                }
            }
        }
    };
    let announced = layout::Announced { channel: &Channel::All, narrowing: &Narrowing::default() };
    layout::page(words.pickup, &join(&catalogue.site, "pickup"), &announced, catalogue, language, &content)
}

fn row(run: &Run, settings: &Settings, words: &Words) -> Markup {
    let outlet = settings.catalogue.source_title(&run.source.as_str().into()).to_owned();
    html! {
        tr {
            td { (outlet) }
            td { @match list::web(run.url.as_deref()) { Some(url) => a href=(url) rel="noopener" { (run.title) }, None => (run.title) } }
            td { (later(run.after_minutes, words)) }
            td { (run.kept_percent) " %" }
        }
    }
}

/// `2 jam 5 menit kemudian`.
fn later(minutes: i64, words: &Words) -> String {
    let (days, hours, rest) = (minutes.abs() / 1440, minutes.abs() / 60 % 24, minutes.abs() % 60);
    let parts = [(days, words.spans[0]), (hours, words.spans[1]), (rest, words.spans[2])];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).take(2).map(|(count, unit)| format!("{count} {unit}")).collect();
    match (told.is_empty(), minutes < 0) {
        (true, _) => words.spans[3].to_owned(),
        (false, true) => format!("{} {}", told.join(" "), words.spans[5]),
        (false, false) => format!("{} {}", told.join(" "), words.spans[4]),
    }
}
