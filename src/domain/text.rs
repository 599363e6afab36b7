//! Bounded, clean text: what any printed field of a record is made of.

use std::fmt;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// One line of text: NFC, trimmed, not empty, no control characters, at most [`Text::MAX_CHARS`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

/// Why a string is not a [`Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    #[error("is empty")]
    Empty,
    #[error("holds a control or bidirectional-override character")]
    Control,
    #[error("is longer than 1000 characters")]
    TooLong,
}

impl Text {
    pub const MAX_CHARS: usize = 1000;

    /// Runs of white space, line breaks among them, become one space.
    pub fn new(raw: &str) -> Result<Text, NotText> {
        let joined = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let clean: String = joined.nfc().collect();
        if clean.is_empty() {
            return Err(NotText::Empty);
        }
        if clean.chars().any(forbidden) {
            return Err(NotText::Control);
        }
        if clean.chars().count() > Text::MAX_CHARS {
            return Err(NotText::TooLong);
        }
        Ok(Text(clean.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, and the marks that can make a line read otherwise than it is stored (Trojan Source).
fn forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
// Records hold personal data: a text shows itself only when it is asked to be displayed.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} chars)", self.0.chars().count())
    }
}
impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
