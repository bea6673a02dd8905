//! kliping pulls the feeds of regional outlets, keeps each piece of news once, tags it by topic and
//! by kabupaten/kota, and republishes filtered feeds.
//!
//! The modules in the order in which an item meets them:

// 0 ground: plain data and words
pub mod domain;
pub mod text;

// 3 assembly: what the operator wrote, checked
pub mod config;

// 2 hands and 1 stages: the way of an item
pub mod clean;
pub mod dedupe;
pub mod fetch;
pub mod parse;
pub mod publish;

// 3 assembly: the only place that chains them
pub mod pipeline;
pub mod schedule;
pub mod store;
pub mod tag;

// 4 front doors
pub mod demo;
pub mod web;
