//! Coroutines of the caller's whose questions were withdrawn, and the calls that are not over before these have ended.

use super::Outcome;
use super::call::Call;
use crate::domain::Error;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::collections::HashMap;

/// A call whose work is over, and what came of it.
pub type Over = (Py<Call>, Result<Outcome, Error>);

/// By the caller's number: equal calls share one caller, and which of them put a question, none of them can tell.
#[derive(Default)]
pub struct Endings(HashMap<u64, Ending>);

/// At least one coroutine.
#[derive(Default)]
struct Ending {
    coroutines: usize,
    held: Vec<Over>,
}

impl Endings {
    /// A coroutine of this caller's is to end.
    pub fn begin(&mut self, caller: u64) {
        self.0.entry(caller).or_default().coroutines += 1;
    }

    /// One of them has ended: the calls that waited for the last.
    pub fn ended(&mut self, caller: u64) -> Vec<Over> {
        let Some(ending) = self.0.get_mut(&caller) else { return Vec::new() };
        ending.coroutines -= 1;
        if ending.coroutines > 0 {
            return Vec::new();
        }
        self.0.remove(&caller).map(|ending| ending.held).unwrap_or_default()
    }

    /// Keeps the call until this caller's coroutines have ended; gives it back when none is to end.
    pub fn hold(&mut self, caller: u64, over: Over) -> Option<Over> {
        let Some(ending) = self.0.get_mut(&caller) else { return Some(over) };
        ending.held.push(over);
        None
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.values().flat_map(|ending| &ending.held).try_for_each(|(call, _)| visit.call(call))
    }
}
