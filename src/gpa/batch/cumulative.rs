//! Totals up to and including each term.

use super::cells::KeyCell;
use super::layout::Layout;
use super::request::KeyColumn;
use super::sums::Sums;
use std::collections::BTreeMap;

/// Beside each group, what it and the groups of its earlier terms add up to, the other keys being equal. Groups are
/// sorted by their keys.
pub(super) fn cumulative(keys: &[Vec<KeyCell>], sums: &[Sums], layout: &Layout) -> Vec<Sums> {
    let term = layout.keys.iter().position(|(key, _)| *key == KeyColumn::Term).unwrap_or(layout.keys.len());
    let mut running: BTreeMap<Vec<KeyCell>, Sums> = BTreeMap::new();
    let mut before: &[KeyCell] = &[];
    let mut result = Vec::with_capacity(sums.len());
    for (key, sums) in keys.iter().zip(sums) {
        let (leading, trailing) = key.split_at(term.min(key.len()));
        if leading != before {
            running.clear();
            before = leading;
        }
        let others = trailing.iter().skip(1).copied().collect();
        let total = running.entry(others).or_default();
        *total = total.plus(*sums);
        result.push(*total);
    }
    result
}
