//! Students whose rows stand together: each is judged where the rows lie.

use super::cells::KeyCells;
use super::chunk::{BLOCK, Chunk, Table};
use super::decode::Decoder;
use super::groups::Groups;
use super::repeat::Plan;
use super::repeat_columns::{self, Numbers};
use super::repeat_student::{Attempts, StudentSums};
use super::runs::Starts;
use super::share;
use super::stop::Stop;
use super::worth::Classed;
use std::ops::Range;

/// Places looked at to see how the rows lie.
const LOOKS: usize = 64;

/// Where a row stands: all chunks with their first rows.
struct Places<'a> {
    chunks: Vec<(usize, KeyCells<'a>)>,
}

impl<'a> Places<'a> {
    fn of(table: &Table<'a>, column: usize) -> Result<Places<'a>, Stop> {
        let mut first = 0;
        let mut chunks = Vec::with_capacity(table.batches.len());
        for batch in table.batches.iter().filter(|batch| batch.num_rows() > 0) {
            chunks.push((first, repeat_columns::open(batch, column)?));
            first += batch.num_rows();
        }
        Ok(Places { chunks })
    }

    /// Whether the row has the key of the row before.
    fn goes_on(&self, row: usize) -> bool {
        let key = |row: usize| {
            let after = self.chunks.partition_point(|(first, _)| *first <= row);
            let (first, cells) = self.chunks.get(after.checked_sub(1)?)?;
            cells.get(row - first)
        };
        row > 0 && key(row) == key(row - 1)
    }
}

/// Whether most neighbours are of one student.
pub(super) fn stands_together(table: &Table, column: usize) -> Result<bool, Stop> {
    let places = Places::of(table, column)?;
    let looks = (1..LOOKS).map(|look| table.rows * look / LOOKS);
    let equal = looks.filter(|row| places.goes_on(*row)).count();
    Ok(equal * 2 > LOOKS || table.rows < LOOKS)
}

/// A group for every student, in order of the rows, and the or of all credits.
pub(super) fn runs<'a>(table: &Table<'a>, plan: &Plan<'a>) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    let spans = whole_students(table, plan.student)?;
    let parts = share::each(spans, |span| Task::new(plan).run(table, span));
    let mut groups = Vec::with_capacity(parts.len());
    let mut credit_bits = 0;
    for part in parts {
        let (part, bits) = part?;
        groups.push(part);
        credit_bits |= bits;
    }
    Ok((groups, credit_bits))
}

/// Spans that begin where a student does.
fn whole_students(table: &Table, column: usize) -> Result<Vec<Range<usize>>, Stop> {
    let places = Places::of(table, column)?;
    let mut starts: Vec<usize> = Vec::new();
    for span in table.spans(share::threads() * 8) {
        let mut start = span.start.max(starts.last().copied().unwrap_or(0));
        while start < table.rows && places.goes_on(start) {
            start += 1;
        }
        starts.push(start);
    }
    starts.push(table.rows);
    let spans = starts.windows(2).filter_map(|pair| Some(*pair.first()?..*pair.last()?));
    Ok(spans.filter(|span| !span.is_empty()).collect())
}

struct Task<'a, 'p> {
    decoder: Decoder<'p>,
    block: Vec<Classed>,
    starts: Starts,
    courses: Numbers<'a, 'p>,
    terms: Numbers<'a, 'p>,
    plan: &'p Plan<'a>,
    /// The rows of the student who has not ended, then those of the block.
    rows: Vec<Classed>,
    course: Vec<u32>,
    term: Vec<u32>,
    groups: Groups<'a>,
    students: StudentSums<'p, 'a>,
}

impl<'a, 'p> Task<'a, 'p> {
    fn new(plan: &'p Plan<'a>) -> Task<'a, 'p> {
        Task {
            decoder: Decoder::new(plan.classes),
            block: Vec::with_capacity(BLOCK),
            starts: Starts::default(),
            courses: Numbers::new(&plan.courses),
            terms: Numbers::new(&plan.terms),
            plan,
            rows: Vec::with_capacity(2 * BLOCK),
            course: Vec::with_capacity(2 * BLOCK),
            term: Vec::with_capacity(2 * BLOCK),
            groups: Groups::default(),
            students: StudentSums::new(plan),
        }
    }

    fn run(mut self, table: &Table<'a>, span: Range<usize>) -> Result<(Groups<'a>, u32), Stop> {
        let length = span.len();
        table.blocks(span, |chunk, rows| self.block(chunk, rows, length))?;
        if !self.rows.is_empty() {
            self.ended(0..self.rows.len())?;
        }
        Ok((self.groups, self.decoder.credit_bits))
    }

    /// `length`: of the whole span.
    fn block(&mut self, chunk: &Chunk<'a>, rows: Range<usize>, length: usize) -> Result<(), Stop> {
        self.decoder.block(chunk, rows.clone(), &mut self.block)?;
        let open = self.rows.len();
        self.starts.find(chunk, rows.clone(), &self.groups, open > 0)?;
        self.rows.extend_from_slice(&self.block);
        let course = repeat_columns::open(chunk.batch, self.plan.course)?;
        let term = repeat_columns::open(chunk.batch, self.plan.term)?;
        self.courses.append(&course, chunk.batch, rows.clone(), &mut self.course)?;
        self.terms.append(&term, chunk.batch, rows.clone(), &mut self.term)?;
        self.groups.begin(&chunk.keys, self.starts.places.len() * (length / rows.len().max(1) + 1));
        for (keys, cells) in self.groups.keys.iter_mut().zip(&chunk.keys) {
            let starts = self.starts.places.iter().map(|start| rows.start + usize::from(*start));
            keys.extend(cells, starts).ok_or(Stop::Slow)?;
        }
        let mut at = 0;
        for number in 0..self.starts.places.len() {
            let start = open + usize::from(self.starts.places[number]);
            if start > at {
                self.ended(at..start)?;
            }
            at = start;
        }
        self.rows.drain(..at);
        self.course.drain(..at);
        self.term.drain(..at);
        Ok(())
    }

    #[inline(always)]
    fn ended(&mut self, rows: Range<usize>) -> Result<(), Stop> {
        let slices = (self.course.get(rows.clone()), self.term.get(rows.clone()), self.rows.get(rows));
        let (Some(courses), Some(terms), Some(packed)) = slices else { return Err(Stop::Slow) };
        self.groups.sums.push(self.students.judge(Attempts { courses, terms, packed })?);
        Ok(())
    }
}
