//! A secret that nobody sees by accident.

use std::fmt;

/// A token, key or password. It has no `Display`, its `Debug` is masked, and only who asks for it gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    pub fn new(text: impl Into<Box<str>>) -> Secret {
        Secret(text.into())
    }

    /// The secret itself, to be sent and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        assert_eq!(format!("{:?} {:#?}", Secret::new("hush"), Some(Secret::new("hush"))).matches("hush").count(), 0);
        assert_eq!(Secret::new("hush").reveal(), "hush");
    }
}
