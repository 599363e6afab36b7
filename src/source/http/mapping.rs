//! From a service's answers to the published JSON of a record: a tree of pointers, constants and maps of codes.

use super::pointer::{Pointer, Root, Scope, is_absent, scalar};
use crate::domain::Problem;
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// Rows looked at for one record, those of lists within lists counted each time.
const MOST_ROWS: usize = 5_000_000;

#[derive(Clone, Debug, PartialEq)]
pub enum Mapping {
    Constant(Value),
    Leaf(Leaf),
    Object(Vec<(String, Mapping)>),
    /// So many entries as there are rows.
    List {
        rows: Rows,
        entry: Box<Mapping>,
    },
    /// These entries; one that is absent is left out.
    Entries(Vec<Mapping>),
}

/// One value of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Where the value stands in the one row of another list that matches.
    pub among: Option<Rows>,
    pub at: Pointer,
    pub form: Form,
    pub codes: Option<Codes>,
}

/// The rows of a list whose values equal others'.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub each: Pointer,
    pub matching: Vec<(Pointer, Pointer)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    AsItIs,
    /// A number by its digits.
    Text,
    /// The day of a date and time, as written.
    Date,
    /// Its year and month.
    Month,
}

/// Their words for ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Codes {
    pub words: HashMap<String, Value>,
    /// Whether a word without an entry stays as it is; else it is refused.
    pub keeps_others: bool,
}

impl Mapping {
    /// The record's JSON, or everything that is wrong with the answers. `of_student` tells the requests whose answers
    /// are one student's: each of their rows has its place in the record.
    pub fn applied(&self, scope: &Scope<'_, '_>, of_student: &dyn Fn(usize) -> bool) -> Result<Value, Vec<Problem>> {
        let work = Work::default();
        let made = work.made(self, scope, &Place::Root);
        work.left_over(self, scope, of_student, &Place::Root);
        let problems = work.problems.into_inner();
        match made {
            Some(made) if problems.is_empty() => Ok(made.value),
            _ if problems.is_empty() => Err(vec![Problem::new("missing", "student", "is in no answer")]),
            _ => Err(problems),
        }
    }

    /// The mapping of a field, by the names that lead to it.
    pub fn field(&self, names: &[&str]) -> Option<&Mapping> {
        let Some((first, rest)) = names.split_first() else { return Some(self) };
        match self {
            Mapping::Object(fields) => fields.iter().find(|(name, _)| name == first)?.1.field(rest),
            _ => None,
        }
    }

    /// The request whose answer says who the student is.
    pub fn identity(&self) -> Option<(usize, &Pointer)> {
        match self.field(&["student", "id"])? {
            Mapping::Leaf(Leaf { at, among: None, .. }) => match at.root {
                Root::Answer(request) => Some((request, at)),
                Root::Row(_) => None,
            },
            _ => None,
        }
    }
}

/// A place in the record that is being made.
enum Place<'a> {
    Root,
    Field(&'a Place<'a>, &'a str),
    Entry(&'a Place<'a>, usize),
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Root => Ok(()),
            Place::Field(Place::Root, name) => f.write_str(name),
            Place::Field(outer, name) => write!(f, "{outer}.{name}"),
            Place::Entry(outer, index) => write!(f, "{outer}[{index}]"),
        }
    }
}

struct Made {
    value: Value,
    /// Whether any of it was found in an answer.
    found: bool,
}

#[derive(Default)]
struct Work {
    problems: RefCell<Vec<Problem>>,
    rows: Cell<usize>,
    /// The rows that have become entries, by where they lie.
    taken: RefCell<HashSet<*const Value>>,
}

impl Work {
    fn refuse<T>(&self, code: &'static str, place: &Place<'_>, message: &str) -> Option<T> {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < crate::exchange::limits::PROBLEMS {
            problems.push(Problem::new(code, place.to_string(), message));
        }
        None
    }

    fn made(&self, mapping: &Mapping, scope: &Scope<'_, '_>, place: &Place<'_>) -> Option<Made> {
        match mapping {
            Mapping::Constant(value) => Some(Made { value: value.clone(), found: false }),
            Mapping::Leaf(leaf) => self.leaf(leaf, scope, place).map(|value| Made { value, found: true }),
            Mapping::Object(fields) => self.object(fields, scope, place),
            Mapping::List { rows, entry } => self.list(rows, entry, scope, place),
            Mapping::Entries(entries) => {
                let made = entries.iter().enumerate().filter_map(|(index, entry)| {
                    self.made(entry, scope, &Place::Entry(place, index)).map(|made| made.value)
                });
                let made: Vec<_> = made.collect();
                (!made.is_empty()).then_some(Made { value: Value::Array(made), found: true })
            }
        }
    }

    /// An object of which nothing was found is absent, unless it is constant altogether.
    fn object(&self, fields: &[(String, Mapping)], scope: &Scope<'_, '_>, place: &Place<'_>) -> Option<Made> {
        let mut object = Map::new();
        let (mut found, mut missed) = (false, false);
        for (name, mapping) in fields {
            match self.made(mapping, scope, &Place::Field(place, name)) {
                Some(made) => {
                    found |= made.found;
                    object.insert(name.clone(), made.value);
                }
                None => missed = true,
            }
        }
        (found || !missed).then_some(Made { value: Value::Object(object), found })
    }

    fn list(&self, rows: &Rows, entry: &Mapping, scope: &Scope<'_, '_>, place: &Place<'_>) -> Option<Made> {
        let found = self.rows(rows, scope, place)?;
        self.taken.borrow_mut().extend(found.iter().map(|row| std::ptr::from_ref(*row)));
        let entries = found.into_iter().enumerate().map(|(index, row)| {
            let place = Place::Entry(place, index);
            // A row is there whatever it holds: what it lacks is told by the record's own reader.
            self.made(entry, &scope.within(row), &place).map_or(Value::Null, |made| made.value)
        });
        Some(Made { value: Value::Array(entries.collect()), found: true })
    }

    /// Refuses rows of the student's that match nothing: a grade whose term is not among the terms must not vanish.
    fn left_over(
        &self,
        mapping: &Mapping,
        scope: &Scope<'_, '_>,
        of_student: &dyn Fn(usize) -> bool,
        place: &Place<'_>,
    ) {
        match mapping {
            Mapping::Constant(_) | Mapping::Leaf(_) => {}
            Mapping::Object(fields) => {
                fields.iter().for_each(|(name, field)| {
                    self.left_over(field, scope, of_student, &Place::Field(place, name));
                });
            }
            Mapping::Entries(entries) => {
                entries.iter().for_each(|entry| self.left_over(entry, scope, of_student, place));
            }
            Mapping::List { rows, entry } => {
                self.left_over(entry, scope, of_student, place);
                let theirs = matches!(rows.each.root, Root::Answer(number) if of_student(number));
                let list = rows.each.find(scope).and_then(Value::as_array).filter(|_| theirs);
                let taken = self.taken.borrow();
                let left = list.into_iter().flatten().filter(|row| !taken.contains(&std::ptr::from_ref(*row))).count();
                if left > 0 {
                    let message = format!("takes all rows of a list in the answer but {left}, which match nothing");
                    let _: Option<()> = self.refuse("unmatched-row", place, &message);
                }
            }
        }
    }

    fn rows<'v>(&self, rows: &Rows, scope: &Scope<'_, 'v>, place: &Place<'_>) -> Option<Vec<&'v Value>> {
        let Value::Array(list) = rows.each.find(scope)? else {
            return self.refuse("wrong-type", place, "stands in the answer as something other than a list");
        };
        self.rows.set(self.rows.get() + list.len());
        if self.rows.get() > MOST_ROWS {
            return self.refuse("too-many", place, "is made of more rows than a record can have");
        }
        let matches = |row: &&Value| {
            let inner = scope.within(row);
            let text = |pointer: &Pointer| pointer.find(&inner).and_then(scalar);
            rows.matching.iter().all(|(one, other)| text(one).is_some() && text(one) == text(other))
        };
        Some(list.iter().filter(matches).collect())
    }

    fn leaf(&self, leaf: &Leaf, scope: &Scope<'_, '_>, place: &Place<'_>) -> Option<Value> {
        let value = match &leaf.among {
            None => leaf.at.find(scope)?,
            Some(rows) => {
                let found = self.rows(rows, scope, place)?;
                let mut values = found.into_iter().filter_map(|row| leaf.at.find(&scope.within(row)));
                let first = values.next()?;
                if values.any(|other| other != first) {
                    return self.refuse("ambiguous", place, "is found in several rows that differ");
                }
                first
            }
        };
        let formed = self.formed(leaf.form, value, place)?;
        match &leaf.codes {
            None => Some(formed),
            Some(codes) => self.coded(codes, formed, place),
        }
    }

    fn formed(&self, form: Form, value: &Value, place: &Place<'_>) -> Option<Value> {
        let Some(text) = scalar(value).filter(|_| form != Form::AsItIs) else {
            return Some(value.clone()).filter(|value| !is_absent(value));
        };
        let length = match form {
            Form::AsItIs | Form::Text => return Some(Value::String(text)),
            Form::Date => 10,
            Form::Month => 7,
        };
        // What stands behind the day belongs to it, or is a time: 2024-05-29T00:00:00Z.
        let rest = text.get(length..).unwrap_or_default();
        let ends = rest.is_empty() || rest.starts_with(['T', ' ']) || (form == Form::Month && rest.starts_with('-'));
        match text.get(..length).filter(|_| ends) {
            Some(part) => Some(Value::String(part.to_owned())),
            None => self.refuse("wrong-date", place, "is no date in the form YYYY-MM-DD, with or without a time"),
        }
    }

    fn coded(&self, codes: &Codes, value: Value, place: &Place<'_>) -> Option<Value> {
        let word = scalar(&value);
        match word.and_then(|word| codes.words.get(word.trim())) {
            // The empty text as a word of ours means that there is none.
            Some(ours) => Some(ours.clone()).filter(|ours| !is_absent(ours)),
            None if codes.keeps_others => Some(value),
            None => self.refuse("unmapped-value", place, "is a code that the mapping's values do not list"),
        }
    }
}
