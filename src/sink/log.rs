//! A file that only grows, for one process at a time: what was added is durable when that is said.

use super::disk::Disk;
use crate::domain::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// With its end. Longer ones are never added, and come in pieces: a damaged file is not read into memory whole.
pub const LONGEST_LINE: usize = 16 << 10;

/// Locked while it lives; the lock goes with the process, however that ends. Blocks.
pub struct Log {
    file: File,
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Whether its name may still be lost in a crash.
    fresh: bool,
    /// After one failure nobody knows what the file holds: it takes nothing more.
    broken: bool,
}

impl Log {
    /// Opens the file, or makes it, and locks it.
    pub fn open(disk: Arc<dyn Disk>, path: &Path) -> Result<Log, Error> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(|cause| told(&cause))?;
        match file.try_lock() {
            Ok(()) => Ok(Log { file, disk, folder: folder.to_owned(), fresh: true, broken: false }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::Journal { code: "journal-in-use", reason: "another run is using it".to_owned() })
            }
            Err(TryLockError::Error(cause)) => Err(told(&cause)),
        }
    }

    /// Hands each line with its end to `each`.
    pub fn lines(&mut self, mut each: impl FnMut(&[u8])) -> Result<(), Error> {
        self.file.seek(SeekFrom::Start(0)).map_err(|cause| told(&cause))?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        while reader.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut line).map_err(|cause| told(&cause))? > 0
        {
            each(&line);
            line.clear();
        }
        Ok(())
    }

    /// Cuts off what stands behind `length` bytes.
    pub fn cut(&mut self, length: u64) -> Result<(), Error> {
        let cut = self.file.set_len(length).and_then(|()| self.file.sync_all());
        self.kept(cut)
    }

    /// Adds `bytes`, durably. After a failure nothing is added any more.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.broken {
            return Err(Error::Journal { code: "journal-unusable", reason: "writing it failed before".to_owned() });
        }
        let written = self.disk.append(&mut self.file, bytes).and_then(|()| self.disk.sync(&self.file));
        let named = written.and_then(|()| if self.fresh { self.disk.sync_folder(&self.folder) } else { Ok(()) });
        self.fresh = false;
        self.kept(named)
    }

    fn kept(&mut self, outcome: io::Result<()>) -> Result<(), Error> {
        self.broken |= outcome.is_err();
        outcome.map_err(|cause| told(&cause))
    }
}

fn told(cause: &io::Error) -> Error {
    let (code, reason) = match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("disk-full", "no space is left for it".to_owned()),
        ErrorKind::NotFound => ("folder-missing", "its folder does not exist".to_owned()),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            ("read-only", "it may not be written".to_owned())
        }
        kind => ("journal-unusable", format!("reading or writing it failed: {kind}")),
    };
    Error::Journal { code, reason }
}
