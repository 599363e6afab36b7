//! Attempts that arrive in batches, all rows of a student together: cut where a student ends, and held to that.

use super::cells::{KeyCell, KeyCells};
use crate::domain::{Error, Problem};
use arrow_array::RecordBatch;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// What has arrived and may go on: the rows of the last student.
pub struct Clusters {
    column: String,
    /// Of the last student, from the batches so far.
    open: Vec<RecordBatch>,
    last: Option<Owned>,
    seen: Seen,
    rows: u64,
}

/// A student id, kept after its batch is gone.
#[derive(Clone, PartialEq, Eq)]
enum Owned {
    Integer(i128),
    Text(Box<[u8]>),
}

impl Owned {
    fn is(&self, cell: KeyCell) -> bool {
        match (self, cell) {
            (Owned::Integer(own), KeyCell::Integer(other)) => *own == other,
            (Owned::Text(own), KeyCell::Text(other)) => **own == *other,
            _ => false,
        }
    }
}

impl From<KeyCell<'_>> for Owned {
    fn from(cell: KeyCell<'_>) -> Owned {
        match cell {
            KeyCell::Integer(number) => Owned::Integer(number),
            KeyCell::Text(bytes) => Owned::Text(bytes.into()),
        }
    }
}

/// The students so far, sixteen bytes each: a number itself, of a text two hashes with secret keys.
#[derive(Default)]
struct Seen {
    students: HashSet<u128>,
    keys: (RandomState, RandomState),
}

impl Seen {
    /// Whether the student is new.
    fn insert(&mut self, cell: KeyCell) -> bool {
        let mark = match cell {
            KeyCell::Integer(number) => number as u128,
            KeyCell::Text(bytes) => {
                u128::from(self.keys.0.hash_one(bytes)) << 64 | u128::from(self.keys.1.hash_one(bytes))
            }
        };
        self.students.insert(mark)
    }
}

impl Clusters {
    /// By the column that tells the student.
    pub fn new(column: impl Into<String>) -> Clusters {
        Clusters { column: column.into(), open: Vec::new(), last: None, seen: Seen::default(), rows: 0 }
    }

    /// The rows of students that are over; those of the last stay here. Refuses a student who comes back.
    pub fn push(&mut self, batch: RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let cells = batch.column_by_name(&self.column).and_then(|column| KeyCells::of(column.as_ref()));
        let unfit =
            || Problem::new("unreadable-column", self.column.clone(), "is not there, or of no type for a student");
        let cells = cells.ok_or_else(|| Error::MalformedRecord(vec![unfit()]))?;
        let mut cut = None;
        let mut again = None;
        let mut before = None;
        for row in 0..batch.num_rows() {
            let cell = cells.get(row);
            // A missing id is the calculation's to refuse: it goes with the rows around it.
            let Some(cell) = cell.filter(|cell| before != Some(*cell)) else { continue };
            if before.is_none() && self.last.as_ref().is_some_and(|last| last.is(cell)) {
                before = Some(cell);
                continue;
            }
            before = Some(cell);
            cut = Some(row);
            if !self.seen.insert(cell) {
                again.get_or_insert(self.rows + row as u64);
            }
        }
        if let Some(row) = again {
            let message = format!("a student comes back in row {row} (counted from 0) after others came between");
            return Err(Error::MalformedRecord(vec![Problem::new("not-clustered", self.column.clone(), message)]));
        }
        self.last = before.map(Owned::from).or(self.last.take());
        self.rows += batch.num_rows() as u64;
        Ok(self.cut(batch, cut))
    }

    /// What is over when a student begins at row `cut` of `batch`.
    fn cut(&mut self, batch: RecordBatch, cut: Option<usize>) -> Vec<RecordBatch> {
        let Some(cut) = cut else {
            self.open.push(batch);
            return Vec::new();
        };
        let rest = batch.slice(cut, batch.num_rows() - cut);
        let mut over = std::mem::replace(&mut self.open, vec![rest]);
        if cut > 0 {
            over.push(batch.slice(0, cut));
        }
        over
    }

    /// The last student's rows.
    pub fn finish(&mut self) -> Vec<RecordBatch> {
        std::mem::take(&mut self.open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use std::sync::Arc;

    fn batch(column: ArrayRef) -> RecordBatch {
        RecordBatch::try_from_iter([("student", column)]).unwrap()
    }

    fn numbers(ids: &[i64]) -> RecordBatch {
        batch(Arc::new(Int64Array::from(ids.to_vec())))
    }

    fn rows(batches: &[RecordBatch]) -> usize {
        batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[test]
    fn a_student_is_over_when_the_next_begins() {
        let mut clusters = Clusters::new("student");
        assert_eq!(rows(&clusters.push(numbers(&[5, 5, 3, 3])).unwrap()), 2);
        assert_eq!(rows(&clusters.push(numbers(&[3, 3])).unwrap()), 0);
        assert_eq!(rows(&clusters.push(numbers(&[3, 9])).unwrap()), 5);
        assert_eq!(rows(&clusters.push(numbers(&[1, 2])).unwrap()), 2);
        assert_eq!(rows(&clusters.finish()), 1);
        assert_eq!(rows(&clusters.finish()), 0);
    }

    #[test]
    fn a_student_who_comes_back_is_refused_with_the_row_of_the_whole_stream() {
        for again in [5, 3] {
            let mut clusters = Clusters::new("student");
            clusters.push(numbers(&[5, 5, 3, 4])).unwrap();
            let refused = clusters.push(numbers(&[4, again])).unwrap_err();
            assert_eq!(refused.code(), "malformed-record");
            assert!(refused.to_string().contains("row 5"), "{refused}");
        }
        let mut clusters = Clusters::new("student");
        let texts = batch(Arc::new(StringArray::from(vec!["a", "b", "a"])));
        assert!(clusters.push(texts).is_err());
    }

    #[test]
    fn a_column_that_is_not_there_is_refused() {
        assert!(Clusters::new("learner").push(numbers(&[1])).is_err());
    }
}
