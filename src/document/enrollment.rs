//! The enrolment verification: who was enrolled in which terms, in the look of the transcript.

use super::certificate::NO_TOTALS;
use super::compose::Composer;
use super::content::{
    Align, Block, Cell, Column, Document, Heading, HeadingStyle, Paragraph, ParagraphStyle, Part, Row, Section, Table,
    TableKind, Words,
};
use super::theme::Theme;
use crate::domain::{Error, Issue, Level, Marking, StudentRecord};
use crate::gpa::{EnrolledTerm, Enrollment, Load};

/// All that an enrolment verification is made of.
#[derive(Clone, Copy, Debug)]
pub struct EnrollmentCertification<'t> {
    pub record: &'t StudentRecord,
    pub enrollment: &'t Enrollment,
    pub theme: &'t Theme,
    pub issue: &'t Issue,
    /// The verification code as printed.
    pub code: &'t str,
}

/// Puts an enrolment verification into words. Refused, with every place listed: characters no face has.
pub fn compose_enrollment<'t>(certification: &EnrollmentCertification<'t>) -> Result<Document<'t>, Error> {
    let EnrollmentCertification { record, enrollment, theme, issue, code } = *certification;
    let mut composer = Composer::plain(record, &NO_TOTALS, theme, issue, code);
    let places = |term: &EnrolledTerm| term.credits.decimal().with_places(theme.credit_places).places();
    composer.places = enrollment.terms.iter().map(places).max().unwrap_or(theme.credit_places);
    let opening = composer.enrollment_opening();
    let body = composer.enrollment_body(enrollment);
    let title = composer.labels().enrollment_title.as_ref().into();
    // Few lines, so set a little larger.
    let document = Document { title, roomy: true, ..composer.document(vec![opening, body]) };
    composer.settle(document)
}

impl<'t> Composer<'t> {
    fn enrollment_opening(&mut self) -> Part<'t> {
        let mut text: Words = self.labels().enrollment_title.as_ref().into();
        if self.issue.marking == Marking::Unofficial {
            text = format!("{text} · {}", self.labels().unofficial).into();
        }
        let aside = self.record.sample.then(|| self.labels().sample_mark.as_ref().into());
        let title = Heading { level: 1, style: HeadingStyle::Title, text, aside };
        let groups = [self.student_facts(), self.program_facts(), self.document_facts()];
        let facts = groups.into_iter().filter(|group| !group.facts.is_empty()).collect();
        let blocks = vec![Block::Letterhead(self.letterhead(false)), Block::Heading(title), Block::Facts(facts)];
        Part { heading: None, columns: 1, together: false, blocks }
    }

    fn enrollment_body(&mut self, enrollment: &Enrollment) -> Part<'t> {
        let labels = self.labels();
        let sentence = match enrollment.current {
            Some(true) => &labels.enrollment_now,
            Some(false) => &labels.enrollment_past,
            None => &labels.enrollment_listed,
        };
        let institution = self.institution().name.as_str();
        let sentence = sentence.replace("{institution}", institution).replace("{date}", &labels.date(self.issue.date));
        let mut blocks = vec![Paragraph::block(ParagraphStyle::Body, sentence)];
        for level in self.enrolled_levels(enrollment) {
            let here = |term: &&EnrolledTerm| self.record.terms.get(term.term_index).is_some_and(|t| t.level == level);
            let terms: Vec<&EnrolledTerm> = enrollment.terms.iter().filter(here).collect();
            let heading = Heading { style: HeadingStyle::Division, ..Heading::group(self.theme.level_name(&level)) };
            let table = self.enrollment_table(&terms);
            blocks.push(Block::Section(Section { heading, blocks: vec![Block::Table(table)] }));
        }
        blocks.push(Paragraph::block(ParagraphStyle::Note, labels.enrollment_note.as_ref()));
        blocks.extend(self.signatory(false));
        Part { heading: None, columns: 1, together: false, blocks }
    }

    /// Each level once, in the order of the terms.
    fn enrolled_levels(&self, enrollment: &Enrollment) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        for term in enrollment.terms.iter().filter_map(|term| self.record.terms.get(term.term_index)) {
            if !levels.contains(&term.level) {
                levels.push(term.level.clone());
            }
        }
        levels
    }

    fn enrollment_table(&mut self, terms: &[&EnrolledTerm]) -> Table<'t> {
        let labels = self.labels();
        let column = |title: &'t str, align, flexible| Column { title: title.into(), align, flexible };
        let mut columns = vec![
            column(&labels.enrollment_term, Align::Left, false),
            column(&labels.enrollment_dates, Align::Left, true),
            column(&labels.credits, Align::Right, false),
            column(&labels.enrollment_load, Align::Left, false),
        ];
        let mut rows: Vec<Row> = terms.iter().map(|term| self.enrollment_row(term)).collect();
        // Without a rule for the load there is nothing to say in its column.
        if rows.iter().all(|row| row.cells.last().is_none_or(|cell| cell.text.is_empty())) {
            columns.pop();
            rows.iter_mut().for_each(|row| drop(row.cells.pop()));
        }
        Table { kind: TableKind::Enrollment, columns, rows }
    }

    fn enrollment_row(&mut self, enrolled: &EnrolledTerm) -> Row<'t> {
        let labels = self.labels();
        let load = match enrolled.load {
            _ if enrolled.withdrawn => labels.enrollment_withdrew.as_ref(),
            Some(Load::Full) => &labels.enrollment_full_time,
            Some(Load::Half) => &labels.enrollment_half_time,
            Some(Load::LessThanHalf) => &labels.enrollment_less_than_half_time,
            None => "",
        };
        let term = self.record.terms.get(enrolled.term_index);
        let dates = term.and_then(|term| labels.span_of_days(term.begins, term.ends)).unwrap_or_default();
        let place = format!("terms[{}].name", enrolled.term_index);
        let name = term.map_or("", |term| term.name.as_str());
        let name: Words = self.proof.read(name, || place).into();
        let credits = self.credits(enrolled.credits);
        let cells = [name, dates.into(), credits, load.into()].map(Cell::new);
        Row { cells: cells.into(), strong: false }
    }
}
