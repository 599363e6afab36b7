//! Thirteen shapes of repeat policies, each as its institution words it, with figures worked by hand.

use crate::gpa_records::*;
use crate::gpa_repeat_records::*;
use registrary::domain::{Attempt, BalanceOrigin, RepeatTreatment};

/// Shape 1: University of North Texas: "the first instance of the UNT course will be excluded from the student's
/// UNT-CGPA"; every later one counts (registrar.unt.edu, records). Left out it stays attempted here, as in Banner.
/// F, D, B in three hours each: D and B count, (3 + 9) / 6 = 2.00; three hours are earned.
#[test]
fn shape_1_only_the_first_attempt_is_removed_north_texas() {
    let level = yearly(&letters("counts = \"all_but_first\""), "MATH 1100", &["F", "D", "B"]);
    assert_eq!(marks(&level), "EAI");
    assert_eq!(rules(&level), ["repeat-all-but-first-count"; 3]);
    assert_eq!(totals(&level), figures("9", "3", "6", "12.00", "2.00"));
}

/// Shape 2: University of Memphis (registrar, repeats.php): BIOL 1120 D in Fall 2010, A in Summer 2012: the first is "E
/// (Excluded)", attempt 2 "and ALL later attempts" count; the last stands "even if lower (D then F -> F stands)"; a
/// three-hour course passed twice in three tries earns three.
/// F, C, B: (6 + 9) / 6 = 2.50. D, F: 0 / 3. D, C, F: (6 + 0) / 6 = 1.00 and no credit, for F stands.
#[test]
fn shape_2_the_last_stands_even_if_lower_memphis() {
    let memphis = letters("counts = \"all_but_first\"\nstanding = \"last\"");
    let published = level(
        &memphis,
        vec![("2010-09", vec![of("BIOL 1120", "D", "3")]), ("2012-06", vec![of("BIOL 1120", "A", "3")])],
    );
    assert_eq!(marks(&published), "EI");
    let first = &published.terms[0].attempts[0];
    assert_eq!(first.quality_points.map(|points| points.to_string()).as_deref(), Some("3.00"));
    assert_eq!(totals(&published), figures("6", "3", "3", "12.00", "4.00"));
    assert_eq!(totals(&yearly(&memphis, "BIOL 1120", &["F", "C", "B"])), figures("9", "3", "6", "15.00", "2.50"));
    assert_eq!(totals(&yearly(&memphis, "BIOL 1120", &["D", "F"])), figures("6", "0", "3", "0.00", "0.00"));
    let three = yearly(&memphis, "BIOL 1120", &["D", "C", "F"]);
    assert_eq!((marks(&three).as_str(), totals(&three)), ("EAI", figures("9", "0", "6", "6.00", "1.00")));
}

/// Shape 3: Columbus schools: "The highest grade should count for credit and toward Cum GPA"; "The lower grade will remain
/// on the transcript, but earned credit needs to be '0.00' and it should NOT count in Cum GPA". Simon Fraser marks the
/// lower one as the duplicate. B then C: 9 / 3; C then B: 9 / 3.
#[test]
fn shape_3_the_best_counts_columbus_and_simon_fraser() {
    let columbus = letters("counts = \"best\"");
    let (down, up) = (yearly(&columbus, "ART 1", &["B", "C"]), yearly(&columbus, "ART 1", &["C", "B"]));
    assert_eq!((marks(&down).as_str(), marks(&up).as_str()), ("IE", "EI"));
    assert_eq!(
        (totals(&down), totals(&up)),
        (figures("6", "3", "3", "9.00", "3.00"), figures("6", "3", "3", "9.00", "3.00"))
    );
    let four = yearly(&columbus, "ART 1", &["C", "B", "D", "B"]);
    assert_eq!((marks(&four).as_str(), totals(&four)), ("EEEI", figures("12", "3", "3", "9.00", "3.00")));
}

/// Shape 4: Berkeley: courses with "D+, D, D-, or F" may be repeated; "only the most recently earned grades and grade points
/// are used for the first 12 units repeated. In case of further repetitions, the grade-point average is based on all
/// grades assigned". Units count once; until a repeat that is incomplete has its grade, the old one counts.
/// Four courses of 4 units: F, D, F, D, then C, B, B, A. Three are replaced (12 units), the fourth is averaged:
/// 8 + 12 + 12 + (4 + 16) = 52 over 12 + 8 = 20 units: 2.60.
#[test]
fn shape_4_replace_within_a_cap_then_average_berkeley() {
    let berkeley = school("counts = \"last\"\nold_at_most = \"D+\"\ncap = { credits = \"12\" }");
    let of_year = |codes: [&str; 4], grades: [&str; 4]| {
        codes.iter().zip(grades).map(|(code, grade)| of(code, grade, "4")).collect::<Vec<Attempt>>()
    };
    let courses = ["CHEM 1A", "CHEM 1B", "CHEM 3A", "MATH 1A"];
    let terms = vec![
        ("2010-08", of_year(courses, ["F", "D", "F", "D"])),
        ("2011-08", of_year(courses, ["C", "B", "B", "incomplete"])),
        ("2012-01", vec![of("MATH 1A", "A", "4")]),
    ];
    let all = level(&berkeley, terms);
    assert_eq!(marks(&all), "EEEAIII-I");
    assert_eq!((rules(&all)[3], rules(&all)[8]), ("repeat-credit-cap", "repeat-credit-cap"));
    assert_eq!(totals(&all), figures("36", "16", "20", "52.00", "2.60"));
}

/// Shape 5: Arkansas - Fort Smith: on request, within 12 hours, only a first attempt may be replaced: MATH 1403 F (E), D (A),
/// B (I): D and B in the GPA, B alone for the degree, 3 of 12 hours used. (3 + 9) / 6 = 2.00.
/// UMass Lowell: "a maximum of 15 semester credits" to remove "grades of C- or below", on a form the student files.
#[test]
fn shape_5_on_request_within_a_cap_fort_smith_and_lowell() {
    let fort_smith = "recorded = \"requests\"\ncounts = \"all_but_first\"\ncap = { credits = \"12\" }";
    let asked = |asked: bool| {
        let first = of("MATH 1403", "F", "3");
        let first = if asked { marked(first, RepeatTreatment::Excluded) } else { first };
        let again = vec![("2019-01", vec![of("MATH 1403", "D", "3")]), ("2019-06", vec![of("MATH 1403", "B", "3")])];
        level(&letters(fort_smith), [vec![("2018-09", vec![first])], again].concat())
    };
    let published = asked(true);
    assert_eq!(marks(&published), "EAI");
    let in_degree: Vec<bool> = published.terms.iter().map(|term| term.attempts[0].in_degree).collect();
    assert_eq!(in_degree, [false, false, true]);
    assert_eq!(totals(&published), figures("9", "3", "6", "12.00", "2.00"));
    let never_asked = asked(false);
    assert_eq!((marks(&never_asked).as_str(), rules(&never_asked)[0]), ("AAI", "repeat-not-requested"));
    assert_eq!(totals(&never_asked), figures("9", "3", "9", "12.00", "1.33"));

    // Five courses of 4 credits, all asked for: three fit into 15, the others are averaged: 5 x 16 + 2 x 0 over 28.
    let lowell = school("recorded = \"requests\"\ncounts = \"last\"\nold_at_most = \"C-\"\ncap = { credits = \"15\" }");
    let codes = ["BIO 1", "BIO 2", "BIO 3", "BIO 4", "BIO 5"];
    let failed = codes.iter().map(|code| marked(of(code, "F", "4"), RepeatTreatment::Excluded)).collect();
    let again = codes.iter().map(|code| of(code, "A", "4")).collect();
    let level = level(&lowell, vec![("2010-09", failed), ("2011-09", again)]);
    assert_eq!((marks(&level).as_str(), totals(&level)), ("EEEAAIIIII", figures("40", "20", "28", "80.00", "2.85")));
}

/// Shape 5: by level: three repeats for undergraduates, one for graduates. Two F repeated as A at the graduate level: one is
/// replaced, the other averaged: (12 + 12 + 0) / 9 = 2.66; undergraduate both are replaced: 24 / 6.
#[test]
fn shape_5_the_number_of_repeats_is_capped_by_level() {
    let file = "extends = \"whole-letters\"\n[repeats]\ncounts = \"last\"\ncap = { repeats = 3 }\n\
                [levels.graduate.repeats]\ncounts = \"last\"\ncap = { repeats = 1 }";
    let policy = registrary::gpa::Policy::from_toml(file).expect("valid");
    let at = |level: &str| {
        let year = |grade: &str| vec![of("LAW 501", grade, "3"), of("LAW 502", grade, "3")];
        let terms = vec![term("2010-09", level, year("F")), term("2011-09", level, year("A"))];
        judged(&record(terms), &policy).remove(0)
    };
    assert_eq!((marks(&at("undergraduate")).as_str(), totals(&at("undergraduate")).4.as_str()), ("EEII", "4.00"));
    let graduate = at("graduate");
    assert_eq!((marks(&graduate).as_str(), rules(&graduate)[1]), ("EAII", "repeat-count-cap"));
    assert_eq!(totals(&graduate), figures("12", "6", "9", "24.00", "2.66"));
}

/// Shape 6: Tennessee Tech's handout: 60 hours and 123 points; HIST 2301 D repeated as B in a term of 14 hours and 50 points.
/// Before replacement 74 hours, 173 points; after it 71 hours, 170 points: 2.394.
#[test]
fn shape_6_thresholds_tennessee_tech() {
    let repeats = "rounding = { mode = \"truncate\", places = 3 }\nextends = \"whole-letters\"\n[repeats]\n\
                   counts = \"last\"\nold_at_most = \"D\"\nnew_at_least = \"C\"";
    let policy = registrary::gpa::Policy::from_toml(repeats).expect("valid");
    let new =
        vec![of("HIST 2301", "B", "3"), of("ENGL 1301", "B", "3"), of("MATH 1530", "A", "5"), of("ART 1309", "A", "3")];
    let terms =
        vec![term("2014-08", UNDERGRADUATE, vec![of("HIST 2301", "D", "3")]), term("2015-01", UNDERGRADUATE, new)];
    let mut student = record(terms);
    student.balances = vec![balance(BalanceOrigin::Institution, None, "57", "120")];
    let level = judged(&student, &policy).remove(0);
    assert_eq!(
        (level.terms[1].term.gpa_hours, level.terms[1].term.quality_points_displayed),
        (credits("14"), decimal("50"))
    );
    let after = level.institution;
    assert_eq!((after.gpa_hours, after.quality_points_displayed), (credits("71"), decimal("170")));
    assert_eq!(after.gpa.map(|gpa| gpa.displayed.to_string()).as_deref(), Some("2.394"));
}

/// Shape 6: Mary Washington: "original grades were C-, D+, D, F or FA"; "the grade in the repeated course is the grade that
/// determines the student's grade-point average"; "No course may be repeated more than once".
/// C- then B: 9 / 3. C then B: not repeatable, both count, (6 + 9) / 6 = 2.50. With a new grade of C required, D then
/// D+: both count, (3 + 3.9) / 6 = 1.15. D, F, B: F replaces D, and the one repeat is used: (0 + 9) / 6 = 1.50.
#[test]
fn shape_6_thresholds_mary_washington() {
    let once = "counts = \"last\"\nold_at_most = \"C-\"\ncap = { repeats = 7, per_course = 1 }";
    let gpa = |rules: &str, grades: &[&str]| totals(&yearly(&school(rules), "HIST 101", grades)).4;
    assert_eq!(gpa(once, &["C-", "B"]), "3.00");
    assert_eq!(gpa(once, &["C", "B"]), "2.50");
    assert_eq!(gpa(once, &["D", "F", "B"]), "1.50");
    let with_new = "counts = \"last\"\nold_at_most = \"C-\"\nnew_at_least = \"C\"";
    assert_eq!(gpa(with_new, &["D", "D+"]), "1.15");
    // The C passes the threshold that D+ did not: it replaces both.
    assert_eq!(gpa(with_new, &["D", "D+", "C"]), "2.00");
    let reasons = rules(&yearly(&school(with_new), "HIST 101", &["D", "D+"]));
    assert_eq!(reasons, ["repeat-new-grade-too-low"; 2]);
}

/// Shape 7: NJIT (registrar, node 145): for course numbers up to 299 "the lower of the first two grades is excluded, all
/// others included"; from 300 on "all grades included". MATH 111: D, F, B: F is left out, (3 + 9) / 6 = 2.00.
/// MATH 331: D, B: both count, (3 + 9) / 6 = 2.00; F, C, B: (0 + 6 + 9) / 9 = 1.66.
#[test]
fn shape_7_by_course_number_njit() {
    let njit =
        letters("counts = \"all\"\nby_number = [{ highest = 299, counts = \"best\", cap = { per_course = 1 } }]");
    let low = yearly(&njit, "MATH 111", &["D", "F", "B"]);
    assert_eq!((marks(&low).as_str(), totals(&low)), ("AEI", figures("9", "3", "6", "12.00", "2.00")));
    assert_eq!(marks(&yearly(&njit, "MATH 111", &["F", "C", "B"])), "EAI");
    let high = yearly(&njit, "MATH 331", &["D", "B"]);
    assert_eq!((marks(&high).as_str(), totals(&high)), ("AI", figures("6", "3", "6", "12.00", "2.00")));
    assert_eq!(totals(&yearly(&njit, "MATH 331", &["F", "C", "B"])), figures("9", "3", "9", "15.00", "1.66"));
}

/// Shape 8: MIT (registrar, calculating GPA): five points for an A, and repeats all count. C then A in 12 units:
/// (3 x 12 + 5 x 12) / 24 = 4.00, credit once.
#[test]
fn shape_8_all_count_mit() {
    let level = yearly(&read("five-point", "counts = \"all\""), "PHYS 801", &["C", "A"]);
    assert_eq!((marks(&level).as_str(), rules(&level)), ("AI", vec!["repeat-all-count"; 2]));
    assert_eq!(totals(&level), figures("6", "3", "6", "24.00", "4.00"));
}

/// Shape 9: Cabrillo's counseling manual: where the first grade was satisfactory (CR, C, B or A), the FIRST counts; where it
/// was sub-standard (NC, D or F) and the repeat is NC or W, the ORIGINAL stays in units and GPA (their system dropped
/// it). D then B: B counts.
#[test]
fn shape_9_a_pass_stays_and_no_credit_replaces_nothing_cabrillo() {
    let cabrillo = letters("counts = \"last\"\nold_at_most = \"D\"\notherwise = \"keep_old\"");
    let judged = |grades: &[&str]| {
        let level = yearly(&cabrillo, "ENGL 1", grades);
        (marks(&level), totals(&level))
    };
    assert_eq!(judged(&["C", "A"]), ("IE".into(), figures("6", "3", "3", "6.00", "2.00")));
    assert_eq!(judged(&["B", "F"]), ("IE".into(), figures("6", "3", "3", "9.00", "3.00")));
    assert_eq!(judged(&["CR", "B"]), ("IE".into(), figures("6", "3", "0", "0.00", "none")));
    assert_eq!(judged(&["D", "NC"]), ("--".into(), figures("6", "3", "3", "3.00", "1.00")));
    assert_eq!(judged(&["F", "W"]), ("--".into(), figures("6", "0", "3", "0.00", "0.00")));
    assert_eq!(judged(&["D", "B"]), ("EI".into(), figures("6", "3", "3", "9.00", "3.00")));
}

/// Shape 10: Pass or no pass against letters. Cuyahoga: "the P/NP option cannot be used when repeating a course in which a
/// previous letter grade was earned"; Berkeley: an NP may be repeated "on either a Passed/Not Passed (P/NP) basis or a
/// letter graded basis". Clackamas decides by a table of pairs, which we could
/// not read in full: the two flags say each pair apart.
/// D then P: D stays, 3 / 3; where a pass replaces letters, no GPA is left. P then B: the letter counts, or P stays
/// beside it: credit once in every case.
#[test]
fn shape_10_pass_and_letter_clackamas() {
    let judged = |more: &str, grades: &[&str]| {
        let level = yearly(&letters(&format!("counts = \"last\"\n{more}")), "WR 121", grades);
        (marks(&level), totals(&level))
    };
    assert_eq!(judged("", &["D", "P"]), ("IA".into(), figures("6", "3", "3", "3.00", "1.00")));
    let replaces = "pass_replaces_letter = true";
    assert_eq!(judged(replaces, &["D", "P"]), ("EI".into(), figures("6", "3", "0", "0.00", "none")));
    assert_eq!(judged("", &["P", "B"]), ("EI".into(), figures("6", "3", "3", "9.00", "3.00")));
    let kept = "letter_replaces_pass = false";
    assert_eq!(judged(kept, &["P", "F"]), ("IA".into(), figures("6", "3", "3", "0.00", "0.00")));
    assert_eq!(judged("", &["NP", "B"]), ("--".into(), figures("6", "3", "3", "9.00", "3.00")));
    assert_eq!(judged(replaces, &["B", "NP"]), ("--".into(), figures("6", "3", "3", "9.00", "3.00")));
}

/// Shape 11: Jenzabar, "Alter GPA starting with original term of forgiven course": if unselected, "the original term's GPA
/// is not recalculated, and the course is not calculated as forgiven until the term it is repeated". A term of 3.0,
/// 3.0, 3.0 and 1.0 stands at 2.5 (published); the repeat is a 4.0. From the repeat on the cumulative is
/// (9 + 9 + 9 + 12) / 12 = 3.25. Altered, the original term is 27 / 9 = 3.00 by leaving the old grade out. (Jenzabar's
/// own altered term takes the repeat's grade instead, 3.25: there it would count in two terms, which we do not do.)
#[test]
fn shape_11_the_original_term_or_only_from_the_repeat_on_jenzabar() {
    let printed = |changes: &str| {
        let policy = letters(&format!("counts = \"last\"\nchanges = \"{changes}\""));
        let x = [("A 1", "B"), ("A 2", "B"), ("A 3", "B"), ("A 4", "D")].map(|(code, grade)| of(code, grade, "3"));
        let level = level(&policy, vec![("2010-09", x.into()), ("2011-01", vec![of("A 4", "A", "3")])]);
        let gpa = |summary: &registrary::gpa::CreditSummary| {
            summary.gpa.map(|gpa| gpa.displayed.to_string()).unwrap_or_default()
        };
        let mut gpas: Vec<String> = level.terms.iter().flat_map(|t| [gpa(&t.term), gpa(&t.cumulative)]).collect();
        gpas.push(gpa(&level.overall));
        (marks(&level), gpas)
    };
    let (marks, from_repeat_on) = printed("repeat_term");
    assert_eq!(
        (marks.as_str(), from_repeat_on),
        ("---EI", ["2.50", "2.50", "4.00", "3.25", "3.25"].map(str::to_owned).into())
    );
    assert_eq!(printed("original_term").1, ["3.00", "3.00", "4.00", "3.25", "3.25"]);
}

/// Shape 12: Memphis: transferred repeats count, but not those of Summer 2015 to Summer 2019. A D at the institution, then an
/// A elsewhere: before and after the window the D is left out and the A gives the credit; within it the D stays in the
/// GPA and gives the credit, and the A elsewhere gives none a second time.
#[test]
fn shape_12_transferred_repeats_by_date_memphis() {
    let memphis = letters(
        "counts = \"all_but_first\"\ntransfer = true\nlater = [\n{ from = \"2015-06\", counts = \"all_but_first\" },\n\
         { from = \"2019-09\", counts = \"all_but_first\", transfer = true }]",
    );
    let repeated = |here: &str, elsewhere: &str| {
        let mut student = record(vec![term(here, UNDERGRADUATE, vec![of("HIST 2010", "D", "3")])]);
        student.transfers = vec![earned_elsewhere(elsewhere, vec![of("HIST 2010", "A", "3")])];
        let level = judged(&student, &memphis).remove(0);
        let there = level.transfers[0].attempts[0].repeat.map_or("-", |repeat| repeat.indicator());
        (marks(&level), there, totals(&level), level.overall.credits_earned)
    };
    for (here, elsewhere) in [("2013-09", "2015-01"), ("2014-09", "2019-09"), ("2018-09", "2020-01")] {
        let replaced = repeated(here, elsewhere);
        assert_eq!(replaced, ("E".into(), "I", figures("3", "0", "0", "0.00", "none"), credits("3")), "{elsewhere}");
    }
    for elsewhere in ["2015-06", "2017-01", "2019-06"] {
        let stays = repeated("2014-09", elsewhere);
        assert_eq!(stays, ("I".into(), "A", figures("3", "3", "3", "3.00", "1.00"), credits("3")), "{elsewhere}");
    }
}

/// Shape 13: Memphis: an I not removed "within 45 days" "will be changed to F". Until then it neither counts nor replaces; the
/// record then says that it lapsed, and the F it has become is an attempt like any other. (The days are the student
/// system's to count: judging a record reads no clock.) D then I: 3 / 3; lapsed: 0 / 3.
#[test]
fn shape_13_an_incomplete_replaces_nothing_until_it_lapses_memphis() {
    let memphis = letters("counts = \"all_but_first\"\nstanding = \"last\"");
    let open = yearly(&memphis, "BIOL 1120", &["D", "incomplete"]);
    assert_eq!((marks(&open).as_str(), totals(&open)), ("--", figures("6", "3", "3", "3.00", "1.00")));
    let lapsed = yearly(&memphis, "BIOL 1120", &["D", "incomplete-not-resolved-fail"]);
    assert_eq!((marks(&lapsed).as_str(), totals(&lapsed)), ("EI", figures("6", "0", "3", "0.00", "0.00")));
    let under_way = yearly(&memphis, "BIOL 1120", &["D", "in-progress"]);
    assert_eq!((marks(&under_way).as_str(), totals(&under_way)), ("--", figures("3", "3", "3", "3.00", "1.00")));
}
