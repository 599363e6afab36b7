//! Where a value stands in the answers: `person#/names/0/last`, or in a row of a list: `#/grade`, `^#/id`.

use serde_json::Value;
use std::sync::Arc;

/// Whose value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The answer to this request.
    Answer(usize),
    /// The row at hand, or so many lists further out.
    Row(usize),
}

/// A JSON pointer (RFC 6901) and what it starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub root: Root,
    path: String,
}

impl Pointer {
    /// `requests` are the names that may stand before the `#`.
    pub fn read<S: AsRef<str>>(text: &str, requests: &[S]) -> Result<Pointer, &'static str> {
        let (start, path) = text.split_once('#').ok_or("is no pointer: one begins with # or a request's name and #")?;
        let outer = start.len();
        let root = match requests.iter().position(|name| name.as_ref() == start) {
            Some(request) if !start.is_empty() => Root::Answer(request),
            _ if start.bytes().all(|byte| byte == b'^') => Root::Row(outer),
            _ => return Err("begins with the name of no request"),
        };
        Ok(Pointer { root, path: checked(path)?.to_owned() })
    }

    pub fn find<'v>(&self, scope: &Scope<'_, 'v>) -> Option<&'v Value> {
        let start = match self.root {
            Root::Answer(request) => scope.answers.get(request)?,
            Root::Row(outer) => scope.row(outer)?,
        };
        start.pointer(&self.path).filter(|value| !is_absent(value))
    }
}

/// A JSON pointer by itself.
pub fn checked(path: &str) -> Result<&str, &'static str> {
    let escaped = path.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    let sound = (path.is_empty() || path.starts_with('/')) && escaped;
    if sound { Ok(path) } else { Err("is no JSON pointer: each step begins with /, and ~ is written ~0") }
}

/// Null, and text of nothing: many services write what they do not know so.
pub fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Text, a number by its digits, a truth by its word; nothing of lists and objects.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The answers, and the rows of the lists that are being gone through, the innermost here.
#[derive(Clone, Copy)]
pub struct Scope<'s, 'v> {
    pub answers: &'v [Arc<Value>],
    row: Option<&'v Value>,
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Scope<'s, 'v> {
    pub fn of(answers: &'v [Arc<Value>]) -> Scope<'s, 'v> {
        Scope { answers, row: None, outer: None }
    }

    /// Within one row of a list.
    pub fn within(&'s self, row: &'v Value) -> Scope<'s, 'v> {
        Scope { answers: self.answers, row: Some(row), outer: Some(self) }
    }

    fn row(&self, outer: usize) -> Option<&'v Value> {
        match outer {
            0 => self.row,
            _ => self.outer?.row(outer - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pointers_find_answers_and_rows() {
        let answers = [Arc::new(json!({"a": {"b/c": [1, {"d": "x"}]}, "n": null, "e": "  "}))];
        let scope = Scope::of(&answers);
        let row = json!({"id": 7});
        let inner_row = json!({"id": 8});
        let outer = scope.within(&row);
        let inner = outer.within(&inner_row);
        let find = |text: &str| Pointer::read(text, &["person"]).unwrap().find(&inner).cloned();
        assert_eq!(find("person#/a/b~1c/1/d"), Some(json!("x")));
        assert_eq!((find("#/id"), find("^#/id"), find("^^#/id")), (Some(json!(8)), Some(json!(7)), None));
        assert_eq!((find("person#/n"), find("person#/e"), find("person#/z")), (None, None, None));
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for wrong in ["", "name", "course#/x", "#x", "#/a~2", "person", "^p#/x"] {
            assert!(Pointer::read(wrong, &["person"]).is_err(), "{wrong}");
        }
    }
}
