use std::collections::HashSet;

use url::Url;

use crate::dedupe::Alias;
use crate::domain::{Gap, Instant, Source};
use crate::fetch::{Answer, FetchError, Request, Turn};
use crate::pipeline::{Arrival, Intake, Poller};
use crate::store::{Store, StoreError};

/// Older pages that are asked for to fill a gap, at most.
const MOST_PAGES: u32 = 10;
/// Arrivals that a gap is filled with, beyond which no further page is asked for: they are held in memory as a whole.
const MOST_ARRIVALS: usize = 2_000;

/// How many of these arrivals are kept already, under whatever name.
///
/// # Errors
/// What the store says.
pub fn known(store: &dyn Store, arrivals: &[Arrival]) -> Result<u32, StoreError> {
    let mut known = 0;
    for arrival in arrivals {
        // The strongest name comes first and mostly settles it.
        for (_, alias) in &arrival.aliases {
            if store.find(std::slice::from_ref(alias))?.iter().any(Option::is_some) {
                known += 1;
                break;
            }
        }
    }
    Ok(known)
}

/// Where a page of older entries is.
struct Page {
    url: Url,
    /// Whether WordPress is asked, which answers 404 behind the last page.
    of_wordpress: bool,
}

impl Poller {
    /// Fetches page after page of older entries until one holds something that is known. Returns the arrivals of all, oldest first, and
    /// how it went. All requests are made in the host's turn.
    pub(super) async fn reach_back(
        &self,
        source: &Source,
        document: &Url,
        first: &mut Intake,
        turn: &mut Turn,
        now: Instant,
    ) -> Gap {
        let mut gap = Gap { at: now, pages: 0, filled: false, what: String::new() };
        let mut seen: HashSet<Alias> = aliases(&first.arrivals).collect();
        let mut page = next_page(first, document, 2);
        while let Some(Page { url, of_wordpress }) = page.take() {
            let answer = self.fetcher.fetch_next(&older(source, url), turn).await;
            gap.pages += 1;
            let document = match answer {
                Ok(Answer::Document(document)) => document,
                Ok(Answer::NotModified { .. }) => break,
                Err(FetchError::Status { status: 404, .. }) if of_wordpress => {
                    gap.filled = true;
                    gap.what = "there are no older pages".into();
                    break;
                }
                Err(error) => {
                    gap.what = format!("an older page could not be had: {error}");
                    break;
                }
            };
            let address = document.url.clone();
            let mut older = match self.take_in(source, document, first.guids_untrusted, now).await {
                Some(Ok(older)) => older,
                _ => {
                    gap.what = "an older page could not be read".into();
                    break;
                }
            };
            older.arrivals.retain(|arrival| !arrival.aliases.iter().any(|(_, alias)| seen.contains(alias)));
            if older.arrivals.is_empty() {
                gap.what = "the outlet gives the same entries again".into();
                break;
            }
            seen.extend(aliases(&older.arrivals));
            gap.filled = known(&*self.store, &older.arrivals).is_ok_and(|known| known > 0);
            if !gap.filled && gap.pages < MOST_PAGES && first.arrivals.len() < MOST_ARRIVALS {
                page = next_page(&older, &address, gap.pages + 2);
            }
            // What is older arrives before what is newer.
            let newer = std::mem::take(&mut first.arrivals);
            first.arrivals = older.arrivals;
            first.arrivals.extend(newer);
        }
        if gap.what.is_empty() {
            gap.what = match (gap.filled, gap.pages) {
                (true, pages) => format!("filled from {pages} older pages"),
                (false, 0) => "the feed names no older pages".into(),
                (false, pages) => format!("{pages} older pages do not reach back to what was known"),
            };
        }
        gap
    }
}

/// Only at the address that the operator wrote, and at the very server that answers there, may an older page be private.
fn older(source: &Source, url: Url) -> Request {
    let allow_private = source.allow_private && url.origin() == source.url.origin();
    let (user_agent, extra_ca) = (source.user_agent.clone(), source.extra_ca.clone());
    Request { allow_private, user_agent, extra_ca, ..Request::plain(url) }
}

/// The feed's own word first (RFC 5005), then WordPress' way: `?paged=2`.
fn next_page(intake: &Intake, document: &Url, number: u32) -> Option<Page> {
    let named = intake.older.as_deref().and_then(|older| document.join(older).ok());
    if let Some(url) = named.filter(|url| matches!(url.scheme(), "http" | "https") && url != document) {
        return Some(Page { url, of_wordpress: false });
    }
    if !intake.by_wordpress {
        return None;
    }
    let mut url = document.clone();
    let others: Vec<(String, String)> =
        document.query_pairs().filter(|(name, _)| name != "paged").map(|(a, b)| (a.into(), b.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("paged", &number.to_string());
    Some(Page { url, of_wordpress: true })
}

fn aliases(arrivals: &[Arrival]) -> impl Iterator<Item = Alias> + '_ {
    arrivals.iter().flat_map(|arrival| arrival.aliases.iter().map(|(_, alias)| *alias))
}
