//! kliping pulls the feeds of regional outlets, keeps each piece of news once, tags it by topic and
//! by kabupaten/kota, and republishes filtered feeds.
//!
//! The modules in the order in which an item meets them; an import only goes to a lower layer (ARCHITECTURE.md).

// Ground: plain data and words.
pub mod domain;
pub mod text;

// Assembly: what the operator wrote, checked.
pub mod config;

// The way of an item: stages are pure functions, hands (fetch, store, search, deliver) touch the world.
pub mod schedule;
pub mod fetch;
pub mod parse;
pub mod extract;
pub mod clean;
pub mod dedupe;
pub mod tag;
pub mod story;
pub mod store;
pub mod search;
pub mod publish;
pub mod report;
pub mod websub;
pub mod deliver;

// Assembly: the only place that chains them.
pub mod pipeline;

// Front doors.
pub mod metrics;
pub mod web;
pub mod demo;
pub mod daemon;
pub mod cli;
