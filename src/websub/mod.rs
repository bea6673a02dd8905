//! WebSub (W3C Recommendation of 23 January 2018) as pure functions. In: forms, headers, what is remembered of a subscription,
//! now. Out: what is wanted, why it is refused, what is to be done next. Deliberately absent: the network, the store, chance
//! (tokens come from outside), and which addresses are feeds of ours (`web` knows).
//!
//! Our own hub: `form` reads what subscribers send, `subscription` remembers one of theirs and when to try again. At other hubs:
//! `subscribed` remembers one of ours and says what to do about it. Both sides: `links` reads `Link` headers, `signature` signs.

mod form;
mod links;
mod signature;
mod subscribed;
mod subscription;

pub use form::{Ask, LONGEST_ADDRESS, Mode, Refusal, read_form, verification};
pub use links::Links;
pub use signature::{equal, is_signed, sign};
pub use subscribed::{Announced, LEASE, Step, Subscribed, Verdict, Wish};
pub use subscription::{Key, MOST_BEFORE_GIVING_UP, Subscription};

use url::Url;

/// What the operator decides about hubs (`[publish] hub` in feeds.toml).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Which hub our feeds announce.
    pub hub: Hub,
    /// Whether subscribers of our own hub may be at private or loopback addresses.
    pub allow_private: bool,
}

/// Which hub our feeds announce.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hub {
    /// Our own, at `SITE_URL/hub`.
    #[default]
    Own,
    /// Somebody else's, which is told of changes.
    Outside(Url),
    /// None.
    Nobody,
}

impl Settings {
    /// The hub that a feed announces. An outside hub is announced only by the feeds whose changes it is told of: those that are not
    /// narrowed, for the narrowed ones are without number.
    pub fn announced(&self, site: &Url, narrowed: bool) -> Option<Url> {
        match &self.hub {
            Hub::Own => site.join("hub").ok(),
            Hub::Outside(hub) => Some(hub.clone()).filter(|_| !narrowed),
            Hub::Nobody => None,
        }
    }
}
