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
        if is_plain(raw) {
            return Ok(Text(raw.into()));
        }
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

/// Whether the text is clean as it stands: printable ASCII with single spaces inside. Nearly every text of a record is,
/// and a record holds hundreds.
fn is_plain(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let inside = bytes.first().is_some_and(|first| *first != b' ') && bytes.last().is_some_and(|last| *last != b' ');
    let printable = inside && bytes.len() <= Text::MAX_CHARS && bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    printable && !bytes.windows(2).any(|two| two == b"  ")
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A plain text is what the long way makes of it, and no other is taken for one.
        #[test]
        fn the_short_way_ends_where_the_long_way_does(raw in "[ -~\\t\u{e9}\u{301}\u{202e}]{0,8}|[a-z ]{990,1010}") {
            let joined = raw.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
            prop_assert!(!is_plain(&raw) || (joined == raw && !raw.is_empty() && raw.len() <= Text::MAX_CHARS));
            if let Ok(text) = Text::new(&raw) {
                prop_assert_eq!(text.as_str(), joined);
            }
        }
    }
}
