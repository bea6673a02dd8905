use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use url::Url;

use crate::deliver::token;
use crate::domain::Instant;
use crate::fetch::{Call, Fetcher};
use crate::store::{Store, StoreError, Subscriptions};
use crate::websub::{Ask, Key, Mode, Refusal, Subscription, sign, verification};

/// Subscriptions in all.
const MOST: usize = 5_000;
/// Subscriptions of one callback's host.
const MOST_OF_A_HOST: usize = 200;
/// Feeds that are subscribed to: each is made anew after every change.
const MOST_TOPICS: usize = 300;
/// Those among them that look for words, which have no index.
const MOST_SEARCHES: usize = 20;
/// Verifications under way.
const MOST_PENDING: usize = 100;
/// Verifications begun in a minute, of one host and in all: nobody can use us to bombard another.
const MOST_IN_A_MINUTE: (usize, usize) = (30, 120);
/// Deliveries under way, to one host and in all.
const MOST_DELIVERIES: (usize, usize) = (2, 16);
/// Deliveries under way to hosts that were slow the last time, together: they delay nobody but each other.
const MOST_SLOW_DELIVERIES: usize = 4;
/// A host that took longer is slow.
const SLOW: Duration = Duration::from_secs(2);
/// A subscriber has so long to say what it thinks of a challenge or a delivery.
const LIMIT: Duration = Duration::from_secs(10);

/// Our own hub: keeps who wants to be told of which feed, and tells them.
pub struct Hub {
    fetcher: Fetcher,
    store: Arc<dyn Store>,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    state: Mutex<State>,
    /// One writes after the other, or an older state could be what stays.
    keeping: tokio::sync::Mutex<()>,
    /// Told when there may be something to deliver or to keep.
    pub stirred: Notify,
}

#[derive(Default)]
struct State {
    subscriptions: HashMap<Key, Subscription>,
    /// Deliveries, and to which host.
    under_way: HashMap<Key, String>,
    slow: HashSet<String>,
    pending: usize,
    /// Verifications of the last minute: when, and at which host.
    recent: VecDeque<(Instant, String)>,
    /// What changed since it was last kept.
    unkept: HashSet<Key>,
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
        let kept = store.subscriptions()?.into_iter();
        let subscriptions = kept.map(|one| (Subscription::key(&one.callback, &one.topic), one)).collect();
        let state = Mutex::new(State { subscriptions, ..State::default() });
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
            return Err(Refusal::Wrong { name: "hub.callback", why: "is at a private address" });
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

    /// Begins to deliver a content to all who are owed it, as far as there is room; who is left is owed it still.
    pub fn deliver(self: &Arc<Self>, topic: &str, content: Content<'_>, allow_private: bool) {
        for (key, one) in self.state().begin(topic, content.etag, (self.clock)()) {
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
        let url = verification(ask, topic, &challenge);
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a request is taken; if so, its verification counts as begun.
    fn admit(&mut self, ask: &Ask, topic: &Url, now: Instant) -> Result<(), Refusal> {
        while self.recent.front().is_some_and(|(at, _)| now - *at >= TimeDelta::minutes(1)) {
            self.recent.pop_front();
        }
        let host = ask.callback.host_str().unwrap_or_default();
        let of_host = self.recent.iter().filter(|(_, own)| own == host).count();
        let (of_one, of_all) = MOST_IN_A_MINUTE;
        if self.pending >= MOST_PENDING || of_host >= of_one || self.recent.len() >= of_all {
            return Err(Refusal::TooMany);
        }
        let known = self.subscriptions.contains_key(&Subscription::key(ask.callback.as_str(), topic.as_str()));
        match ask.mode {
            Mode::Unsubscribe if !known => return Err(Refusal::Unknown),
            Mode::Subscribe if !known => self.has_room(host, topic)?,
            _ => {}
        }
        self.recent.push_back((now, host.to_owned()));
        self.pending += 1;
        Ok(())
    }

    fn has_room(&self, host: &str, topic: &Url) -> Result<(), Refusal> {
        let all = self.subscriptions.values();
        let topics: HashSet<&str> = all.clone().map(|one| one.topic.as_str()).collect();
        let of_host = all.filter(|one| host_of(&one.callback) == host).count();
        if self.subscriptions.len() + self.pending >= MOST {
            return Err(Refusal::Full(""));
        }
        if of_host >= MOST_OF_A_HOST {
            return Err(Refusal::Full(" of that host"));
        }
        let searches = topics.iter().filter(|topic| is_search(topic)).count();
        let is_full = topics.len() >= MOST_TOPICS || (searches >= MOST_SEARCHES && is_search(topic.as_str()));
        if is_full && !topics.contains(topic.as_str()) {
            return Err(Refusal::Full(" to other feeds"));
        }
        Ok(())
    }

    fn owed<'a>(
        &'a self,
        topic: &'a str,
        etag: &'a str,
        now: Instant,
    ) -> impl Iterator<Item = (&'a Key, &'a Subscription)> {
        let is_owed = move |(key, one): &(&Key, &Subscription)| {
            one.topic == topic && one.is_owed(etag, now) && !self.under_way.contains_key(*key)
        };
        self.subscriptions.iter().filter(is_owed)
    }

    /// Those owed for whom there is room, noted as under way.
    fn begin(&mut self, topic: &str, etag: &str, now: Instant) -> Vec<(Key, Subscription)> {
        let (of_one, of_all) = MOST_DELIVERIES;
        let mut busy: HashMap<String, usize> = HashMap::new();
        for host in self.under_way.values() {
            *busy.entry(host.clone()).or_default() += 1;
        }
        let mut room = of_all.saturating_sub(self.under_way.len());
        let slow = self.under_way.values().filter(|host| self.slow.contains(*host)).count();
        let mut room_for_slow = MOST_SLOW_DELIVERIES.saturating_sub(slow);
        let mut begun = Vec::new();
        for (key, one) in self.owed(topic, etag, now) {
            if room == 0 {
                break;
            }
            let host = host_of(&one.callback);
            let (there, is_slow) = (busy.entry(host.clone()).or_default(), self.slow.contains(&host));
            if *there >= of_one || (is_slow && room_for_slow == 0) {
                continue;
            }
            (*there, room, room_for_slow) = (*there + 1, room - 1, room_for_slow - usize::from(is_slow));
            begun.push((*key, one.clone(), host));
        }
        self.under_way.extend(begun.iter().map(|(key, _, host)| (*key, host.clone())));
        begun.into_iter().map(|(key, one, _)| (key, one)).collect()
    }

    /// What is to be kept: what changed, and that leases are over.
    fn changes(&mut self, now: Instant) -> Subscriptions {
        let over: Vec<Key> =
            self.subscriptions.iter().filter(|(_, one)| one.until <= now).map(|(key, _)| *key).collect();
        if !over.is_empty() {
            self.slow.clear();
        }
        for key in over {
            self.subscriptions.remove(&key);
            self.unkept.insert(key);
        }
        let one = |key: Key| (key, self.subscriptions.get(&key).cloned());
        Subscriptions { at_our_hub: self.unkept.drain().map(one).collect(), ..Subscriptions::default() }
    }
}

/// Whether a feed is narrowed by words.
fn is_search(topic: &str) -> bool {
    Url::parse(topic).is_ok_and(|url| url.query_pairs().any(|(name, _)| name == "q"))
}

fn host_of(callback: &str) -> String {
    Url::parse(callback).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}
