use std::path::Path;
use std::process::ExitCode;

use crate::cli::arguments::HealthOptions;
use crate::cli::daemon;
use crate::cli::failure::Failure;
use crate::config::{self, Environment};

/// `kliping health`.
pub fn run(config: &Path, options: &HealthOptions) -> Result<ExitCode, Failure> {
    let listen = match options.listen {
        Some(address) => address,
        None => config::load(config, &Environment::from_process())?.server.listen,
    };
    match daemon::get(listen, "/readyz") {
        Ok((200, _)) => Ok(ExitCode::SUCCESS),
        Ok(_) => Err(Failure::Other(anyhow::anyhow!("the daemon at `{listen}` is not ready"))),
        Err(error) => Err(Failure::Other(anyhow::anyhow!("no daemon answers at `{listen}`: {error}"))),
    }
}
