use chrono::TimeDelta;
use maud::{Markup, html};

use crate::config::Settings;
use crate::domain::{Instant, Outcome, Source, SourceKind, Watch};
use crate::publish::join;
use crate::schedule::next_poll;
use crate::web::address::{Channel, Narrowing};
use crate::web::pages::layout;
use crate::web::words::Language;

/// A source whose newest item is older may have changed its address without telling anybody.
const STALE: TimeDelta = TimeDelta::days(30);

/// A source and what is known of it.
pub struct Watched<'a> {
    /// The source.
    pub source: &'a Source,
    /// What we remember of it.
    pub watch: Watch,
    /// The date of its newest item.
    pub newest: Option<Instant>,
}

/// How it fares, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fares {
    Failing,
    Stale,
    Never,
    Fine,
    Off,
}

impl Watched<'_> {
    fn fares(&self, now: Instant) -> Fares {
        match () {
            () if !self.source.enabled || self.watch.gone => Fares::Off,
            () if self.watch.failures > 0 => Fares::Failing,
            () if self.watch.last_poll.is_none() => Fares::Never,
            () if self.newest.is_some_and(|newest| now - newest > STALE) => Fares::Stale,
            () => Fares::Fine,
        }
    }
}

/// `/status`: each source's health.
pub fn status(watched: &[Watched<'_>], kept: u64, settings: &Settings, language: Language, now: Instant) -> Markup {
    let (words, catalogue) = (language.words(), &settings.catalogue);
    let mut all: Vec<&Watched<'_>> = watched.iter().collect();
    all.sort_by_key(|one| one.fares(now));
    let many = |fares: Fares| all.iter().filter(|one| one.fares(now) == fares).count();
    let [fine, failing, stale, never, off] = words.health;
    let summary = [
        (Fares::Fine, "fine", fine),
        (Fares::Failing, "failing", failing),
        (Fares::Stale, "stale", stale),
        (Fares::Never, "never", never),
        (Fares::Off, "off", off),
    ];
    let content = html! {
        h1 { (words.status) }
        ul .summary {
            @for (fares, class, name) in summary {
                @if many(fares) > 0 || matches!(fares, Fares::Fine | Fares::Failing) {
                    li .(if many(fares) > 0 { class } else { "fine" }) { b { (many(fares)) } " " (name) }
                }
            }
        }
        p .quiet { (language.number(kept)) " " (words.totals[0]) }
        table .sources.stacks {
            thead {
                tr {
                    @for column in [words.columns[0], words.columns[1], words.columns[3], words.newest_item, words.columns[5]] {
                        th scope="col" { (column) }
                    }
                }
            }
            tbody { @for one in all { (row(one, settings, language, now)) } }
        }
    };
    let announced = layout::Announced { channel: &Channel::All, narrowing: &Narrowing::default() };
    layout::page(words.status, &join(&catalogue.site, "status"), &announced, catalogue, language, &content)
}

fn row(one: &Watched<'_>, settings: &Settings, language: Language, now: Instant) -> Markup {
    let (words, Watched { source, watch, newest }) = (language.words(), one);
    let (zone, root) = (settings.catalogue.site.timezone, settings.catalogue.site.url.path());
    let next = if source.enabled { next_poll(source, watch, &settings.cadence(source), now) } else { None };
    let when = |at: Instant| html! { time datetime=(at.to_rfc3339()) { (language.short(at, zone)) } };
    let fares = match one.fares(now) {
        Fares::Failing => "failing",
        Fares::Stale => "stale",
        Fares::Off => "off",
        Fares::Never | Fares::Fine => "fine",
    };
    html! {
        tr .(fares) {
            th scope="row" { a href={ (root) "sources/" (source.id) } { (source.title) } }
            td data-label=(words.columns[1]) {
                @if let Some(at) = watch.last_poll { (when(at)) " " }
                strong .outcome { (outcome(source, watch, language)) }
            }
            td data-label=(words.columns[3]) {
                @match next {
                    Some(next) => { (when(next.at)) span .quiet { " " (language.reason(&next.why)) } },
                    None => "–",
                }
            }
            td data-label=(words.newest_item) {
                @match newest {
                    Some(newest) => {
                        (when(*newest))
                        @if now - *newest > STALE { " " strong .late { (words.stale) } }
                    },
                    None => "–",
                }
                span .quiet { " " (language.number(watch.items)) " " (words.columns[4].to_lowercase()) (overlap(watch, language)) }
            }
            td .notes { (notes(source, watch, settings, language)) }
        }
    }
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
                Some(Outcome::Failed { .. }) => { (failed) " (" (watch.failures) "×)" },
            }
        }
    }
}

fn overlap(watch: &Watch, language: Language) -> Markup {
    let text = language.words().overlap;
    let text = text.replace("{known}", &watch.known.to_string()).replace("{entries}", &watch.entries.to_string());
    html! { @if watch.entries > 0 { "; " (text) } }
}

fn notes(source: &Source, watch: &Watch, settings: &Settings, language: Language) -> Markup {
    let words = language.words();
    let moved = watch.moved.as_ref().filter(|moved| moved.settled);
    html! {
        @if let Some(Outcome::Failed { kind, what, hint }) = &watch.outcome {
            @if let Some(failure) = language.failure(kind) { p { strong { (failure) } } }
            details {
                summary { (words.technical) " (" code { (kind) } ")" }
                p lang="en" { (what) }
                p lang="en" .quiet { "hint: " (hint) }
            }
            @if may_be_mended_there(kind) {
                details { summary { (words.letter) } p .letter lang="id" { (letter(source, what, settings)) } }
            }
        }
        @if watch.push.is_some() { p .quiet { (words.pushed) } }
        @if let Some(moved) = moved { p { (words.moved) " " code { "url = \"" (moved.to) "\"" } } }
        @if let Some(gap) = &watch.gap {
            p { (words.gaps) " " (watch.gaps) ", " (language.short(gap.at, settings.catalogue.site.timezone)) ": " span lang="en" { (gap.what) } }
        }
        @if !watch.complaints.is_empty() {
            details {
                summary { (words.complaints.replace("{}", &watch.complaints.len().to_string())) }
                ul lang="en" { @for complaint in &watch.complaints { li { (complaint.what) " (" (complaint.place) ")" } } }
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
