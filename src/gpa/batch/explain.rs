//! What each attempt of a table did to the totals: the judge of whole students, asked for its reasons.

use super::general::{self, Row};
use super::general_rows::Numbered;
use super::general_table;
use super::layout::Layout;
use super::request::BatchRequest;
use crate::domain::Error;
use crate::gpa::evaluation::AttemptEvaluation;
use arrow_array::RecordBatch;
use std::sync::atomic::AtomicBool;

/// What the attempt of one row did.
#[derive(Clone, Debug)]
pub struct RowEvaluation {
    /// Counted from 0 through all batches.
    pub row: u64,
    pub attempt: AttemptEvaluation,
}

/// The evaluation of every row, those of each student and level in order of term; rows that cannot be right have none.
/// Meant for the rows of a few students.
pub fn explain_table(batches: &[RecordBatch], request: &BatchRequest) -> Result<Vec<RowEvaluation>, Error> {
    let layout = Layout::of(batches, request)?;
    let general_table::Understood { parts, meaning, .. } =
        general_table::understood(batches, &layout, request, &AtomicBool::new(false))?;
    let mut explained = Vec::new();
    let mut problems = Vec::new();
    let students = |rows| <[Numbered]>::chunk_by(rows, |a, b| (a.student, a.level) == (b.student, b.level));
    for own in parts.iter().flat_map(|rows| students(rows)) {
        let level = own.first().and_then(|row: &Numbered| meaning.levels.get(row.level as usize));
        let mut own: Vec<Row> = own.iter().filter_map(|row| meaning.row(row)).collect();
        let Some(level) = level else { continue };
        match general::judge(&meaning.policy, level, &mut own) {
            Ok(evaluation) => {
                let attempts = evaluation.terms.into_iter().flat_map(|term| term.attempts);
                let rows = own.iter().map(|row| row.number as u64);
                explained.extend(rows.zip(attempts).map(|(row, attempt)| RowEvaluation { row, attempt }));
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(explained) } else { Err(Error::MalformedRecord(problems)) }
}
