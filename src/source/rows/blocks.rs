//! Rows that own other rows: terms and transfer blocks with their attempts, awards with their programmes.

use super::Row;
use super::cells::{Cells, Place};
use crate::domain::{Problem, Term};
use std::collections::HashSet;

/// A term, transfer block or award while the rows that belong to it are still to come.
struct Block<T> {
    /// Absent when it is missing or no integer, which is told already.
    seq: Option<i64>,
    /// Absent when the block's own row is malformed: its children are read all the same, for their problems.
    value: Option<T>,
    /// Rows that belong to it so far, the malformed ones among them.
    children: usize,
}

/// All blocks of one table of one student, in order.
pub struct Blocks<T> {
    /// Their word in places: `terms`.
    table: &'static str,
    blocks: Vec<Block<T>>,
}

impl<T> Blocks<T> {
    pub fn new(table: &'static str) -> Blocks<T> {
        Blocks { table, blocks: Vec::new() }
    }

    /// Reads a block's own row: its key, then the rest.
    pub fn read(&mut self, row: &dyn Row, read: fn(Cells<'_>) -> Option<T>, problems: &mut Vec<Problem>) {
        let place = Place::of(self.table, self.blocks.len());
        let seq = Cells::new(row, 0, place, problems).required("seq", Cells::integer);
        let key = format!("{}[{}].seq", self.table, self.blocks.len());
        if seq.is_some_and(|seq| seq < 1) {
            // A programme or totals of the record itself refer to 0: they would move to this block.
            problems.push(Problem::new("bad-key", key, "is below 1, and 0 stands for the record itself"));
        } else if seq.is_some() && self.blocks.iter().any(|block| block.seq == seq) {
            problems.push(Problem::new(
                "repeated-key",
                key,
                "is the seq of an earlier row: which rows belong to it is unclear",
            ));
        }
        let value = read(Cells::new(row, 1, place, problems));
        self.blocks.push(Block { seq, value, children: 0 });
    }

    pub fn finished(self) -> Vec<T> {
        self.blocks.into_iter().filter_map(|block| block.value).collect()
    }

    /// Reads a row that belongs to one of the blocks and hands both to `push`.
    pub fn adopt<C>(
        &mut self,
        child: Child<'_>,
        read: fn(Cells<'_>) -> Option<C>,
        push: fn(&mut T, C),
        problems: &mut Vec<Problem>,
    ) {
        let Some(position) = self.blocks.iter().position(|block| block.seq.is_some() && block.seq == child.owner)
        else {
            let place = format!("{}[{}].{}", child.table, child.index, child.owner_field);
            let message = format!("refers to none of the student's {}", self.table);
            return problems.push(Problem::new("orphan", place, message));
        };
        let block = &mut self.blocks[position];
        let place = Place::within(self.table, position, child.table, block.children);
        block.children += 1;
        let value = read(Cells::new(child.row, child.first, place, problems));
        if let Some((owner, value)) = block.value.as_mut().zip(value) {
            push(owner, value);
        }
    }
}

impl Blocks<Term> {
    /// Where the policy sums terms up, none may be there twice.
    pub fn refuse_repeated(&self, problems: &mut Vec<Problem>) {
        let mut seen = HashSet::new();
        for (index, term) in self.blocks.iter().enumerate() {
            let Some(term) = &term.value else { continue };
            if !seen.insert((&term.level, term.designator, &term.name)) {
                let message = "has the level, designator and name of an earlier term: its courses would count twice";
                problems.push(Problem::new("repeated-term", format!("{}[{index}]", self.table), message));
            }
        }
    }
}

/// A row that belongs to a block.
pub struct Child<'r> {
    pub row: &'r dyn Row,
    /// The first column after its keys.
    pub first: usize,
    /// Its word in places: `attempts`; and its position among all such rows of the student.
    pub table: &'static str,
    pub index: usize,
    /// The column that names its block, and what stands there.
    pub owner_field: &'static str,
    pub owner: Option<i64>,
}
