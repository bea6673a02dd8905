//! What goes out by itself. In: files, or the current document of a feed. Out: a directory for a plain web server (`site`, `pack`), or
//! requests to who asked to be told (`hub`: WebSub's hub for our own feeds, with its `subscribers`; `ping` tells another one).
//! Deliberately absent: what is in the files and documents, and the HTTP client, which `fetch` lends.

mod chance;
mod hub;
mod pack;
mod ping;
mod site;
mod subscribers;

pub use chance::token;
pub use hub::{Content, Hub};
pub use pack::{brotli, gzip};
pub use ping::ping;
pub use site::{DeliverError, Delivered, Site, lies_in};
