//! Credit from elsewhere: by institution with its courses, and balances that have none.

use super::Composer;
use super::columns::TotalsColumn;
use crate::document::content::{Block, Heading, Paragraph, ParagraphStyle, Row, Section, Words};
use crate::domain::{Balance, Level, TransferBlock};
use crate::gpa::{LevelEvaluation, TransferEvaluation};

impl<'t> Composer<'t> {
    pub(super) fn transfers(
        &mut self,
        level: &Level,
        judged: Option<&'t LevelEvaluation>,
        depth: u8,
    ) -> Vec<Block<'t>> {
        let blocks = self.record.transfers.iter().enumerate().filter(|(_, block)| block.level == *level);
        let mut sections = Vec::new();
        for (index, block) in blocks {
            let judged = judged.and_then(|level| level.transfers.iter().find(|t| t.transfer_index == index));
            sections.push(self.transfer(block, judged, &format!("transfers[{index}]"), depth));
        }
        sections
    }

    fn transfer(
        &mut self,
        block: &'t TransferBlock,
        judged: Option<&'t TransferEvaluation>,
        place: &str,
        depth: u8,
    ) -> Block<'t> {
        let labels = self.labels();
        let kind = labels.transfer(block.kind);
        let heading: Words = match &block.institution {
            Some(name) => {
                format!("{kind} · {}", self.proof.read(name.as_str(), || format!("{place}.institution"))).into()
            }
            None => kind.into(),
        };
        let term: Option<Words> = match (&block.term_name, block.designator) {
            (Some(name), _) => Some(self.proof.read(name.as_str(), || format!("{place}.term_name")).into()),
            (None, designator) => designator.map(|designator| labels.year_month(designator).into()),
        };
        let mut blocks: Vec<Block> =
            self.courses(&block.attempts, judged.map(|judged| judged.attempts.as_slice()), place).into_iter().collect();
        if let Some(judged) = judged {
            blocks.extend(self.totals(vec![self.computed_total(&labels.transfer_total, &judged.total, false)]));
        }
        for (index, note) in block.notes.iter().enumerate() {
            let note = self.proof.read(note.as_str(), || format!("{place}.notes[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Note, note));
        }
        Block::Section(Section { heading: Heading::term(depth, heading, term), blocks })
    }

    /// Hours and points brought from an old system, one line each. No GPA is made of them here.
    pub(super) fn balances(&mut self, level: &Level, depth: u8) -> Option<Block<'t>> {
        let balances = self.record.balances.iter().enumerate().filter(|(_, balance)| balance.level == *level);
        let mut rows = Vec::new();
        for (index, balance) in balances {
            rows.push(self.balance(balance, index));
        }
        let heading = Heading::term(depth, self.labels().balance.as_ref(), None);
        let blocks = vec![self.totals(rows)?];
        Some(Block::Section(Section { heading, blocks }))
    }

    fn balance(&mut self, balance: &'t Balance, index: usize) -> Row<'t> {
        let labels = self.labels();
        let label = self.proof.read(balance.label.as_str(), || format!("balances[{index}].label"));
        let mut label = format!("{label} ({})", labels.balance(balance.origin));
        if let Some(through) = balance.through {
            label = format!("{label} {} {}", labels.through, labels.year_month(through));
        }
        self.total_row(false, |field| match field {
            TotalsColumn::Label => label.clone().into(),
            TotalsColumn::Attempted => self.credits(balance.credits_attempted),
            // What was earned was passed; a balance says no more.
            TotalsColumn::Passed | TotalsColumn::Earned => self.credits(balance.credits_earned),
            TotalsColumn::GpaHours => self.credits(balance.gpa_hours),
            TotalsColumn::QualityPoints => balance.quality_points.with_places(self.theme.credit_places).text(),
            TotalsColumn::Gpa => "".into(),
        })
    }
}
