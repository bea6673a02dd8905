use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use url::Url;

use crate::deliver::subscribers::Subscribers;
use crate::deliver::token;
use crate::domain::Instant;
use crate::fetch::{Call, Fetcher};
use crate::store::{Store, StoreError, Subscriptions};
use crate::websub::{Ask, Key, Mode, Refusal, Subscription, sign, verification};

/// A host that took longer is slow.
const SLOW: Duration = Duration::from_secs(2);
/// A subscriber has so long to say what it thinks of a challenge or a delivery.
const LIMIT: Duration = Duration::from_secs(10);

/// Our own hub: keeps who wants to be told of which feed, and tells them.
pub struct Hub {
    fetcher: Fetcher,
    store: Arc<dyn Store>,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    state: Mutex<Subscribers>,
    /// One writes after the other, or an older state could be what stays.
    keeping: tokio::sync::Mutex<()>,
    /// Told when there may be something to deliver or to keep.
    pub stirred: Notify,
}

/// A feed's document as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// What tells this content from any other: its ETag.
    pub etag: &'a str,
    /// `Content-Type`.
    pub media_type: &'a str,
    /// `Link`: the hub and the feed itself.
    pub links: &'a str,
    /// The document.
    pub bytes: &'a [u8],
}

impl Hub {
    /// With the subscriptions that the store remembers.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(
        fetcher: Fetcher,
        store: Arc<dyn Store>,
        clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    ) -> Result<Arc<Hub>, StoreError> {
        let state = Mutex::new(Subscribers::new(store.subscriptions()?));
        Ok(Arc::new(Hub {
            fetcher,
            store,
            clock,
            state,
            keeping: tokio::sync::Mutex::default(),
            stirred: Notify::new(),
        }))
    }

    /// Takes a subscriber's request and asks back, in the background, whether it was meant. `topic` is the feed in our own spelling,
    /// `has` its content's ETag: what was published before now need not be delivered.
    ///
    /// # Errors
    /// [`Refusal`], at once.
    pub fn accept(self: &Arc<Self>, ask: Ask, topic: Url, has: String, allow_private: bool) -> Result<(), Refusal> {
        if !allow_private && !self.fetcher.is_public(&ask.callback) {
            return Err(Refusal::Wrong {
                name: "hub.callback",
                why: "is at a private address, which only the operator of this hub can allow: `hub_allow_private`",
            });
        }
        self.state().admit(&ask, &topic, (self.clock)())?;
        let hub = Arc::clone(self);
        tokio::spawn(async move {
            let agreed = hub.verify(&ask, &topic, allow_private).await;
            hub.state().pending -= 1;
            if agreed {
                hub.enter(&ask, &topic, has).await;
            }
        });
        Ok(())
    }

    /// The feeds that somebody wants to be told of.
    pub fn topics(&self) -> HashSet<String> {
        self.state().subscriptions.values().map(|one| one.topic.clone()).collect()
    }

    /// How many subscriptions there are.
    pub fn count(&self) -> usize {
        self.state().subscriptions.len()
    }

    /// Whether somebody is to be sent that content of a feed now.
    pub fn is_owed(&self, topic: &str, etag: &str) -> bool {
        let (state, now) = (self.state(), (self.clock)());
        state.owed(topic, etag, now).next().is_some()
    }

    /// Waits until no delivery is under way, but no longer than that.
    pub async fn drain(&self, patience: Duration) {
        let idle = async {
            while !self.state().under_way.is_empty() {
                self.stirred.notified().await;
            }
        };
        // What is not answered by then is delivered again after the next start.
        let _ = tokio::time::timeout(patience, idle).await;
    }

    /// Begins to deliver a content to all who are owed it, as far as there is room; who is left is owed it still.
    pub fn deliver(self: &Arc<Self>, topic: &str, content: Content<'_>, allow_private: bool) {
        let begun = self.state().begin(topic, content.etag, (self.clock)());
        for (key, one) in begun {
            let mut headers = vec![("link", content.links.to_owned())];
            headers.extend(one.secret.iter().map(|secret| ("x-hub-signature", sign(secret, content.bytes))));
            let Ok(url) = Url::parse(&one.callback) else { continue };
            let body = Some((content.media_type.to_owned(), content.bytes.to_vec()));
            let call = Call { url, body, headers, allow_private, limit: LIMIT };
            let (hub, etag) = (Arc::clone(self), content.etag.to_owned());
            tokio::spawn(async move { hub.send(key, &call, &etag).await });
        }
    }

    /// Drops what has expired and makes durable what changed.
    ///
    /// # Errors
    /// What the store says; it is tried again the next time.
    pub async fn keep(&self) -> Result<(), StoreError> {
        let _keeping = self.keeping.lock().await;
        let changes = self.state().changes((self.clock)());
        if changes.at_our_hub.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = changes.at_our_hub.iter().map(|(key, _)| *key).collect();
        let kept = self.write(changes).await;
        if kept.is_err() {
            self.state().unkept.extend(keys);
        }
        kept
    }

    async fn verify(&self, ask: &Ask, topic: &Url, allow_private: bool) -> bool {
        let challenge = token();
        let url = verification(ask, &challenge);
        let call = Call { url, body: None, headers: Vec::new(), allow_private, limit: LIMIT };
        let why = match self.fetcher.call(&call).await {
            Ok(reply) if !reply.is_success() => format!("it answered with status {}", reply.status),
            Ok(reply) if reply.body == challenge.as_bytes() => return true,
            Ok(_) => "it did not repeat the challenge".to_owned(),
            Err(error) => error.to_string(),
        };
        let host = ask.callback.host_str().unwrap_or_default();
        tracing::info!(%topic, host, mode = ask.mode.name(), "a subscriber did not confirm: {why}");
        false
    }

    /// Enters what a subscriber confirmed.
    async fn enter(&self, ask: &Ask, topic: &Url, has: String) {
        let key = Subscription::key(ask.callback.as_str(), topic.as_str());
        let lease = TimeDelta::from_std(ask.lease).unwrap_or(TimeDelta::days(1));
        let host = ask.callback.host_str().unwrap_or_default();
        {
            let mut state = self.state();
            let before = state.subscriptions.remove(&key);
            if ask.mode == Mode::Subscribe {
                let has = before.map_or(has, |before| before.has);
                let one = Subscription {
                    callback: ask.callback.to_string(),
                    topic: topic.to_string(),
                    secret: ask.secret.clone(),
                    until: (self.clock)() + lease,
                    has,
                    failures: 0,
                    not_before: None,
                };
                state.subscriptions.insert(key, one);
            }
            state.unkept.insert(key);
        }
        tracing::info!(%topic, host, lease_s = ask.lease.as_secs(), "a subscriber confirmed to {}", ask.mode.name());
        if let Err(error) = self.keep().await {
            tracing::error!("a subscription could not be kept: {error} (hint: {})", error.hint());
        }
        self.stirred.notify_one();
    }

    async fn send(&self, key: Key, call: &Call, etag: &str) {
        let begun = tokio::time::Instant::now();
        let reply = self.fetcher.call(call).await;
        let (mut state, now) = (self.state(), (self.clock)());
        state.under_way.remove(&key);
        let host = call.url.host_str().unwrap_or_default();
        if begun.elapsed() > SLOW {
            state.slow.insert(host.to_owned());
        } else {
            state.slow.remove(host);
        }
        if let Some(one) = state.subscriptions.get_mut(&key) {
            match &reply {
                Ok(reply) if reply.is_success() => one.delivered(etag, now),
                // Section 7: a subscriber that is gone says so.
                Ok(reply) if reply.status == 410 => {
                    tracing::info!(topic = one.topic, host, "a subscriber is gone (status 410)");
                    state.subscriptions.remove(&key);
                }
                Ok(reply) => {
                    tracing::info!(topic = one.topic, host, status = reply.status, "a delivery was refused");
                    one.failed(etag, now);
                }
                Err(error) => {
                    tracing::info!(topic = one.topic, host, "a delivery failed: {error}");
                    one.failed(etag, now);
                }
            }
            state.unkept.insert(key);
        }
        drop(state);
        self.stirred.notify_one();
    }

    async fn write(&self, changes: Subscriptions) -> Result<(), StoreError> {
        let store = Arc::clone(&self.store);
        let written = tokio::task::spawn_blocking(move || store.keep_subscriptions(&changes)).await;
        // A store that panicked is known to its writer as well.
        written.unwrap_or(Ok(()))
    }

    fn state(&self) -> MutexGuard<'_, Subscribers> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
