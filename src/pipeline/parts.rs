use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Complaint, Instant, Part, Source, Watch, is_a_day};
use crate::fetch::{Answer, FetchError, Turn};
use crate::parse::Listed;
use crate::pipeline::older::names;
use crate::pipeline::{Arrival, Intake, Poller, asking};
use crate::schedule::Failure;

/// From the beginning of a day to its end, wherever that is.
const A_DAY_EVERYWHERE: TimeDelta = TimeDelta::hours(40);
/// Arrivals of all of them, at most: they are held in memory as a whole.
const MOST_ARRIVALS: usize = 1_000;

/// What following an index came to.
#[derive(Debug, Default)]
pub struct Followed {
    /// The sitemaps as they are remembered from now on.
    pub parts: Vec<Part>,
    /// Whether all that changed was had.
    pub whole: bool,
    /// Bytes of the documents, decompressed.
    pub bytes: u64,
    /// Why nothing at all could be had.
    pub failure: Option<Failure>,
}

impl Poller {
    /// Reads those sitemaps of an index that have changed since they were last read. All requests are made in the host's turn.
    ///
    /// At the first poll only the newest are read, and the others count as read: they are the archive.
    pub(super) async fn follow(
        &self,
        source: &Source,
        before: &Watch,
        index: &Url,
        intake: &mut Intake,
        turn: &mut Turn,
        now: Instant,
    ) -> Followed {
        let mut followed = Followed { whole: true, ..Followed::default() };
        let (first, most) = (before.parts.is_empty(), source.pages);
        let Plan { to_read, rest } = plan(std::mem::take(&mut intake.parts), index, &before.parts);
        followed.parts = rest;
        let (mut read, mut failures) = (0, Vec::new());
        for (url, listed) in to_read {
            let own = before.parts.iter().find(|part| part.url == url.as_str());
            if read >= most || intake.arrivals.len() >= MOST_ARRIVALS {
                let unread = Part { url: url.into(), changed: listed.changed, validators: None, read: None };
                followed.parts.extend(if first { Some(unread) } else { own.cloned() });
                // Those without a date take turns; the others wait for the next poll.
                followed.whole &= first || listed.changed.is_none();
                continue;
            }
            read += 1;
            match self.part(source, &listed, url, own, intake, turn, now).await {
                Ok((part, bytes)) => {
                    followed.parts.push(part);
                    followed.bytes += bytes;
                }
                Err(failure) => {
                    followed.whole = false;
                    followed.parts.extend(own.cloned());
                    let what = format!("a sitemap of the index could not be had: {}", failure.what);
                    intake.complaints.push(Complaint { what, place: listed.url, mended: false });
                    failures.push(failure);
                    if failures.last().is_some_and(|failure| failure.kind == "rate-limited") {
                        break;
                    }
                }
            }
        }
        in_order(&mut intake.arrivals, now);
        if !failures.is_empty() && failures.len() as u32 == read {
            followed.failure = failures.pop();
        }
        followed
    }

    #[expect(clippy::too_many_arguments, reason = "one step of the loop above, and of nothing else")]
    async fn part(
        &self,
        source: &Source,
        listed: &Listed,
        url: Url,
        own: Option<&Part>,
        intake: &mut Intake,
        turn: &mut Turn,
        now: Instant,
    ) -> Result<(Part, u64), Failure> {
        let mut request = asking::of_source(source, url.clone());
        request.validators = own.and_then(|own| own.validators.clone());
        let part = |validators| Part { url: url.to_string(), changed: listed.changed, validators, read: Some(now) };
        let document = match self.fetcher.fetch_next(&request, turn).await {
            Ok(Answer::Document(document)) => document,
            Ok(Answer::NotModified { .. }) => return Ok((part(request.validators), 0)),
            Err(error) => return Err(failure(&error)),
        };
        let (validators, bytes) = (document.headers.validators.clone(), document.bytes.len() as u64);
        let cut_off = document.truncated;
        let read = match self.take_in(source, document, intake.guids_untrusted, now).await {
            Some(Ok(read)) => read,
            Some(Err(error)) => {
                let (kind, what, hint) = (error.kind().into(), error.to_string(), error.hint().into());
                return Err(Failure { kind, what, hint });
            }
            None => return Err(crate::pipeline::poller::stumbled()),
        };
        if !read.parts.is_empty() {
            let what = "an index of sitemaps within an index (sitemaps.org forbids that)".into();
            intake.complaints.push(Complaint { what, place: listed.url.clone(), mended: false });
        }
        intake.entries += read.entries;
        intake.complaints.extend(read.complaints);
        let seen: HashSet<_> = intake.arrivals.iter().flat_map(names).collect();
        let fresh = |arrival: &Arrival| !names(arrival).any(|name| seen.contains(&name));
        intake.arrivals.extend(read.arrivals.into_iter().filter(fresh));
        // One that was cut off is to come again as a whole.
        let changed = if cut_off || read.cut_off { None } else { listed.changed };
        Ok((Part { changed, ..part(validators.filter(|_| !cut_off)) }, bytes))
    }
}

/// Which sitemaps of an index are read, in this order.
struct Plan {
    to_read: Vec<(Url, Listed)>,
    /// Those that have not changed.
    rest: Vec<Part>,
}

/// What changed comes first, the newest first; then what tells no date, the longest unread first.
fn plan(listed: Vec<Listed>, index: &Url, before: &[Part]) -> Plan {
    let mut plan = Plan { to_read: Vec::new(), rest: Vec::new() };
    let mut seen = HashSet::new();
    for listed in listed {
        let url = index.join(listed.url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url.filter(|url| seen.insert(url.clone())) else { continue };
        let own = before.iter().find(|part| part.url == url.as_str());
        match own.filter(|own| is_unchanged(own, &listed)) {
            Some(own) => plan.rest.push(own.clone()),
            None => plan.to_read.push((url, listed)),
        }
    }
    let last_read = |url: &Url| before.iter().find(|part| part.url == url.as_str()).and_then(|part| part.read);
    plan.to_read.sort_by_key(|(url, listed)| {
        let undated = listed.changed.is_none();
        (undated, Reverse(listed.changed), if undated { last_read(url) } else { None })
    });
    plan
}

/// Whether a sitemap says what it said when it was read. A date without an hour says so only when its day had ended by then.
fn is_unchanged(own: &Part, listed: &Listed) -> bool {
    let Some(changed) = own.changed.filter(|changed| listed.changed == Some(*changed)) else { return false };
    !is_a_day(changed) || own.read.is_none_or(|read| read - changed > A_DAY_EVERYWHERE)
}

/// The oldest first; what has no date at all counts as new.
pub fn in_order(arrivals: &mut [Arrival], now: Instant) {
    arrivals.sort_by_key(|arrival| arrival.article.published.or(arrival.article.updated).unwrap_or(now));
}

fn failure(error: &FetchError) -> Failure {
    Failure { kind: error.kind().into(), what: error.to_string(), hint: error.hint() }
}
