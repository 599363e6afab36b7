//! Tables of totals: computed by the policy, or as the document states them, word for word.

use super::Composer;
use super::columns::TotalsColumn;
use super::credits::number;
use crate::document::content::{Align, Block, Cell, Column, Paragraph, ParagraphStyle, Row, Table, TableKind, Words};
use crate::domain::{Level, StatedSummary};
use crate::gpa::CreditSummary;

impl<'t> Composer<'t> {
    pub(super) fn totals(&self, rows: Vec<Row<'t>>) -> Option<Block<'t>> {
        let columns = self.columns.totals.iter().map(|field| self.totals_column(*field)).collect();
        (!rows.is_empty()).then_some(Block::Table(Table { kind: TableKind::Totals, columns, rows }))
    }

    /// A line of computed totals. Without GPA hours there is no GPA: a dash, never 0.00.
    pub(super) fn computed_total(&self, label: &'t str, summary: &CreditSummary, strong: bool) -> Row<'t> {
        self.total_row(strong, |field| match field {
            TotalsColumn::Label => label.into(),
            TotalsColumn::Attempted => self.credits(summary.credits_attempted),
            TotalsColumn::Passed => self.credits(summary.credits_passed),
            TotalsColumn::Earned => self.credits(summary.credits_earned),
            TotalsColumn::GpaHours => self.credits(summary.gpa_hours),
            TotalsColumn::QualityPoints => summary.quality_points_displayed.text(),
            TotalsColumn::Gpa => match &summary.gpa {
                Some(gpa) => gpa.displayed.text(),
                None => self.labels().no_gpa.as_ref().into(),
            },
        })
    }

    /// Totals as their sender states them: each a row, or paragraphs where it has words and no number.
    /// Numbers keep their places; nothing is added up. `level` is that of the section they stand in.
    pub(super) fn stated(
        &mut self,
        summaries: &'t [StatedSummary],
        place: &str,
        level: Option<&Level>,
    ) -> Vec<Block<'t>> {
        let (mut rows, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for (index, summary) in summaries.iter().enumerate() {
            let place = format!("{place}[{index}]");
            let remarks = self.stated_remarks(summary, &place);
            if has_numbers(summary) {
                let label = self.stated_label(summary, &place, level);
                let mut row = self.stated_row(label, summary);
                row.cells[0].notes = remarks;
                rows.push(row);
            } else {
                let words = if rows.is_empty() { &mut before } else { &mut after };
                if summary.label.is_some() {
                    words.push(self.stated_label(summary, &place, level));
                }
                words.extend(remarks);
            }
        }
        let [before, after] = [before, after]
            .map(|texts: Vec<Words<'t>>| texts.into_iter().map(|text| Paragraph::block(ParagraphStyle::Note, text)));
        before.chain(self.totals(rows)).chain(after).collect()
    }

    fn stated_row(&self, label: Words<'t>, summary: &StatedSummary) -> Row<'t> {
        self.total_row(false, |field| match field {
            TotalsColumn::Label => label.clone(),
            TotalsColumn::Attempted => number(summary.credits_attempted),
            TotalsColumn::Passed => "".into(),
            TotalsColumn::Earned => number(summary.credits_earned),
            TotalsColumn::GpaHours => number(summary.gpa_hours),
            TotalsColumn::QualityPoints => number(summary.quality_points),
            TotalsColumn::Gpa => number(summary.gpa),
        })
    }

    /// The sender's own words, else the name of what the total spans; and its level and unit where they are not plain.
    fn stated_label(&mut self, summary: &'t StatedSummary, place: &str, level: Option<&Level>) -> Words<'t> {
        let label: &str = match &summary.label {
            Some(label) => self.proof.read(label.as_str(), || format!("{place}.label")),
            None => self.labels().span(summary.span),
        };
        let level = summary.level.as_ref().filter(|own| level != Some(*own)).map(|own| self.theme.level_name(own));
        // A total in another unit than its courses would read as theirs.
        let unit = summary.unit.filter(|unit| self.columns.units.iter().any(|other| other != unit));
        let unit = unit.map(|unit| self.labels().unit(unit).to_owned());
        match [level, unit].into_iter().flatten().collect::<Vec<_>>() {
            marks if marks.is_empty() => label.into(),
            marks => format!("{label} ({})", marks.join("; ")).into(),
        }
    }

    fn stated_remarks(&mut self, summary: &'t StatedSummary, place: &str) -> Vec<Words<'t>> {
        let mut remarks = Vec::new();
        if let Some(standing) = &summary.standing {
            let standing = self.proof.read(standing.as_str(), || format!("{place}.standing"));
            remarks.push(format!("{}: {standing}", self.labels().standing).into());
        }
        for (index, note) in summary.notes.iter().enumerate() {
            remarks.push(self.proof.read(note.as_str(), || format!("{place}.notes[{index}]")).into());
        }
        remarks
    }

    pub(super) fn total_row(&self, strong: bool, text: impl Fn(TotalsColumn) -> Words<'t>) -> Row<'t> {
        Row { cells: self.columns.totals.iter().map(|field| Cell::new(text(*field))).collect(), strong }
    }

    fn totals_column(&self, field: TotalsColumn) -> Column<'t> {
        let labels = self.labels();
        let title = match field {
            TotalsColumn::Label => &labels.totals,
            TotalsColumn::Attempted => &labels.attempted,
            TotalsColumn::Passed => &labels.passed,
            TotalsColumn::Earned => &labels.earned,
            TotalsColumn::GpaHours => &labels.gpa_hours,
            TotalsColumn::QualityPoints => &labels.points,
            TotalsColumn::Gpa => &labels.gpa,
        };
        let flexible = field == TotalsColumn::Label;
        Column { title: title.as_ref().into(), align: if flexible { Align::Left } else { Align::Right }, flexible }
    }
}

fn has_numbers(summary: &StatedSummary) -> bool {
    let StatedSummary { credits_attempted, credits_earned, gpa_hours, quality_points, gpa, .. } = summary;
    [credits_attempted, credits_earned, gpa_hours, quality_points, gpa].into_iter().any(Option::is_some)
}
