//! Tables of courses: one row an attempt, as the policy judged it or as its document states it.

use super::Composer;
use super::columns::CourseColumn;
use super::credits::number;
use crate::document::content::{Align, Block, Cell, Column, Row, Table, TableKind, Words};
use crate::domain::{Attempt, Course, Text};
use crate::gpa::AttemptEvaluation;

impl<'t> Composer<'t> {
    /// The table of some attempts; `judged` runs parallel where a policy judged them. No table for none.
    pub(super) fn courses(
        &mut self,
        attempts: &'t [Attempt],
        judged: Option<&'t [AttemptEvaluation]>,
        place: &str,
    ) -> Option<Block<'t>> {
        if attempts.is_empty() {
            return None;
        }
        let fields = self.columns.courses.clone();
        let mut rows = Vec::with_capacity(attempts.len());
        for (index, attempt) in attempts.iter().enumerate() {
            let place = Place { owner: place, index };
            let line = Line { attempt, judged: judged.and_then(|judged| judged.get(index)), place };
            let cells = fields.iter().map(|field| self.course_cell(*field, &line)).collect();
            rows.push(Row { cells, strong: false });
        }
        let columns = fields.iter().map(|field| self.course_column(*field)).collect();
        Some(Block::Table(Table { kind: TableKind::Courses, columns, rows }))
    }

    fn course_column(&self, field: CourseColumn) -> Column<'t> {
        let labels = self.labels();
        let (title, align) = match field {
            CourseColumn::Code => (&labels.course, Align::Left),
            CourseColumn::Title => (&labels.course_title, Align::Left),
            CourseColumn::Unit => (&labels.credit_unit, Align::Left),
            CourseColumn::Credits => (&labels.credits, Align::Right),
            CourseColumn::Attempted => (&labels.attempted, Align::Right),
            CourseColumn::Earned => (&labels.earned, Align::Right),
            CourseColumn::Mark => (&labels.mark, Align::Right),
            CourseColumn::Grade => (&labels.grade, Align::Left),
            CourseColumn::Supplemental => (&labels.supplemental, Align::Left),
            CourseColumn::Points => (&labels.points, Align::Right),
            CourseColumn::Repeat => (&labels.repeat, Align::Left),
        };
        Column { title: title.as_ref().into(), align, flexible: field == CourseColumn::Title }
    }

    fn course_cell(&mut self, field: CourseColumn, line: &Line<'t, '_>) -> Cell<'t> {
        let Line { attempt, judged, place } = line;
        let text: Words = match field {
            CourseColumn::Code => self.code(attempt, place),
            CourseColumn::Title => return self.title_cell(line),
            CourseColumn::Unit => {
                let unit = judged.map_or(attempt.unit, |judged| judged.unit);
                self.labels().short_unit(unit).into()
            }
            CourseColumn::Credits => attempt.credits.decimal().text(),
            CourseColumn::Attempted => judged.map(|judged| self.attempted(attempt, judged)).unwrap_or_default(),
            CourseColumn::Earned => match judged {
                Some(judged) => self.credits(judged.credits_earned),
                None => number(attempt.credits_earned.map(|credits| credits.decimal())),
            },
            CourseColumn::Mark => number(attempt.mark),
            CourseColumn::Grade => self.grade(line),
            CourseColumn::Supplemental => {
                let grade = attempt.supplemental_grade.as_ref().map(|grade| grade.as_str()).unwrap_or_default();
                self.proof.read(grade, || place.of("supplemental_grade")).into()
            }
            CourseColumn::Points => match judged {
                Some(judged) => number(judged.quality_points),
                None => number(attempt.quality_points),
            },
            CourseColumn::Repeat => {
                let repeat = judged.map_or(attempt.repeat, |judged| judged.repeat);
                repeat.map(|repeat| repeat.indicator().into()).unwrap_or_default()
            }
        };
        Cell::new(text)
    }

    /// Subject and number; either alone is not copied.
    fn code(&mut self, attempt: &'t Attempt, place: &Place) -> Words<'t> {
        let Course { subject, number, .. } = &attempt.course;
        let code: Words = match (subject, number) {
            (Some(subject), Some(number)) => [subject.as_str(), number.as_str()].join(" ").into(),
            (one, other) => one.as_ref().or(other.as_ref()).map(Text::as_str).unwrap_or_default().into(),
        };
        self.proof.read(&code, || place.of("course"));
        code
    }

    fn title_cell(&mut self, line: &Line<'t, '_>) -> Cell<'t> {
        let Line { attempt, place, .. } = line;
        let title = attempt.course.title.as_ref().map(|title| title.as_str()).unwrap_or_default();
        let mut cell = Cell::new(self.proof.read(title, || place.of("course.title")));
        for (index, note) in attempt.notes.iter().enumerate() {
            cell.notes.push(self.proof.read(note.as_str(), || place.of(&format!("notes[{index}]"))).into());
        }
        cell
    }

    /// The grade as awarded; while there is none, the state of the attempt in words.
    fn grade(&mut self, line: &Line<'t, '_>) -> Words<'t> {
        let Line { attempt, place, .. } = line;
        match (&attempt.grade, attempt.status) {
            (Some(grade), _) => self.proof.read(grade.as_str(), || place.of("grade")).into(),
            (None, Some(status)) => self.labels().status(status).into(),
            (None, None) => "".into(),
        }
    }

    /// Credits counted as attempted; those that the course carries and nobody counts stand in parentheses.
    fn attempted(&self, attempt: &Attempt, judged: &AttemptEvaluation) -> Words<'t> {
        if uncounted(attempt, judged) {
            return format!("({})", self.credits(judged.credits)).into();
        }
        self.credits(judged.credits_attempted)
    }
}

/// Whether a course carries credits of which none counts as attempted.
pub(super) fn uncounted(attempt: &Attempt, judged: &AttemptEvaluation) -> bool {
    judged.credits_attempted.is_zero() && !attempt.credits.is_zero()
}

struct Line<'t, 'l> {
    attempt: &'t Attempt,
    judged: Option<&'t AttemptEvaluation>,
    place: Place<'l>,
}

/// Where an attempt stands in its record.
struct Place<'l> {
    owner: &'l str,
    index: usize,
}

impl Place<'_> {
    fn of(&self, field: &str) -> String {
        format!("{}.attempts[{}].{field}", self.owner, self.index)
    }
}
