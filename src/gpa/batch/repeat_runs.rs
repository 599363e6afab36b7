//! Students whose rows stand together: each is judged where the rows lie.

use super::cells::KeyCells;
use super::chunk::{BLOCK, Chunk, Table};
use super::decode::Decoder;
use super::groups::{Groups, Keys};
use super::repeat::{Plan, StudentSums};
use super::repeat_columns::{self, Numbers};
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
    plan: &'p Plan<'a>,
    rows: Vec<Classed>,
    starts: Starts,
    courses: Numbers<'a, 'p>,
    terms: Numbers<'a, 'p>,
    course: Box<[u32; BLOCK]>,
    term: Box<[u32; BLOCK]>,
    groups: Groups<'a>,
    student: StudentSums<'p, 'a>,
    /// Whether a student has begun and not ended.
    open: bool,
}

impl<'a, 'p> Task<'a, 'p> {
    fn new(plan: &'p Plan<'a>) -> Task<'a, 'p> {
        Task {
            decoder: Decoder::new(plan.classes),
            plan,
            rows: Vec::with_capacity(BLOCK),
            starts: Starts::default(),
            courses: Numbers::new(&plan.courses),
            terms: Numbers::new(&plan.terms),
            course: Box::new([0; BLOCK]),
            term: Box::new([0; BLOCK]),
            groups: Groups::default(),
            student: StudentSums::new(plan),
            open: false,
        }
    }

    fn run(mut self, table: &Table<'a>, span: Range<usize>) -> Result<(Groups<'a>, u32), Stop> {
        table.blocks(span, |chunk, rows| self.block(chunk, rows))?;
        if self.open {
            self.groups.sums.push(self.student.finish()?);
        }
        Ok((self.groups, self.decoder.credit_bits))
    }

    fn block(&mut self, chunk: &Chunk<'a>, rows: Range<usize>) -> Result<(), Stop> {
        self.decoder.block(chunk, rows.clone(), &mut self.rows)?;
        let course = repeat_columns::open(chunk.batch, self.plan.course)?;
        let term = repeat_columns::open(chunk.batch, self.plan.term)?;
        self.courses.fill(&course, chunk.batch, rows.clone(), self.course.as_mut_slice())?;
        self.terms.fill(&term, chunk.batch, rows.clone(), self.term.as_mut_slice())?;
        self.starts.find(chunk, rows.clone(), &self.groups, self.open)?;
        if self.groups.keys.is_empty() {
            self.groups.keys = chunk.keys.iter().map(Keys::empty).collect();
        }
        for (keys, cells) in self.groups.keys.iter_mut().zip(&chunk.keys) {
            let starts = self.starts.places.iter().map(|start| rows.start + usize::from(*start));
            keys.extend(cells, starts).ok_or(Stop::Slow)?;
        }
        let mut at = 0;
        for start in &self.starts.places {
            let start = usize::from(*start);
            if self.open {
                sum(&mut self.student, &self.rows, self.course.as_slice(), self.term.as_slice(), at..start);
                self.groups.sums.push(self.student.finish()?);
            }
            self.open = true;
            at = start;
        }
        sum(&mut self.student, &self.rows, self.course.as_slice(), self.term.as_slice(), at..self.rows.len());
        Ok(())
    }
}

#[inline(always)]
fn sum(student: &mut StudentSums, rows: &[Classed], course: &[u32], term: &[u32], span: Range<usize>) {
    let slices = (rows.get(span.clone()), course.get(span.clone()), term.get(span));
    if let (Some(rows), Some(courses), Some(terms)) = slices {
        let attempts = rows.iter().zip(courses).zip(terms);
        student.add(attempts.map(|((row, course), term)| (*course, *term, *row)));
    }
}
