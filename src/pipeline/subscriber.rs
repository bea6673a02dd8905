use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use url::{Url, form_urlencoded};

use crate::deliver::token;
use crate::domain::{Instant, Push, Slug, Source, Watch};
use crate::fetch::{Call, Document, Headers};
use crate::pipeline::{Counts, Poller, Pushed, WriteError};
use crate::store::Subscriptions;
use crate::websub::{Announced, LEASE, Mode, Step, Subscribed, Verdict, Wish, equal, is_signed};

/// A hub has so long to answer, and may itself ask back before it does.
const LIMIT: Duration = Duration::from_secs(30);

/// A source that announces another hub or address at every poll must not make us subscribe at every poll.
const REST_AFTER_CHANGE: TimeDelta = TimeDelta::days(1);

/// Keeps us subscribed at the hubs that sources announce, and takes in what those push.
pub struct Subscriber {
    /// Given back when the daemon stops: the writer ends when nobody can write any more.
    poller: Mutex<Option<Poller>>,
    kept: Mutex<HashMap<Slug, Subscribed>>,
    /// One changes after the other, or an older state could be what stays.
    keeping: tokio::sync::Mutex<()>,
    /// Told when there may be something to do.
    pub stirred: Notify,
    /// Told when sources are to be polled at other times than planned.
    pub replanned: Notify,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushing {
    /// It was taken in.
    Taken(Counts),
    /// It is not signed as it must be; it is ignored.
    Unsigned,
    /// It is no feed; the next poll will tell.
    Unreadable(String),
}

impl Subscriber {
    /// With the subscriptions that the store remembers.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(poller: Poller) -> Result<Arc<Subscriber>, WriteError> {
        let kept = poller.store.subscribed().map_err(|error| WriteError::Store(Arc::new(error)))?;
        Ok(Arc::new(Subscriber {
            poller: Mutex::new(Some(poller)),
            kept: Mutex::new(kept.into_iter().collect()),
            keeping: tokio::sync::Mutex::default(),
            stirred: Notify::new(),
            replanned: Notify::new(),
        }))
    }

    /// Takes no more pushes and does nothing more.
    pub fn close(&self) {
        self.poller.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Our subscription at a source's hub, if there is one.
    pub fn subscribed(&self, source: &Slug) -> Option<Subscribed> {
        self.kept().get(source).cloned()
    }

    /// Notes which hub a source's answer announces. A source that announces none any more is left to the safety polls.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn announced(&self, source: &Slug, announced: &Announced) -> Result<(), WriteError> {
        let Some(poller) = self.poller() else { return Ok(()) };
        let settings = Arc::clone(&poller.settings.borrow());
        let site = &settings.catalogue.site.url;
        let Some(source) = settings.catalogue.source(source).filter(|source| source.enabled) else { return Ok(()) };
        match self.subscribed(&source.id) {
            None if poller.fetcher.is_public(site) => {
                let Some(fresh) = subscription(source, announced, site) else { return Ok(()) };
                tracing::info!(source = %source.id, hub = fresh.hub, "{} announces a hub: kliping subscribes", source.id);
                self.change(&poller, &source.id, |kept| *kept = Some(fresh)).await?;
            }
            Some(one) if one.wish == Wish::Subscribe && !is_that(&one, announced) => {
                tracing::info!(source = %source.id, hub = %announced.hub, "{} announces another hub or address", source.id);
                let rest = (poller.clock)() + REST_AFTER_CHANGE;
                self.with(&poller, &source.id, |one| one.end(Some(rest))).await?;
                self.trust(&poller, &source.id, None).await?;
            }
            _ => return Ok(()),
        }
        self.stirred.notify_one();
        Ok(())
    }

    /// Does what is to be done now about every subscription.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn look(self: &Arc<Self>) -> Result<(), WriteError> {
        let Some(poller) = self.poller() else { return Ok(()) };
        let (settings, now) = (Arc::clone(&poller.settings.borrow()), (poller.clock)());
        let all: Vec<(Slug, Subscribed)> = self.kept().iter().map(|(id, one)| (id.clone(), one.clone())).collect();
        let mut steps = JoinSet::new();
        for (id, one) in &all {
            let source = settings.catalogue.source(id).filter(|source| source.enabled);
            let watch = watch(&poller, id)?;
            let watch = source.map_or_else(Watch::default, |source| watch.under(source));
            let wanted = source.is_some_and(|source| {
                let site = &settings.catalogue.site.url;
                one.source_url == source.url.as_str()
                    && poller.fetcher.is_public(site)
                    && callback(site, id, &one.token).is_some_and(|url| url.as_str() == one.callback)
            });
            if let Some(step) = one.next_step(&watch, wanted, now) {
                let (subscriber, poller, id) = (Arc::clone(self), poller.clone(), id.clone());
                steps.spawn(async move { subscriber.take(&poller, &id, step, now).await });
            }
        }
        while let Some(ended) = steps.join_next().await {
            // A step that panicked is tried again; the others go on.
            ended.unwrap_or(Ok(()))?;
        }
        // A source that counts as pushed without a subscription would be polled daily for nothing.
        let subscribed: HashSet<&Slug> = all.iter().map(|(id, _)| id).collect();
        for source in settings.catalogue.sources.iter().filter(|source| !subscribed.contains(&source.id)) {
            if self.subscribed(&source.id).is_none() && watch(&poller, &source.id)?.push.is_some() {
                self.trust(&poller, &source.id, None).await?;
            }
        }
        Ok(())
    }

    /// Answers a hub's question: the challenge to repeat, or `None` where that is not what we asked for (404).
    ///
    /// # Errors
    /// Only the store's.
    pub async fn question(&self, source: &Slug, token: &str, query: &str) -> Result<Option<String>, WriteError> {
        let Some(poller) = self.poller() else { return Ok(None) };
        if self.subscribed(source).is_none_or(|one| !equal(&one.token, token)) {
            return Ok(None);
        }
        let parameters: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let parameter = |name: &str| parameters.get(name).map(|value| &**value);
        let (mode, topic) = (parameter("hub.mode").unwrap_or(""), parameter("hub.topic").unwrap_or(""));
        let lease = parameter("hub.lease_seconds").and_then(|lease| lease.parse().ok());
        let challenge = parameter("hub.challenge").unwrap_or("").to_owned();
        let (mut verdict, now) = (None, (poller.clock)());
        self.with(&poller, source, |one| verdict = one.verify(mode, topic, lease, now)).await?;
        let (what, answer) = match verdict {
            None => return Ok(None),
            Some(Verdict::Begun) => ("tells us what is new from now on", challenge),
            Some(Verdict::Ended) => ("has ended the subscription", challenge),
            Some(Verdict::Denied) => ("will not tell us what is new", String::new()),
        };
        tracing::info!(%source, lease_s = lease, "the hub of {source} {what}");
        self.stirred.notify_one();
        Ok(Some(answer))
    }

    /// Whether a push may come there: `None` where nothing is (404), `Some(false)` where it is not wanted any more (410).
    pub fn awaits(&self, source: &Slug, token: &str) -> Option<bool> {
        let one = self.subscribed(source).filter(|one| equal(&one.token, token))?;
        Some(one.wish == Wish::Subscribe && one.until.is_some())
    }

    /// Takes in what a hub pushed, the same way as a poll's document; durable when it returns. Validators and waits stay as they are.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn push(
        &self,
        source: &Slug,
        signature: Option<&str>,
        content_type: Option<&str>,
        bytes: Vec<u8>,
    ) -> Result<Pushing, WriteError> {
        let poller = self.poller().ok_or(WriteError::Ended)?;
        let settings = Arc::clone(&poller.settings.borrow());
        let signed = self.subscribed(source).is_some_and(|one| is_signed(signature.unwrap_or(""), &one.secret, &bytes));
        if !signed {
            tracing::info!(%source, "a push for {source} was not signed as agreed; it is ignored");
            return Ok(Pushing::Unsigned);
        }
        let Some(source) = settings.catalogue.source(source) else {
            return Ok(Pushing::Unreadable("its source is configured no more".into()));
        };
        let (before, now) = (watch(&poller, &source.id)?.under(source), (poller.clock)());
        let size = bytes.len();
        let document = Document {
            bytes,
            url: before.address(&source.url),
            hops: Vec::new(),
            content_type: content_type.map(str::to_owned),
            headers: Headers::default(),
            truncated: false,
        };
        let intake = match poller.take_in(source, document, before.guids_untrusted, now).await {
            Some(Ok(intake)) => intake,
            Some(Err(error)) => {
                tracing::warn!(source = %source.id, "what the hub of {} pushed could not be read: {error}", source.id);
                return Ok(Pushing::Unreadable(error.to_string()));
            }
            None => return Ok(Pushing::Unreadable("kliping stumbled over it".into())),
        };
        let guids_untrusted = intake.guids_untrusted;
        let pushed = Pushed { source: source.id.clone(), arrivals: intake.arrivals, guids_untrusted, now };
        let counts = poller.writer.push(pushed).await?;
        let (new, edited, carried) = (counts.new, counts.edited, counts.carried);
        tracing::info!(source = %source.id, new, edited, carried, bytes = size, "the hub of {} pushed", source.id);
        Ok(Pushing::Taken(counts))
    }

    async fn take(&self, poller: &Poller, id: &Slug, step: Step, now: Instant) -> Result<(), WriteError> {
        match step {
            Step::Ask(mode) => {
                // Before the request, for the hub may ask back at once.
                self.with(poller, id, |one| one.asked(now)).await?;
                if let Some(one) = self.subscribed(id) {
                    ask(poller, id, &one, mode).await;
                }
            }
            Step::Trust => {
                tracing::info!(source = %id, "{id} is polled daily from now on: its hub tells what is new");
                self.trust(poller, id, Some(Push::default())).await?;
                self.with(poller, id, |one| one.trusted = true).await?;
            }
            Step::Lapse => {
                tracing::info!(source = %id, "the subscription at the hub of {id} is over: it is polled as the schedule says");
                self.trust(poller, id, None).await?;
                self.with(poller, id, Subscribed::lapse).await?;
            }
            Step::LoseTrust => {
                tracing::warn!(source = %id, "two polls of {id} found what its hub did not tell: it is left alone for a week");
                self.with(poller, id, |one| one.lose_trust(now)).await?;
            }
            Step::End => {
                self.trust(poller, id, None).await?;
                self.with(poller, id, |one| one.end(None)).await?;
            }
            Step::Forget => {
                self.trust(poller, id, None).await?;
                self.change(poller, id, |kept| *kept = None).await?;
            }
        }
        if !matches!(step, Step::Ask(_)) {
            self.stirred.notify_one();
        }
        Ok(())
    }

    /// How the schedule is to look at a source from now on.
    async fn trust(&self, poller: &Poller, id: &Slug, push: Option<Push>) -> Result<(), WriteError> {
        if watch(poller, id)?.push.is_some() != push.is_some() {
            poller.writer.amend(id.clone(), Box::new(move |watch| Watch { push, ..watch })).await?;
            self.replanned.notify_one();
        }
        Ok(())
    }

    async fn with(&self, poller: &Poller, id: &Slug, change: impl FnOnce(&mut Subscribed)) -> Result<(), WriteError> {
        self.change(poller, id, |kept| {
            if let Some(one) = kept {
                change(one);
            }
        })
        .await
    }

    /// Changes a subscription and makes that durable.
    async fn change(
        &self,
        poller: &Poller,
        id: &Slug,
        change: impl FnOnce(&mut Option<Subscribed>),
    ) -> Result<(), WriteError> {
        let _keeping = self.keeping.lock().await;
        let (before, after) = {
            let mut kept = self.kept();
            let before = kept.get(id).cloned();
            let mut after = before.clone();
            change(&mut after);
            match &after {
                Some(one) => kept.insert(id.clone(), one.clone()),
                None => kept.remove(id),
            };
            (before, after)
        };
        if before == after {
            return Ok(());
        }
        let changes = Subscriptions { at_others: vec![(id.clone(), after)], ..Subscriptions::default() };
        let store = Arc::clone(&poller.store);
        let kept = tokio::task::spawn_blocking(move || store.keep_subscriptions(&changes)).await;
        kept.map_err(|_| WriteError::Ended)?.map_err(|error| WriteError::Store(Arc::new(error)))
    }

    fn poller(&self) -> Option<Poller> {
        self.poller.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Slug, Subscribed>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watch(poller: &Poller, id: &Slug) -> Result<Watch, WriteError> {
    Ok(poller.store.watch(id).map_err(|error| WriteError::Store(Arc::new(error)))?.unwrap_or_default())
}

/// Where a source's hub is to tell us.
fn callback(site: &Url, id: &Slug, token: &str) -> Option<Url> {
    site.join(&format!("push/{id}/{token}")).ok()
}

fn subscription(source: &Source, announced: &Announced, site: &Url) -> Option<Subscribed> {
    let chance = token();
    Some(Subscribed {
        source_url: source.url.to_string(),
        hub: announced.hub.to_string(),
        topic: announced.topic.to_string(),
        callback: callback(site, &source.id, &chance)?.into(),
        token: chance,
        secret: token(),
        ..Subscribed::default()
    })
}

fn is_that(one: &Subscribed, announced: &Announced) -> bool {
    one.hub == announced.hub.as_str() && one.topic == announced.topic.as_str()
}

/// Asks a hub (section 5.1), in its host's turn and only at a public address: it is an outlet that names it.
async fn ask(poller: &Poller, id: &Slug, one: &Subscribed, mode: Mode) {
    let Ok(mut url) = Url::parse(&one.hub) else { return };
    let body = form(one, mode).into_bytes();
    // One redirect is followed (section 5.1 knows 307 and 308); a hub that needs more is none.
    for _ in 0..2 {
        let turn = poller.fetcher.turn(&url).await;
        let body = Some(("application/x-www-form-urlencoded".to_owned(), body.clone()));
        let call = Call { url: url.clone(), body, headers: Vec::new(), allow_private: false, limit: LIMIT };
        let reply = poller.fetcher.call(&call).await;
        drop(turn);
        match reply {
            Ok(reply) if reply.is_success() => return,
            Ok(reply) if matches!(reply.status, 307 | 308) && reply.location.is_some() => {
                url = reply.location.unwrap_or(url);
            }
            Ok(reply) => {
                let status = reply.status;
                tracing::info!(source = %id, hub = one.hub, status, "the hub of {id} refused to {}", mode.name());
                return;
            }
            Err(error) => {
                tracing::info!(source = %id, hub = one.hub, "the hub of {id} could not be asked to {}: {error}", mode.name());
                return;
            }
        }
    }
}

fn form(one: &Subscribed, mode: Mode) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", mode.name()).append_pair("hub.topic", &one.topic);
    form.append_pair("hub.callback", &one.callback);
    if mode == Mode::Subscribe {
        form.append_pair("hub.secret", &one.secret);
        form.append_pair("hub.lease_seconds", &LEASE.as_secs().to_string());
    }
    form.finish()
}
