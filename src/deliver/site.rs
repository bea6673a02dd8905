use std::collections::HashSet;
use std::fs::{self, File, Permissions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use crate::deliver::{brotli, gzip};
use crate::domain::Instant;

// Why file by file and not the whole directory at once: docs/decisions/static.md.

/// Tells a directory of ours from one that somebody filled by hand.
const MARK: &str = ".kliping";
/// What a file is called while it is written: a name that begins with a dot is served by no one.
const UNFINISHED: &str = ".kliping-new";
/// Below this a file gets no packed forms: they would save less than a packet.
const WORTH_PACKING: usize = 512;

/// Why files could not be delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The directory holds what kliping did not write.
    #[error("`{0}` holds files that kliping did not write; they would be lost")]
    NotOurs(PathBuf),
    /// It holds something that would be removed with what is of no use there.
    #[error("`{what}` lies in `{directory}`, from which kliping removes what it did not publish")]
    Holds {
        /// The directory.
        directory: PathBuf,
        /// What is in it.
        what: PathBuf,
    },
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
            DeliverError::Holds { .. } => "name a directory of its own for what is published".into(),
            DeliverError::Io { path, source } => match source.kind() {
                ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                    "a file is where a directory should be: name another directory".into()
                }
                ErrorKind::NotFound => "name a directory that can be made".into(),
                ErrorKind::ReadOnlyFilesystem => {
                    "systemd or the file system forbids it: docs/configuration.md shows the drop-in, below [publish]"
                        .into()
                }
                ErrorKind::PermissionDenied => format!("let the user that runs kliping write `{}`", path.display()),
                _ => format!("check the space and the rights of `{}`", path.display()),
            },
        }
    }
}

/// What one pass over a site's files did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Files that are there, packed forms aside.
    pub files: usize,
    /// Those of them that were new or other than before.
    pub written: usize,
    /// Files that were removed, packed forms included.
    pub removed: usize,
}

/// A directory that a plain web server, or what copies to an object store, serves: files of a site, each beside its `.gz` and `.br`.
/// Only what changed is rewritten, each file at once.
#[derive(Debug)]
pub struct Site {
    directory: PathBuf,
    /// Hashes of the names that were put, so that the rest can be removed: a few bytes for each file.
    named: HashSet<u64>,
    hasher: RandomState,
    delivered: Delivered,
}

impl Site {
    /// A pass over that directory, which is made where there is none. None of `precious` may be in it.
    ///
    /// # Errors
    /// [`DeliverError`]: it holds files of somebody else or what is precious, or the disk refuses.
    pub fn open(directory: &Path, precious: &[&Path]) -> Result<Site, DeliverError> {
        if let Some(what) = precious.iter().find(|path| lies_in(path, directory)) {
            return Err(DeliverError::Holds { directory: directory.to_owned(), what: what.to_path_buf() });
        }
        if !is_ours(directory).map_err(at(directory))? {
            return Err(DeliverError::NotOurs(directory.to_owned()));
        }
        make_folder(directory).map_err(at(directory))?;
        let mark = directory.join(MARK);
        if !mark.exists() {
            fs::write(&mark, "kliping writes this directory and removes what else it finds in it\n")
                .map_err(at(&mark))?;
        }
        let (named, hasher) = (HashSet::new(), RandomState::new());
        Ok(Site { directory: directory.to_owned(), named, hasher, delivered: Delivered::default() })
    }

    /// Puts a file there, unless it stands there with the same bytes. `changed` becomes its time, so that a web server's
    /// `Last-Modified` and `ETag` tell when it changed and not when it was written.
    ///
    /// # Errors
    /// The disk's; the file is then as it was.
    pub fn put(&mut self, name: &str, bytes: &[u8], changed: Option<Instant>) -> Result<(), DeliverError> {
        let path = self.directory.join(name);
        // Names are made of checked ids; what would lead out of the directory is none.
        if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
            let source = io::Error::from(ErrorKind::InvalidInput);
            return Err(DeliverError::Io { path, source });
        }
        let packs = bytes.len() >= WORTH_PACKING && is_text(name);
        let forms: &[&str] = if packs { &["", ".gz", ".br"] } else { &[""] };
        self.named.extend(forms.iter().map(|form| self.hasher.hash_one(format!("{name}{form}"))));
        self.delivered.files += 1;
        let there = |form: &&str| form.is_empty() || with(&path, form).exists();
        if forms.iter().all(there) && is_same(&path, bytes).map_err(at(&path))? {
            return Ok(());
        }
        let parent = path.parent().unwrap_or(&self.directory);
        make_folder(parent).map_err(at(parent))?;
        let time = changed.map(SystemTime::from).filter(|time| {
            // Another content under an older or the same time would look unchanged to who asks by it.
            fs::metadata(&path).and_then(|old| old.modified()).map_or(true, |old| old < *time)
        });
        // The plain file comes last: where this ends in between, it is still another, and all are written again.
        if packs {
            write(&with(&path, ".br"), &brotli(bytes), time)?;
            write(&with(&path, ".gz"), &gzip(bytes), time)?;
        } else {
            // A web server would go on with those of before.
            remove(&with(&path, ".br"))?;
            remove(&with(&path, ".gz"))?;
        }
        write(&path, bytes, time)?;
        self.delivered.written += 1;
        Ok(())
    }

    /// Removes what was not put in this pass, but no name that begins with a dot: those are a web server's or a copier's.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove_others(&mut self) -> Result<(), DeliverError> {
        let directory = self.directory.clone();
        self.clear(&directory, "").map(drop)
    }

    /// What this pass did.
    pub fn delivered(&self) -> Delivered {
        self.delivered
    }

    /// Whether anything is left in a folder.
    fn clear(&mut self, folder: &Path, below: &str) -> Result<bool, DeliverError> {
        let mut left = false;
        for entry in fs::read_dir(folder).map_err(at(folder))? {
            let entry = entry.map_err(at(folder))?;
            let (path, file_name) = (entry.path(), entry.file_name());
            // A link is not followed: it may lead anywhere.
            let is_folder = entry.file_type().map_err(at(&path))?.is_dir();
            let name = file_name.to_str().map(|name| format!("{below}{name}"));
            let is_hidden = file_name.to_str().is_some_and(|name| name.starts_with('.') && !name.ends_with(UNFINISHED));
            let named = name.as_ref().is_some_and(|name| self.named.contains(&self.hasher.hash_one(name)));
            if is_hidden || (named && !is_folder) {
                left = true;
            } else if is_folder {
                let name = name.unwrap_or_default();
                if self.clear(&path, &format!("{name}/"))? {
                    left = true;
                } else {
                    fs::remove_dir(&path).map_err(at(&path))?;
                }
            } else {
                fs::remove_file(&path).map_err(at(&path))?;
                self.delivered.removed += 1;
            }
        }
        Ok(left)
    }
}

/// Whether a path leads to a directory or below it, by whatever links.
pub fn lies_in(path: &Path, directory: &Path) -> bool {
    real(path).starts_with(real(directory))
}

/// A path without links and detours, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = whole.ancestors().find_map(|part| Some((fs::canonicalize(part).ok()?, part)));
    let Some((real, part)) = there else { return whole };
    whole.strip_prefix(part).map_or(whole.clone(), |rest| real.join(rest))
}

/// New, empty, or marked.
fn is_ours(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
        Ok(mut entries) => Ok(entries.next().is_none() || directory.join(MARK).exists()),
    }
}

fn is_text(name: &str) -> bool {
    !name.ends_with(".png")
}

/// Whether a file has those bytes; its length is looked at first.
fn is_same(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() == bytes.len() as u64 => Ok(fs::read(path)? == bytes),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A reader sees all of the old file or all of the new, and one who has the old one open reads it to its end.
fn write(path: &Path, bytes: &[u8], time: Option<SystemTime>) -> Result<(), DeliverError> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let unfinished = path.with_file_name(format!(".{name}{UNFINISHED}"));
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        // Whatever this process may hide by its umask: what is published is for everybody. (Some file systems know no such thing.)
        let _ = file.set_permissions(Permissions::from_mode(0o644));
        if let Some(time) = time {
            file.set_modified(time)?;
        }
        drop(file);
        fs::rename(&unfinished, path)
    };
    write().map_err(at(path))
}

/// A folder that everybody may look into, as what is published is for everybody; one that is there is left as it is.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    folder.parent().map_or(Ok(()), make_folder)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.map(|()| {
            let _ = fs::set_permissions(folder, Permissions::from_mode(0o755));
        }),
    }
}

fn remove(path: &Path) -> Result<(), DeliverError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

fn with(path: &Path, form: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(form);
    PathBuf::from(name)
}

fn at(path: &Path) -> impl Fn(io::Error) -> DeliverError + use<> {
    let path = path.to_owned();
    move |source| DeliverError::Io { path: path.clone(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(directory: &Path, files: &[(&str, &[u8])]) -> Delivered {
        let mut site = Site::open(directory, &[]).unwrap();
        for (name, bytes) in files {
            site.put(name, bytes, "2024-07-11T06:00:00Z".parse().ok()).unwrap();
        }
        site.remove_others().unwrap();
        site.delivered()
    }

    #[test]
    fn only_what_changed_is_written_and_what_vanished_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let site = base.path().join("site");
        let long = vec![b'a'; 5000];
        let files: [(&str, &[u8]); 3] = [("index.html", &long), ("topics/tppo.rss", b"<rss/>"), ("icon.png", &long)];
        assert_eq!(pass(&site, &files), Delivered { files: 3, written: 3, removed: 0 });
        let time = |name: &str| fs::metadata(site.join(name)).unwrap().modified().unwrap();
        let told: Instant = "2024-07-11T06:00:00Z".parse().unwrap();
        assert!(time("index.html") == SystemTime::from(told) && time("index.html.gz") == time("index.html"));
        assert!(site.join("index.html.br").exists());
        assert!(!site.join("icon.png.gz").exists() && !site.join("topics/tppo.rss.gz").exists(), "not worth it");
        assert_eq!(pass(&site, &files), Delivered { files: 3, written: 0, removed: 0 });
        fs::remove_file(site.join("index.html.br")).unwrap();
        fs::write(site.join(".nojekyll"), "").unwrap();
        fs::write(site.join(format!(".gone.html{UNFINISHED}")), "half").unwrap();
        let changed: [(&str, &[u8]); 1] = [("index.html", &long)];
        assert_eq!(pass(&site, &changed), Delivered { files: 1, written: 1, removed: 3 });
        assert!(
            site.join("index.html.br").exists() && site.join(".nojekyll").exists() && !site.join("topics").exists()
        );
        let other: [(&str, &[u8]); 1] = [("index.html", &[b'b'; 5000])];
        pass(&site, &other);
        assert!(time("index.html") > SystemTime::from(told), "another content has another time");
        let short: [(&str, &[u8]); 1] = [("index.html", b"kosong")];
        Site::open(&site, &[]).unwrap().put(short[0].0, short[0].1, None).unwrap();
        assert!(!site.join("index.html.gz").exists(), "no packed form of what was there before");
        let mode = |name: &str| fs::metadata(site.join(name)).unwrap().permissions().mode() & 0o777;
        pass(&site, &files);
        assert_eq!((mode("index.html"), mode("topics"), mode("")), (0o644, 0o755, 0o755));
    }

    #[test]
    fn foreign_files_are_spared() {
        let base = tempfile::tempdir().unwrap();
        fs::write(base.path().join("thesis.txt"), "x").unwrap();
        assert!(matches!(Site::open(base.path(), &[]), Err(DeliverError::NotOurs(_))));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1);
        let site = base.path().join("site");
        let store = site.join("data/store");
        assert!(matches!(Site::open(&site, &[&store]), Err(DeliverError::Holds { .. })), "it is still to be made");
        fs::create_dir_all(&store).unwrap();
        std::os::unix::fs::symlink(&site, base.path().join("www")).unwrap();
        assert!(lies_in(&store, &base.path().join("www")) && lies_in(&store, &store) && !lies_in(&site, &store));
        assert!(!lies_in(&base.path().join("site-data"), &site), "a like name is not the same");
        fs::remove_dir_all(&site).unwrap();
        for name in ["../x", "/etc/x", "a/../../x"] {
            assert!(Site::open(&site, &[]).unwrap().put(name, b"x", None).is_err(), "{name}");
        }
    }
}
