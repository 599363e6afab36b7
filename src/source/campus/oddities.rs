//! Students who each show one odd case. The list in `campus` names them; a test holds it true.

use super::calendar::{CURRENT, Session};
use super::catalogue::Catalogue;
use super::draft::Draft;
use super::people::{People, person, plain_name};
use super::prng::Prng;
use super::script::{Line, Origin, accepted, term, terms};
use super::showpieces::{major, names};
use super::undergraduate::{self, BARS, Study};
use super::{broken, graduate, professional, text};
use crate::domain::{
    Award, Balance, BalanceOrigin, BirthDate, CreditUnit, Credits, Date, Decimal, Error, Hold, NameParts, Names,
    ProgramKind, StudentRecord, TransferKind, YearMonth,
};

/// The cultures and scripts of students 124 to 138, in order.
pub const SCRIPTS_FROM_124: &[&str] = &[
    "vietnamese",
    "yoruba",
    "hawaiian",
    "polish",
    "turkish",
    "icelandic",
    "greek",
    "cyrillic",
    "arabic",
    "hebrew",
    "devanagari",
    "thai",
    "chinese",
    "japanese",
    "korean",
];

/// The odd student of this number; `None` when it is an ordinary one.
pub fn student(catalogue: &Catalogue, people: &People, number: u64) -> Result<Option<StudentRecord>, Error> {
    let Some(write) = story(number) else { return Ok(None) };
    let mut dice = Prng::of_student(number);
    let names = match usize::try_from(number - 104).ok().and_then(|n| n.checked_sub(20)) {
        Some(position) if position < SCRIPTS_FROM_124.len() => scripted(people, SCRIPTS_FROM_124[position], &mut dice)?,
        _ => people.names_of("american", &mut dice)?,
    };
    let names = Names { chosen: None, former: Vec::new(), ..names };
    let birth = Date::new(2004, dice.between(1, 12) as u8, dice.between(1, 28) as u8).map(BirthDate::Full);
    let mut draft = Draft::new(catalogue, dice, &number.to_string(), names, birth)?;
    draft.begin_level("undergraduate")?;
    write(&mut draft)?;
    Ok(Some(draft.record))
}

fn scripted(people: &People, word: &str, dice: &mut Prng) -> Result<Names, Error> {
    if super::people::SCRIPTS.contains(&word) { people.native_names(word, 0) } else { people.names_of(word, dice) }
}

type Story = fn(&mut Draft<'_>) -> Result<(), Error>;

fn story(number: u64) -> Option<Story> {
    Some(match number {
        104 => open_grades,
        105 => withdrawn_term,
        106 => audit_and_pass,
        107 => taken_three_times,
        108 => balance,
        109 => two_balances,
        110 => quarters,
        111 => two_levels_at_once,
        112 => |draft| with_holds(draft, &[("BURSAR", "Unpaid tuition", true)]),
        113 => |draft| with_holds(draft, &[("LIBRARY", "Overdue loan", false)]),
        114 => credit_without_courses,
        115 => |draft| professional::law(draft, Session::fall(2021), 92),
        116 => |draft| professional::medicine(draft, Session::fall(2020)),
        117 => law_and_business,
        118 => |draft| graduate::doctorate(draft, Session::fall(2020), 92),
        119 => |draft| undergraduate::enrol(draft, &study("MATH", CURRENT, 70, None)?),
        120 => no_gpa_hours,
        121 => one_name,
        122 => prefix_and_suffix,
        123 => long_record,
        124..=138 => |draft| drawn(draft, Session::fall(2021), 78),
        139 => many_names,
        140 => |draft| reborn(draft, |date| Some(BirthDate::MonthDay(date.month_day()))),
        141 => |draft| reborn(draft, |_| None),
        142 => odd_credits,
        143 => summa_with_thesis,
        144 => not_conferred_yet,
        145 => {
            |draft| with_holds(draft, &[("LIBRARY", "Overdue loan", false), ("CONDUCT", "Disciplinary review", true)])
        }
        _ => return None,
    })
}

fn study(subject: &str, entry: Session, ability: u32, minor: Option<&'static str>) -> Result<Study, Error> {
    Ok(Study { major: major(subject)?, entry, ability, goal: 1200, minor, steady: true })
}

/// An ordinary career, drawn.
fn drawn(draft: &mut Draft<'_>, entry: Session, ability: u32) -> Result<(), Error> {
    undergraduate::career(draft, &study("PSYC", entry, ability, None)?)
}

/// Terms written out, in one major.
fn scripted_terms(draft: &mut Draft<'_>, subject: &str, entry: Session, plans: &[&[Line]]) -> Result<(), Error> {
    let study = study(subject, entry, 70, None)?;
    undergraduate::enrol(draft, &study)?;
    terms(draft, entry, study.major.college, &BARS, plans).map(|_| ())
}

fn open_grades(draft: &mut Draft<'_>) -> Result<(), Error> {
    scripted_terms(
        draft,
        "CHEM",
        Session::fall(2025),
        &[
            &[("CHEM", 120, "B+"), ("MATH", 140, "I"), ("ENGL", 101, "A-"), ("HIST", 101, "B")],
            &[("CHEM", 121, "B"), ("MATH", 141, "NR"), ("ENGL", 102, "IP"), ("PHIL", 110, "A")],
            &[("CHEM", 210, ""), ("PHYS", 150, ""), ("ECON", 101, "W"), ("SPAN", 101, "")],
        ],
    )
}

fn withdrawn_term(draft: &mut Draft<'_>) -> Result<(), Error> {
    let entry = Session::fall(2022);
    scripted_terms(
        draft,
        "ENGL",
        entry,
        &[
            &[("ENGL", 101, "B"), ("HIST", 150, "B+"), ("PSYC", 101, "C+"), ("ARTS", 105, "A-")],
            &[("ENGL", 102, "W"), ("HIST", 151, "W"), ("SOCI", 101, "W"), ("GEOG", 120, "W")],
        ],
    )?;
    if let Some(last) = draft.record.terms.last_mut() {
        last.notes.push(text("Withdrew from the university on 2023-03-06")?);
    }
    let again = [("ENGL", 102, "A-"), ("ENGL", 205, "B+"), ("SOCI", 101, "B"), ("PHIL", 215, "A")];
    term(draft, Session::fall(2024), major("ENGL")?.college, &BARS, &again)?;
    if let Some(last) = draft.record.terms.last_mut() {
        last.notes.push(text("Readmitted after an absence")?);
    }
    Ok(())
}

fn audit_and_pass(draft: &mut Draft<'_>) -> Result<(), Error> {
    scripted_terms(
        draft,
        "HIST",
        Session::fall(2025),
        &[
            &[("HIST", 101, "A"), ("ENGL", 101, "B+"), ("MUSC", 100, "AU"), ("MATH", 115, "P"), ("UNIV", 100, "P")],
            &[("HIST", 102, "A-"), ("ENGL", 102, "B"), ("ARTS", 160, "AU"), ("STAT", 130, "NP"), ("SPAN", 101, "P")],
        ],
    )
}

fn taken_three_times(draft: &mut Draft<'_>) -> Result<(), Error> {
    scripted_terms(
        draft,
        "MATH",
        Session::fall(2023),
        &[
            &[("MATH", 140, "F"), ("CSCI", 101, "C"), ("ENGL", 101, "C-"), ("HIST", 101, "D")],
            &[("MATH", 140, "D-"), ("CSCI", 120, "D+"), ("ENGL", 102, "C"), ("PHIL", 110, "C-")],
            &[("MATH", 140, "B-"), ("HIST", 101, "B"), ("PSYC", 101, "B-"), ("GEOG", 120, "B")],
            &[("MATH", 141, "C+"), ("CSCI", 120, "B"), ("STAT", 130, "B"), ("COMM", 110, "B+")],
        ],
    )
}

fn credits(raw: &str) -> Result<Credits, Error> {
    raw.parse::<Decimal>().ok().and_then(Credits::new).ok_or_else(|| broken("credits"))
}

/// Hours attempted, earned and in the GPA, and quality points, of work in a former record system.
fn old_work(draft: &mut Draft<'_>, origin: BalanceOrigin, label: &str, sums: [&str; 4]) -> Result<(), Error> {
    draft.record.balances.push(Balance {
        origin,
        label: text(label)?,
        level: draft.level.clone(),
        through: YearMonth::new(1998, 1),
        credits_attempted: credits(sums[0])?,
        credits_earned: credits(sums[1])?,
        gpa_hours: credits(sums[2])?,
        quality_points: sums[3].parse().map_err(|_| broken("quality points"))?,
    });
    Ok(())
}

fn balance(draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.record.student.birth = Date::new(1976, 4, 2).map(BirthDate::Full);
    let sums = ["95.0", "92.0", "89.0", "271.4"];
    old_work(draft, BalanceOrigin::Institution, "Work before Fall 1998 (former record system)", sums)?;
    scripted_terms(
        draft,
        "HIST",
        Session::fall(2025),
        &[
            &[("HIST", 210, "A"), ("HIST", 310, "A-"), ("HIST", 330, "A")],
            &[("HIST", 360, "A"), ("HIST", 420, "B+"), ("HIST", 495, "A")],
        ],
    )
}

fn two_balances(draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.record.student.birth = Date::new(1974, 12, 9).map(BirthDate::Full);
    let own = ["60.0", "60.0", "57.0", "182.10"];
    old_work(draft, BalanceOrigin::Institution, "Work before Fall 1998 (former record system)", own)?;
    let other = ["30.0", "30.0", "0", "0"];
    old_work(draft, BalanceOrigin::Transfer, "Transfer work before Fall 1998 (former record system)", other)?;
    let lines: &[Line] = &[("ENGL", 310, "B+"), ("ENGL", 330, "A-"), ("ENGL", 410, "B")];
    scripted_terms(draft, "ENGL", Session::spring(2026), &[lines])
}

fn quarters(draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.unit = CreditUnit::Quarter;
    scripted_terms(
        draft,
        "CHEM",
        Session::fall(2017),
        &[
            &[("CHEM", 120, "A-"), ("MATH", 140, "B+"), ("ENGL", 101, "A")],
            &[("CHEM", 121, "B+"), ("MATH", 141, "B"), ("ENGL", 102, "A-")],
        ],
    )?;
    for term in &mut draft.record.terms {
        let quarter = format!("{} (quarter)", term.name);
        term.name = text(&quarter)?;
        for attempt in &mut term.attempts {
            attempt.credits = credits("5.0")?;
        }
    }
    draft.record.notes.push(text("Credit is in quarter units: the university changed to semesters in 2018")?);
    Ok(())
}

fn two_levels_at_once(draft: &mut Draft<'_>) -> Result<(), Error> {
    undergraduate::career(draft, &study("CSCI", Session::fall(2022), 88, Some("Mathematics"))?)?;
    let field = graduate::FIELDS.first().ok_or_else(|| broken("a field"))?;
    graduate::career(draft, field, Session::fall(2025), 86)?;
    draft.record.notes.push(text("Accelerated bachelor's and master's programme")?);
    Ok(())
}

fn with_holds(draft: &mut Draft<'_>, holds: &[(&str, &str, bool)]) -> Result<(), Error> {
    drawn(draft, Session::fall(2023), 72)?;
    for (code, reason, blocks_transcript) in holds {
        let (code, reason) = (text(code)?, Some(text(reason)?));
        let since = Date::new(2026, 9, 15);
        draft.record.holds.push(Hold { code, reason, since, blocks_transcript: *blocks_transcript });
    }
    Ok(())
}

fn credit_without_courses(draft: &mut Draft<'_>) -> Result<(), Error> {
    let entry = Session::fall(2024);
    let study = study("PSYC", entry, 80, None)?;
    undergraduate::enrol(draft, &study)?;
    undergraduate::examination(draft, entry, 3)?;
    let origin = |kind, from| Origin { kind, from, session: entry, note: None };
    let service = origin(TransferKind::Military, "Joint Services Transcript");
    accepted(draft, &service, &[("MIL", "1XX", "Leadership and Communication", "3.0", "TR")])?;
    let portfolio = origin(TransferKind::PriorLearning, "Portfolio assessment");
    accepted(draft, &portfolio, &[("COMM", "2XX", "Community Radio Production", "3.0", "TR")])?;
    undergraduate::terms(draft, &study)
}

fn law_and_business(draft: &mut Draft<'_>) -> Result<(), Error> {
    let field = graduate::FIELDS.iter().find(|field| field.subject == "BUSA").ok_or_else(|| broken("a field"))?;
    graduate::career(draft, field, Session::fall(2024), 88)?;
    professional::law(draft, Session::fall(2024), 84)
}

fn no_gpa_hours(draft: &mut Draft<'_>) -> Result<(), Error> {
    scripted_terms(
        draft,
        "ENGL",
        Session::spring(2026),
        &[&[("ENGL", 101, "P"), ("HIST", 101, "P"), ("PHIL", 110, "W"), ("ARTS", 105, "NP"), ("MUSC", 100, "AU")]],
    )
}

fn one_name(draft: &mut Draft<'_>) -> Result<(), Error> {
    let parts = NameParts { full: Some(text("Wibisono")?), ..NameParts::default() };
    draft.record.student.names.legal = person(parts)?;
    drawn(draft, Session::fall(2022), 80)
}

fn prefix_and_suffix(draft: &mut Draft<'_>) -> Result<(), Error> {
    let mut parts = names("Augustus", Some("Pemberton"), "Thornbury")?.legal.parts().clone();
    (parts.prefix, parts.suffix) = (Some(text("Dr.")?), Some(text("III")?));
    draft.record.student.names.legal = person(parts)?;
    drawn(draft, Session::fall(2020), 66)
}

/// Two majors, two minors, summers: more courses than two pages hold.
fn long_record(draft: &mut Draft<'_>) -> Result<(), Error> {
    let study = Study { goal: 2050, ..study("BIOL", Session::fall(2018), 76, Some("Philosophy"))? };
    undergraduate::enrol(draft, &study)?;
    let (level, notes) = (Some(draft.level.clone()), Vec::new());
    for (kind, name) in [(ProgramKind::SecondMajor, "Psychology"), (ProgramKind::SecondMinor, "Music")] {
        let (name, level, notes) = (text(name)?, level.clone(), notes.clone());
        draft.record.programs.push(crate::domain::Program { kind, name, level, degree: None, admitted: None, notes });
    }
    let mut session = study.entry;
    while draft.earned < study.goal && session < CURRENT {
        undergraduate::one_term(draft, &study, session, 155)?;
        session = session.next_regular();
    }
    if draft.earned >= study.goal { undergraduate::graduate(draft, &study, Session::spring(2026)) } else { Ok(()) }
}

fn many_names(draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.record.student.names = Names {
        legal: names("Rosalind", Some("Amara"), "Okonkwo-Hale")?.legal,
        chosen: Some(plain_name("Ros", "Okonkwo-Hale")?),
        former: vec![plain_name("Rosalind", "Okonkwo")?, plain_name("Robert", "Okonkwo")?],
        native: None,
    };
    drawn(draft, Session::fall(2021), 84)
}

fn reborn(draft: &mut Draft<'_>, told: fn(Date) -> Option<BirthDate>) -> Result<(), Error> {
    draft.record.student.birth = Date::new(2003, 2, 28).and_then(told);
    drawn(draft, Session::fall(2022), 70)
}

fn odd_credits(draft: &mut Draft<'_>) -> Result<(), Error> {
    scripted_terms(
        draft,
        "CHEM",
        Session::fall(2025),
        &[
            &[("UNIV", 99, "P"), ("MUSC", 131, "A"), ("CHEM", 120, "B"), ("CHEM", 450, "B+"), ("KINS", 108, "A-")],
            &[("MUSC", 132, "A-"), ("CHEM", 121, "B-"), ("CHEM", 480, "A"), ("KINS", 150, "C+")],
        ],
    )
}

fn summa_with_thesis(draft: &mut Draft<'_>) -> Result<(), Error> {
    let study = study("ECON", Session::fall(2021), 130, Some("Mathematics"))?;
    undergraduate::enrol(draft, &study)?;
    undergraduate::terms(draft, &study)?;
    let Some(award) = draft.record.awards.last_mut() else { return Ok(()) };
    award.thesis_title = Some(text("Price Discovery in Small Grain Markets")?);
    award.honors.push(text("Departmental Honors in Economics")?);
    let certificate = text("Undergraduate Certificate in Data Analysis")?;
    let award = Award { title: certificate, honors: Vec::new(), thesis_title: None, ..award.clone() };
    draft.record.awards.push(Award { programs: Vec::new(), ..award });
    Ok(())
}

fn not_conferred_yet(draft: &mut Draft<'_>) -> Result<(), Error> {
    drawn(draft, Session::fall(2023), 82)?;
    draft.record.awards.clear();
    draft.record.awards.push(Award {
        title: text("Bachelor of Arts")?,
        level: Some(draft.level.clone()),
        conferred: None,
        programs: Vec::new(),
        honors: Vec::new(),
        thesis_title: None,
        notes: vec![text("Degree candidate, expected May 2027")?],
    });
    Ok(())
}
