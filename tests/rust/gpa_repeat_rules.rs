//! What else the rules for repeats say: marks of the record, equivalents, refusals, and plain attempts.

use crate::gpa_records::*;
use crate::gpa_repeat_records::*;
use registrary::domain::{Attempt, Error, RepeatTreatment};
use registrary::gpa::{PlainAttempt, Policy, calculate_gpa};

fn problems(repeats: &str) -> Vec<(&'static str, String)> {
    match Policy::from_toml(&format!("extends = \"whole-letters\"\n[repeats]\n{repeats}")) {
        Err(Error::Policy(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused as a policy: {other:?}"),
    }
}

fn two_years(policy: &Policy, first: Attempt, second: Attempt) -> registrary::gpa::LevelEvaluation {
    level(policy, vec![("2010-09", vec![first]), ("2011-09", vec![second])])
}

/// The registrar's own E stands, and the attempt beside it counts; a policy that ignores marks judges both anew.
#[test]
fn a_recorded_mark_stands_unless_the_policy_ignores_it() {
    let record = |mark| (marked(of("ENG 1", "C", "3"), mark), of("ENG 1", "B", "3"));
    let judged = |policy: &str, mark| {
        let (first, second) = record(mark);
        let level = two_years(&letters(policy), first, second);
        (marks(&level), rules(&level))
    };
    let excluded = judged("counts = \"first\"", RepeatTreatment::Excluded);
    assert_eq!(excluded, ("EI".into(), vec!["recorded-repeat-excluded", "repeat-beside-recorded"]));
    let ignored = judged("counts = \"first\"\nrecorded = \"ignore\"", RepeatTreatment::Excluded);
    assert_eq!(ignored, ("IE".into(), vec!["repeat-first-counts"; 2]));
    // The mark gives the credit to the first: the second counts, and earns nothing a second time.
    let included = judged("counts = \"last\"", RepeatTreatment::Included);
    assert_eq!(included, ("IA".into(), vec!["recorded-repeat-included", "repeat-beside-recorded"]));
}

/// What the record leaves out has used the cap too: of two courses, one marked E, only one credit cap of 3 is left.
#[test]
fn a_recorded_exclusion_uses_the_cap() {
    let policy = letters("counts = \"last\"\ncap = { credits = 3 }");
    let first = vec![marked(of("ENG 1", "F", "3"), RepeatTreatment::Excluded), of("ENG 2", "F", "3")];
    let again = vec![of("ENG 1", "A", "3"), of("ENG 2", "A", "3")];
    let level = level(&policy, vec![("2010-09", first), ("2011-09", again)]);
    assert_eq!((marks(&level).as_str(), rules(&level)[1]), ("EAII", "repeat-credit-cap"));
    assert_eq!(totals(&level), figures("12", "6", "9", "24.00", "2.66"));
}

#[test]
fn equivalent_courses_are_one_and_repeatable_ones_never_repeats() {
    let policy = letters(
        "counts = \"last\"\nequivalent = [[\"MATH 101\", \"MATH 111\", \"MAT 11\"]]\nrepeatable = [\"MUS 100\"]",
    );
    let renamed = two_years(&policy, of("MAT 11", "F", "3"), of("MATH 111", "B", "3"));
    assert_eq!((marks(&renamed).as_str(), totals(&renamed)), ("EI", figures("6", "3", "3", "9.00", "3.00")));
    let other = two_years(&policy, of("MATH 101", "F", "3"), of("MATH 102", "B", "3"));
    assert_eq!(marks(&other), "--");
    let choir = two_years(&policy, of("MUS 100", "B", "1"), of("MUS 100", "A", "1"));
    assert_eq!((marks(&choir).as_str(), totals(&choir)), ("--", figures("2", "2", "2", "7.00", "3.50")));
}

/// WF has zero points and counts; the policy says that it replaces nothing, and a status of withdrawal says so too.
#[test]
fn a_withdrawal_with_points_counts_and_replaces_nothing() {
    for (rule, again) in [("never_replace = [\"WF\"]", "WF"), ("", "withdrew-failing")] {
        let level = yearly(&letters(&format!("counts = \"last\"\n{rule}")), "ENG 1", &["C", again]);
        assert_eq!((marks(&level).as_str(), rules(&level)), ("IA", vec!["repeat-may-not-replace"; 2]), "{again}");
        assert_eq!(totals(&level), figures("6", "3", "6", "6.00", "1.00"));
    }
    assert_eq!(marks(&yearly(&letters("counts = \"last\""), "ENG 1", &["C", "WF"])), "EI");
}

/// The scale of marks has 0 to 49 as F: a mark is as much that grade as the letter.
#[test]
fn a_grade_that_never_replaces_is_known_by_its_mark() {
    let file = "no_gpa = [\"W\"]\n[scale]\nA = {points = 4, marks = [50, 100]}\nF = {points = 0, marks = [0, 49]}\n\
                [repeats]\ncounts = \"last\"\nnever_replace = [\"F\"]\n";
    let policy = Policy::from_toml(file).expect("a policy");
    for again in ["F", "31"] {
        let level = yearly(&policy, "ENG 1", &["80", again]);
        assert_eq!((marks(&level).as_str(), rules(&level)), ("IA", vec!["repeat-may-not-replace"; 2]), "{again}");
    }
    assert_eq!(marks(&yearly(&policy, "ENG 1", &["31", "80"])), "EI");
}

/// The rule of the term in which the course is repeated decides.
#[test]
fn a_rule_that_changed_holds_for_repeats_from_its_term_on() {
    let policy = letters("counts = \"all\"\nlater = [{ from = \"2012-01\", counts = \"last\" }]");
    assert_eq!(marks(&yearly(&policy, "ENG 1", &["F", "B"])), "AI");
    assert_eq!(marks(&yearly(&policy, "ENG 1", &["F", "D", "B"])), "EEI");
}

#[test]
fn a_level_has_rules_of_its_own_or_those_in_general() {
    let file = "extends = \"whole-letters\"\n[repeats]\ncounts = \"last\"\n[levels.graduate.repeats]\ncounts = \"all\"\n\
                [levels.law]\ntransfer_in_gpa = true";
    let policy = Policy::from_toml(file).expect("valid");
    let at = |level: &str| {
        let terms =
            vec![term("2010-09", level, vec![attempt("F", "3")]), term("2011-09", level, vec![attempt("A", "3")])];
        marks(&judged(&record(terms), &policy)[0])
    };
    assert_eq!(["undergraduate", "law", "graduate"].map(at), ["EI", "EI", "AI"]);
}

#[test]
fn a_transferred_repeat_without_a_term_is_refused_where_transfers_repeat() {
    let student = || {
        let mut student = record(vec![term("2010-09", UNDERGRADUATE, vec![of("ENG 1", "D", "3")])]);
        student.transfers = vec![transfer(UNDERGRADUATE, vec![of("ART 1", "B", "3"), of("ENG 1", "A", "3")])];
        student
    };
    let policy = letters("counts = \"last\"\ntransfer = true");
    assert_eq!(refused(&student(), &policy), [("repeat-without-term", "transfers[0].attempts[1]".to_owned())]);
    let apart = &judged(&student(), &letters("counts = \"last\""))[0];
    assert_eq!(
        (marks(apart).as_str(), rules(apart), apart.overall.credits_earned),
        ("I", vec!["repeat-elsewhere"], credits("6"))
    );
}

/// Mary Washington: one who passes elsewhere what was failed here "will receive transfer credits, but the UMW record
/// will still include the credits attempted (and therefore the grade-point average penalty)": F stays, 3 are earned.
#[test]
fn what_is_passed_elsewhere_earns_and_the_failure_here_stays() {
    let mut student = record(vec![term("2010-09", UNDERGRADUATE, vec![of("ENG 1", "F", "3")])]);
    student.transfers = vec![earned_elsewhere("2011-06", vec![of("ENG 1", "B", "3")])];
    let level = judged(&student, &letters("counts = \"last\"")).remove(0);
    assert_eq!((marks(&level).as_str(), totals(&level)), ("A", figures("3", "0", "3", "0.00", "0.00")));
    assert_eq!(level.overall.credits_earned, credits("3"));
}

#[test]
fn every_mistake_in_the_rules_is_listed() {
    let wrong = "recorded = \"maybe\"\nchanges = 1\ncap = {}\nold_at_most = \"Q\"\nstanding = \"first\"\ncolour = 1\n\
                 by_number = [{ lowest = 9, highest = 1, counts = \"last\" }, { counts = \"some\" }]\n\
                 equivalent = [[\"A 1\"], [\"A 1\"]]\nlater = [{ counts = \"last\" }]";
    let expected = [
        ("unknown-key", "repeats.colour"),
        ("unknown-word", "repeats.recorded"),
        ("not-a-text", "repeats.changes"),
        ("course-twice", "repeats"),
        ("no-counts", "repeats"),
        ("unknown-word", "repeats.standing"),
        ("empty-cap", "repeats.cap"),
        ("empty-range", "repeats.by_number[0]"),
        ("unknown-word", "repeats.by_number[1].counts"),
        ("no-from", "repeats.later[0]"),
    ];
    assert_eq!(problems(wrong), expected.map(|(code, place)| (code, place.to_owned())));
    let codes = |rules: &str| problems(rules).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes("counts = \"last\"\nold_at_most = \"W\""), ["grade-not-on-scale"]);
    assert_eq!(codes("counts = \"last\"\nnever_replace = [\"QQ\"]"), ["grade-not-on-scale"]);
    assert_eq!(codes("counts = \"all\"\ncap = { repeats = 1 }\nold_at_most = \"D\""), ["idle-key"; 2]);
    let overlap =
        "counts = \"all\"\nby_number = [{ highest = 299, counts = \"best\" }, { lowest = 299, counts = \"last\" }]";
    assert_eq!(problems(overlap), [("ranges-overlap", "repeats.by_number[1]".to_owned())]);
    let twice = "counts = \"all\"\nlater = [{ from = \"2012-01\", counts = \"last\" }, { from = \"2012-01\", counts = \"all\" }]";
    assert_eq!(codes(twice), ["rules-from-one-term"]);
    assert_eq!(
        codes("counts = \"last\"\ncap = { repeats = \"three\", credits = -1 }"),
        ["bad-credits", "not-a-number"]
    );
}

/// A level whose scale lacks the grade that the general rule compares with.
#[test]
fn an_inherited_rule_must_fit_the_scale() {
    let file = "extends = \"plus-minus-3\"\n[repeats]\ncounts = \"last\"\nold_at_most = \"C-\"\n\
                [levels.law]\nextends = \"whole-letters\"";
    let Err(Error::Policy(problems)) = Policy::from_toml(file) else { panic!("not refused") };
    let found: Vec<_> = problems.iter().map(|p| (p.code, p.place.as_str())).collect();
    assert_eq!(found, [("grade-not-on-scale", "levels.law.repeats")]);
}

/// No student takes a course 501 times, or is enrolled in 1001 terms: the work is bounded.
#[test]
fn more_attempts_than_anyone_has_are_refused() {
    let often = |times: usize| record(vec![term("2010-09", UNDERGRADUATE, vec![of("ENG 1", "D", "1"); times])]);
    let policy = letters("counts = \"all\"");
    assert_eq!(refused(&often(501), &policy), [("too-many-attempts", "terms".to_owned())]);
    assert_eq!(judged(&often(500), &policy)[0].institution.credits_earned, credits("1"));
    let long = |terms: usize| record((0..terms).map(|_| term("2010-09", UNDERGRADUATE, Vec::new())).collect());
    let by_term = letters("counts = \"last\"\nchanges = \"repeat_term\"");
    assert_eq!(refused(&long(1001), &by_term), [("too-many-terms", "terms".to_owned())]);
    assert_eq!(judged(&long(1000), &by_term)[0].terms.len(), 1000);
}

/// D then B under last: 9 / 3. Without course and term the GPA would be a guess: refused.
#[test]
fn plain_attempts_repeat_by_course_and_term() {
    let plain = |raw: &str, term: Option<&str>| PlainAttempt {
        grade: grade(raw),
        credits: credits("3"),
        course: term.map(|_| text("ENG 1")),
        term: term.map(text),
        level: None,
    };
    let policy = letters("counts = \"last\"");
    let gpa = calculate_gpa(&[plain("B", Some("2011-01")), plain("D", Some("2010-09"))], &policy).expect("judged");
    assert_eq!(gpa.map(|gpa| gpa.displayed.to_string()).as_deref(), Some("3.00"));
    let Err(Error::MalformedRecord(problems)) = calculate_gpa(&[plain("B", None), plain("D", Some("fall"))], &policy)
    else {
        panic!("not refused")
    };
    let found: Vec<_> = problems.iter().map(|p| (p.code, p.place.as_str())).collect();
    assert_eq!(found, [("repeat-without-course", "attempts[0]"), ("repeat-without-course", "attempts[1]")]);
}
