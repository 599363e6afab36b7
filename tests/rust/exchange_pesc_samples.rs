//! The real College Transcripts that PESC publishes with its layout, against an independent scan of their text.

use registrary::domain::{Attempt, Level, StatedSummary, StudentRecord, SummarySpan, TotalsAuthority};
use registrary::exchange::{pesc, record_json};
use std::path::PathBuf;

const ONTARIO: &str = "Canada__Ontario__University__UniversityTranscript.xml";
const NOVA_SCOTIA: &str = "Canada__Nova_Scotia__University__UniversityTranscript1.xml";

/// A sample's text; `None`, with the reason printed, where the samples are not on this machine.
fn sample(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/schemas");
    let folder = std::env::var_os("REGISTRARY_SCHEMAS").map_or(beside, PathBuf::from);
    let read = std::fs::read_to_string(folder.join("canpesc-cdl").join(name));
    if read.is_err() {
        eprintln!("skipped: {name} is not here; set REGISTRARY_SCHEMAS to the folder that holds canpesc-cdl");
    }
    read.ok()
}

fn read(xml: &str) -> StudentRecord {
    pesc::read(xml.as_bytes()).expect("the sample is read")
}

/// The contents of every element of this name, as text, by a plain search.
fn scan(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let contents = xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next());
    contents.map(clean).collect()
}

fn clean(text: &str) -> String {
    let unescaped = text.replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    unescaped.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sorted<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort();
    values
}

fn attempts(record: &StudentRecord) -> Vec<&Attempt> {
    let of_transfers = record.transfers.iter().flat_map(|block| &block.attempts);
    of_transfers.chain(record.terms.iter().flat_map(|term| &term.attempts)).collect()
}

fn stated(record: &StudentRecord) -> Vec<&StatedSummary> {
    record.stated.iter().chain(record.terms.iter().flat_map(|term| &term.stated)).collect()
}

fn shown(value: &Option<impl ToString>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Every printed field of every course, from the record and from the text.
fn assert_courses(record: &StudentRecord, xml: &str) {
    let of_record = attempts(record).into_iter().map(|attempt| {
        let course = &attempt.course;
        let notes = attempt.notes.iter().map(ToString::to_string).collect::<Vec<_>>();
        [
            shown(&course.subject),
            shown(&course.number),
            shown(&course.title),
            shown(&attempt.grade),
            shown(&attempt.supplemental_grade),
            attempt.credits.to_string(),
            shown(&attempt.credits_earned),
            notes.into_iter().filter(|note| !note.starts_with("Credit basis: ")).collect::<Vec<_>>().join("|"),
        ]
    });
    let of_text = xml.split("<Course>").skip(1).map(|rest| {
        let course = rest.split("</Course>").next().unwrap_or_default();
        let first = |name| scan(course, name).into_iter().next().unwrap_or_default();
        [
            first("CourseSubjectAbbreviation"),
            first("CourseNumber"),
            first("CourseTitle"),
            first("CourseAcademicGrade"),
            first("CourseAcademicSupplementalGrade"),
            first("CourseCreditValue"),
            first("CourseCreditEarned"),
            scan(course, "NoteMessage").join("|"),
        ]
    });
    assert_eq!(sorted(of_record.collect()), sorted(of_text.collect()));
}

#[test]
fn ontario_keeps_every_course_session_total_and_note() {
    let Some(xml) = sample(ONTARIO) else { return };
    let record = read(&xml);
    assert_eq!(attempts(&record).len(), 55);
    assert_courses(&record, &xml);

    let of_record = record.terms.iter().map(|term| {
        [term.designator.to_string(), term.name.to_string(), shown(&term.begins), shown(&term.ends)].join(" ")
    });
    let parts = ["SessionDesignator", "SessionName", "SessionBeginDate", "SessionEndDate"].map(|name| scan(&xml, name));
    let of_text: Vec<_> =
        (0..parts[0].len()).map(|index| parts.each_ref().map(|part| part[index].clone()).join(" ")).collect();
    assert_eq!(of_record.collect::<Vec<_>>(), of_text);
    assert_eq!(record.terms.len(), 20);

    let gpas = stated(&record).iter().map(|stated| shown(&stated.gpa)).collect();
    assert_eq!(sorted(gpas), sorted(scan(&xml, "GradePointAverage")));
    let earned = stated(&record).into_iter().filter(|s| s.credits_earned.is_some()).map(|s| shown(&s.credits_earned));
    assert_eq!(sorted(earned.collect()), sorted(scan(&xml, "CreditHoursEarned")));

    let json = record_json::write(&record);
    for note in scan(&xml, "NoteMessage").into_iter().chain(scan(&xml, "AcademicProgramName")) {
        assert!(json.contains(&note), "a note is lost");
    }
}

#[test]
fn ontario_puts_each_total_where_it_belongs() {
    let Some(xml) = sample(ONTARIO) else { return };
    let record = read(&xml);
    assert_eq!(record.totals, TotalsAuthority::Stated);
    let line = |stated: &StatedSummary| {
        let words = [shown(&stated.label), shown(&stated.gpa), shown(&stated.credits_earned), shown(&stated.standing)];
        format!("{} {}", stated.span.word(), words.join("/"))
    };
    let whole: Vec<_> = record.stated.iter().map(line).collect();
    assert_eq!(whole, ["other SESSIONAL GPA/3.50/1.50/", "other ANNUAL GPA/3.34//Good standing", "cumulative /2.72//"]);
    let winter_2009 = record.terms.iter().find(|term| term.name.as_str() == "2009 Winter").expect("a term");
    let lines: Vec<_> = winter_2009.stated.iter().map(line).collect();
    assert_eq!(lines, ["other SESSIONAL GPA/2.90/3.00/", "other ANNUAL GPA/2.91//", "cumulative /2.48//"]);
    assert_eq!(shown(&winter_2009.standing), "Good standing");
    let winter_2006 = &record.terms[1];
    let notes: Vec<_> = winter_2006.stated.iter().flat_map(|stated| &stated.notes).map(ToString::to_string).collect();
    assert_eq!(notes, ["DECISION Not assessed"]);
    assert!(record.stated.iter().all(|stated| stated.span != SummarySpan::Term));
    let standings = record.terms.iter().filter(|term| term.standing.is_some()).count();
    assert_eq!(standings + 1, scan(&xml, "Delinquencies").len());
}

#[test]
fn ontario_names_student_sender_awards_levels_and_transfer_credit() {
    let Some(xml) = sample(ONTARIO) else { return };
    let record = read(&xml);
    assert_eq!(record.student.id.as_str(), "123456789");
    assert_eq!(record.student.names.legal.printed(), "Harry Potter");
    assert_eq!(shown(&record.student.birth), "11-12");
    let institution = record.institution.expect("the sender");
    assert_eq!(institution.name.as_str(), "University of Toronto");
    assert_eq!(institution.codes[0].0.as_str(), "PSIS");
    let awards = record
        .awards
        .iter()
        .map(|award| format!("{} {} {}", award.title, shown(&award.conferred), shown(&award.level)));
    let awards: Vec<_> = awards.collect();
    assert_eq!(
        awards,
        ["Honours Bachelor of Arts 2011-06-01 undergraduate", "Master of Education 2018-11-01 graduate"]
    );
    let programs: Vec<_> = record.awards[0].programs.iter().map(|p| format!("{} {}", p.kind.word(), p.name)).collect();
    assert_eq!(programs, ["major Anthropology", "second-major Urban Studies"]);
    let transferred: Vec<_> =
        record.transfers.iter().map(|block| (block.level.as_str(), block.attempts.len())).collect();
    assert_eq!(transferred, [("undergraduate", 2)]);
    let undergraduate = record.terms.iter().filter(|term| term.level == Level::undergraduate()).count();
    let graduate = record.terms.iter().filter(|term| term.level == Level::graduate()).count();
    assert_eq!((undergraduate, graduate), (12, 8));
    assert_eq!(record.notes.len(), 3);
}

#[test]
fn nova_scotia_keeps_every_course_and_the_session_spent_elsewhere() {
    let Some(xml) = sample(NOVA_SCOTIA) else { return };
    let record = read(&xml);
    assert_eq!(attempts(&record).len(), 18);
    assert_courses(&record, &xml);
    let designators: Vec<_> = record.terms.iter().map(|term| term.designator.to_string()).collect();
    assert_eq!(designators, ["2008-09", "2009-01", "2009-05", "2010-09", "2011-01", "2011-09", "2012-01"]);
    let [block] = &record.transfers[..] else { panic!("one block") };
    assert_eq!(shown(&block.institution), "Concordia University");
    assert_eq!((shown(&block.term_name), shown(&block.designator)), ("2011FALL".to_owned(), "2011-09".to_owned()));
    assert_eq!(block.attempts.len(), 2);
    assert_eq!(record.student.names.legal.printed(), "Sarah Emma Abman");
    assert_eq!(shown(&record.student.birth), "1978-08-31");
    assert_eq!(shown(&record.awards[0].conferred), "2012-05-05");
    assert_eq!(record.programs[0].notes.len(), 1);
    let institution = record.institution.expect("the sender");
    let address: Vec<_> = institution.address.iter().map(ToString::to_string).collect();
    assert_eq!(address, ["640 Franklyn St", "Halifax, NS B3H4K3"]);
    assert!(record.sample, "the document is marked TEST");
}

#[test]
fn the_samples_survive_json() {
    for name in [ONTARIO, NOVA_SCOTIA] {
        let Some(xml) = sample(name) else { return };
        let record = read(&xml);
        assert_eq!(record_json::read(record_json::write(&record).as_bytes()).as_ref(), Ok(&record));
    }
}
