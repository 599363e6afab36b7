//! Lists that come in pages: how the next page is asked for, and when the last has come.

use super::pointer::scalar;
use crate::http::Answer;
use reqwest::Url;
use reqwest::header::LINK;
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// No institution's list has more pages; one that never ends is a mistake.
pub const MOST_PAGES: usize = 10_000;

/// Two pages that begin with so many rows alike are one.
const ROWS_COMPARED: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// `?offset=200&limit=100`; a page's rows move the offset, and an empty page is the end.
    Offset { offset: String, limit: String, size: u64 },
    /// `?page=3&size=100`, from `first`; an empty page is the end.
    Page { page: String, limit: String, size: u64, first: u64 },
    /// `Link: <…>; rel="next"` (RFC 8288).
    Link,
    /// A value in the answer: the cursor to send as this parameter, or, without one, the next page's own address.
    Cursor { at: String, parameter: Option<String> },
}

/// Where the reading of a list stands.
#[derive(Default)]
pub struct Progress {
    pub pages: u64,
    pub rows: u64,
    cursor: Option<String>,
    /// Digests of the addresses asked for, and of the pages that came.
    seen: HashSet<u64>,
    came: HashSet<u64>,
    digest: RandomState,
}

impl Progress {
    /// Whether no page before this one began with the same rows and had as many.
    fn is_new(&mut self, rows: &[Value]) -> bool {
        let beginning = rows.get(..ROWS_COMPARED).unwrap_or(rows);
        self.came.insert(self.digest.hash_one((rows.len(), beginning)))
    }
}

impl Paging {
    /// The address of the first page.
    pub fn first(&self, base: &Url) -> Url {
        let mut url = base.clone();
        match self {
            Paging::Offset { offset, limit, size } => {
                url.query_pairs_mut().append_pair(offset, "0").append_pair(limit, &size.to_string());
            }
            Paging::Page { page, limit, size, first } => {
                url.query_pairs_mut().append_pair(page, &first.to_string()).append_pair(limit, &size.to_string());
            }
            Paging::Link | Paging::Cursor { .. } => {}
        }
        url
    }

    /// The address of the page after one with these rows; none behind the last.
    pub fn next(
        &self,
        base: &Url,
        answer: &Answer,
        body: &Value,
        rows: &[Value],
        progress: &mut Progress,
    ) -> Result<Option<Url>, &'static str> {
        progress.pages += 1;
        progress.rows += rows.len() as u64;
        if progress.pages >= MOST_PAGES as u64 {
            return Err("a list has more than ten thousand pages");
        }
        let mut url = base.clone();
        match self {
            // A page shorter than asked for is not the end: services cap sizes as they like.
            Paging::Offset { .. } | Paging::Page { .. } if rows.is_empty() => return Ok(None),
            // Asked by number, a service that does not heed it would give the same rows for ever.
            Paging::Offset { .. } | Paging::Page { .. } if !progress.is_new(rows) => {
                return Err("a page of a list came twice: the service does not heed the offset or number of the page");
            }
            Paging::Offset { offset, limit, size } => {
                let from = progress.rows.to_string();
                url.query_pairs_mut().append_pair(offset, &from).append_pair(limit, &size.to_string());
            }
            Paging::Page { page, limit, size, first } => {
                let number = (first + progress.pages).to_string();
                url.query_pairs_mut().append_pair(page, &number).append_pair(limit, &size.to_string());
            }
            Paging::Link => {
                let Some(next) = next_link(answer) else { return Ok(None) };
                url = answer.url.join(&next).map_err(|_| "the link to the next page is no address")?;
            }
            Paging::Cursor { at, parameter } => {
                let Some(cursor) = body.pointer(at).and_then(scalar).filter(|cursor| !cursor.is_empty()) else {
                    return Ok(None);
                };
                if progress.cursor.as_ref() == Some(&cursor) {
                    return Err("the cursor of a list stands still");
                }
                match parameter {
                    Some(parameter) => drop(url.query_pairs_mut().append_pair(parameter, &cursor)),
                    None => url = answer.url.join(&cursor).map_err(|_| "the next page's address is none")?,
                }
                progress.cursor = Some(cursor);
            }
        }
        if url.origin() != base.origin() {
            return Err("the next page is on another host");
        }
        if url == answer.url {
            return Err("a page is followed by itself");
        }
        progress.seen.insert(progress.digest.hash_one(&answer.url));
        if !progress.seen.insert(progress.digest.hash_one(&url)) {
            return Err("a page is followed by one that came before");
        }
        Ok(Some(url))
    }
}

/// The target of the first link whose relation is `next`.
fn next_link(answer: &Answer) -> Option<String> {
    let values = answer.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(links).find_map(|(target, parameters)| is_next(parameters).then(|| target.to_owned()))
}

/// `<target>; parameters, <target>; parameters`: a target may hold commas.
fn links(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let starts = header.split('<').skip(1);
    starts.filter_map(|link| link.split_once('>'))
}

fn is_next(parameters: &str) -> bool {
    let words = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut relations = words.filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
    relations.any(|(_, value)| {
        let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
        value.split_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use serde_json::json;

    fn answer(url: &Url, link: Option<&'static str>) -> Answer {
        let headers = link.into_iter().map(|link| (LINK, link.parse().unwrap())).collect();
        Answer { status: StatusCode::OK, headers, body: Vec::new(), url: url.clone() }
    }

    /// The addresses asked for, of a service that gives these pages.
    fn walked(paging: &Paging, pages: &[(Option<&'static str>, Value, usize)]) -> Result<Vec<String>, &'static str> {
        let base = Url::parse("http://sis.example/list?kind=a").unwrap();
        let mut url = paging.first(&base);
        let (mut asked, mut progress) = (Vec::new(), Progress::default());
        for (link, body, rows) in pages {
            asked.push(url.as_str().trim_start_matches("http://sis.example").to_owned());
            // Each row is told from all others by its number, unless the body says which rows come.
            let first = body.get("from").and_then(Value::as_u64).unwrap_or(progress.rows);
            let rows: Vec<Value> = (first..first + *rows as u64).map(Value::from).collect();
            match paging.next(&base, &answer(&url, *link), body, &rows, &mut progress)? {
                Some(next) => url = next,
                None => return Ok(asked),
            }
        }
        Err("it would go on")
    }

    #[test]
    fn an_offset_moves_by_what_came_until_nothing_comes() {
        let paging = Paging::Offset { offset: "offset".into(), limit: "limit".into(), size: 100 };
        let page = |rows| (None, Value::Null, rows);
        let asked = walked(&paging, &[page(100), page(60), page(0)]).unwrap();
        let expected =
            ["offset=0", "offset=100", "offset=160"].map(|offset| format!("/list?kind=a&{offset}&limit=100"));
        assert_eq!(asked, expected);
    }

    #[test]
    fn pages_are_counted_from_the_first() {
        let paging = Paging::Page { page: "p".into(), limit: "n".into(), size: 5, first: 1 };
        let page = |rows| (None, Value::Null, rows);
        assert_eq!(walked(&paging, &[page(5), page(0)]).unwrap(), ["/list?kind=a&p=1&n=5", "/list?kind=a&p=2&n=5"]);
    }

    #[test]
    fn a_service_that_does_not_heed_the_offset_is_found_out() {
        let offset = Paging::Offset { offset: "offset".into(), limit: "limit".into(), size: 100 };
        let page = Paging::Page { page: "p".into(), limit: "n".into(), size: 100, first: 1 };
        let from = |first: u64| (None, json!({"from": first}), 100);
        for paging in [offset, page] {
            assert!(walked(&paging, &[from(0), from(0), from(0)]).unwrap_err().contains("does not heed"));
            assert!(walked(&paging, &[from(0), from(100), from(0)]).unwrap_err().contains("does not heed"));
            assert_eq!(walked(&paging, &[from(0), from(100), from(200)]).unwrap_err(), "it would go on");
        }
    }

    #[test]
    fn links_are_followed_on_the_same_host_only() {
        let page = |link| (Some(link), Value::Null, 1);
        let next = r#"</list?a=1,2>; rel="prev", </list?b=2,3>; title="x"; rel="last next""#;
        let last = r#"</list?b=1>; rel="prev""#;
        assert_eq!(walked(&Paging::Link, &[page(next), page(last)]).unwrap(), ["/list?kind=a", "/list?b=2,3"]);
        for wrong in
            ["<http://evil.example/>; rel=next", "<https://sis.example/>; rel=next", "</list?kind=a>; rel=next"]
        {
            assert!(walked(&Paging::Link, &[page(wrong)]).unwrap_err() != "it would go on", "{wrong}");
        }
    }

    #[test]
    fn pages_in_a_circle_are_refused() {
        let page = |cursor: &str| (None, json!({"next": cursor}), 1);
        let circle = [page("/list?c=2"), page("/list?c=3"), page("/list?c=2")];
        let followed = Paging::Cursor { at: "/next".into(), parameter: None };
        assert_eq!(walked(&followed, &circle).unwrap_err(), "a page is followed by one that came before");
        let sent = Paging::Cursor { at: "/next".into(), parameter: Some("after".into()) };
        let circle = [page("a"), page("b"), page("a")];
        assert_eq!(walked(&sent, &circle).unwrap_err(), "a page is followed by one that came before");
    }

    #[test]
    fn a_cursor_is_sent_or_followed_and_must_move() {
        let page = |cursor: &str| (None, json!({"next": cursor}), 1);
        let end = (None, json!({"next": null}), 1);
        let sent = Paging::Cursor { at: "/next".into(), parameter: Some("after".into()) };
        let asked = walked(&sent, &[page("a b"), end.clone()]).unwrap();
        assert_eq!(asked, ["/list?kind=a", "/list?kind=a&after=a+b"]);
        assert_eq!(walked(&sent, &[page("a"), page("a")]).unwrap_err(), "the cursor of a list stands still");
        let followed = Paging::Cursor { at: "/next".into(), parameter: None };
        assert_eq!(walked(&followed, &[page("/list?c=2"), end]).unwrap(), ["/list?kind=a", "/list?c=2"]);
    }
}
