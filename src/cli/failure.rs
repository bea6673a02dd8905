use std::process::ExitCode;

use crate::config::Mistakes;
use crate::pipeline::{StartError, WriteError};
use crate::store::StoreError;

/// Why a command ended without doing what it was asked; each has its exit code.
#[derive(Debug)]
pub enum Failure {
    /// feeds.toml has mistakes.
    Configuration(Mistakes),
    /// The command was called wrongly.
    Usage {
        /// What is wrong.
        what: String,
        /// What to type instead.
        hint: String,
    },
    /// The store cannot be used.
    Store {
        /// What is wrong.
        what: String,
        /// What to do about it.
        hint: String,
    },
    /// A document cannot be had, or is not what it should be.
    Unread {
        /// What is wrong.
        what: String,
        /// What to do next.
        hint: String,
    },
    /// Anything else.
    Other(anyhow::Error),
}

impl Failure {
    /// Prints it to stderr and gives the exit code of the contract: 2 usage or configuration, 3 store.
    pub fn report(self) -> ExitCode {
        let (what, hint, code) = match self {
            Failure::Configuration(mistakes) => {
                eprintln!("{mistakes}");
                return ExitCode::from(2);
            }
            Failure::Usage { what, hint } => (what, hint, 2),
            Failure::Store { what, hint } => (what, hint, 3),
            Failure::Unread { what, hint } => (what, hint, 1),
            Failure::Other(error) => (format!("{error:#}"), String::new(), 1),
        };
        eprintln!("error: {what}");
        if !hint.is_empty() {
            eprintln!("  hint: {hint}");
        }
        ExitCode::from(code)
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        Failure::Configuration(mistakes)
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        Failure::Store { what: error.to_string(), hint: error.hint() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => (&error).into(),
            other => Failure::Other(other.into()),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match &error {
            WriteError::Store(store) => Failure::from(&**store),
            WriteError::Ended => Failure::Other(error.into()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Other(error.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Other(error.into())
    }
}
