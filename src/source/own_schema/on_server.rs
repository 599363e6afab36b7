//! What own schemas on database servers share: their keys, answers into records in ever smaller groups, the examination.

use super::answer::RawAnswer;
use super::configuration::Configuration;
use super::examination::examine;
use super::records::{has_strangers, records};
use super::statement::Statement;
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use crate::source::read_aside;
use crate::source::report::Report;
use crate::source::rows::{Entity, Records};
use crate::source::servers::Fault;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// More students than this are in no institution's one list.
pub const MOST_STUDENTS: usize = 10_000_000;
/// How many students are looked at.
pub const SAMPLE: usize = 100;

/// What tells a configuration of a server's database from others of it. Two of one database share no prepared queries; one
/// that is read twice shares them.
pub fn key_of(server: &str, configuration: &Configuration) -> String {
    let Configuration { address: _, folder: _, ids, statements, listing, maps } = configuration;
    let text = format!("{ids:?} {statements:?} {listing:?} {}", maps.written());
    format!("{server} own schema {:x?}", Sha256::digest(text.as_bytes()).as_slice())
}

/// The query that lists all students.
pub fn listing(configuration: &Configuration) -> Result<&Statement, Fault> {
    let reason = "the configuration has no query student_ids under source.query: it cannot list the students";
    configuration.listing.as_ref().ok_or_else(|| Fault::Final(Error::configuration(reason)))
}

type Made = Vec<Result<StudentRecord, Error>>;

/// A record, or why there is none, for each of these students.
pub async fn made(
    configuration: &Arc<Configuration>,
    given: Vec<(Entity, RawAnswer)>,
    ids: &[StudentId],
) -> Result<Made, Fault> {
    let mut answers = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    for (entity, answer) in given {
        match answer.shaped(entity) {
            Ok(answer) => answers.push(answer),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if !problems.is_empty() {
        return Err(Fault::Final(Error::SourceConfiguration(problems)));
    }
    let (configuration, asked) = (Arc::clone(configuration), ids.to_vec());
    read_aside(move || Ok(records(&configuration.maps, answers, &asked))).await.map_err(Fault::Final)
}

/// The groups of students still to be asked for, and what was found.
pub struct Halves<'i> {
    groups: Vec<&'i [StudentId]>,
    found: Records,
}

impl<'i> Halves<'i> {
    pub fn of(ids: &'i [StudentId]) -> Halves<'i> {
        Halves { groups: vec![ids], found: Records::default() }
    }

    /// The next group to ask for.
    pub fn group(&mut self) -> Option<&'i [StudentId]> {
        self.groups.pop()
    }

    /// Takes what became of a group. Where rows of others came, one id of them all may be what another student's rows
    /// answer to: it alone is refused, so its halves are asked for.
    pub fn take(&mut self, ids: &'i [StudentId], made: Made) {
        if ids.len() > 1 && has_strangers(&made) {
            let (first, second) = ids.split_at(ids.len() / 2);
            self.groups.extend([second, first]);
        } else {
            self.found.extend(ids.iter().cloned().zip(made).collect());
        }
    }

    pub fn found(self) -> Records {
        self.found
    }
}

/// Looks at what the queries gave for these students.
pub async fn examined(
    configuration: &Arc<Configuration>,
    given: Vec<(Entity, Result<RawAnswer, Error>)>,
    ids: Vec<StudentId>,
    mut report: Report,
) -> Result<Report, Fault> {
    let configuration = Arc::clone(configuration);
    let looked = read_aside(move || {
        examine(&configuration.maps, given, &ids, &mut report);
        Ok(report)
    });
    looked.await.map_err(Fault::Final)
}
