//! The certificate of a degree: one page, in the look of the transcript.

use super::compose::Composer;
use super::content::{Block, Document, Heading, HeadingStyle, Paragraph, ParagraphStyle, Part, Words};
use super::theme::Theme;
use crate::domain::{Award, Error, Issue, Marking, Problem, StudentRecord};
use crate::gpa::Evaluation;

/// Certificates and enrolment verifications print no totals: they are composed like a document that states none.
pub(super) static NO_TOTALS: Evaluation = Evaluation::Stated { summaries: Vec::new() };

/// All that a certificate is made of.
#[derive(Clone, Copy, Debug)]
pub struct Certification<'t> {
    pub record: &'t StudentRecord,
    /// Which of the record's awards, counted from 0.
    pub award: usize,
    /// What the policy's rules say of the student, where they say anything of degrees.
    pub evaluation: Option<&'t Evaluation>,
    pub theme: &'t Theme,
    pub issue: &'t Issue,
    /// The verification code as printed.
    pub code: &'t str,
    /// Under which reference a verification service confirmed the degree.
    pub reference: Option<&'t str>,
}

/// Puts a certificate into words. Refused: an award that the record has not, or that is not conferred yet;
/// and, with every place listed, characters no face has.
pub fn compose_certificate<'t>(certification: &Certification<'t>) -> Result<Document<'t>, Error> {
    let Certification { record, award: index, evaluation, theme, issue, code, reference } = *certification;
    let refuse = |code, message| Error::Render(vec![Problem::new(code, format!("awards[{index}]"), message)]);
    let award = record.awards.get(index).ok_or_else(|| refuse("no-such-award", "is not in the record"))?;
    if award.conferred.is_none() {
        return Err(refuse("not-conferred", "is not conferred yet"));
    }
    let mut composer = Composer::plain(record, evaluation.unwrap_or(&NO_TOTALS), theme, issue, code);
    let blocks = composer.certificate(award, index, reference);
    let body = Part { heading: None, columns: 1, together: true, blocks };
    let document = Document {
        title: composer.labels().certificate_title.as_ref().into(),
        framed: true,
        roomy: false,
        ..composer.document(vec![body])
    };
    composer.settle(document)
}

impl<'t> Composer<'t> {
    fn certificate(&mut self, award: &'t Award, index: usize, reference: Option<&'t str>) -> Vec<Block<'t>> {
        let labels = self.labels();
        let title =
            Heading { level: 1, style: HeadingStyle::CertificateTitle, text: self.certificate_heading(), aside: None };
        let line = |text: Words<'t>| Paragraph::block(ParagraphStyle::Certificate, text);
        let name = self.student_name();
        let number = self.proof.read(self.record.student.id.as_str(), || "student.id".into());
        let degree = self.proof.read(award.title.as_str(), || format!("awards[{index}].title"));
        let mut blocks = vec![
            Block::Letterhead(self.letterhead(true)),
            Block::Heading(title),
            line(labels.certificate_opening.as_ref().into()),
            Paragraph::block(ParagraphStyle::CertificateName, name),
            line(labels.certificate_number.replace("{number}", number).into()),
            line(labels.certificate_awarded.as_ref().into()),
            Paragraph::block(ParagraphStyle::CertificateDegree, degree),
        ];
        blocks.extend(self.degree_details(award, index).into_iter().map(line));
        if let Some(date) = award.conferred {
            blocks.push(line(labels.certificate_conferred.replace("{date}", &labels.date(date)).into()));
        }
        blocks.extend(self.signatory(true));
        let issued = labels.certificate_issued.replace("{date}", &labels.date(self.issue.date));
        blocks.push(Paragraph::block(ParagraphStyle::CertificateNote, issued));
        if let Some(reference) = reference {
            let reference = self.proof.read(reference, || "confirmation.reference".into());
            let confirmed = labels.certificate_confirmed.replace("{reference}", reference);
            blocks.push(Paragraph::block(ParagraphStyle::CertificateNote, confirmed));
        }
        blocks
    }

    /// A certificate that does not certify says so in its title.
    fn certificate_heading(&self) -> Words<'t> {
        let labels = self.labels();
        match self.issue.marking {
            Marking::Official => labels.certificate_title.as_ref().into(),
            Marking::Unofficial => format!("{} · {}", labels.certificate_title, labels.unofficial).into(),
        }
    }

    /// Majors and minors under their kinds, then the honours: as recorded, and by the policy's rules where it has them printed.
    fn degree_details(&mut self, award: &'t Award, index: usize) -> Vec<Words<'t>> {
        let mut details: Vec<Words> = Vec::new();
        for (at, program) in award.programs.iter().enumerate() {
            let name = self.proof.read(program.name.as_str(), || format!("awards[{index}].programs[{at}].name"));
            details.push(format!("{}: {name}", self.labels().program(program.kind)).into());
        }
        for (at, honor) in award.honors.iter().enumerate() {
            details.push(self.proof.read(honor.as_str(), || format!("awards[{index}].honors[{at}]")).into());
        }
        // As on the transcript; what the record says already is not said twice.
        let title: Option<Words> = self.award_honors(index).and_then(|honors| self.decided(honors)).map(Into::into);
        details.extend(title.filter(|title| !details.contains(title)));
        details
    }
}
