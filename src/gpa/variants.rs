//! GPAs that a policy names beside the usual ones: for honours, over the last credits.

use super::by_campus::ByCampus;
use super::exact_totals::Forgiven;
use super::rounding::Rounding;
use crate::domain::{Credits, Text};

/// What a named GPA is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VariantRule {
    pub name: String,
    pub title: Text,
    pub forgiven: Forgiven,
    /// Whether graded transfer work is part of it.
    pub transfer: bool,
    /// Only the latest terms that hold so many GPA hours together; whole terms, so that they may hold more.
    pub last_credits: Option<Credits>,
    /// The level's own where it says none.
    pub rounding: Option<ByCampus<Rounding>>,
    pub print: bool,
}
