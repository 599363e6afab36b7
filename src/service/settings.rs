//! What an institution sets once: how its documents look, and the policy that judges its records.

use crate::document::Theme;
use crate::domain::Error;
use crate::gpa::Policy;
use crate::source::campus;

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

    /// The settings of the built-in sample campus.
    pub fn sample() -> Result<Settings, Error> {
        Ok(Settings::new(Theme::new(campus::institution()), Policy::from_toml(campus::policy_toml())?))
    }
}
