//! A folder that may not be written and a disk that is full: real ones, made for one thread of this test.

use super::{go_on, names, student};
use registrary::sink::DirectorySink;
use std::ffi::CString;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// Any user but root.
const NOBODY: libc::uid_t = 65534;

#[test]
fn a_read_only_folder_is_named_as_such() {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere, so this thread (and no other) meets the files as somebody else.
    // SAFETY: the call changes one number of the calling thread and touches no memory.
    unsafe { libc::setfsuid(NOBODY) };
    let refusal = DirectorySink::new(folder.path()).save(&student("101"), b"pdf", go_on).unwrap_err();
    // SAFETY: as above; back to whom the thread runs as.
    unsafe { libc::setfsuid(libc::geteuid()) };
    assert_eq!(refusal.code(), "read-only");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_full_disk_is_named_as_such_and_nothing_stays() {
    let folder = TempDir::new().unwrap();
    let disk = match TinyDisk::over(folder.path()) {
        Ok(disk) => disk,
        // Without the right to mount there is no full disk to be had; the words are tested in src/sink/failure.rs.
        Err(why) => return println!("not shown here: {why}"),
    };
    let sink = DirectorySink::new(folder.path());
    let kept = sink.save(&student("101"), &[1; 8 * 1024], go_on).unwrap();
    for id in ["101", "102"] {
        let refusal = sink.save(&student(id), &vec![2; 1024 * 1024], go_on).unwrap_err();
        assert_eq!(refusal.code(), "disk-full");
    }
    assert_eq!(names(folder.path()), ["transcript-101.pdf"]);
    assert_eq!(fs::read(kept).unwrap(), [1; 8 * 1024]);
    drop(disk);
}

/// A file system of 64 KiB, seen by the thread that made it alone.
struct TinyDisk(CString);

impl TinyDisk {
    fn over(folder: &Path) -> std::io::Result<TinyDisk> {
        let path = CString::new(folder.as_os_str().as_bytes())?;
        let done = |result: libc::c_int| if result == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) };
        let nothing = std::ptr::null();
        // SAFETY: every pointer is a C string that outlives the calls, or null where mount(2) allows it; unshare(2)
        // parts this thread's view of the mounts from the rest of the process.
        unsafe {
            done(libc::unshare(libc::CLONE_NEWNS))?;
            let apart = libc::MS_REC | libc::MS_PRIVATE;
            done(libc::mount(c"none".as_ptr(), c"/".as_ptr(), nothing, apart, nothing.cast()))?;
            let size = c"size=64k".as_ptr().cast();
            done(libc::mount(c"tmpfs".as_ptr(), path.as_ptr(), c"tmpfs".as_ptr(), 0, size))?;
        }
        Ok(TinyDisk(path))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        // SAFETY: the path is a C string that lives as long as the disk.
        unsafe { libc::umount2(self.0.as_ptr(), libc::MNT_DETACH) };
    }
}
