//! The requests that one student's record is made from, and the order their needs put them in.

use super::paging::Paging;
use super::pointer::Pointer;
use super::template::Template;

#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub name: String,
    pub path: Template,
    /// Where the rows stand in each answer; none: the answer is taken whole.
    pub rows: Option<String>,
    pub paging: Option<Paging>,
    pub owner: Whose,
    /// Whether "404 not found" means that there is nothing, rather than that something is wrong.
    pub may_be_missing: bool,
}

/// How it is known that an answer is of the student asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Whose {
    /// The configuration does not say.
    Untold,
    /// It says that nothing in the answer shows it.
    Unchecked,
    Of(Owner),
}

/// Whose a row is: the value at `at` must be the id asked for, or the value at `is`.
#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    pub at: String,
    pub is: Option<Pointer>,
}

impl Owner {
    fn needs(&self) -> Option<usize> {
        match self.is.as_ref()?.root {
            super::pointer::Root::Answer(request) => Some(request),
            super::pointer::Root::Row(_) => None,
        }
    }
}

impl Request {
    pub fn needs(&self) -> impl Iterator<Item = usize> + '_ {
        let owner = match &self.owner {
            Whose::Of(owner) => owner.needs(),
            Whose::Untold | Whose::Unchecked => None,
        };
        self.path.needs().chain(owner)
    }
}

/// The requests in groups: those of one need only answers of groups before. The ones that need each other in a circle
/// come back as an error.
pub fn waves(requests: &[Request]) -> Result<Vec<Vec<usize>>, Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    let mut left: Vec<usize> = (0..requests.len()).collect();
    while !left.is_empty() {
        let ready = |index: &usize| {
            requests
                .get(*index)
                .is_some_and(|request| request.needs().all(|need| waves.iter().flatten().any(|done| *done == need)))
        };
        let (now, later): (Vec<_>, Vec<_>) = left.iter().copied().partition(ready);
        if now.is_empty() {
            return Err(later);
        }
        waves.push(now);
        left = later;
    }
    Ok(waves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(paths: &[&str]) -> Vec<Request> {
        let names = ["a", "b", "c"];
        let request = |(index, path): (usize, &&str)| Request {
            name: names[index].to_owned(),
            path: Template::read(path, &names).unwrap(),
            rows: None,
            paging: None,
            owner: Whose::Untold,
            may_be_missing: false,
        };
        paths.iter().enumerate().map(request).collect()
    }

    #[test]
    fn needs_put_requests_in_order() {
        assert_eq!(waves(&requests(&["/x/{b#/id}", "/y/{id}", "/z"])), Ok(vec![vec![1, 2], vec![0]]));
        assert_eq!(waves(&requests(&["/x/{c#/id}", "/y/{id}", "/z/{a#/id}"])), Err(vec![0, 2]));
    }
}
