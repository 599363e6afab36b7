//! Totals up to and including each term.

use super::groups::{Groups, KeyPart};
use super::layout::Layout;
use super::request::KeyColumn;
use super::totals_output::Total;
use std::collections::BTreeMap;

/// Beside each group, what it and the groups of its earlier terms add up to, the other keys being equal. Groups are
/// in order of their keys.
pub(super) fn cumulative<T: Total>(parts: &[Groups<'_, T>], layout: &Layout) -> Vec<T> {
    let term = layout.keys.iter().position(|(key, _)| *key == KeyColumn::Term).unwrap_or(layout.keys.len());
    let mut running: BTreeMap<Vec<KeyPart>, T> = BTreeMap::new();
    let mut before: Vec<KeyPart> = Vec::new();
    let mut result = Vec::with_capacity(parts.iter().map(Groups::len).sum());
    for part in parts {
        for (at, sums) in part.sums.iter().enumerate() {
            let key = part.keys.iter().filter_map(|keys| keys.get(at));
            if !key.clone().take(term).eq(before.iter().copied()) {
                running.clear();
                before.clear();
                before.extend(key.clone().take(term));
            }
            let others: Vec<KeyPart> = key.skip(term + 1).collect();
            let total = running.get(&others).map_or(*sums, |earlier| earlier.plus(*sums));
            running.insert(others, total);
            result.push(total);
        }
    }
    result
}
