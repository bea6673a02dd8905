use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy};

use crate::domain::Item;
use crate::search::error::{SearchError, translate};
use crate::search::schema::{Fields, STEMMING, schema};
use crate::search::tokens::Stemming;

/// Changes with the schema, the tokenizer and the stems: an index of another number is built anew.
pub const FORMAT: u32 = 1;
/// What the writer may hold in memory, in bytes: the least that tantivy allows.
const HEAP: usize = 15_000_000;
/// A segment is written anew without what was replaced in it when that is so large a part of it.
const REPLACED: f32 = 0.25;

/// Segments of so many items are not merged any more: what a merge costs stays bounded, and a search for the newest, or the best among
/// them, need not look into old ones.
const LARGE: usize = 16_000;

/// How far the index has come. It is written with what it tells of, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Every change of the store up to this one is in it.
    pub change: u64,
    /// Items below this number are not in it yet; 0 where all are.
    pub below: u64,
}

/// The index on disk.
pub struct Index {
    path: PathBuf,
    opened: RwLock<Arc<Opened>>,
    writer: Mutex<Option<IndexWriter>>,
    progress: Mutex<Option<Progress>>,
    generation: AtomicU64,
    complete: AtomicBool,
    damaged: AtomicBool,
}

/// The index as it is read.
pub struct Opened {
    pub fields: Fields,
    pub reader: IndexReader,
    index: tantivy::Index,
}

impl Index {
    /// Opens the index in that directory, or begins one there. One that is damaged, or of another kliping, is thrown away.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn open(path: &Path) -> Result<Index, SearchError> {
        let opened = match open(path) {
            Err(SearchError::Damaged { what, .. }) => {
                tracing::warn!("the search index is of no use and is built anew: {what}");
                begin(path)?
            }
            opened => opened?,
        };
        Ok(Index {
            path: path.to_owned(),
            progress: Mutex::new(opened.progress()),
            opened: RwLock::new(Arc::new(opened)),
            writer: Mutex::new(None),
            generation: AtomicU64::new(0),
            complete: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
        })
    }

    /// How far it has come; `None` where it was only begun.
    pub fn progress(&self) -> Option<Progress> {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many items are in it.
    pub fn count(&self) -> u64 {
        self.opened().reader.searcher().num_docs()
    }

    /// A number that is another one whenever something else may be found.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether all that is kept is in it, but for what came in the last seconds.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire) && !self.is_damaged()
    }

    /// Says whether it is.
    pub fn set_complete(&self, complete: bool) {
        if self.complete.swap(complete, Ordering::AcqRel) != complete {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Whether its files were found damaged; it is then to be begun anew.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    /// Looks at every byte of its files: a second or so for each gigabyte.
    ///
    /// # Errors
    /// They cannot be read, or do not hold what they should.
    pub fn verify(&self) -> Result<(), SearchError> {
        let damaged = self.opened().index.validate_checksum().map_err(|error| self.translate(&error))?;
        match damaged.iter().next() {
            None => Ok(()),
            Some(file) => Err(self.found_damaged(format!("the checksum of `{}` does not match", file.display()))),
        }
    }

    /// Throws everything away and begins anew; until it is written to, what was thrown away is still searched.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begin_anew(&self) -> Result<(), SearchError> {
        self.set_complete(false);
        // The old writer's threads must be gone before its files are.
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let opened = Arc::new(begin(&self.path)?);
        self.note(None);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = opened;
        self.damaged.store(false, Ordering::Release);
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// Adds items, and what replaces items that are in it, and notes how far it has come: all of it or nothing.
    ///
    /// # Errors
    /// The disk refuses, or the files are damaged.
    pub fn write(&self, added: &[Item], replaced: &[Item], progress: Progress) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = self.opened();
        match write(slot.take(), &opened, added, replaced, progress) {
            Ok(writer) => *slot = Some(writer),
            Err(error) => {
                // Nobody knows what the writer held: it is gone, and the next one begins from what was committed.
                self.note(opened.progress());
                return Err(self.translate(&error));
            }
        }
        self.note(Some(progress));
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    fn note(&self, progress: Option<Progress>) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// What is read now.
    pub fn opened(&self) -> Arc<Opened> {
        Arc::clone(&self.opened.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// tantivy's error in our words; a damage is remembered.
    pub fn translate(&self, error: &tantivy::TantivyError) -> SearchError {
        let error = translate(&self.path, error);
        if matches!(error, SearchError::Damaged { .. }) {
            self.damaged.store(true, Ordering::Release);
        }
        error
    }

    /// Remembers a damage.
    pub fn found_damaged(&self, what: String) -> SearchError {
        self.damaged.store(true, Ordering::Release);
        SearchError::Damaged { path: self.path.clone(), what }
    }
}

impl Opened {
    fn progress(&self) -> Option<Progress> {
        let payload = self.index.load_metas().ok()?.payload?;
        let mut numbers = payload.split(' ').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        (next()? == u64::from(FORMAT)).then_some(())?;
        Some(Progress { change: next()?, below: next()? })
    }
}

/// Begins in an empty directory.
fn begin(path: &Path) -> Result<Opened, SearchError> {
    let refused = |error: std::io::Error| SearchError::Refused { path: path.to_owned(), what: error.to_string() };
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(refused(error)),
        _ => {}
    }
    open(path)
}

/// Opens it there. What tantivy says of damaged files may also be a panic.
fn open(path: &Path) -> Result<Opened, SearchError> {
    catch_unwind(|| try_open(path)).unwrap_or_else(|_| {
        Err(SearchError::Damaged { path: path.to_owned(), what: "it cannot be made sense of".into() })
    })
}

fn try_open(path: &Path) -> Result<Opened, SearchError> {
    let refused = |error: std::io::Error| SearchError::Refused { path: path.to_owned(), what: error.to_string() };
    std::fs::create_dir_all(path).map_err(refused)?;
    let translate = |error: tantivy::TantivyError| translate(path, &error);
    let (schema, fields) = schema();
    let directory = MmapDirectory::open(path).map_err(|error| translate(error.into()))?;
    let index = tantivy::Index::open_or_create(directory, schema).map_err(translate)?;
    index.tokenizers().register(STEMMING, Stemming::default());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(translate)?;
    let opened = Opened { fields, reader, index };
    if opened.reader.searcher().num_docs() > 0 && opened.progress().is_none() {
        return Err(SearchError::Damaged { path: path.to_owned(), what: "it is of another kliping".into() });
    }
    Ok(opened)
}

fn start(opened: &Opened) -> tantivy::Result<IndexWriter> {
    let options =
        IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(HEAP).num_merge_threads(1).build();
    let writer = opened.index.writer_with_options(options)?;
    let mut merging = LogMergePolicy::default();
    merging.set_del_docs_ratio_before_merge(REPLACED);
    merging.set_max_docs_before_merge(LARGE);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}

fn write(
    writer: Option<IndexWriter>,
    opened: &Opened,
    added: &[Item],
    replaced: &[Item],
    progress: Progress,
) -> tantivy::Result<IndexWriter> {
    let mut writer = writer.map_or_else(|| start(opened), Ok)?;
    let fields = &opened.fields;
    for item in replaced {
        writer.delete_term(fields.by_number(item.id));
    }
    for item in replaced.iter().chain(added) {
        writer.add_document(fields.document(item))?;
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&format!("{FORMAT} {} {}", progress.change, progress.below));
    commit.commit()?;
    opened.reader.reload()?;
    Ok(writer)
}
