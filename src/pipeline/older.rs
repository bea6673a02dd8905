use std::collections::HashSet;

use url::Url;

use crate::dedupe::{Alias, AliasKind};
use crate::domain::{Gap, Selectors, Source, SourceKind};
use crate::fetch::{Answer, FetchError, Turn};
use crate::parse::ParseError;
use crate::pipeline::gather::Context;
use crate::pipeline::{Arrival, Intake, Poller, WriteError, asking};
use crate::store::{Store, StoreError};

/// How far back older pages are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Reach {
    /// Until one holds something that is known.
    Known {
        /// Pages, at most.
        most: u32,
    },
    /// Until there are no more.
    End {
        /// Pages, at most.
        most: u32,
        /// How many there are in all, where the first one told.
        pages: Option<u32>,
    },
}

impl Reach {
    /// Pages, at most.
    pub fn most(self) -> u32 {
        match self {
            Reach::Known { most } | Reach::End { most, .. } => most,
        }
    }
}

/// Posts of a page of WordPress' API that is full: there may be another.
const FULL_PAGE: u32 = 100;
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
    /// Whether pages are numbered: behind the last one WordPress answers 404, and its API 400.
    numbered: bool,
}

impl Poller {
    /// Fetches page after page of older entries. Leaves the arrivals of all in `first`, oldest first (very many are written on the way), and
    /// returns how it went: a gap is filled where that went as far as it should; and whether it was cut short by a failure. All requests are
    /// made in the host's turn.
    ///
    /// # Errors
    /// Only the store's.
    pub(super) async fn reach_back(
        &self,
        context: &Context<'_>,
        first: &mut Intake,
        reach: Reach,
        turn: &mut Turn,
    ) -> Result<(Gap, bool), WriteError> {
        let Context { source, before, address: document, now, .. } = *context;
        let mut interrupted = false;
        // What was found to be an article on the first page is one on the others, however few they have.
        let source = &with_guess(source, first.guessed.as_ref());
        let mut gap = Gap { at: now, pages: 0, filled: false, what: String::new() };
        let mut seen: HashSet<Alias> = first.arrivals.iter().flat_map(names).collect();
        let mut page = next_page(first, document, 2, reach);
        let to_the_end = matches!(reach, Reach::End { .. });
        gap.filled = to_the_end && page.is_none();
        while let Some(Page { url, numbered }) = page.take().filter(|_| gap.pages < reach.most()) {
            let request = asking::of_source(source, url);
            if source.kind == SourceKind::Page && !self.fetcher.robots(&request, turn).await.allow(&request.url) {
                (gap.filled, gap.what) = (to_the_end, "robots.txt does not let us read older pages".into());
                break;
            }
            let answer = self.fetcher.fetch_next(&request, turn).await;
            gap.pages += 1;
            let document = match answer {
                Ok(Answer::Document(document)) => document,
                Ok(Answer::NotModified { .. }) => break,
                Err(FetchError::Status { status: 400 | 404, .. }) if numbered || to_the_end => {
                    gap.filled = true;
                    gap.what = "there are no older pages".into();
                    break;
                }
                Err(error) => {
                    interrupted = true;
                    gap.what = format!("an older page could not be had: {error}");
                    break;
                }
            };
            let address = document.url.clone();
            let mut older = match self.take_in(source, document, first.guids_untrusted, now).await {
                Some(Ok(older)) => older,
                Some(Err(ParseError::NoItems { .. })) => {
                    gap.filled = to_the_end;
                    gap.what = "an older page lists nothing".into();
                    break;
                }
                _ => {
                    interrupted = true;
                    gap.what = "an older page could not be read".into();
                    break;
                }
            };
            older.arrivals.retain(|arrival| !names(arrival).any(|name| seen.contains(&name)));
            if older.arrivals.is_empty() {
                gap.filled = to_the_end;
                gap.what = "the outlet gives the same entries again".into();
                break;
            }
            seen.extend(older.arrivals.iter().flat_map(names));
            gap.filled = !to_the_end && known(&*self.store, &older.arrivals).is_ok_and(|known| known > 0);
            if first.arrivals.len() >= MOST_ARRIVALS {
                // What is kept already need not be held in memory.
                let arrivals = std::mem::take(&mut first.arrivals);
                first.kept += self.keep(source, before, arrivals, now).await?;
            }
            if !gap.filled && gap.pages < reach.most() {
                page = next_page(&older, &address, gap.pages + 2, reach);
                gap.filled = to_the_end && page.is_none();
            }
            first.entries += older.entries;
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
        Ok((gap, interrupted))
    }
}

fn with_guess(source: &Source, guessed: Option<&String>) -> Source {
    let item = source.selectors.item.clone().or_else(|| guessed.cloned());
    Source { selectors: Selectors { item, ..source.selectors.clone() }, ..source.clone() }
}

/// The feed's own word first (RFC 5005), then WordPress' way: `?paged=2`.
fn next_page(intake: &Intake, document: &Url, number: u32, reach: Reach) -> Option<Page> {
    if intake.kind == "wordpress" {
        let more = match reach {
            Reach::End { pages: Some(pages), .. } => number <= pages,
            _ => intake.entries >= FULL_PAGE,
        };
        return more.then(|| Page { url: numbered(document, "page", number), numbered: true });
    }
    let named = intake.older.as_deref().and_then(|older| document.join(older).ok());
    if let Some(url) = named.filter(|url| matches!(url.scheme(), "http" | "https") && url != document) {
        return Some(Page { url, numbered: false });
    }
    intake.by_wordpress.then(|| Page { url: numbered(document, "paged", number), numbered: true })
}

fn numbered(document: &Url, parameter: &str, number: u32) -> Url {
    let mut url = document.clone();
    let others: Vec<(String, String)> =
        document.query_pairs().filter(|(name, _)| name != parameter).map(|(a, b)| (a.into(), b.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(parameter, &number.to_string());
    url
}

/// The names by which the same entry is told on two pages: a title may stand twice on one day.
pub fn names(arrival: &Arrival) -> impl Iterator<Item = Alias> + '_ {
    arrival.aliases.iter().filter(|(kind, _)| *kind != AliasKind::TitleAndDate).map(|(_, alias)| *alias)
}
