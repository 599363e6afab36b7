//! What a caller asks of a table: its columns, how to group them, and what to do with rows that are wrong.

use crate::gpa::Policy;

/// A calculation over a table of attempts, one row each.
#[derive(Clone, Debug)]
pub struct BatchRequest {
    pub columns: ColumnNames,
    pub by: Grouping,
    /// Whether each term also has the totals up to and including it; `by` must name the term.
    pub cumulative: bool,
    pub on_error: OnError,
    pub policy: Policy,
}

/// The names of the columns to read. One of `grade` and `points` must be there, and every column that `by` names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnNames {
    /// Whose attempt it is: integers or texts.
    pub student: Option<String>,
    /// A grade of the policy's scale: texts, dictionary-encoded or not.
    pub grade: Option<String>,
    /// In place of a grade, the grade points of a credit, 0 to 1000 with at most three places. Null: not in the
    /// GPA and not earned; above zero: earned.
    pub points: Option<String>,
    /// Credits of the attempt, 0 to 9999.999 with at most three places, in the table's own unit. Without the
    /// column every attempt counts 1, as in the GPA of a class.
    pub credits: Option<String>,
    /// Integers, texts or dates; terms are ordered by value.
    pub term: Option<String>,
    /// Integers or texts.
    pub course: Option<String>,
    pub level: Option<String>,
    pub section: Option<String>,
    /// Whether the attempt is marked as a repeat that is left out (E): it counts as attempted alone. A boolean, or
    /// an integer that is 0 or 1.
    pub excluded: Option<String>,
}

/// What has one row in the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Each at most once, in the order of [`KeyColumn`]'s variants; at least one.
    pub keys: Vec<KeyColumn>,
}

/// A column that rows can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyColumn {
    Student,
    Term,
    Level,
    Section,
}

/// What happens to rows that are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Nothing is calculated.
    Refuse,
    /// They are left out and listed.
    Collect,
}

impl ColumnNames {
    /// The name of a column that rows can be grouped by.
    pub fn key(&self, key: KeyColumn) -> Option<&str> {
        match key {
            KeyColumn::Student => self.student.as_deref(),
            KeyColumn::Term => self.term.as_deref(),
            KeyColumn::Level => self.level.as_deref(),
            KeyColumn::Section => self.section.as_deref(),
        }
    }
}

impl KeyColumn {
    /// What it is called where no name is given.
    pub const fn word(self) -> &'static str {
        match self {
            KeyColumn::Student => "student",
            KeyColumn::Term => "term",
            KeyColumn::Level => "level",
            KeyColumn::Section => "section",
        }
    }
}
