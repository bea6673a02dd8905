//! Generated feeds and a server for them.

pub mod feeds;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use feeds::feed;

/// How the feeds of a server are at the moment.
pub struct Feeds {
    /// Every tenth feed has this many newer items.
    pub extra: AtomicUsize,
}

/// Serves feeds at `/N` with an ETag, each connection on a thread of its own.
pub fn serve(items: usize) -> (SocketAddr, Arc<Feeds>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("a bound listener has an address");
    let feeds = Arc::new(Feeds { extra: AtomicUsize::new(0) });
    let shared = Arc::clone(&feeds);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let feeds = Arc::clone(&shared);
            std::thread::spawn(move || answer_all(stream, items, &feeds));
        }
    });
    (address, feeds)
}

fn answer_all(stream: TcpStream, items: usize, feeds: &Feeds) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let site: usize = line.split(' ').nth(1)?.trim_start_matches('/').parse().ok()?;
        let extra = if site.is_multiple_of(10) { feeds.extra.load(Ordering::Relaxed) } else { 0 };
        let etag = format!("\"{site}-{extra}\"");
        let mut known = false;
        loop {
            line.clear();
            reader.read_line(&mut line).ok()?;
            known |= line.to_ascii_lowercase().starts_with("if-none-match") && line.contains(&etag);
            if line == "\r\n" {
                break;
            }
        }
        let answer = if known {
            format!("HTTP/1.1 304 Not Modified\r\netag: {etag}\r\n\r\n")
        } else {
            let body = feed(site, items, extra);
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\netag: {etag}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        writer.write_all(answer.as_bytes()).ok()?;
    }
}
