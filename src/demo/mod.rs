//! A dozen sample outlets, written for kliping, served on loopback. In: nothing. Out: their addresses and a feeds.toml that
//! names them. Deliberately absent: polling; the demo polls them over real HTTP with the real pipeline.

mod outlets;
mod script;
mod server;

pub use outlets::{OUTLETS, Outlet};
pub use server::Outlets;
