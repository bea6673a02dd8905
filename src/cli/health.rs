use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::arguments::HealthOptions;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};

/// A healthy daemon answers at once.
const PATIENCE: Duration = Duration::from_secs(4);

/// `kliping health`.
pub fn run(config: &Path, options: &HealthOptions) -> Result<ExitCode, Failure> {
    let listen = match options.listen {
        Some(address) => address,
        None => config::load(config, &Environment::from_process())?.server.listen,
    };
    // A daemon that serves on every address is asked on loopback.
    let address = if listen.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
    } else {
        listen
    };
    match ask(address) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Err(Failure::Other(anyhow::anyhow!("the daemon at `{address}` is not ready"))),
        Err(error) => Err(Failure::Other(anyhow::anyhow!("no daemon answers at `{address}`: {error}"))),
    }
}

/// One request by hand: only `fetch` builds HTTP clients, and this one asks nobody but ourselves.
fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(&status == b"HTTP/1.1 200")
}
