use std::time::Duration;

use url::{Url, form_urlencoded};

/// An address longer than this is none that anybody needs.
pub const LONGEST_ADDRESS: usize = 2_000;
/// A secret must be shorter than this (section 5.1).
const LONGEST_SECRET: usize = 200;
/// The lease of who asks for none.
const USUAL_LEASE: u64 = 10 * 86_400;
/// The bounds of a lease, in seconds.
const LEASES: std::ops::RangeInclusive<u64> = 3_600..=30 * 86_400;

/// Whether to begin or to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To be told.
    Subscribe,
    /// Not to be told any more.
    Unsubscribe,
}

impl Mode {
    /// As it is written in `hub.mode`.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Subscribe => "subscribe",
            Mode::Unsubscribe => "unsubscribe",
        }
    }
}

/// What a subscriber asks of our hub, as far as the form alone tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// To begin or to end.
    pub mode: Mode,
    /// The feed.
    pub topic: Url,
    /// The feed in the subscriber's own spelling, in which it is asked back.
    pub named: String,
    /// Where to.
    pub callback: Url,
    /// With which deliveries are signed.
    pub secret: Option<String>,
    /// How long, within our bounds.
    pub lease: Duration,
}

/// Why a subscriber is refused; said to it as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A parameter is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A parameter makes no sense.
    #[error("`{name}` {why}")]
    Wrong {
        /// Which.
        name: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The topic is no feed of ours.
    #[error("`hub.topic` is no feed of this site")]
    NotOurs,
    /// There is nothing to end.
    #[error("there is no such subscription")]
    Unknown,
    /// More subscriptions than are kept.
    #[error("this hub has no room for more subscriptions{0}")]
    Full(&'static str),
    /// More requests than are verified.
    #[error("too many requests; come back in a minute")]
    TooMany,
}

impl Refusal {
    /// The status that says so.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Missing(_) | Refusal::Wrong { .. } => 400,
            Refusal::NotOurs | Refusal::Unknown => 404,
            Refusal::TooMany => 429,
            Refusal::Full(_) => 503,
        }
    }
}

/// Reads a subscriber's form, `application/x-www-form-urlencoded` (section 5.1). Of a parameter that comes twice the last counts;
/// what is unknown changes nothing.
///
/// # Errors
/// [`Refusal`].
pub fn read_form(body: &[u8]) -> Result<Ask, Refusal> {
    let (mut mode, mut topic, mut callback, mut secret, mut lease) = (None, None, None, None, None);
    for (name, value) in form_urlencoded::parse(body) {
        let place = match &*name {
            "hub.mode" => &mut mode,
            "hub.topic" => &mut topic,
            "hub.callback" => &mut callback,
            "hub.secret" => &mut secret,
            "hub.lease_seconds" => &mut lease,
            _ => continue,
        };
        *place = Some(value.into_owned());
    }
    let mode = match mode.as_deref() {
        None | Some("") => return Err(Refusal::Missing("hub.mode")),
        Some("subscribe") => Mode::Subscribe,
        Some("unsubscribe") => Mode::Unsubscribe,
        Some(_) => return Err(Refusal::Wrong { name: "hub.mode", why: "must be `subscribe` or `unsubscribe`" }),
    };
    let named = topic.clone().unwrap_or_default();
    let topic = address("hub.topic", topic)?;
    let callback = address("hub.callback", callback)?;
    // Other services than the web's listen on low ports, and would be sent what a subscriber chooses.
    if callback.port().is_some_and(|port| port < 1024) {
        return Err(Refusal::Wrong { name: "hub.callback", why: "is at a port that is not the web's" });
    }
    let secret = secret.filter(|secret| !secret.is_empty());
    if secret.as_ref().is_some_and(|secret| secret.len() >= LONGEST_SECRET) {
        return Err(Refusal::Wrong { name: "hub.secret", why: "must be shorter than 200 bytes" });
    }
    let lease = match lease.as_deref() {
        None | Some("") => USUAL_LEASE,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().unwrap_or(u64::MAX),
        Some(_) => return Err(Refusal::Wrong { name: "hub.lease_seconds", why: "must be a whole number of seconds" }),
    };
    let lease = Duration::from_secs(lease.clamp(*LEASES.start(), *LEASES.end()));
    Ok(Ask { mode, topic, named, callback, secret, lease })
}

fn address(name: &'static str, written: Option<String>) -> Result<Url, Refusal> {
    let written = written.filter(|written| !written.is_empty()).ok_or(Refusal::Missing(name))?;
    let wrong = |why| Err(Refusal::Wrong { name, why });
    if written.len() > LONGEST_ADDRESS {
        return wrong("is too long");
    }
    let Ok(url) = Url::parse(&written) else { return wrong("is no web address") };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return wrong("must be an http or https address");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("must not hold a user name or password");
    }
    if url.fragment().is_some() {
        return wrong("must not have a fragment");
    }
    Ok(url)
}

/// Where a subscriber is asked whether it meant it (section 5.3): its callback, with our parameters behind its own.
pub fn verification(ask: &Ask, challenge: &str) -> Url {
    let mut url = ask.callback.clone();
    let mut query = url.query_pairs_mut();
    query.append_pair("hub.mode", ask.mode.name()).append_pair("hub.topic", &ask.named);
    query.append_pair("hub.challenge", challenge);
    if ask.mode == Mode::Subscribe {
        query.append_pair("hub.lease_seconds", &ask.lease.as_secs().to_string());
    }
    drop(query);
    url
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Fall.rss&hub.callback=https%3A%2F%2Fb.example%2Fcb%3Fx%3D1";

    #[test]
    fn forms_are_read_or_refused_with_a_reason() {
        let ask = read_form(GOOD.as_bytes()).unwrap();
        assert_eq!((ask.mode, ask.secret.clone(), ask.lease.as_secs()), (Mode::Subscribe, None, USUAL_LEASE));
        let check = |more: &str, said: &str| {
            let read = read_form(format!("{GOOD}&{more}").as_bytes());
            let told = read.map_or_else(|refusal| refusal.to_string(), |ask| format!("{}", ask.lease.as_secs()));
            assert_eq!(told, said, "{more}");
        };
        check("hub.lease_seconds=7200", "7200");
        check("hub.lease_seconds=1", "3600");
        check("hub.lease_seconds=99999999999999999999999", "2592000");
        check("hub.lease_seconds=-1", "`hub.lease_seconds` must be a whole number of seconds");
        check("hub.mode=publish", "`hub.mode` must be `subscribe` or `unsubscribe`");
        check("hub.mode=", "`hub.mode` is missing");
        check("hub.topic=all.rss", "`hub.topic` is no web address");
        check("hub.callback=", "`hub.callback` is missing");
        check("hub.callback=ftp://b.example/", "`hub.callback` must be an http or https address");
        check("hub.callback=http://b.example:25/", "`hub.callback` is at a port that is not the web's");
        check("hub.callback=http://a:b@b.example/", "`hub.callback` must not hold a user name or password");
        check("hub.callback=http://b.example/%23x", "`hub.callback` must not have a fragment");
        check(&format!("hub.callback=http://b.example/{}", "x".repeat(2_000)), "`hub.callback` is too long");
        check(&format!("hub.secret={}", "x".repeat(200)), "`hub.secret` must be shorter than 200 bytes");
        check(&format!("hub.secret={}", "x".repeat(199)), "864000");
    }

    #[test]
    fn a_verification_keeps_the_callbacks_own_query() {
        let ask = read_form(GOOD.as_bytes()).unwrap();
        let url = verification(&ask, "c h").to_string();
        let expected = "https://b.example/cb?x=1&hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Fall.rss&hub.challenge=c+h&hub.lease_seconds=864000";
        assert_eq!(url, expected);
    }

    proptest! {
        #[test]
        fn no_form_breaks_the_reader(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
            mode in "(subscribe|unsubscribe|.{0,12})",
            topic in "(https?://[a-z.@:#0-9/\\[\\]]{0,30}|\\PC{0,40})",
            callback in "(https?://[a-z.@:#0-9/\\[\\]]{0,30}|\\PC{0,40})",
            secret in "\\PC{0,220}",
            lease in "(-?[0-9]{0,30}|.{0,5})",
        ) {
            let _ = read_form(&bytes);
            let mut form = form_urlencoded::Serializer::new(String::from_utf8_lossy(&bytes).into_owned());
            for (name, value) in [("mode", &mode), ("topic", &topic), ("callback", &callback), ("secret", &secret), ("lease_seconds", &lease)] {
                form.append_pair(&format!("hub.{name}"), value);
            }
            if let Ok(ask) = read_form(form.finish().as_bytes()) {
                prop_assert!(LEASES.contains(&ask.lease.as_secs()));
                prop_assert!(ask.secret.as_ref().is_none_or(|secret| secret.len() < LONGEST_SECRET));
                prop_assert!(matches!(ask.callback.scheme(), "http" | "https") && ask.callback.has_host());
                prop_assert!(ask.callback.port().is_none_or(|port| port >= 1024));
                prop_assert!(verification(&ask, "x").query_pairs().any(|(name, _)| name == "hub.challenge"));
            }
        }
    }
}
