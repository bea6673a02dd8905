//! kliping as a whole: the program is run as people run it, against outlets on loopback.

mod crash;
mod layers;
mod once;
mod program;
mod readme;
mod real_feeds;
mod serve;
mod store_contract;
#[path = "../benches/support/mod.rs"]
mod support;
