//! `[source.requests.…]` and `[source.students]`: what is asked, and how lists come.

use super::Listing;
use super::paging::Paging;
use super::pointer::{Pointer, Root, checked};
use super::request::{Owner, Request, Whose};
use super::template::Template;
use crate::domain::Problem;
use crate::source::own_schema::Keys;
use toml::Value;

const KNOWN: &[&str] = &["path", "rows", "paging", "student", "missing"];

/// The requests by name, in the order of the names.
pub fn requests(tables: &Keys<'_>, problems: &mut Vec<Problem>) -> (Vec<String>, Vec<Request>) {
    let names: Vec<String> = tables.table.keys().cloned().collect();
    for name in &names {
        let sound = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !sound || name == "id" {
            let message = "is no name of a request: letters, digits, - and _, and not id";
            problems.push(Problem::new("bad-name", tables.place(name), message));
        }
    }
    let read = |name: &String| request(&tables.table(name, problems)?, name, &names, problems);
    let requests: Vec<_> = names.iter().filter_map(read).collect();
    (names, requests)
}

fn request(keys: &Keys<'_>, name: &str, names: &[String], problems: &mut Vec<Problem>) -> Option<Request> {
    keys.refuse_others(KNOWN, problems);
    let path = path(keys, names, problems);
    let rows = json_pointer(keys, "rows", problems);
    let paging = keys.table("paging", problems).and_then(|keys| paging(&keys, problems));
    let owner = match keys.table.get("student") {
        None => Whose::Untold,
        Some(Value::String(word)) if word == "unchecked" => Whose::Unchecked,
        // Wrong ones are noted, and nothing is made of them.
        Some(_) => owner(keys, names, problems).map_or(Whose::Unchecked, Whose::Of),
    };
    if owner != Whose::Untold && path.as_ref().is_some_and(Template::is_fixed) {
        let message = "is for an answer of one student; this path is the same for all";
        problems.push(Problem::new("same-for-all", keys.place("student"), message));
    }
    let may_be_missing = match keys.text("missing", problems) {
        None | Some("refuse") => false,
        Some("empty") => true,
        Some(_) => {
            problems.push(Problem::new("unknown-word", keys.place("missing"), "is neither empty nor refuse"));
            false
        }
    };
    Some(Request { name: name.to_owned(), path: path?, rows, paging, owner, may_be_missing })
}

fn path(keys: &Keys<'_>, names: &[String], problems: &mut Vec<Problem>) -> Option<Template> {
    let Some(text) = keys.text("path", problems) else {
        problems.push(Problem::new("missing", keys.place("path"), "must be there"));
        return None;
    };
    let read = Template::read(text, names);
    read.map_err(|message| problems.push(Problem::new("bad-path", keys.place("path"), message))).ok()
}

fn json_pointer(keys: &Keys<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let read = checked(keys.text(key, problems)?);
    let noted = read.map_err(|message| problems.push(Problem::new("no-pointer", keys.place(key), message)));
    noted.ok().map(str::to_owned)
}

/// Every answer of one student shows whose it is, or is said not to; the one that tells the id is judged by that id.
pub fn refuse_untold(requests: &[Request], identity: Option<usize>, problems: &mut Vec<Problem>) {
    for (number, request) in requests.iter().enumerate() {
        if request.owner == Whose::Untold && !request.path.is_fixed() && identity != Some(number) {
            let message = "must say where each row tells whose it is, or \"unchecked\" where none does";
            problems.push(Problem::new("missing", format!("source.requests.{}.student", request.name), message));
        }
    }
}

/// A pointer to the id in each row, or `{ at = …, is = … }` where the rows bear another key of the student's.
fn owner(keys: &Keys<'_>, names: &[String], problems: &mut Vec<Problem>) -> Option<Owner> {
    if let Some(Value::String(_)) = keys.table.get("student") {
        return Some(Owner { at: json_pointer(keys, "student", problems)?, is: None });
    }
    let pair = keys.table("student", problems)?;
    pair.refuse_others(&["at", "is"], problems);
    let is = pair.text("is", problems).map(|text| Pointer::read(text, names));
    let is = match is {
        Some(Ok(pointer)) if matches!(pointer.root, Root::Answer(_)) => Some(pointer),
        _ => {
            let message = "must be a pointer into the answer that tells the student's other key";
            problems.push(Problem::new("no-pointer", pair.place("is"), message));
            None
        }
    };
    Some(Owner { at: json_pointer(&pair, "at", problems)?, is: Some(is?) })
}

fn paging(keys: &Keys<'_>, problems: &mut Vec<Problem>) -> Option<Paging> {
    let known: &[&str] = match keys.text("kind", problems) {
        Some("offset") => &["kind", "offset", "limit", "size"],
        Some("page") => &["kind", "page", "limit", "size", "first"],
        Some("link") => &["kind"],
        Some("cursor") => &["kind", "at", "parameter"],
        _ => {
            let message = "is none of offset, page, link, cursor";
            problems.push(Problem::new("unknown-word", keys.place("kind"), message));
            return None;
        }
    };
    keys.refuse_others(known, problems);
    let word =
        |key: &str, usual: &str, problems: &mut Vec<Problem>| keys.text(key, problems).unwrap_or(usual).to_owned();
    match keys.text("kind", problems)? {
        "offset" => {
            let (offset, limit) = (word("offset", "offset", problems), word("limit", "limit", problems));
            Some(Paging::Offset { offset, limit, size: whole(keys, "size", 100, 1, problems)? })
        }
        "page" => {
            let (page, limit) = (word("page", "page", problems), word("limit", "per_page", problems));
            let size = whole(keys, "size", 100, 1, problems);
            Some(Paging::Page { page, limit, size: size?, first: whole(keys, "first", 1, 0, problems)? })
        }
        "link" => Some(Paging::Link),
        _ => {
            let parameter = keys.text("parameter", problems).map(str::to_owned);
            if !keys.table.contains_key("at") {
                problems.push(Problem::new("missing", keys.place("at"), "must be there: where the cursor stands"));
            }
            Some(Paging::Cursor { at: json_pointer(keys, "at", problems)?, parameter })
        }
    }
}

fn whole(keys: &Keys<'_>, key: &str, usual: u64, least: u64, problems: &mut Vec<Problem>) -> Option<u64> {
    let given = match keys.table.get(key) {
        None => return Some(usual),
        Some(Value::Integer(number)) => u64::try_from(*number).ok().filter(|number| (least..=100_000).contains(number)),
        Some(_) => None,
    };
    if given.is_none() {
        let message = format!("is no whole number from {least} to 100000");
        problems.push(Problem::new("bad-value", keys.place(key), message));
    }
    given
}

/// How all students are listed.
pub(super) fn listing(keys: &Keys<'_>, problems: &mut Vec<Problem>) -> Option<Listing> {
    keys.refuse_others(&["path", "rows", "paging", "id"], problems);
    let path = path(keys, &[], problems);
    if path.as_ref().is_some_and(|path| !path.is_fixed()) {
        problems.push(Problem::new("bad-path", keys.place("path"), "is one path for all students: it has no {id}"));
    }
    let rows = json_pointer(keys, "rows", problems).or_else(|| Some(String::new()));
    let paging = keys.table("paging", problems).and_then(|keys| paging(&keys, problems));
    let id = if keys.table.contains_key("id") { json_pointer(keys, "id", problems)? } else { String::new() };
    let name = "students".to_owned();
    let request = Request { name, path: path?, rows, paging, owner: Whose::Untold, may_be_missing: false };
    Some(Listing { request, id })
}
