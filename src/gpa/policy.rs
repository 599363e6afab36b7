//! An institution's policy: which scale, which rounding and which rules hold at a level in a term.

use super::dated::Dated;
use super::repeats::{Recorded, Repeats};
use super::rounding::Rounding;
use super::scale::{GradeEntry, GradeScale};
use crate::domain::{Grade, GradeStatus, Level, YearMonth};
use std::sync::Arc;

/// A policy, ready to judge records by. Cheap to clone; read from data by `from_toml` and `from_json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy(Arc<PolicyRules>);

/// What a policy file says, all of it valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyRules {
    pub name: String,
    pub title: String,
    /// For every level that has no rules of its own.
    pub general: LevelRules,
    pub levels: Vec<(Level, LevelRules)>,
}

/// The rules of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LevelRules {
    pub scale: Dated<GradeScale>,
    pub rounding: Dated<Rounding>,
    pub quality_points: Dated<Rounding>,
    /// Whether graded transfer work enters the GPA.
    pub transfer_in_gpa: bool,
    /// An attempt with such a status and no grade counts as if it had this grade.
    pub statuses: Vec<(GradeStatus, Grade)>,
    /// Without it every attempt counts by its grade, but for what the record marks.
    pub repeats: Option<Repeats>,
}

impl Policy {
    pub(super) fn of(rules: PolicyRules) -> Policy {
        Policy(Arc::new(rules))
    }

    /// Its stable name; `custom` when its file gives none.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its name in words.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// The grade scale of a level in a term: the legend of a page.
    pub fn scale(&self, level: &Level, term: YearMonth) -> &GradeScale {
        self.rules(Some(level)).scale.at(term)
    }

    /// How a GPA of this level and term is printed.
    pub fn rounding(&self, level: &Level, term: YearMonth) -> Rounding {
        *self.rules(Some(level)).rounding.at(term)
    }

    /// How quality points of this level and term are printed.
    pub fn quality_point_rounding(&self, level: &Level, term: YearMonth) -> Rounding {
        *self.rules(Some(level)).quality_points.at(term)
    }

    pub(super) fn rules(&self, level: Option<&Level>) -> &LevelRules {
        let own = self.0.levels.iter().find(|(known, _)| Some(known) == level);
        own.map_or(&self.0.general, |(_, rules)| rules)
    }

    /// The rules of every level that has its own, and the general ones.
    pub(super) fn all_rules(&self) -> impl Iterator<Item = &LevelRules> {
        std::iter::once(&self.0.general).chain(self.0.levels.iter().map(|(_, rules)| rules))
    }

    /// Those that can apply to a table: without levels, the general ones alone.
    pub(super) fn rules_for(&self, levels: bool) -> impl Iterator<Item = &LevelRules> {
        self.all_rules().take(if levels { usize::MAX } else { 1 })
    }

    pub(super) fn has_repeats(&self, levels: bool) -> bool {
        self.rules_for(levels).any(|rules| rules.repeats.is_some())
    }

    /// Whether any rule changed over the years.
    pub(super) fn is_dated(&self, levels: bool) -> bool {
        self.rules_for(levels).any(|rules| {
            let repeats = rules.repeats.as_ref().is_some_and(|repeats| repeats.rules.changes());
            rules.scale.changes() || rules.rounding.changes() || rules.quality_points.changes() || repeats
        })
    }

    /// The same policy, every scale of which has these grades too.
    pub(super) fn with_entries(&self, more: &[GradeEntry]) -> Policy {
        let mut rules = PolicyRules::clone(&self.0);
        for level in std::iter::once(&mut rules.general).chain(rules.levels.iter_mut().map(|(_, rules)| rules)) {
            level.scale = level.scale.map(|scale| {
                let entries = [scale.entries(), more].concat();
                GradeScale::new(scale.name.clone(), scale.title.clone(), entries)
            });
        }
        Policy::of(rules)
    }

    /// A level without rules of its own: the general ones hold there.
    pub(super) fn general_level(&self) -> Level {
        let words = (0..=self.0.levels.len()).map(|number| format!("general-{number}"));
        let mut levels = words.filter_map(|word| Level::new(&word).ok());
        let free = levels.find(|level| self.0.levels.iter().all(|(known, _)| known != level));
        free.unwrap_or_else(Level::undergraduate)
    }

    /// The versions in force in a term; without a term, the newest.
    pub(super) fn in_force(&self, level: Option<&Level>, term: Option<YearMonth>) -> InForce<'_> {
        let rules = self.rules(level);
        InForce {
            scale: term.map_or(rules.scale.latest(), |term| rules.scale.at(term)),
            rounding: *term.map_or(rules.rounding.latest(), |term| rules.rounding.at(term)),
            quality_points: *term.map_or(rules.quality_points.latest(), |term| rules.quality_points.at(term)),
            transfer_in_gpa: rules.transfer_in_gpa,
            statuses: &rules.statuses,
            marks_decide: rules.repeats.as_ref().is_none_or(|repeats| repeats.recorded == Recorded::Decides),
        }
    }
}

/// The rules of one level in one term.
#[derive(Clone, Copy, Debug)]
pub(super) struct InForce<'a> {
    pub scale: &'a GradeScale,
    pub rounding: Rounding,
    pub quality_points: Rounding,
    pub transfer_in_gpa: bool,
    /// Whether a repeat that the record marks E, I or A is what the mark says.
    pub marks_decide: bool,
    statuses: &'a [(GradeStatus, Grade)],
}

impl<'a> InForce<'a> {
    /// The entry that an attempt without a grade counts as, when the policy has a rule for its status.
    pub fn entry_for_status(&self, status: GradeStatus) -> Option<&'a GradeEntry> {
        let (_, grade) = self.statuses.iter().find(|(known, _)| *known == status)?;
        self.scale.entry(grade)
    }
}
