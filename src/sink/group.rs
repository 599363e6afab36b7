//! Many documents saved to a folder as one group: one wait for the disk instead of one for each.

use super::disk::{Disk, LocalDisk};
use super::failure::failure;
use crate::domain::Error;
use crate::seal::Digest;
use std::collections::BTreeSet;
use std::fs;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One document and the name it is to have: slashes part folders.
#[derive(Clone)]
pub struct Parcel {
    pub name: String,
    pub bytes: Arc<[u8]>,
    pub digest: Digest,
}

/// What became of each parcel of a group, in order.
pub type Saving<'a> = Pin<Box<dyn Future<Output = Vec<Result<(), Error>>> + Send + 'a>>;

/// Where the documents of a run go. What is said to be saved stays saved, even if the power fails at once.
pub trait GroupSink: Send + Sync + 'static {
    fn save(&self, group: Vec<Parcel>) -> Saving<'_>;

    /// Where it leads, without anything secret: a run resumes to the same place only.
    fn address(&self) -> String;
}

/// Files of a group are written and synced by this many threads: the file system joins their waits.
const WRITERS: usize = 8;

/// A folder, its files placed in it under a template's names.
#[derive(Clone)]
pub struct FolderSink {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    /// Begins the name of every temporary file, so that those of a run that was killed can be told and swept.
    mark: String,
    next: AtomicU64,
}

/// A parcel on the disk, not yet under its name.
struct Written {
    temporary: PathBuf,
    target: PathBuf,
}

impl FolderSink {
    /// The folder must exist; folders below it are made. `run` is this run's own word.
    pub fn new(folder: impl Into<PathBuf>, run: &str) -> FolderSink {
        FolderSink::on(Arc::new(LocalDisk), folder, run)
    }

    /// The same on another disk.
    pub fn on(disk: Arc<dyn Disk>, folder: impl Into<PathBuf>, run: &str) -> FolderSink {
        let mark = format!(".registrary-{run}-");
        FolderSink { inner: Arc::new(Inner { folder: folder.into(), disk, mark, next: AtomicU64::new(0) }) }
    }

    /// Removes the temporary files that a run of this name left when it was killed. Blocks.
    pub fn sweep(&self) -> Result<(), Error> {
        self.inner.sweep().map_err(|cause| failure(&self.inner.folder, &cause))
    }
}

impl GroupSink for FolderSink {
    fn save(&self, group: Vec<Parcel>) -> Saving<'_> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            let count = group.len();
            let each = count.div_ceil(WRITERS).max(1);
            let chunks: Vec<Vec<Parcel>> = group.chunks(each).map(<[Parcel]>::to_vec).collect();
            let writers = chunks.into_iter().map(|chunk| {
                let inner = Arc::clone(&inner);
                blocking(chunk.len(), move || chunk.iter().map(|parcel| inner.write(parcel)).collect())
            });
            let written: Vec<_> = futures_util::future::join_all(writers).await.into_iter().flatten().collect();
            let placing = Arc::clone(&inner);
            let placed = blocking(count, move || placing.place(written)).await;
            placed.into_iter().map(|outcome| outcome.map_err(|cause| failure(&inner.folder, &cause))).collect()
        })
    }

    fn address(&self) -> String {
        let folder = fs::canonicalize(&self.inner.folder).unwrap_or_else(|_| self.inner.folder.clone());
        folder.to_string_lossy().into_owned()
    }
}

/// Runs `work` on a thread for blocking work; where that thread is lost, every outcome is an error.
async fn blocking<T: Send + 'static>(
    count: usize,
    work: impl FnOnce() -> Vec<io::Result<T>> + Send + 'static,
) -> Vec<io::Result<T>> {
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.unwrap_or_else(|_| (0..count).map(|_| Err(io::Error::from(ErrorKind::Interrupted))).collect())
}

impl Inner {
    /// The parcel in a temporary file, durable. The folder that the name leads to is there from here on.
    fn write(&self, parcel: &Parcel) -> io::Result<Written> {
        let target = self.target(&parcel.name)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(format!("{}{number}.tmp", self.mark));
        let durable = self.disk.create(&temporary, &parcel.bytes).and_then(|file| self.disk.sync(&file));
        if let Err(cause) = durable {
            // It may not be there at all; what stays is swept by the next run.
            let _ = fs::remove_file(&temporary);
            return Err(self.told(cause));
        }
        Ok(Written { temporary, target })
    }

    /// A folder in the way of the folder is told apart from one that is missing.
    fn told(&self, cause: io::Error) -> io::Error {
        match fs::metadata(&self.folder) {
            Ok(found) if !found.is_dir() => ErrorKind::NotADirectory.into(),
            _ => cause,
        }
    }

    fn target(&self, name: &str) -> io::Result<PathBuf> {
        let mut path = self.folder.clone();
        let mut parts = name.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if parts.peek().is_some() {
                make_folder(&path)?;
            }
        }
        Ok(path)
    }

    /// Every file under its name, then the names durable. A file whose name may be lost counts as not saved.
    fn place(&self, written: Vec<io::Result<Written>>) -> Vec<io::Result<()>> {
        let placed: Vec<io::Result<PathBuf>> =
            written.into_iter().map(|file| file.and_then(|file| self.renamed(file))).collect();
        // A folder just made is a name in the one above it.
        let upwards = |path: &'_ PathBuf| -> Vec<PathBuf> {
            path.ancestors().skip(1).take_while(|above| above.starts_with(&self.folder)).map(Path::to_owned).collect()
        };
        let all: BTreeSet<PathBuf> = placed.iter().flatten().flat_map(upwards).collect();
        let lost = all.into_iter().find_map(|folder| self.disk.sync_folder(&folder).err());
        let lost = lost.map(|cause| cause.kind());
        placed
            .into_iter()
            .map(|outcome| match lost {
                Some(kind) => outcome.and(Err(kind.into())),
                None => outcome.map(|_| ()),
            })
            .collect()
    }

    fn renamed(&self, file: Written) -> io::Result<PathBuf> {
        match self.disk.rename(&file.temporary, &file.target) {
            Ok(()) => Ok(file.target),
            Err(cause) => {
                let _ = fs::remove_file(&file.temporary);
                Err(cause)
            }
        }
    }

    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let ours = name.to_str().is_some_and(|name| name.starts_with(&self.mark) && name.ends_with(".tmp"));
            if ours {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Makes a folder that is not there. A link in its place is refused: it may lead anywhere.
fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(path)?;
            if found.is_dir() { Ok(()) } else { Err(ErrorKind::NotADirectory.into()) }
        }
        outcome => outcome,
    }
}
