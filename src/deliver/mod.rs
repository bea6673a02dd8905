//! What goes out by itself. In: files, or the current document of a feed. Out: a directory that is swapped in at once (`files`), or
//! requests to who asked to be told (`hub`: WebSub's hub for our own feeds, with its `subscribers`; `ping` tells another one).
//! Deliberately absent: what is in the files and documents, and the HTTP client, which `fetch` lends.

mod chance;
mod files;
mod hub;
mod ping;
mod subscribers;

pub use chance::token;
pub use files::{DeliverError, replace};
pub use hub::{Content, Hub};
pub use ping::ping;
