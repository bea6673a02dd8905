//! Everything over HTTP: pages, feeds, lists of feeds, health. In: the store, the settings, requests. Out: answers, kept
//! until what they show changes. Deliberately absent: scripts, cookies, the outlets' own HTML in a page.
//!
//! The way of a request: `router` takes it, `address` understands what is asked (`parameters` what of it makes no sense), `cache` may have it, else `render`
//! makes it from the store, and `answer` decides between 200 and 304 and in which encoding. `hub` takes what WebSub sends us.

mod address;
mod answer;
mod cache;
mod files;
mod counted;
mod counts;
mod found;
mod guests;
mod headers;
mod health;
mod hub;
mod naming;
mod pages;
mod patient;
mod parameters;
mod pickup;
mod relative;
mod render;
mod router;
mod server;
mod words;

use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Settings;
use crate::deliver::Hub;
use crate::metrics::Metrics;
use crate::pipeline::{Changes, Clock, Subscriber};
use crate::search;
use crate::store::Store;

pub use cache::Cache;
pub use counts::Counts;
pub use files::{Given, PageFile, files};
pub use health::{Complaint, SourceHealth, health};
pub use hub::{Topic, feeds, topic};
pub use pickup::{PickUp, pick_up};
pub use router::respond;
pub use server::{Limits, serve, serve_within};

/// What pages and feeds are made of.
#[derive(Clone)]
pub struct App {
    /// The settings, as they are now.
    pub settings: watch::Receiver<Arc<Settings>>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Which channels changed.
    pub changes: Arc<Changes>,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// The search; `None` where there is none, as in static files.
    pub search: Option<Arc<search::Index>>,
    /// Who is told of changes, and who tells us; `None` where nobody is served.
    pub websub: Option<Websub>,
    /// How much is in each channel.
    pub counts: Arc<Counts>,
    /// What was rendered.
    pub cache: Arc<Cache>,
    /// Tells the time: a feed spans the last 48 hours, whichever they are.
    pub clock: Clock,
}

/// Both sides of WebSub.
#[derive(Clone)]
pub struct Websub {
    /// Our own hub.
    pub hub: Arc<Hub>,
    /// Our subscriptions at others.
    pub subscriber: Arc<Subscriber>,
}

impl App {
    /// Pages and feeds, without search and WebSub.
    pub fn new(
        settings: watch::Receiver<Arc<Settings>>,
        store: Arc<dyn Store>,
        changes: Arc<Changes>,
        metrics: Arc<Metrics>,
    ) -> App {
        let (counts, cache, clock) = (Arc::default(), Arc::default(), Arc::new(chrono::Utc::now));
        App { settings, store, changes, metrics, search: None, websub: None, counts, cache, clock }
    }
}
