//! What is counted for Prometheus. In: what happened. Out: the text of `/metrics`. Deliberately absent: any decision that
//! reads a count.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::domain::Outcome;
use crate::pipeline::{Counts, PollReport, Pushing};

/// All counters of the process.
pub struct Metrics {
    registry: Registry,
    polls: Family<PollLabels, Counter>,
    items: Family<ItemLabels, Counter>,
    received: Counter,
    duration: Histogram,
    requests: Family<RequestLabels, Counter>,
    /// The two that nearly every request adds to, looked up once.
    usual: [(u16, Counter); 2],
    pushes: Family<PushLabels, Counter>,
    kept: Gauge<f64, AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PollLabels {
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ItemLabels {
    change: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PushLabels {
    outcome: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("kliping");
        let (polls, items) = (Family::default(), Family::default());
        let requests = Family::<RequestLabels, Counter>::default();
        let (received, kept) = (Counter::default(), Gauge::default());
        let duration = Histogram::new([0.01, 0.05, 0.2, 1.0, 5.0, 15.0, 30.0, 60.0, 300.0]);
        registry.register("polls", "Polls by outcome: fetched, unchanged, or the kind of failure", polls.clone());
        registry.register("items", "Items by what a poll did to them: new, edited, carried", items.clone());
        registry.register_with_unit("documents", "Documents received, decompressed", Unit::Bytes, received.clone());
        registry.register_with_unit(
            "poll_duration",
            "Polls, the host's turn included",
            Unit::Seconds,
            duration.clone(),
        );
        registry.register("http_requests", "Requests answered, by status", requests.clone());
        let usual = [200, 304].map(|status| (status, requests.get_or_create(&RequestLabels { status }).clone()));
        let pushes = Family::default();
        registry.register("pushes", "Pushes of hubs by outcome: taken, unsigned, unreadable", pushes.clone());
        registry.register("kept_items", "Items in the store", kept.clone());
        registry.register("build", "The version", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        Metrics { registry, polls, items, received, duration, requests, usual, pushes, kept }
    }

    /// A poll has ended.
    pub fn polled(&self, report: &PollReport) {
        let outcome = match &report.outcome {
            None => "postponed".to_owned(),
            Some(Outcome::Fetched) => "fetched".to_owned(),
            Some(Outcome::Unchanged) => "unchanged".to_owned(),
            Some(Outcome::Failed { kind, .. }) => kind.clone(),
        };
        self.polls.get_or_create(&PollLabels { outcome }).inc();
        self.counted(report.counts);
        self.received.inc_by(report.bytes);
        self.duration.observe(report.took.as_secs_f64());
    }

    fn counted(&self, counts: Counts) {
        for (change, count) in [("new", counts.new), ("edited", counts.edited), ("carried", counts.carried)] {
            self.items.get_or_create(&ItemLabels { change }).inc_by(u64::from(count));
        }
    }

    /// A hub has pushed something.
    pub fn pushed(&self, pushing: &Pushing) {
        let outcome = match pushing {
            Pushing::Taken(counts) => {
                self.counted(*counts);
                "taken"
            }
            Pushing::Unsigned => "unsigned",
            Pushing::Unreadable(_) => "unreadable",
        };
        self.pushes.get_or_create(&PushLabels { outcome }).inc();
    }

    /// A request was answered.
    pub fn answered(&self, status: u16) {
        match self.usual.iter().find(|(usual, _)| *usual == status) {
            Some((_, counter)) => counter.inc(),
            None => self.requests.get_or_create(&RequestLabels { status }).inc(),
        };
    }

    /// The text of `/metrics` (OpenMetrics 1.0), with the number of items kept now.
    pub fn text(&self, kept: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float; items are counted in millions at most")]
        self.kept.set(kept as f64);
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing into memory does not fail");
        text
    }
}
