use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error("the store `{path}` is in use by another process")]
    Held {
        /// The store's directory.
        path: PathBuf,
    },
    /// Its files do not hold what they should.
    #[error("the store `{path}` is damaged: {what}")]
    Damaged {
        /// The store's directory.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// It was written by a newer kliping.
    #[error("the store `{path}` has format {found}; this kliping reads formats up to {known}")]
    Newer {
        /// The store's directory.
        path: PathBuf,
        /// The format found there.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The disk or directory refused.
    #[error("the store `{path}` cannot be used: {source}")]
    Io {
        /// The store's directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl StoreError {
    /// What the operator should do next.
    pub fn hint(&self) -> String {
        match self {
            StoreError::Held { .. } => {
                "stop the other kliping first (`systemctl stop kliping`), or give this one another `[store] path`"
                    .into()
            }
            StoreError::Damaged { path, .. } => format!(
                "stop kliping, keep a copy (`mv {0} {0}.damaged`), restore your last backup to `{0}`, or start anew: outlets' \
                 current items are fetched again, older ones are only in the copy",
                path.display()
            ),
            StoreError::Newer { .. } => "run the kliping that wrote it, or a later one".into(),
            StoreError::Io { path, .. } => {
                format!("check the space and the rights of `{}` (`df -h`, `ls -ld`)", path.display())
            }
        }
    }
}
