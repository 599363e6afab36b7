//! The end of a transcript: remarks, the line that ends the record, and who answers for it.

use super::Composer;
use crate::document::content::{Block, Heading, Paragraph, ParagraphStyle, Section, Signatory};

impl<'t> Composer<'t> {
    /// Notes on the whole record.
    pub(super) fn remarks(&mut self) -> Option<Block<'t>> {
        let mut blocks = Vec::new();
        let record = self.record;
        for (index, note) in record.notes.iter().enumerate() {
            let note = self.proof.read(note.as_str(), || format!("notes[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Body, note));
        }
        let heading = Heading::term(2, self.labels().remarks.as_ref(), None);
        (!blocks.is_empty()).then_some(Block::Section(Section { heading, blocks }))
    }

    pub(super) fn end(&mut self) -> Vec<Block<'t>> {
        let mut blocks = vec![Paragraph::block(ParagraphStyle::End, self.labels().end_of_record.as_ref())];
        blocks.extend(self.signatory(false));
        blocks
    }

    /// The registrar's name and title, where the institution gives them.
    pub(in crate::document) fn signatory(&mut self, centred: bool) -> Option<Block<'t>> {
        let institution = self.institution();
        let owner = if self.record.institution.is_some() { "institution" } else { "theme.institution" };
        let mut lines = Vec::new();
        for (field, value) in
            [("registrar_name", &institution.registrar_name), ("registrar_title", &institution.registrar_title)]
        {
            if let Some(value) = value {
                lines.push(self.proof.read(value.as_str(), || format!("{owner}.{field}")).into());
            }
        }
        let pictures = self.pictures();
        let signature = pictures.and_then(|pictures| pictures.signature.clone());
        let seal = pictures.and_then(|pictures| pictures.seal.clone());
        let nobody = lines.is_empty() && signature.is_none() && seal.is_none();
        (!nobody).then_some(Block::Signatory(Signatory { lines, centred, signature, seal }))
    }
}
