use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use crate::deliver::{Content, Hub, ping};
use crate::fetch::Fetcher;
use crate::pipeline::{Subscriber, WriteError};
use crate::web::{self, App};
use crate::websub;

/// How often it is looked whether feeds have changed. What changes within it is delivered at once.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is looked what is to be done about our subscriptions.
const SUBSCRIBER_LOOK: Duration = Duration::from_secs(30);
/// So long further deliveries are waited for when one has ended.
const GATHER: Duration = Duration::from_millis(50);
/// At the stop deliveries under way have so long to be answered.
const DRAIN: Duration = Duration::from_secs(3);
/// A feed that is searched for is made anew at most so often: what changes anything changes every search.
const SEARCH_GAP: Duration = Duration::from_secs(10);
/// Of each look so much goes into such feeds at most, and into one at least.
const SEARCH_SHARE: Duration = Duration::from_millis(200);
/// Another hub is told of one feed at most so often, and after a failure not sooner either.
const PING_GAP: Duration = Duration::from_secs(60);

/// Delivers what changed to the subscribers of our hub, or tells the outside one, until `stopped`.
pub async fn fan_out(
    app: App,
    hub: Arc<Hub>,
    fetcher: Fetcher,
    clock: crate::pipeline::Clock,
    mut stopped: watch::Receiver<bool>,
) {
    let mut seen = HashMap::new();
    let mut pings = Pings::default();
    loop {
        let settings = Arc::clone(&app.settings.borrow());
        match &settings.websub.hub {
            // Neither many feeds nor a slow hub may hold up the stop.
            websub::Hub::Own => tokio::select! {
                () = deliver(&app, &hub, &mut seen) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            },
            websub::Hub::Outside(outside) => tokio::select! {
                () = pings.tell(&app, &fetcher, outside, (clock)()) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            },
            websub::Hub::Nobody => {}
        }
        if let Err(error) = hub.keep().await {
            tracing::error!("subscriptions could not be kept: {error} (hint: {})", error.hint());
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            // Deliveries that end at once are looked at at once.
            () = async {
                hub.stirred.notified().await;
                tokio::time::sleep(GATHER).await;
            } => {}
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
    }
    hub.drain(DRAIN).await;
    if let Err(error) = hub.keep().await {
        tracing::error!("subscriptions could not be kept: {error} (hint: {})", error.hint());
    }
}

/// What a feed's content was when it was last looked at.
struct Seen {
    stamp: u64,
    etag: String,
    /// When it was last made anew; not yet, where it was only made for those who had just subscribed: they are not to wait for the first
    /// news.
    again: Option<Instant>,
}

/// Looks at every feed that somebody subscribed to. `seen` spares those that cannot have changed.
async fn deliver(app: &App, hub: &Arc<Hub>, seen: &mut HashMap<String, Seen>) {
    let settings = Arc::clone(&app.settings.borrow());
    let names = hub.topics();
    seen.retain(|name, _| names.contains(name));
    // A feed that is configured no more has no news; its subscriptions end with their leases.
    let topic = |name: String| Some((web::topic(&Url::parse(&name).ok()?, &settings)?, name));
    let mut topics: Vec<_> = names.into_iter().filter_map(topic).collect();
    // What takes long comes last, and of that what has waited longest first.
    topics.sort_by_cached_key(|(topic, name)| (topic.is_search(), seen.get(name).and_then(|seen: &Seen| seen.again)));
    let mut searching = Duration::ZERO;
    for (topic, name) in topics {
        let stamp = topic.stamp(app, &settings);
        let before = seen.get(&name);
        match before.filter(|before| before.stamp == stamp) {
            Some(same) if !hub.is_owed(&name, &same.etag) => continue,
            None if topic.is_search() => {
                let again = before.and_then(|before| before.again);
                if searching >= SEARCH_SHARE || again.is_some_and(|again| again.elapsed() < SEARCH_GAP) {
                    continue;
                }
            }
            _ => {}
        }
        let begun = Instant::now();
        let again = before.map(|_| begun);
        let Some(document) = topic.document(app).await else { continue };
        if topic.is_search() {
            searching += begun.elapsed();
        }
        let etag = document.content_tag();
        if let Some(links) = document.links() {
            let content =
                Content { etag: &etag, media_type: document.media_type, links: &links, bytes: &document.bytes };
            hub.deliver(&name, content, settings.websub.allow_private);
        }
        seen.insert(name, Seen { stamp, etag, again });
    }
}

/// What another hub was told.
#[derive(Default)]
struct Pings {
    /// The stamp of every feed when the hub was last told of it; as it was at the start, it counts as told.
    told: HashMap<Url, u64>,
    begun: bool,
    at: HashMap<Url, crate::domain::Instant>,
}

impl Pings {
    async fn tell(&mut self, app: &App, fetcher: &Fetcher, hub: &Url, now: crate::domain::Instant) {
        let settings = Arc::clone(&app.settings.borrow());
        let feeds = web::feeds(&settings);
        let names: HashSet<&Url> = feeds.iter().map(|feed| &feed.url).collect();
        self.told.retain(|url, _| names.contains(url));
        self.at.retain(|url, _| names.contains(url));
        let (mut done, mut failed) = (0, None);
        for feed in &feeds {
            let stamp = feed.stamp(app, &settings);
            if !self.begun || !self.told.contains_key(&feed.url) {
                self.told.insert(feed.url.clone(), stamp);
            }
            let too_soon = |at: &crate::domain::Instant| (now - *at).to_std().is_ok_and(|passed| passed < PING_GAP);
            if self.told.get(&feed.url) == Some(&stamp) || self.at.get(&feed.url).is_some_and(too_soon) {
                continue;
            }
            self.at.insert(feed.url.clone(), now);
            match ping(fetcher, hub, &feed.url).await {
                Ok(()) => {
                    self.told.insert(feed.url.clone(), stamp);
                    done += 1;
                }
                // One that does not answer is not asked for every feed.
                Err(error) => {
                    let rest = feeds.iter().map(|feed| (feed.url.clone(), now));
                    self.at.extend(rest);
                    failed = Some(error);
                    break;
                }
            }
        }
        self.begun = true;
        if let Some(error) = failed {
            tracing::warn!(%hub, "the hub could not be told of changes: {error}; it is tried again");
        } else if done > 0 {
            tracing::info!(%hub, feeds = done, "the hub was told of changes");
        }
    }
}

/// Keeps us subscribed at the sources' hubs until `stopped`.
///
/// # Errors
/// Only the store's.
pub async fn keep_subscribed(
    subscriber: Arc<Subscriber>,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), WriteError> {
    loop {
        tokio::select! {
            looked = subscriber.look() => looked?,
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
        }
        tokio::select! {
            () = tokio::time::sleep(SUBSCRIBER_LOOK) => {}
            () = subscriber.stirred.notified() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
        }
    }
}
