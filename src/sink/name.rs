//! The file name of a student's transcript: any id becomes one plain name that cannot leave its folder.

use crate::domain::StudentId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Everything but ASCII letters, digits, `-` and `_`. Dots too: no name may hold `..`.
const OUTSIDE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');
/// Names of up to 255 bytes are safe on every file system; this leaves room for the rest of the name.
const LONGEST: usize = 160;

/// `transcript-<id>.pdf`, every byte of the id outside `[A-Za-z0-9_-]` percent-encoded. A name that would be too
/// long is cut and carries a digest of the id, behind a `~` that no other name has: two ids never share a name.
pub fn file_name(id: &StudentId) -> String {
    format!("transcript-{}.pdf", encoded(id.as_str()))
}

/// The same for any text that is to be a part of a name.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = utf8_percent_encode(text, OUTSIDE).to_string();
    if encoded.len() > LONGEST {
        encoded.truncate(LONGEST);
        encoded.push('~');
        for byte in &Sha256::digest(text)[..16] {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "{byte:02x}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(id: &str) -> String {
        file_name(&StudentId::new(id).unwrap())
    }

    #[test]
    fn plain_ids_stay_readable() {
        assert_eq!(named("101"), "transcript-101.pdf");
        assert_eq!(named("A_12-b"), "transcript-A_12-b.pdf");
    }

    #[test]
    fn ids_cannot_leave_the_folder() {
        assert_eq!(named("../../etc/passwd"), "transcript-%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.pdf");
        assert_eq!(named("C:\\x"), "transcript-C%3A%5Cx.pdf");
        assert_eq!(named("50%"), "transcript-50%25.pdf");
        assert_eq!(named("é"), "transcript-%C3%A9.pdf");
    }

    #[test]
    fn long_names_stay_apart() {
        let (one, other) = (named(&"\u{10348}".repeat(64)), named(&format!("{}x", "\u{10348}".repeat(63))));
        assert_ne!(one, other);
        assert!(one.len() <= 255 && other.len() <= 255);
    }

    proptest! {
        #[test]
        fn any_id_gives_one_plain_name(raw in "\\PC{1,64}") {
            prop_assume!(StudentId::new(&raw).is_ok());
            let name = named(&raw);
            prop_assert!(name.len() <= 255);
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_%~.".contains(&b)));
            prop_assert_eq!(name.matches('.').count(), 1);
        }
    }
}
