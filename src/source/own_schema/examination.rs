//! Looks at an own schema through the records of some students, and tells everything that is wrong in the contract's words.

use super::answer::{Answer, Shape};
use super::cell::OwnCell;
use super::contract::{self, Column, Kind};
use super::records::records;
use super::source::OwnSchemaSource;
use super::students::is_code;
use super::value_maps::ValueMaps;
use super::{RawAnswer, Statement};
use crate::domain::{Error, Level, Problem, StudentId};
use crate::source::Resources;
use crate::source::report::{Report, Table, Weight, without_positions};
use crate::source::rows::Entity;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// How many students are looked at.
pub const SAMPLE: usize = 100;
/// Codes told for one column.
const MOST_CODES: usize = 20;

impl OwnSchemaSource {
    /// Connects, explains each query, and reads the records of the first students.
    pub(super) async fn examined(&self, resources: &Resources) -> Result<Report, Error> {
        let ids = self.first_ids(resources, SAMPLE).await?;
        let mut report = Report::of_lines(vec![self.driver.title()]);
        let explained = self.driver.explain(resources, Arc::clone(&self.statements), &ids).await?;
        for (entity, plan) in self.entities().zip(explained) {
            // A query that cannot be explained cannot be answered either: its answer tells why.
            scans(entity, &plan.unwrap_or_default(), &mut report);
        }
        let given = self.driver.ask(resources, Arc::clone(&self.statements), &ids).await?;
        let given = self.entities().zip(given).collect();
        examine(&self.configuration.maps, given, &ids, &mut report);
        Ok(report)
    }

    /// The statements with the entities they are of.
    pub fn statements(&self) -> &[(Entity, Statement)] {
        &self.configuration.statements
    }
}

/// What the answers of all queries tell about the schema.
pub fn examine(
    maps: &ValueMaps,
    given: Vec<(Entity, Result<RawAnswer, Error>)>,
    ids: &[StudentId],
    report: &mut Report,
) {
    report.students = ids.len();
    let mut answers = Vec::new();
    let queried: HashSet<Entity> = given.iter().map(|(entity, _)| *entity).collect();
    for (entity, raw) in given {
        answers.extend(shaped(entity, raw, report));
    }
    let absent = Entity::ALL.into_iter().filter(|entity| !queried.contains(entity));
    let absent = absent.map(|entity| Table { name: entity.table(), rows: None, absent: true, without: Vec::new() });
    report.tables.extend(absent);
    for answer in &answers {
        codes(answer, maps, report);
        floats(answer, report);
    }
    if ids.is_empty() {
        report.find(Weight::Warning, "no-students", "students", "lists nobody: nothing could be looked at", 1);
    }
    if !report.passed() && answers.len() < queried.len() {
        // Without a table that failed, records would be found to lack what is there.
        return;
    }
    for record in records(maps, answers, ids) {
        match record {
            Ok(record) => {
                report.sound += 1;
                report.records.push(record);
            }
            Err(error) => refused(&error, report),
        }
    }
}

fn shaped(entity: Entity, raw: Result<RawAnswer, Error>, report: &mut Report) -> Option<Answer> {
    let mut table = Table { name: entity.table(), rows: None, absent: false, without: Vec::new() };
    let answer = match raw {
        Err(error) => {
            report.find(Weight::Fault, "query-failed", entity.table(), &error.to_string(), 1);
            None
        }
        Ok(raw) => {
            let shape = Shape::find(entity, &raw.columns, &mut Vec::new());
            table.without = shape.missing().filter(|column| !column.required).map(|column| column.name).collect();
            table.rows = Some(raw.rows.len());
            let told = |problems: Vec<Problem>| {
                for problem in problems {
                    report.find(Weight::Fault, problem.code, &problem.place, &problem.message, 1);
                }
            };
            raw.shaped(entity).map_err(told).ok()
        }
    };
    report.tables.push(table);
    answer
}

/// Why a record was refused, with the places of all students made one.
fn refused(error: &Error, report: &mut Report) {
    match error {
        Error::MalformedRecord(problems) | Error::SourceConfiguration(problems) => {
            // Codes that no map names are told already, with the codes.
            for problem in problems.iter().filter(|problem| problem.code != "unmapped-value") {
                let weight = Weight::Fault;
                report.find(weight, problem.code, &without_positions(&problem.place), &problem.message, 1);
            }
        }
        Error::RecordNotFound => {
            let message = "has no row of a student whom student_ids lists";
            report.find(Weight::Fault, "no-row", "students", message, 1);
        }
        other => report.find(Weight::Fault, other.code(), "", &other.to_string(), 1),
    }
}

/// Codes that no map names, and words that are none of the contract's.
fn codes(answer: &Answer, maps: &ValueMaps, report: &mut Report) {
    for (at, column) in contract::columns(answer.entity).iter().enumerate() {
        let map = maps.of(answer.entity, column.name);
        let known = |code: &str| match (map, column.kind) {
            (Some(map), _) => map.contains_key(code),
            (None, Kind::Word(words)) => words.contains(&code),
            (None, Kind::Level) => Level::new(code).is_ok(),
            _ => true,
        };
        let mut unknown: BTreeMap<String, (usize, HashSet<String>)> = BTreeMap::new();
        for row in &answer.rows {
            let Some(code) = row.get(at).and_then(OwnCell::code).filter(|code| !known(code)) else { continue };
            let (count, students) = unknown.entry(code).or_default();
            *count += 1;
            students.extend(row.first().and_then(OwnCell::code));
        }
        if !unknown.is_empty() {
            tell_codes(answer.entity, column, map.is_some(), unknown, report);
        }
    }
}

fn tell_codes(
    entity: Entity,
    column: &Column,
    mapped: bool,
    unknown: BTreeMap<String, (usize, HashSet<String>)>,
    report: &mut Report,
) {
    let place = format!("{}.{}", entity.table(), column.name);
    let total = unknown.values().map(|(count, _)| count).sum();
    // A query may have put a person's name where a code belongs: only what is short, or what several students share,
    // is shown.
    let is_shown = |code: &str, students: usize| {
        is_code(column.kind) && (code.len() <= 4 || (students > 1 && code.chars().count() <= 16))
    };
    let all = unknown.len();
    let shown: Vec<String> = unknown
        .iter()
        .filter(|(code, (_, students))| is_shown(code, students.len()))
        .map(|(code, (count, _))| format!("{code:?} {count}"))
        .take(MOST_CODES)
        .collect();
    let hidden = all - shown.len();
    let shown = if hidden > 0 && shown.is_empty() {
        format!("{hidden} that are not shown")
    } else if hidden > 0 {
        format!("{} and {hidden} that are not shown", shown.join(", "))
    } else {
        shown.join(", ")
    };
    let message = if mapped {
        format!("has codes that source.map.{} does not name: {shown}", column.name)
    } else {
        format!("has codes that are none of the contract's words, and no map source.map.{}: {shown}", column.name)
    };
    report.find(Weight::Fault, "unmapped-value", &place, &message, total);
}

fn floats(answer: &Answer, report: &mut Report) {
    for (at, column) in contract::columns(answer.entity).iter().enumerate() {
        let binary = answer.rows.iter().filter(|row| matches!(row.get(at), Some(OwnCell::Float(_)))).count();
        if binary > 0 && column.kind == Kind::Decimal {
            let place = format!("{}.{}", answer.entity.table(), column.name);
            let message = "is a binary floating-point number, taken by its shortest decimal form: cast it to a decimal or \
                           to text in the query";
            report.find(Weight::Note, "binary-number", &place, message, binary);
        }
    }
}

/// Tables that the database reads as a whole for a few students.
fn scans(entity: Entity, plan: &[String], report: &mut Report) {
    let whole = |line: &String| {
        let line = line.trim();
        let scanned = line.strip_prefix("SCAN ").or_else(|| line.split_once("Seq Scan on ").map(|(_, rest)| rest))?;
        let name = scanned.split(' ').next()?;
        let real = !["json_each", "CONSTANT", "SUBQUERY"].contains(&name);
        real.then(|| name.to_owned())
    };
    let mut tables: Vec<String> = plan.iter().filter_map(whole).collect();
    tables.dedup();
    if !tables.is_empty() {
        let message = format!("the query reads all of {}: an index may be missing", tables.join(", "));
        report.find(Weight::Note, "whole-table", entity.table(), &message, 1);
    }
}
