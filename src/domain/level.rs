//! Levels (careers) of study, which are kept apart on every page and in every total.

use std::fmt;
use std::sync::Arc;

/// A level's kebab-case word: `undergraduate`, `graduate`, `law`, or an institution's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(Arc<str>);

/// The text is no kebab-case word of 1 to 40 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a level: lower-case letters, digits and single hyphens, at most 40 characters")]
pub struct NotALevel;

impl Level {
    pub fn new(word: &str) -> Result<Level, NotALevel> {
        let clean = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let valid = word.len() <= 40 && word.split('-').all(clean);
        valid.then(|| Level(word.into())).ok_or(NotALevel)
    }
    pub fn undergraduate() -> Level {
        Level("undergraduate".into())
    }
    pub fn graduate() -> Level {
        Level("graduate".into())
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
