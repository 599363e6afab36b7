//! Careers in law (letters on a scale to 4.33) and in medicine (pass or fail, with honours).

use super::calendar::{CURRENT, Session};
use super::catalogue::Division;
use super::draft::{Bars, Draft, Outcome};
use super::grading::{self, PASS, WITHDRAWN};
use super::text;
use crate::domain::{Award, Error, GradeStatus, Program, ProgramKind};

const LAW_BARS: Bars = Bars { standing: 200, deans_list: Some((367, 120)) };
const MEDICINE_BARS: Bars = Bars { standing: 0, deans_list: None };

const FIRST_YEAR: [&[u16]; 2] = [&[501, 503, 505, 513], &[507, 509, 511, 514]];

/// Credits of the law degree, in tenths.
const LAW_GOAL: u32 = 800;

const MEDICINE: &[&[u16]] = &[
    &[510, 515, 550, 560],
    &[520, 525, 530],
    &[535, 540, 551],
    &[545],
    &[710, 715, 740],
    &[720, 725],
    &[730, 735, 810],
    &[820, 830, 840],
];

/// Writes a law career from `entry` up to the degree or the term in progress.
pub fn law(draft: &mut Draft<'_>, entry: Session, ability: u32) -> Result<(), Error> {
    draft.begin_level("law")?;
    enrol(draft, "Juris Doctor", entry)?;
    let mut session = entry;
    let mut number = 0;
    while session <= CURRENT {
        draft.open_term(session, "School of Law")?;
        for course in law_plan(draft, number)? {
            let outcome = if session == CURRENT {
                Outcome::IN_PROGRESS
            } else if number > 1 && draft.dice.chance(15) {
                Outcome::other(WITHDRAWN, false)
            } else {
                Outcome::letter(grading::law_letter(ability, &mut draft.dice))
            };
            draft.take(course, outcome)?;
        }
        draft.close_term(session, &LAW_BARS)?;
        if draft.earned >= LAW_GOAL {
            let honor = draft.cumulative.hundredths().and_then(grading::latin_honor);
            return award(draft, "Juris Doctor", session, honor);
        }
        if number == 8 {
            return Ok(());
        }
        number += 1;
        session = session.next_regular();
    }
    Ok(())
}

/// The first year is fixed; later terms draw about fifteen credits.
fn law_plan(draft: &mut Draft<'_>, number: usize) -> Result<Vec<usize>, Error> {
    if let Some(fixed) = FIRST_YEAR.get(number) {
        return fixed.iter().map(|number| draft.catalogue.find("LAWS", *number)).collect();
    }
    let mut open = draft.catalogue.of(Division::Law, |l| l.number >= 600);
    open.retain(|course| !draft.is_taken(*course));
    let (mut chosen, mut credits) = (Vec::new(), 0);
    while credits < 140 && !open.is_empty() {
        let drawn = draft.dice.below(u32::try_from(open.len()).unwrap_or(1)) as usize;
        let course = open.swap_remove(drawn);
        credits += draft.catalogue.listings[course].tenths;
        chosen.push(course);
    }
    Ok(chosen)
}

/// Writes a career in medicine from `entry` up to the degree or the term in progress.
pub fn medicine(draft: &mut Draft<'_>, entry: Session) -> Result<(), Error> {
    draft.begin_level("medicine")?;
    enrol(draft, "Doctor of Medicine", entry)?;
    let mut session = entry;
    for (number, plan) in MEDICINE.iter().enumerate() {
        if session > CURRENT {
            return Ok(());
        }
        draft.open_term(session, "School of Medicine")?;
        for course in *plan {
            let course = draft.catalogue.find("MEDI", *course)?;
            let outcome = match draft.dice.below(100) {
                _ if session == CURRENT => Outcome::IN_PROGRESS,
                0..18 => Outcome::other(("H", GradeStatus::HonorsGrade), true),
                _ => Outcome::other(PASS, true),
            };
            draft.take(course, outcome)?;
        }
        draft.close_term(session, &MEDICINE_BARS)?;
        if number + 1 == MEDICINE.len() && session < CURRENT {
            award(draft, "Doctor of Medicine", session, None)?;
        }
        session = session.next_regular();
    }
    Ok(())
}

fn enrol(draft: &mut Draft<'_>, degree: &str, entry: Session) -> Result<(), Error> {
    draft.record.programs.push(Program {
        kind: ProgramKind::Program,
        name: text(degree)?,
        level: Some(draft.level.clone()),
        degree: Some(text(degree)?),
        admitted: entry.begins(),
        notes: Vec::new(),
    });
    Ok(())
}

fn award(draft: &mut Draft<'_>, degree: &str, session: Session, honor: Option<&str>) -> Result<(), Error> {
    draft.record.awards.push(Award {
        title: text(degree)?,
        level: Some(draft.level.clone()),
        conferred: session.conferral(),
        programs: Vec::new(),
        honors: honor.map(text).into_iter().collect::<Result<_, _>>()?,
        thesis_title: None,
        notes: Vec::new(),
    });
    Ok(())
}
