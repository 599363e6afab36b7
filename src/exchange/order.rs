//! The order of terms: by level, then designator, then as recorded.

use crate::domain::{Level, Term};

/// Sorts terms as a record holds them. The sort is stable. Levels: undergraduate, graduate, then the others in the
/// order in which they first appear.
pub fn in_order(mut terms: Vec<Term>) -> Vec<Term> {
    let mut levels = vec![Level::undergraduate(), Level::graduate()];
    for term in &terms {
        if !levels.contains(&term.level) {
            levels.push(term.level.clone());
        }
    }
    let rank = |level: &Level| levels.iter().position(|known| known == level);
    terms.sort_by_key(|term| (rank(&term.level), term.designator));
    terms
}
