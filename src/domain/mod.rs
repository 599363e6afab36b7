//! Valid facts about a student and an institution. Names std, thiserror and unicode-normalization, nothing else.

pub mod attempt;
pub mod award;
pub mod date;
pub mod decimal;
pub mod error;
pub mod grade;
pub mod identifier;
pub mod institution;
pub mod issue;
pub mod level;
pub mod name;
pub mod partial;
pub mod quantity;
pub mod record;
pub mod student;
pub mod summary;
pub mod term;
pub mod text;

pub use attempt::{Attempt, Course};
pub use award::{Award, Hold};
pub use date::{BirthDate, Date, MonthDay, NotADate, YearMonth};
pub use decimal::{Decimal, NotADecimal};
pub use error::{Error, Problem, Stage, StudentError};
pub use grade::{CreditUnit, Grade, GradeStatus, RepeatTreatment};
pub use identifier::{NotAStudentId, StudentId};
pub use institution::Institution;
pub use issue::{Issue, Marking};
pub use level::Level;
pub use name::{NameParts, Names, PersonName};
pub use partial::Partial;
pub use quantity::{Credits, GradePoints, QualityPoints, Ratio};
pub use record::{StudentRecord, TotalsAuthority};
pub use student::{Program, ProgramKind, Student};
pub use summary::{StatedSummary, SummarySpan};
pub use term::{Balance, BalanceOrigin, Term, TransferBlock, TransferKind};
pub use text::{NotText, Text};
