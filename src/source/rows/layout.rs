//! Which column of a table or of a query's answer each column of the published schema is.

use super::Entity;
use crate::domain::Problem;

/// Where the columns of one entity stand in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub entity: Entity,
    /// The column with the student's id.
    pub student: usize,
    /// The place of each of the entity's columns; none where the answer lacks an optional one.
    columns: Vec<Option<usize>>,
}

impl Layout {
    /// Finds the entity's columns among `names`, upper and lower case alike. Every required column that is missing and every
    /// column that stands there twice is a problem; columns that the schema does not have are ignored.
    pub fn find<'n>(
        entity: Entity,
        names: impl IntoIterator<Item = &'n str>,
        problems: &mut Vec<Problem>,
    ) -> Option<Layout> {
        let names: Vec<&str> = names.into_iter().collect();
        let before = problems.len();
        let mut find = |wanted: &str, required: bool| {
            let mut places = names.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(wanted));
            let found = places.next().map(|(place, _)| place);
            if found.is_none() && required {
                let place = format!("{}.{wanted}", entity.table());
                problems.push(Problem::new("missing-column", place, "is a column that the answer lacks"));
            }
            if places.next().is_some() {
                let place = format!("{}.{wanted}", entity.table());
                problems.push(Problem::new("repeated-column", place, "is the name of more than one column"));
            }
            found
        };
        let student = find(entity.student(), true);
        let columns = entity.columns().iter().map(|column| find(column, entity.required().contains(column))).collect();
        student.filter(|_| problems.len() == before).map(|student| Layout { entity, student, columns })
    }

    /// Where the answer has the entity's column.
    pub fn place(&self, column: usize) -> Option<usize> {
        self.columns.get(column).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_any_order_and_case() {
        let mut problems = Vec::new();
        let layout = Layout::find(Entity::Notes, ["other", "NOTE", "Student"], &mut problems).unwrap();
        assert_eq!((layout.student, layout.place(0), layout.place(1)), (2, Some(1), None));
        assert!(problems.is_empty());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let mut problems = Vec::new();
        assert_eq!(Layout::find(Entity::Holds, ["code", "code", "since"], &mut problems), None);
        let told: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
        let missing = "missing-column";
        let expected =
            [(missing, "holds.student"), ("repeated-column", "holds.code"), (missing, "holds.blocks_transcript")];
        assert_eq!(told, expected);
    }
}
