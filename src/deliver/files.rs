use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

/// Tells a directory of ours from one that somebody filled by hand.
const MARK: &str = ".kliping";

/// Why files could not be delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The directory holds what kliping did not write.
    #[error("`{0}` holds files that kliping did not write; they would be lost")]
    NotOurs(PathBuf),
    /// The disk refused.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DeliverError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            DeliverError::NotOurs(path) => {
                format!("name an empty or new directory, or empty `{}` yourself", path.display())
            }
            DeliverError::Io { path, .. } => format!("check the space and the rights of `{}`", path.display()),
        }
    }
}

/// Writes the files beside `directory` and swaps them in as a whole: who reads sees all of the old or all of the new. Gives
/// the number of files.
///
/// # Errors
/// [`DeliverError`]; the directory is then as it was.
pub fn replace(directory: &Path, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<usize, DeliverError> {
    let io_at = |path: &Path| {
        let path = path.to_owned();
        move |source| DeliverError::Io { path, source }
    };
    if !is_ours(directory).map_err(io_at(directory))? {
        return Err(DeliverError::NotOurs(directory.to_owned()));
    }
    let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or("site");
    let beside = directory.with_file_name(format!(".{name}.new"));
    let written = write_all(&beside, files).map_err(io_at(&beside))?;
    swap(&beside, directory).map_err(io_at(directory))?;
    Ok(written)
}

/// New, empty, or marked.
fn is_ours(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
        Ok(mut entries) => Ok(entries.next().is_none() || directory.join(MARK).exists()),
    }
}

fn write_all(into: &Path, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> io::Result<usize> {
    // Left over from a run that was killed.
    if into.exists() {
        fs::remove_dir_all(into)?;
    }
    fs::create_dir_all(into)?;
    fs::write(into.join(MARK), "written by kliping publish; replaced as a whole\n")?;
    let mut written = 0;
    for (name, bytes) in files {
        let path = into.join(name.trim_start_matches('/'));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
        written += 1;
    }
    Ok(written)
}

fn swap(new: &Path, directory: &Path) -> io::Result<()> {
    if !directory.exists() {
        return fs::rename(new, directory);
    }
    match renameat_with(CWD, new, CWD, directory, RenameFlags::EXCHANGE) {
        Ok(()) => fs::remove_dir_all(new),
        // A file system that cannot exchange (some network ones): two steps, with a moment without the directory between.
        Err(_) => {
            let old = directory.with_extension("old");
            fs::rename(directory, &old)?;
            fs::rename(new, directory)?;
            fs::remove_dir_all(old)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_as_a_whole_and_foreign_ones_are_spared() {
        let base = tempfile::tempdir().unwrap();
        let site = base.path().join("site");
        let files = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), b"x".to_vec())).collect::<Vec<_>>();
        assert_eq!(replace(&site, files(&["/index.html", "/topics/tppo.rss"])).unwrap(), 2);
        assert!(site.join("topics/tppo.rss").exists());
        assert_eq!(replace(&site, files(&["/index.html"])).unwrap(), 1);
        assert!(!site.join("topics").exists());
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1, "nothing is left beside it");
        let foreign = base.path().join("foreign");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.txt"), "x").unwrap();
        assert!(matches!(replace(&foreign, files(&["/a"])), Err(DeliverError::NotOurs(_))));
        assert!(foreign.join("thesis.txt").exists());
    }
}
