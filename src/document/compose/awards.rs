//! Degrees and awards: what was conferred, when, in what, and with which honours.

use super::Composer;
use crate::document::content::{Block, Heading, Paragraph, ParagraphStyle, Section, Words};
use crate::domain::{Award, Program};
use crate::gpa::{Evaluation, Outcome};

impl<'t> Composer<'t> {
    pub(super) fn awards(&mut self) -> Option<Block<'t>> {
        let mut blocks = Vec::new();
        let record = self.record;
        for (index, award) in record.awards.iter().enumerate() {
            blocks.extend(self.award(award, index));
        }
        let heading = Heading::term(2, self.labels().awards.as_ref(), None);
        (!blocks.is_empty()).then_some(Block::Section(Section { heading, blocks }))
    }

    fn award(&mut self, award: &'t Award, index: usize) -> Vec<Block<'t>> {
        let place = format!("awards[{index}]");
        let labels = self.labels();
        let title = self.proof.read(award.title.as_str(), || format!("{place}.title"));
        let title: Words = match award.level.as_ref().filter(|_| self.columns.several_levels) {
            Some(level) => format!("{title} ({})", self.theme.level_name(level)).into(),
            None => title.into(),
        };
        let mut blocks = vec![Paragraph::block(ParagraphStyle::Entry, title)];
        let mut line = |label: &'t str, text: Words<'t>| {
            blocks.push(Paragraph::labelled(ParagraphStyle::Body, label, text));
        };
        match award.conferred {
            Some(date) => line(&labels.conferred, labels.date(date).into()),
            None => line(&labels.conferred, labels.not_conferred.as_ref().into()),
        }
        for (index, program) in award.programs.iter().enumerate() {
            line(labels.program(program.kind), self.award_program(program, &format!("{place}.programs[{index}]")));
        }
        for (index, honor) in award.honors.iter().enumerate() {
            line(&labels.honors, self.proof.read(honor.as_str(), || format!("{place}.honors[{index}]")).into());
        }
        let honors = self.award_honors(index);
        blocks.extend(self.by_rule(labels.honors.as_ref(), honors));
        if let Some(thesis) = &award.thesis_title {
            let thesis = self.proof.read(thesis.as_str(), || format!("{place}.thesis_title"));
            blocks.push(Paragraph::labelled(ParagraphStyle::Body, labels.thesis.as_ref(), thesis));
        }
        for (index, note) in award.notes.iter().enumerate() {
            let note = self.proof.read(note.as_str(), || format!("{place}.notes[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Note, note));
        }
        blocks
    }

    /// Honours by the policy's rules.
    pub(in crate::document) fn award_honors(&self, index: usize) -> Option<&'t Outcome> {
        let Evaluation::Computed { levels, .. } = self.evaluation else { return None };
        let mut judged = levels.iter().flat_map(|level| &level.awards);
        judged.find(|award| award.award_index == index).and_then(|award| award.honors.as_ref())
    }

    fn award_program(&mut self, program: &'t Program, place: &str) -> Words<'t> {
        let name = self.proof.read(program.name.as_str(), || format!("{place}.name"));
        match &program.degree {
            Some(degree) => {
                format!("{name}, {}", self.proof.read(degree.as_str(), || format!("{place}.degree"))).into()
            }
            None => name.into(),
        }
    }
}
