//! The key to the policy: each grade scale that judged a term of this record, and how its GPAs were rounded.

use super::Composer;
use crate::document::content::{Align, Block, Cell, Column, Heading, Row, Section, Table, TableKind};
use crate::domain::{Level, YearMonth};
use crate::gpa::{Evaluation, GradeEntry, GradeScale, Policy, Rounding, RoundingMode};

impl<'t> Composer<'t> {
    /// A section for each scale in use, with the levels it holds for where they differ.
    pub(super) fn scales(&mut self) -> Vec<Block> {
        let mut scales: Vec<(&GradeScale, Vec<Level>)> = Vec::new();
        for (policy, level, term) in self.judged_terms() {
            let scale = policy.scale(level, term);
            match scales.iter_mut().find(|(known, _)| *known == scale) {
                Some((_, levels)) if levels.contains(level) => {}
                Some((_, levels)) => levels.push(level.clone()),
                None => scales.push((scale, vec![level.clone()])),
            }
        }
        let several = scales.len() > 1;
        scales.iter().map(|(scale, levels)| self.scale(scale, levels, several)).collect()
    }

    /// One sentence when one rule holds throughout, else one for each, with its level and first term.
    pub(super) fn roundings(&self) -> Vec<String> {
        let mut rules: Vec<(Rounding, &Level, YearMonth)> = Vec::new();
        for (policy, level, term) in self.judged_terms() {
            let rounding = policy.rounding(level, term);
            let before = rules.iter().rev().find(|(_, known, _)| *known == level);
            if before.is_none_or(|(known, _, _)| *known != rounding) {
                rules.push((rounding, level, term));
            }
        }
        let Some(((first, _, _), others)) = rules.split_first() else { return Vec::new() };
        if others.iter().all(|(rounding, _, _)| rounding == first) {
            return vec![self.rounding(*first)];
        }
        let labels = self.labels();
        let told = |(rounding, level, term): &(Rounding, &Level, YearMonth)| {
            let (level, term) = (self.theme.level_name(level), labels.year_month(*term));
            format!("{level}, {} {term}: {}", labels.from_term, self.rounding(*rounding))
        };
        rules.iter().map(told).collect()
    }

    /// The policy beside each term that it judged.
    fn judged_terms(&self) -> Vec<(&'t Policy, &'t Level, YearMonth)> {
        let (Some(policy), Evaluation::Computed { levels, .. }) = (self.policy, self.evaluation) else {
            return Vec::new();
        };
        let record = self.record;
        let of_level = |level: &'t crate::gpa::LevelEvaluation| {
            let terms = level.terms.iter().filter_map(|term| record.terms.get(term.term_index));
            terms.map(move |term| (policy, &level.level, term.designator))
        };
        levels.iter().flat_map(of_level).collect()
    }

    fn scale(&mut self, scale: &GradeScale, levels: &[Level], several: bool) -> Block {
        let labels = self.labels();
        let mut title = self.proof.read(&scale.title, || format!("policy.scales.{}.title", scale.name)).to_owned();
        if several {
            let levels: Vec<String> = levels.iter().map(|level| self.theme.level_name(level)).collect();
            title = format!("{title} ({})", levels.join(", "));
        }
        let places = scale.entries().iter().filter_map(|entry| entry.points).map(|points| points.decimal().places());
        let places = places.max().unwrap_or_default();
        let meanings = scale.entries().iter().any(|entry| self.meaning(entry).is_some());
        let rows = scale.entries().iter().enumerate().map(|(index, entry)| {
            let place = || format!("policy.scales.{}.entries[{index}]", scale.name);
            let grade = Cell::new(self.proof.read(entry.grade.as_str(), place));
            let points = entry.points.map(|points| points.decimal().with_places(places).to_string());
            let mut cells = vec![grade, Cell::new(points.unwrap_or_default())];
            if meanings {
                let meaning = self.meaning(entry).unwrap_or_default();
                cells.push(Cell::new(self.proof.read(&meaning, place)));
            }
            Row { cells, strong: false }
        });
        let rows = rows.collect();
        let mut columns = vec![
            Column { title: labels.legend_grade.to_string(), align: Align::Left, flexible: !meanings },
            Column { title: labels.legend_points.to_string(), align: Align::Right, flexible: false },
        ];
        if meanings {
            let title = labels.legend_meaning.to_string();
            columns.push(Column { title, align: Align::Left, flexible: true });
        }
        let heading = Heading { level: 3, ..Heading::group(&title) };
        let table = Table { kind: TableKind::Scale, columns, rows };
        Block::Section(Section { heading, blocks: vec![Block::Table(table)] })
    }

    /// The policy's own description; without one, what a grade outside the GPA does.
    fn meaning(&self, entry: &GradeEntry) -> Option<String> {
        let labels = self.labels();
        if let Some(description) = &entry.description {
            return Some(description.as_str().to_owned());
        }
        let told = match (entry.in_gpa, entry.earned) {
            (true, _) => return None,
            (false, true) => &labels.meaning_earned,
            (false, false) => &labels.meaning_not_earned,
        };
        Some(told.to_string())
    }

    fn rounding(&self, rounding: Rounding) -> String {
        let labels = self.labels();
        let (sentence, first) = match rounding.mode() {
            RoundingMode::Truncate => (&labels.legend_truncated, 0),
            RoundingMode::HalfUp => (&labels.legend_half_up, 0),
            RoundingMode::HalfEven => (&labels.legend_half_even, 0),
            RoundingMode::TruncateThenHalfDown { first } => (&labels.legend_truncated_then, first),
        };
        sentence.replace("{places}", &rounding.places().to_string()).replace("{first}", &first.to_string())
    }
}
