//! One query of the institution's, with the place of `:student_ids` known, and its text for each driver.

use super::lexer::{Dialect, Fault, Token, TokenKind, tokens};
use std::fmt::Write;

/// The one parameter.
pub const PARAMETER: &str = ":student_ids";

/// A longer one is no query that a person wrote.
const LONGEST: usize = 100_000;

/// A query of one entity, or the one that lists all students, which has no parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    before: String,
    /// What follows `IN (:student_ids)`; absent where the query has no parameter.
    after: Option<String>,
}

/// How a driver of Python's writes parameters: `paramstyle` of DB-API 2 (PEP 249).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterStyle {
    Qmark,
    Numeric,
    Named,
    Format,
    Pyformat,
}

impl ParameterStyle {
    pub fn from_word(word: &str) -> Option<ParameterStyle> {
        Some(match word {
            "qmark" => ParameterStyle::Qmark,
            "numeric" => ParameterStyle::Numeric,
            "named" => ParameterStyle::Named,
            "format" => ParameterStyle::Format,
            "pyformat" => ParameterStyle::Pyformat,
            _ => return None,
        })
    }
}

impl Statement {
    /// Reads a query that asks for the rows of `:student_ids`, everything wrong with it at once.
    pub fn of_students(sql: &str, dialect: Dialect) -> Result<Statement, Vec<Fault>> {
        let (sql, tokens) = whole(sql, dialect)?;
        let mut faults = common_faults(&tokens);
        let ours: Vec<usize> = (0..tokens.len()).filter(|at| is_ours(&tokens[*at])).collect();
        let [at] = ours[..] else {
            faults.push(("student-ids", "must hold :student_ids exactly once"));
            return Err(faults);
        };
        match clause(&tokens, at) {
            Some((start, end)) if faults.is_empty() => {
                let before = sql.get(..start).unwrap_or_default().to_owned();
                Ok(Statement { before, after: Some(sql.get(end..).unwrap_or_default().to_owned()) })
            }
            Some(_) => Err(faults),
            None => {
                faults.push(("student-ids", "must hold :student_ids as IN (:student_ids) or = ANY(:student_ids)"));
                Err(faults)
            }
        }
    }

    /// Reads a query without parameters.
    pub fn of_all(sql: &str, dialect: Dialect) -> Result<Statement, Vec<Fault>> {
        let (sql, tokens) = whole(sql, dialect)?;
        let mut faults = common_faults(&tokens);
        if tokens.iter().any(is_ours) {
            faults.push(("student-ids", "lists all students and takes no parameter"));
        }
        let statement = Statement { before: sql.to_owned(), after: None };
        if faults.is_empty() { Ok(statement) } else { Err(faults) }
    }

    /// Reads a query of a caller's that says who is meant: as `of_all`, and it neither writes nor locks.
    pub fn of_selection(sql: &str, dialect: Dialect) -> Result<Statement, Vec<Fault>> {
        let read = Statement::of_all(sql, dialect);
        let (_, tokens) = whole(sql, dialect)?;
        let mut faults = Vec::new();
        if tokens.iter().any(|token| token.is("into")) {
            faults.push(("writes", "holds INTO, which writes"));
        }
        let locking = |pair: &[Token<'_>]| match pair {
            [first, second] if first.is("for") => ["update", "share", "no", "key"].iter().any(|word| second.is(word)),
            [first, second] => first.is("lock") && second.is("in"),
            _ => false,
        };
        if tokens.windows(2).any(locking) {
            faults.push(("locks", "locks the rows that it reads"));
        }
        match read {
            Ok(statement) if faults.is_empty() => Ok(statement),
            Ok(_) => Err(faults),
            Err(others) => Err(others.into_iter().chain(faults).collect()),
        }
    }

    /// A query without parameters as it stands.
    pub fn plain(&self) -> &str {
        &self.before
    }

    /// With the ids as one JSON array: `IN (SELECT value FROM json_each(?1))`.
    pub fn sqlite(&self) -> String {
        self.with("IN (SELECT value FROM json_each(?1))")
    }

    /// With the ids as one array: `= ANY($1)`.
    pub fn postgres(&self) -> String {
        self.with("= ANY($1)")
    }

    /// With so many ids, each a `?`.
    pub fn mysql(&self, ids: usize) -> String {
        self.with(&listed(ids, |list, _| list.push('?')))
    }

    /// With so many ids in a style of DB-API's.
    pub fn styled(&self, style: ParameterStyle, ids: usize) -> String {
        let list = listed(ids, |list, at| {
            // Writing to a String does not fail.
            let _ = match style {
                ParameterStyle::Qmark => list.write_char('?'),
                ParameterStyle::Numeric => write!(list, ":{at}"),
                ParameterStyle::Named => write!(list, ":student_{at}"),
                ParameterStyle::Format => list.write_str("%s"),
                ParameterStyle::Pyformat => write!(list, "%(student_{at})s"),
            };
        });
        // With these two, drivers read every percent sign as a parameter's, even inside a text.
        let doubled = matches!(style, ParameterStyle::Format | ParameterStyle::Pyformat) && self.after.is_some();
        let text = |sql: &str| if doubled { sql.replace('%', "%%") } else { sql.to_owned() };
        let Some(after) = &self.after else { return text(&self.before) };
        format!("{}{list}{}", text(&self.before), text(after))
    }

    fn with(&self, clause: &str) -> String {
        match &self.after {
            Some(after) => format!("{}{clause}{after}", self.before),
            None => self.before.clone(),
        }
    }
}

fn listed(ids: usize, write: impl Fn(&mut String, usize)) -> String {
    let mut list = String::from("IN (");
    for at in 1..=ids {
        if at > 1 {
            list.push_str(", ");
        }
        write(&mut list, at);
    }
    list.push(')');
    list
}

/// The text without what ends it, and its tokens.
fn whole(sql: &str, dialect: Dialect) -> Result<(&str, Vec<Token<'_>>), Vec<Fault>> {
    if sql.len() > LONGEST {
        return Err(vec![("too-long", "is longer than 100,000 bytes")]);
    }
    if sql.contains('\0') {
        return Err(vec![("not-a-query", "holds a NUL character")]);
    }
    let mut tokens = tokens(sql, dialect).map_err(|fault| vec![fault])?;
    // Cut behind the last token: a comment at the end could swallow what a driver adds.
    while tokens.last().is_some_and(|last| last.is(";")) {
        tokens.pop();
    }
    let end = tokens.last().map_or(0, Token::end);
    Ok((sql.get(..end).unwrap_or_default(), tokens))
}

fn is_ours(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Parameter && token.text == PARAMETER
}

fn common_faults(tokens: &[Token<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !tokens.first().is_some_and(|first| first.is("select") || first.is("with")) {
        faults.push(("not-a-query", "must begin with SELECT or WITH"));
    }
    if tokens.iter().any(|token| token.is(";")) {
        faults.push(("several-statements", "is more than one statement"));
    }
    let foreign = |token: &Token<'_>| match token.kind {
        TokenKind::Placeholder => true,
        TokenKind::Parameter => token.text != PARAMETER,
        _ => false,
    };
    if tokens.iter().any(foreign) {
        faults.push(("foreign-parameter", "has a parameter other than :student_ids"));
    }
    faults
}

/// From where to where `IN (:student_ids)` or `= ANY(:student_ids)` stands around the parameter.
fn clause(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize)> {
    let close = tokens.get(at + 1).filter(|token| token.is(")"))?;
    let before = |steps: usize| at.checked_sub(steps).and_then(|index| tokens.get(index));
    before(1).filter(|token| token.is("("))?;
    let word = before(2)?;
    if word.is("in") {
        let negated = before(3).is_some_and(|token| token.is("not"));
        return (!negated).then_some((word.start, close.end()));
    }
    let equals = before(3).filter(|token| word.is("any") && token.is("="))?;
    // `<=`, `>=` and `!=` are two symbols here.
    let compound = before(4).is_some_and(|token| token.end() == equals.start && "<>!=:".contains(token.text));
    (!compound).then_some((equals.start, close.end()))
}
