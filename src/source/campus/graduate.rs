//! Master's and doctoral careers.

use super::calendar::{CURRENT, Session};
use super::catalogue::Division;
use super::draft::{Bars, Draft, Outcome};
use super::grading::{self, CONTINUING, INCOMPLETE, PASS, WITHDRAWN};
use super::text;
use crate::domain::{Award, Error, Program, ProgramKind};

/// A master's programme: its courses, and two terms of thesis or capstone.
pub struct Field {
    pub subject: &'static str,
    pub name: &'static str,
    pub degree: &'static str,
    pub thesis: bool,
}

const fn field(subject: &'static str, name: &'static str, degree: &'static str, thesis: bool) -> Field {
    Field { subject, name, degree, thesis }
}

pub const FIELDS: &[Field] = &[
    field("CSCI", "Computer Science", "Master of Science", true),
    field("BIOL", "Biology", "Master of Science", true),
    field("HIST", "History", "Master of Arts", true),
    field("BUSA", "Business Administration", "Master of Business Administration", false),
    field("EDUC", "Education", "Master of Education", false),
];

pub const BARS: Bars = Bars { standing: 300, deans_list: None };
const SCHOOL: &str = "Graduate School";

/// Titles of theses, by subject.
fn thesis_title(subject: &str) -> &'static str {
    match subject {
        "CSCI" => "Incremental View Maintenance over Unreliable Links",
        "BIOL" => "Seed Dispersal by Ground Squirrels in the Larkspur Basin",
        _ => "Ferrymen and Customs Houses: River Trade at Port Ambrose, 1840–1890",
    }
}

/// Writes a master's career from `entry` up to the degree or the term in progress.
pub fn career(draft: &mut Draft<'_>, field: &Field, entry: Session, ability: u32) -> Result<(), Error> {
    draft.begin_level("graduate")?;
    enrol(draft, field, entry)?;
    terms(draft, field, entry, ability, CURRENT)
}

pub fn enrol(draft: &mut Draft<'_>, field: &Field, entry: Session) -> Result<(), Error> {
    draft.record.programs.push(Program {
        kind: ProgramKind::Program,
        name: text(&name_of(field))?,
        level: Some(draft.level.clone()),
        degree: Some(text(field.degree)?),
        admitted: entry.begins(),
        notes: Vec::new(),
    });
    Ok(())
}

fn name_of(field: &Field) -> String {
    if field.thesis { format!("{} in {}", field.degree, field.name) } else { field.degree.to_owned() }
}

/// Writes terms from `entry` to `last`, three courses each, thesis or capstone in the final two.
pub fn terms(draft: &mut Draft<'_>, field: &Field, entry: Session, ability: u32, last: Session) -> Result<(), Error> {
    let done = finishes(entry, last);
    let courses = draft.catalogue.of(Division::Graduate, |l| l.subject == field.subject && l.number < 699);
    let thesis = draft.catalogue.find(field.subject, 699)?;
    let mut session = entry;
    for plan in [courses.get(..3), courses.get(3..6), courses.get(6..)] {
        if session > last {
            return Ok(());
        }
        draft.open_term(session, SCHOOL)?;
        for course in plan.unwrap_or_default() {
            let outcome = outcome(draft, session, ability, done);
            draft.take(*course, outcome)?;
        }
        draft.close_term(session, &BARS)?;
        session = session.next_regular();
    }
    for _ in 0..2 {
        if session > last {
            return Ok(());
        }
        draft.open_term(session, SCHOOL)?;
        let open = if session == CURRENT { Outcome::IN_PROGRESS } else { Outcome::other(CONTINUING, false) };
        draft.take(thesis, if done { Outcome::other(PASS, true) } else { open })?;
        draft.close_term(session, &BARS)?;
        session = session.next_regular();
    }
    let passes = draft.cumulative.hundredths().is_some_and(|gpa| gpa >= BARS.standing);
    if done && passes { award(draft, field, previous_regular(session)) } else { Ok(()) }
}

/// Whether the fifth term, the last of a master's programme, is over.
fn finishes(entry: Session, last: Session) -> bool {
    let fifth = (0..4).fold(entry, |session, _| session.next_regular());
    fifth < CURRENT && fifth <= last
}

const fn previous_regular(session: Session) -> Session {
    match session.season {
        super::calendar::Season::Fall => Session::spring(session.year),
        _ => Session::fall(session.year - 1),
    }
}

/// What becomes of a course. Who finishes has neither withdrawn nor left one incomplete.
fn outcome(draft: &mut Draft<'_>, session: Session, ability: u32, finishes: bool) -> Outcome {
    if session == CURRENT {
        return Outcome::IN_PROGRESS;
    }
    match draft.dice.below(1000) {
        0..15 if !finishes => Outcome::other(WITHDRAWN, false),
        15..25 if !finishes => Outcome::other(INCOMPLETE, false),
        _ => Outcome::letter(grading::letter(ability, &mut draft.dice)),
    }
}

fn award(draft: &mut Draft<'_>, field: &Field, session: Session) -> Result<(), Error> {
    let thesis = field.thesis.then(|| text(thesis_title(field.subject))).transpose()?;
    let mut programs = draft.record.programs.clone();
    programs.retain(|program| program.level.as_ref() == Some(&draft.level));
    draft.record.awards.push(Award {
        title: text(field.degree)?,
        level: Some(draft.level.clone()),
        conferred: session.conferral(),
        programs,
        honors: Vec::new(),
        thesis_title: thesis,
        notes: Vec::new(),
    });
    Ok(())
}

/// Writes a finished doctorate in biology: courses, six terms of dissertation, a title.
pub fn doctorate(draft: &mut Draft<'_>, entry: Session, ability: u32) -> Result<(), Error> {
    draft.begin_level("graduate")?;
    let field = field("BIOL", "Biology", "Doctor of Philosophy", true);
    enrol(draft, &field, entry)?;
    let courses = draft.catalogue.of(Division::Graduate, |l| l.subject == "BIOL" && l.number < 699);
    let research = draft.catalogue.find("BIOL", 799)?;
    let mut session = entry;
    for plan in [courses.get(..4), courses.get(4..)] {
        draft.open_term(session, SCHOOL)?;
        for course in plan.unwrap_or_default() {
            let outcome = outcome(draft, session, ability, true);
            draft.take(*course, outcome)?;
        }
        draft.close_term(session, &BARS)?;
        session = session.next_regular();
    }
    for _ in 0..6 {
        draft.open_term(session, SCHOOL)?;
        draft.take(research, Outcome::other(PASS, true))?;
        draft.close_term(session, &BARS)?;
        session = session.next_regular();
    }
    award(draft, &field, previous_regular(session))?;
    let title = text("Drought Memory in Annual Grasses: A Population Genetic Account")?;
    draft.record.awards.iter_mut().for_each(|award| award.thesis_title = Some(title.clone()));
    Ok(())
}
