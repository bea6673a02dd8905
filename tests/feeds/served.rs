//! A site in this process: the very function that answers in the daemon, on a store and by a clock that a test sets.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use kliping::config::{self, Environment, Settings};
use kliping::domain::Instant;
use kliping::metrics::Metrics;
use kliping::pipeline::{Changes, Clock};
use kliping::store::Store;
use kliping::web::{App, respond};
use tokio::sync::watch;

pub const SITE: &str = "https://kliping.example/kaltim/";

/// feeds.toml with these sources and further tables.
pub fn settings(sources: &[(&str, &str)], more: &str) -> Arc<Settings> {
    let mut text = format!("[site]\ntitle = \"Kliping Uji\"\nurl = \"{SITE}\"\n{more}\n");
    text.push_str(include_str!("../../benches/support/topics.toml"));
    for (id, url) in sources {
        text.push_str(&format!("[[source]]\nid = \"{id}\"\ntitle = \"Media <{id}> & Rekan\"\nurl = \"{url}\"\n"));
    }
    Arc::new(config::read(&text, "feeds.toml", &Environment::default()).unwrap_or_else(|mistakes| panic!("{mistakes}")))
}

/// A clock that stands until it is set.
#[derive(Clone)]
pub struct HandSet(Arc<Mutex<Instant>>);

impl HandSet {
    pub fn at(now: Instant) -> HandSet {
        HandSet(Arc::new(Mutex::new(now)))
    }

    pub fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }

    pub fn clock(&self) -> Clock {
        let told = self.clone();
        Arc::new(move || told.now())
    }
}

pub struct Served {
    pub app: Arc<App>,
}

pub struct Got {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Served {
    pub fn new(
        store: Arc<dyn Store>,
        settings: watch::Receiver<Arc<Settings>>,
        changes: Arc<Changes>,
        clock: Clock,
    ) -> Served {
        Served { app: Arc::new(App { clock, ..App::new(settings, store, changes, Arc::new(Metrics::new())) }) }
    }

    /// Asks for a path, or for an address under the site's.
    pub async fn get(&self, address: &str, headers: &[(&str, &str)]) -> Got {
        let path = address.strip_prefix(SITE).map_or_else(|| address.to_owned(), |rest| format!("/{rest}"));
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = respond(&self.app, request.body(Body::empty()).unwrap()).await;
        let (head, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Got { status: head.status.as_u16(), headers: head.headers, body }
    }
}
