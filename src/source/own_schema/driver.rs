//! What a database's driver does for an own schema: answers queries, and says how it would.

use super::answer::RawAnswer;
use super::cell::OwnCell;
use super::statement::Statement;
use crate::domain::{Error, StudentId};
use crate::source::{Pending, Resources};
use std::sync::Arc;

/// More rows than this for one student in one answer are no record of a person.
pub const MOST_ROWS: usize = 4_000;

/// The answer of each statement; one that failed keeps no other back.
pub type Answers = Vec<Result<RawAnswer, Error>>;

/// The lines of each statement's plan.
pub type Plans = Vec<Result<Vec<String>, Error>>;

/// A database that the statements of a configuration are put to.
pub trait Driver: Send + Sync + 'static {
    /// What it is, without a secret: for people.
    fn title(&self) -> String;

    /// Puts every statement for these students; all read one state of the database.
    fn ask<'a>(
        &'a self,
        resources: &'a Resources,
        statements: Arc<[Statement]>,
        ids: &'a [StudentId],
    ) -> Pending<'a, Result<Answers, Error>>;

    /// How the database would answer, in its own words, for each statement: lines of its plan.
    fn explain<'a>(
        &'a self,
        resources: &'a Resources,
        statements: Arc<[Statement]>,
        ids: &'a [StudentId],
    ) -> Pending<'a, Result<Plans, Error>>;

    /// The ids that a query of the caller's gives.
    fn select<'a>(&'a self, resources: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>>;

    /// The first column of the statement that lists students: at most so many rows.
    fn list<'a>(
        &'a self,
        resources: &'a Resources,
        statement: Statement,
        most: usize,
    ) -> Pending<'a, Result<Vec<OwnCell>, Error>>;
}
