//! Terms: their courses, totals, standing, honours and notes.

use super::Composer;
use crate::document::content::{Block, Heading, Paragraph, ParagraphStyle, Section};
use crate::domain::{Level, Term};
use crate::gpa::{Evaluation, LevelEvaluation, Outcome, TermEvaluation};

impl<'t> Composer<'t> {
    /// In the evaluation's order where there is one, else in the record's.
    pub(super) fn terms(&mut self, level: &Level, judged: Option<&'t LevelEvaluation>, depth: u8) -> Vec<Block<'t>> {
        let record = self.record;
        let order: Vec<(usize, Option<&'t TermEvaluation>)> = match judged {
            Some(judged) => judged.terms.iter().map(|term| (term.term_index, Some(term))).collect(),
            None => (0..record.terms.len()).filter(|i| record.terms[*i].level == *level).map(|i| (i, None)).collect(),
        };
        let mut sections = Vec::with_capacity(order.len());
        for (index, judged) in order {
            if let Some(term) = record.terms.get(index) {
                sections.push(self.term(term, judged, &format!("terms[{index}]"), depth));
            }
        }
        sections
    }

    fn term(&mut self, term: &'t Term, judged: Option<&'t TermEvaluation>, place: &str, depth: u8) -> Block<'t> {
        let labels = self.labels();
        let name = self.proof.read(term.name.as_str(), || format!("{place}.name"));
        let dates = self.theme.shown.term_dates.then(|| labels.span_of_days(term.begins, term.ends)).flatten();
        let mut blocks = Vec::new();
        let mut programs = Vec::new();
        for (index, program) in term.programs.iter().enumerate() {
            programs.push(self.proof.read(program.as_str(), || format!("{place}.programs[{index}]")));
        }
        // Where all terms were spent is no term's own fact.
        if let Some(campus) = term.campus.as_ref().filter(|_| self.columns.several_campuses) {
            let campus = self.proof.read(campus.as_str(), || format!("{place}.campus"));
            blocks.push(Paragraph::block(ParagraphStyle::Note, campus));
        }
        if !programs.is_empty() {
            blocks.push(Paragraph::labelled(ParagraphStyle::Note, labels.enrolled_in.as_ref(), programs.join("; ")));
        }
        blocks.extend(self.courses(&term.attempts, judged.map(|judged| judged.attempts.as_slice()), place));
        blocks.extend(self.term_totals(term, judged, place));
        blocks.extend(self.term_words(term, judged, place));
        Block::Section(Section { heading: Heading::term(depth, name, dates.map(Into::into)), blocks })
    }

    fn term_totals(&mut self, term: &'t Term, judged: Option<&'t TermEvaluation>, place: &str) -> Vec<Block<'t>> {
        match (self.evaluation, judged) {
            (Evaluation::Stated { .. }, _) => self.stated(&term.stated, &format!("{place}.stated"), Some(&term.level)),
            (_, Some(judged)) => {
                let labels = self.labels();
                let rows = vec![
                    self.computed_total(&labels.term_total, &judged.term, false),
                    self.computed_total(&labels.cumulative_total, &judged.cumulative, false),
                ];
                self.totals(rows).into_iter().collect()
            }
            (_, None) => Vec::new(),
        }
    }

    /// Standing and honours, as recorded, else by the policy's rules where it has them printed; and notes.
    fn term_words(&mut self, term: &'t Term, judged: Option<&'t TermEvaluation>, place: &str) -> Vec<Block<'t>> {
        let labels = self.labels();
        let mut blocks = Vec::new();
        if let Some(standing) = &term.standing {
            let standing = self.proof.read(standing.as_str(), || format!("{place}.standing"));
            blocks.push(Paragraph::labelled(ParagraphStyle::Body, labels.standing.as_ref(), standing));
        }
        let standing = judged.and_then(|judged| judged.standing.as_ref());
        blocks.extend(self.by_rule(labels.standing.as_ref(), standing));
        for (index, honor) in term.honors.iter().enumerate() {
            let honor = self.proof.read(honor.as_str(), || format!("{place}.honors[{index}]"));
            blocks.push(Paragraph::labelled(ParagraphStyle::Body, labels.honors.as_ref(), honor));
        }
        let honors = judged.and_then(|judged| judged.honors.as_ref());
        blocks.extend(self.by_rule(labels.honors.as_ref(), honors));
        for (index, note) in term.notes.iter().enumerate() {
            let note = self.proof.read(note.as_str(), || format!("{place}.notes[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Note, note));
        }
        blocks
    }

    /// What a rule of the policy decided, where it is printed. Judged by a part of the record it would be another word
    /// than the student has: none stands on a partial transcript.
    pub(super) fn by_rule(&mut self, label: &'t str, outcome: Option<&'t Outcome>) -> Option<Block<'t>> {
        let title = self.decided(outcome?)?;
        Some(Paragraph::labelled(ParagraphStyle::Body, label, title))
    }

    pub(in crate::document) fn decided(&mut self, outcome: &'t Outcome) -> Option<&'t str> {
        let printed = outcome.print && !self.record.partial;
        printed.then(|| self.proof.read(outcome.title.as_str(), || format!("policy.{}.is", outcome.rule)))
    }
}
