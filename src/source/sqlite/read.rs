//! One student's rows into a `StudentRecord`, through statements prepared once for a batch of students.

use super::blocks::{Block, Blocks, Child};
use super::cells::{Cells, Place};
use super::failure;
use super::rows::{self, NameKind};
use crate::domain::{
    Award, BirthDate, Error, Institution, Names, PersonName, Problem, Program, StatedSummary, Student, StudentId,
    StudentRecord, Term, Text, TotalsAuthority, TransferBlock,
};
use crate::exchange::in_order;
use rusqlite::{CachedStatement, Connection, Row};

/// More rows than this for one student in one table is no record of a person.
const MAX_ROWS: usize = 4000;

/// The statements that read a record, prepared.
pub struct RecordReader<'c> {
    connection: &'c Connection,
    students: CachedStatement<'c>,
    names: CachedStatement<'c>,
    programs: CachedStatement<'c>,
    terms: CachedStatement<'c>,
    transfers: CachedStatement<'c>,
    attempts: CachedStatement<'c>,
    balances: CachedStatement<'c>,
    awards: CachedStatement<'c>,
    holds: CachedStatement<'c>,
    notes: CachedStatement<'c>,
    stated: CachedStatement<'c>,
}

/// What the row of `students` says.
struct Person {
    birth: Option<BirthDate>,
    native: Option<Text>,
    institution: Option<i64>,
    totals: Option<TotalsAuthority>,
    sample: Option<bool>,
}

/// The rows of one student in one table, in order, each read by `read` at its index.
fn rows_of<T>(
    statement: &mut CachedStatement<'_>,
    id: &StudentId,
    table: &'static str,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(usize, &Row<'_>, &mut Vec<Problem>) -> T,
) -> Result<Vec<T>, Error> {
    let mut rows = statement.query([id.as_str()]).map_err(failure)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        if values.len() == MAX_ROWS {
            problems.push(Problem::new("too-many-rows", table, format!("has more than {MAX_ROWS} rows")));
            break;
        }
        values.push(read(values.len(), row, problems));
    }
    Ok(values)
}

/// Rows that others refer to by their `seq`, the first column.
fn blocks<T>(
    statement: &mut CachedStatement<'_>,
    id: &StudentId,
    table: &'static str,
    problems: &mut Vec<Problem>,
    read: fn(Cells<'_, '_>) -> Option<T>,
) -> Result<Blocks<T>, Error> {
    let all = rows_of(statement, id, table, problems, |index, row, problems| {
        let place = Place::of(table, index);
        let seq = Cells::new(row, 0, place, problems).required("seq", Cells::integer).unwrap_or_default();
        Block::new(seq, read(Cells::new(row, 1, place, problems)))
    })?;
    Ok(Blocks::new(table, all))
}

/// Rows that stand alone.
fn plain<T>(
    statement: &mut CachedStatement<'_>,
    id: &StudentId,
    table: &'static str,
    problems: &mut Vec<Problem>,
    read: fn(Cells<'_, '_>) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let values = rows_of(statement, id, table, problems, |index, row, problems| {
        read(Cells::new(row, 0, Place::of(table, index), problems))
    })?;
    Ok(values.into_iter().flatten().collect())
}

impl<'c> RecordReader<'c> {
    pub fn new(connection: &'c Connection) -> Result<RecordReader<'c>, Error> {
        let prepare = |columns: &str, table: &str, order: &str| {
            let sql = format!("SELECT {columns} FROM {table} WHERE student = ?1 ORDER BY {order}");
            connection.prepare_cached(&sql).map_err(failure)
        };
        let with = |keys: &str, columns: &str| format!("{keys}, {columns}");
        Ok(RecordReader {
            connection,
            students: connection
                .prepare_cached("SELECT birth, native_name, institution, totals, sample FROM students WHERE id = ?1")
                .map_err(failure)?,
            names: prepare(rows::NAME_COLUMNS, "names", "seq")?,
            programs: prepare(&with("award", rows::PROGRAM_COLUMNS), "programs", "award, seq")?,
            terms: prepare(&with("seq", rows::TERM_COLUMNS), "terms", "seq")?,
            transfers: prepare(&with("seq", rows::TRANSFER_COLUMNS), "transfer_blocks", "seq")?,
            attempts: prepare(&with("block_kind, block", rows::ATTEMPT_COLUMNS), "attempts", "block_kind, block, seq")?,
            balances: prepare(rows::BALANCE_COLUMNS, "balances", "seq")?,
            awards: prepare(&with("seq", rows::AWARD_COLUMNS), "awards", "seq")?,
            holds: prepare(rows::HOLD_COLUMNS, "holds", "seq")?,
            notes: prepare(rows::NOTE_COLUMNS, "notes", "seq")?,
            stated: prepare(&with("term", rows::STATED_COLUMNS), "stated_totals", "term, seq")?,
        })
    }

    /// The student's record; every problem of every row at once when any row is malformed.
    pub fn record(&mut self, id: &StudentId) -> Result<StudentRecord, Error> {
        let mut problems = Vec::new();
        let person = self.person(id, &mut problems)?.ok_or(Error::RecordNotFound)?;
        let institution = self.institution(person.institution, &mut problems)?;
        let names = self.names(id, person.native, &mut problems)?;
        let (programs, awards) = self.programs_and_awards(id, &mut problems)?;
        let mut terms = blocks(&mut self.terms, id, "terms", &mut problems, rows::term)?;
        let mut transfers = blocks(&mut self.transfers, id, "transfers", &mut problems, rows::transfer)?;
        self.attempts(id, &mut terms, &mut transfers, &mut problems)?;
        let stated = self.stated(id, &mut terms, &mut problems)?;
        let balances = plain(&mut self.balances, id, "balances", &mut problems, rows::balance)?;
        let holds = plain(&mut self.holds, id, "holds", &mut problems, rows::hold)?;
        let notes = plain(&mut self.notes, id, "notes", &mut problems, rows::note)?;
        if person.totals == Some(TotalsAuthority::Policy) {
            terms.refuse_repeated(&mut problems);
        }
        let (Some(names), Some(totals), Some(sample), true) =
            (names, person.totals, person.sample, problems.is_empty())
        else {
            return Err(Error::MalformedRecord(problems));
        };
        let student = Student { id: id.clone(), names, birth: person.birth };
        let (terms, transfers) = (in_order(terms.finished()), transfers.finished());
        let record = StudentRecord {
            student,
            institution,
            programs,
            terms,
            transfers,
            balances,
            awards,
            holds,
            notes,
            totals,
            stated,
            sample,
            partial: false,
        };
        Ok(record)
    }

    fn person(&mut self, id: &StudentId, problems: &mut Vec<Problem>) -> Result<Option<Person>, Error> {
        let mut rows = self.students.query([id.as_str()]).map_err(failure)?;
        let Some(row) = rows.next().map_err(failure)? else { return Ok(None) };
        let mut c = Cells::new(row, 0, Place::RECORD, problems);
        let birth = c.birth("birth");
        let native = c.text("native_name");
        let institution = c.integer("institution");
        let totals = c.required("totals", Cells::word);
        let sample = c.required("sample", Cells::flag);
        Ok(Some(Person { birth, native, institution, totals, sample }))
    }

    fn institution(&self, key: Option<i64>, problems: &mut Vec<Problem>) -> Result<Option<Institution>, Error> {
        let Some(key) = key else { return Ok(None) };
        let sql = format!("SELECT {} FROM institution WHERE id = ?1", rows::INSTITUTION_COLUMNS);
        let mut statement = self.connection.prepare_cached(&sql).map_err(failure)?;
        let mut found = statement.query([key]).map_err(failure)?;
        let Some(row) = found.next().map_err(failure)? else {
            problems.push(Problem::new("orphan", "institution", "refers to no institution of the database"));
            return Ok(None);
        };
        let mut wrong = Vec::new();
        let institution = rows::institution(Cells::new(row, 0, Place::RECORD, &mut wrong));
        for mut problem in wrong {
            problem.place = format!("institution.{}", problem.place);
            problems.push(problem);
        }
        Ok(institution)
    }

    fn names(
        &mut self,
        id: &StudentId,
        native: Option<Text>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Names>, Error> {
        let before = problems.len();
        let all = plain(&mut self.names, id, "names", problems, rows::name)?;
        let of = |kind| -> Vec<PersonName> {
            all.iter().filter(|(k, _)| *k == kind).map(|(_, name)| name.clone()).collect()
        };
        let (mut legal, mut chosen, former) = (of(NameKind::Legal), of(NameKind::Chosen), of(NameKind::Former));
        if legal.len() != 1 && problems.len() == before {
            problems.push(Problem::new("legal-name", "names", "must hold exactly one legal name"));
        }
        if chosen.len() > 1 {
            problems.push(Problem::new("chosen-name", "names", "holds more than one chosen name"));
        }
        Ok(legal.pop().map(|legal| Names { legal, chosen: chosen.pop(), former, native }))
    }

    fn programs_and_awards(
        &mut self,
        id: &StudentId,
        problems: &mut Vec<Problem>,
    ) -> Result<(Vec<Program>, Vec<Award>), Error> {
        let mut awards = blocks(&mut self.awards, id, "awards", problems, rows::award)?;
        let mut own = Vec::new();
        rows_of(&mut self.programs, id, "programs", problems, |index, row, problems| {
            let (table, owner_field, owner) = ("programs", "award", integer(row, 0));
            if owner == Some(0) {
                own.extend(rows::program(Cells::new(row, 1, Place::of(table, index), problems)));
            } else {
                let child = Child { row, first: 1, table, index, owner_field, owner };
                awards.adopt(child, rows::program, |award, program| award.programs.push(program), problems);
            }
        })?;
        Ok((own, awards.finished()))
    }

    fn stated(
        &mut self,
        id: &StudentId,
        terms: &mut Blocks<Term>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<StatedSummary>, Error> {
        let mut own = Vec::new();
        rows_of(&mut self.stated, id, "stated", problems, |index, row, problems| {
            let (table, owner_field, owner) = ("stated", "term", integer(row, 0));
            if owner == Some(0) {
                own.extend(rows::stated(Cells::new(row, 1, Place::of(table, index), problems)));
            } else {
                let child = Child { row, first: 1, table, index, owner_field, owner };
                terms.adopt(child, rows::stated, |term, stated| term.stated.push(stated), problems);
            }
        })?;
        Ok(own)
    }

    fn attempts(
        &mut self,
        id: &StudentId,
        terms: &mut Blocks<Term>,
        transfers: &mut Blocks<TransferBlock>,
        problems: &mut Vec<Problem>,
    ) -> Result<(), Error> {
        rows_of(&mut self.attempts, id, "attempts", problems, |index, row, problems| {
            let (table, owner_field, owner) = ("attempts", "block", integer(row, 1));
            let child = Child { row, first: 2, table, index, owner_field, owner };
            match row.get_ref(0).ok().and_then(|cell| cell.as_str().ok()) {
                Some("term") => terms.adopt(child, rows::attempt, |term, a| term.attempts.push(a), problems),
                Some("transfer") => transfers.adopt(child, rows::attempt, |block, a| block.attempts.push(a), problems),
                _ => {
                    let place = format!("attempts[{index}].block_kind");
                    problems.push(Problem::new("unknown-word", place, "is none of the schema's words"));
                }
            }
        })?;
        Ok(())
    }
}

/// The integer in a key column, if there is one.
fn integer(row: &Row<'_>, column: usize) -> Option<i64> {
    row.get_ref(column).ok().and_then(|cell| cell.as_i64().ok())
}
