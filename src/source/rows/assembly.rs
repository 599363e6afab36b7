//! A student's rows, table by table, into a `StudentRecord`, with every problem of every row at once.

use super::blocks::{Blocks, Child};
use super::cells::{Cells, Place};
use super::readers::{self, NameKind};
use super::{Cell, Entity, Row};
use crate::domain::{
    Award, Balance, BirthDate, Error, Hold, Institution, Names, PersonName, Problem, Program, StatedSummary, Student,
    StudentId, StudentRecord, Term, Text, TotalsAuthority, TransferBlock,
};
use crate::exchange::in_order;

/// More rows than this for one student in one table is no record of a person.
pub const MAX_ROWS: usize = 4000;

/// What the row of `students` says.
struct Person {
    birth: Option<BirthDate>,
    native: Option<Text>,
    institution: Option<i64>,
    totals: Option<TotalsAuthority>,
    sample: Option<bool>,
}

/// What a row's owner is called by, and the row's own number among the owner's.
type Key = (bool, Option<i64>, i64);

/// One student's record while its rows arrive. Rows come in the order of [`Entity::ALL`], and those of one
/// entity in [`Entity::order`].
pub struct Assembly {
    id: StudentId,
    counts: [usize; Entity::ALL.len()],
    /// The key of the row before, and its entity: rows of one key come one after the other.
    before: Option<(Entity, Key)>,
    problems: Vec<Problem>,
    person: Option<Person>,
    /// How many problems there were when the row of `students` was read: the institution's are told next.
    after_person: usize,
    institution: Option<Institution>,
    names: Vec<(NameKind, PersonName)>,
    names_sound: bool,
    programs: Vec<Program>,
    awards: Blocks<Award>,
    terms: Blocks<Term>,
    transfers: Blocks<TransferBlock>,
    stated: Vec<StatedSummary>,
    balances: Vec<Balance>,
    holds: Vec<Hold>,
    notes: Vec<Text>,
}

impl Assembly {
    pub fn new(id: StudentId) -> Assembly {
        Assembly {
            id,
            counts: [0; Entity::ALL.len()],
            before: None,
            problems: Vec::new(),
            person: None,
            after_person: 0,
            institution: None,
            names: Vec::new(),
            names_sound: true,
            programs: Vec::new(),
            awards: Blocks::new(Entity::Awards.place()),
            terms: Blocks::new(Entity::Terms.place()),
            transfers: Blocks::new(Entity::TransferBlocks.place()),
            stated: Vec::new(),
            balances: Vec::new(),
            holds: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether the row of `students` was there: without one there is no record.
    pub fn known(&self) -> bool {
        self.person.is_some()
    }

    /// The key in `institution` of the institution that issues the record, where the record names one.
    pub fn institution_key(&self) -> Option<i64> {
        self.person.as_ref().and_then(|person| person.institution)
    }

    /// Takes the next row of an entity. False: so many rows are no record of a person, and more need not be read.
    pub fn take(&mut self, entity: Entity, row: &dyn Row) -> bool {
        let Some(count) = self.counts.get_mut(entity.index()) else { return false };
        let index = *count;
        *count += 1;
        if index >= MAX_ROWS {
            if index == MAX_ROWS {
                let message = format!("has more than {MAX_ROWS} rows");
                self.problems.push(Problem::new("too-many-rows", entity.place(), message));
            }
            return false;
        }
        self.look_at_key(entity, row, index);
        let cells = Cells::new(row, 0, Place::of(entity.place(), index), &mut self.problems);
        match entity {
            Entity::Students => self.person(row, index),
            Entity::Institution => self.institution(row, index),
            Entity::Names => self.name(row, index),
            Entity::Awards => self.awards.read(row, readers::award, &mut self.problems),
            Entity::Programs => self.program(row, index),
            Entity::Terms => self.terms.read(row, readers::term, &mut self.problems),
            Entity::TransferBlocks => self.transfers.read(row, readers::transfer, &mut self.problems),
            Entity::Attempts => self.attempt(row, index),
            Entity::StatedTotals => self.stated(row, index),
            Entity::Balances => self.balances.extend(readers::balance(cells)),
            Entity::Holds => self.holds.extend(readers::hold(cells)),
            Entity::Notes => self.notes.extend(readers::note(cells)),
        }
        true
    }

    /// Tables of the published schema have one row a key. A view that joins too much gives a row twice, and a course of it
    /// would count twice.
    fn look_at_key(&mut self, entity: Entity, row: &dyn Row, index: usize) {
        let Some(seq) = entity.key().and_then(|column| integer(row, column)) else { return };
        let key = match entity {
            Entity::Attempts => match row.cell(0) {
                Cell::Text("term") => (true, integer(row, 1), seq),
                Cell::Text("transfer") => (false, integer(row, 1), seq),
                // Of no block: that is told elsewhere.
                _ => return,
            },
            Entity::Programs | Entity::StatedTotals => (false, integer(row, 0), seq),
            _ => (false, None, seq),
        };
        if self.before.replace((entity, key)) == Some((entity, key)) {
            let place = format!("{}[{index}].seq", entity.place());
            let message = "is the key of an earlier row too: does a view join a row to several others?";
            self.problems.push(Problem::new("repeated-key", place, message));
        }
    }

    /// The record; every problem of every row when any row is malformed.
    pub fn finish(mut self) -> Result<StudentRecord, Error> {
        let Some(person) = self.person.take() else { return Err(Error::RecordNotFound) };
        if person.institution.is_some() && self.counts[Entity::Institution.index()] == 0 {
            let orphan = Problem::new("orphan", "institution", "refers to no institution of the database");
            self.problems.insert(self.after_person.min(self.problems.len()), orphan);
        }
        let names = self.names_of(person.native);
        if person.totals == Some(TotalsAuthority::Policy) {
            self.terms.refuse_repeated(&mut self.problems);
        }
        let (Some(names), Some(totals), Some(sample), true) =
            (names, person.totals, person.sample, self.problems.is_empty())
        else {
            return Err(Error::MalformedRecord(self.problems));
        };
        Ok(StudentRecord {
            student: Student { id: self.id, names, birth: person.birth },
            institution: self.institution,
            programs: self.programs,
            terms: in_order(self.terms.finished()),
            transfers: self.transfers.finished(),
            balances: self.balances,
            awards: self.awards.finished(),
            holds: self.holds,
            notes: self.notes,
            totals,
            stated: self.stated,
            sample,
            partial: false,
        })
    }

    fn person(&mut self, row: &dyn Row, index: usize) {
        if index > 0 {
            let message = "has more than one row of this student: which of them holds is unclear";
            return self.problems.push(Problem::new("repeated-student", Entity::Students.place(), message));
        }
        let mut c = Cells::new(row, 0, Place::RECORD, &mut self.problems);
        let birth = c.birth("birth");
        let native = c.text("native_name");
        let institution = c.integer("institution");
        let totals = c.required("totals", Cells::word);
        let sample = c.required("sample", Cells::flag);
        self.person = Some(Person { birth, native, institution, totals, sample });
        self.after_person = self.problems.len();
    }

    fn institution(&mut self, row: &dyn Row, index: usize) {
        if index > 0 {
            let message = "has more than one row of this student: which of them holds is unclear";
            return self.problems.push(Problem::new("repeated-institution", Entity::Institution.place(), message));
        }
        let mut wrong = Vec::new();
        self.institution = readers::institution(Cells::new(row, 0, Place::RECORD, &mut wrong));
        for mut problem in wrong {
            problem.place = format!("institution.{}", problem.place);
            self.problems.push(problem);
        }
    }

    fn name(&mut self, row: &dyn Row, index: usize) {
        let before = self.problems.len();
        let place = Place::of(Entity::Names.place(), index);
        self.names.extend(readers::name(Cells::new(row, 0, place, &mut self.problems)));
        self.names_sound &= self.problems.len() == before;
    }

    fn names_of(&mut self, native: Option<Text>) -> Option<Names> {
        let (mut legal, mut chosen, mut former) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, name) in self.names.drain(..) {
            match kind {
                NameKind::Legal => legal.push(name),
                NameKind::Chosen => chosen.push(name),
                NameKind::Former => former.push(name),
            }
        }
        if legal.len() != 1 && self.names_sound {
            self.problems.push(Problem::new("legal-name", "names", "must hold exactly one legal name"));
        }
        if chosen.len() > 1 {
            self.problems.push(Problem::new("chosen-name", "names", "holds more than one chosen name"));
        }
        legal.pop().map(|legal| Names { legal, chosen: chosen.pop(), former, native })
    }

    fn program(&mut self, row: &dyn Row, index: usize) {
        let (table, owner) = (Entity::Programs.place(), integer(row, 0));
        if owner == Some(0) {
            let cells = Cells::new(row, 1, Place::of(table, index), &mut self.problems);
            return self.programs.extend(readers::program(cells));
        }
        let child = Child { row, first: 1, table, index, owner_field: "award", owner };
        let push = |award: &mut Award, program| award.programs.push(program);
        self.awards.adopt(child, readers::program, push, &mut self.problems);
    }

    fn stated(&mut self, row: &dyn Row, index: usize) {
        let (table, owner) = (Entity::StatedTotals.place(), integer(row, 0));
        if owner == Some(0) {
            let cells = Cells::new(row, 1, Place::of(table, index), &mut self.problems);
            return self.stated.extend(readers::stated(cells));
        }
        let child = Child { row, first: 1, table, index, owner_field: "term", owner };
        let push = |term: &mut Term, stated| term.stated.push(stated);
        self.terms.adopt(child, readers::stated, push, &mut self.problems);
    }

    fn attempt(&mut self, row: &dyn Row, index: usize) {
        let (table, owner, problems) = (Entity::Attempts.place(), integer(row, 1), &mut self.problems);
        let child = Child { row, first: 2, table, index, owner_field: "block", owner };
        match row.cell(0) {
            Cell::Text("term") => self.terms.adopt(child, readers::attempt, |term, a| term.attempts.push(a), problems),
            Cell::Text("transfer") => {
                self.transfers.adopt(child, readers::attempt, |block, a| block.attempts.push(a), problems);
            }
            _ => {
                let place = format!("{table}[{index}].block_kind");
                problems.push(Problem::new("unknown-word", place, "is none of the schema's words"));
            }
        }
    }
}

/// The integer in a key column, if there is one.
fn integer(row: &dyn Row, column: usize) -> Option<i64> {
    match row.cell(column) {
        Cell::Integer(key) => Some(key),
        _ => None,
    }
}
