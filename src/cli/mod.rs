//! The command line: reads arguments, calls one function for each command, says how it ended. The only place beside tests
//! that prints to stdout, and the only one where errors lose their type.

mod add;
mod arguments;
mod check;
mod daemon;
mod demo;
mod explain;
mod export;
mod failure;
mod health;
mod import;
mod input;
mod inspect;
mod inspection;
mod once;
mod pickup;
mod progress;
mod publish;
mod read;
mod retag;
mod rules;
mod run;
mod sources;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::arguments::{Arguments, Command, LogFormat, RulesCommand};

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr(arguments.log_format);
    log_panics();
    let config = arguments.config;
    let ended = match arguments.command {
        Command::Run(options) => run::run(&config, &options),
        Command::Once(options) => once::run(&config, &options),
        Command::Check(options) => check::run(&config, &options),
        Command::Demo(options) => demo::run(&options),
        Command::Add(options) => add::run(&config, &options),
        Command::Import(options) => import::run(&config, &options),
        Command::Export(_) => export::run(&config),
        Command::Explain(options) => explain::run(&config, &options),
        Command::Health(options) => health::run(&config, &options),
        Command::Read(options) => read::run(&config, &options),
        Command::Sources(options) => sources::run(&config, &options),
        Command::Publish(options) => publish::run(&config, &options),
        Command::Rules(RulesCommand::Test(options)) => rules::run(&config, &options),
        Command::Pickup(options) => pickup::run(&config, &options),
        Command::Retag => retag::run(&config),
    };
    match ended {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn log_to_stderr(format: LogFormat) {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("KLIPING_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => logger.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => logger.json().flatten_event(true).init(),
    }
}

/// A panic is told as a line of the log like everything else. Those in libraries that read outlets' documents are held where
/// they are called; what they cost is told there.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let what = panic.payload_as_str().unwrap_or("no message");
        // Who reads has seen enough (`kliping read … | head`): that is an end, not a defect.
        if what.starts_with("failed printing to stdout") {
            std::process::exit(0);
        }
        tracing::warn!(place, "something panicked and is being held: {what}");
    }));
}
