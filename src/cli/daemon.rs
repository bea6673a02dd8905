use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::cli::failure::Failure;
use crate::config::Settings;

/// A healthy daemon answers at once.
const PATIENCE: Duration = Duration::from_secs(4);

/// What the daemon that holds the store tells, as JSON: at `listen`, else where the settings say.
///
/// # Errors
/// No daemon tells.
pub fn json<T: DeserializeOwned>(
    listen: Option<SocketAddr>,
    path: &str,
    settings: &Settings,
) -> std::result::Result<T, Failure> {
    let listen = listen.unwrap_or(settings.server.listen);
    let held = |what: String| Failure::Store {
        what: format!("the store is in use by another process, and no daemon tells at `{listen}`: {what}"),
        hint: "name the address where the daemon serves with `--listen`, or stop the other process".into(),
    };
    let (status, body) = get(listen, path).map_err(|error| held(error.to_string()))?;
    if status != 200 {
        return Err(held(format!("it answered with status {status}")));
    }
    serde_json::from_slice(&body).map_err(|error| held(format!("it is another version ({error})")))
}

/// One request to a daemon of ours, by hand: only `fetch` builds HTTP clients, and this one asks nobody but ourselves. Gives the status
/// and the body.
///
/// # Errors
/// Nobody answers there, or in another way than a daemon does.
pub fn get(listen: SocketAddr, path: &str) -> Result<(u16, Vec<u8>)> {
    // A daemon that serves on every address is asked on loopback.
    let address = if listen.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
    } else {
        listen
    };
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // HTTP/1.0 keeps the answer in one piece.
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let strange = || Error::new(ErrorKind::InvalidData, "that is no answer of a daemon");
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(strange)?;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    Ok((status.ok_or_else(strange)?, answer.split_off(head + 4)))
}
