//! Which grade an invented student gets, and the sums that standing and honours are written from.

use super::prng::Prng;
use crate::domain::GradeStatus;

/// A grade and its points per credit in hundredths.
pub type Mark = (&'static str, u32);

/// The undergraduate and graduate scale (steps of 0.3), best first.
const LETTERS: &[Mark] = &[
    ("A", 400),
    ("A-", 370),
    ("B+", 330),
    ("B", 300),
    ("B-", 270),
    ("C+", 230),
    ("C", 200),
    ("C-", 170),
    ("D+", 130),
    ("D", 100),
    ("D-", 70),
    ("F", 0),
];

/// The law school's scale to 4.33, best first.
const LAW: &[Mark] = &[
    ("A+", 433),
    ("A", 400),
    ("A-", 367),
    ("B+", 333),
    ("B", 300),
    ("B-", 267),
    ("C+", 233),
    ("C", 200),
    ("C-", 167),
    ("D", 100),
    ("F", 0),
];

/// The lowest scores (of about 130) for each letter but the last.
const LETTER_STEPS: &[u32] = &[88, 80, 73, 66, 60, 54, 48, 43, 39, 35, 31];
const LAW_STEPS: &[u32] = &[112, 98, 86, 72, 60, 50, 42, 35, 29, 24];

/// A letter for somebody of the given ability (0 to 100): a triangular spread around it.
pub fn letter(ability: u32, dice: &mut Prng) -> Mark {
    draw(LETTERS, LETTER_STEPS, ability, dice)
}

/// A law school letter: its curve has its middle at B+.
pub fn law_letter(ability: u32, dice: &mut Prng) -> Mark {
    draw(LAW, LAW_STEPS, ability, dice)
}

fn draw(scale: &'static [Mark], steps: &[u32], ability: u32, dice: &mut Prng) -> Mark {
    let score = (ability + dice.below(26) + dice.below(26)).saturating_sub(25);
    let step = steps.iter().position(|lowest| score >= *lowest).unwrap_or(steps.len());
    scale.get(step).copied().unwrap_or(("F", 0))
}

/// The points of a letter of the undergraduate and graduate scale.
pub fn points(letter: &str) -> Option<u32> {
    LETTERS.iter().find(|(grade, _)| *grade == letter).map(|(_, points)| *points)
}

/// What became of a course without a letter.
pub const WITHDRAWN: (&str, GradeStatus) = ("W", GradeStatus::Withdrew);
pub const INCOMPLETE: (&str, GradeStatus) = ("I", GradeStatus::Incomplete);
pub const AUDIT: (&str, GradeStatus) = ("AU", GradeStatus::Audited);
pub const PASS: (&str, GradeStatus) = ("P", GradeStatus::PassFailPass);
pub const NO_PASS: (&str, GradeStatus) = ("NP", GradeStatus::PassFailFail);
pub const NOT_REPORTED: (&str, GradeStatus) = ("NR", GradeStatus::NotYetReported);
pub const CONTINUING: (&str, GradeStatus) = ("IP", GradeStatus::InProgress);
pub const TRANSFER: (&str, GradeStatus) = ("TR", GradeStatus::TransferNoGrade);

/// Credits (in tenths) and quality points (tenths of credits × hundredths of points).
#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub hours: u32,
    pub quality: u32,
}

impl Tally {
    pub fn add(&mut self, tenths: u32, points: u32) {
        self.hours += tenths;
        self.quality += tenths * points;
    }

    pub fn remove(&mut self, tenths: u32, points: u32) {
        self.hours = self.hours.saturating_sub(tenths);
        self.quality = self.quality.saturating_sub(tenths * points);
    }

    /// The GPA in hundredths, rounded half up as the campus's policy prints it; `None` without hours.
    pub fn hundredths(self) -> Option<u32> {
        (2 * self.quality + self.hours).checked_div(2 * self.hours)
    }
}

/// Latin honours by cumulative GPA.
pub fn latin_honor(hundredths: u32) -> Option<&'static str> {
    match hundredths {
        390.. => Some("summa cum laude"),
        370..390 => Some("magna cum laude"),
        350..370 => Some("cum laude"),
        _ => None,
    }
}
