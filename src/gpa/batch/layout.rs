//! Which column of a table is which, and whether its type can be read.

use super::cells::KeyKind;
use super::classes::{Classes, FEW_PLACES};
use super::general_table;
use super::request::{BatchRequest, KeyColumn};
use super::sums::Writing;
use crate::domain::{Error, Problem};
use crate::gpa::rounding::Rounding;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};

/// What a column is to the calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Key(KeyColumn),
    Course,
    Grade,
    Points,
    Credits,
    Excluded,
}

impl Role {
    /// Its word, for one and for many, in messages.
    pub const fn noun(self) -> (&'static str, &'static str) {
        match self {
            Role::Key(KeyColumn::Student) => ("student", "students"),
            Role::Key(KeyColumn::Term) => ("term", "terms"),
            Role::Key(KeyColumn::Level) => ("level", "levels"),
            Role::Key(KeyColumn::Section) => ("section", "sections"),
            Role::Course => ("course", "courses"),
            Role::Grade => ("grade", "grades"),
            Role::Points => ("grade point value", "grade point values"),
            Role::Credits => ("number of credits", "numbers of credits"),
            Role::Excluded => ("repeat mark", "repeat marks"),
        }
    }
}

/// Where the columns stand in every batch.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Of `BatchRequest::by`, in its order.
    pub keys: Vec<(KeyColumn, usize)>,
    pub marking: Marking,
    pub credits: Option<usize>,
    pub excluded: Option<usize>,
    pub whole: WholeColumns,
}

/// What judging whole students goes by, beside the keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct WholeColumns {
    pub student: Option<usize>,
    pub term: Option<usize>,
    pub level: Option<usize>,
    pub course: Option<usize>,
}

/// What says how well the attempt went.
#[derive(Clone, Copy, Debug)]
pub(super) enum Marking {
    Grades(usize),
    Points(usize),
}

impl Layout {
    /// Every column that is missing or cannot be read is listed.
    pub fn of(batches: &[RecordBatch], request: &BatchRequest) -> Result<Layout, Error> {
        check_request(request)?;
        let Some(first) = batches.first() else {
            return Err(Error::configuration("the table has no columns: even one without rows needs its schema"));
        };
        let schema = first.schema();
        if batches.iter().any(|batch| !same_types(&batch.schema(), &schema)) {
            return Err(Error::configuration("the batches of the table differ in their columns"));
        }
        let mut search = Search { schema: &schema, problems: Vec::new() };
        let names = &request.columns;
        let keys = request.by.keys.iter();
        let keys = keys.filter_map(|key| Some((*key, search.find(names.key(*key), key.word(), is_key)?))).collect();
        let marking = match (&names.grade, &names.points) {
            (Some(grade), _) => search.find(Some(grade), "grade", is_text).map(Marking::Grades),
            (None, points) => search.find(points.as_deref(), "points", is_number).map(Marking::Points),
        };
        let mut optional = |name: &Option<String>, word, fits: fn(&DataType) -> bool| {
            name.as_deref().and_then(|name| search.find(Some(name), word, fits))
        };
        let credits = optional(&names.credits, "credits", is_number);
        let excluded = optional(&names.excluded, "excluded", is_mark);
        let whole = search.whole_columns(request);
        match marking {
            Some(marking) if search.problems.is_empty() => Ok(Layout { keys, marking, credits, excluded, whole }),
            _ => Err(Error::MalformedRecord(search.problems)),
        }
    }
}

impl Layout {
    /// How totals over these columns are written.
    pub fn writing(&self, classes: &Classes, rounding: Rounding) -> Writing {
        let point_places = match self.marking {
            Marking::Grades(_) => classes.point_places,
            Marking::Points(_) => FEW_PLACES,
        };
        Writing { point_places, rounding }
    }
}

/// The name that the caller gave a column.
pub(super) fn name_of(request: &BatchRequest, role: Role) -> String {
    let names = &request.columns;
    let name = match role {
        Role::Key(key) => names.key(key),
        Role::Course => names.course.as_deref(),
        Role::Grade => names.grade.as_deref(),
        Role::Points => names.points.as_deref(),
        Role::Credits => names.credits.as_deref(),
        Role::Excluded => names.excluded.as_deref(),
    };
    name.unwrap_or_default().to_owned()
}

fn check_request(request: &BatchRequest) -> Result<(), Error> {
    let keys = &request.by.keys;
    if keys.is_empty() || keys.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Error::configuration(
            "group by student, term, level and section: one or more, each once, in order",
        ));
    }
    if request.cumulative && !keys.contains(&KeyColumn::Term) {
        return Err(Error::configuration("cumulative totals need the term among what is grouped by"));
    }
    if request.columns.grade.is_some() && request.columns.points.is_some() {
        return Err(Error::configuration("name a column of grades or one of grade points, not both"));
    }
    if request.columns.points.is_some() && !request.policy.points_tell_all(request.columns.level.is_some()) {
        let message = "points alone do not tell who passes by this policy: name a column of grades";
        return Err(Error::configuration(message));
    }
    Ok(())
}

/// Chunks may differ in the names of nested fields and in metadata; not in what is read.
fn same_types(a: &Schema, b: &Schema) -> bool {
    let same = |(a, b): (&arrow_schema::FieldRef, &arrow_schema::FieldRef)| {
        a.name() == b.name() && a.data_type() == b.data_type()
    };
    std::ptr::eq(a, b) || (a.fields().len() == b.fields().len() && a.fields().iter().zip(b.fields()).all(same))
}

struct Search<'a> {
    schema: &'a Schema,
    problems: Vec<Problem>,
}

impl Search<'_> {
    /// Rules for repeats need them all but the level; a policy that only adds up, none.
    fn whole_columns(&mut self, request: &BatchRequest) -> WholeColumns {
        let names = &request.columns;
        if !general_table::is_needed(request) {
            return WholeColumns { student: None, term: None, level: None, course: None };
        }
        let with_levels = names.level.is_some();
        let repeats = request.policy.has_repeats(with_levels);
        let needed = repeats || request.policy.judges_students(with_levels);
        let mut column = |name: &Option<String>, word: &str, needed: bool| match name {
            None if !needed => None,
            name => self.find(name.as_deref(), word, is_key),
        };
        let whole = WholeColumns {
            student: column(&names.student, "student", needed),
            term: column(&names.term, "term", needed),
            level: column(&names.level, "level", false),
            course: column(&names.course, "course", repeats),
        };
        // A column that is grouped by has been looked for already.
        let mut told: Vec<Problem> = Vec::new();
        for problem in self.problems.drain(..) {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        self.problems = told;
        whole
    }

    fn find(&mut self, name: Option<&str>, word: &str, fits: fn(&DataType) -> bool) -> Option<usize> {
        let Some(name) = name else {
            self.problems.push(Problem::new("missing-column", word, "is needed, but no column is named"));
            return None;
        };
        let named = self.schema.fields().iter().filter(|field| field.name() == name).count();
        let Some((at, field)) = self.schema.column_with_name(name).filter(|_| named == 1) else {
            let message = if named == 0 { "is not in the table" } else { "is in the table more than once" };
            self.problems.push(Problem::new("missing-column", name, message));
            return None;
        };
        if !fits(field.data_type()) {
            let message = format!("is of a type that {word} cannot be read from: {}", field.data_type());
            self.problems.push(Problem::new("unreadable-column", name, message));
            return None;
        }
        Some(at)
    }
}

fn is_key(kind: &DataType) -> bool {
    KeyKind::of(kind).is_some()
}

fn is_text(kind: &DataType) -> bool {
    matches!(KeyKind::of(kind), Some(KeyKind::Texts | KeyKind::TextCodes))
}

fn is_number(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Float64 | DataType::Decimal128(..))
}

fn is_mark(kind: &DataType) -> bool {
    kind.is_integer() || *kind == DataType::Boolean
}
