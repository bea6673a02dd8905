use std::collections::{HashMap, HashSet, VecDeque};

use chrono::TimeDelta;
use url::Url;

use crate::domain::Instant;
use crate::store::Subscriptions;
use crate::websub::{Ask, Key, Mode, Refusal, Subscription};

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

/// Who is subscribed, whom we are asking and telling, and for whom there is room.
#[derive(Default)]
pub struct Subscribers {
    /// By callback and topic.
    pub subscriptions: HashMap<Key, Subscription>,
    /// Deliveries, and to which host.
    pub under_way: HashMap<Key, String>,
    /// Hosts that were slow the last time.
    pub slow: HashSet<String>,
    /// Verifications under way.
    pub pending: usize,
    /// Verifications of the last minute: when, and at which host.
    recent: VecDeque<(Instant, String)>,
    /// What changed since it was last kept.
    pub unkept: HashSet<Key>,
}

impl Subscribers {
    /// Those that were kept.
    pub fn new(kept: Vec<Subscription>) -> Subscribers {
        let kept = kept.into_iter().filter(|one| Url::parse(&one.callback).is_ok());
        let subscriptions = kept.map(|one| (Subscription::key(&one.callback, &one.topic), one)).collect();
        Subscribers { subscriptions, ..Subscribers::default() }
    }

    /// Whether a request is taken; if so, its verification counts as begun.
    pub fn admit(&mut self, ask: &Ask, topic: &Url, now: Instant) -> Result<(), Refusal> {
        // A clock that was set back must not shut the hub.
        let minute = TimeDelta::zero()..TimeDelta::minutes(1);
        self.recent.retain(|(at, _)| minute.contains(&(now - *at)));
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

    /// Who is owed that content of a feed.
    pub fn owed<'a>(
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
    pub fn begin(&mut self, topic: &str, etag: &str, now: Instant) -> Vec<(Key, Subscription)> {
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
    pub fn changes(&mut self, now: Instant) -> Subscriptions {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websub::read_form;

    fn ask(mode: &str, topic: &str, host: &str, path: usize) -> Ask {
        let form = format!("hub.mode={mode}&hub.topic={topic}&hub.callback=http://{host}/{path}");
        read_form(form.as_bytes()).unwrap()
    }

    fn entered(state: &mut Subscribers, topic: &str, host: &str, path: usize) {
        let callback = format!("http://{host}/{path}");
        let key = Subscription::key(&callback, topic);
        let until = Instant::UNIX_EPOCH + TimeDelta::days(1);
        let (topic, has) = (topic.to_owned(), "a".to_owned());
        let one = Subscription { callback, topic, secret: None, until, has, failures: 0, not_before: None };
        state.subscriptions.insert(key, one);
    }

    /// What is said to a new subscriber of that host.
    fn said(state: &mut Subscribers, topic: &str, host: &str) -> String {
        let ask = ask("subscribe", topic, host, 9_999);
        state.recent.clear();
        let told = state.admit(&ask, &ask.topic, Instant::UNIX_EPOCH);
        state.pending = 0;
        told.map_or_else(|refusal| refusal.to_string(), |()| "ok".into())
    }

    #[test]
    fn there_is_room_for_so_many() {
        let full = "this hub has no room for more subscriptions";
        let all = "http://k.example/all.rss";
        let mut state = Subscribers::default();
        for path in 0..MOST_OF_A_HOST {
            entered(&mut state, all, "b.example", path);
        }
        assert_eq!(said(&mut state, all, "b.example"), format!("{full} of that host"));
        assert_eq!(said(&mut state, all, "c.example"), "ok");
        for n in 0..MOST_SEARCHES {
            entered(&mut state, &format!("{all}?q={n}"), "c.example", n);
        }
        assert_eq!(said(&mut state, "http://k.example/all.rss?q=x", "c.example"), format!("{full} to other feeds"));
        assert_eq!(said(&mut state, "http://k.example/all.rss?q=0", "d.example"), "ok", "that one is made anyway");
        for n in state.topic_count()..MOST_TOPICS {
            entered(&mut state, &format!("{all}?topic={n}"), &format!("h{n}.example"), n);
        }
        assert_eq!(said(&mut state, "http://k.example/all.atom", "e.example"), format!("{full} to other feeds"));
        for n in 0..MOST {
            entered(&mut state, all, &format!("g{n}.example"), n);
        }
        assert_eq!(said(&mut state, all, "new.example"), full);
        let known = ask("subscribe", all, "b.example", 0);
        assert_eq!(state.admit(&known, &known.topic, Instant::UNIX_EPOCH), Ok(()), "who is there may renew");
        let unknown = ask("unsubscribe", all, "z.example", 0);
        assert_eq!(state.admit(&unknown, &unknown.topic, Instant::UNIX_EPOCH), Err(Refusal::Unknown));
    }

    #[test]
    fn deliveries_under_way_are_bounded_and_slow_hosts_have_their_own_lane() {
        let (topic, mut state) = ("http://k.example/all.rss", Subscribers::default());
        for host in 0..20 {
            for path in 0..5 {
                entered(&mut state, topic, &format!("h{host}.example"), path);
            }
            if host < 10 {
                state.slow.insert(format!("h{host}.example"));
            }
        }
        let begun = state.begin(topic, "b", Instant::UNIX_EPOCH);
        assert_eq!((begun.len(), state.under_way.len()), (16, 16));
        let slow = state.under_way.values().filter(|host| state.slow.contains(*host)).count();
        assert!(slow <= MOST_SLOW_DELIVERIES, "{slow}");
        assert!(state.under_way.values().all(|host| state.under_way.values().filter(|own| *own == host).count() <= 2));
        assert!(state.begin(topic, "b", Instant::UNIX_EPOCH).is_empty(), "there is no room");
        state.under_way.clear();
        assert!(state.begin(topic, "a", Instant::UNIX_EPOCH).is_empty(), "they have that");
    }

    impl Subscribers {
        fn topic_count(&self) -> usize {
            self.subscriptions.values().map(|one| &one.topic).collect::<HashSet<_>>().len()
        }
    }
}
