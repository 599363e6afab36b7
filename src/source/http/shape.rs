//! Whether a mapping makes what the published schema of a record knows, judged before any student is asked for.

use super::mapping::{Leaf, Mapping};
use crate::domain::Problem;
use crate::exchange::record_json::SCHEMA;
use serde_json::Value;

/// Notes every field that no record has, every list that is none, and every required field that the mapping lacks.
pub fn check(mapping: &Mapping, place: &str, problems: &mut Vec<Problem>) {
    // The schema is part of this program: what it holds is known.
    let schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    Shape { schema: &schema, problems: &mut *problems }.check(mapping, &schema, place);
    let id = mapping.field(&["student", "id"]);
    if !matches!(id, None | Some(Mapping::Leaf(Leaf { among: None, codes: None, .. }))) {
        let message = "must be a pointer into an answer: it shows whose record the service gave";
        problems.push(Problem::new("not-a-pointer", format!("{place}.student.id"), message));
    }
}

struct Shape<'s> {
    schema: &'s Value,
    problems: &'s mut Vec<Problem>,
}

impl<'s> Shape<'s> {
    fn note(&mut self, code: &'static str, place: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(code, place, message));
    }

    fn check(&mut self, mapping: &Mapping, node: &'s Value, place: &str) {
        let node = self.resolved(node);
        match mapping {
            Mapping::Constant(_) | Mapping::Leaf(_) => {}
            Mapping::Object(fields) => self.object(fields, node, place),
            Mapping::List { entry, .. } => self.list(std::slice::from_ref(entry.as_ref()), node, place),
            Mapping::Entries(entries) => self.list(entries, node, place),
        }
    }

    fn object(&mut self, fields: &[(String, Mapping)], node: &'s Value, place: &str) {
        let Some(properties) = node.get("properties").and_then(Value::as_object) else {
            return self.note("wrong-type", place, "is a single value in the record, or a list");
        };
        for (name, mapping) in fields {
            let inner = format!("{place}.{name}");
            match properties.get(name) {
                Some(node) => self.check(mapping, node, &inner),
                None => {
                    let known: Vec<_> = properties.keys().map(String::as_str).collect();
                    self.note("unknown-field", &inner, format!("is in no record; there are {}", known.join(", ")));
                }
            }
        }
        let required = node.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for name in required.iter().filter_map(Value::as_str) {
            // The mark of the schema is put on by itself.
            if name != "schema" && !fields.iter().any(|(field, _)| field == name) {
                self.note("missing", &format!("{place}.{name}"), "must be there in every record");
            }
        }
    }

    fn list(&mut self, entries: &[Mapping], node: &'s Value, place: &str) {
        match node.get("items") {
            Some(node) => entries.iter().for_each(|entry| self.check(entry, node, &format!("{place}[]"))),
            None => self.note("wrong-type", place, "is no list in the record"),
        }
    }

    /// Behind references, and behind "or null".
    fn resolved(&self, node: &'s Value) -> &'s Value {
        let mut node = node;
        loop {
            let target = node.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
            let chosen = node.get("anyOf").filter(|_| node.get("properties").is_none());
            let choice = chosen.and_then(Value::as_array).and_then(|choices| choices.first());
            match target.and_then(|path| self.schema.pointer(path)).or(choice) {
                Some(next) => node = next,
                None => return node,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mapping_reader::Reader;
    use super::*;

    fn found(toml: &str) -> Vec<String> {
        let table: toml::Table = toml.parse().unwrap();
        let (requests, mut problems) = (vec!["person".to_owned()], Vec::new());
        let mapping = Reader { requests: &requests, problems: &mut problems }.mapping(&table.into(), "record").unwrap();
        check(&mapping, "record", &mut problems);
        problems.iter().map(|problem| format!("{} {}", problem.code, problem.place)).collect()
    }

    const SOUND: &str = r##"
        student = { id = "person#/id", names.legal.family = "person#/last" }
        terms = { each = "person#/terms", designator = "#/a", name = "#/b", level = { constant = "graduate" } }
        notes = [{ constant = "One" }, "person#/note"]
    "##;

    #[test]
    fn a_sound_mapping_passes() {
        assert_eq!(found(SOUND), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_listed() {
        let wrong = r##"
            student = { id = { constant = "1" }, names.legal.surname = "person#/last" }
            terms = { each = "person#/terms", designator = "#/a", level = "#/c", attempts = { grade = "#/g" } }
            programs = { name = "person#/x" }
            gpa = "person#/gpa"
        "##;
        let expected = [
            "unknown-field record.gpa",
            "wrong-type record.programs",
            "unknown-field record.student.names.legal.surname",
            "wrong-type record.terms[].attempts",
            "missing record.terms[].name",
            "not-a-pointer record.student.id",
        ];
        let mut found = found(wrong);
        let mut expected = expected.map(str::to_owned).to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(super::tests::found("notes = []"), ["missing record.student"]);
    }
}
