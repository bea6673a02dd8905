//! kliping as a whole: the program is run as people run it, against outlets on loopback.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod clients;
mod browser;
mod corpora;
mod crash;
mod extraction;
mod feeds;
mod hostile;
#[path = "../benches/support/items.rs"]
mod items;
mod kinds;
mod layers;
mod looking;
mod measured;
mod narrowing;
mod once;
mod politeness;
mod program;
mod published;
mod readme;
mod real_feeds;
mod samples;
mod search;
mod serve;
mod store_contract;
mod stories;
#[path = "../benches/support/mod.rs"]
mod support;
mod websub;
