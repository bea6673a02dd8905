//! The only place that chains the stages. In: sources, a fetcher, a store. Out: what each poll did.
//! Deliberately absent: when to poll (the daemon asks `schedule`), serving, printing.
//!
//! One poll: [`Poller`] asks (`asking` says where), `take_in` makes the document arrivals (parse, clean, tag: pure), and `gather` fetches
//! what it only names: `older` pages, the `parts` of a sitemap index, the pages of `articles` of which the list says too little.
//! `schedule` says what is to be remembered, and the [`Writer`] alone decides what is new (`ledger`, by
//! `dedupe`) and commits many polls as one batch. `drop_box` takes documents from a folder instead,
//! `trial` shows what a source would bring and keeps nothing. `round` tells an outlet's failure from our own network's.
//! `subscriber` keeps us subscribed at the sources' hubs and takes in what they push.
//! `stories` joins what carries the same text, `relabel` labels what is kept by changed rules, `pickup` tells who ran a press release.
//! `indexing` brings the search index up to what the store has, `counting` the counts that pages and charts show.

mod articles;
mod asking;
mod changes;
mod counting;
mod drop_box;
mod engine;
mod gather;
mod indexing;
mod intake;
mod ledger;
mod older;
mod parts;
mod pickup;
mod poller;
mod relabel;
mod round;
mod stories;
mod subscriber;
mod trial;
mod writer;

pub use articles::MOST_ARTICLES;
pub use changes::Changes;
pub use counting::{Counted, count_on};
pub use engine::{Engine, StartError};
pub use indexing::{Followed, IndexingError, follow};
pub use intake::{Arrival, Intake, Received, take_in};
pub use ledger::Counts;
pub use pickup::{Release, Run, releases};
pub use poller::{Clock, PollReport, Poller, redirects};
pub use relabel::{Piece, Progress, Relabel, Relabelled, learn, outstanding, relabel};
pub use round::Round;
pub use subscriber::{Pushing, Subscriber};
pub use trial::{Trial, try_out};
pub use writer::{Pushed, Settled, WriteError, Writer};
