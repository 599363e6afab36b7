//! Looks at the source through the records of some students: what would keep transcripts from being made, by the policy too.

use super::registrar::Registrar;
use super::slot::Slot;
use crate::domain::{Error, Grade, Problem, Stage, StudentRecord};
use crate::gpa::{Policy, evaluate};
use crate::source::Report;
use crate::source::report::{Weight, without_positions};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Grades told for one scale.
const MOST_GRADES: usize = 20;

impl Registrar {
    /// As `check_source`, as data; records that the source could make are judged by the policy.
    pub async fn examine_source(&self, slot: &Slot) -> Result<Report, Error> {
        let mut report = self.asking(Stage::Fetch, self.source.examine(slot.resources())).await?;
        let settings = Arc::clone(&self.settings);
        let judged = slot.cpu().run(move |cancel| {
            examine_records(&mut report, &settings.policy, &|| cancel.check())?;
            Ok(report)
        });
        judged.await
    }
}

/// Judges the records that the report holds; `goes_on` ends it between two of them.
pub fn examine_records(
    report: &mut Report,
    policy: &Policy,
    goes_on: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    for record in std::mem::take(&mut report.records) {
        goes_on()?;
        judge(&record, policy, report);
    }
    Ok(())
}

fn judge(record: &StudentRecord, policy: &Policy, report: &mut Report) {
    let problems = match evaluate(record, policy) {
        Ok(_) => return,
        Err(Error::MalformedRecord(problems)) => problems,
        Err(other) => return report.find(Weight::Fault, other.code(), "", &other.to_string(), 1),
    };
    report.sound = report.sound.saturating_sub(1);
    let mut grades: BTreeMap<(String, &Grade), usize> = BTreeMap::new();
    for problem in &problems {
        match grade_at(record, problem).filter(|_| problem.code == "grade-not-on-scale") {
            Some(grade) => *grades.entry((problem.message.clone(), grade)).or_default() += 1,
            None => report.find(Weight::Fault, problem.code, &without_positions(&problem.place), &problem.message, 1),
        }
    }
    for ((message, grade), count) in grades.into_iter().take(MOST_GRADES) {
        // A grade is a code of the institution's. Longer ones may be anything: a query may have mixed its columns up.
        let shown = if grade.as_str().chars().count() <= 4 { grade.as_str() } else { "a longer text" };
        report.find(Weight::Fault, "grade-not-on-scale", "attempts.grade", &format!("{shown:?} {message}"), count);
    }
}

/// The grade that a problem at `terms[2].attempts[0].grade` is about.
fn grade_at<'r>(record: &'r StudentRecord, problem: &Problem) -> Option<&'r Grade> {
    let mut numbers = problem.place.split(['[', ']']).filter_map(|part| part.parse::<usize>().ok());
    let (block, attempt) = (numbers.next()?, numbers.next()?);
    let attempts = match problem.place.split('[').next()? {
        "terms" => &record.terms.get(block)?.attempts,
        "transfers" => &record.transfers.get(block)?.attempts,
        _ => return None,
    };
    attempts.get(attempt)?.grade.as_ref()
}
