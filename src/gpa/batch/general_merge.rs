//! The groups of all students in order, and those that students share as one.

use super::general_groups::{Group, Key};
use super::general_meaning::Meaning;
use super::general_output::Printed;
use super::request::{BatchRequest, KeyColumn};
use super::share;
use super::sums::{Sums, Writing};
use crate::domain::Error;
use crate::domain::decimal::MAX_PRINTED_PLACES;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Groups between two looks at the flag.
const LOOK: usize = 4096;

/// Parts in order of key. `apart`: no two groups have the same key, and each is printed already.
pub(super) fn ordered(
    mut parts: Vec<Vec<Group>>,
    apart: bool,
    meaning: &Meaning,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Vec<Vec<Group>>, Error> {
    parts.retain(|part| !part.is_empty());
    let ends = |part: &Vec<Group>| part.first().zip(part.last()).map(|(first, last)| (first.key, last.key));
    let ends: Vec<(Key, Key)> = parts.iter().filter_map(ends).collect();
    let ascend = ends.windows(2).all(|pair| pair[0].1 < pair[1].0);
    let each = share::each(parts.iter().collect(), |part: &Vec<Group>| part.is_sorted_by(|a, b| a.key < b.key));
    if apart && ascend && each.into_iter().all(|ascends| ascends) {
        return Ok(parts);
    }
    if !apart {
        parts = share::each(parts, |part| sorted(part, cancelled).and_then(|part| joined(part, cancelled)))
            .into_iter()
            .collect::<Result<_, _>>()?;
    }
    let all = sorted(gathered(parts, cancelled)?, cancelled)?;
    let all = if apart { all } else { printed(joined(all, cancelled)?, meaning, request, cancelled)? };
    Ok(vec![all])
}

/// All parts as one.
fn gathered(parts: Vec<Vec<Group>>, cancelled: &AtomicBool) -> Result<Vec<Group>, Error> {
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        look(cancelled)?;
        all.extend(part);
    }
    Ok(all)
}

fn sorted(mut groups: Vec<Group>, cancelled: &AtomicBool) -> Result<Vec<Group>, Error> {
    share::sort(&mut groups, cancelled, |a, b| a.key.cmp(&b.key)).map_err(|_| Error::Cancelled)?;
    Ok(groups)
}

/// Groups in order, those of one key as one.
fn joined(groups: Vec<Group>, cancelled: &AtomicBool) -> Result<Vec<Group>, Error> {
    let mut joined: Vec<Group> = Vec::new();
    for (at, group) in groups.into_iter().enumerate() {
        if at % LOOK == 0 {
            look(cancelled)?;
        }
        match joined.last_mut().filter(|last| last.key == group.key) {
            Some(last) => last.total.sums = last.total.sums.joined(group.total.sums),
            None => joined.push(group),
        }
    }
    Ok(joined)
}

/// Groups of many students: their sums, printed by the rules of the group's own level and term where it has them.
fn printed(
    mut groups: Vec<Group>,
    meaning: &Meaning,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Vec<Group>, Error> {
    let by = &request.by.keys;
    let mut running: BTreeMap<Key, Sums> = BTreeMap::new();
    for (at, group) in groups.iter_mut().enumerate() {
        if at % LOOK == 0 {
            look(cancelled)?;
        }
        let [student, term, level, section] = group.key;
        let own_level = by.contains(&KeyColumn::Level).then(|| meaning.levels.get(level as usize)).flatten();
        let own_term = by.contains(&KeyColumn::Term).then(|| meaning.terms.get(term as usize).copied()).flatten();
        let rounding = meaning.policy.in_force(own_level, own_term).rounding;
        let unit = 10i128.pow(u32::from(MAX_PRINTED_PLACES - rounding.places()));
        let printed = |sums: Sums| {
            let gpa = sums.printed(Writing { rounding, ..meaning.writing });
            Printed { sums, gpa: gpa.and_then(|gpa| i64::try_from(gpa * unit).ok()) }
        };
        group.total = printed(group.total.sums);
        if request.cumulative {
            let so_far = running.entry([student, 0, level, section]).or_default();
            *so_far = so_far.joined(group.total.sums);
            group.running = printed(*so_far);
        }
    }
    Ok(groups)
}

fn look(cancelled: &AtomicBool) -> Result<(), Error> {
    if cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
}
