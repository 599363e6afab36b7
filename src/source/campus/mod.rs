//! The sample campus: an invented university and its students, the same everywhere and always.
//!
//! Students are numbered from 101. Every record is marked as a sample. Up to 145 each shows something in
//! particular; all further ones are drawn by dice of their own.
//!
//! | id | shows |
//! |---|---|
//! | 101 | a finished bachelor's degree: honours, thesis, dean's list, transfer credit |
//! | 102 | a bachelor's degree with repeats and a withdrawal, a master's degree going on |
//! | 103 | a Vietnamese name, chosen and former names, a term abroad |
//! | 104 | incomplete, not reported and continuing grades; a term in progress |
//! | 105 | a term wholly withdrawn from, then readmitted |
//! | 106 | audits, pass and no pass |
//! | 107 | one course taken three times (E, E, I); probation |
//! | 108, 109 | balances without courses: of this institution; of it and of another |
//! | 110 | quarter units |
//! | 111 | two levels at once (accelerated master's) |
//! | 112, 145 | a hold that keeps the transcript back (112: BURSAR; 145: CONDUCT, and one that does not) |
//! | 113 | a hold that does not (LIBRARY) |
//! | 114 | credit by examination, military service and prior learning |
//! | 115, 116, 117 | law (scale to 4.33) with a degree; medicine (pass or fail) with a degree; law and business at once |
//! | 118 | a doctorate with its dissertation |
//! | 119 | admitted, no term yet |
//! | 120 | attempts, but no GPA hours: no GPA |
//! | 121, 122 | one name only; prefix and suffix |
//! | 123 | a long record: two majors, two minors, over sixty courses |
//! | 124–131 | names with Vietnamese, Yoruba, Hawaiian, Polish, Turkish and Icelandic letters, in Greek, in Cyrillic |
//! | 132–138 | romanised names beside Arabic, Hebrew, Devanagari, Thai, Chinese, Japanese and Korean ones |
//! | 139 | two former names and a chosen one |
//! | 140, 141 | a birth date without its year; none |
//! | 142 | credits of 0, 0.5 and 1.5 |
//! | 143 | summa cum laude, thesis, two awards |
//! | 144 | a degree not conferred yet |

mod calendar;
mod catalogue;
mod draft;
mod grading;
mod graduate;
mod oddities;
mod people;
mod prng;
mod professional;
mod script;
mod showpieces;
mod undergraduate;

use super::sqlite;
use super::unavailable;
use crate::domain::{Error, Institution, StudentRecord, Text};
use calendar::{CURRENT, Session};
use catalogue::Catalogue;
use draft::Draft;
use people::People;
use prng::Prng;
use rusqlite::Connection;
use std::path::Path;
use std::sync::OnceLock;

/// The number of the first student.
const FIRST: u64 = 101;
/// The least number of students a campus has.
pub const LEAST: usize = 300;
/// How many the built-in campus has.
pub const BUILT_IN: usize = 320;

/// The invented university that issues the sample transcripts.
pub fn institution() -> Institution {
    let line = |raw: &str| Text::new(raw).expect("a constant of ours is a text");
    Institution {
        name: line("Larkspur State University"),
        address: vec![
            line("Office of the Registrar"),
            line("1 Delphinium Way"),
            line("Larkspur Basin, State of Meridian 00000"),
        ],
        phone: Some(line("555-0142")),
        email: Some(line("registrar@larkspur.example.edu")),
        website: Some(line("https://larkspur.example.edu")),
        codes: Vec::new(),
        accreditation: Some(line("An invented institution: its transcripts are samples")),
        registrar_name: Some(line("Philippa Quince")),
        registrar_title: Some(line("University Registrar")),
    }
}

/// The campus's own policy, in the form that `gpa::Policy::from_toml` reads.
pub fn policy_toml() -> &'static str {
    include_str!("../../../assets/campus/policy.toml")
}

/// The records of the first `students` students, in order.
pub fn records(students: usize) -> Result<impl Iterator<Item = Result<StudentRecord, Error>>, Error> {
    let (catalogue, people) = (Catalogue::read()?, People::read()?);
    let numbers = (FIRST..).take(students);
    Ok(numbers.map(move |number| student(&catalogue, &people, number)))
}

/// Writes a new SQLite database of the published schema with so many students (300 or more).
pub fn build(path: impl AsRef<Path>, students: usize) -> Result<(), Error> {
    if students < LEAST {
        return Err(Error::configuration(format!("the sample campus has {LEAST} students or more")));
    }
    let path = path.as_ref();
    // Created here, so that nothing that is there already is touched.
    std::fs::File::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => unavailable(format!("{} is there already", path.display())),
        _ => unavailable(format!("{} cannot be created", path.display())),
    })?;
    let written = std::path::absolute(path)
        .map_err(|_| unavailable("the path of the database is empty"))
        .and_then(|absolute| Connection::open(absolute).map_err(sqlite::failure))
        .and_then(|connection| fill(&connection, students));
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// The built-in campus as the bytes of an SQLite database; built once in the life of the process.
pub(super) fn image() -> Result<&'static [u8], Error> {
    static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(image) = IMAGE.get() {
        return Ok(image);
    }
    let mut connection = Connection::open_in_memory().map_err(sqlite::failure)?;
    fill(&connection, BUILT_IN)?;
    let image = connection.serialize("main").map_err(sqlite::failure)?.to_vec();
    // Built before it is set: a fork in the meantime finds the cell empty, never locked.
    Ok(IMAGE.get_or_init(|| image))
}

/// One transaction; nobody else sees the database before it is whole.
fn fill(connection: &Connection, students: usize) -> Result<(), Error> {
    // A half-written file is removed, so the disk need not be waited for before the end.
    connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;").map_err(sqlite::failure)?;
    connection.set_prepared_statement_cache_capacity(32);
    let transaction = connection.unchecked_transaction().map_err(sqlite::failure)?;
    transaction.execute_batch(sqlite::SCHEMA).map_err(sqlite::failure)?;
    for record in records(students)? {
        sqlite::write(&transaction, &record?)?;
    }
    transaction.commit().map_err(sqlite::failure)
}

fn student(catalogue: &Catalogue, people: &People, number: u64) -> Result<StudentRecord, Error> {
    match number {
        101 => showpieces::finished_bachelor(catalogue),
        102 => showpieces::bachelor_and_master(catalogue),
        103 => showpieces::abroad(catalogue),
        _ => match oddities::student(catalogue, people, number)? {
            Some(record) => Ok(record),
            None => ordinary(catalogue, people, number),
        },
    }
}

/// A student drawn by dice: seven of ten undergraduates, the others in graduate study, law or medicine.
fn ordinary(catalogue: &Catalogue, people: &People, number: u64) -> Result<StudentRecord, Error> {
    let mut dice = Prng::of_student(number);
    let names = people.names(&mut dice)?;
    let division = dice.below(100);
    let year = 2015 + dice.below(12) as u16;
    let age = if division < 70 { dice.between(17, 19) } else { dice.between(22, 31) } as u16;
    let birth = people.birth(year, age, &mut dice);
    let spring = division < 84 && year < CURRENT.year && dice.chance(120);
    let entry = if spring { Session::spring(year + 1) } else { Session::fall(year) };
    let mut draft = Draft::new(catalogue, dice, &number.to_string(), names, birth)?;
    match division {
        0..70 => bachelor(&mut draft, entry)?,
        70..84 => master(&mut draft, entry)?,
        84..92 => {
            let ability = draft.dice.between(55, 95);
            professional::law(&mut draft, entry, ability)?;
        }
        _ => professional::medicine(&mut draft, entry)?,
    }
    Ok(draft.record)
}

/// A bachelor's career; one graduate in ten stays for a master's degree.
fn bachelor(draft: &mut Draft<'_>, entry: Session) -> Result<(), Error> {
    let study = undergraduate::draw(draft, entry)?;
    undergraduate::career(draft, &study)?;
    let conferred = draft.record.awards.last().and_then(|award| award.conferred);
    let Some(day) = conferred.filter(|_| draft.dice.chance(100)) else { return Ok(()) };
    let stays = Session::fall(if day.month() == 12 { day.year() + 1 } else { day.year() });
    if stays <= CURRENT { master(draft, stays) } else { Ok(()) }
}

fn master(draft: &mut Draft<'_>, entry: Session) -> Result<(), Error> {
    let field = *draft.dice.pick(&[0, 1, 2, 3, 4]).unwrap_or(&0);
    let field = graduate::FIELDS.get(field).ok_or_else(|| broken("a field"))?;
    let ability = draft.dice.between(78, 98);
    graduate::career(draft, field, entry, ability)
}

fn text(raw: &str) -> Result<Text, Error> {
    Text::new(raw).map_err(|_| broken("a text"))
}

/// Something of the campus's own is wrong; the tests build it all, so no release has this.
fn broken(what: &str) -> Error {
    Error::Internal { message: format!("the sample campus is broken: {what}") }
}
