//! Grade scales: what each grade is worth and which totals it enters.

use crate::domain::{Grade, GradePoints, Text};
use std::collections::BTreeMap;

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
            description: None,
        }
    }

    /// A grade outside the GPA.
    pub fn outside_gpa(grade: Grade, attempted: bool, earned: bool) -> GradeEntry {
        GradeEntry {
            grade,
            points: None,
            attempted,
            passed: earned,
            earned,
            in_gpa: false,
            in_degree: earned,
            description: None,
        }
    }

    /// Whether both do the same to every total, whatever they are called.
    pub fn counts_like(&self, other: &GradeEntry) -> bool {
        let effect = |e: &GradeEntry| (e.points, e.attempted, e.passed, e.earned, e.in_gpa, e.in_degree);
        effect(self) == effect(other)
    }
}

/// The grades of one scale. Every grade is there once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeScale {
    /// Stable name ("plus-minus-3", "campus/law").
    pub name: String,
    /// In words, for the legend.
    pub title: String,
    entries: Vec<GradeEntry>,
    /// Positions in `entries`, ordered by grade.
    by_grade: Vec<usize>,
}

impl GradeScale {
    /// The last of two entries of one grade wins: a policy's own entry over the one it extends.
    pub fn new(name: String, title: String, given: Vec<GradeEntry>) -> GradeScale {
        let known: BTreeMap<Grade, GradeEntry> = given.into_iter().map(|entry| (entry.grade.clone(), entry)).collect();
        let mut entries: Vec<GradeEntry> = known.into_values().collect();
        entries.sort_by(|a, b| legend_order(a).cmp(&legend_order(b)));
        let mut by_grade: Vec<usize> = (0..entries.len()).collect();
        by_grade.sort_by(|a, b| entries[*a].grade.cmp(&entries[*b].grade));
        GradeScale { name, title, entries, by_grade }
    }

    /// All grades in the order of a printed legend: best first, then those outside the GPA.
    pub fn entries(&self) -> &[GradeEntry] {
        &self.entries
    }

    /// The entry of a grade, spelled exactly so; `None` when it is not on this scale.
    pub fn entry(&self, grade: &Grade) -> Option<&GradeEntry> {
        let found = self.by_grade.binary_search_by(|at| self.entries[*at].grade.cmp(grade)).ok()?;
        Some(&self.entries[self.by_grade[found]])
    }
}

/// Higher points first; among equals A+ before A before A-, as legends print them.
fn legend_order(entry: &GradeEntry) -> (std::cmp::Reverse<Option<GradePoints>>, &str, u8) {
    let text = entry.grade.as_str();
    let (letter, sign) = match text.as_bytes().last() {
        Some(b'+') => (&text[..text.len() - 1], 0),
        Some(b'-') => (&text[..text.len() - 1], 2),
        _ => (text, 1),
    };
    (std::cmp::Reverse(entry.points), letter, sign)
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
}
