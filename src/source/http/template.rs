//! The path of a request with the student's id, and values of earlier answers, in their places.

use super::pointer::{Pointer, Root, Scope, scalar};
use crate::domain::StudentId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Written(String),
    /// A value; `quoted` where it stands within JSON in the query.
    Value {
        what: What,
        quoted: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    StudentId,
    Found(Pointer),
}

/// `/students/{id}/terms`, `/grades?student={person#/0/id}`. Other braces stand for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

impl Template {
    pub fn read<S: AsRef<str>>(text: &str, requests: &[S]) -> Result<Template, &'static str> {
        if !text.starts_with('/') || text.starts_with("//") || text.contains('#') && !text.contains("#/") {
            return Err("is no path: one begins with a single / and has no fragment");
        }
        let (mut pieces, mut written, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            written.push_str(before);
            let inner = after.split_once('}').filter(|(name, _)| *name == "id" || name.contains("#/"));
            let Some((name, behind)) = inner.filter(|(name, _)| !name.contains('{')) else {
                written.push('{');
                rest = after;
                continue;
            };
            let what = if name == "id" { What::StudentId } else { What::Found(of_answer(name, requests)?) };
            let quoted = written.ends_with('"');
            pieces.push(Piece::Written(std::mem::take(&mut written)));
            pieces.push(Piece::Value { what, quoted });
            rest = behind;
        }
        pieces.push(Piece::Written(written + rest));
        Ok(Template(pieces))
    }

    /// A path that is the same for all students.
    pub fn is_fixed(&self) -> bool {
        self.0.len() == 1
    }

    /// The requests whose answers it needs.
    pub fn needs(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value { what: What::Found(Pointer { root: Root::Answer(request), .. }), .. } => Some(*request),
            _ => None,
        })
    }

    /// The path where it needs no student.
    pub fn filled_without_student(&self) -> Option<String> {
        match self.0.as_slice() {
            [Piece::Written(written)] => Some(written.clone()),
            _ => None,
        }
    }

    /// Each value is one path segment, or one value of the query, whatever it holds; none where one is absent.
    pub fn filled(&self, id: &StudentId, scope: &Scope<'_, '_>) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Written(written) => text.push_str(written),
                Piece::Value { what, quoted } => {
                    let value = match what {
                        What::StudentId => id.as_str().to_owned(),
                        What::Found(pointer) => scalar(pointer.find(scope)?)?,
                    };
                    // Within JSON a quotation mark would end the text it stands in.
                    let value = if *quoted { json_inner(&value) } else { value };
                    text.push_str(&segment(&value));
                }
            }
        }
        Some(text)
    }
}

/// A pointer into an earlier answer: no row is at hand where a path is filled.
fn of_answer<S: AsRef<str>>(text: &str, requests: &[S]) -> Result<Pointer, &'static str> {
    let pointer = Pointer::read(text, requests)?;
    let row = "has a value of a row in it: only those of earlier answers can be";
    if matches!(pointer.root, Root::Answer(_)) { Ok(pointer) } else { Err(row) }
}

/// One segment of a path, whatever it holds.
pub fn segment(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}

fn json_inner(value: &str) -> String {
    let text = serde_json::Value::from(value).to_string();
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn filled(template: &str, id: &str) -> Option<String> {
        let answers = [std::sync::Arc::new(json!([{"id": "g/1", "n": 5}]))];
        let template = Template::read(template, &["person"]).unwrap();
        template.filled(&StudentId::new(id).unwrap(), &Scope::of(&answers))
    }

    #[test]
    fn values_stay_in_their_places() {
        assert_eq!(filled("/students/{id}/terms", "a/../b").unwrap(), "/students/a%2F..%2Fb/terms");
        assert_eq!(filled("/grades?of={person#/0/id}&n={person#/0/n}", "1").unwrap(), "/grades?of=g%2F1&n=5");
        assert_eq!(filled("/grades?of={person#/1/id}", "1"), None);
        let criteria = filled(r#"/p?c={"names":[{"id":"{id}"}]}"#, r#"x"}]"#).unwrap();
        assert_eq!(criteria, r#"/p?c={"names":[{"id":"x%5C%22%7D%5D"}]}"#);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for wrong in ["students", "//host/x", "/a#b", "/x/{other#/a}", "/x/{#/a}", "/x/{^#/a}", "https://host/"] {
            assert!(Template::read(wrong, &["person"]).is_err(), "{wrong}");
        }
        assert!(Template::read("/a/{b}", &["person"]).unwrap().is_fixed());
    }
}
