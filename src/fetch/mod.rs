//! The only place that talks to outlets. In: a request with validators. Out: a document, "not modified", or an error that
//! names what happened and what to do. Deliberately absent: parsing, the store, the decision when to ask; cookies, `Referer`,
//! proxies (one would dial in our place, past the guard).
//!
//! The way of a request: its host's turn (`gate`), a client that connects only to public addresses (`guard`), our own
//! loop over redirects (`fetcher`), a body that is decoded and measured as it comes (`body`). `call` is for what is no document.
//! `certificates` says whom to trust, `robots` which pages we may read. `files` takes documents from a folder of this machine instead.

mod body;
mod call;
mod certificates;
mod clients;
mod error;
mod fetcher;
mod files;
mod gate;
mod guard;
mod headers;
mod robots;

pub use call::{Call, Reply};
pub use certificates::{Certificate, read_pem};
pub use error::{FetchError, TlsTrouble};
pub use fetcher::{Answer, Document, Fetcher, Hop, Request};
pub use files::{DropBox, DropBoxError, Found};
pub use gate::{Turn, host_of, is_loopback};
pub use guard::{Guard, LookUp};
pub use headers::Headers;
pub use robots::Robots;

use std::time::Duration;

/// What one fetch may cost, and how gently hosts are treated (`[fetch]` in feeds.toml).
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Requests under way at once, to all hosts.
    pub concurrency: usize,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// From the start of one request to a host to the start of the next.
    pub host_gap: Duration,
    /// The same for hosts on loopback: this machine is nobody's slow shared host, unless the operator asks for a gap there too.
    pub loopback_gap: Duration,
    /// To open a connection, TLS included.
    pub connect_timeout: Duration,
    /// From the request to the answer's headers.
    pub first_byte_timeout: Duration,
    /// For one poll as a whole, redirects included, waiting for the host's turn not.
    pub timeout: Duration,
    /// Bytes of a body after decompression.
    pub max_body: u64,
    /// How many times its compressed size a body may grow.
    pub max_ratio: u64,
    /// Redirects followed.
    pub max_hops: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            concurrency: 16,
            per_host: 1,
            host_gap: Duration::from_secs(5),
            loopback_gap: Duration::ZERO,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(30),
            max_body: 10_000_000,
            max_ratio: 200,
            max_hops: 5,
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
