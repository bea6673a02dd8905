use std::path::PathBuf;

use tantivy::TantivyError;

/// Why the index could not do what was asked. Nothing of it is lost: all that it holds is in the store.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Its files do not hold what they should; it is to be built anew.
    #[error("the search index `{path}` is damaged: {what}")]
    Damaged {
        /// The index's directory.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The disk or directory refused.
    #[error("the search index `{path}` cannot be used: {what}")]
    Refused {
        /// The index's directory.
        path: PathBuf,
        /// What the system said.
        what: String,
    },
}

impl SearchError {
    /// What the operator should do next.
    pub fn hint(&self) -> String {
        match self {
            SearchError::Damaged { .. } => "nothing: it is built anew from the store".into(),
            SearchError::Refused { path, .. } => {
                format!("check the space and the rights of `{}` (`df -h`, `ls -ld`)", path.display())
            }
        }
    }
}

/// tantivy's error in our words. What the system refused (a full disk) will pass; whatever else went wrong lies in the files.
pub fn translate(path: &std::path::Path, error: &TantivyError) -> SearchError {
    let (path, what) = (path.to_owned(), error.to_string());
    match error {
        TantivyError::IoError(_)
        | TantivyError::OpenDirectoryError(_)
        | TantivyError::OpenWriteError(_)
        | TantivyError::LockFailure(..)
        | TantivyError::SystemError(_)
        | TantivyError::Poisoned
        | TantivyError::ErrorInThread(_) => SearchError::Refused { path, what },
        _ => SearchError::Damaged { path, what },
    }
}
