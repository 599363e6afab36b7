//! The sample campus: the students it promises, the same every time, all of them readable.

use super::{id, ids, one, wait};
use registrary::domain::{
    BalanceOrigin, BirthDate, CreditUnit, GradeStatus, RepeatTreatment, StudentRecord, TransferKind,
};
use registrary::gpa::{self, Evaluation, Policy};
use registrary::source::{Resources, Source, SqliteSource, campus};
use std::collections::BTreeSet;
use std::sync::LazyLock;

fn student(number: &str) -> StudentRecord {
    wait(one(&SqliteSource::campus(), number)).unwrap()
}

fn everybody() -> Vec<StudentRecord> {
    static EVERYBODY: LazyLock<Vec<StudentRecord>> =
        LazyLock::new(|| campus::records(campus::BUILT_IN).unwrap().collect::<Result<_, _>>().unwrap());
    EVERYBODY.clone()
}

fn grades(record: &StudentRecord) -> BTreeSet<&str> {
    let attempts = record.terms.iter().flat_map(|term| &term.attempts);
    attempts.filter_map(|attempt| attempt.grade.as_ref()).map(|grade| grade.as_str()).collect()
}

fn levels(record: &StudentRecord) -> BTreeSet<&str> {
    record.terms.iter().map(|term| term.level.as_str()).collect()
}

#[test]
fn the_database_gives_back_every_record_as_it_was_drawn() {
    let source = SqliteSource::campus();
    wait(async {
        let resources = Resources::new().unwrap();
        let all = source.student_ids(&resources).await.unwrap();
        assert_eq!(all.len(), campus::BUILT_IN);
        assert_eq!(all[..3], ids(&["101", "102", "103"]));
        let fetched = source.fetch(&resources, &all).await;
        let fetched: Vec<StudentRecord> = fetched.into_iter().collect::<Result<_, _>>().unwrap();
        assert!(fetched == everybody(), "a record came back changed");
    });
}

#[test]
fn every_record_is_a_sample_and_judged_by_the_campus_policy() {
    let policy = Policy::from_toml(campus::policy_toml()).unwrap();
    let mut seen = BTreeSet::new();
    for record in everybody() {
        assert!(record.sample);
        let evaluation = gpa::evaluate(&record, &policy).unwrap();
        assert!(matches!(evaluation, Evaluation::Computed { .. }));
        seen.extend(levels(&record).into_iter().map(str::to_owned));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["graduate", "law", "medicine", "undergraduate"]);
}

#[test]
fn more_students_change_none() {
    let many: Vec<_> = campus::records(campus::BUILT_IN + 50).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(many[..campus::BUILT_IN] == everybody()[..]);
    assert_eq!(many.last().unwrap().student.id, id("470"));
}

#[test]
fn the_three_showpieces_show_what_they_promise() {
    let first = student("101");
    let courses: usize = first.terms.iter().map(|term| term.attempts.len()).sum();
    assert!((38..=45).contains(&(courses + first.transfers[0].attempts.len())));
    assert!(first.awards[0].honors.iter().any(|honor| honor.as_str() == "magna cum laude"));
    assert!(first.terms.iter().any(|term| term.honors.iter().any(|honor| honor.as_str() == "Dean's list")));

    let second = student("102");
    assert_eq!(levels(&second).len(), 2);
    let attempts: Vec<_> = second.terms.iter().flat_map(|term| &term.attempts).collect();
    for treatment in [RepeatTreatment::Excluded, RepeatTreatment::Included] {
        assert_eq!(attempts.iter().filter(|attempt| attempt.repeat == Some(treatment)).count(), 2);
    }
    assert!(attempts.iter().any(|attempt| attempt.status == Some(GradeStatus::Withdrew)));
    assert!(attempts.iter().any(|attempt| attempt.status == Some(GradeStatus::InProgress) && attempt.grade.is_none()));

    let third = student("103");
    assert_eq!(third.student.names.legal.printed(), "Nguyễn Thị Minh Châu");
    assert!(third.student.names.chosen.is_some() && third.student.names.former.len() == 1);
    assert_eq!(third.transfers[0].attempts.len(), 5);
}

#[test]
fn odd_cases_are_where_the_list_says() {
    assert!(grades(&student("104")).is_superset(&BTreeSet::from(["I", "NR", "IP", "W"])));
    assert_eq!(grades(&StudentRecord { terms: vec![student("105").terms[1].clone()], ..student("105") }).len(), 1);
    assert!(grades(&student("106")).is_superset(&BTreeSet::from(["AU", "P", "NP"])));
    let repeats: Vec<_> =
        student("107").terms.iter().flat_map(|term| &term.attempts).filter_map(|attempt| attempt.repeat).collect();
    assert_eq!(repeats.iter().filter(|repeat| **repeat == RepeatTreatment::Included).count(), 3);
    assert_eq!(repeats.iter().filter(|repeat| **repeat == RepeatTreatment::Excluded).count(), 4);
    let origins: Vec<_> = student("109").balances.iter().map(|balance| balance.origin).collect();
    assert_eq!(origins, [BalanceOrigin::Institution, BalanceOrigin::Transfer]);
    assert_eq!(student("108").balances.len(), 1);
    assert!(student("110").terms.iter().flat_map(|t| &t.attempts).all(|a| a.unit == CreditUnit::Quarter));
    let kinds: BTreeSet<_> = student("114").transfers.iter().map(|block| block.kind).collect();
    let three = [TransferKind::Examination, TransferKind::Military, TransferKind::PriorLearning];
    assert!(kinds.is_superset(&BTreeSet::from(three)));
    assert!(student("119").terms.is_empty());
    assert_eq!(student("121").student.names.legal.printed(), "Wibisono");
    assert!(student("122").student.names.legal.printed().ends_with(" III"));
    assert!(student("123").terms.iter().map(|term| term.attempts.len()).sum::<usize>() > 60);
    assert_eq!(student("139").student.names.former.len(), 2);
    assert!(matches!(student("140").student.birth, Some(BirthDate::MonthDay(_))));
    assert_eq!(student("141").student.birth, None);
    assert!(student("144").awards[0].conferred.is_none());
}

#[test]
fn degrees_are_where_the_list_says() {
    for (number, title) in [
        ("115", "Juris Doctor"),
        ("116", "Doctor of Medicine"),
        ("118", "Doctor of Philosophy"),
        ("143", "Bachelor of Arts"),
    ] {
        let record = student(number);
        assert_eq!(record.awards[0].title.as_str(), title);
        assert!(record.awards[0].conferred.is_some(), "{number}");
    }
    assert!(grades(&student("115")).contains("A+"));
    assert!(grades(&student("116")).iter().all(|grade| ["P", "H"].contains(grade)));
    assert_eq!(student("143").awards[0].honors[0].as_str(), "summa cum laude");
    assert_eq!(levels(&student("117")), BTreeSet::from(["graduate", "law"]));
    let both = student("111");
    let of = |level: &str| -> BTreeSet<_> {
        both.terms.iter().filter(|term| term.level.as_str() == level).map(|term| term.designator).collect()
    };
    assert!(of("undergraduate").intersection(&of("graduate")).next().is_some(), "no term at two levels");
}

#[test]
fn only_the_listed_students_have_holds() {
    let everybody = everybody();
    let with = |blocking: bool| -> Vec<&str> {
        let held = everybody.iter().filter(|r| r.holds.iter().any(|hold| hold.blocks_transcript == blocking));
        held.map(|record| record.student.id.as_str()).collect()
    };
    assert_eq!(with(true), ["112", "145"]);
    assert_eq!(with(false), ["113", "145"]);
}

#[test]
fn one_student_has_attempts_but_no_gpa() {
    let policy = Policy::from_toml(campus::policy_toml()).unwrap();
    let Evaluation::Computed { levels, .. } = gpa::evaluate(&student("120"), &policy).unwrap() else { panic!() };
    assert_eq!(levels.len(), 1);
    assert!(levels[0].overall.gpa.is_none() && !levels[0].overall.credits_earned.is_zero());
}

/// The honours that the campus writes must be those of its own policy's figures, no more and no fewer.
#[test]
fn latin_honors_agree_with_the_evaluated_gpa() {
    let policy = Policy::from_toml(campus::policy_toml()).unwrap();
    let mut with_honors = 0;
    for record in everybody() {
        let Evaluation::Computed { levels, .. } = gpa::evaluate(&record, &policy).unwrap() else { panic!() };
        let degrees = ["Bachelor of Arts", "Bachelor of Science", "Juris Doctor"];
        for award in record.awards.iter().filter(|award| degrees.contains(&award.title.as_str())) {
            if award.conferred.is_none() {
                continue;
            }
            let level = levels.iter().find(|level| Some(&level.level) == award.level.as_ref()).unwrap();
            let gpa = level.institution.gpa.unwrap().displayed.micro() / 10_000;
            let due = [(390, "summa cum laude"), (370, "magna cum laude"), (350, "cum laude")];
            let due = due.iter().find(|(least, _)| gpa >= *least).map(|(_, words)| *words);
            let written = award.honors.iter().map(|honor| honor.as_str()).find(|words| words.ends_with("laude"));
            assert_eq!(written, due, "student {}", record.student.id);
            with_honors += usize::from(due.is_some());
        }
    }
    assert!(with_honors >= 10, "{with_honors} honours");
}

/// The standing after a level's last finished term is the evaluated one (earlier ones may rest on repeats since).
#[test]
fn standing_agrees_with_the_evaluated_gpa() {
    let policy = Policy::from_toml(campus::policy_toml()).unwrap();
    let mut on_probation = 0;
    for record in everybody() {
        let Evaluation::Computed { levels, .. } = gpa::evaluate(&record, &policy).unwrap() else { panic!() };
        for level in &levels {
            let standing = |term: &gpa::TermEvaluation| record.terms[term.term_index].standing.clone();
            let Some(last) = level.terms.iter().rfind(|term| standing(term).is_some()) else { continue };
            let least = if level.level.as_str() == "graduate" { "3.0" } else { "2.0" };
            let good = last.cumulative.gpa.unwrap().displayed >= least.parse().unwrap();
            let written = standing(last).unwrap();
            assert_eq!(written.as_str() == "Good standing", good, "student {}", record.student.id);
            on_probation += usize::from(!good);
        }
    }
    assert!(on_probation >= 3, "{on_probation} on probation");
}

#[test]
fn names_come_in_many_scripts() {
    let everybody = everybody();
    let natives: String =
        everybody.iter().filter_map(|r| r.student.names.native.as_ref()).map(|native| native.as_str()).collect();
    let legal: String = everybody.iter().map(|record| record.student.names.legal.printed()).collect();
    // Hebrew, Arabic, Devanagari, Thai, Hiragana, Han, Hangul.
    let blocks = ['֐'..='׿', '؀'..='ۿ', 'ऀ'..='ॿ', '฀'..='๿', '぀'..='ゟ', '一'..='鿿', '가'..='힣'];
    for block in blocks {
        assert!(natives.contains(|c| block.contains(&c)), "{block:?}");
        assert!(!legal.contains(|c| block.contains(&c)), "{block:?} in a legal name");
    }
    assert!(legal.contains(|c| ('α'..='ω').contains(&c)) && legal.contains(|c| ('а'..='я').contains(&c)));
    for letter in ['ễ', 'ọ', 'ʻ', 'ł', 'ş', 'ð'] {
        assert!(legal.contains(letter), "{letter}");
    }
}

#[test]
fn a_file_is_built_once_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("campus.db");
    assert!(campus::build(&path, 20).is_err(), "too small a campus");
    assert!(!path.exists());
    campus::build(&path, 300).unwrap();
    let source = SqliteSource::open(&path).unwrap();
    assert_eq!(wait(one(&source, "101")).unwrap(), student("101"));
    assert_eq!(wait(one(&source, "401")), Err(registrary::domain::Error::RecordNotFound));
    assert!(campus::build(&path, 300).is_err(), "built over another file");
    assert!(wait(one(&source, "400")).is_ok());
}
