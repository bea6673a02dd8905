use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};
use rustls::{ClientConfig, RootCertStore};

use crate::fetch::guard::PublicOnly;
use crate::fetch::{FetchError, Limits};

/// Exactly what [`crate::fetch::body`] decodes.
const DECODED: &str = "gzip, br, zstd, deflate";
/// Feeds first; `*/*` because some servers refuse to send a feed as anything but text/html.
const WANTED: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, \
    application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

/// The two HTTP clients: their pools of connections must not mix, or a guarded request could go through a connection to a
/// private address that an unguarded one has opened.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Connects to public addresses only.
    pub guarded: Client,
    /// For the operator's own URL of a source that says `allow_private = true`.
    pub unguarded: Client,
}

impl Clients {
    /// Builds both.
    pub fn new(limits: &Limits) -> Result<Clients, FetchError> {
        let tls = tls()?;
        let build = |builder: ClientBuilder| builder.build().map_err(|error| FetchError::Client(error.to_string()));
        Ok(Clients {
            guarded: build(builder(limits, &tls).dns_resolver(Arc::new(PublicOnly)))?,
            unguarded: build(builder(limits, &tls))?,
        })
    }
}

fn builder(limits: &Limits, tls: &ClientConfig) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(WANTED));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(DECODED));
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .default_headers(headers)
        .no_proxy()
        .referer(false)
        .redirect(redirect::Policy::none())
        .connect_timeout(limits.connect_timeout)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(20))
}

/// Mozilla's roots, which are built in so that a container needs none, and the system's, among which an operator may have put
/// another.
fn tls() -> Result<ClientConfig, FetchError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| FetchError::Client(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
