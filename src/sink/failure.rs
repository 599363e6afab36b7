//! What the operating system says when a file cannot be saved, in the stable words of [`Error::Sink`].

use crate::domain::Error;
use std::io::{self, ErrorKind};
use std::path::Path;

/// `folder` is named in the message, the file never: its name holds a student id.
pub(super) fn failure(folder: &Path, cause: &io::Error) -> Error {
    let folder = folder.display();
    let (code, reason) = match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("disk-full", format!("no space is left in {folder}")),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            ("read-only", format!("no file may be written in {folder}"))
        }
        ErrorKind::NotADirectory => ("not-a-directory", format!("{folder} is not a folder")),
        ErrorKind::NotFound => ("folder-missing", format!("the folder {folder} does not exist")),
        kind => ("save-failed", format!("writing in {folder} failed: {kind}")),
    };
    Error::Sink { code, reason }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_word() {
        let word = |number| failure(Path::new("/out"), &io::Error::from_raw_os_error(number)).code();
        assert_eq!([libc::ENOSPC, libc::EDQUOT].map(word), ["disk-full"; 2]);
        assert_eq!([libc::EROFS, libc::EACCES, libc::EPERM].map(word), ["read-only"; 3]);
        assert_eq!(word(libc::ENOTDIR), "not-a-directory");
        assert_eq!(word(libc::ENOENT), "folder-missing");
        assert_eq!([libc::EIO, libc::EISDIR, libc::EMFILE].map(word), ["save-failed"; 3]);
    }
}
