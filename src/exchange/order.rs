//! The order of terms: by level, then designator, then as recorded.

use crate::domain::{Level, Term};
use std::collections::HashMap;

/// Sorts terms as a record holds them. The sort is stable. Levels: undergraduate, graduate, then the others in the
/// order in which they first appear.
pub fn in_order(terms: Vec<Term>) -> Vec<Term> {
    let mut ranks: HashMap<Level, usize> = HashMap::new();
    let mut rank = |level: &Level| {
        let next = ranks.len();
        *ranks.entry(level.clone()).or_insert(next)
    };
    rank(&Level::undergraduate());
    rank(&Level::graduate());
    let mut ranked: Vec<(usize, Term)> = terms.into_iter().map(|term| (rank(&term.level), term)).collect();
    ranked.sort_by_key(|(rank, term)| (*rank, term.designator));
    ranked.into_iter().map(|(_, term)| term).collect()
}
