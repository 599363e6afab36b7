//! The institution's own key for a student.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// A student number or identifier as the institution writes it: 1 to 64 characters, no controls, no
/// outer white space, and not `.` or `..` (which no URL path segment can carry, even encoded).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StudentId(Arc<str>);

/// The text given is no possible student id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a student id has 1 to 64 characters, no control characters and no outer spaces, and is not . or ..")]
pub struct NotAStudentId;

impl StudentId {
    pub fn new(raw: &str) -> Result<StudentId, NotAStudentId> {
        let count = raw.chars().count();
        let valid = (1..=64).contains(&count)
            && raw.trim() == raw
            && !raw.chars().any(char::is_control)
            && raw != "."
            && raw != "..";
        valid.then(|| StudentId(raw.into())).ok_or(NotAStudentId)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Found by its text: the hash and the order are the text's.
impl Borrow<str> for StudentId {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for StudentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for StudentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StudentId(…)")
    }
}
