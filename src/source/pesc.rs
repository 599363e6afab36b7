//! Records from PESC College Transcript documents: a folder with `{id}.xml`, or one file.

use super::{LOCAL_AT_ONCE, Pending, Resources, Source, of_student, read_aside, refuse_all, unavailable};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::exchange::{limits, pesc};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Serves the students of a folder of documents, or the one student of a document.
#[derive(Clone)]
pub struct PescSource {
    place: Place,
}

#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Document(PathBuf),
}

impl PescSource {
    /// `path` is a folder of files named `{id}.xml`, or one such document under any name.
    pub fn open(path: impl AsRef<Path>) -> Result<PescSource, Error> {
        let path = path.as_ref();
        // Resolved once: what lies outside of it is told by its resolved path.
        let found = std::fs::canonicalize(path)
            .map_err(|_| unavailable(format!("there is no folder or document {}", path.display())))?;
        let place = if found.is_dir() { Place::Folder(found) } else { Place::Document(found) };
        Ok(PescSource { place })
    }
}

impl Place {
    fn record(&self, id: &StudentId) -> Result<StudentRecord, Error> {
        let path = match self {
            Place::Folder(folder) => file_of(folder, id)?,
            Place::Document(path) => path.clone(),
        };
        match (self, of_student(pesc::read(&bounded(&path)?)?, id)) {
            // A single document has one student: whoever else is asked for is simply not there.
            (Place::Document(_), Err(_)) => Err(Error::RecordNotFound),
            (_, answer) => answer,
        }
    }

    fn student_ids(&self) -> Result<Vec<StudentId>, Error> {
        let folder = match self {
            Place::Document(path) => return Ok(vec![pesc::read(&bounded(path)?)?.student.id]),
            Place::Folder(folder) => folder,
        };
        let entries = std::fs::read_dir(folder).map_err(|_| unavailable("the folder cannot be read"))?;
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(|_| unavailable("the folder cannot be read"))?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".xml"));
            ids.extend(stem.and_then(|stem| StudentId::new(stem).ok()).filter(|id| is_plain(id.as_str())));
        }
        ids.sort_by(|a, b| (a.as_str().len(), a).cmp(&(b.as_str().len(), b)));
        Ok(ids)
    }
}

/// The document of a student, inside the folder whatever the id holds and wherever links lead.
fn file_of(folder: &Path, id: &StudentId) -> Result<PathBuf, Error> {
    if !is_plain(id.as_str()) {
        return Err(Error::RecordNotFound);
    }
    let path = folder.join(format!("{id}.xml"));
    let real = std::fs::canonicalize(path).map_err(|_| Error::RecordNotFound)?;
    if real.parent() == Some(folder) { Ok(real) } else { Err(unavailable("the document is a link out of the folder")) }
}

/// Whether the id can be the name of a file on every system: no separators, drives, streams or hidden files.
fn is_plain(id: &str) -> bool {
    !id.starts_with('.') && !id.contains(['/', '\\', ':', '<', '>', '"', '|', '?', '*'])
}

fn bounded(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |_| unavailable("the document cannot be read");
    // A pipe or device would be waited for without end.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(unavailable("the document is not a file"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    // One byte more than a reader takes: it refuses what is too large.
    file.take(limits::XML_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

impl Source for PescSource {
    fn fetch<'a>(&'a self, _: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(async move {
            let (place, asked) = (self.place.clone(), ids.to_vec());
            let all = read_aside(move || Ok(asked.iter().map(|id| place.record(id)).collect::<Vec<_>>())).await;
            all.unwrap_or_else(|error| refuse_all(ids, &error))
        })
    }

    fn address(&self) -> Option<String> {
        let (Place::Folder(path) | Place::Document(path)) = &self.place;
        Some(format!("PESC documents {}", path.display()))
    }

    fn at_once(&self) -> usize {
        LOCAL_AT_ONCE
    }

    fn student_ids<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        let place = self.place.clone();
        Box::pin(read_aside(move || place.student_ids()))
    }

    fn check<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        let place = self.place.clone();
        Box::pin(read_aside(move || {
            let count = place.student_ids()?.len();
            Ok(match &place {
                Place::Folder(folder) => {
                    vec![format!("folder of PESC documents {}", folder.display()), format!("{count} documents")]
                }
                Place::Document(path) => vec![format!("PESC document {}", path.display()), "1 student".to_owned()],
            })
        }))
    }
}
