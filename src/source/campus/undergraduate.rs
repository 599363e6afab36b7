//! Undergraduate careers: majors, general education, repeats, summers, transfer and examination credit.

use super::calendar::{CURRENT, Season, Session};
use super::catalogue::{Division, MAJORS, Major};
use super::draft::{Bars, Draft, Outcome};
use super::grading::{self, AUDIT, INCOMPLETE, NO_PASS, NOT_REPORTED, PASS, TRANSFER, WITHDRAWN, latin_honor};
use super::{broken, text};
use crate::domain::{Award, Error, Program, ProgramKind, TransferBlock, TransferKind};

/// How somebody studies.
pub struct Study {
    pub major: &'static Major,
    pub entry: Session,
    /// 0 to 100: about 95 earns straight A, 50 a C.
    pub ability: u32,
    /// Credits of the degree, in tenths.
    pub goal: u32,
    pub minor: Option<&'static str>,
    /// Neither skips a term nor leaves before the degree.
    pub steady: bool,
}

pub const BARS: Bars = Bars { standing: 200, deans_list: Some((350, 120)) };

/// Invented colleges that students come from.
pub const COLLEGES: &[&str] = &[
    "Marlow Valley Community College",
    "Cinder Lake College",
    "Saltgrass Community College",
    "Port Ambrose State College",
    "Windhover Institute of Technology",
];

/// A study drawn at random.
pub fn draw(draft: &mut Draft<'_>, entry: Session) -> Result<Study, Error> {
    let dice = &mut draft.dice;
    let major = dice.pick(MAJORS).ok_or_else(|| broken("there are no majors"))?;
    let ability = 46 + dice.below(26) + dice.below(26);
    let minor = dice.chance(250).then(|| dice.pick(MAJORS)).flatten().filter(|other| other.name != major.name);
    Ok(Study { major, entry, ability, goal: 1200, minor: minor.map(|minor| minor.name), steady: false })
}

/// Writes the whole career up to the degree, or to the term in progress.
pub fn career(draft: &mut Draft<'_>, study: &Study) -> Result<(), Error> {
    draft.begin_level("undergraduate")?;
    enrol(draft, study)?;
    if draft.dice.chance(250) {
        let count = draft.dice.between(3, 8);
        transfer(draft, study, count)?;
    }
    if draft.dice.chance(180) {
        let count = draft.dice.between(1, 3);
        examination(draft, study.entry, count)?;
    }
    terms(draft, study)
}

/// Writes the programme and its major and minor.
pub fn enrol(draft: &mut Draft<'_>, study: &Study) -> Result<(), Error> {
    let whole = format!("{} in {}", study.major.degree, study.major.name);
    let lines = [(ProgramKind::Program, whole.as_str()), (ProgramKind::Major, study.major.name)];
    let minor = study.minor.map(|minor| (ProgramKind::Minor, minor));
    for (kind, name) in lines.into_iter().chain(minor) {
        let (name, level, notes) = (text(name)?, Some(draft.level.clone()), Vec::new());
        let leads = kind == ProgramKind::Program;
        let degree = leads.then(|| text(study.major.degree)).transpose()?;
        let admitted = study.entry.begins().filter(|_| leads);
        draft.record.programs.push(Program { kind, name, level, degree, admitted, notes });
    }
    Ok(())
}

/// Writes term after term.
pub fn terms(draft: &mut Draft<'_>, study: &Study) -> Result<(), Error> {
    let mut session = study.entry;
    while session <= CURRENT {
        let enough = if session.season == Season::Summer { 50 } else { draft.dice.between(132, 162) };
        one_term(draft, study, session, enough)?;
        if draft.earned >= study.goal {
            let passes = draft.cumulative.hundredths().is_some_and(|gpa| gpa >= BARS.standing);
            return if session < CURRENT && passes { graduate(draft, study, session) } else { Ok(()) };
        }
        let stays_away = !study.steady && draft.dice.chance(15) && draft.record.terms.len() > 2;
        if stays_away {
            return Ok(());
        }
        let summer = session.season == Season::Spring && draft.dice.chance(130);
        session = if summer { Session::summer(session.year) } else { session.next_regular() };
        if !study.steady && draft.dice.chance(15) {
            session = session.next_regular();
        }
    }
    Ok(())
}

/// Writes one term of about so many credits (in tenths).
pub fn one_term(draft: &mut Draft<'_>, study: &Study, session: Session, enough: u32) -> Result<(), Error> {
    draft.open_term(session, study.major.college)?;
    let mut credits = 0;
    let again = draft.failed.iter().rposition(|failed| failed.points < 100);
    if let Some(position) = again.filter(|_| draft.dice.chance(600)) {
        let failed = draft.failed.remove(position);
        let outcome = outcome(draft, study, session, true);
        credits += draft.catalogue.listings[failed.course].tenths;
        draft.retake(failed, outcome)?;
    }
    for course in plan(draft, study, enough.saturating_sub(credits)) {
        let own = draft.catalogue.listings[course].subject == study.major.subject;
        let outcome = outcome(draft, study, session, own);
        draft.take(course, outcome)?;
    }
    draft.close_term(session, &BARS)
}

/// Courses for a term: writing first, two of the major in their order, then whatever is open.
fn plan(draft: &mut Draft<'_>, study: &Study, enough: u32) -> Vec<usize> {
    let subject = study.major.subject;
    let open = |draft: &Draft<'_>, course: &usize| !draft.is_taken(*course);
    let catalogue = draft.catalogue;
    let mut chosen = catalogue.of(Division::Undergraduate, |l| l.subject == "ENGL" && l.number <= 102);
    chosen.retain(|course| open(draft, course));
    chosen.truncate(1);
    let mut major = catalogue.of(Division::Undergraduate, |l| l.subject == subject);
    major.retain(|course| open(draft, course) && !chosen.contains(course));
    chosen.extend(major.into_iter().take(2));
    let mut electives = catalogue.of(Division::Undergraduate, |l| l.subject != subject && l.number < 360);
    electives.retain(|course| open(draft, course) && !chosen.contains(course) && is_prepared(draft, *course));
    let tenths = |course: &usize| catalogue.listings[*course].tenths;
    let mut credits: u32 = chosen.iter().map(tenths).sum();
    while credits < enough && !electives.is_empty() {
        let drawn = draft.dice.below(u32::try_from(electives.len()).unwrap_or(1)) as usize;
        let course = electives.swap_remove(drawn);
        credits += tenths(&course);
        chosen.push(course);
    }
    chosen
}

/// Whether the course before it in a sequence (Physics I before Physics II) is behind the student.
fn is_prepared(draft: &Draft<'_>, course: usize) -> bool {
    let Some(before) = course.checked_sub(1) else { return true };
    let (first, second) = (&draft.catalogue.listings[before], &draft.catalogue.listings[course]);
    let in_sequence = first.subject == second.subject && first.number + 1 == second.number;
    !in_sequence || draft.is_taken(before)
}

/// What becomes of a course. Courses of the major are taken for a letter.
fn outcome(draft: &mut Draft<'_>, study: &Study, session: Session, own: bool) -> Outcome {
    if session == CURRENT {
        return Outcome::IN_PROGRESS;
    }
    match draft.dice.below(1000) {
        0..24 => Outcome::other(WITHDRAWN, false),
        24..30 => Outcome::other(INCOMPLETE, false),
        30..50 if !own => Outcome::other(PASS, true),
        50..53 if !own => Outcome::other(NO_PASS, false),
        53..59 if !own => Outcome::other(AUDIT, false),
        59..80 if session == Session::summer(CURRENT.year) => Outcome::other(NOT_REPORTED, false),
        _ => Outcome::letter(grading::letter(study.ability, &mut draft.dice)),
    }
}

/// Writes the degree, with the honours that the cumulative GPA earns.
pub fn graduate(draft: &mut Draft<'_>, study: &Study, session: Session) -> Result<(), Error> {
    let honor = draft.cumulative.hundredths().and_then(latin_honor);
    let mut programs = draft.record.programs.clone();
    programs.retain(|program| program.level.as_ref() == Some(&draft.level) && program.kind != ProgramKind::Program);
    draft.record.awards.push(Award {
        title: text(study.major.degree)?,
        level: Some(draft.level.clone()),
        conferred: session.conferral(),
        programs,
        honors: honor.map(text).into_iter().collect::<Result<_, _>>()?,
        thesis_title: None,
        notes: Vec::new(),
    });
    Ok(())
}

/// Writes credit from a college attended before.
pub fn transfer(draft: &mut Draft<'_>, study: &Study, count: u32) -> Result<(), Error> {
    let college = draft.dice.pick(COLLEGES).copied().unwrap_or("Cinder Lake College");
    let earlier = Session::spring(study.entry.year);
    let general = draft
        .catalogue
        .of(Division::Undergraduate, |l| l.number < 200 && l.subject != study.major.subject && l.tenths >= 30);
    block(draft, TransferKind::Institution, college, earlier, &general, count, None)
}

/// Writes credit for Advanced Placement examinations.
pub fn examination(draft: &mut Draft<'_>, entry: Session, count: u32) -> Result<(), Error> {
    let mut courses = Vec::new();
    for (subject, number) in [("MATH", 140), ("BIOL", 110), ("HIST", 150), ("ECON", 101), ("PSYC", 101), ("CSCI", 120)]
    {
        courses.push(draft.catalogue.find(subject, number)?);
    }
    let body = "Advanced Placement Examinations";
    block(draft, TransferKind::Examination, body, entry, &courses, count, Some("Advanced Placement score"))
}

fn block(
    draft: &mut Draft<'_>,
    kind: TransferKind,
    from: &str,
    session: Session,
    courses: &[usize],
    count: u32,
    score: Option<&str>,
) -> Result<(), Error> {
    let mut attempts = Vec::new();
    for _ in 0..count {
        let Some(course) = draft.dice.pick(courses).copied().filter(|course| !draft.is_taken(*course)) else {
            continue;
        };
        let mut attempt = draft.attempt(course, Outcome::other(TRANSFER, true))?;
        attempt.credits_earned = Some(attempt.credits);
        if let Some(score) = score {
            attempt.notes.push(text(&format!("{score} {}", draft.dice.between(4, 5)))?);
        }
        draft.accept(course);
        attempts.push(attempt);
    }
    if !attempts.is_empty() {
        draft.record.transfers.push(TransferBlock {
            kind,
            institution: Some(text(from)?),
            level: draft.level.clone(),
            designator: session.designator(),
            term_name: Some(text(&session.name())?),
            attempts,
            notes: Vec::new(),
        });
    }
    Ok(())
}
