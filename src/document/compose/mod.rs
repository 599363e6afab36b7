//! What a transcript says: record, evaluation and theme become a [`Document`] in words.

mod awards;
mod closing;
mod columns;
mod courses;
mod credits;
mod legend;
mod levels;
mod opening;
mod scales;
mod student;
mod terms;
mod totals;
mod transfer;

use super::content::{Block, Document, Part, Running, Words};
use super::coverage::Proof;
use super::fonts::Fonts;
use super::labels::Labels;
use super::theme::{Columns, PrintedName, Theme};
use super::theme_pictures::Pictures;
use crate::domain::{Error, Institution, Issue, Marking, StudentRecord};
use crate::gpa::{Evaluation, Policy};
use columns::DocumentColumns;

/// All that a transcript is made of.
#[derive(Clone, Copy, Debug)]
pub struct Transcription<'t> {
    pub record: &'t StudentRecord,
    pub evaluation: &'t Evaluation,
    /// The policy that judged the record, for the legend.
    pub policy: Option<&'t Policy>,
    pub theme: &'t Theme,
    pub issue: &'t Issue,
    /// The verification code as printed.
    pub code: &'t str,
}

/// Puts a transcript into words. Refused, with every place listed: characters no face has; and an evaluation
/// that is not this record's.
pub fn compose<'t>(transcription: &Transcription<'t>) -> Result<Document<'t>, Error> {
    levels::belongs(transcription.record, transcription.evaluation)?;
    let Transcription { record, evaluation, policy, theme, issue, code } = *transcription;
    let mut composer = Composer { policy, ..Composer::plain(record, evaluation, theme, issue, code) };
    let parts = vec![composer.opening(), composer.body(), composer.legend()];
    let document = composer.document(parts);
    composer.settle(document)
}

/// What every composing function needs at hand.
pub(super) struct Composer<'t> {
    pub record: &'t StudentRecord,
    pub evaluation: &'t Evaluation,
    pub policy: Option<&'t Policy>,
    pub theme: &'t Theme,
    pub issue: &'t Issue,
    pub code: &'t str,
    pub proof: Proof<'t>,
    pub columns: DocumentColumns,
    /// Uniform places of every computed credit.
    pub places: u8,
}

impl<'t> Composer<'t> {
    /// Without a policy to explain.
    pub fn plain(
        record: &'t StudentRecord,
        evaluation: &'t Evaluation,
        theme: &'t Theme,
        issue: &'t Issue,
        code: &'t str,
    ) -> Composer<'t> {
        Composer {
            record,
            evaluation,
            policy: None,
            theme,
            issue,
            code,
            proof: Proof::new(&theme.fonts),
            columns: DocumentColumns::of(record, evaluation, theme),
            places: credits::uniform_places(record, evaluation, theme.credit_places),
        }
    }

    /// The parts that have something to say, with what surrounds them.
    pub fn document(&mut self, parts: Vec<Part<'t>>) -> Document<'t> {
        Document {
            title: self.title().into(),
            language: self.labels().language.as_ref().into(),
            paper: self.theme.paper,
            palette: self.theme.palette,
            fonts: self.theme.fonts.clone(),
            roomy: self.theme.columns == Columns::One,
            headings: self.theme.headings,
            framed: false,
            watermark: self.watermark().map(Words::Borrowed),
            running: self.running(),
            parts: parts.into_iter().filter(|part| !part.blocks.is_empty()).collect(),
        }
    }

    /// Refused when any text cannot be printed; each place is told once.
    pub fn settle(self, document: Document<'t>) -> Result<Document<'t>, Error> {
        self.proof.settle(document)
    }

    pub fn labels(&self) -> &'t Labels {
        &self.theme.labels
    }

    pub fn institution(&self) -> &'t Institution {
        self.record.institution.as_ref().unwrap_or(&self.theme.institution)
    }

    /// The theme's pictures, unless another institution issued the record: none signs in another's name.
    pub fn pictures(&self) -> Option<&'t Pictures> {
        self.record.institution.is_none().then_some(&self.theme.pictures)
    }

    /// The name that the document is about.
    pub fn student_name(&mut self) -> String {
        let names = &self.record.student.names;
        let (name, place) = match (&names.chosen, self.theme.printed_name) {
            (Some(chosen), PrintedName::Chosen) => (chosen, "student.names.chosen"),
            _ => (&names.legal, "student.names.legal"),
        };
        let name = name.printed();
        self.proof.read(&name, || place.into());
        name
    }

    fn body(&mut self) -> Part<'t> {
        let mut blocks: Vec<Block> = self.awards().into_iter().collect();
        blocks.extend(self.levels());
        blocks.extend(self.remarks());
        blocks.extend(self.end());
        Part { heading: None, columns: self.theme.columns.count(), together: false, blocks }
    }

    fn title(&self) -> &'t str {
        match self.issue.marking {
            Marking::Official => &self.labels().official_title,
            Marking::Unofficial => &self.labels().unofficial_title,
        }
    }

    /// A sample is no one's transcript, which says more than that it is unofficial.
    fn watermark(&self) -> Option<&'t str> {
        let labels = self.labels();
        match (self.record.sample, self.issue.marking) {
            (true, _) => Some(&labels.sample_mark),
            _ if self.record.partial => Some(&labels.partial_mark),
            (false, Marking::Unofficial) => Some(&labels.unofficial_mark),
            (false, Marking::Official) => None,
        }
    }

    fn running(&mut self) -> Running<'t> {
        let labels = self.labels();
        let name = apart(self.student_name());
        let student = format!("{name} · {} {}", labels.student_number, self.record.student.id);
        let marking = match self.issue.marking {
            Marking::Official => &labels.official,
            Marking::Unofficial => &labels.unofficial,
        };
        let sample = self.record.sample.then_some(&labels.sample);
        let partial = self.record.partial.then_some(&labels.partial);
        let marks: Vec<&str> = [Some(marking), partial, sample].into_iter().flatten().map(AsRef::as_ref).collect();
        let mut reference = format!("{} {}", labels.document_number, self.issue.serial);
        if self.theme.shown.verification_code {
            reference = format!("{reference} · {} {}", labels.verification_code, self.code);
        }
        Running {
            institution: self.institution().name.as_str().into(),
            student: student.into(),
            reference: reference.into(),
            marking: marks.join(" · ").into(),
            page_of: labels.page_of.as_ref().into(),
            continued: labels.continued.as_ref().into(),
        }
    }
}

/// A name that may run from right to left, within a line that does not: what stands beside it stays where it is (UAX #9).
fn apart(name: String) -> String {
    if Fonts::is_plain(&name) { name } else { format!("\u{2068}{name}\u{2069}") }
}
