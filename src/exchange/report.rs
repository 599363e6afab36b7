//! Collects every problem of an input, so that one reading lists them all.

use super::limits;
use crate::domain::{Error, Problem};
use std::cell::{Cell, RefCell};

/// The problems met so far; beyond [`limits::PROBLEMS`] they are only counted.
#[derive(Default)]
pub(super) struct Report {
    listed: RefCell<Vec<Problem>>,
    unlisted: Cell<usize>,
}

impl Report {
    pub fn add(&self, code: &'static str, place: impl ToString, message: impl Into<String>) {
        let mut listed = self.listed.borrow_mut();
        // The place is worked out only for a problem that is listed: hostile input can have very many.
        if listed.len() >= limits::PROBLEMS {
            self.unlisted.set(self.unlisted.get() + 1);
            return;
        }
        let place = place.to_string();
        // What a reader looks at twice is still wrong only once.
        if !listed.iter().any(|known| known.code == code && known.place == place) {
            listed.push(Problem::new(code, place, message));
        }
    }

    /// The value when nothing was wrong; else every problem.
    pub fn close<T>(self, value: Option<T>) -> Result<T, Error> {
        let mut problems = self.listed.into_inner();
        if self.unlisted.get() > 0 {
            problems.push(Problem::new("more-problems", "", format!("{} more problems", self.unlisted.get())));
        }
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            None if problems.is_empty() => Err(unexplained()),
            _ => Err(Error::MalformedRecord(problems)),
        }
    }
}

/// A reader gave no value and no reason: ours to mend, never a record to issue.
fn unexplained() -> Error {
    Error::Internal { message: "a record was refused without a reason".to_owned() }
}

/// One problem that ends the reading at once.
pub(super) fn refused<T>(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Result<T, Error> {
    Err(Error::MalformedRecord(vec![Problem::new(code, place, message)]))
}
