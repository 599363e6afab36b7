//! A record with two levels, a balance without courses, several names, mixed units: the odd cases in one.

use super::records::*;
use registrary::domain::*;

pub fn alumna() -> StudentRecord {
    let (under, grad) = (Level::undergraduate(), Level::graduate());
    let mut record = record("A-1977/042", "Þórdís Ọlábísí Nguyễn-Strömqvist");
    record.sample = true;
    record.student.names.former = vec![name("Þórdís Strömqvist"), name("Thordis Stromqvist Lindgren")];
    record.student.names.native = some("Ελένη");
    record.programs = vec![
        Program { level: Some(under.clone()), ..program(ProgramKind::Major, "Linguistics", "Bachelor of Arts") },
        Program {
            level: Some(grad.clone()),
            ..program(ProgramKind::Program, "Computational Linguistics", "Master of Arts")
        },
    ];
    record.balances = vec![Balance {
        origin: BalanceOrigin::Institution,
        label: text("Work before conversion"),
        level: under.clone(),
        through: Some("1996-06".parse().expect("a term")),
        credits_attempted: credits("90"),
        credits_earned: credits("87.5"),
        gpa_hours: credits("84"),
        quality_points: "271.25".parse().expect("a decimal"),
    }];
    record.terms = vec![
        term(
            "Fall 1996",
            "1996-09-01",
            "1996-12-20",
            &under,
            &[
                "LING 401 | Field Methods | 3.375 | A",
                "LING 455 | Historical Linguistics of the Atlantic Languages, with Readings in Yoruba and Efik Texts | 3 | B+",
            ],
        ),
        term("Spring 1997", "1997-01-10", "1997-05-20", &under, &["LING 499 | Honors Essay | 6 | A-"]),
        term("Fall 2010", "2010-09-01", "2010-12-20", &grad, &["LING 610 | Computational Morphology | 4 | P"]),
    ];
    record.terms[2].attempts[0].unit = CreditUnit::Quarter;
    record.awards = vec![Award {
        title: text("Bachelor of Arts"),
        level: Some(under),
        conferred: date("1997-06-01"),
        programs: vec![program(ProgramKind::Major, "Linguistics", "")],
        honors: Vec::new(),
        thesis_title: None,
        notes: vec![text("Replacement diploma issued 2004")],
    }];
    record.notes = vec![text("Academic renewal granted 1998.")];
    record
}
