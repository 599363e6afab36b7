//! The campus catalogue: courses, and the majors that are made of them.

use super::{broken, text};
use crate::domain::{Course, Credits, Error};

const COURSES: &str = include_str!("../../../assets/campus/courses.txt");

/// Which part of the university gives a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    Undergraduate,
    Graduate,
    Law,
    Medicine,
}

/// One course of the catalogue.
pub struct Listing {
    pub division: Division,
    pub course: Course,
    pub subject: &'static str,
    pub number: u16,
    pub credits: Credits,
    /// The credits in tenths, for the campus's own sums.
    pub tenths: u32,
}

/// An undergraduate major.
pub struct Major {
    pub subject: &'static str,
    pub name: &'static str,
    pub degree: &'static str,
    pub college: &'static str,
}

const SCIENCE: &str = "College of Natural Sciences";
const LETTERS: &str = "College of Letters and Social Sciences";

const fn major(subject: &'static str, name: &'static str, degree: &'static str, college: &'static str) -> Major {
    Major { subject, name, degree, college }
}

pub const MAJORS: &[Major] = &[
    major("CSCI", "Computer Science", "Bachelor of Science", SCIENCE),
    major("BIOL", "Biology", "Bachelor of Science", SCIENCE),
    major("CHEM", "Chemistry", "Bachelor of Science", SCIENCE),
    major("MATH", "Mathematics", "Bachelor of Science", SCIENCE),
    major("ECON", "Economics", "Bachelor of Arts", LETTERS),
    major("ENGL", "English", "Bachelor of Arts", LETTERS),
    major("HIST", "History", "Bachelor of Arts", LETTERS),
    major("PSYC", "Psychology", "Bachelor of Arts", LETTERS),
];

/// Every course, in the order of the catalogue.
pub struct Catalogue {
    pub listings: Vec<Listing>,
}

impl Catalogue {
    pub fn read() -> Result<Catalogue, Error> {
        let listings = COURSES.lines().map(|line| listing(line).ok_or_else(|| broken("courses.txt"))?);
        Ok(Catalogue { listings: listings.collect::<Result<_, Error>>()? })
    }

    /// The position of a course, by subject and number.
    pub fn find(&self, subject: &str, number: u16) -> Result<usize, Error> {
        let found = self.listings.iter().position(|l| l.subject == subject && l.number == number);
        found.ok_or_else(|| broken("a course is not in the catalogue"))
    }

    /// Positions of a division's courses that pass a test, in order.
    pub fn of(&self, division: Division, test: impl Fn(&Listing) -> bool) -> Vec<usize> {
        let all = self.listings.iter().enumerate();
        all.filter(|(_, l)| l.division == division && test(l)).map(|(position, _)| position).collect()
    }
}

/// A line such as `U MATH 140 4 Calculus I`.
fn listing(line: &'static str) -> Option<Result<Listing, Error>> {
    let mut words = line.splitn(5, ' ');
    let division = match words.next()? {
        "U" => Division::Undergraduate,
        "G" => Division::Graduate,
        "L" => Division::Law,
        "M" => Division::Medicine,
        _ => return None,
    };
    let (subject, number, credits, title) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let decimal: crate::domain::Decimal = credits.parse().ok()?;
    let tenths = u32::try_from(decimal.micro() / 100_000).ok()?;
    let credits = Credits::new(decimal.with_places(1))?;
    let course = || -> Result<Course, Error> {
        Ok(Course { subject: Some(text(subject)?), number: Some(text(number)?), title: Some(text(title)?) })
    };
    let number = number.parse().ok()?;
    Some(course().map(|course| Listing { division, course, subject, number, credits, tenths }))
}
