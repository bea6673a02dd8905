use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file that was written to this short ago may not be whole yet.
const SETTLED: Duration = Duration::from_secs(2);
/// Files of a folder that are taken, at most.
const MOST_FILES: usize = 10_000;

/// A file or folder into which documents are put by other ways.
#[derive(Debug, Clone)]
pub struct DropBox {
    path: PathBuf,
    /// Bytes of a document, decompressed.
    max_body: u64,
}

/// What lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The files, the oldest first.
    pub files: Vec<PathBuf>,
    /// Another text whenever a file came, went or changed.
    pub stamp: String,
}

/// Why nothing can be taken.
#[derive(Debug, thiserror::Error)]
pub enum DropBoxError {
    /// It is not there.
    #[error("there is no `{0}`")]
    Absent(PathBuf),
    /// A document is larger than allowed.
    #[error("`{path}` is larger than {limit} bytes")]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The limit, decompressed.
        limit: u64,
    },
    /// The system refuses.
    #[error("`{path}` cannot be read: {source}")]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DropBoxError {
    /// A short stable name for tables and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            DropBoxError::Absent(_) => "no-file",
            DropBoxError::TooLarge { .. } => "too-large",
            DropBoxError::Io { .. } => "unreadable-file",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            DropBoxError::Absent(path) => {
                format!("make it (`mkdir {}`), or mend `path` in its [[source]]", path.display())
            }
            DropBoxError::TooLarge { .. } => "raise `max_body` in [fetch] if the document really is this large".into(),
            DropBoxError::Io { .. } => "let the user that runs kliping read it: `chmod a+r`".into(),
        }
    }
}

impl DropBox {
    /// The one at that place.
    pub fn new(path: &Path, max_body: u64) -> DropBox {
        DropBox { path: path.to_owned(), max_body }
    }

    /// Looks at what lies there; hidden files, and those that are being written, count as not there yet.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub fn look(&self) -> Result<Found, DropBoxError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => DropBoxError::Absent(self.path.clone()),
            _ => DropBoxError::Io { path: self.path.clone(), source },
        };
        let mut files = Vec::new();
        if fs::metadata(&self.path).map_err(failed)?.is_dir() {
            for entry in fs::read_dir(&self.path).map_err(failed)?.flatten() {
                files.extend(Some(entry.path()).filter(|path| is_document(path)).and_then(settled));
            }
        } else {
            files.extend(settled(self.path.clone()));
        }
        files.sort();
        let mut hasher = siphasher::sip::SipHasher13::new();
        files.hash(&mut hasher);
        let stamp = format!("{:016x}", hasher.finish());
        // The newest of very many.
        files.drain(..files.len().saturating_sub(MOST_FILES));
        Ok(Found { files: files.into_iter().map(|(_, _, path)| path).collect(), stamp })
    }

    /// Reads one of the files; gzip is recognised by its first bytes.
    ///
    /// # Errors
    /// It is too large, or cannot be read.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, DropBoxError> {
        let failed = |source| DropBoxError::Io { path: path.to_owned(), source };
        let file = fs::File::open(path).map_err(failed)?;
        let limit = self.max_body;
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(&*bytes).take(limit + 1).read_to_end(&mut plain).map_err(failed)?;
            bytes = plain;
        }
        if bytes.len() as u64 > limit {
            return Err(DropBoxError::TooLarge { path: path.to_owned(), limit });
        }
        Ok(bytes)
    }
}

fn is_document(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(".");
    let unfinished = ["~", ".tmp", ".part", ".swp", ".crdownload"].iter().any(|ending| name.ends_with(ending));
    !name.starts_with('.') && !unfinished && path.is_file()
}

/// When it was written, its size and its path; `None` where it may still be being written.
fn settled(path: PathBuf) -> Option<(SystemTime, u64, PathBuf)> {
    let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let written = metadata.modified().ok()?;
    // One from the future, after the clock was set, is as it is.
    let fresh = written.elapsed().is_ok_and(|age| age < SETTLED);
    (!fresh).then_some((written, metadata.len(), path))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn age(path: &Path, seconds: u64) {
        let file = fs::File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    }

    #[test]
    fn what_is_whole_is_taken_the_oldest_first() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, seconds: u64| {
            let path = folder.path().join(name);
            fs::write(&path, name).unwrap();
            age(&path, seconds);
        };
        let names = |found: &Found| {
            let names: Vec<_> =
                found.files.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
            names.join(" ")
        };
        let dropped = DropBox::new(folder.path(), 100);
        assert_eq!(names(&dropped.look().unwrap()), "");
        put("b.xml", 50);
        put("a.xml", 40);
        put(".hidden.xml", 40);
        put("c.xml.part", 40);
        put("fresh.xml", 0);
        let found = dropped.look().unwrap();
        assert_eq!(names(&found), "b.xml a.xml");
        assert_eq!(dropped.look().unwrap(), found);
        put("a.xml", 30);
        assert_ne!(dropped.look().unwrap().stamp, found.stamp);
        assert!(matches!(DropBox::new(&folder.path().join("none"), 9).look(), Err(DropBoxError::Absent(_))));
    }

    #[test]
    fn a_packed_document_is_unpacked_and_a_large_one_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml.gz");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&[b'x'; 5000]).unwrap();
        fs::write(&path, packed.finish().unwrap()).unwrap();
        assert_eq!(DropBox::new(folder.path(), 5000).read(&path).unwrap().len(), 5000);
        assert!(matches!(DropBox::new(folder.path(), 4999).read(&path), Err(DropBoxError::TooLarge { .. })));
    }
}
