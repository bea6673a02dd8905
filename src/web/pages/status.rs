use maud::{Markup, html};

use crate::config::Settings;
use crate::domain::{Instant, Outcome, Source, SourceKind, Watch};
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
                            td { (watch.items) (overlap(watch, language)) }
                            td { (notes(source, watch, settings, language)) }
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

fn overlap(watch: &Watch, language: Language) -> Markup {
    let text = language.words().overlap;
    let text = text.replace("{known}", &watch.known.to_string()).replace("{entries}", &watch.entries.to_string());
    html! { @if watch.entries > 0 { br; span .quiet { (text) } } }
}

fn notes(source: &Source, watch: &Watch, settings: &Settings, language: Language) -> Markup {
    let words = language.words();
    let moved = watch.moved.as_ref().filter(|moved| moved.settled);
    html! {
        @if let Some(Outcome::Failed { kind, what, hint }) = &watch.outcome {
            p { (what) } p .quiet { (words.hint) " " (hint) }
            @if may_be_mended_there(kind) {
                details { summary { (words.letter) } p .letter lang="id" { (letter(source, what, settings)) } }
            }
        }
        @if watch.push.is_some() { p .quiet { (words.pushed) } }
        @if let Some(moved) = moved { p { (words.moved) " " code { "url = \"" (moved.to) "\"" } } }
        @if let Some(gap) = &watch.gap {
            p { (words.gaps) " " (watch.gaps) ", " (language.date(gap.at, settings.catalogue.site.timezone)) ": " (gap.what) }
        }
        @if !watch.complaints.is_empty() {
            details {
                summary { (words.complaints.replace("{}", &watch.complaints.len().to_string())) }
                ul { @for complaint in &watch.complaints { li { (complaint.what) " (" (complaint.place) ")" } } }
            }
        }
    }
}

/// Whether a failure is one that the outlet's webmaster can mend, once told.
fn may_be_mended_there(kind: &str) -> bool {
    kind.starts_with("tls") || matches!(kind, "challenge" | "http-status" | "web-page" | "unreadable" | "bad-encoding")
}

/// What can be sent to the webmaster as it is; in Indonesian whatever the page's language, for that is what they read.
fn letter(source: &Source, what: &str, settings: &Settings) -> String {
    let (site, agent) = (&settings.catalogue.site, source.user_agent.as_ref().unwrap_or(&settings.user_agent));
    let what_is_read = match source.kind {
        SourceKind::Feed | SourceKind::File(_) => "umpan RSS",
        SourceKind::Page => "daftar berita",
        SourceKind::Sitemap => "sitemap",
        SourceKind::WordPress => "API WordPress",
    };
    format!(
        "Yth. pengelola {}, kami menjalankan {} ({}), layanan kliping berita daerah. Kami membaca {what_is_read} Anda di {} dengan satu \
         permintaan pada satu waktu, paling sering tiap sepuluh menit, memakai User-Agent \"{agent}\". Saat ini {what_is_read} itu tidak dapat \
         kami baca: {what}. Mohon bantuan Anda memperbaikinya, atau mengizinkan User-Agent tersebut membaca alamat itu. Kami hanya \
         menampilkan judul dan cuplikan dengan tautan ke situs Anda. Terima kasih.",
        source.title, site.title, site.url, source.url,
    )
}
