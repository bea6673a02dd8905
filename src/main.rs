//! The `kliping` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    kliping::cli::main()
}
