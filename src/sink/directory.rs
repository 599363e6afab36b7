//! Saving to a folder, atomically: a reader finds the whole file or none, whatever fails and whenever.

use super::failure::failure;
use super::name::file_name;
use crate::domain::{Error, StudentId};
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A folder that transcripts are saved to, one file per student. An earlier transcript of the same student is
/// replaced in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectorySink {
    folder: PathBuf,
}

impl DirectorySink {
    /// The folder must exist when something is saved; it is never made here, so that a misspelt path is noticed.
    pub fn new(folder: impl Into<PathBuf>) -> DirectorySink {
        DirectorySink { folder: folder.into() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where this student's transcript goes: always a file right inside the folder.
    pub fn path_of(&self, id: &StudentId) -> PathBuf {
        self.folder.join(file_name(id))
    }

    /// Saves and tells where. Blocks. `proceed` is asked right before the file appears under its name: an error
    /// from it leaves the folder as it was.
    pub fn save(
        &self,
        id: &StudentId,
        bytes: &[u8],
        proceed: impl FnOnce() -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let path = self.path_of(id);
        place(&self.folder, &path, bytes, proceed)?;
        Ok(path)
    }
}

/// Saves to a path of the caller's own choosing, in the same way: atomically, in a folder that exists. Blocks. What is
/// there and is no file (a folder, or /dev/null) is refused: the renaming would put a file in its place.
pub fn save_as(path: &Path, bytes: &[u8], proceed: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    if path.file_name().is_none() || fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(Error::Sink { code: "save-failed", reason: format!("{} is no file", path.display()) });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    place(folder, path, bytes, proceed)
}

fn place(folder: &Path, path: &Path, bytes: &[u8], proceed: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    let told = |cause: io::Error| failure(folder, &cause);
    // From here on, every way out but the last removes the temporary file: it is removed when dropped.
    let temporary = written(folder, bytes).map_err(told)?;
    proceed()?;
    temporary.persist(path).map_err(|refused| told(refused.error))?;
    synced(folder).map_err(told)
}

/// The bytes in a temporary file of the same folder, so that renaming it is atomic, and on the disk, so that the
/// name never outlives a crash that the bytes did not.
fn written(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".registrary-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(allowed_by_umask());
    let mut file = in_existing(folder, |folder| builder.tempfile_in(folder))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Whether a path leads through something that is no folder is told apart from a folder that is missing.
fn in_existing<T>(folder: &Path, create: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    create(folder).map_err(|cause| match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => ErrorKind::NotADirectory.into(),
        _ => cause,
    })
}

/// Temporary files are private by default; a transcript is as readable as the user's other files.
#[cfg(unix)]
fn allowed_by_umask() -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(0o666)
}

/// The rename itself reaches the disk when the folder does. A folder that may be written but not read (a drop box),
/// and a file system without such a call, keep the file all the same. Windows has no such call, and needs none.
fn synced(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(cause) if matches!(cause.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidInput) => Ok(()),
        outcome => outcome,
    }
}
