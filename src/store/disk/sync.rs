use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// Makes what sled has written survive the loss of power.
///
/// sled's `flush` hands its buffers to the system and calls `sync_file_range`, which outlives `kill -9` but not a power
/// cut: it neither waits for the disk's own cache nor writes the file's length. So the file is synced here, and with it the
/// blobs that sled keeps beside it for very large nodes and does not sync at all.
#[derive(Debug)]
pub struct Syncer {
    log: File,
    directory: PathBuf,
    blobs: PathBuf,
    /// The highest blob already synced; sled names them by ascending numbers.
    synced: u64,
}

impl Syncer {
    /// For an open store in `directory`.
    pub fn new(directory: &Path) -> Result<Syncer, StoreError> {
        let begin = || -> io::Result<Syncer> {
            let log = File::open(directory.join("db"))?;
            let blobs = directory.join("blobs");
            let synced = blob_numbers(&blobs)?.into_iter().max().unwrap_or(0);
            File::open(directory)?.sync_all()?;
            Ok(Syncer { log, directory: directory.to_owned(), blobs, synced })
        };
        begin().map_err(|source| StoreError::Io { path: directory.to_owned(), source })
    }

    /// Returns when everything that sled has flushed is on the disk.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        let run = |syncer: &mut Syncer| -> io::Result<()> {
            let fresh: Vec<u64> =
                blob_numbers(&syncer.blobs)?.into_iter().filter(|blob| *blob > syncer.synced).collect();
            for blob in &fresh {
                // A blob may already be superseded and removed again.
                match File::open(syncer.blobs.join(blob.to_string())) {
                    Ok(file) => file.sync_all()?,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            if let Some(highest) = fresh.into_iter().max() {
                File::open(&syncer.blobs)?.sync_all()?;
                syncer.synced = highest;
            }
            syncer.log.sync_all()
        };
        run(self).map_err(|source| StoreError::Io { path: self.directory.clone(), source })
    }
}

fn blob_numbers(blobs: &Path) -> io::Result<Vec<u64>> {
    let entries = match std::fs::read_dir(blobs) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let number = |entry: io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    Ok(entries.filter_map(number).collect())
}
