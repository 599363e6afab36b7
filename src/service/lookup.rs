//! What else a registrar is asked: a record as it is, whom the source knows, whether it answers; and production of
//! a record at hand.

use super::produce::{Transcript, produce};
use super::registrar::Registrar;
use super::request::Request;
use super::slot::Slot;
use crate::domain::{Error, Stage, StudentId, StudentRecord};
use std::sync::Arc;

impl Registrar {
    /// The record of one student, as the source gives it. Dropping the future ends the work.
    pub async fn fetch_record(&self, slot: &Slot, id: &StudentId) -> Result<Arc<StudentRecord>, Error> {
        Ok(self.fetch(slot, id).await?.record)
    }

    /// All student ids of the source, in its own order, where it can tell.
    pub async fn student_ids(&self, slot: &Slot) -> Result<Vec<StudentId>, Error> {
        self.asking(Stage::Fetch, self.source.student_ids(slot.resources())).await
    }

    /// The student ids that a query of the caller's gives, where the source has SQL.
    pub async fn select_students(&self, slot: &Slot, query: &str) -> Result<Vec<StudentId>, Error> {
        self.asking(Stage::Fetch, self.source.select(slot.resources(), query)).await
    }

    /// Connects to the source and looks: one line per thing checked.
    pub async fn check_source(&self, slot: &Slot) -> Result<Vec<String>, Error> {
        self.asking(Stage::Fetch, self.source.check(slot.resources())).await
    }

    /// The pure middle alone, for a record at hand: nothing is fetched, saved or confirmed.
    pub fn produce_record(&self, record: Arc<StudentRecord>, request: &Request) -> Result<Transcript, Error> {
        let issue = request.issue(&record.student.id);
        produce(request.record(record)?, &self.settings, &issue)
    }
}
