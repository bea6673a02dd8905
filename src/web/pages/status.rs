use maud::{Markup, html};

use crate::config::Settings;
use crate::domain::{Instant, Outcome, Source, Watch};
use crate::schedule::next_poll;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::layout;
use crate::web::words::Language;

/// `/status`: each source's health.
pub fn status(
    watches: &[(&Source, Watch)],
    kept: u64,
    settings: &Settings,
    language: Language,
    now: Instant,
) -> Markup {
    let (words, catalogue) = (language.words(), &settings.catalogue);
    let enabled = watches.iter().filter(|(source, _)| source.enabled);
    let failing = enabled.clone().filter(|(_, watch)| watch.failures > 0).count();
    let root = catalogue.site.url.path();
    let content = html! {
        h1 { (words.status) }
        p .lead {
            strong { (kept) } " " (words.totals[0]) " · "
            strong { (enabled.count()) } " " (words.totals[1]) " · "
            strong { (failing) } " " (words.totals[2])
        }
        div .wide role="region" tabindex="0" aria-label=(words.status) {
            table {
                thead { tr { @for column in words.columns { th scope="col" { (column) } } } }
                tbody {
                    @for (source, watch) in watches {
                        tr .failing[source.enabled && watch.failures > 0] .off[!source.enabled] {
                            th scope="row" { a href={ (root) "sources/" (source.id) } { (source.title) } }
                            td { @if let Some(at) = watch.last_poll { (language.date(at, catalogue.site.timezone)) } }
                            td { (outcome(source, watch, language)) }
                            td { (next(source, watch, settings, language, now)) }
                            td { (watch.items) }
                            td { (notes(watch, language)) }
                        }
                    }
                }
            }
        }
    };
    let (all, whole) = (Channel::All, Narrowing::default());
    let canonical = catalogue.site.url.join("status").unwrap_or_else(|_| catalogue.site.url.clone());
    let announced = layout::Announced { channel: &all, narrowing: &whole };
    layout::page(words.status, &canonical, &announced, catalogue, language, &content)
}

fn outcome(source: &Source, watch: &Watch, language: Language) -> Markup {
    let [fetched, unchanged, failed, never, off, gone] = language.words().outcomes;
    html! {
        @if !source.enabled { (off) }
        @else if watch.gone { (gone) }
        @else {
            @match &watch.outcome {
                None => (never),
                Some(Outcome::Fetched) => (fetched),
                Some(Outcome::Unchanged) => (unchanged),
                Some(Outcome::Failed { kind, .. }) => { (failed) " (" (watch.failures) "×): " code { (kind) } },
            }
        }
    }
}

fn next(source: &Source, watch: &Watch, settings: &Settings, language: Language, now: Instant) -> Markup {
    let next = if source.enabled { next_poll(source, watch, &settings.cadence(source), now) } else { None };
    html! {
        @if let Some(next) = next {
            (language.date(next.at, settings.catalogue.site.timezone)) br; span .quiet { (next.why) }
        }
    }
}

fn notes(watch: &Watch, language: Language) -> Markup {
    html! {
        @if let Some(Outcome::Failed { what, hint, .. }) = &watch.outcome {
            p { (what) } p .quiet { (language.words().hint) " " (hint) }
        }
        @if !watch.complaints.is_empty() {
            details {
                summary { (watch.complaints.len()) }
                ul { @for complaint in &watch.complaints { li { (complaint.what) " (" (complaint.place) ")" } } }
            }
        }
    }
}
