//! Grades as awarded, their status, and what a repeat does to an attempt.

use super::text::{NotText, Text};
use std::fmt;

/// A grade as printed: a letter, a mark or a code ("A-", "HD", "66", "W"); 1 to 16 characters.
/// What it is worth is the grade scale's business.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade(Text);

impl Grade {
    pub fn new(raw: &str) -> Result<Grade, NotText> {
        let text = Text::new(raw)?;
        if text.as_str().chars().count() > 16 {
            return Err(NotText::TooLong);
        }
        Ok(Grade(text))
    }
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}
impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Debug for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grade(…)")
    }
}

/// Declares an enum whose variants each have one stable kebab-case word and, where PESC has one, its name.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal, $pesc:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The stable word used in JSON, databases and policies.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
            /// The name PESC gives it.
            pub const fn pesc(self) -> &'static str {
                match self { $($name::$variant => $pesc,)* }
            }
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.word() == word)
            }
            pub fn from_pesc(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.pesc() == name)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Where an attempt stands [CourseAcademicGradeStatusCode].
    GradeStatus {
        Completed = "completed", "Completed";
        InProgress = "in-progress", "InProgress";
        NotYetReported = "not-yet-reported", "NotYetReported";
        Incomplete = "incomplete", "Incomplete";
        IncompleteNotResolvedFail = "incomplete-not-resolved-fail", "IncompleteNotResolvedFail";
        Audited = "audited", "AuditedCourse";
        Withdrew = "withdrew", "Withdrew";
        WithdrewPassing = "withdrew-passing", "WithdrewPassing";
        WithdrewFailing = "withdrew-failing", "WithdrewFailing";
        WithdrewNoPenalty = "withdrew-no-penalty", "WithdrewNoPenalty";
        PassFailPass = "pass-fail-pass", "PassFailPass";
        PassFailFail = "pass-fail-fail", "PassFailFail";
        OtherPass = "other-pass", "OtherPass";
        OtherFail = "other-fail", "OtherFail";
        HonorsGrade = "honors-grade", "HonorsGrade";
        TransferNoGrade = "transfer-no-grade", "TransferNoGrade";
        PlanningToTake = "planning-to-take", "PlanningToTake";
    }
}

words! {
    /// What a repeat does to an attempt, as Banner and Memphis print it: E, I, A.
    RepeatTreatment {
        Excluded = "excluded", "RepeatNotCounted";
        Included = "included", "RepeatCounted";
        Averaged = "averaged", "RepeatCounted";
    }
}

impl RepeatTreatment {
    /// The mark printed beside the attempt.
    pub const fn indicator(self) -> &'static str {
        match self {
            RepeatTreatment::Excluded => "E",
            RepeatTreatment::Included => "I",
            RepeatTreatment::Averaged => "A",
        }
    }
}

words! {
    /// The unit credits are counted in [CourseCreditUnits].
    CreditUnit {
        Semester = "semester", "Semester";
        Quarter = "quarter", "Quarter";
        Units = "units", "Units";
        Ects = "ects", "ECTS";
        ClockHours = "clock-hours", "ClockHours";
        CarnegieUnits = "carnegie-units", "CarnegieUnits";
        ContinuingEducationUnits = "continuing-education-units", "ContinuingEducationUnits";
        NoCredit = "no-credit", "NoCredit";
        Other = "other", "Other";
        Unreported = "unreported", "Unreported";
    }
}
