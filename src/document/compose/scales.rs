//! The key to the policy: each grade scale that judged a term of this record, and how its GPAs were rounded.

use super::Composer;
use super::credits::number;
use crate::document::content::{Align, Block, Cell, Column, Heading, Row, Section, Table, TableKind, Words};
use crate::domain::{Level, Text, YearMonth};
use crate::gpa::{Best, Cumulative, Evaluation, GradeEntry, GradeScale, Policy, Rounding, RoundingMode};

/// A term that the policy judged, and the policy as it was for this student.
struct JudgedTerm<'t> {
    policy: &'t Policy,
    level: &'t Level,
    term: YearMonth,
    campus: Option<&'t Text>,
}

impl JudgedTerm<'_> {
    fn rounding(&self) -> Rounding {
        self.policy.rounding_at(self.level, self.term, self.campus)
    }
}

impl<'t> Composer<'t> {
    /// A section for each scale in use, with the levels it holds for where they differ.
    pub(super) fn scales(&mut self) -> Vec<Block<'t>> {
        let mut scales: Vec<(&'t GradeScale, Vec<&Level>)> = Vec::new();
        for JudgedTerm { policy, level, term, .. } in self.judged_terms() {
            let scale = policy.scale(level, term);
            match scales.iter_mut().find(|(known, _)| std::ptr::eq(*known, scale) || *known == scale) {
                Some((_, levels)) if levels.contains(&level) => {}
                Some((_, levels)) => levels.push(level),
                None => scales.push((scale, vec![level])),
            }
        }
        let several = scales.len() > 1;
        scales.iter().map(|(scale, levels)| self.scale(scale, levels, several)).collect()
    }

    /// One sentence when one rule holds throughout, else one for each, with its level and first term. Where the mean
    /// of printed GPAs is taken, and where fewer points are better, that is told too.
    pub(super) fn roundings(&self) -> Vec<Words<'t>> {
        let judged = self.judged_terms();
        let mut rules: Vec<&JudgedTerm> = Vec::new();
        for term in &judged {
            let before = rules.iter().rev().find(|known| known.level == term.level);
            if before.is_none_or(|known| known.rounding() != term.rounding()) {
                rules.push(term);
            }
        }
        let Some((first, others)) = rules.split_first() else { return Vec::new() };
        let labels = self.labels();
        let told = |rule: &&JudgedTerm| {
            let (level, term) = (self.theme.level_name(rule.level), labels.year_month(rule.term));
            format!("{level}, {} {term}: {}", labels.from_term, self.rounding(rule.rounding())).into()
        };
        let mut texts: Vec<Words> = if others.iter().all(|rule| rule.rounding() == first.rounding()) {
            vec![self.rounding(first.rounding()).into()]
        } else {
            rules.iter().map(told).collect()
        };
        if judged.iter().any(|term| term.policy.cumulative(term.level) == Cumulative::RoundedTerms) {
            texts.push(labels.legend_rounded_terms.as_ref().into());
        }
        if judged.iter().any(|term| term.policy.scale(term.level, term.term).best() == Best::Lowest) {
            texts.push(labels.legend_lowest_best.as_ref().into());
        }
        texts
    }

    /// Every term that the policy judged.
    fn judged_terms(&self) -> Vec<JudgedTerm<'t>> {
        let (Some(policy), Evaluation::Computed { levels, .. }) = (self.policy, self.evaluation) else {
            return Vec::new();
        };
        let record = self.record;
        let mut judged = Vec::new();
        for level in levels {
            // A record without a term of entry is refused where the scale goes by it: it has no evaluation.
            let Ok(policy) = policy.version_for(record, &level.level) else { continue };
            for term in level.terms.iter().filter_map(|term| record.terms.get(term.term_index)) {
                let campus = term.campus.as_ref();
                judged.push(JudgedTerm { policy, level: &level.level, term: term.designator, campus });
            }
        }
        judged
    }

    fn scale(&mut self, scale: &'t GradeScale, levels: &[&Level], several: bool) -> Block<'t> {
        let labels = self.labels();
        let mut title: Words = self.proof.read(&scale.title, || format!("policy.scales.{}.title", scale.name)).into();
        if several {
            let levels: Vec<String> = levels.iter().map(|level| self.theme.level_name(level)).collect();
            title = format!("{title} ({})", levels.join(", ")).into();
        }
        let places = scale.entries().iter().filter_map(|entry| entry.points).map(|points| points.decimal().places());
        let places = places.max().unwrap_or_default();
        let meanings = scale.entries().iter().any(|entry| self.meaning(entry).is_some());
        let marks = scale.entries().iter().any(|entry| entry.marks.is_some());
        let rows = scale.entries().iter().enumerate().map(|(index, entry)| {
            let place = || format!("policy.scales.{}.entries[{index}]", scale.name);
            let grade = Cell::new(self.proof.read(entry.grade.as_str(), place));
            let points = entry.points.map(|points| points.decimal().with_places(places));
            let mut cells = vec![grade];
            if marks {
                let range = entry.marks.map(|range| format!("{}–{}", range.from, range.to));
                cells.push(Cell::new(range.unwrap_or_default()));
            }
            cells.push(Cell::new(number(points)));
            if meanings {
                let meaning = self.meaning(entry).unwrap_or_default();
                cells.push(Cell::new(self.proof.read(meaning, place)));
            }
            Row { cells, strong: false }
        });
        let rows = rows.collect();
        let mut columns = vec![
            Column { title: labels.legend_grade.as_ref().into(), align: Align::Left, flexible: !meanings },
            Column { title: labels.legend_points.as_ref().into(), align: Align::Right, flexible: false },
        ];
        if marks {
            let title = labels.legend_marks.as_ref().into();
            columns.insert(1, Column { title, align: Align::Right, flexible: false });
        }
        if meanings {
            let title = labels.legend_meaning.as_ref().into();
            columns.push(Column { title, align: Align::Left, flexible: true });
        }
        let heading = Heading { level: 3, ..Heading::group(title) };
        let table = Table { kind: TableKind::Scale, columns, rows };
        Block::Section(Section { heading, blocks: vec![Block::Table(table)] })
    }

    /// The policy's own description; without one, what a grade outside the GPA does.
    fn meaning(&self, entry: &'t GradeEntry) -> Option<&'t str> {
        let labels = self.labels();
        if let Some(description) = &entry.description {
            return Some(description.as_str());
        }
        let told = match (entry.in_gpa, entry.earned) {
            (true, _) => return None,
            (false, true) => &labels.meaning_earned,
            (false, false) => &labels.meaning_not_earned,
        };
        Some(told)
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
