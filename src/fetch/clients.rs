use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};

use crate::fetch::certificates::{self, Witness};
use crate::fetch::guard::Guard;
use crate::fetch::{FetchError, Limits};

/// Exactly what [`crate::fetch::body`] decodes.
const DECODED: &str = "gzip, br, zstd, deflate";
/// Feeds first; `*/*` because some servers refuse to send a feed as anything but text/html.
const WANTED: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, \
    application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

/// The two HTTP clients: their pools of connections must not mix, or a guarded request could go through a connection to a
/// private address that an unguarded one has opened.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Connects to public addresses only.
    pub guarded: Client,
    /// For the operator's own URL of a source that says `allow_private = true`.
    pub unguarded: Client,
}

/// The clients, one pair for each set of certificates that is trusted.
pub struct Clients {
    usual: Pair,
    /// By the certificates that a source's `extra_ca` adds: no other source's connections may profit from them.
    special: Mutex<HashMap<Arc<[u8]>, Pair>>,
    limits: Arc<Limits>,
    guard: Guard,
    witness: Option<Arc<Witness>>,
}

impl Clients {
    /// Builds the usual pair.
    pub fn new(limits: Arc<Limits>, guard: Guard, witness: Option<Arc<Witness>>) -> Result<Clients, FetchError> {
        let usual = pair(&limits, &guard, None, witness.as_ref())?;
        Ok(Clients { usual, special: Mutex::default(), limits, guard, witness })
    }

    /// The pair that trusts these certificates as well.
    pub fn trusting(&self, extra_ca: Option<&Arc<[u8]>>) -> Result<Pair, FetchError> {
        let Some(pem) = extra_ca else { return Ok(self.usual.clone()) };
        let mut special = self.special.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = special.get(pem) {
            return Ok(pair.clone());
        }
        let pair = pair(&self.limits, &self.guard, Some(pem), self.witness.as_ref())?;
        special.insert(Arc::clone(pem), pair.clone());
        Ok(pair)
    }
}

fn pair(
    limits: &Limits,
    guard: &Guard,
    extra_ca: Option<&[u8]>,
    witness: Option<&Arc<Witness>>,
) -> Result<Pair, FetchError> {
    let tls = certificates::trust(extra_ca, witness)?;
    let build = |guard: Guard| {
        let builder = builder(limits).tls_backend_preconfigured(tls.clone()).dns_resolver(Arc::new(guard));
        builder.build().map_err(|error| FetchError::Client(error.to_string()))
    };
    Ok(Pair { guarded: build(guard.clone())?, unguarded: build(guard.clone().open())? })
}

fn builder(limits: &Limits) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(WANTED));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(DECODED));
    Client::builder()
        .default_headers(headers)
        .no_proxy()
        .referer(false)
        .redirect(redirect::Policy::none())
        .connect_timeout(limits.connect_timeout)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(20))
}
