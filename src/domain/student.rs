//! Who the record is about, and what they study.

use super::date::{BirthDate, Date};
use super::grade::words;
use super::identifier::StudentId;
use super::level::Level;
use super::name::Names;
use super::text::Text;

/// The person. There is no field for a social security or national insurance number, on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    pub id: StudentId,
    pub names: Names,
    pub birth: Option<BirthDate>,
}

words! {
    /// What a programme line says [AcademicProgramType].
    ProgramKind {
        Program = "program", "Program";
        Major = "major", "Major";
        SecondMajor = "second-major", "SecondMajor";
        Minor = "minor", "Minor";
        SecondMinor = "second-minor", "SecondMinor";
        Concentration = "concentration", "Concentration";
        Specialization = "specialization", "Specialization";
    }
}

/// A programme of study, a major, a minor or a concentration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub kind: ProgramKind,
    pub name: Text,
    pub level: Option<Level>,
    /// The degree it leads to.
    pub degree: Option<Text>,
    pub admitted: Option<Date>,
    pub notes: Vec<Text>,
}
