//! Saving: whole files or none, in the folder or nowhere, and every refusal by its own word.

use registrary::domain::{Error, StudentId};
use registrary::sink::{DirectorySink, save_as};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

#[cfg(target_os = "linux")]
#[path = "sink/linux.rs"]
mod linux;

fn student(raw: &str) -> StudentId {
    StudentId::new(raw).unwrap()
}

fn go_on() -> Result<(), Error> {
    Ok(())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_transcript_is_saved_whole_and_replaced_whole() {
    let folder = TempDir::new().unwrap();
    let sink = DirectorySink::new(folder.path());
    let path = sink.save(&student("101"), b"first", go_on).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"first");
    assert_eq!(sink.save(&student("101"), b"second, longer", go_on).unwrap(), path);
    assert_eq!(fs::read(&path).unwrap(), b"second, longer");
    assert_eq!(names(folder.path()), ["transcript-101.pdf"]);
}

#[test]
fn an_id_with_a_path_in_it_stays_in_the_folder() {
    let outer = TempDir::new().unwrap();
    let folder = outer.path().join("a").join("b");
    fs::create_dir_all(&folder).unwrap();
    let path = DirectorySink::new(&folder).save(&student("../../etc/passwd"), b"pdf", go_on).unwrap();
    assert_eq!(path.parent(), Some(folder.as_path()));
    assert_eq!(names(&folder), ["transcript-%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.pdf"]);
    assert_eq!(names(outer.path()), ["a"]);
}

#[test]
fn a_save_stopped_at_the_last_moment_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let sink = DirectorySink::new(folder.path());
    let path = sink.save(&student("101"), b"first", go_on).unwrap();
    let beside = || {
        // The bytes are there by now, under another name: what is stopped is their becoming visible.
        assert_eq!(names(folder.path()).len(), 2);
        Err(Error::Cancelled)
    };
    assert_eq!(sink.save(&student("101"), b"second", beside), Err(Error::Cancelled));
    assert_eq!(fs::read(path).unwrap(), b"first");
    assert_eq!(names(folder.path()), ["transcript-101.pdf"]);
}

#[test]
fn a_missing_folder_and_a_file_in_its_place_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for (place, word) in [
        (folder.path().join("nowhere"), "folder-missing"),
        (file.clone(), "not-a-directory"),
        (file.join("below"), "not-a-directory"),
    ] {
        let refusal = DirectorySink::new(&place).save(&student("777"), b"pdf", go_on).unwrap_err();
        assert_eq!(refusal.code(), word);
        assert!(!refusal.to_string().contains("777"), "{refusal}");
    }
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn a_path_of_ones_own_is_saved_the_same_way() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mine.pdf");
    save_as(&path, b"pdf", go_on).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"pdf");
    assert_eq!(save_as(folder.path(), b"pdf", go_on).unwrap_err().code(), "save-failed");
    assert_eq!(save_as(&folder.path().join("no/mine.pdf"), b"pdf", go_on).unwrap_err().code(), "folder-missing");
    assert_eq!(names(folder.path()), ["mine.pdf"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_ordinary_file_is_never_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = TempDir::new().unwrap();
    let (socket, link) = (folder.path().join("socket"), folder.path().join("link"));
    let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    std::os::unix::fs::symlink(&socket, &link).unwrap();
    for path in [&socket, &link] {
        assert_eq!(save_as(path, b"pdf", go_on).unwrap_err().code(), "save-failed");
    }
    assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    assert_eq!(names(folder.path()), ["link", "socket"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_not_followed() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let target = elsewhere.path().join("precious");
    fs::write(&target, "untouched").unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("transcript-101.pdf")).unwrap();
    let path = DirectorySink::new(folder.path()).save(&student("101"), b"pdf", go_on).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
    assert_eq!(fs::read_to_string(target).unwrap(), "untouched");
}

#[cfg(unix)]
#[test]
fn what_is_there_and_is_no_file_is_not_replaced_by_one() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = TempDir::new().unwrap();
    // As a device would be: /dev/null, or a terminal behind /dev/stdout.
    let socket = folder.path().join("socket");
    let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let link = folder.path().join("link");
    symlink(&socket, &link).unwrap();
    for path in [&socket, &link] {
        assert_eq!(save_as(path, b"pdf", go_on).unwrap_err().code(), "save-failed");
    }
    assert!(fs::symlink_metadata(&socket).unwrap().file_type().is_socket());
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    assert_eq!(names(folder.path()), ["link", "socket"]);
}
