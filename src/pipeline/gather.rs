use std::hash::Hasher;
use std::sync::Arc;

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Complaint, Gap, Instant, Source, SourceKind, Watch};
use crate::fetch::{Document, Headers, Hop, Turn};
use crate::parse::ParseError;
use crate::pipeline::older::{Reach, known};
use crate::pipeline::poller::{Polled, offset_of, stumbled};
use crate::pipeline::{Intake, Poller, Received, redirects, take_in};
use crate::schedule::{self, Brought, Failure, Told};
use crate::websub::{Announced, LONGEST_ADDRESS, Links};

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

/// A document that was read before, to the byte: lists without validators come so. It counts as unchanged; its validators replace the old
/// ones all the same (POLLING 3).
fn same_again(before: Watch, headers: Headers, hops: &[Hop], bytes: u64, now: Instant) -> Polled {
    let told = Told { max_age: headers.max_age, retry_after: None };
    let watch = schedule::unchanged(Watch { validators: None, ..before }, None, &redirects(hops), told, now);
    let watch = Watch { validators: headers.validators, last_document: Some(now), ..watch };
    Polled { bytes, ..Polled::without_document(watch, told) }
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
    ) -> Polled {
        let (mut bytes, cut_off) = (document.bytes.len() as u64, document.truncated);
        let (headers, hops, address) = (document.headers.clone(), document.hops.clone(), document.url.clone());
        let told = Told { max_age: headers.max_age, retry_after: None };
        let failed = |before: Watch, failure: Failure| {
            Polled::without_document(schedule::failed(before, failure, Told::default(), now), told)
        };
        let digest = digest(&document.bytes);
        if before.digest == Some(digest) && before.parts.is_empty() && before.left == 0 && !cut_off {
            return same_again(before, headers, &hops, bytes, now);
        }
        let mut intake = match self.take_in(source, document, before.guids_untrusted, now).await {
            Some(Ok(intake)) => intake,
            Some(Err(error)) => {
                let failure = Failure { kind: error.kind().into(), what: error.to_string(), hint: error.hint().into() };
                return failed(before, failure);
            }
            None => return failed(before, stumbled()),
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
                return failed(before, failure);
            }
            whole &= followed.whole;
            bytes += followed.bytes;
            parts = followed.parts;
        }
        // Of a first document nothing can be known, and nothing missed.
        let first = before.items == 0;
        let known = if first { Ok(0) } else { known(&*self.store, &intake.arrivals) };
        let listed =
            self.reach(source, &before, &address, headers.pages, known.as_ref().ok().copied(), &mut intake, turn, now);
        let (gap, complete) = listed.await;
        let mut left = 0;
        let mut too_many = false;
        if source.reads_pages() {
            let completed = self.complete(source, &mut intake, turn, now).await;
            left = completed.left;
            too_many = completed.too_many;
            whole &= left == 0;
        }
        let reached = intake.arrivals.iter().filter_map(|arrival| arrival.article.published).max();
        let reached = if complete { before.reached.max(reached) } else { before.reached };
        // What was not read yet is followed again at the next poll.
        let parts = if whole { parts } else { before.parts.clone() };
        let api_refused = before.api_refused.filter(|_| intake.kind != "wordpress");
        let digest = Some(digest).filter(|_| whole);
        let before = Watch { parts, reached, api_refused, left, digest, ..before };
        let brought = Brought {
            validators: headers.validators,
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
        let Intake { arrivals, entries, guessed, .. } = intake;
        Polled { watch, arrivals, bytes, entries, told, gap, too_many, guessed, announced }
    }

    /// Fetches what the source lists elsewhere than in its first document. Returns the gap, where one was found, and whether everything
    /// since the last poll is there now.
    #[expect(clippy::too_many_arguments, reason = "everything that is known of a poll decides how far it reaches")]
    async fn reach(
        &self,
        source: &Source,
        before: &Watch,
        address: &Url,
        pages: Option<u32>,
        known: Option<u32>,
        intake: &mut Intake,
        turn: &mut Turn,
        now: Instant,
    ) -> (Option<Gap>, bool) {
        let first = before.items == 0;
        let nothing_known = !first && known == Some(0) && !intake.arrivals.is_empty();
        let reach = match source.kind {
            // The API was asked for what came since; its further pages are the rest of that.
            SourceKind::WordPress if intake.kind == "wordpress" => Reach::End { most: source.pages - 1, pages },
            SourceKind::Page if first => Reach::End { most: source.pages - 1, pages: None },
            // On a list the last one of a page tells whether the next page has more: some stand on top for weeks.
            SourceKind::Page if nothing_known || self.last_is_new(intake) => Reach::Known { most: source.pages },
            SourceKind::Sitemap => return (None, true),
            _ if nothing_known => Reach::Known { most: 10 },
            _ => return (None, true),
        };
        // An outlet whose entries are never known again would be asked for its older pages at every poll.
        let tried = before.gap.clone().filter(|last| !last.filled && now - last.at < RETRY);
        if let (Reach::Known { .. }, Some(last)) = (&reach, tried) {
            return (Some(last).filter(|_| nothing_known), true);
        }
        let (most, to_the_end) = (reach.most(), matches!(reach, Reach::End { .. }));
        let gap = self.reach_back(source, address, intake, reach, turn, now).await;
        // More than a poll takes: of a first one it is the archive, later something is missed.
        let too_far = to_the_end && !gap.filled && gap.pages >= most;
        let complete = gap.filled || too_far;
        (Some(gap).filter(|_| nothing_known || (too_far && !first)), complete)
    }

    /// Whether the list's last entry, which arrives first, is one that nobody has.
    fn last_is_new(&self, intake: &Intake) -> bool {
        let last = intake.arrivals.first().map(std::slice::from_ref).unwrap_or_default();
        !last.is_empty() && known(&*self.store, last).is_ok_and(|known| known == 0)
    }
}
