//! The journal of a run: what was planned and what is done, so that a run that was killed goes on where it was.
//!
//! Lines are added in groups, each ended by a `commit` line, and a group is durable before the next one begins. Opening
//! cuts off a group that was not finished. Anything else that is not as it was written is damage, and is refused.

mod line;

pub use line::Saved;

use crate::domain::{Date, Error, StudentId};
use crate::sink::{Disk, LONGEST_LINE, Log};
use line::Line;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// What a run was begun with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub run: String,
    pub date: Date,
    /// Digests by part: "settings", "request", "sink", …
    pub parts: BTreeMap<String, String>,
}

/// One document of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub key: String,
    pub student: StudentId,
    pub serial: String,
}

/// What a journal tells of a run that was begun before.
#[derive(Debug)]
pub struct Begun {
    pub header: Header,
    pub plan: Vec<Planned>,
    /// What is saved, by its place in the plan.
    pub done: HashMap<usize, Saved>,
}

/// What became of one document.
#[derive(Debug)]
pub enum Event<'a> {
    Done(&'a str, Saved),
    Failed(&'a str, &'static str),
    Held(&'a str),
}

/// Open for one process. Blocks.
pub struct Journal {
    log: Log,
    /// Of the next commit.
    number: u64,
}

impl Journal {
    /// Opens or makes it; what it tells, if a run has begun.
    pub fn open(disk: Arc<dyn Disk>, path: &Path) -> Result<(Journal, Option<Begun>), Error> {
        let mut log = Log::open(disk, path)?;
        let mut reading = Reading::default();
        log.lines(|raw| reading.take(raw))?;
        let Reading { end, at, number, damaged, header, plan, places: _, done, .. } = reading;
        if damaged || (header.is_none() && at > 0 && number > 0) {
            return Err(damage());
        }
        if end == 0 && at > 0 && !log_begins_ours(&mut log)? {
            return Err(Error::Journal { code: "journal-damaged", reason: "the file is no journal".to_owned() });
        }
        if end < at {
            log.cut(end)?;
        }
        let begun = header.map(|header| Begun { header, plan, done });
        Ok((Journal { log, number }, begun))
    }

    /// Writes down the whole plan, before the first document is made.
    pub fn begin(&mut self, header: &Header, plan: impl Iterator<Item = Planned>) -> Result<(), Error> {
        let with = |(part, digest): (&String, &String)| Line::With { part: part.clone(), digest: digest.clone() };
        let begin = Line::Begin { run: header.run.clone(), date: header.date };
        let plan = plan.map(|Planned { key, student, serial }| Line::Plan { key, student, serial });
        self.commit(std::iter::once(begin).chain(header.parts.iter().map(with)).chain(plan))
    }

    /// Writes down what became of a group. What it tells as done must be durable already.
    pub fn record(&mut self, events: Vec<Event<'_>>) -> Result<(), Error> {
        let line = |event| match event {
            Event::Done(key, saved) => Line::Done { key: str::to_owned(key), saved },
            Event::Failed(key, code) => Line::Failed { key: str::to_owned(key), code: code.to_owned() },
            Event::Held(key) => Line::Held { key: str::to_owned(key) },
        };
        self.commit(events.into_iter().map(line))
    }

    /// A line that would not be read again is refused before anything is added.
    fn commit(&mut self, lines: impl Iterator<Item = Line>) -> Result<(), Error> {
        let mut text = String::new();
        for line in lines.chain([Line::Commit { number: self.number }]) {
            let written = line.write();
            if written.len() > LONGEST_LINE {
                let reason = format!("a line of more than {LONGEST_LINE} bytes has no place in it");
                return Err(Error::Journal { code: "journal-unusable", reason });
            }
            text += &written;
        }
        self.number += 1;
        self.log.append(text.as_bytes())
    }
}

fn damage() -> Error {
    let reason = "a line is not as it was written, before the end of the file".to_owned();
    Error::Journal { code: "journal-damaged", reason }
}

/// A file that holds no whole group is ours if its plan was being written when the run was killed, and empty of
/// anything else; some other file is never cut.
fn log_begins_ours(log: &mut Log) -> Result<bool, Error> {
    const NAME: &[u8] = b"registrary-journal-1 ";
    let mut first: Option<bool> = None;
    log.lines(|raw| {
        let shorter = raw.len().min(NAME.len());
        first.get_or_insert(raw[..shorter] == NAME[..shorter]);
    })?;
    Ok(first.unwrap_or(true))
}

/// The journal as far as it is read.
#[derive(Default)]
struct Reading {
    /// How many bytes are read, and how many up to the last commit.
    at: u64,
    end: u64,
    number: u64,
    /// The lines of a group whose commit has not come yet.
    open: Vec<Line>,
    /// A line of this group cannot be read.
    torn: bool,
    /// Its commit has come all the same. A group is begun after the one before is durable: if anything follows, this
    /// one was not torn by a crash.
    closed: bool,
    damaged: bool,
    header: Option<Header>,
    plan: Vec<Planned>,
    places: HashMap<String, usize>,
    done: HashMap<usize, Saved>,
}

impl Reading {
    fn take(&mut self, raw: &[u8]) {
        self.at += raw.len() as u64;
        self.damaged |= self.closed;
        match Line::read(raw) {
            None => self.torn = true,
            Some(Line::Commit { number }) if self.torn => {
                self.damaged |= number != self.number;
                self.closed = true;
            }
            Some(Line::Commit { number }) if number == self.number => {
                for line in std::mem::take(&mut self.open) {
                    self.apply(line);
                }
                self.number += 1;
                self.end = self.at;
            }
            Some(Line::Commit { .. }) => self.damaged = true,
            Some(line) => self.open.push(line),
        }
    }

    fn apply(&mut self, line: Line) {
        match line {
            Line::Begin { run, date } if self.header.is_none() => {
                self.header = Some(Header { run, date, parts: BTreeMap::new() });
            }
            Line::With { part, digest } => match &mut self.header {
                Some(header) => drop(header.parts.insert(part, digest)),
                None => self.damaged = true,
            },
            Line::Plan { key, student, serial } => {
                self.places.insert(key.clone(), self.plan.len());
                self.plan.push(Planned { key, student, serial });
            }
            Line::Done { key, saved } => match self.places.get(&key) {
                Some(place) => drop(self.done.insert(*place, saved)),
                None => self.damaged = true,
            },
            // They are tried again: a hold may be gone, a source may be back.
            Line::Failed { .. } | Line::Held { .. } => (),
            Line::Begin { .. } | Line::Commit { .. } => self.damaged = true,
        }
    }
}
