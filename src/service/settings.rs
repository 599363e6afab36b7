//! What an institution sets once: how its documents look, and the policy that judges its records.

use crate::document::Theme;
use crate::gpa::Policy;

/// An institution's settings; shared by all its transcripts.
#[derive(Clone)]
pub struct Settings {
    pub theme: Theme,
    pub policy: Policy,
}

impl Settings {
    pub fn new(theme: Theme, policy: Policy) -> Settings {
        Settings { theme, policy }
    }
}
