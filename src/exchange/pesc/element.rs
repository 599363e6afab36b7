//! One element of the document: its children by name, and their contents as domain values or problems.

use super::tree::{Node, Tree};
use crate::domain::{Credits, Date, Decimal, Grade, NotADecimal, NotText, Text, YearMonth};
use std::fmt;

#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    tree: &'a Tree,
    index: usize,
}

impl<'a> Element<'a> {
    /// Every element of the document with this local name.
    pub fn named(tree: &'a Tree, name: &str) -> Vec<Element<'a>> {
        let all = (0..tree.nodes.len()).map(|index| Element { tree, index });
        all.filter(|element| element.is(name)).collect()
    }

    fn node(self) -> &'a Node {
        &self.tree.nodes[self.index]
    }

    /// Names are compared without case: releases of the standard differ in it (`GeoCode`, `GEOCode`).
    pub fn is(self, name: &str) -> bool {
        self.node().name.eq_ignore_ascii_case(name)
    }

    pub fn name(self) -> &'a str {
        &self.node().name
    }

    pub fn content(self) -> &'a str {
        self.node().text.trim()
    }

    pub fn every_child(self) -> impl Iterator<Item = Element<'a>> {
        let tree = self.tree;
        self.node().children.iter().map(move |&index| Element { tree, index })
    }

    pub fn children(self, name: &'static str) -> impl Iterator<Item = Element<'a>> {
        self.every_child().filter(move |child| child.is(name))
    }

    pub fn child(self, name: &'static str) -> Option<Element<'a>> {
        self.children(name).next()
    }

    /// Which of its parent's children of this name it is, counting from one; `None` when it is the only one. Stops at
    /// the first that settles it.
    fn ordinal(self, parent: Element<'_>) -> Option<usize> {
        let mut before = 0;
        let mut reached = false;
        for sibling in parent.every_child().filter(|sibling| sibling.is(self.name())) {
            match (sibling.index == self.index, reached) {
                (true, _) if before > 0 => return Some(before + 1),
                (true, _) => reached = true,
                (false, true) => return Some(1),
                (false, false) => before += 1,
            }
        }
        None
    }

    /// Reports a problem here; what it gives back stands for the value that is missing.
    pub fn refuse<T>(self, code: &'static str, message: impl Into<String>) -> Option<T> {
        self.tree.report.add(code, self, message);
        None
    }

    /// Reports that a child which a transcript cannot do without is not there.
    pub fn lacks<T>(self, name: &str) -> Option<T> {
        self.tree.report.add("missing-element", format_args!("{self}/{name}"), "is required");
        None
    }

    /// The first child of this name that is not empty.
    pub fn filled(self, name: &'static str) -> Option<Element<'a>> {
        self.children(name).find(|child| !child.content().is_empty())
    }

    pub fn value(self, name: &'static str) -> Option<&'a str> {
        self.filled(name).map(Element::content)
    }

    pub fn text(self, name: &'static str) -> Option<Text> {
        self.filled(name)?.as_text()
    }

    /// Every child of this name, empty ones left out.
    pub fn texts(self, name: &'static str) -> Vec<Text> {
        self.children(name).filter(|child| !child.content().is_empty()).filter_map(Element::as_text).collect()
    }

    pub fn as_text(self) -> Option<Text> {
        Text::new(self.content()).map_or_else(|why| self.refuse("bad-text", why.to_string()), Some)
    }

    pub fn grade(self, name: &'static str) -> Option<Grade> {
        let element = self.filled(name)?;
        let read = Grade::new(element.content());
        read.map_or_else(
            |why| match why {
                NotText::TooLong => element.refuse("bad-grade", "is longer than 16 characters"),
                _ => element.refuse("bad-grade", why.to_string()),
            },
            Some,
        )
    }

    pub fn decimal(self, name: &'static str) -> Option<Decimal> {
        let element = self.filled(name)?;
        let read = element.content().parse();
        read.map_or_else(|why: NotADecimal| element.refuse("bad-decimal", why.to_string()), Some)
    }

    pub fn credits(self, name: &'static str) -> Option<Credits> {
        let element = self.filled(name)?;
        let read = Credits::new(self.decimal(name)?);
        read.or_else(|| element.refuse("bad-credits", "is negative or larger than 999999"))
    }

    pub fn date(self, name: &'static str) -> Option<Date> {
        let element = self.filled(name)?;
        let day = without_zone(element.content(), 10).and_then(|day| day.parse().ok());
        day.or_else(|| element.refuse("bad-date", "is not a calendar date written YYYY-MM-DD"))
    }

    /// A year and month; the day of a full date is left out.
    pub fn year_month(self, name: &'static str) -> Option<YearMonth> {
        let element = self.filled(name)?;
        let month = without_zone(element.content(), 7).and_then(|month| month.parse().ok());
        let day = without_zone(element.content(), 10).and_then(|day| day.parse().ok()).map(Date::year_month);
        month.or(day).or_else(|| element.refuse("bad-date", "is not a month written YYYY-MM"))
    }
}

/// Shown as its place: the path from the transcript, counting from one among elements of a name, as XPath does.
impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.node().parent.filter(|_| !self.is("CollegeTranscript")) else {
            return f.write_str(self.name());
        };
        let parent = Element { tree: self.tree, index: parent };
        write!(f, "{parent}/{}", self.name())?;
        self.ordinal(parent).map_or(Ok(()), |ordinal| write!(f, "[{ordinal}]"))
    }
}

/// The first `length` characters of an XML Schema date, when only a time or a time zone follows.
pub(super) fn without_zone(text: &str, length: usize) -> Option<&str> {
    let (date, rest) = text.split_at_checked(length)?;
    let zoned = rest.is_empty()
        || rest == "Z"
        || rest.starts_with('T')
        || (rest.len() == 6 && rest.starts_with(['+', '-']) && rest.as_bytes()[3] == b':');
    zoned.then_some(date)
}
