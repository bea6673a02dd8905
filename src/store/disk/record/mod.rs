//! The wire shapes of what is kept, in postcard: fields are told apart by their order, so a change of any needs a new struct
//! and a new version byte, and the old struct stays to read old records.

mod item;
mod label;
mod subscription;
mod watch;

pub use item::{decode_item, encode_item};
pub use subscription::{decode_subscribed, decode_subscription, encode_subscribed, encode_subscription};
pub use watch::{decode_watch, encode_watch};

use std::borrow::Cow;

use crate::domain::Instant;

/// Text that is borrowed while it is written, and read without a copy where it can be.
type Text<'a> = Cow<'a, str>;

fn millis(instant: Instant) -> i64 {
    instant.timestamp_millis()
}

/// The outer `None` is an instant that cannot be, the inner one that there is none.
fn maybe_instant(millis: Option<i64>) -> Option<Option<Instant>> {
    match millis {
        None => Some(None),
        Some(millis) => instant(millis).map(Some),
    }
}

fn instant(millis: i64) -> Option<Instant> {
    Instant::from_timestamp_millis(millis)
}
