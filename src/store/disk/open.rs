use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use sled::Db;

use crate::store::StoreError;
use crate::store::disk::keys;

/// The format that this kliping writes, and the highest that it reads.
const FORMAT: u32 = 1;
/// A store that was just closed is held for a moment longer by sled's own threads, and a daemon that is being restarted by
/// its predecessor.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pages that sled keeps in memory, in bytes. Its own default is a gigabyte.
const CACHE: u64 = 48 << 20;

/// Opens sled there and checks the format.
pub fn open(path: &Path) -> Result<Db, StoreError> {
    let io = |source| StoreError::Io { path: path.to_owned(), source };
    std::fs::create_dir_all(path).map_err(io)?;
    let begun = Instant::now();
    let mut begun_anew = false;
    let tree = loop {
        match open_once(path) {
            Err(StoreError::Held { .. }) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
            Err(StoreError::Damaged { .. } | StoreError::Io { .. }) if !begun_anew && was_never_begun(path) => {
                begun_anew = true;
                // Killed while sled wrote its very first file: nothing was kept yet, so nothing is lost by beginning anew.
                std::fs::remove_file(path.join("conf")).map_err(io)?;
            }
            opened => break opened?,
        }
    };
    let found = tree.get(keys::FORMAT).map_err(|error| translate(path, &error))?;
    match found.as_deref().map(keys::read_number) {
        None if tree.is_empty() => {
            let stamped = tree.insert(keys::FORMAT, &keys::number(u64::from(FORMAT))[..]);
            stamped.and_then(|_| tree.flush()).map_err(|error| translate(path, &error))?;
        }
        None => return Err(damaged(path, "it is no store of kliping's")),
        Some(number) if number > u64::from(FORMAT) => {
            let found = u32::try_from(number).unwrap_or(u32::MAX);
            return Err(StoreError::Newer { path: path.to_owned(), found, known: FORMAT });
        }
        Some(_) => {}
    }
    Ok(tree)
}

/// Whether sled's `conf` is there but its log holds nothing at all.
fn was_never_begun(path: &Path) -> bool {
    let empty = std::fs::metadata(path.join("db")).map_or(true, |log| log.len() == 0);
    empty && path.join("conf").exists()
}

fn open_once(path: &Path) -> Result<Db, StoreError> {
    let config = sled::Config::new().path(path).cache_capacity(CACHE).flush_every_ms(None);
    // sled panics on some damages instead of telling them.
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(opened) => opened.map_err(|error| translate(path, &error)),
        Err(panic) => {
            let what = panic.downcast_ref::<String>().cloned();
            Err(damaged(path, what.unwrap_or_else(|| "sled cannot make sense of it".into())))
        }
    }
}

/// A counter of the store, 0 where it was never written.
pub fn counter(tree: &Db, key: &[u8]) -> sled::Result<u64> {
    Ok(tree.get(key)?.map_or(0, |value| keys::read_number(&value)))
}

/// sled's error in our words.
pub fn translate(path: &Path, error: &sled::Error) -> StoreError {
    match error {
        sled::Error::Io(source) => {
            let text = source.to_string();
            if text.contains("could not acquire lock") || source.kind() == io::ErrorKind::WouldBlock {
                return StoreError::Held { path: path.to_owned() };
            }
            if text.contains("crc") || text.contains("corrupt") || source.kind() == io::ErrorKind::InvalidData {
                return damaged(path, text);
            }
            StoreError::Io { path: path.to_owned(), source: io::Error::new(source.kind(), text) }
        }
        sled::Error::Corruption { .. } => damaged(path, "a checksum does not match"),
        other => damaged(path, other.to_string()),
    }
}

/// The store is damaged.
pub fn damaged(path: &Path, what: impl Into<String>) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), what: what.into() }
}
