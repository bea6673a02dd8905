use std::path::{Path, PathBuf};
use std::time::Instant as Stopwatch;

use crate::domain::{Complaint, Instant, Source, Validators, Watch};
use crate::fetch::{Document, DropBox, DropBoxError, Headers};
use crate::pipeline::poller::Polled;
use crate::pipeline::{Arrival, Counts, PollReport, Poller, Settled, WriteError};
use crate::schedule::{self, Brought, Failure, Told};

/// Arrivals that are written at once: they are held in memory as a whole.
const MOST_ARRIVALS: usize = 2_000;

impl Poller {
    /// Takes the documents of a file or folder. What lies there unchanged since the last time is not read.
    pub(super) async fn take_files(
        &self,
        source: &Source,
        path: &Path,
        before: Watch,
        begun: Stopwatch,
    ) -> Result<PollReport, WriteError> {
        let now = (self.clock)();
        let before = before.of(source);
        let dropped = DropBox::new(path, self.settings.borrow().limits.max_body);
        let look = dropped.clone();
        let found = match tokio::task::spawn_blocking(move || look.look()).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return self.settle(source, failed(before, &error, now), now, begun).await,
            Err(_) => return Err(WriteError::Ended),
        };
        let stamp =
            Some(Validators { url: source.url.to_string(), etag: Some(found.stamp.into_bytes()), last_modified: None });
        if before.validators == stamp {
            let watch = schedule::unchanged(before, None, &[], Told::default(), now);
            return self.settle(source, Polled::without_document(watch, Told::default()), now, begun).await;
        }
        let mut brought = Brought { validators: stamp, whole: true, ..Brought::default() };
        let (mut bytes, mut arrivals, mut kept) = (0, Vec::new(), Counts::default());
        for path in found.files {
            match self.take_file(source, &dropped, path.clone(), before.guids_untrusted, now).await {
                Ok((size, intake)) => {
                    bytes += size;
                    brought.entries += intake.entries;
                    brought.guids_untrusted |= intake.guids_untrusted;
                    let named = |one: Complaint| Complaint { place: format!("{}, {}", name(&path), one.place), ..one };
                    brought.complaints.extend(intake.complaints.into_iter().map(named).take(5));
                    arrivals.extend(intake.arrivals);
                }
                // One bad file costs no other; when it is mended its time is another, and it is read again. One that could not be had may
                // be had next time as it is.
                Err((what, had)) => {
                    brought.whole &= had;
                    brought.complaints.push(Complaint { what, place: name(&path), mended: false });
                }
            }
            if arrivals.len() >= MOST_ARRIVALS {
                kept += self.keep(source, &before, std::mem::take(&mut arrivals), now).await?;
            }
        }
        brought.complaints.truncate(50);
        let (entries, told) = (brought.entries, Told::default());
        let watch = schedule::fetched(before, brought, &[], told, now);
        let polled = Polled { arrivals, kept, bytes, entries, ..Polled::without_document(watch, told) };
        self.settle(source, polled, now, begun).await
    }

    async fn take_file(
        &self,
        source: &Source,
        dropped: &DropBox,
        path: PathBuf,
        guids_untrusted: bool,
        now: Instant,
    ) -> Result<(u64, crate::pipeline::Intake), (String, bool)> {
        let dropped = dropped.clone();
        let read = tokio::task::spawn_blocking(move || dropped.read(&path)).await;
        let bytes = read.map_err(|error| (error.to_string(), false))?.map_err(|error| (error.to_string(), false))?;
        let size = bytes.len() as u64;
        let document = Document {
            bytes,
            url: source.url.clone(),
            hops: Vec::new(),
            content_type: None,
            headers: Headers::default(),
            truncated: false,
        };
        match self.take_in(source, document, guids_untrusted, now).await {
            Some(Ok(intake)) => Ok((size, intake)),
            Some(Err(error)) => Err((error.to_string(), true)),
            None => Err((crate::pipeline::poller::stumbled().what, true)),
        }
    }

    /// Writes what has been read so far. The watch stays as it was, so that the rest comes again if this process ends now.
    pub(super) async fn keep(
        &self,
        source: &Source,
        before: &Watch,
        arrivals: Vec<Arrival>,
        now: Instant,
    ) -> Result<Counts, WriteError> {
        let settled = Settled { source: source.id.clone(), watch: before.clone(), arrivals, now };
        self.writer.write(settled).await
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn failed(before: Watch, error: &DropBoxError, now: Instant) -> Polled {
    let failure = Failure { kind: error.kind().into(), what: error.to_string(), hint: error.hint() };
    // A folder of this machine need not be left alone.
    let watch = Watch { wait: None, ..schedule::failed(before, failure, Told::default(), now) };
    Polled::without_document(watch, Told::default())
}
