//! Students whose rows stand anywhere: rows are brought to partitions of few students, and to their students there.

use super::cells::{Values, with_integers};
use super::chunk::{BLOCK, Chunk, Table};
use super::decode::Decoder;
use super::groups::{Groups, Keys, Ordered};
use super::kept;
use super::repeat::Plan;
use super::repeat_columns::{self, Numbers};
use super::repeat_student::{Attempts, StudentSums};
use super::share;
use super::stop::Stop;
use super::worth::Classed;
use std::ops::Range;

/// Rows that a partition should have: what is done to them stays in the second cache.
const ROWS: usize = 8192;
const MOST_PARTITIONS: usize = 2048;
const SCRAMBLE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Student (in two halves), course, term and the packed attempt.
type Row = [u32; 5];

/// Which partition a student is in.
#[derive(Clone, Copy)]
struct Split {
    least: u64,
    /// Of the distance from the least, or of the scrambled student.
    shift: u32,
    scrambled: bool,
    partitions: usize,
}

/// The rows of one span, by partition.
struct Scattered {
    rows: Vec<Row>,
    /// Where each partition begins, and the end.
    starts: Vec<usize>,
    credit_bits: u32,
}

/// A group for every student, and the or of all credits.
pub(super) fn partitions<'a>(table: &Table<'a>, plan: &Plan<'a>) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    let split = Split::of(table, plan.student)?;
    let spans = table.spans(share::threads());
    let mut scattered = Vec::with_capacity(spans.len());
    for part in share::each(spans, |span| scatter(table, plan, split, span)) {
        scattered.push(part?);
    }
    let credit_bits = scattered.iter().fold(0, |bits, part| bits | part.credit_bits);
    // Several partitions a task: each task makes tables of its own.
    let tasks = (share::threads() * 8).min(split.partitions);
    let bounds = |task: usize| split.partitions * task / tasks;
    let tasks: Vec<Range<usize>> = (0..tasks).map(|task| bounds(task)..bounds(task + 1)).collect();
    let parts = share::each(tasks, |own| {
        let mut students = Students::new(plan, split);
        for partition in own {
            if table.cancelled.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(Stop::Cancelled);
            }
            students.partition(&scattered, partition)?;
        }
        Ok(Groups { keys: vec![Keys::Numbers(students.keys)], sums: students.sums })
    });
    scattered.into_iter().for_each(|part| kept::keep(part.rows));
    Ok((parts.into_iter().collect::<Result<_, _>>()?, credit_bits))
}

/// The students of the rows, in numbers of their order.
fn students(chunk: &Chunk, column: usize, rows: Range<usize>, out: &mut Vec<u64>) -> Result<(), Stop> {
    let cells = repeat_columns::open(chunk.batch, column)?;
    let (Values::Integers(integers), None) = (&cells.values, &cells.codes) else { return Err(Stop::Slow) };
    out.clear();
    with_integers!(integers, values => out.extend(values.get(rows).ok_or(Stop::Slow)?.iter().map(|v| v.ordered())));
    Ok(())
}

impl Split {
    fn of(table: &Table, column: usize) -> Result<Split, Stop> {
        let extent = |span: Range<usize>| {
            let mut extent = (u64::MAX, 0);
            let mut keys = Vec::with_capacity(BLOCK);
            table.blocks(span, |chunk, rows| {
                students(chunk, column, rows, &mut keys)?;
                extent = keys.iter().fold(extent, |(least, most), key| (least.min(*key), most.max(*key)));
                Ok(())
            })?;
            Ok(extent)
        };
        let (mut least, mut most) = (u64::MAX, 0);
        for extent in share::each(table.spans(share::threads()), extent) {
            let (low, high) = extent?;
            (least, most) = (least.min(low), most.max(high));
        }
        let wanted = (table.rows / ROWS).clamp(1, MOST_PARTITIONS).next_power_of_two();
        let distance = most.saturating_sub(least);
        if distance < table.rows as u64 {
            let shift = (64 - distance.leading_zeros()).saturating_sub(wanted.ilog2());
            return Ok(Split { least, shift, scrambled: false, partitions: (distance >> shift) as usize + 1 });
        }
        Ok(Split { least, shift: 64 - wanted.ilog2().max(1), scrambled: true, partitions: wanted.max(2) })
    }

    #[inline(always)]
    fn partition(self, student: u64) -> usize {
        let place = if self.scrambled { student.wrapping_mul(SCRAMBLE) } else { student - self.least };
        (place >> self.shift) as usize
    }
}

fn scatter<'a>(table: &Table<'a>, plan: &Plan<'a>, split: Split, span: Range<usize>) -> Result<Scattered, Stop> {
    let mut starts = vec![0; split.partitions + 1];
    let mut keys = Vec::with_capacity(BLOCK);
    table.blocks(span.clone(), |chunk, rows| {
        students(chunk, plan.student, rows, &mut keys)?;
        for key in &keys {
            starts[split.partition(*key) + 1] += 1;
        }
        Ok(())
    })?;
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut scattered: Vec<Row> = kept::filled(span.len());
    let mut decoder = Decoder::new(plan.classes);
    let (mut courses, mut terms) = (Numbers::new(&plan.courses), Numbers::new(&plan.terms));
    let (mut course, mut term) = (Box::new([0; BLOCK]), Box::new([0; BLOCK]));
    let mut attempts: Vec<Classed> = Vec::with_capacity(BLOCK);
    table.blocks(span, |chunk, rows| {
        students(chunk, plan.student, rows.clone(), &mut keys)?;
        decoder.block(chunk, rows.clone(), &mut attempts)?;
        let (of_course, of_term) =
            (repeat_columns::open(chunk.batch, plan.course)?, repeat_columns::open(chunk.batch, plan.term)?);
        courses.fill(&of_course, chunk.batch, rows.clone(), course.as_mut_slice())?;
        terms.fill(&of_term, chunk.batch, rows, term.as_mut_slice())?;
        for (((key, attempt), course), term) in keys.iter().zip(&attempts).zip(course.iter()).zip(term.iter()) {
            let place = &mut next[split.partition(*key)];
            scattered[*place] = [*key as u32, (*key >> 32) as u32, *course, *term, attempt.0];
            *place += 1;
        }
        Ok(())
    })?;
    Ok(Scattered { rows: scattered, starts, credit_bits: decoder.credit_bits })
}

/// The students of some partitions, one partition after the other.
struct Students<'p, 'a> {
    split: Split,
    sums_of: StudentSums<'p, 'a>,
    keys: Vec<u64>,
    sums: Vec<super::worth::Lanes>,
    /// Of the present partition: which students there are, and where the rows of each end.
    present: Vec<u64>,
    ends: Vec<u32>,
    /// The number of each row's student, then the rows by student.
    numbers: Vec<u32>,
    courses: Vec<u32>,
    terms: Vec<u32>,
    packed: Vec<Classed>,
    /// By scrambled student: its number and one more, 0 where there is none.
    slots: Vec<u32>,
}

impl<'p, 'a> Students<'p, 'a> {
    fn new(plan: &'p Plan<'a>, split: Split) -> Students<'p, 'a> {
        Students {
            split,
            sums_of: StudentSums::new(plan),
            keys: Vec::new(),
            sums: Vec::new(),
            present: Vec::new(),
            ends: Vec::new(),
            numbers: Vec::new(),
            courses: Vec::new(),
            terms: Vec::new(),
            packed: Vec::new(),
            slots: Vec::new(),
        }
    }

    fn partition(&mut self, scattered: &[Scattered], partition: usize) -> Result<(), Stop> {
        let slices = || {
            scattered
                .iter()
                .filter_map(|part| part.rows.get(*part.starts.get(partition)?..*part.starts.get(partition + 1)?))
        };
        let rows: usize = slices().map(<[Row]>::len).sum();
        self.number(slices().flatten(), rows, partition);
        // From counts to ends, filled from behind.
        let mut end = 0;
        for count in &mut self.ends {
            end += *count;
            *count = end;
        }
        self.courses.resize(rows, 0);
        self.terms.resize(rows, 0);
        self.packed.resize(rows, Classed::default());
        for (row, number) in slices().flatten().zip(&self.numbers) {
            let place = &mut self.ends[*number as usize];
            *place -= 1;
            let place = *place as usize;
            (self.courses[place], self.terms[place], self.packed[place]) = (row[2], row[3], Classed(row[4]));
        }
        for (at, student) in self.present.iter().enumerate() {
            let start = self.ends[at] as usize;
            let own = start..self.ends.get(at + 1).map_or(rows, |end| *end as usize);
            if own.is_empty() {
                continue;
            }
            let (courses, terms) = (&self.courses[own.clone()], &self.terms[own.clone()]);
            let attempts = Attempts { courses, terms, packed: &self.packed[own] };
            self.keys.push(*student);
            self.sums.push(self.sums_of.judge(attempts)?);
        }
        Ok(())
    }

    /// A number for each row's student, and how many rows each has.
    fn number<'r>(&mut self, rows: impl Iterator<Item = &'r Row>, count: usize, partition: usize) {
        self.numbers.clear();
        self.present.clear();
        self.ends.clear();
        if !self.split.scrambled {
            let width = 1usize << self.split.shift;
            let first = self.split.least + ((partition as u64) << self.split.shift);
            // Past the greatest number there is, a place stands for nobody.
            self.present.extend((0..width as u64).map(|at| first.wrapping_add(at)));
            self.ends.resize(width, 0);
            for row in rows {
                let number = (key(row) - first) as u32;
                self.ends[number as usize] += 1;
                self.numbers.push(number);
            }
            return;
        }
        self.slots.clear();
        self.slots.resize((count * 2).next_power_of_two(), 0);
        let mask = self.slots.len() - 1;
        for row in rows {
            let student = key(row);
            // The upper bits have chosen the partition.
            let mut at = (student.wrapping_mul(SCRAMBLE) >> 20) as usize & mask;
            let number = loop {
                match self.slots[at] {
                    0 => {
                        self.present.push(student);
                        self.ends.push(0);
                        self.slots[at] = self.present.len() as u32;
                        break self.present.len() as u32 - 1;
                    }
                    known if self.present[known as usize - 1] == student => break known - 1,
                    _ => at = (at + 1) & mask,
                }
            };
            self.ends[number as usize] += 1;
            self.numbers.push(number);
        }
    }
}

#[inline(always)]
fn key(row: &Row) -> u64 {
    u64::from(row[0]) | u64::from(row[1]) << 32
}
