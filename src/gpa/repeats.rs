//! What a policy says of repeated courses: which attempts count, within which limits.

use super::dated::Dated;
use crate::domain::{Credits, Grade, YearMonth};
use std::collections::BTreeMap;

/// The rules for repeats of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repeats {
    pub recorded: Recorded,
    /// Whether a replaced grade leaves its original term's GPA too, or counts until the term of the repeat.
    pub changes: Changes,
    /// One name for all courses that count as one, by code ("MATH 101"). Without a name are courses taken again for
    /// new credit (ensembles, topics): never repeats.
    pub names: BTreeMap<String, Option<String>>,
    /// By the term of the repeat.
    pub rules: Dated<TermRules>,
}

/// What the marks E, I and A of the student system are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// They stand; the policy judges the attempts without one.
    Decides,
    /// An E asks for the attempt to be replaced; without it nothing is. The policy judges the request.
    Requests,
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    OriginalTerm,
    RepeatTerm,
}

/// The rules in force from a term on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TermRules {
    /// Whether a grade from elsewhere replaces one here, and is replaced; if not, the two share the credit alone.
    pub transfer: bool,
    pub general: RepeatRule,
    /// Course numbers with a rule of their own; ranges never overlap.
    pub by_number: Vec<(NumberRange, RepeatRule)>,
}

/// Both ends are within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberRange {
    pub lowest: u32,
    pub highest: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RepeatRule {
    pub counts: Counts,
    /// Only an old grade up to this one is replaced.
    pub old_at_most: Option<Grade>,
    /// Only a new grade from this one on replaces.
    pub new_at_least: Option<Grade>,
    pub otherwise: Otherwise,
    /// Limits of what may be left out: credits and attempts of the level, attempts of one course.
    pub cap: Cap,
    pub standing: Standing,
    pub pass_replaces_letter: bool,
    pub letter_replaces_pass: bool,
    /// Grades that count and replace nothing ("WF").
    pub never_replace: Vec<Grade>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    First,
    Last,
    Best,
    All,
    AllButFirst,
}

/// What happens where a threshold forbids to replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// Both grades count.
    Average,
    /// The repeat does not count.
    KeepOld,
}

/// Which of several counted attempts gives the credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Last,
    Best,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cap {
    pub credits: Option<Credits>,
    pub repeats: Option<u8>,
    pub per_course: Option<u8>,
}

impl Counts {
    pub const WORDS: &'static [(&'static str, Counts)] = &[
        ("first", Counts::First),
        ("last", Counts::Last),
        ("best", Counts::Best),
        ("all", Counts::All),
        ("all_but_first", Counts::AllButFirst),
    ];

    /// Whether an old grade can be replaced by a new one at all.
    pub fn replaces(self) -> bool {
        !matches!(self, Counts::First | Counts::All)
    }

    /// The rule's stable word in an evaluation.
    pub fn rule(self) -> &'static str {
        match self {
            Counts::First => "repeat-first-counts",
            Counts::Last => "repeat-last-counts",
            Counts::Best => "repeat-best-counts",
            Counts::All => "repeat-all-count",
            Counts::AllButFirst => "repeat-all-but-first-count",
        }
    }
}

impl Repeats {
    /// One name for a course and its equivalents; `None` for a course that is never a repeat.
    pub fn course<'a>(&'a self, code: &'a str) -> Option<&'a str> {
        self.names.get(code).map_or(Some(code), Option::as_deref)
    }

    /// The rule for a course attempted in a term.
    pub fn rule(&self, term: YearMonth, code: &str) -> &RepeatRule {
        let rules = self.rules.at(term);
        let number = course_number(code);
        let own = rules.by_number.iter().find(|(range, _)| number.is_some_and(|number| range.holds(number)));
        own.map_or(&rules.general, |(_, rule)| rule)
    }
}

impl NumberRange {
    pub fn holds(self, number: u32) -> bool {
        (self.lowest..=self.highest).contains(&number)
    }

    pub fn overlaps(self, other: NumberRange) -> bool {
        self.lowest <= other.highest && other.lowest <= self.highest
    }
}

/// The first digits of a code's last word: 101 of `MATH 101L`, 100 of `ECO 100Y1`.
fn course_number(code: &str) -> Option<u32> {
    let last = code.split_whitespace().next_back()?;
    let digits = last.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_number_is_the_first_digits_of_the_last_word() {
        assert_eq!(["MATH 101", "ECO 100Y1", "H 2 299", "BIO2A 45"].map(course_number), [101, 100, 299, 45].map(Some));
        assert_eq!(["MATH", "", "MATH 99999999999"].map(course_number), [None; 3]);
    }
}
