//! Students 101, 102 and 103, whom a newcomer meets first.

use super::calendar::Session;
use super::catalogue::{Catalogue, MAJORS, Major};
use super::draft::Draft;
use super::people::{person, plain_name};
use super::prng::Prng;
use super::script::{Line, Origin, accepted, term, terms};
use super::undergraduate::{self, BARS, Study};
use super::{broken, graduate, text};
use crate::domain::{BirthDate, Date, Error, NameParts, Names, Program, ProgramKind, StudentRecord, TransferKind};

pub fn major(subject: &str) -> Result<&'static Major, Error> {
    MAJORS.iter().find(|major| major.subject == subject).ok_or_else(|| broken("a major"))
}

pub fn names(given: &str, middle: Option<&str>, family: &str) -> Result<Names, Error> {
    let parts = NameParts {
        given: Some(text(given)?),
        middle: middle.map(text).transpose()?,
        family: Some(text(family)?),
        ..NameParts::default()
    };
    Ok(Names { legal: person(parts)?, chosen: None, former: Vec::new(), native: None })
}

fn born(year: u16, month: u8, day: u8) -> Option<BirthDate> {
    Date::new(year, month, day).map(BirthDate::Full)
}

/// 101: a finished bachelor's degree with honours, dean's list and transfer credit.
pub fn finished_bachelor(catalogue: &Catalogue) -> Result<StudentRecord, Error> {
    let names = names("Maya", Some("Eleanor"), "Castellanos")?;
    let mut draft = Draft::new(catalogue, Prng::of_student(101), "101", names, born(2002, 3, 14))?;
    let entry = Session::fall(2020);
    let study = Study { major: major("BIOL")?, entry, ability: 90, goal: 1200, minor: Some("Chemistry"), steady: true };
    draft.begin_level("undergraduate")?;
    undergraduate::enrol(&mut draft, &study)?;
    let summer = Origin {
        kind: TransferKind::Institution,
        from: "Marlow Valley Community College",
        session: Session::summer(2020),
        note: Some("Dual enrollment while in high school"),
    };
    let before = [
        ("ENG", "111", "English Composition", "3.0", "TR"),
        ("SOC", "101", "Principles of Sociology", "3.0", "TR"),
        ("ART", "120", "Color and Design", "3.0", "TR"),
    ];
    accepted(&mut draft, &summer, &before)?;
    let last = terms(&mut draft, entry, study.major.college, &BARS, BIOLOGY)?;
    debug_assert_eq!(last, Session::fall(2024));
    undergraduate::graduate(&mut draft, &study, Session::spring(2024))?;
    if let Some(award) = draft.record.awards.last_mut() {
        award.honors.push(text("Departmental Honors in Biology")?);
        award.thesis_title = Some(text("Pollinator Visits to Delphinium along an Altitude Gradient")?);
    }
    Ok(draft.record)
}

const BIOLOGY: &[&[Line]] = &[
    &[("BIOL", 110, "A"), ("CHEM", 120, "A-"), ("MATH", 140, "B+"), ("ENGL", 102, "A"), ("UNIV", 100, "P")],
    &[("BIOL", 111, "A"), ("CHEM", 121, "A-"), ("MATH", 141, "B"), ("HIST", 101, "A"), ("MUSC", 131, "A")],
    &[("BIOL", 205, "A"), ("CHEM", 210, "B+"), ("PHYS", 150, "A-"), ("SPAN", 101, "A"), ("MUSC", 132, "A")],
    &[("BIOL", 220, "A"), ("CHEM", 211, "B+"), ("PHYS", 151, "A"), ("SPAN", 102, "A"), ("KINS", 108, "P")],
    &[("BIOL", 310, "A"), ("BIOL", 240, "A-"), ("STAT", 130, "A"), ("PHIL", 215, "A"), ("KINS", 112, "A")],
    &[("BIOL", 330, "A"), ("BIOL", 241, "A"), ("STAT", 230, "A-"), ("GEOG", 235, "A")],
    &[("BIOL", 350, "A"), ("BIOL", 440, "A"), ("CHEM", 405, "A-"), ("ENVS", 100, "A"), ("COMM", 110, "A")],
    &[("BIOL", 415, "A"), ("BIOL", 490, "A"), ("CHEM", 300, "B+"), ("ANTH", 120, "A"), ("POLS", 101, "A-")],
];

/// 102: a bachelor's degree with repeats and a withdrawal, and a master's degree going on.
pub fn bachelor_and_master(catalogue: &Catalogue) -> Result<StudentRecord, Error> {
    let names = names("Jordan", Some("Chidi"), "Whitfield")?;
    let mut draft = Draft::new(catalogue, Prng::of_student(102), "102", names, born(2001, 9, 30))?;
    let entry = Session::fall(2019);
    let study =
        Study { major: major("CSCI")?, entry, ability: 70, goal: 1200, minor: Some("Mathematics"), steady: true };
    draft.begin_level("undergraduate")?;
    undergraduate::enrol(&mut draft, &study)?;
    let last = terms(&mut draft, entry, study.major.college, &BARS, COMPUTING)?;
    term(&mut draft, Session::summer(2023), study.major.college, &BARS, &[("CSCI", 498, "A"), ("ECON", 102, "B")])?;
    debug_assert_eq!(last, Session::fall(2023));
    undergraduate::graduate(&mut draft, &study, Session::summer(2023))?;
    let field = graduate::FIELDS.first().ok_or_else(|| broken("a field"))?;
    draft.begin_level("graduate")?;
    let entry = Session::fall(2025);
    graduate::enrol(&mut draft, field, entry)?;
    terms(&mut draft, entry, "Graduate School", &graduate::BARS, MASTERS)?;
    Ok(draft.record)
}

const COMPUTING: &[&[Line]] = &[
    &[("CSCI", 120, "B-"), ("MATH", 140, "D+"), ("ENGL", 101, "B"), ("HIST", 151, "C+"), ("UNIV", 100, "P")],
    &[("CSCI", 121, "C+"), ("MATH", 140, "B"), ("ENGL", 102, "B+"), ("PSYC", 101, "B"), ("ARTS", 105, "A-")],
    &[("CSCI", 210, "F"), ("MATH", 141, "C"), ("CSCI", 230, "B-"), ("PHIL", 240, "A-"), ("KINS", 112, "A")],
    &[("CSCI", 210, "B+"), ("MATH", 205, "B"), ("PHYS", 150, "W"), ("COMM", 110, "A-"), ("ECON", 101, "B")],
    &[("CSCI", 260, "A-"), ("CSCI", 310, "B"), ("MATH", 250, "B+"), ("PHYS", 150, "B"), ("MUSC", 100, "P")],
    &[("CSCI", 330, "B+"), ("CSCI", 340, "A"), ("MATH", 240, "B-"), ("PHYS", 151, "B"), ("ARTS", 160, "A-")],
    &[("CSCI", 360, "A-"), ("CSCI", 420, "A"), ("STAT", 130, "A"), ("SOCI", 101, "A"), ("GEOG", 120, "A-")],
    &[("CSCI", 445, "A"), ("MATH", 320, "B+"), ("STAT", 230, "A-"), ("ENVS", 100, "A"), ("POLS", 220, "B+")],
];

const MASTERS: &[&[Line]] = &[
    &[("CSCI", 510, "A-"), ("CSCI", 530, "A"), ("CSCI", 545, "B+")],
    &[("CSCI", 560, "A"), ("CSCI", 575, "A-"), ("CSCI", 590, "A")],
    &[("CSCI", 610, ""), ("CSCI", 620, ""), ("CSCI", 699, "")],
];

/// 103: a Vietnamese name with a chosen and a former one, and a term abroad; in the final year.
pub fn abroad(catalogue: &Catalogue) -> Result<StudentRecord, Error> {
    let mut draft = Draft::new(catalogue, Prng::of_student(103), "103", vietnamese_names()?, born(2005, 11, 20))?;
    let entry = Session::fall(2023);
    let study = Study { major: major("ECON")?, entry, ability: 82, goal: 1200, minor: Some("History"), steady: true };
    draft.begin_level("undergraduate")?;
    undergraduate::enrol(&mut draft, &study)?;
    let (level, notes) = (Some(draft.level.clone()), Vec::new());
    let name = text("Development Economics")?;
    let concentration = Program { kind: ProgramKind::Concentration, name, level, degree: None, admitted: None, notes };
    draft.record.programs.insert(2, concentration);
    let resumed = terms(&mut draft, entry, study.major.college, &BARS, ECONOMICS_BEFORE)?;
    let stay = Origin {
        kind: TransferKind::Institution,
        from: "Université de Valmarais, France",
        session: resumed,
        note: Some("Study abroad; 30 ECTS accepted as 15 semester credits"),
    };
    accepted(&mut draft, &stay, FRANCE)?;
    terms(&mut draft, resumed.next_regular(), study.major.college, &BARS, ECONOMICS_AFTER)?;
    Ok(draft.record)
}

fn vietnamese_names() -> Result<Names, Error> {
    let parts = NameParts {
        given: Some(text("Châu")?),
        middle: Some(text("Thị Minh")?),
        family: Some(text("Nguyễn")?),
        full: Some(text("Nguyễn Thị Minh Châu")?),
        ..NameParts::default()
    };
    let former = NameParts {
        given: Some(text("Châu")?),
        middle: Some(text("Thị")?),
        family: Some(text("Trương")?),
        full: Some(text("Trương Thị Châu")?),
        ..NameParts::default()
    };
    let (legal, chosen) = (person(parts)?, Some(plain_name("Minh", "Nguyễn")?));
    Ok(Names { legal, chosen, former: vec![person(former)?], native: None })
}

const ECONOMICS_BEFORE: &[&[Line]] = &[
    &[("ECON", 101, "A-"), ("MATH", 140, "B+"), ("ENGL", 101, "A"), ("FREN", 101, "A"), ("UNIV", 100, "P")],
    &[("ECON", 102, "A"), ("MATH", 141, "B"), ("ENGL", 102, "A-"), ("FREN", 102, "A"), ("KINS", 108, "P")],
    &[("ECON", 210, "A"), ("ECON", 301, "B+"), ("HIST", 102, "A"), ("PHIL", 110, "A-"), ("GEOG", 120, "A")],
];

const FRANCE: &[super::script::ForeignLine] = &[
    ("FRA", "L2-14", "Langue française et société", "3.0", "TR"),
    ("ECO", "L3-02", "Économie du développement", "3.0", "TR"),
    ("ECO", "L3-07", "Économie européenne", "3.0", "TR"),
    ("HIS", "L2-21", "Histoire de la Méditerranée", "3.0", "TR"),
    ("ART", "L1-05", "Histoire de l’art moderne", "3.0", "TR"),
];

const ECONOMICS_AFTER: &[&[Line]] = &[
    &[("ECON", 302, "A-"), ("ECON", 310, "B+"), ("HIST", 210, "A"), ("POLS", 220, "A"), ("STAT", 230, "W")],
    &[("ECON", 340, "A"), ("ECON", 355, "A-"), ("HIST", 255, "A"), ("ENVS", 100, "B+"), ("COMM", 240, "AU")],
    &[("ECON", 370, ""), ("ECON", 420, ""), ("ECON", 490, ""), ("HIST", 330, ""), ("STAT", 230, "")],
];
