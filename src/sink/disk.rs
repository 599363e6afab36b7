//! The few things a batch run asks of a disk, behind a seam, so that tests can make each of them fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes, syncs and renames, one call each. An error from any of them says nothing of what reached the disk.
pub trait Disk: Send + Sync + 'static {
    /// Makes a file that is not there yet, with these bytes: not durable before it is synced.
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<File>;

    /// Adds to the end of a file that was opened for that.
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was written durable.
    fn sync(&self, file: &File) -> io::Result<()>;

    /// Puts a file under its name, in the place of what was there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The disk itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        Ok(file)
    }

    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// A folder that may be written but not read (a drop box), and a file system without such a call, keep the names
    /// all the same. Windows has no such call, and needs none.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(folder).and_then(|folder| folder.sync_all()) {
            Err(cause) if matches!(cause.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidInput) => Ok(()),
            outcome => outcome,
        }
    }
}
