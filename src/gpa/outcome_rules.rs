//! Rules for standing, term honours and degree honours as a policy says them: conditions in order, the first that
//! holds decides.

use super::outcome::Bound;
use crate::domain::{Decimal, Grade, Text, YearMonth};

/// The rules of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutcomeRules {
    /// Whether what they decide is printed where the record says nothing.
    pub print: bool,
    /// Whether a record that states something else is refused.
    pub refuses_differences: bool,
    /// Whether GPAs are compared exact; else as printed.
    pub exact: bool,
    /// Other words in records for the titles of rules.
    pub recorded: Vec<(Text, Text)>,
    /// Of rules for degrees: how the titles of the awards begin that they judge; none for all.
    pub awards: Vec<Text>,
    /// Of rules for degrees: the GPA that `gpa` is.
    pub gpa_of: GpaOf,
    pub rules: Vec<OutcomeRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GpaOf {
    Institution,
    Overall,
    Variant(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutcomeRule {
    /// Where it stands in the policy.
    pub place: String,
    pub title: Text,
    /// The first and the last term in which it holds, or month in which an award is conferred.
    pub from: Option<YearMonth>,
    pub until: Option<YearMonth>,
    /// All must hold.
    pub conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Bound(Measure, Bound, Decimal),
    /// No attempt of the term has one of these grades.
    Without(Vec<Grade>),
    /// No attempt of the term has a grade worth less.
    NoGradeBelow(Grade),
    /// The standing of so many terms before, one after the other, is among these.
    Previous(Vec<Text>, u8),
}

/// What a condition measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Gpa(Span),
    GpaHours(Span),
    Attempted(Span),
    Passed(Span),
    Earned(Span),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Term,
    Cumulative,
    Institution,
    Overall,
    /// What `gpa_of` names.
    Named,
}

impl Measure {
    /// Of a term, by the words of a policy.
    pub const OF_TERM: &'static [(&'static str, Measure)] = &[
        ("term_gpa", Measure::Gpa(Span::Term)),
        ("term_gpa_hours", Measure::GpaHours(Span::Term)),
        ("term_attempted", Measure::Attempted(Span::Term)),
        ("term_passed", Measure::Passed(Span::Term)),
        ("term_earned", Measure::Earned(Span::Term)),
        ("cumulative_gpa", Measure::Gpa(Span::Cumulative)),
        ("cumulative_gpa_hours", Measure::GpaHours(Span::Cumulative)),
        ("cumulative_attempted", Measure::Attempted(Span::Cumulative)),
        ("cumulative_passed", Measure::Passed(Span::Cumulative)),
        ("cumulative_earned", Measure::Earned(Span::Cumulative)),
    ];

    /// Of a degree.
    pub const OF_DEGREE: &'static [(&'static str, Measure)] = &[
        ("gpa", Measure::Gpa(Span::Named)),
        ("gpa_hours", Measure::GpaHours(Span::Named)),
        ("institution_gpa", Measure::Gpa(Span::Institution)),
        ("institution_gpa_hours", Measure::GpaHours(Span::Institution)),
        ("institution_earned", Measure::Earned(Span::Institution)),
        ("overall_gpa", Measure::Gpa(Span::Overall)),
        ("overall_gpa_hours", Measure::GpaHours(Span::Overall)),
        ("overall_earned", Measure::Earned(Span::Overall)),
    ];

    pub fn word(self) -> &'static str {
        let known = Measure::OF_TERM.iter().chain(Measure::OF_DEGREE);
        known.into_iter().find(|(_, measure)| *measure == self).map_or("", |(word, _)| word)
    }
}

impl OutcomeRules {
    /// What the record's words are called in these rules; `None` for words that they do not use.
    pub fn title_of(&self, recorded: &Text) -> Option<&Text> {
        let same = |known: &Text| known.as_str().eq_ignore_ascii_case(recorded.as_str());
        let renamed = self.recorded.iter().find(|(word, _)| same(word)).map(|(_, title)| title);
        renamed.or_else(|| self.rules.iter().map(|rule| &rule.title).find(|title| same(title)))
    }
}

impl OutcomeRule {
    pub fn holds_in(&self, term: YearMonth) -> bool {
        self.from.is_none_or(|from| from <= term) && self.until.is_none_or(|until| term <= until)
    }
}
