//! The record level by level: transfer credit, balances, terms and totals of each; levels never mix.

use super::Composer;
use super::columns;
use crate::document::content::{Block, Heading, HeadingStyle, Section, Words};
use crate::domain::{Balance, BalanceOrigin, Error, Level, StudentRecord};
use crate::gpa::{Evaluation, LevelEvaluation};

impl<'t> Composer<'t> {
    pub(super) fn levels(&mut self) -> Vec<Block<'t>> {
        let mut blocks = Vec::new();
        let depth = if self.columns.several_levels { 3 } else { 2 };
        for level in in_order(self.record, self.evaluation) {
            if self.columns.several_levels {
                blocks.push(Block::Heading(Heading::division(self.theme.level_name(&level).into())));
            }
            let judged = self.judged_level(&level);
            blocks.extend(self.transfers(&level, judged, depth));
            blocks.extend(self.balances(&level, depth));
            blocks.extend(self.terms(&level, judged, depth));
            blocks.extend(judged.and_then(|judged| self.level_totals(judged, depth)));
        }
        blocks.extend(self.stated_totals());
        blocks
    }

    fn judged_level(&self, level: &Level) -> Option<&'t LevelEvaluation> {
        match self.evaluation {
            Evaluation::Computed { levels, .. } => levels.iter().find(|judged| judged.level == *level),
            Evaluation::Stated { .. } => None,
        }
    }

    /// Institution, transfer and overall; without any transfer there is no line for it.
    fn level_totals(&mut self, judged: &'t LevelEvaluation, depth: u8) -> Option<Block<'t>> {
        let labels = self.labels();
        let mut rows = vec![self.computed_total(&labels.institution_total, &judged.institution, false)];
        let brought = |balance: &Balance| balance.level == judged.level && balance.origin == BalanceOrigin::Transfer;
        let balances = self.record.balances.iter().any(brought);
        if !judged.transfers.is_empty() || balances {
            rows.push(self.computed_total(&labels.transfer_total, &judged.transfer, false));
        }
        rows.push(self.computed_total(&labels.overall_total, &judged.overall, true));
        for variant in judged.variants.iter().filter(|variant| variant.print) {
            let place = || format!("policy.variants.{}.title", variant.name);
            let title = self.proof.read(variant.title.as_str(), place);
            rows.push(self.computed_total(title, &variant.summary, false));
        }
        let heading: Words = if self.columns.several_levels {
            format!("{} · {}", labels.level_totals, self.theme.level_name(&judged.level)).into()
        } else {
            labels.level_totals.as_ref().into()
        };
        let blocks = self.totals(rows).into_iter().collect();
        Some(Block::Section(Section { heading: Heading::term(depth, heading, None), blocks }))
    }

    fn stated_totals(&mut self) -> Option<Block<'t>> {
        let Evaluation::Stated { summaries } = self.evaluation else { return None };
        let blocks = self.stated(summaries, "stated", None);
        let heading = Heading::term(2, self.labels().stated_totals.as_ref(), None);
        (!blocks.is_empty()).then_some(Block::Section(Section { heading, blocks }))
    }
}

impl<'t> Heading<'t> {
    pub(super) fn division(text: Words<'t>) -> Heading<'t> {
        Heading { level: 2, style: HeadingStyle::Division, text, aside: None }
    }
    pub(super) fn term(level: u8, text: impl Into<Words<'t>>, aside: Option<Words<'t>>) -> Heading<'t> {
        Heading { level, style: HeadingStyle::Term, text: text.into(), aside }
    }
}

/// The levels of the document, in the evaluation's order, else in the record's.
pub(super) fn in_order(record: &StudentRecord, evaluation: &Evaluation) -> Vec<Level> {
    let judged = match evaluation {
        Evaluation::Computed { levels, .. } => levels.as_slice(),
        Evaluation::Stated { .. } => &[],
    };
    let terms = record.terms.iter().map(|term| &term.level);
    let others = record.transfers.iter().map(|t| &t.level).chain(record.balances.iter().map(|b| &b.level));
    let mut order: Vec<Level> = Vec::new();
    for level in judged.iter().map(|judged| &judged.level).chain(terms).chain(others) {
        if !order.contains(level) {
            order.push(level.clone());
        }
    }
    order
}

/// An evaluation printed beside a record must be that record's: every term, block and attempt judged once.
pub(super) fn belongs(record: &StudentRecord, evaluation: &Evaluation) -> Result<(), Error> {
    let Evaluation::Computed { levels, .. } = evaluation else { return Ok(()) };
    let terms = levels.iter().flat_map(|level| level.terms.iter().map(move |term| (level, term)));
    let transfers = levels.iter().flat_map(|level| level.transfers.iter().map(move |block| (level, block)));
    let terms_fit = terms.clone().all(|(level, judged)| {
        record
            .terms
            .get(judged.term_index)
            .is_some_and(|t| t.level == level.level && t.attempts.len() == judged.attempts.len())
    });
    let transfers_fit = transfers.clone().all(|(level, judged)| {
        let block = record.transfers.get(judged.transfer_index);
        block.is_some_and(|t| t.level == level.level && t.attempts.len() == judged.attempts.len())
    });
    let awards = levels.iter().flat_map(|level| &level.awards).all(|award| award.award_index < record.awards.len());
    let once = distinct(terms.map(|(_, judged)| judged.term_index), record.terms.len())
        && distinct(transfers.map(|(_, judged)| judged.transfer_index), record.transfers.len())
        && columns::judged(evaluation).count() == columns::attempts(record).count();
    if terms_fit && transfers_fit && once && awards {
        return Ok(());
    }
    Err(Error::Internal { message: "the evaluation is not this record's".into() })
}

fn distinct(indices: impl Iterator<Item = usize>, count: usize) -> bool {
    let mut seen = vec![false; count];
    let mut met = 0;
    for index in indices {
        if index >= count || std::mem::replace(&mut seen[index], true) {
            return false;
        }
        met += 1;
    }
    met == count
}
