//! Degrees and awards: what was conferred, when, in what, and with which honours.

use super::Composer;
use crate::document::content::{Block, Heading, Paragraph, ParagraphStyle, Section};
use crate::domain::{Award, Program};

impl Composer<'_> {
    pub(super) fn awards(&mut self) -> Option<Block> {
        let mut blocks = Vec::new();
        for (index, award) in self.record.awards.iter().enumerate() {
            blocks.extend(self.award(award, &format!("awards[{index}]")));
        }
        let heading = Heading::term(2, self.labels().awards.to_string(), None);
        (!blocks.is_empty()).then_some(Block::Section(Section { heading, blocks }))
    }

    fn award(&mut self, award: &Award, place: &str) -> Vec<Block> {
        let labels = self.labels();
        let title = self.proof.read(award.title.as_str(), || format!("{place}.title"));
        let mut blocks = vec![Paragraph::block(ParagraphStyle::Entry, title)];
        let mut line = |label: &str, text: &str| blocks.push(Paragraph::labelled(ParagraphStyle::Body, label, text));
        match award.conferred {
            Some(date) => line(&labels.conferred, &labels.date(date)),
            None => line(&labels.conferred, &labels.not_conferred),
        }
        for (index, program) in award.programs.iter().enumerate() {
            line(labels.program(program.kind), &self.award_program(program, &format!("{place}.programs[{index}]")));
        }
        for (index, honor) in award.honors.iter().enumerate() {
            line(&labels.honors, self.proof.read(honor.as_str(), || format!("{place}.honors[{index}]")));
        }
        if let Some(thesis) = &award.thesis_title {
            line(&labels.thesis, self.proof.read(thesis.as_str(), || format!("{place}.thesis_title")));
        }
        for (index, note) in award.notes.iter().enumerate() {
            let note = self.proof.read(note.as_str(), || format!("{place}.notes[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Note, note));
        }
        blocks
    }

    fn award_program(&mut self, program: &Program, place: &str) -> String {
        let name = self.proof.read(program.name.as_str(), || format!("{place}.name")).to_owned();
        match &program.degree {
            Some(degree) => format!("{name}, {}", self.proof.read(degree.as_str(), || format!("{place}.degree"))),
            None => name,
        }
    }
}
