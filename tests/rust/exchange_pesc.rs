//! College Transcripts of several releases, invented: what each element becomes, and what is refused.

use registrary::domain::{Error, Problem, RepeatTreatment, StudentRecord, Text};
use registrary::exchange::{pesc, record_json};

const RELEASE_1_8: &[u8] = include_bytes!("../pesc/release-1-8.xml");
const BATCH_1_4: &[u8] = include_bytes!("../pesc/release-1-4-batch.xml");
const UNNAMESPACED: &[u8] = include_bytes!("../pesc/unnamespaced.xml");

fn read(xml: &[u8]) -> StudentRecord {
    pesc::read(xml).expect("valid")
}

fn problems(xml: &[u8]) -> Vec<Problem> {
    match pesc::read(xml) {
        Err(Error::MalformedRecord(problems)) => problems,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("the document was accepted"),
    }
}

fn places(xml: &[u8]) -> Vec<String> {
    problems(xml).iter().map(|p| format!("{}@{}", p.code, p.place)).collect()
}

fn lines(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(Text::as_str).collect()
}

fn shown(value: &Option<impl ToString>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The batch document with one part of it replaced.
fn batch_with(part: &str, by: &str) -> Vec<u8> {
    let text: String = BATCH_1_4.iter().map(|&byte| char::from(byte)).collect();
    assert!(text.contains(part), "the fixture has no such part");
    text.replace(part, by).replace("ISO-8859-1", "UTF-8").into_bytes()
}

#[test]
fn the_person_has_every_name_and_no_national_number() {
    let student = read(RELEASE_1_8).student;
    assert_eq!(student.id.as_str(), "STATE-77");
    assert_eq!(student.names.legal.printed(), "Ms Nkechi Amara Ife Ọ̀yẹ́láràn III");
    assert_eq!(student.names.chosen.as_ref().map(|name| name.printed()).as_deref(), Some("Kechi"));
    assert_eq!(student.names.former.iter().map(|name| name.printed()).collect::<Vec<_>>(), ["Nkechi Bassey"]);
    assert_eq!(shown(&student.birth), "2001-02-28");
}

#[test]
fn notes_of_the_document_the_person_and_the_record_are_kept_in_order() {
    let expected = [
        "Scale printed overleaf",
        "The sender marks this document as unofficial.",
        "The sender marks this document as a partial record.",
        "Also known as: N. A. Quill",
        "Foreign language",
        "Residency met",
        "Registered as a carer",
        "Closing remark",
    ];
    let record = read(RELEASE_1_8);
    assert_eq!(lines(&record.notes), expected);
    assert!(!record.sample);
    assert!(!record_json::write(&record).contains("999999999"));
}

#[test]
fn the_sender_has_address_contacts_and_codes() {
    let institution = read(RELEASE_1_8).institution.expect("the sender");
    assert_eq!(lines(&institution.address), ["1 Meadow Way", "Hall 3", "Larkspur, OR 97001"]);
    assert_eq!(shown(&institution.phone), "555 0100");
    assert_eq!(shown(&institution.email), "registrar@larkspur.example");
    assert_eq!(shown(&institution.website), "https://larkspur.example");
    assert_eq!(institution.codes[0].0.as_str(), "OPEID");
}

#[test]
fn awards_tell_honours_thesis_and_whether_they_are_conferred() {
    let awards = read(RELEASE_1_8).awards;
    assert_eq!(lines(&awards[0].honors), ["With distinction", "First highest honours"]);
    assert_eq!(shown(&awards[0].thesis_title), "On Moss & Lichen");
    assert_eq!(shown(&awards[0].conferred), "2025-05-20");
    let notes = ["Doctoral degree", "Requirements completed: 2025-04-30", "Thesis advisor: Q. Fern"];
    assert_eq!(lines(&awards[0].notes), notes);
    assert_eq!(
        (awards[0].programs[0].kind.word(), awards[0].programs[0].name.as_str()),
        ("concentration", "CIP 26.0301")
    );
    assert_eq!((awards[1].title.as_str(), awards[1].conferred), ("Graduate certificate", None));
    assert_eq!(lines(&awards[1].notes), ["Not completed; date given: 2027-05-20"]);
}

#[test]
fn totals_keep_their_written_places_and_everything_beside_them() {
    let record = read(RELEASE_1_8);
    let total = &record.stated[0];
    assert_eq!(shown(&total.label), "Institution, repeats left out");
    let numbers =
        [&total.credits_attempted, &total.credits_earned, &total.gpa_hours, &total.quality_points, &total.gpa];
    assert_eq!(numbers.map(shown), ["12.00", "9.0", "9", "34.83", "3.8700"]);
    assert_eq!(shown(&total.standing), "Academic probation (GPA); Good standing");
    assert_eq!(lines(&total.notes), ["Credits required: 30", "GPA range: 0 to 4.3", "Class rank: 2 of 40"]);
    let program = &record.programs[0];
    assert_eq!(
        (program.kind.word(), program.name.as_str(), shown(&program.level)),
        ("major", "Botany", "graduate".into())
    );
}

#[test]
fn a_session_is_one_term_with_the_level_of_the_student_when_its_courses_differ() {
    let record = read(RELEASE_1_8);
    let names: Vec<_> = record.terms.iter().map(|term| format!("{} {}", term.level, term.name)).collect();
    assert_eq!(names, ["graduate Spring 2024", "graduate Fall session 2024-09"]);
    assert_eq!(lines(&record.terms[0].notes), ["Taken at Larkspur State University, Bay Campus"]);
    let term = &record.terms[1];
    assert_eq!(lines(&term.programs), ["Major: Botany"]);
    assert_eq!(lines(&term.notes), ["Doctoral", "Studied abroad in May", "No totals this term"]);
    assert_eq!(lines(&term.honors), ["Dean's list"]);
    assert_eq!(shown(&term.standing), "Academic suspension (credit hours)");
    assert!(term.stated.is_empty());
}

#[test]
fn a_course_keeps_grades_repeat_points_and_its_remarks() {
    let record = read(RELEASE_1_8);
    let [first, audited] = &record.terms[1].attempts[..] else { panic!("two courses") };
    assert_eq!((shown(&first.grade), shown(&first.supplemental_grade)), ("B".to_owned(), "81".to_owned()));
    assert_eq!((first.repeat, shown(&first.quality_points)), (Some(RepeatTreatment::Excluded), "9.00".to_owned()));
    let notes = [
        "Not counted in GPA",
        "Supplemental grade: G",
        "Class average: C+",
        "Clear and patient work.",
        "Taken at Heron Valley College (BIO 12)",
        "Field week",
    ];
    assert_eq!(lines(&first.notes), notes);
    assert_eq!(audited.course.code(), "GER-1");
    assert_eq!((audited.unit.word(), audited.credits.to_string()), ("no-credit", "0".to_owned()));
    assert_eq!(lines(&audited.notes), ["Level: Upper division", "Repeated at another institution"]);
}

#[test]
fn work_elsewhere_becomes_transfer_blocks_by_origin() {
    let record = read(RELEASE_1_8);
    let blocks = record.transfers.iter().map(|block| {
        let attempts: Vec<_> = block.attempts.iter().map(|attempt| shown(&attempt.course.title)).collect();
        format!(
            "{} {} {} {}: {}",
            block.kind.word(),
            block.level,
            shown(&block.institution),
            shown(&block.term_name),
            attempts.join(",")
        )
    });
    let expected = [
        "examination undergraduate  : Chemistry",
        "institution graduate Heron Valley College : Latin",
        "institution graduate Heron Valley College Autumn 2023: Mosses of the North",
    ];
    assert_eq!(blocks.collect::<Vec<_>>(), expected);
    assert_eq!(record.transfers[2].attempts[0].credits.to_string(), "2.5");
    assert_eq!(shown(&record.stated[1].label), "Heron Valley College, Autumn 2023, Average of ten");
    assert_eq!(shown(&record.stated[1].gpa), "8.10");
}

#[test]
fn a_batch_in_latin_1_is_read_by_local_names() {
    let record = read(BATCH_1_4);
    assert_eq!(record.student.names.legal.printed(), "Zoë Moss");
    assert_eq!(record.student.names.former[0].printed(), "Fern");
    assert_eq!((record.student.id.as_str(), shown(&record.student.birth)), ("A-9", "02-29".to_owned()));
    let term = &record.terms[0];
    assert_eq!((term.level.as_str(), lines(&term.notes)), ("undergraduate", vec!["College sophomore"]));
    assert_eq!((term.stated[0].span.word(), shown(&term.stated[0].gpa)), ("term", "4.00".to_owned()));
}

#[test]
fn the_least_that_an_old_system_sends_is_enough() {
    let record = read(UNNAMESPACED);
    assert_eq!(record.student.id.as_str(), "0042");
    assert_eq!(record.student.names.legal.printed(), "O'Neill & Roe");
    assert_eq!(shown(&record.student.birth), "1999-12-31");
    let institution = record.institution.expect("the sender");
    assert_eq!((institution.name.as_str(), institution.codes[0].1.as_str()), ("Collège d'Aulne", "CS9"));
    let term = &record.terms[0];
    assert_eq!((term.designator.to_string(), term.name.as_str()), ("2003-01".to_owned(), "Hiver 2003"));
    assert_eq!((term.level.as_str(), term.attempts.len()), ("postsecondary", 1));
    assert_eq!(term.attempts[0].grade, None);
}

#[test]
fn utf_16_is_read() {
    let text = std::str::from_utf8(UNNAMESPACED).expect("UTF-8");
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    assert_eq!(pesc::read(&bytes), pesc::read(UNNAMESPACED));
}

#[test]
fn every_problem_is_listed_at_once_with_its_place_and_no_value() {
    let xml = include_bytes!("../pesc/malformed.xml");
    let session = "CollegeTranscript/Student/AcademicRecord/AcademicSession[1]";
    let expected = [
        "missing-element@CollegeTranscript/TransmissionData/Source/Organization/OrganizationName".to_owned(),
        "missing-element@CollegeTranscript/Student/Person/SchoolAssignedPersonID".to_owned(),
        "missing-element@CollegeTranscript/Student/Person/Name".to_owned(),
        "bad-date@CollegeTranscript/Student/Person/Birth/BirthDate".to_owned(),
        "missing-element@CollegeTranscript/Student/AcademicRecord/AcademicAward/AcademicAwardTitle".to_owned(),
        "bad-date@CollegeTranscript/Student/AcademicRecord/AcademicAward/AcademicAwardDate".to_owned(),
        format!("bad-date@{session}/AcademicSessionDetail/SessionDesignator"),
        format!("dates-reversed@{session}/AcademicSessionDetail"),
        format!("missing-element@{session}/Course[1]/CourseCreditValue"),
        format!("bad-decimal@{session}/Course[2]/CourseCreditValue"),
        format!("missing-course@{session}/Course[2]"),
        format!("bad-grade@{session}/Course[2]/CourseAcademicGrade"),
        format!("bad-credits@{session}/Course[3]/CourseCreditValue"),
        format!("bad-text@{session}/Course[3]/CourseNumber"),
        format!("bad-decimal@{session}/AcademicSummary/GPA/GradePointAverage"),
        "missing-element@CollegeTranscript/Student/AcademicRecord/AcademicSession[2]/AcademicSessionDetail".to_owned(),
    ];
    let mut found = places(xml);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found, expected);
    assert!(problems(xml).iter().all(|problem| !format!("{problem:?}").contains("Zephyrine")));
}

#[test]
fn hostile_documents_are_refused() {
    assert_eq!(places(include_bytes!("../pesc/doctype-bomb.xml")), ["doctype@line 6"]);
    assert!(places(include_bytes!("../pesc/truncated.xml"))[0].starts_with("xml-syntax@"));
    let deep = format!("{}x{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    assert!(places(deep.as_bytes())[0].starts_with("too-deep@line 1"));
    let wide = format!("<a>{}</a>", "<b/>".repeat(300_000));
    assert!(places(wide.as_bytes())[0].starts_with("too-many@line 1"));
    let courses = format!(
        "<CollegeTranscript><Student><AcademicRecord>{}</AcademicRecord></Student></CollegeTranscript>",
        "<Course/>".repeat(200_000)
    );
    assert_eq!(places(courses.as_bytes()), ["too-many@"]);
    assert_eq!(places(&vec![b' '; 8 * 1024 * 1024 + 1]), ["too-large@"]);
    for broken in ["", "plain text", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", "<a>&#0;</a>", "<a", "</a>", "&amp;"] {
        assert_eq!(places(broken.as_bytes()).len(), 1, "{broken}");
    }
    assert_eq!(places(b"<a>\xFF</a>"), ["bad-encoding@"]);
    assert_eq!(places(b"<?xml version='1.0' encoding='EBCDIC'?><a/>"), ["unknown-encoding@"]);
}

#[test]
fn cutting_the_document_anywhere_never_gives_a_record() {
    for length in (0..RELEASE_1_8.len() - 30).step_by(97) {
        assert!(pesc::read(&RELEASE_1_8[..length]).is_err(), "cut after {length} bytes");
    }
}

#[test]
fn one_transcript_and_one_student_at_a_time() {
    assert_eq!(places(b"<HighSchoolTranscript/>"), ["no-transcript@"]);
    let transcript = "</CT:CollegeTranscript><CollegeTranscript/>";
    assert_eq!(places(&batch_with("</CT:CollegeTranscript>", transcript)), ["several-transcripts@"]);
    let students = places(&batch_with("</Student>", "</Student><Student/>"));
    assert_eq!(students, ["several-students@CollegeTranscript"]);
    let none =
        batch_with("CT:CollegeTranscript xmlns", "CT:CollegeTranscript><TransmissionData/></CT:CollegeTranscript><x a");
    assert!(pesc::read(&none).is_err());
}

#[test]
fn a_school_that_is_the_sender_in_other_letters_keeps_its_term() {
    let record = read(BATCH_1_4);
    assert_eq!((record.terms.len(), record.transfers.len()), (1, 0));
    let elsewhere = pesc::read(&batch_with("LARKSPUR  STATE UNIVERSITY.", "Heron Valley College")).expect("valid");
    assert_eq!((elsewhere.terms.len(), elsewhere.transfers.len()), (0, 1));
    assert_eq!(shown(&elsewhere.stated[0].gpa), "4.00");
}

#[test]
fn every_document_read_survives_json() {
    for xml in [RELEASE_1_8, BATCH_1_4, UNNAMESPACED] {
        let record = read(xml);
        assert_eq!(record_json::read(record_json::write(&record).as_bytes()).as_ref(), Ok(&record));
    }
}

#[test]
fn what_the_sender_marks_as_partial_or_unofficial_stays_so() {
    let record = read(RELEASE_1_8);
    assert!(record.partial);
    let holds: Vec<_> = record.holds.iter().map(|hold| (hold.code.as_str(), hold.blocks_transcript)).collect();
    assert_eq!(holds, [("SENDER-UNOFFICIAL", true)]);
    let plain = read(UNNAMESPACED);
    assert_eq!((plain.partial, plain.holds.len()), (false, 0));
}

/// The un-namespaced document with more in place of the end of an element.
fn with_more(end: &str, more: &str) -> Vec<u8> {
    let text = String::from_utf8(UNNAMESPACED.to_vec()).unwrap();
    let at = text.rfind(end).expect("the fixture has no such element");
    format!("{}{more}{}", &text[..at], &text[at..]).into_bytes()
}

#[test]
fn more_than_a_record_may_hold_is_refused_before_it_is_read() {
    // 6,000 courses of alternating levels, each of them wrong: none is looked at.
    let course = |index: usize| {
        let level = ["Undergraduate", "Graduate"][index % 2];
        format!("<Course><CourseCreditLevel>{level}</CourseCreditLevel></Course>")
    };
    let courses: String = (0..6_000).map(course).collect();
    assert_eq!(places(&with_more("</AcademicSession>", &courses)), ["too-many@"]);
    let sessions = "<AcademicSession/>".repeat(2_500);
    assert_eq!(places(&with_more("</AcademicRecord>", &sessions)), ["too-many@"]);
}

#[test]
fn lists_of_a_document_are_held_to_the_same_counts_as_those_of_json() {
    for (count, refused) in [(400, false), (501, true)] {
        let notes = "<NoteMessage>Kept</NoteMessage>".repeat(count);
        let xml = with_more("</AcademicRecord>", &notes);
        match refused {
            true => assert_eq!(places(&xml), ["too-many@notes"]),
            false => assert_eq!(record_json::read(record_json::write(&read(&xml)).as_bytes()), Ok(read(&xml))),
        }
    }
}
