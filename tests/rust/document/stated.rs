//! A record whose document states its own totals, as Canadian PESC transcripts do; shown word for word.

use super::records::*;
use registrary::domain::*;
use registrary::gpa::Evaluation;

pub fn stated() -> (StudentRecord, Evaluation) {
    let level = Level::undergraduate();
    let mut record = record("123456789", "Henriette Potier");
    record.totals = TotalsAuthority::Stated;
    record.student.birth = Some("11-12".parse().expect("a day"));
    record.institution = Some(Institution {
        name: text("University of Torrance Bay"),
        address: Vec::new(),
        phone: None,
        email: None,
        website: None,
        codes: vec![(text("PSIS"), text("35999000"))],
        accreditation: None,
        registrar_name: None,
        registrar_title: None,
    });
    let rows: [(&str, &str, &[&str]); 3] = [
        (
            "2005 Fall",
            "2005-09-01",
            &["AST 101H1 | Sun & its Neighbours | 0.50 | 60", "ECO 100Y1 | Intro Economics | 1.00 | "],
        ),
        (
            "2006 Winter",
            "2006-01-04",
            &["ECO 100Y1 | Intro Economics | 1.00 | 53", "ITA 101Y1 | Elem Italian Lang | 1.00 | 66"],
        ),
        (
            "2006 Fall",
            "2006-09-01",
            &["ARC 131H1 | Intr to Architecture | 0.50 | 71", "SCI 199H1 | 1st Yr Sem: Sciences | 0.50 | 78"],
        ),
    ];
    for (name, begins, lines) in rows {
        let mut term = term(name, begins, "", &level, lines);
        term.programs = vec![text("Faculty of Arts and Sciences")];
        for attempt in &mut term.attempts {
            attempt.status = None;
            attempt.credits_earned = Some(if attempt.grade.is_some() { attempt.credits } else { credits("0.00") });
            attempt.supplemental_grade = Grade::new(if attempt.grade.is_some() { "C-" } else { "IPR" }).ok();
            if attempt.grade.is_some() {
                attempt.notes.push(text("CLASS AVERAGE C+"));
            }
        }
        term.stated = vec![
            summary(SummarySpan::Other, "SESSIONAL GPA", "1.50", "1.34"),
            summary(SummarySpan::Cumulative, "", "", "1.40"),
        ];
        record.terms.push(term);
    }
    record.terms[2].attempts[1]
        .notes
        .insert(0, text("COURSE SUBTITLE The Poetry of Physics and the Physics of Poetry"));
    record.terms[1].stated[0].standing = some("DECISION Not assessed");
    let mut words = summary(SummarySpan::Other, "", "", "");
    words.notes = vec![text("REG HISTORY 2005 Fall-2011 Winter: Faculty of Arts and Science")];
    let overall = StatedSummary { level: Some(level), ..summary(SummarySpan::Cumulative, "", "2.50", "2.720") };
    record.stated = vec![words, overall];
    let evaluation = Evaluation::Stated { summaries: record.stated.clone() };
    (record, evaluation)
}

fn summary(span: SummarySpan, label: &str, earned: &str, gpa: &str) -> StatedSummary {
    StatedSummary {
        span,
        label: some(label),
        level: None,
        unit: None,
        credits_attempted: None,
        credits_earned: decimal(earned),
        gpa_hours: None,
        quality_points: None,
        gpa: decimal(gpa),
        standing: None,
        notes: Vec::new(),
    }
}

#[test]
fn a_total_in_another_unit_than_the_courses_says_so() {
    let said = |unit| {
        let (mut record, _) = stated();
        for attempt in record.terms.iter_mut().flat_map(|term| &mut term.attempts) {
            attempt.unit = CreditUnit::Semester;
        }
        for attempt in record.transfers.iter_mut().flat_map(|block| &mut block.attempts) {
            attempt.unit = CreditUnit::Semester;
        }
        record.stated.iter_mut().for_each(|summary| summary.unit = Some(unit));
        let evaluation = Evaluation::Stated { summaries: record.stated.clone() };
        let (theme, issue) = (registrary::document::Theme::new(super::institution()), super::issue());
        let parts = registrary::document::Transcription {
            record: &record,
            evaluation: &evaluation,
            policy: None,
            theme: &theme,
            issue: &issue,
            code: super::CODE,
        };
        registrary::document::compose(&parts).expect("it can be put into words").to_text()
    };
    assert!(said(CreditUnit::Quarter).contains("| Cumulative (Undergraduate; quarter hour) |"));
    assert!(said(CreditUnit::Semester).contains("| Cumulative (Undergraduate) |"));
}
