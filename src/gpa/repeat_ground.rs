//! What a decision about two attempts of a course went by: the other attempt, and why it is not replaced.

use super::repeats::{Counts, Otherwise, RepeatRule};
use crate::domain::Credits;

/// The two attempts that were compared, and what the limits stood at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ground {
    /// The key of the later of the two: its rule decided.
    pub by: usize,
    pub other: usize,
    pub refusal: Option<Refusal>,
    /// Left out at this level before.
    pub used: Used,
    /// Attempts of the course left out before.
    pub of_course: usize,
    /// The credits that leaving one of them out takes.
    pub asks: Credits,
}

/// What has been left out at a level so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Used {
    pub credits: Credits,
    pub repeats: u32,
}

impl Used {
    pub const NOTHING: Used = Used { credits: Credits::ZERO, repeats: 0 };

    pub fn add(&mut self, credits: Credits) {
        // More credits than can be held are beyond any cap already.
        self.credits = self.credits.checked_add(credits).unwrap_or(self.credits);
        self.repeats = self.repeats.saturating_add(1);
    }
}

/// Why a repeat replaces nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    LaterAttempt,
    NotRequested,
    MayNotReplace,
    PassAndLetter,
    OldGrade,
    NewGrade,
    CourseCap,
    RepeatCap,
    CreditCap,
}

impl Refusal {
    pub fn word(self) -> &'static str {
        match self {
            Refusal::LaterAttempt => Counts::AllButFirst.rule(),
            Refusal::NotRequested => "repeat-not-requested",
            Refusal::MayNotReplace => "repeat-may-not-replace",
            Refusal::PassAndLetter => "repeat-pass-and-letter",
            Refusal::OldGrade => "repeat-old-grade-too-high",
            Refusal::NewGrade => "repeat-new-grade-too-low",
            Refusal::CourseCap => "repeat-course-cap",
            Refusal::RepeatCap => "repeat-count-cap",
            Refusal::CreditCap => "repeat-credit-cap",
        }
    }

    /// A threshold may say that the repeat does not count; everything else lets both count.
    pub fn keeps_old(self, rule: &RepeatRule) -> bool {
        matches!(self, Refusal::OldGrade | Refusal::NewGrade) && rule.otherwise == Otherwise::KeepOld
    }
}
