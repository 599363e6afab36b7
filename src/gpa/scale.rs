//! Grade scales: what each grade is worth and which totals it enters.

use super::marks::{MarkRange, MarkReading};
use crate::domain::{Decimal, Grade, GradePoints, Ratio, Text};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Which end of a scale is the good one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Best {
    /// More points are better: nearly everywhere.
    #[default]
    Highest,
    /// Fewer points are better: 1.0 to 5.0 in Germany.
    Lowest,
}

/// What holds for a whole scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScaleRules {
    pub best: Best,
    /// The worst points that still earn. Without it any points above zero do.
    pub pass_points: Option<GradePoints>,
    pub marks: MarkReading,
}

/// One grade of a scale, with the separate flags a registrar sets for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeEntry {
    pub grade: Grade,
    /// What a credit of it is worth; present exactly when it counts in the GPA.
    pub points: Option<GradePoints>,
    /// Its credits count as attempted.
    pub attempted: bool,
    /// Its credits are passed: a passing grade, though it may earn nothing here.
    pub passed: bool,
    /// Its credits are earned.
    pub earned: bool,
    /// Its credits are GPA hours.
    pub in_gpa: bool,
    /// Its earned credits count toward a degree.
    pub in_degree: bool,
    /// The marks that stand for it, where the scale is one of marks.
    pub marks: Option<MarkRange>,
    /// For the legend.
    pub description: Option<Text>,
}

impl GradeEntry {
    /// A grade worth points: it counts everywhere, but zero points earn nothing.
    pub fn worth(grade: Grade, points: GradePoints) -> GradeEntry {
        let earned = !points.is_zero();
        GradeEntry {
            grade,
            points: Some(points),
            attempted: true,
            passed: earned,
            earned,
            in_gpa: true,
            in_degree: earned,
            marks: None,
            description: None,
        }
    }

    /// As `worth`, on a scale whose rules say who passes.
    pub fn worth_by(grade: Grade, points: GradePoints, rules: ScaleRules) -> GradeEntry {
        let earned = rules.earns(points);
        GradeEntry { passed: earned, earned, in_degree: earned, ..GradeEntry::worth(grade, points) }
    }

    /// A grade outside the GPA.
    pub fn outside_gpa(grade: Grade, attempted: bool, earned: bool) -> GradeEntry {
        let (in_degree, passed) = (earned, earned);
        GradeEntry {
            grade,
            points: None,
            attempted,
            passed,
            earned,
            in_gpa: false,
            in_degree,
            marks: None,
            description: None,
        }
    }

    /// Whether both do the same to every total, whatever they are called.
    pub fn counts_like(&self, other: &GradeEntry) -> bool {
        let effect = |e: &GradeEntry| (e.points, e.attempted, e.passed, e.earned, e.in_gpa, e.in_degree);
        effect(self) == effect(other)
    }
}

impl Best {
    /// Orders points from worst to best: more is better in what it gives.
    pub fn quality(self, points: GradePoints) -> i64 {
        self.quality_of(points.decimal().nano())
    }

    /// Whether a GPA or a grade's points are as good as a threshold, or better.
    pub fn reaches(self, value: Decimal, threshold: Decimal) -> bool {
        self.quality_of(value.nano()) >= self.quality_of(threshold.nano())
    }

    /// As `reaches`, of an exact GPA.
    pub fn reaches_exactly(self, value: Ratio, threshold: Ratio) -> bool {
        match self {
            Best::Highest => value >= threshold,
            Best::Lowest => value <= threshold,
        }
    }

    fn quality_of(self, nano: i64) -> i64 {
        match self {
            Best::Highest => nano,
            Best::Lowest => -nano,
        }
    }
}

impl ScaleRules {
    /// Whether a grade that is only said to be worth these points earns its credits.
    pub fn earns(self, points: GradePoints) -> bool {
        match self.pass_points {
            Some(pass) => self.best.reaches(points.decimal(), pass.decimal()),
            None => !points.is_zero(),
        }
    }
}

/// The grades of one scale. Every grade is there once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeScale {
    /// Stable name ("plus-minus-3", "campus/law").
    pub name: String,
    /// In words, for the legend.
    pub title: String,
    rules: ScaleRules,
    entries: Vec<GradeEntry>,
    /// Positions in `entries`, ordered by grade.
    by_grade: Vec<usize>,
    /// Positions in `entries` of those with marks.
    with_marks: Vec<usize>,
}

impl GradeScale {
    /// The last of two entries of one grade wins: a policy's own entry over the one it extends.
    pub fn new(name: String, title: String, given: Vec<GradeEntry>) -> GradeScale {
        GradeScale::with_rules(name, title, ScaleRules::default(), given)
    }

    /// As `new`, where fewer points are better, or marks stand for grades.
    pub fn with_rules(name: String, title: String, rules: ScaleRules, given: Vec<GradeEntry>) -> GradeScale {
        let known: BTreeMap<Grade, GradeEntry> = given.into_iter().map(|entry| (entry.grade.clone(), entry)).collect();
        let mut entries: Vec<GradeEntry> = known.into_values().collect();
        entries.sort_by(|a, b| legend_order(a, rules.best).cmp(&legend_order(b, rules.best)));
        let mut by_grade: Vec<usize> = (0..entries.len()).collect();
        by_grade.sort_by(|a, b| entries[*a].grade.cmp(&entries[*b].grade));
        let with_marks = (0..entries.len()).filter(|at| entries[*at].marks.is_some()).collect();
        GradeScale { name, title, rules, entries, by_grade, with_marks }
    }

    /// The same scale with more grades, or others of the same name.
    pub fn with_entries(&self, more: &[GradeEntry]) -> GradeScale {
        let entries = [self.entries(), more].concat();
        GradeScale::with_rules(self.name.clone(), self.title.clone(), self.rules, entries)
    }

    /// All grades in the order of a printed legend: best first, then those outside the GPA.
    pub fn entries(&self) -> &[GradeEntry] {
        &self.entries
    }

    /// Which end is the good one, what passes, and how marks are read.
    pub fn rules(&self) -> ScaleRules {
        self.rules
    }

    /// Which end is the good one.
    pub fn best(&self) -> Best {
        self.rules.best
    }

    /// How good points are on this scale: more is better, on an inverted scale too. For comparing alone.
    pub fn quality(&self, points: Option<GradePoints>) -> Option<i64> {
        points.map(|points| self.rules.best.quality(points))
    }

    /// The entry of a grade, spelled exactly so, or of a mark; `None` when it is not on this scale.
    pub fn entry(&self, grade: &Grade) -> Option<&GradeEntry> {
        match self.by_grade.binary_search_by(|at| self.entries[*at].grade.cmp(grade)) {
            Ok(found) => Some(&self.entries[self.by_grade[found]]),
            Err(_) => self.entry_of_mark(grade.as_str()),
        }
    }

    fn entry_of_mark(&self, text: &str) -> Option<&GradeEntry> {
        if self.with_marks.is_empty() {
            return None;
        }
        let mark = self.rules.marks.read(text)?;
        let mut entries = self.with_marks.iter().map(|at| &self.entries[*at]);
        entries.find(|entry| entry.marks.is_some_and(|range| range.holds(mark)))
    }
}

/// Better points first; among equals A+ before A before A-, as legends print them.
fn legend_order(entry: &GradeEntry, best: Best) -> (Reverse<Option<i64>>, &str, u8) {
    let text = entry.grade.as_str();
    let (letter, sign) = match text.as_bytes().last() {
        Some(b'+') => (&text[..text.len() - 1], 0),
        Some(b'-') => (&text[..text.len() - 1], 2),
        _ => (text, 1),
    };
    (Reverse(entry.points.map(|points| best.quality(points))), letter, sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(text: &str) -> Grade {
        Grade::new(text).expect(text)
    }

    fn worth(text: &str, points: &str) -> GradeEntry {
        let points = GradePoints::new(points.parse().expect(points)).expect(points);
        GradeEntry::worth(grade(text), points)
    }

    #[test]
    fn the_legend_runs_from_best_to_worst_then_outside_the_gpa() {
        let given = vec![
            GradeEntry::outside_gpa(grade("W"), true, false),
            worth("F", "0"),
            worth("A-", "3.7"),
            worth("A", "4.0"),
            GradeEntry::outside_gpa(grade("P"), true, true),
            worth("A+", "4"),
        ];
        let scale = GradeScale::new("s".into(), "S".into(), given);
        let order: Vec<&str> = scale.entries().iter().map(|e| e.grade.as_str()).collect();
        assert_eq!(order, ["A+", "A", "A-", "F", "P", "W"]);
    }

    #[test]
    fn a_grade_is_found_as_spelled_and_the_later_entry_wins() {
        let scale = GradeScale::new("s".into(), "S".into(), vec![worth("B", "3"), worth("A", "4"), worth("B", "3.5")]);
        assert_eq!(scale.entries().len(), 2);
        assert_eq!(scale.entry(&grade("B")).and_then(|e| e.points), worth("B", "3.5").points);
        assert!(scale.entry(&grade("b")).is_none() && scale.entry(&grade("C")).is_none());
    }

    #[test]
    fn zero_points_earn_nothing() {
        let fail = worth("F", "0.0");
        assert!(fail.attempted && fail.in_gpa && !fail.earned && !fail.in_degree);
        assert!(worth("D", "1").earned);
    }

    #[test]
    fn where_fewer_points_are_better_the_legend_turns_round() {
        let rules = ScaleRules { best: Best::Lowest, ..ScaleRules::default() };
        let given = ["2.0", "1.0", "5.0"].map(|points| worth(points, points)).to_vec();
        let scale = GradeScale::with_rules("g".into(), "G".into(), rules, given);
        let order: Vec<&str> = scale.entries().iter().map(|e| e.grade.as_str()).collect();
        assert_eq!(order, ["1.0", "2.0", "5.0"]);
        let more = scale.with_entries(&[worth("3.0", "3.0")]);
        assert_eq!((more.best(), more.entries().len(), more.entries()[2].grade.as_str()), (Best::Lowest, 4, "3.0"));
        let quality = |raw| scale.quality(scale.entry(&grade(raw)).and_then(|entry| entry.points));
        assert!(quality("1.0") > quality("5.0") && quality("5.0") > scale.quality(None));
        let decimal = |raw: &str| raw.parse::<Decimal>().expect(raw);
        assert!(
            Best::Lowest.reaches(decimal("1.5"), decimal("1.5"))
                && !Best::Lowest.reaches(decimal("1.6"), decimal("1.5"))
        );
        assert!(
            Best::Highest.reaches(decimal("3.5"), decimal("3.5"))
                && !Best::Highest.reaches(decimal("3.4"), decimal("3.5"))
        );
    }

    #[test]
    fn a_mark_is_the_grade_of_its_range_unless_it_is_a_grade_itself() {
        let marked = |text: &str, points: &str, from: &str, to: &str| GradeEntry {
            marks: Some(MarkRange { from: from.parse().expect(from), to: to.parse().expect(to) }),
            ..worth(text, points)
        };
        let given = vec![marked("A", "4", "70", "100"), marked("F", "0", "0", "69"), worth("99", "9")];
        let scale = GradeScale::new("m".into(), "M".into(), given);
        let found = |raw| scale.entry(&grade(raw)).map(|entry| entry.grade.as_str());
        assert_eq!(["70", "100", "69", "0", "99"].map(found), ["A", "A", "F", "F", "99"].map(Some));
        assert_eq!(["101", "69.5", "-3", "B", "70%"].map(found), [None; 5]);
    }
}
