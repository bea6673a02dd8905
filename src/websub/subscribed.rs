use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Instant, Watch};
use crate::websub::Mode;

/// The lease that we ask for; the hub decides.
pub const LEASE: Duration = Duration::from_secs(10 * 86_400);
/// After its trust is lost, or it refused, a hub is left alone so long.
const REST: TimeDelta = TimeDelta::days(7);
/// Requests without success, one after the other, after which a hub is left alone.
const MOST_REQUESTS: u32 = 6;
/// Where a hub grants a lease without telling how long.
const UNTOLD_LEASE: u64 = 86_400;

/// What a source's answer says of its hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Where to subscribe.
    pub hub: Url,
    /// The address to subscribe to.
    pub topic: Url,
}

/// What we want of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// To be told.
    #[default]
    Subscribe,
    /// Not to be told any more.
    Unsubscribe,
}

/// Our subscription at a source's hub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscribed {
    /// The source's URL in feeds.toml: under another one this is another feed's.
    pub source_url: String,
    /// The hub.
    pub hub: String,
    /// What is subscribed to.
    pub topic: String,
    /// Where the hub tells us; its last part is `token`.
    pub callback: String,
    /// Nobody but the hub can know the callback.
    pub token: String,
    /// With which the hub signs.
    pub secret: String,
    /// What we want.
    pub wish: Wish,
    /// Requests for that which came to nothing, one after the other.
    pub failures: u32,
    /// The hub is not asked before this.
    pub not_before: Option<Instant>,
    /// Since when the hub tells us.
    pub since: Option<Instant>,
    /// The lease ends then; `None` where there is none.
    pub until: Option<Instant>,
    /// It is renewed then: at two thirds.
    pub renew_at: Option<Instant>,
    /// Whether the source is polled daily only: from the first pull after the subscription began, so that nothing falls in between.
    pub trusted: bool,
    /// An ended subscription is not begun anew before this.
    pub rest_until: Option<Instant>,
}

/// What is to be done about a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask the hub for it.
    Ask(Mode),
    /// Poll the source daily from now on.
    Trust,
    /// Poll it as the schedule says again: the lease is over.
    Lapse,
    /// The same, because two pulls found what no push had brought (POLLING 20); and end the subscription.
    LoseTrust,
    /// End the subscription: nobody wants it any more.
    End,
    /// Forget it.
    Forget,
}

/// How a hub's question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, the subscription is begun or renewed.
    Begun,
    /// Yes, it is ended.
    Ended,
    /// The hub will not; it needs no answer.
    Denied,
}

impl Subscribed {
    /// What is to be done now. `watch` is what is remembered of the source, `wanted` whether it is to be subscribed to at all: it is
    /// polled, announces this hub, and the hub can reach us.
    pub fn next_step(&self, watch: &Watch, wanted: bool, now: Instant) -> Option<Step> {
        let may_ask = self.not_before.is_none_or(|at| at <= now);
        let leased = self.until.is_some_and(|until| until > now);
        if !leased && (self.until.is_some() || watch.push.is_some()) {
            return Some(Step::Lapse);
        }
        match self.wish {
            Wish::Subscribe if !wanted => Some(Step::End),
            Wish::Subscribe if leased && self.trusted && watch.push.is_none() => Some(Step::LoseTrust),
            Wish::Subscribe if leased && !self.trusted && watch.last_success > self.since => Some(Step::Trust),
            Wish::Subscribe if may_ask && (!leased || self.renew_at.is_none_or(|at| at <= now)) => {
                Some(Step::Ask(Mode::Subscribe))
            }
            Wish::Subscribe => None,
            Wish::Unsubscribe if leased && self.failures < 3 => may_ask.then_some(Step::Ask(Mode::Unsubscribe)),
            Wish::Unsubscribe => self.rest_until.is_none_or(|until| until <= now).then_some(Step::Forget),
        }
    }

    /// The hub was asked. Until it has asked back this counts as failed, for hubs forget; each further request waits longer.
    pub fn asked(&mut self, now: Instant) {
        let hours = 1_i64 << self.failures.min(5);
        self.failures = self.failures.saturating_add(1);
        self.not_before = Some(now + TimeDelta::hours(hours.min(24)));
        if self.wish == Wish::Subscribe && self.failures > MOST_REQUESTS && self.until.is_none() {
            self.end(Some(now + REST));
        }
    }

    /// Wants it no more; at the earliest again at `rest_until`.
    pub fn end(&mut self, rest_until: Option<Instant>) {
        self.wish = Wish::Unsubscribe;
        (self.failures, self.not_before, self.trusted, self.rest_until) = (0, None, false, rest_until);
    }

    /// Wants it no more, because the hub cannot be trusted.
    pub fn lose_trust(&mut self, now: Instant) {
        self.end(Some(now + REST));
    }

    /// The lease is over.
    pub fn lapse(&mut self) {
        (self.since, self.until, self.renew_at, self.trusted) = (None, None, None, false);
    }

    /// Answers the hub's question (section 5.3); `None` is 404: that is not what we asked for.
    pub fn verify(&mut self, mode: &str, topic: &str, lease: Option<u64>, now: Instant) -> Option<Verdict> {
        if topic != self.topic {
            return None;
        }
        match (mode, self.wish) {
            ("subscribe", Wish::Subscribe) => {
                let seconds = lease.unwrap_or(UNTOLD_LEASE).clamp(60, 365 * 86_400);
                let lease = TimeDelta::seconds(i64::try_from(seconds).unwrap_or(86_400));
                if self.until.is_none_or(|until| until <= now) {
                    (self.since, self.trusted) = (Some(now), false);
                }
                (self.until, self.renew_at) = (Some(now + lease), Some(now + lease * 2 / 3));
                (self.failures, self.not_before) = (0, None);
                Some(Verdict::Begun)
            }
            ("unsubscribe", Wish::Unsubscribe) => {
                self.lapse();
                Some(Verdict::Ended)
            }
            ("denied", _) => {
                self.lapse();
                self.end(Some(now + REST));
                Some(Verdict::Denied)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Push;

    const BEGIN: Instant = Instant::UNIX_EPOCH;

    fn hours(hours: i64) -> Instant {
        BEGIN + TimeDelta::hours(hours)
    }

    fn new() -> Subscribed {
        Subscribed {
            source_url: "https://a.example/feed".into(),
            hub: "https://hub.example/".into(),
            topic: "https://a.example/feed".into(),
            callback: "https://k.example/push/a/t".into(),
            token: "t".into(),
            secret: "s".into(),
            ..Subscribed::default()
        }
    }

    fn pulled(at: Instant, pushed: bool) -> Watch {
        Watch { last_success: Some(at), push: pushed.then(Push::default), ..Watch::default() }
    }

    fn verify(one: &mut Subscribed, mode: &str, lease: u64, now: Instant) -> Option<Verdict> {
        let topic = one.topic.clone();
        one.verify(mode, &topic, Some(lease), now)
    }

    #[test]
    fn it_is_asked_for_verified_trusted_and_renewed() {
        let mut one = new();
        let ask = Some(Step::Ask(Mode::Subscribe));
        let before = pulled(BEGIN, false);
        assert_eq!(one.next_step(&before, true, BEGIN), ask);
        one.asked(BEGIN);
        assert_eq!(one.next_step(&before, true, BEGIN), None, "the hub has time to ask back");
        assert_eq!(one.verify("subscribe", "https://other.example/", None, hours(1)), None);
        assert_eq!(verify(&mut one, "unsubscribe", 0, hours(1)), None, "that is not what was asked for");
        assert_eq!(verify(&mut one, "subscribe", 9 * 3_600, hours(1)), Some(Verdict::Begun));
        assert_eq!(one.next_step(&before, true, hours(2)), None, "trusted after the next pull only");
        assert_eq!(one.next_step(&pulled(hours(2), false), true, hours(2)), Some(Step::Trust));
        one.trusted = true;
        let trusted = pulled(hours(2), true);
        assert_eq!(one.next_step(&trusted, true, hours(6)), None);
        assert_eq!(one.next_step(&trusted, true, hours(7)), ask, "at two thirds of the lease");
        one.asked(hours(7));
        assert_eq!(verify(&mut one, "subscribe", 9 * 3_600, hours(7)), Some(Verdict::Begun));
        assert_eq!((one.until, one.trusted, one.since), (Some(hours(16)), true, Some(hours(1))));
        assert_eq!(one.next_step(&trusted, true, hours(16)), Some(Step::Lapse));
    }

    #[test]
    fn a_hub_that_lost_trust_is_left_alone_for_a_week() {
        let mut one = new();
        verify(&mut one, "subscribe", 864_000, BEGIN);
        one.trusted = true;
        let distrusted = pulled(hours(1), false);
        assert_eq!(one.next_step(&distrusted, true, hours(1)), Some(Step::LoseTrust));
        one.lose_trust(hours(1));
        assert_eq!(one.next_step(&distrusted, true, hours(1)), Some(Step::Ask(Mode::Unsubscribe)));
        one.asked(hours(1));
        assert_eq!(verify(&mut one, "unsubscribe", 0, hours(1)), Some(Verdict::Ended));
        assert_eq!(one.next_step(&distrusted, true, hours(7 * 24)), None);
        assert_eq!(one.next_step(&distrusted, true, hours(7 * 24 + 1)), Some(Step::Forget));
    }

    #[test]
    fn a_hub_that_never_asks_back_or_denies_is_left_alone() {
        let (mut one, mut now, watch) = (new(), BEGIN, pulled(BEGIN, false));
        let mut requests = 0;
        while one.wish == Wish::Subscribe {
            if one.next_step(&watch, true, now).is_some() {
                requests += 1;
                one.asked(now);
            }
            now += TimeDelta::hours(1);
        }
        assert_eq!(requests, MOST_REQUESTS + 1);
        assert_eq!(one.next_step(&watch, true, now), None);
        let mut one = new();
        assert_eq!(verify(&mut one, "denied", 0, BEGIN), Some(Verdict::Denied));
        assert_eq!(one.next_step(&watch, true, hours(1)), None);
    }

    #[test]
    fn what_nobody_wants_any_more_is_ended() {
        let mut one = new();
        verify(&mut one, "subscribe", 864_000, BEGIN);
        assert_eq!(one.next_step(&pulled(BEGIN, false), false, hours(1)), Some(Step::End));
        one.end(None);
        for hour in [1, 3, 6] {
            assert_eq!(one.next_step(&pulled(BEGIN, false), false, hours(hour)), Some(Step::Ask(Mode::Unsubscribe)));
            one.asked(hours(hour));
        }
        assert_eq!(one.next_step(&pulled(BEGIN, false), false, hours(20)), Some(Step::Forget), "it cannot be told");
    }
}
