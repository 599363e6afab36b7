//! An evaluation in Python: its totals as a dict of exact decimals; words about them are the facade's.

use super::errors;
use super::explanation;
use super::numbers::python_decimal;
use super::outcomes;
use super::policy::Policy;
use super::record::StudentRecord;
use super::what_if;
use crate::domain::{self, Attempt, CreditUnit, Decimal, StatedSummary};
use crate::gpa::{self, AttemptEvaluation, CreditSummary, LevelEvaluation};
use crate::service::panics;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::sync::Arc;

/// A record, judged by a policy: exact totals by term and level, and what each attempt did.
#[pyclass(frozen, module = "registrary._core")]
pub struct Evaluation {
    evaluation: Arc<gpa::Evaluation>,
    /// Stays inside: a record with planned attempts is printed by nobody.
    record: Arc<domain::StudentRecord>,
    policy: gpa::Policy,
    hypothetical: bool,
}

/// Judges a record by a policy.
#[pyfunction]
pub fn evaluate(py: Python<'_>, record: &StudentRecord, policy: &Policy) -> PyResult<Evaluation> {
    let judged = py.detach(|| panics::caught(|| gpa::evaluate(&record.0, &policy.0)));
    let judged = judged.map_err(|error| errors::raised(py, &error, Some(&record.0.student.id)))?;
    Ok(Evaluation::of(Arc::clone(&record.0), policy.0.clone(), Arc::new(judged)))
}

#[pymethods]
impl Evaluation {
    /// The overall GPA of the record's one level, as the policy prints it.
    #[getter]
    fn gpa<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &*self.evaluation {
            gpa::Evaluation::Computed { levels, .. } => match levels.as_slice() {
                [] => Ok(None),
                [level] => displayed_gpa(py, &level.overall),
                _ => Err(PyValueError::new_err("the record has several levels, each with its own GPA: see levels")),
            },
            gpa::Evaluation::Stated { summaries } => {
                let mut stated = summaries.iter().filter_map(|summary| summary.gpa);
                match (stated.next(), stated.next()) {
                    (None, _) => Ok(None),
                    (Some(gpa), None) => python_decimal(py, gpa).map(Some),
                    _ => Err(PyValueError::new_err("the document states several GPAs: see to_dict()")),
                }
            }
        }
    }

    /// The overall GPA of each level.
    #[getter]
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let gpas = PyDict::new(py);
        if let gpa::Evaluation::Computed { levels, .. } = &*self.evaluation {
            for level in levels {
                gpas.set_item(level.level.as_str(), displayed_gpa(py, &level.overall)?)?;
            }
        }
        Ok(gpas)
    }

    /// Where the record states another standing or honour than the policy's rules give.
    #[getter]
    fn differences<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match &*self.evaluation {
            gpa::Evaluation::Computed { levels, .. } => outcomes::differences(py, levels),
            gpa::Evaluation::Stated { .. } => Ok(PyList::empty(py)),
        }
    }

    /// The policy that judged; `None` when the document states its own totals.
    #[getter]
    fn policy(&self) -> Option<&str> {
        match &*self.evaluation {
            gpa::Evaluation::Computed { policy, .. } => Some(policy),
            gpa::Evaluation::Stated { .. } => None,
        }
    }

    /// Everything, as plain dicts and lists; numbers are `decimal.Decimal`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let whole = PyDict::new(py);
        match &*self.evaluation {
            gpa::Evaluation::Computed { levels, policy } => {
                whole.set_item("authority", "policy")?;
                whole.set_item("policy", policy)?;
                let levels = levels.iter().map(|level| self.level(py, level)).collect::<PyResult<Vec<_>>>()?;
                whole.set_item("levels", levels)?;
                whole.set_item("differences", self.differences(py)?)?;
            }
            gpa::Evaluation::Stated { summaries } => {
                whole.set_item("authority", "stated")?;
                let summaries = summaries.iter().map(|summary| stated(py, summary)).collect::<PyResult<Vec<_>>>()?;
                whole.set_item("summaries", summaries)?;
            }
        }
        Ok(whole)
    }

    /// Whether planned attempts are among those judged.
    #[getter]
    fn hypothetical(&self) -> bool {
        self.hypothetical
    }

    /// How each number came about, as a `registrary.Explanation`. It tells grades.
    #[pyo3(signature = (*, level=None, term=None, number=None))]
    fn explain<'py>(
        slf: Bound<'py, Self>,
        level: Option<Bound<'py, PyAny>>,
        term: Option<Bound<'py, PyAny>>,
        number: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let explain = PyModule::import(slf.py(), "registrary._explanation")?.getattr(intern!(slf.py(), "explain"))?;
        explain.call1((slf, level, term, number))
    }

    #[pyo3(name = "_explained")]
    /// The facts of an explanation; `None` where the record has nothing of what is asked for.
    fn explained<'py>(
        &self,
        py: Python<'py>,
        level: Option<&str>,
        term: Option<&str>,
        span: Option<&str>,
        variant: Option<String>,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(asked) = explanation::selection(level, term, span, variant) else { return Ok(None) };
        let explained = py.detach(|| panics::caught(|| gpa::explain(&self.record, &self.policy, &asked)));
        let explained = explained.map_err(|error| errors::raised(py, &error, Some(&self.record.student.id)))?;
        explanation::facts(py, &self.record, &explained).map(Some)
    }

    /// The evaluation of the record with planned attempts added.
    fn with_attempts(&self, py: Python<'_>, attempts: Vec<Bound<'_, PyAny>>) -> PyResult<Evaluation> {
        let (record, judged) = what_if::judged_with(py, &self.record, &self.policy, &attempts)?;
        let evaluation = Evaluation::of(Arc::new(record), self.policy.clone(), Arc::new(judged));
        Ok(Evaluation { hypothetical: self.hypothetical || !attempts.is_empty(), ..evaluation })
    }

    /// What the next credits need for a target, as a `registrary.RequiredGpa`.
    #[pyo3(signature = (target_gpa, credits, *, level=None))]
    fn required_for<'py>(
        &self,
        py: Python<'py>,
        target_gpa: Bound<'py, PyAny>,
        credits: Bound<'py, PyAny>,
        level: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let asked = what_if::Asked { target: target_gpa, credits, level };
        what_if::required_for(py, &self.record, &self.policy, &asked)
    }

    fn __repr__(&self) -> String {
        match &*self.evaluation {
            gpa::Evaluation::Computed { levels, policy } => {
                let planned = if self.hypothetical { ", hypothetical" } else { "" };
                format!("<Evaluation: {} levels by {policy}{planned}>", levels.len())
            }
            gpa::Evaluation::Stated { .. } => "<Evaluation: totals as the document states them>".to_owned(),
        }
    }
}

impl Evaluation {
    /// Of the attempts that the record has.
    pub fn of(record: Arc<domain::StudentRecord>, policy: gpa::Policy, evaluation: Arc<gpa::Evaluation>) -> Evaluation {
        Evaluation { evaluation, record, policy, hypothetical: false }
    }

    fn level<'py>(&self, py: Python<'py>, level: &LevelEvaluation) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("level", level.level.as_str())?;
        dict.set_item("unit", level.unit.map(CreditUnit::word))?;
        dict.set_item("scale", &level.scale)?;
        let terms = PyList::empty(py);
        for judged in &level.terms {
            let Some(term) = self.record.terms.get(judged.term_index) else { continue };
            let one = PyDict::new(py);
            one.set_item("designator", term.designator.to_string())?;
            one.set_item("name", term.name.as_str())?;
            one.set_item("attempts", attempts(py, &term.attempts, &judged.attempts)?)?;
            one.set_item("term", summary(py, &judged.term)?)?;
            one.set_item("cumulative", summary(py, &judged.cumulative)?)?;
            one.set_item("recorded_standing", term.standing.as_ref().map(|words| words.as_str()))?;
            one.set_item("recorded_honors", term.honors.iter().map(|words| words.as_str()).collect::<Vec<_>>())?;
            one.set_item("standing", outcomes::outcome(py, judged.standing.as_ref())?)?;
            one.set_item("honors", outcomes::outcome(py, judged.honors.as_ref())?)?;
            terms.append(one)?;
        }
        dict.set_item("terms", terms)?;
        let transfers = PyList::empty(py);
        for judged in &level.transfers {
            let Some(block) = self.record.transfers.get(judged.transfer_index) else { continue };
            let one = PyDict::new(py);
            one.set_item("institution", block.institution.as_ref().map(|name| name.as_str()))?;
            one.set_item("attempts", attempts(py, &block.attempts, &judged.attempts)?)?;
            one.set_item("total", summary(py, &judged.total)?)?;
            transfers.append(one)?;
        }
        dict.set_item("transfers", transfers)?;
        dict.set_item("institution", summary(py, &level.institution)?)?;
        dict.set_item("transfer", summary(py, &level.transfer)?)?;
        dict.set_item("overall", summary(py, &level.overall)?)?;
        dict.set_item("variants", outcomes::variants(py, &level.variants)?)?;
        dict.set_item("awards", outcomes::awards(py, &level.awards)?)?;
        Ok(dict)
    }
}

fn attempts<'py>(py: Python<'py>, taken: &[Attempt], judged: &[AttemptEvaluation]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for (attempt, judged) in taken.iter().zip(judged) {
        let one = PyDict::new(py);
        one.set_item("course", attempt.course.code())?;
        one.set_item("title", attempt.course.title.as_ref().map(|title| title.as_str()))?;
        one.set_item("grade", attempt.grade.as_ref().map(|grade| grade.as_str()))?;
        one.set_item("unit", judged.unit.word())?;
        one.set_item("credits", python_decimal(py, judged.credits.decimal())?)?;
        one.set_item("recorded_unit", attempt.unit.word())?;
        one.set_item("recorded_credits", python_decimal(py, attempt.credits.decimal())?)?;
        one.set_item("credits_attempted", python_decimal(py, judged.credits_attempted.decimal())?)?;
        one.set_item("credits_passed", python_decimal(py, judged.credits_passed.decimal())?)?;
        one.set_item("credits_earned", python_decimal(py, judged.credits_earned.decimal())?)?;
        one.set_item("gpa_hours", python_decimal(py, judged.gpa_hours.decimal())?)?;
        one.set_item("in_degree", judged.in_degree)?;
        one.set_item("points", optional(py, judged.points.map(|points| points.decimal()))?)?;
        one.set_item("quality_points", optional(py, judged.quality_points)?)?;
        one.set_item("repeat", judged.repeat.map(|repeat| repeat.word()))?;
        one.set_item("rule", judged.rule)?;
        list.append(one)?;
    }
    Ok(list)
}

/// The four totals and the GPA, which is `None` where there are no GPA hours.
pub fn summary<'py>(py: Python<'py>, totals: &CreditSummary) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("credits_attempted", python_decimal(py, totals.credits_attempted.decimal())?)?;
    dict.set_item("credits_passed", python_decimal(py, totals.credits_passed.decimal())?)?;
    dict.set_item("credits_earned", python_decimal(py, totals.credits_earned.decimal())?)?;
    dict.set_item("gpa_hours", python_decimal(py, totals.gpa_hours.decimal())?)?;
    dict.set_item("gpa_hours_exact", totals.gpa_hours_exact.to_string())?;
    dict.set_item("quality_points_exact", totals.quality_points.to_string())?;
    dict.set_item("quality_points", python_decimal(py, totals.quality_points_displayed)?)?;
    dict.set_item("gpa", displayed_gpa(py, totals)?)?;
    dict.set_item("gpa_exact", totals.gpa.map(|gpa| gpa.exact.to_string()))?;
    Ok(dict)
}

/// Totals as a document states them.
pub fn stated<'py>(py: Python<'py>, stated: &StatedSummary) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("span", stated.span.word())?;
    dict.set_item("label", stated.label.as_ref().map(|label| label.as_str()))?;
    dict.set_item("level", stated.level.as_ref().map(|level| level.as_str()))?;
    dict.set_item("credits_attempted", optional(py, stated.credits_attempted)?)?;
    dict.set_item("credits_earned", optional(py, stated.credits_earned)?)?;
    dict.set_item("gpa_hours", optional(py, stated.gpa_hours)?)?;
    dict.set_item("quality_points", optional(py, stated.quality_points)?)?;
    dict.set_item("gpa", optional(py, stated.gpa)?)?;
    Ok(dict)
}

fn displayed_gpa<'py>(py: Python<'py>, totals: &CreditSummary) -> PyResult<Option<Bound<'py, PyAny>>> {
    optional(py, totals.gpa.map(|gpa| gpa.displayed))
}

fn optional(py: Python<'_>, number: Option<Decimal>) -> PyResult<Option<Bound<'_, PyAny>>> {
    number.map(|number| python_decimal(py, number)).transpose()
}
