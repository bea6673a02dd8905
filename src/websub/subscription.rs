use chrono::TimeDelta;

use crate::domain::Instant;

/// Tries for one content, the first included; then the next change is waited for.
pub const MOST_BEFORE_GIVING_UP: u32 = 5;
/// Two deliveries to one subscriber are at least so far apart: what changes in between comes with the second.
const GAP: TimeDelta = TimeDelta::seconds(10);

/// The name of a subscription: a hash of callback and topic, which together are one (section 5.1).
pub type Key = [u8; 32];

/// Somebody's subscription at our hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Where changes are sent to.
    pub callback: String,
    /// The feed's address, in our own spelling.
    pub topic: String,
    /// With which deliveries are signed.
    pub secret: Option<String>,
    /// The lease ends then.
    pub until: Instant,
    /// The content that it has, by its ETag: as it was when it subscribed, then as it was delivered.
    pub has: String,
    /// Deliveries that failed one after the other.
    pub failures: u32,
    /// Not before this.
    pub not_before: Option<Instant>,
}

impl Subscription {
    /// What names a subscription.
    pub fn key(callback: &str, topic: &str) -> Key {
        let named = format!("{callback}\n{topic}");
        let digest = ring::digest::digest(&ring::digest::SHA256, named.as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(digest.as_ref());
        key
    }

    /// Whether that content is to be delivered now.
    pub fn is_owed(&self, content: &str, now: Instant) -> bool {
        self.has != content && now < self.until && self.not_before.is_none_or(|at| at <= now)
    }

    /// After a delivery that was taken.
    pub fn delivered(&mut self, content: &str, now: Instant) {
        self.has = content.to_owned();
        self.failures = 0;
        self.not_before = Some(now + GAP);
    }

    /// After one that was not. Each further try waits longer; after the last this content is given up, so that only the next change
    /// is tried, once, and not before long.
    pub fn failed(&mut self, content: &str, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        let minutes = match self.failures {
            1 => 1,
            2 => 5,
            3 => 25,
            _ => 120,
        };
        if self.failures >= MOST_BEFORE_GIVING_UP {
            self.has = content.to_owned();
        }
        self.not_before = Some(now + TimeDelta::minutes(minutes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription() -> Subscription {
        Subscription {
            callback: "https://b.example/".into(),
            topic: "https://a.example/all.rss".into(),
            secret: None,
            until: Instant::UNIX_EPOCH + TimeDelta::days(10),
            has: "a".into(),
            failures: 0,
            not_before: None,
        }
    }

    #[test]
    fn a_content_is_tried_longer_and_longer_apart_and_then_given_up() {
        let (mut one, mut now) = (subscription(), Instant::UNIX_EPOCH);
        let mut waited = Vec::new();
        while one.is_owed("b", now) {
            one.failed("b", now);
            let next = one.not_before.unwrap();
            waited.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(waited, [1, 5, 25, 120, 120]);
        assert!(one.is_owed("c", now), "the next change is tried");
        one.failed("c", now);
        assert!(!one.is_owed("c", now + TimeDelta::days(1)), "once");
        one.delivered("d", now);
        assert_eq!(one.failures, 0);
    }

    #[test]
    fn nothing_is_delivered_twice_too_soon_or_after_the_lease() {
        let (mut one, now) = (subscription(), Instant::UNIX_EPOCH);
        assert!(!one.is_owed("a", now) && one.is_owed("b", now));
        one.delivered("b", now);
        assert!(!one.is_owed("b", now + TimeDelta::hours(1)));
        assert!(!one.is_owed("c", now) && one.is_owed("c", now + GAP));
        assert!(!one.is_owed("c", one.until));
    }

    #[test]
    fn a_key_is_of_callback_and_topic() {
        assert_ne!(Subscription::key("a", "b"), Subscription::key("a", "c"));
        assert_ne!(Subscription::key("a", "b"), Subscription::key("c", "b"));
        assert_eq!(Subscription::key("a", "b"), Subscription::key("a", "b"));
    }
}
