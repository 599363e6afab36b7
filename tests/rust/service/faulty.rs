//! Disks for tests: one that fails once, at a step and in a way of its choice, and one that remembers what is durable.

use registrary::sink::{Disk, LocalDisk};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a step that fails has done by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Before,
    /// A write leaves half of its bytes; a sync or rename does nothing.
    Halfway,
    After,
}

/// Fails at one step, then never again.
pub struct Faulty {
    left: AtomicUsize,
    fault: Fault,
    fired: AtomicBool,
}

impl Faulty {
    pub fn failing(step: usize, fault: Fault) -> Faulty {
        Faulty { left: AtomicUsize::new(step), fault, fired: AtomicBool::new(false) }
    }

    pub fn fired(&self) -> bool {
        self.fired.load(Ordering::SeqCst)
    }

    fn step<T>(&self, whole: impl FnOnce() -> io::Result<T>, half: impl FnOnce() -> io::Result<()>) -> io::Result<T> {
        if self.left.fetch_sub(1, Ordering::SeqCst) != 1 {
            return whole();
        }
        self.fired.store(true, Ordering::SeqCst);
        match self.fault {
            Fault::Before => (),
            Fault::Halfway => half()?,
            Fault::After => drop(whole()?),
        }
        Err(io::Error::other("a fault on purpose"))
    }
}

impl Disk for Faulty {
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        let half = || LocalDisk.create(path, &bytes[..bytes.len() / 2]).map(drop);
        self.step(|| LocalDisk.create(path, bytes), half)
    }

    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let mut other = file.try_clone()?;
        let half = || LocalDisk.append(&mut other, &bytes[..bytes.len() / 2]);
        self.step(|| LocalDisk.append(file, bytes), half)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.step(|| LocalDisk.sync(file), || Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| LocalDisk.rename(from, to), || Ok(()))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(|| LocalDisk.sync_folder(folder), || Ok(()))
    }
}

/// Remembers what was durable when the journal was told what.
#[derive(Default)]
pub struct Watched(Mutex<Seen>);

/// A document's name, the durable names and the synced files.
type Told = (String, HashSet<(PathBuf, u64)>, HashSet<u64>);

#[derive(Default)]
struct Seen {
    /// Files by the number that the system gives them, whatever they are called.
    synced: HashSet<u64>,
    renamed: HashMap<PathBuf, u64>,
    /// Names that their folder was synced with.
    durable: HashSet<(PathBuf, u64)>,
    /// For every document told as done: its name, and what was durable by then.
    told: Vec<Told>,
}

#[cfg(unix)]
fn number(file: &File) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.ino())
}

#[cfg(not(unix))]
fn number(_: &File) -> io::Result<u64> {
    Err(ErrorKind::Unsupported.into())
}

impl Watched {
    pub fn done(&self) -> usize {
        self.0.lock().unwrap().told.len()
    }

    /// Documents that the journal could tell as done before file and name were durable.
    pub fn told_too_early(&self, folder: &Path) -> Vec<String> {
        let seen = self.0.lock().unwrap();
        let early = seen.told.iter().filter(|(name, names, files)| {
            let path = folder.join(name);
            !names.iter().any(|(durable, number)| *durable == path && files.contains(number))
        });
        early.map(|(name, _, _)| name.clone()).collect()
    }
}

impl Disk for Watched {
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        LocalDisk.create(path, bytes)
    }

    /// What is added may reach the disk at once, or never.
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let mut seen = self.0.lock().unwrap();
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| ErrorKind::InvalidData)?;
        for line in text.lines().filter(|line| line.starts_with("done ")) {
            let name = line.split(' ').nth(5).unwrap_or_default().to_owned();
            let (names, files) = (seen.durable.clone(), seen.synced.clone());
            seen.told.push((name, names, files));
        }
        LocalDisk.append(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        LocalDisk.sync(file)?;
        self.0.lock().unwrap().synced.insert(number(file)?);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let number = number(&File::open(from)?)?;
        LocalDisk.rename(from, to)?;
        self.0.lock().unwrap().renamed.insert(to.to_owned(), number);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        LocalDisk.sync_folder(folder)?;
        let mut seen = self.0.lock().unwrap();
        let here: Vec<_> = seen
            .renamed
            .iter()
            .filter(|(path, _)| path.parent() == Some(folder))
            .map(|(path, number)| (path.clone(), *number))
            .collect();
        seen.durable.extend(here);
        assert!(fs::metadata(folder)?.is_dir());
        Ok(())
    }
}
