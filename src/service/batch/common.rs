//! What all documents of a run have in common, and what each has of its own.

use super::entry::Entry;
use super::journal::{Header, Planned, Saved};
use super::report::Documents;
use crate::domain::{Error, Text};
use crate::gpa::LoadRule;
use crate::seal::Digest;
use crate::service::request::Request;
use std::collections::HashMap;

/// A run's documents: for every one of them, and one by one.
pub(super) struct Work {
    pub header: Header,
    pub entries: Vec<Entry>,
    pub request: Request,
    pub loads: Vec<LoadRule>,
    /// Whether documents are numbered by the run; else by day and student, as a single transcript is.
    pub numbered: bool,
}

impl Work {
    /// What is asked for one entry.
    pub fn request(&self, entry: &Entry) -> Result<Request, Error> {
        let mut request = Request { date: self.header.date, ..self.request.clone() };
        if self.numbered {
            request.serial = Some(Text::new(&self.serial(entry)).map_err(|_| unprintable())?);
        }
        if let Some(order) = &entry.order {
            request.recipient = order.recipient.clone().or(request.recipient);
            request.purpose = order.purpose.clone().or(request.purpose);
            request.partial = order.partial.clone().or(request.partial);
        }
        Ok(request)
    }

    /// As the journal is told it.
    pub fn planned(&self) -> impl Iterator<Item = Planned> + '_ {
        self.entries.iter().map(|entry| Planned {
            key: entry.key().to_owned(),
            student: entry.student.clone(),
            serial: self.serial(entry),
        })
    }

    /// As a report tells what is saved already.
    pub fn documents(&self, done: &HashMap<usize, Saved>) -> Result<Documents, Error> {
        let known = done.iter().filter_map(|(place, saved)| Some((self.entries.get(*place)?, saved)));
        known
            .map(|(entry, saved)| {
                let serial = self.request(entry)?.serial.map_or(String::new(), |serial| serial.as_str().to_owned());
                Ok((entry.key().to_owned(), (serial, saved.clone())))
            })
            .collect()
    }

    /// The number of one entry, where documents are numbered by the run.
    pub fn serial(&self, entry: &Entry) -> String {
        serial(&self.header, entry.key())
    }
}

fn unprintable() -> Error {
    Error::Internal { message: "a serial is no text".to_owned() }
}

/// A number that the run and the student alone decide: made again, it is the same.
fn serial(header: &Header, key: &str) -> String {
    let day = header.date.to_string().replace('-', "");
    let digest = Digest::of(format!("{}\u{0}{key}", header.run).as_bytes()).hex();
    format!("{day}-{}", &digest[..16])
}
