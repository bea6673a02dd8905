//! The only place that chains the stages. In: sources, a fetcher, a store. Out: what each poll did.
//! Deliberately absent: when to poll (the daemon asks `schedule`), serving, printing.
//!
//! One poll: [`Poller`] fetches, `take_in` makes the document arrivals (parse, clean, tag: pure), `older` fetches what lies between
//! them and what was known, `schedule` says what is to be remembered, and the [`Writer`] alone decides what is new (`ledger`, by
//! `dedupe`) and commits many polls as one batch. `round` tells an outlet's failure from our own network's.
//! `subscriber` keeps us subscribed at the sources' hubs and takes in what they push.
//! `stories` joins what carries the same text, `relabel` labels what is kept by changed rules, `pickup` tells who ran a press release.

mod changes;
mod engine;
mod intake;
mod ledger;
mod older;
mod pickup;
mod poller;
mod relabel;
mod round;
mod stories;
mod subscriber;
mod writer;

pub use changes::Changes;
pub use engine::{Engine, StartError};
pub use intake::{Arrival, Intake, Received, take_in};
pub use ledger::Counts;
pub use pickup::{Release, Run, releases};
pub use poller::{Clock, PollReport, Poller, redirects};
pub use relabel::{Piece, Progress, Relabel, Relabelled, learn, outstanding, relabel};
pub use round::Round;
pub use subscriber::{Pushing, Subscriber};
pub use writer::{Pushed, Settled, WriteError, Writer};
