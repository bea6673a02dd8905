use std::hash::Hasher;
use std::sync::Arc;

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Complaint, Gap, Instant, Interrupted, Outcome, Source, SourceKind, Watch};
use crate::fetch::{Document, Headers, Hop, Turn};
use crate::parse::{self, ParseError};
use crate::pipeline::older::{Reach, known};
use crate::pipeline::poller::{Polled, offset_of, stumbled};
use crate::pipeline::{Arrival, Intake, Poller, Received, WriteError, redirects, take_in};
use crate::schedule::{self, Brought, Failure, Told};
use crate::websub::{Announced, LONGEST_ADDRESS, Links};

/// Polls that may be cut short in a row before what they could not have is given up.
const MOST_INTERRUPTED: u8 = 5;
/// Pages of an API that are fetched to fill a gap, at most: ten thousand posts.
const MOST_OF_A_GAP: u32 = 100;
/// After a gap that could not be filled no other is tried to be filled for so long.
const RETRY: TimeDelta = TimeDelta::hours(24);

/// The hub that an answer announces: its headers go before its document (WebSub, section 4).
fn announced(links: &Links, intake: &Intake, document: &Url) -> Option<Announced> {
    let address = |written: &str| {
        let url = document.join(written.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.filter(|url| url.has_host() && url.as_str().len() <= LONGEST_ADDRESS)
    };
    let hub = address(links.hub.as_ref().or(intake.hub.as_ref())?)?;
    let own = links.own.as_ref().or(intake.own.as_ref()).and_then(|own| address(own));
    Some(Announced { hub, topic: own.unwrap_or_else(|| document.clone()) })
}

/// Bytes are only compared with those of the same source: 64 bits are plenty.
fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = siphasher::sip::SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// A document that was read before, to the byte: lists without validators come so. Nothing in it is new; its validators replace the old
/// ones all the same (POLLING 3). (A feed is read all the same: it may announce a hub.)
fn same_again(before: Watch, headers: Headers, hops: &[Hop], bytes: u64, now: Instant) -> Polled {
    let told = Told { max_age: headers.max_age, retry_after: None };
    let watch = schedule::unchanged(Watch { validators: None, ..before }, None, &redirects(hops), told, now);
    let entries = watch.entries;
    let outcome = Some(Outcome::Fetched);
    let watch = Watch { validators: headers.validators, last_document: Some(now), known: entries, outcome, ..watch };
    Polled { bytes, entries, ..Polled::without_document(watch, told) }
}

impl Poller {
    /// Makes a document arrivals. Reading is work for a processor: it must not hold up the requests of others, so it runs on a thread
    /// of its own. `None` where that panicked.
    pub(super) async fn take_in(
        &self,
        source: &Source,
        document: Document,
        guids_untrusted: bool,
        now: Instant,
    ) -> Option<Result<Intake, ParseError>> {
        let _turn = self.readers.acquire().await;
        let (settings, source) = (Arc::clone(&self.settings.borrow()), source.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let zone = offset_of(settings.catalogue.site.timezone, now);
            let received =
                Received { bytes: &document.bytes, url: &document.url, content_type: document.content_type.as_deref() };
            take_in(received, &source, &settings.rules, zone, guids_untrusted, now)
        });
        reading.await.ok()
    }

    /// A document that came: what it lists, what is listed elsewhere, and the pages of what it says too little of.
    pub(super) async fn read(
        &self,
        source: &Source,
        before: Watch,
        document: Document,
        turn: &mut Turn,
        now: Instant,
    ) -> Result<Polled, WriteError> {
        let (mut bytes, cut_off) = (document.bytes.len() as u64, document.truncated);
        let (headers, hops, address) = (document.headers.clone(), document.hops.clone(), document.url.clone());
        let told = Told { max_age: headers.max_age, retry_after: None };
        let failed = |before: Watch, failure: Failure| {
            Polled::without_document(schedule::failed(before, failure, Told::default(), now), told)
        };
        let digest = digest(&document.bytes);
        let meant = parse::kind_of(&document.bytes);
        let list = !matches!(source.kind, SourceKind::Feed | SourceKind::File(_));
        if list && before.digest == Some(digest) && before.parts.is_empty() && before.left == 0 && !cut_off {
            return Ok(same_again(before, headers, &hops, bytes, now));
        }
        let mut intake = match self.take_in(source, document, before.guids_untrusted, now).await {
            Some(Ok(intake)) => intake,
            Some(Err(error)) => {
                let (kind, what) = (error.kind().into(), error.to_string());
                let meant = meant.filter(|meant| *meant != source.kind.as_str());
                let hint = meant.map_or_else(|| error.hint().into(), |meant| hint_of_kind(meant, &source.kind));
                return Ok(failed(before, Failure { kind, what, hint }));
            }
            None => return Ok(failed(before, stumbled())),
        };
        if cut_off {
            let what = "the document was cut off on its way; its complete items are kept".into();
            intake.complaints.push(Complaint { what, place: "document".into(), mended: false });
        }
        let mut whole = !cut_off && !intake.cut_off;
        let mut parts = Vec::new();
        if !intake.parts.is_empty() {
            let followed = self.follow(source, &before, &address, &mut intake, turn, now).await;
            if let Some(failure) = followed.failure {
                return Ok(failed(before, failure));
            }
            whole &= followed.whole;
            bytes += followed.bytes;
            parts = followed.parts;
        }
        // Of a first document nothing can be known, and nothing missed.
        let first = before.items == 0;
        let known = if first { Ok(0) } else { known(&*self.store, &intake.arrivals) };
        let context = Context { source, before: &before, address: &address, pages: headers.pages, now };
        let reached_back = self.reach(&context, known.as_ref().ok().copied(), &mut intake, turn).await?;
        let (gap, complete) = (reached_back.gap, reached_back.complete);
        let interrupted = reached_back.interrupted;
        whole &= interrupted.is_none_or(|interrupted| interrupted.polls >= MOST_INTERRUPTED);
        if source.kind == SourceKind::WordPress && intake.kind != "wordpress" {
            let what = "the API does not answer us; the feed beside it is read instead".into();
            intake.complaints.push(Complaint { what, place: source.url.to_string(), mended: true });
            self.keep_whole_texts(&mut intake);
        }
        // By the list's own dates: what an article's page says may be another.
        let listed = |arrival: &Arrival| arrival.article.published.or(arrival.article.updated);
        let reached = intake.arrivals.iter().filter_map(listed).max();
        let mut left = 0;
        let mut too_many = false;
        if source.reads_pages() {
            match self.complete(source, &before, &mut intake, turn, now).await {
                Some(completed) => (left, too_many) = (completed.left, completed.too_many),
                None => return Ok(failed(before, stumbled())),
            }
            whole &= left == 0;
        }
        let reached = if complete { before.reached.max(reached) } else { before.reached };
        // What was not read yet is followed again at the next poll.
        let parts = if whole { parts } else { before.parts.clone() };
        let api_refused = before.api_refused.filter(|_| intake.kind != "wordpress");
        let digest = Some(digest).filter(|_| whole);
        // An index whose sitemaps tell no date says nothing by being the same.
        let telling = parts.iter().all(|part| part.changed.is_some());
        let before = Watch { parts, reached, api_refused, left, digest, interrupted, ..before };
        let brought = Brought {
            validators: headers.validators.filter(|_| telling),
            whole,
            entries: intake.entries,
            known: known.unwrap_or(0),
            complaints: std::mem::take(&mut intake.complaints),
            rhythm: std::mem::take(&mut intake.rhythm),
            guids_untrusted: intake.guids_untrusted,
            gap: gap.clone(),
        };
        let moved_before = before.address(&source.url);
        let watch = schedule::fetched(before, brought, &redirects(&hops), told, now);
        if watch.address(&source.url) != moved_before {
            tracing::warn!(source = %source.id, "{} has moved for good: write `url = \"{address}\"` in its [[source]]", source.id);
        }
        // Only a feed can be pushed, and what is pushed has no articles' pages with it.
        let pushable = source.kind == SourceKind::Feed && !source.full_text;
        let announced = announced(&headers.links, &intake, &address).filter(|_| pushable);
        let Intake { arrivals, kept, entries, guessed, title, .. } = intake;
        Ok(Polled { watch, arrivals, kept, bytes, entries, told, gap, too_many, guessed, title, announced })
    }

    /// Fetches what the source lists elsewhere than in its first document.
    async fn reach(
        &self,
        context: &Context<'_>,
        known: Option<u32>,
        intake: &mut Intake,
        turn: &mut Turn,
    ) -> Result<Reached, WriteError> {
        let Context { source, before, pages, now, .. } = *context;
        let first = before.items == 0;
        let resumed = before.interrupted.filter(|interrupted| interrupted.polls < MOST_INTERRUPTED);
        let to_the_end = first || resumed.is_some_and(|resumed| resumed.to_the_end);
        let nothing_known = !first && known == Some(0) && !intake.arrivals.is_empty();
        let none = Reached { gap: None, complete: true, interrupted: None };
        let reach = match source.kind {
            // The API was asked for what came since; its further pages are the rest of that, however many.
            SourceKind::WordPress if intake.kind == "wordpress" => {
                Reach::End { most: if first { source.pages - 1 } else { MOST_OF_A_GAP }, pages }
            }
            SourceKind::Page if to_the_end => Reach::End { most: source.pages - 1, pages: None },
            // On a list the last one of a page tells whether the next page has more: some stand on top for weeks.
            SourceKind::Page if nothing_known || resumed.is_some() || self.last_is_new(intake) => {
                Reach::Known { most: source.pages }
            }
            SourceKind::Sitemap => return Ok(none),
            _ if nothing_known || resumed.is_some() => Reach::Known { most: 10 },
            _ => return Ok(none),
        };
        // An outlet whose entries are never known again would be asked for its older pages at every poll.
        let tried = before.gap.clone().filter(|last| !last.filled && now - last.at < RETRY && resumed.is_none());
        if let (Reach::Known { .. }, Some(last)) = (&reach, tried) {
            return Ok(Reached { gap: Some(last).filter(|_| nothing_known), ..none });
        }
        let (most, end) = (reach.most(), matches!(reach, Reach::End { .. }));
        let (gap, interrupted) = self.reach_back(context, intake, reach, turn).await?;
        // More than a poll takes: of a first one it is the archive, later something is missed.
        let too_far = end && !gap.filled && gap.pages >= most;
        let complete = gap.filled || too_far;
        let polls = resumed.map_or(1, |resumed| resumed.polls + 1);
        let interrupted = interrupted.then_some(Interrupted { polls, to_the_end: end });
        let shown = nothing_known || (too_far && !first) || interrupted.is_some() || resumed.is_some();
        Ok(Reached { gap: Some(gap).filter(|_| shown), complete, interrupted })
    }

    /// Whether the list's last entry is one that nobody has.
    fn last_is_new(&self, intake: &Intake) -> bool {
        let last = intake.arrivals.iter().max_by_key(|arrival| arrival.place).map(std::slice::from_ref);
        let last = last.unwrap_or_default();
        !last.is_empty() && known(&*self.store, last).is_ok_and(|known| known == 0)
    }

    /// A feed that stands in for an API has excerpts of what is kept whole: that is no edit.
    fn keep_whole_texts(&self, intake: &mut Intake) {
        for arrival in &mut intake.arrivals {
            if let Some(kept) = self.kept(arrival).filter(|kept| kept.article.html.len() > arrival.article.html.len()) {
                arrival.article = kept.article;
            }
        }
    }
}

/// What is known of a poll when it is decided how far it reaches.
pub(super) struct Context<'a> {
    /// Whose.
    pub source: &'a Source,
    /// What was remembered of it.
    pub before: &'a Watch,
    /// The document's address.
    pub address: &'a Url,
    /// How many pages its list has, where it told.
    pub pages: Option<u32>,
    /// The instant of the poll.
    pub now: Instant,
}

/// How reaching back went.
struct Reached {
    /// That nothing was known, or not all could be had.
    gap: Option<Gap>,
    /// Whether everything since the last poll is there now.
    complete: bool,
    interrupted: Option<Interrupted>,
}

/// What to write where a document is of another kind than the source's.
fn hint_of_kind(meant: &'static str, kind: &SourceKind) -> String {
    match meant {
        "page" if *kind == SourceKind::Feed => {
            "open the address in a browser: if it lists news, write `kind = \"page\"` in its [[source]] (`kliping add URL` finds what a site offers); \
             else the site may be in maintenance, or its feed may have moved"
                .into()
        }
        meant => format!("that is a {meant}: write `kind = \"{meant}\"` in its [[source]]"),
    }
}
