//! What the reading of a transcript gathers, across its academic records.

use crate::domain::{Award, Program, StatedSummary, Term, Text, TransferBlock};

#[derive(Default)]
pub(super) struct Parts {
    pub programs: Vec<Program>,
    pub terms: Vec<Term>,
    pub transfers: Vec<TransferBlock>,
    pub awards: Vec<Award>,
    pub notes: Vec<Text>,
    pub stated: Vec<StatedSummary>,
}
