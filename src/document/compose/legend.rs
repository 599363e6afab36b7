//! The key: what the marks, columns and units of this very document mean, and the institution's own words.

use super::Composer;
use super::columns::{attempts, judged, units};
use super::courses::uncounted;
use crate::document::content::{Block, Heading, HeadingStyle, Paragraph, ParagraphStyle, Part, Words};
use crate::domain::{Attempt, CreditUnit, RepeatTreatment};
use crate::gpa::Evaluation;

impl<'t> Composer<'t> {
    /// Explains nothing that the document does not show.
    pub(super) fn legend(&mut self) -> Part<'t> {
        let mut blocks = Vec::new();
        if self.theme.shown.legend {
            blocks.extend(self.scales());
            let notes = self.explanations().into_iter();
            blocks.extend(notes.map(|text| Paragraph::block(ParagraphStyle::Legend, text)));
            blocks.extend(self.accreditation());
        }
        blocks.extend(self.statements());
        let text = self.labels().legend.as_ref().into();
        let heading = Heading { level: 2, style: HeadingStyle::Division, text, aside: None };
        // Tables want narrow columns; a few sentences read better across the page.
        let tables = blocks.iter().any(|block| matches!(block, Block::Section(_)));
        Part { heading: Some(heading), columns: if tables { 3 } else { 1 }, together: true, blocks }
    }

    fn explanations(&self) -> Vec<Words<'t>> {
        let labels = self.labels();
        let mut texts: Vec<Words> = Vec::new();
        if matches!(self.evaluation, Evaluation::Computed { .. }) {
            texts.push(labels.legend_columns.as_ref().into());
            if self.theme.shown.credits_passed {
                texts.push(labels.legend_passed.as_ref().into());
            }
            if self.pairs().any(|(attempt, judged)| uncounted(attempt, judged)) {
                texts.push(labels.legend_uncounted.as_ref().into());
            }
            if attempts(self.record).any(|attempt| attempt.grade.is_none() && attempt.status.is_some()) {
                texts.push(labels.legend_pending.as_ref().into());
            }
        } else {
            texts.push(labels.legend_stated.as_ref().into());
        }
        texts.extend(self.roundings());
        let repeats = self.repeats();
        texts.extend(repeats.into_iter().map(|repeat| labels.repeat_meaning(repeat).into()));
        texts.extend(self.unit().map(|unit| labels.legend_unit.replace("{unit}", &unit).into()));
        texts.extend(self.factors().map(|factors| labels.legend_converted.replace("{factors}", &factors).into()));
        texts
    }

    /// Each attempt beside its judgement; nothing where the document states its totals.
    fn pairs(&self) -> impl Iterator<Item = (&Attempt, &crate::gpa::AttemptEvaluation)> {
        let record = self.record;
        let levels = match self.evaluation {
            Evaluation::Computed { levels, .. } => levels.as_slice(),
            Evaluation::Stated { .. } => &[],
        };
        levels.iter().flat_map(move |level| {
            let terms = level.terms.iter().map(|term| (&record.terms[term.term_index].attempts, &term.attempts));
            let transfers = level.transfers.iter();
            let transfers = transfers.map(|t| (&record.transfers[t.transfer_index].attempts, &t.attempts));
            terms.chain(transfers).flat_map(|(attempts, judged)| attempts.iter().zip(judged))
        })
    }

    fn repeats(&self) -> Vec<RepeatTreatment> {
        let shown: Vec<RepeatTreatment> = match self.evaluation {
            Evaluation::Computed { .. } => judged(self.evaluation).filter_map(|attempt| attempt.repeat).collect(),
            Evaluation::Stated { .. } => attempts(self.record).filter_map(|attempt| attempt.repeat).collect(),
        };
        RepeatTreatment::ALL.iter().copied().filter(|repeat| shown.contains(repeat)).collect()
    }

    /// The unit of all credits; where there are several, each with its short form, as the courses show it.
    fn unit(&self) -> Option<String> {
        let labels = self.labels();
        match units(self.record, self.evaluation).as_slice() {
            [] | [CreditUnit::Unreported] => None,
            [one] => Some(labels.unit(*one).to_owned()),
            several => {
                let told = several.iter().map(|unit| format!("{} = {}", labels.short_unit(*unit), labels.unit(*unit)));
                Some(told.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The factors of all units that the record has and the policy converts: `1 quarter hour = 2/3 semester hour`.
    fn factors(&self) -> Option<String> {
        let (Some(policy), Evaluation::Computed { levels, .. }) = (self.policy, self.evaluation) else { return None };
        let labels = self.labels();
        let mut told: Vec<String> = Vec::new();
        for level in levels {
            let Some(print) = level.unit else { continue };
            for (unit, factor) in policy.unit_factors(&level.level) {
                let factor = factor.to_string();
                let factor = factor.strip_suffix("/1").unwrap_or(&factor);
                let one = format!("1 {} = {factor} {}", labels.unit(unit), labels.unit(print));
                let met = attempts(self.record).any(|attempt| attempt.unit == unit);
                if met && unit != print && !told.contains(&one) {
                    told.push(one);
                }
            }
        }
        (!told.is_empty()).then(|| told.join(", "))
    }

    fn accreditation(&mut self) -> Option<Block<'t>> {
        let institution = self.institution();
        let owner = if self.record.institution.is_some() { "institution" } else { "theme.institution" };
        let accreditation = institution.accreditation.as_ref()?;
        let text = self.proof.read(accreditation.as_str(), || format!("{owner}.accreditation"));
        Some(Paragraph::labelled(ParagraphStyle::Legend, self.labels().accreditation.as_ref(), text))
    }

    fn statements(&mut self) -> Vec<Block<'t>> {
        let mut blocks = Vec::new();
        let theme = self.theme;
        for (index, statement) in theme.statements.iter().enumerate() {
            let text = self.proof.read(statement.as_str(), || format!("theme.statements[{index}]"));
            blocks.push(Paragraph::block(ParagraphStyle::Legend, text));
        }
        blocks
    }
}
