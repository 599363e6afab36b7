//! GPAs of many students at once: columns in, columns out.

use super::errors::OrRaise;
use super::numbers::{credits, python_decimal};
use super::policy::Policy;
use crate::domain::{Credits, Decimal, Error, Grade, Level, Problem};
use crate::gpa::{self, CreditSummary, GradeColumns, StudentGpa};
use crate::service::Slot;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::collections::HashMap;

const COLUMNS: [&str; 6] = ["student_id", "gpa", "gpa_hours", "quality_points", "credits_attempted", "credits_earned"];

/// One row for each student, in order of first appearance; columns by name.
#[pyclass(frozen, module = "registrary._core")]
pub struct GpaTable {
    students: Vec<Py<PyAny>>,
    rows: Vec<StudentGpa>,
}

/// What the columns hold, with students and grades numbered in order of first appearance.
#[derive(Default)]
struct Numbered {
    students: Vec<Py<PyAny>>,
    student: Vec<u32>,
    grade: Vec<u32>,
    credits: Vec<Credits>,
    grades: Vec<Grade>,
    problems: Vec<Problem>,
}

/// How many problems are listed; a wrong column would list millions.
const MOST_PROBLEMS: usize = 1000;

/// The totals of each student from three columns of equal length.
#[pyfunction]
#[pyo3(signature = (student, grade, credits, policy, level=None))]
pub fn calculate_gpas(
    py: Python<'_>,
    student: &Bound<'_, PyAny>,
    grade: &Bound<'_, PyAny>,
    credits: &Bound<'_, PyAny>,
    policy: &Policy,
    level: Option<&str>,
) -> PyResult<GpaTable> {
    let level = level.map(Level::new).transpose().map_err(|error| PyValueError::new_err(format!("level {error}")))?;
    let Numbered { students, student, grade, credits, grades, problems } = numbered(student, grade, credits)?;
    if !problems.is_empty() {
        return Err(Error::MalformedRecord(problems)).or_raise(py);
    }
    let slot = Slot::current().or_raise(py)?;
    let columns = GradeColumns {
        students: students.len(),
        student: &student,
        grade: &grade,
        credits: &credits,
        grades: &grades,
        level: level.as_ref(),
    };
    let rows = py.detach(|| slot.cpu().install(|| gpa::calculate_gpas(&columns, &policy.0))).or_raise(py)?;
    Ok(GpaTable { students, rows })
}

fn numbered(student: &Bound<'_, PyAny>, grade: &Bound<'_, PyAny>, points: &Bound<'_, PyAny>) -> PyResult<Numbered> {
    let mut read = Numbered::default();
    let known = PyDict::new(student.py());
    let mut codes: HashMap<String, u32> = HashMap::new();
    let (mut grades, mut all_credits) = (grade.try_iter()?, points.try_iter()?);
    for (row, id) in student.try_iter()?.enumerate() {
        let (id, Some(grade), Some(given)) = (id?, grades.next().transpose()?, all_credits.next().transpose()?) else {
            return Err(PyValueError::new_err("the columns differ in length"));
        };
        if read.problems.len() >= MOST_PROBLEMS {
            return Ok(read);
        }
        if is_missing(&id) {
            read.problems.push(Problem::new("missing-field", format!("rows[{row}].student"), "is missing"));
            continue;
        }
        let next = u32::try_from(read.students.len()).map_err(|_| PyValueError::new_err("too many students"))?;
        let index = match known.get_item(&id)? {
            Some(index) => index.extract()?,
            None => {
                known.set_item(&id, next)?;
                read.students.push(id.unbind());
                next
            }
        };
        let code = grade_code(&grade, row, &mut codes, &mut read);
        match (code, credits(&given, &format!("rows[{row}].credits"))?) {
            (Some(code), Ok(credits)) => {
                read.student.push(index);
                read.grade.push(code);
                read.credits.push(credits);
            }
            (_, Err(problem)) => read.problems.push(problem),
            (None, Ok(_)) => {}
        }
    }
    if grades.next().is_some() || all_credits.next().is_some() {
        return Err(PyValueError::new_err("the columns differ in length"));
    }
    Ok(read)
}

/// Whether a cell tells no student: `None`, and what tables write for it, which is unequal to itself (NaN, NaT) or
/// refuses to tell (NA). Rows without a student are nobody's, and never one student's.
fn is_missing(id: &Bound<'_, PyAny>) -> bool {
    id.is_none() || id.ne(id).unwrap_or(true)
}

/// The grade's number; `None`, and a problem noted, when it is no grade.
fn grade_code(
    grade: &Bound<'_, PyAny>,
    row: usize,
    codes: &mut HashMap<String, u32>,
    read: &mut Numbered,
) -> Option<u32> {
    let place = || format!("rows[{row}].grade");
    let Ok(raw) = grade.extract::<String>() else {
        read.problems.push(Problem::new("not-a-text", place(), "is no str"));
        return None;
    };
    if let Some(code) = codes.get(&raw) {
        return Some(*code);
    }
    match Grade::new(&raw) {
        Ok(valid) => {
            let code = u32::try_from(read.grades.len()).ok()?;
            read.grades.push(valid);
            codes.insert(raw, code);
            Some(code)
        }
        Err(error) => {
            read.problems.push(Problem::new("not-a-grade", place(), error.to_string()));
            None
        }
    }
}

#[pymethods]
impl GpaTable {
    fn __len__(&self) -> usize {
        self.rows.len()
    }

    #[getter]
    fn columns(&self) -> Vec<&'static str> {
        COLUMNS.to_vec()
    }

    /// One column as a list; numbers are `decimal.Decimal`, and a GPA without GPA hours is `None`.
    fn __getitem__<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyList>> {
        if column == "student_id" {
            return PyList::new(py, self.students.iter().map(|student| student.clone_ref(py)));
        }
        let value: fn(&CreditSummary) -> Option<Decimal> = match column {
            "gpa" => |summary| summary.gpa.map(|gpa| gpa.displayed),
            "gpa_hours" => |summary| Some(summary.gpa_hours.decimal()),
            "quality_points" => |summary| Some(summary.quality_points_displayed),
            "credits_attempted" => |summary| Some(summary.credits_attempted.decimal()),
            "credits_earned" => |summary| Some(summary.credits_earned.decimal()),
            _ => return Err(PyKeyError::new_err(column.to_owned())),
        };
        let cells =
            self.rows.iter().map(|row| value(&row.summary).map(|number| python_decimal(py, number)).transpose());
        PyList::new(py, cells.collect::<PyResult<Vec<_>>>()?)
    }

    /// All columns.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for column in COLUMNS {
            columns.set_item(column, self.__getitem__(py, column)?)?;
        }
        Ok(columns)
    }

    fn __repr__(&self) -> String {
        format!("<GpaTable: {} students>", self.rows.len())
    }
}
