//! An institution's own schema as a source of records.

use super::answer::Answer;
use super::cell::OwnCell;
use super::configuration::Configuration;
use super::driver::Driver;
use super::on_server::{MOST_STUDENTS, key_of};
use super::records::{has_strangers, records};
use super::statement::Statement;
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use crate::source::report::Report;
use crate::source::rows::Entity;
use crate::source::{Pending, Resources, Source, refuse_all};
use std::sync::Arc;

/// Puts the configuration's queries to a database and maps what they give.
pub struct OwnSchemaSource {
    pub(super) configuration: Arc<Configuration>,
    pub(super) statements: Arc<[Statement]>,
    pub(super) driver: Box<dyn Driver>,
}

/// Why there are no answers.
enum Asked {
    /// Whoever is asked for: the database cannot be reached, or a query has the wrong columns.
    Not(Error),
    /// A query failed at some row.
    Failed(Error),
}

impl OwnSchemaSource {
    pub fn new(configuration: Configuration, driver: Box<dyn Driver>) -> OwnSchemaSource {
        let statements = configuration.statements.iter().map(|(_, statement)| statement.clone()).collect();
        OwnSchemaSource { configuration: Arc::new(configuration), statements, driver }
    }

    pub(super) fn entities(&self) -> impl Iterator<Item = Entity> + '_ {
        self.configuration.statements.iter().map(|(entity, _)| *entity)
    }

    /// Asks again for each half: one student's row keeps nobody else's record back.
    async fn halves(&self, resources: &Resources, ids: &[StudentId]) -> Vec<Result<StudentRecord, Error>> {
        let (first, second) = ids.split_at(ids.len() / 2);
        let mut made = self.fetch(resources, first).await;
        made.extend(self.fetch(resources, second).await);
        made
    }

    async fn answers(&self, resources: &Resources, ids: &[StudentId]) -> Result<Vec<Answer>, Asked> {
        let given = self.driver.ask(resources, Arc::clone(&self.statements), ids).await.map_err(Asked::Not)?;
        let (mut answers, mut problems) = (Vec::new(), Vec::new());
        for (entity, raw) in self.entities().zip(given) {
            match raw.map_err(Asked::Failed)?.shaped(entity) {
                Ok(answer) => answers.push(answer),
                Err(wrong) => problems.extend(wrong),
            }
        }
        if problems.is_empty() { Ok(answers) } else { Err(Asked::Not(Error::SourceConfiguration(problems))) }
    }

    /// At most so many student ids, in the order of the query.
    pub(super) async fn first_ids(&self, resources: &Resources, most: usize) -> Result<Vec<StudentId>, Error> {
        let Some(listing) = &self.configuration.listing else {
            let reason = "the configuration has no query student_ids under source.query: it cannot list the students";
            return Err(Error::configuration(reason));
        };
        ids_of(self.driver.list(resources, listing.clone(), most).await?)
    }
}

/// Cells as ids.
pub fn ids_of(cells: Vec<OwnCell>) -> Result<Vec<StudentId>, Error> {
    let read = |(index, cell): (usize, OwnCell)| {
        let id = cell.code().and_then(|code| StudentId::new(code.trim_end_matches(' ')).ok());
        id.ok_or_else(|| {
            let message = "is not text of 1 to 64 characters without controls and outer spaces";
            Error::MalformedRecord(vec![Problem::new("bad-student-id", format!("students[{index}].id"), message)])
        })
    };
    cells.into_iter().enumerate().map(read).collect()
}

impl Source for OwnSchemaSource {
    fn fetch<'a>(
        &'a self,
        resources: &'a Resources,
        ids: &'a [StudentId],
    ) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(async move {
            let made = match self.answers(resources, ids).await {
                Ok(answers) => {
                    let (configuration, asked) = (Arc::clone(&self.configuration), ids.to_vec());
                    let job = move || Ok(records(&configuration.maps, answers, &asked));
                    let read = crate::source::read_aside(job).await;
                    read.unwrap_or_else(|error| refuse_all(ids, &error))
                }
                Err(Asked::Not(error)) => return refuse_all(ids, &error),
                Err(Asked::Failed(error)) if ids.len() == 1 => return refuse_all(ids, &error),
                Err(Asked::Failed(_)) => return self.halves(resources, ids).await,
            };
            if ids.len() > 1 && has_strangers(&made) { self.halves(resources, ids).await } else { made }
        })
    }

    fn group_size(&self) -> usize {
        16
    }

    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(self.first_ids(resources, MOST_STUDENTS))
    }

    fn address(&self) -> Option<String> {
        Some(key_of(&self.driver.title(), &self.configuration))
    }

    fn select<'a>(&'a self, resources: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        self.driver.select(resources, query)
    }

    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async move { Ok(self.examined(resources).await?.told()) })
    }

    fn examine<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Report, Error>> {
        Box::pin(self.examined(resources))
    }
}
