use serde::{Deserialize, Serialize};

use crate::store::disk::record::{instant, maybe_instant, millis};
use crate::websub::{Subscribed, Subscription, Wish};

/// The version byte of both.
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct SubscriptionV1 {
    callback: String,
    topic: String,
    secret: Option<String>,
    until: i64,
    has: String,
    failures: u32,
    not_before: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct SubscribedV1 {
    source_url: String,
    hub: String,
    topic: String,
    callback: String,
    token: String,
    secret: String,
    /// Whether it is wanted.
    wanted: bool,
    failures: u32,
    not_before: Option<i64>,
    since: Option<i64>,
    until: Option<i64>,
    renew_at: Option<i64>,
    trusted: bool,
    rest_until: Option<i64>,
}

/// A record of a subscription at our hub.
pub fn encode_subscription(one: &Subscription) -> Vec<u8> {
    let one = one.clone();
    write(&SubscriptionV1 {
        callback: one.callback,
        topic: one.topic,
        secret: one.secret,
        until: millis(one.until),
        has: one.has,
        failures: one.failures,
        not_before: one.not_before.map(millis),
    })
}

/// The subscription of a record; `None` where it makes no sense.
pub fn decode_subscription(bytes: &[u8]) -> Option<Subscription> {
    let one: SubscriptionV1 = read(bytes)?;
    Some(Subscription {
        callback: one.callback,
        topic: one.topic,
        secret: one.secret,
        until: instant(one.until)?,
        has: one.has,
        failures: one.failures,
        not_before: maybe_instant(one.not_before)?,
    })
}

/// A record of one of our subscriptions.
pub fn encode_subscribed(one: &Subscribed) -> Vec<u8> {
    let one = one.clone();
    write(&SubscribedV1 {
        source_url: one.source_url,
        hub: one.hub,
        topic: one.topic,
        callback: one.callback,
        token: one.token,
        secret: one.secret,
        wanted: one.wish == Wish::Subscribe,
        failures: one.failures,
        not_before: one.not_before.map(millis),
        since: one.since.map(millis),
        until: one.until.map(millis),
        renew_at: one.renew_at.map(millis),
        trusted: one.trusted,
        rest_until: one.rest_until.map(millis),
    })
}

/// The subscription of a record; `None` where it makes no sense.
pub fn decode_subscribed(bytes: &[u8]) -> Option<Subscribed> {
    let one: SubscribedV1 = read(bytes)?;
    Some(Subscribed {
        source_url: one.source_url,
        hub: one.hub,
        topic: one.topic,
        callback: one.callback,
        token: one.token,
        secret: one.secret,
        wish: if one.wanted { Wish::Subscribe } else { Wish::Unsubscribe },
        failures: one.failures,
        not_before: maybe_instant(one.not_before)?,
        since: maybe_instant(one.since)?,
        until: maybe_instant(one.until)?,
        renew_at: maybe_instant(one.renew_at)?,
        trusted: one.trusted,
        rest_until: maybe_instant(one.rest_until)?,
    })
}

fn write(record: &impl Serialize) -> Vec<u8> {
    postcard::to_extend(record, vec![VERSION]).expect("plain data of known lengths always has a postcard form")
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    match bytes {
        [VERSION, rest @ ..] => postcard::from_bytes(rest).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_come_back_as_they_were_and_damage_is_none() {
        let at = |seconds: i64| instant(seconds * 1000).unwrap();
        let theirs = Subscription {
            callback: "https://b.example/cb".into(),
            topic: "https://a.example/all.rss".into(),
            secret: Some("rahasia".into()),
            until: at(9),
            has: "\"a\"".into(),
            failures: 2,
            not_before: Some(at(5)),
        };
        assert_eq!(decode_subscription(&encode_subscription(&theirs)), Some(theirs));
        let ours = Subscribed {
            source_url: "https://a.example/feed".into(),
            hub: "https://hub.example/".into(),
            topic: "https://a.example/feed".into(),
            callback: "https://k.example/push/a/t".into(),
            token: "t".into(),
            secret: "s".into(),
            wish: Wish::Unsubscribe,
            failures: 1,
            not_before: Some(at(1)),
            since: Some(at(2)),
            until: Some(at(3)),
            renew_at: Some(at(4)),
            trusted: true,
            rest_until: Some(at(5)),
        };
        assert_eq!(decode_subscribed(&encode_subscribed(&ours)), Some(ours));
        for bytes in [&[][..], &[1], &[2, 0], &[1, 255, 255, 255, 255, 255]] {
            assert!(decode_subscription(bytes).is_none() && decode_subscribed(bytes).is_none(), "{bytes:?}");
        }
    }
}
