//! An institution's own schema: what a query may be, what a configuration may say, and the campus read through both.

#[path = "own_schema/campus.rs"]
mod campus;
#[path = "own_schema/configuration.rs"]
mod configuration;
#[path = "own_schema/rows.rs"]
mod rows;
#[path = "own_schema/statements.rs"]
mod statements;

use registrary::domain::{Error, Problem};

/// The problems of a refused configuration.
fn refused<T>(result: Result<T, Error>) -> Vec<Problem> {
    match result {
        Err(Error::SourceConfiguration(problems)) => problems,
        Err(other) => panic!("another error: {other:?}"),
        Ok(_) => panic!("it was accepted"),
    }
}

/// Codes and places of problems.
fn told(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect()
}
