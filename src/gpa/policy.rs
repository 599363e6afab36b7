//! An institution's policy: which scale, which rounding and which rules hold at a level in a term.

use super::by_campus::ByCampus;
use super::dated::Dated;
use super::outcome_rules::OutcomeRules;
use super::repeats::{Recorded, Repeats};
use super::rounding::Rounding;
use super::scale::{Best, GradeEntry, GradeScale};
use super::units::{Conversion, Units};
use super::variants::VariantRule;
use crate::domain::{CreditUnit, Grade, GradeStatus, Level, Ratio, Text, YearMonth};
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
    /// By the term of the attempt. Where the scale goes by the student's entry, one without grades: nothing is judged
    /// before the entry term is known.
    pub scale: Dated<GradeScale>,
    /// Present where the scale goes by the term in which the student entered.
    pub entered: Option<Entered>,
    pub rounding: ByCampus<Rounding>,
    pub quality_points: ByCampus<Rounding>,
    pub cumulative: Cumulative,
    /// Whether graded transfer work enters the GPA.
    pub transfer_in_gpa: bool,
    /// An attempt with such a status and no grade counts as if it had this grade.
    pub statuses: Vec<(GradeStatus, Grade)>,
    /// Without it every attempt counts by its grade, but for what the record marks.
    pub repeats: Option<Repeats>,
    /// Without it credits of different units are not added.
    pub units: Option<Units>,
    /// GPAs beside the usual ones.
    pub variants: Vec<VariantRule>,
    pub standing: Option<OutcomeRules>,
    pub term_honors: Option<OutcomeRules>,
    pub degree_honors: Option<OutcomeRules>,
}

/// Scales that go by the student's entry, and the whole policy as it is for those who entered then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entered {
    pub scales: Dated<GradeScale>,
    pub policies: Dated<Policy>,
}

/// What the changes of a scale go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangesBy {
    /// The term of the attempt.
    Term,
    /// The student's first term at the level.
    Entry,
}

/// A scale with its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScaleVersions {
    pub dated: Dated<GradeScale>,
    pub by: ChangesBy,
}

/// What a cumulative GPA is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cumulative {
    /// The sums of all quality points and GPA hours: nearly everywhere.
    #[default]
    Totals,
    /// The printed GPA of each term, weighted by its GPA hours (IIT Bombay's CPI).
    RoundedTerms,
}

impl LevelRules {
    /// Its scales, whatever they go by.
    pub fn versions(&self) -> ScaleVersions {
        match &self.entered {
            Some(entered) => ScaleVersions { dated: entered.scales.clone(), by: ChangesBy::Entry },
            None => ScaleVersions { dated: self.scale.clone(), by: ChangesBy::Term },
        }
    }
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

    /// How a GPA of this level and term is printed, where no campus has a rule of its own.
    pub fn rounding(&self, level: &Level, term: YearMonth) -> Rounding {
        self.rounding_at(level, term, None)
    }

    /// How a GPA of this level, term and campus is printed.
    pub fn rounding_at(&self, level: &Level, term: YearMonth, campus: Option<&Text>) -> Rounding {
        *self.rules(Some(level)).rounding.at(Some(term), campus)
    }

    /// How quality points of this level and term are printed.
    pub fn quality_point_rounding(&self, level: &Level, term: YearMonth) -> Rounding {
        *self.rules(Some(level)).quality_points.at(Some(term), None)
    }

    /// What a cumulative GPA of this level is made from.
    pub fn cumulative(&self, level: &Level) -> Cumulative {
        self.rules(Some(level)).cumulative
    }

    /// Whether it has rules for the honours of degrees, at any level.
    pub fn judges_degrees(&self) -> bool {
        let levels = self.0.levels.iter().map(|(_, rules)| rules);
        std::iter::once(&self.0.general).chain(levels).any(|rules| rules.degree_honors.is_some())
    }

    /// Whether the scale of a level goes by the term in which the student entered it: such a policy judges nothing
    /// before it is told the term by `entered` or `entered_at`.
    pub fn goes_by_entry(&self, level: Option<&Level>) -> bool {
        self.rules(level).entered.is_some()
    }

    /// The policy of those who entered in a term, at whatever level. Costs a copy of the rules.
    pub fn entered(&self, term: YearMonth) -> Policy {
        let resolved = |rules: &LevelRules| match &rules.entered {
            Some(entered) => entered.policies.at(term).0.general.clone(),
            None => rules.clone(),
        };
        let levels = self.0.levels.iter().map(|(level, rules)| (level.clone(), resolved(rules))).collect();
        let (name, title) = (self.0.name.clone(), self.0.title.clone());
        Policy::of(PolicyRules { name, title, general: resolved(&self.0.general), levels })
    }

    /// The rules of one level for those who entered it in a term; cheap. It knows no other level.
    pub fn entered_at(&self, level: Option<&Level>, term: YearMonth) -> Policy {
        self.version_entered_at(level, term).clone()
    }

    pub(super) fn version_entered_at(&self, level: Option<&Level>, term: YearMonth) -> &Policy {
        self.rules(level).entered.as_ref().map_or(self, |entered| entered.policies.at(term))
    }

    /// What a credit of each unit counts in the unit of a level's totals; empty where units are not converted.
    pub fn unit_factors(&self, level: &Level) -> Vec<(CreditUnit, Ratio)> {
        self.rules(Some(level)).units.as_ref().map(|units| units.factors.clone()).unwrap_or_default()
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

    /// Whether a student's GPA takes more than sums: a scale by the term of entry, or a mean of printed terms.
    pub(super) fn judges_students(&self, levels: bool) -> bool {
        let by_student = |rules: &LevelRules| rules.entered.is_some() || rules.cumulative == Cumulative::RoundedTerms;
        self.rules_for(levels).any(by_student)
    }

    /// Whether a grade is on the scale of a level and term; of a scale by the term of entry, on any of its versions.
    pub(super) fn has_grade(&self, level: Option<&Level>, term: Option<YearMonth>, grade: &Grade) -> bool {
        let on_scale = |policy: &Policy| policy.in_force(level, term).scale.entry(grade).is_some();
        match &self.rules(level).entered {
            Some(entered) => entered.policies.versions().any(on_scale),
            None => on_scale(self),
        }
    }

    /// Whether marks stand for grades on any scale.
    pub(super) fn reads_marks(&self, levels: bool) -> bool {
        let has_marks = |scale: &GradeScale| scale.entries().iter().any(|entry| entry.marks.is_some());
        self.rules_for(levels).any(|rules| rules.scale.versions().any(has_marks))
    }

    /// Whether points alone tell who passes: every scale runs up from zero, at which nothing is earned.
    pub(super) fn points_tell_all(&self, levels: bool) -> bool {
        let plain = |scale: &GradeScale| scale.best() == Best::Highest && scale.rules().pass_points.is_none();
        self.rules_for(levels).all(|rules| rules.entered.is_none() && rules.scale.versions().all(plain))
    }

    /// Whether any rule changed over the years.
    pub(super) fn is_dated(&self, levels: bool) -> bool {
        self.rules_for(levels).any(|rules| {
            let repeats = rules.repeats.as_ref().is_some_and(|repeats| repeats.rules.changes());
            let entered = rules.entered.is_some();
            entered || rules.scale.changes() || rules.rounding.changes() || rules.quality_points.changes() || repeats
        })
    }

    /// The same policy, every scale of which has these grades too.
    pub(super) fn with_entries(&self, more: &[GradeEntry]) -> Policy {
        let mut rules = PolicyRules::clone(&self.0);
        for level in std::iter::once(&mut rules.general).chain(rules.levels.iter_mut().map(|(_, rules)| rules)) {
            level.scale = level.scale.map(|scale| scale.with_entries(more));
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
        self.in_force_at(level, term, None)
    }

    /// As `in_force`, with the rounding of a campus.
    pub(super) fn in_force_at(
        &self,
        level: Option<&Level>,
        term: Option<YearMonth>,
        campus: Option<&Text>,
    ) -> InForce<'_> {
        let rules = self.rules(level);
        InForce {
            scale: term.map_or(rules.scale.latest(), |term| rules.scale.at(term)),
            rounding: *rules.rounding.at(term, campus),
            quality_points: *rules.quality_points.at(term, campus),
            cumulative: rules.cumulative,
            transfer_in_gpa: rules.transfer_in_gpa,
            conversion: rules.units.as_ref().map(|units| units.in_force(term, campus)),
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
    pub cumulative: Cumulative,
    pub transfer_in_gpa: bool,
    /// Whether a repeat that the record marks E, I or A is what the mark says.
    pub marks_decide: bool,
    pub conversion: Option<Conversion<'a>>,
    statuses: &'a [(GradeStatus, Grade)],
}

impl<'a> InForce<'a> {
    /// The entry that an attempt without a grade counts as, when the policy has a rule for its status.
    pub fn entry_for_status(&self, status: GradeStatus) -> Option<&'a GradeEntry> {
        let (_, grade) = self.statuses.iter().find(|(known, _)| *known == status)?;
        self.scale.entry(grade)
    }
}
