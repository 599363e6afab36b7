//! Standing and honours by rules, beside what the record states.

use crate::gpa_records::*;
use crate::gpa_repeat_records::UNDERGRADUATE;
use registrary::domain::{Attempt, Award, BalanceOrigin, Date, Error, GradeStatus, Level, StudentRecord};
use registrary::gpa::{Compared, LevelEvaluation, Outcome, Policy};

fn read(file: &str) -> Result<Policy, Error> {
    Policy::from_toml(&format!("extends = \"whole-letters\"\nno_gpa = [\"I\"]\n{file}"))
}

fn policy(file: &str) -> Policy {
    read(file).unwrap_or_else(|error| panic!("{error:?}"))
}

const STANDING: &str = "[standing]\nprint = true\nrecorded = {\"On probation\" = \"Probation\"}\n\
    rules = [{is = \"Dismissal\", term_gpa_below = 2, previous = [\"Probation\"], previous_times = 2},\n\
             {is = \"Probation\", cumulative_gpa_below = 2}, {is = \"Good standing\"}]\n";
const HONORS: &str = "[term_honors]\nrules = [\n\
    {is = \"President's list\", term_gpa_at_least = 4, standing = [\"Good standing\"], until = \"2021-12\"},\n\
    {is = \"Dean's list\", term_gpa_at_least = 3.5, no_grade_below = \"B\", without = [\"I\", \"W\"]}]\n";
const DEGREE: &str = "[degree_honors]\nawards = [\"Bachelor\"]\n\
    rules = [{is = \"summa cum laude\", gpa_at_least = \"3.9\", institution_earned_at_least = 10},\n\
             {is = \"cum laude\", gpa_at_least = \"3.5\", from = \"2022-01\"}]\n";

/// Terms of three credits a grade, in September of each year from 2020 on.
fn student(grades: &[&[&str]]) -> StudentRecord {
    let of = |grades: &&[&str]| grades.iter().map(|grade| attempt(grade, "3")).collect::<Vec<Attempt>>();
    let dated = |(at, grades)| term(&format!("{}-09", 2020 + at), UNDERGRADUATE, of(grades));
    record(grades.iter().enumerate().map(dated).collect())
}

fn award(title: &str, conferred: Option<Date>) -> Award {
    let level = Some(Level::undergraduate());
    let (programs, honors, notes) = (Vec::new(), Vec::new(), Vec::new());
    Award { title: text(title), level, conferred, programs, honors, thesis_title: None, notes }
}

fn title(outcome: &Option<Outcome>) -> &str {
    outcome.as_ref().map_or("none", |outcome| outcome.title.as_str())
}

fn standings(level: &LevelEvaluation) -> Vec<&str> {
    level.terms.iter().map(|term| title(&term.standing)).collect()
}

fn differences(level: &LevelEvaluation) -> Vec<(&str, &str, &str)> {
    let word = |words: &Option<registrary::domain::Text>| words.as_ref().map(|words| words.as_str().to_owned());
    let told = |d: &registrary::gpa::Difference| (d.place.clone(), word(&d.recorded), word(&d.computed));
    let leaked = level.differences.iter().map(told).map(|(place, recorded, computed)| {
        let leak = |text: Option<String>| -> &str { text.map_or("none", |text| text.leak()) };
        (place.leak() as &str, leak(recorded), leak(computed))
    });
    leaked.collect()
}

#[test]
fn standing_looks_at_the_terms_before() {
    let level = judged(&student(&[&["D"], &["D"], &["D"], &["A", "A", "A"], &["A"]]), &policy(STANDING)).remove(0);
    assert_eq!(standings(&level), ["Probation", "Probation", "Dismissal", "Good standing", "Good standing"]);
    let decided = level.terms[2].standing.as_ref().expect("a rule decides");
    assert_eq!((decided.rule.as_str(), decided.print), ("standing.rules[0]", true));
    let names: Vec<&str> = decided.figures.iter().map(|figure| figure.name).collect();
    assert_eq!(names, ["term_gpa", "previous"]);
    let Compared::Bound { value, threshold, .. } = &decided.figures[0].compared else { panic!("{decided:?}") };
    assert_eq!((value.to_string().as_str(), threshold.to_string().as_str()), ("1/1", "2"));
    let expected = Compared::Previous { standings: vec![text("Probation"), text("Probation")] };
    assert_eq!(decided.figures[1].compared, expected);
}

#[test]
fn a_term_without_a_standing_ends_a_row_of_them() {
    let rules = "[standing]\nrules = [{is = \"Suspension\", cumulative_gpa_below = 2, previous = [\"Probation\"]},\n\
                 {is = \"Probation\", cumulative_gpa_below = 2}]\n";
    // 1.00, 2.50 and 5 / 3: the term before the last was no probation.
    let level = judged(&student(&[&["D"], &["A"], &["F"]]), &policy(rules)).remove(0);
    assert_eq!(standings(&level), ["Probation", "none", "Probation"]);
}

#[test]
fn a_mark_is_the_grade_that_a_rule_names() {
    let rules = "extends = \"nigeria-four\"\n[term_honors]\n\
                 rules = [{is = \"List\", term_gpa_at_least = 2, without = [\"F\"]}]\n";
    let policy = Policy::from_toml(rules).unwrap_or_else(|error| panic!("{error:?}"));
    let honors = |grades: &[&str]| title(&judged(&student(&[grades]), &policy).remove(0).terms[0].honors).to_owned();
    assert_eq!([honors(&["80", "60"]), honors(&["80", "35"]), honors(&["A", "F"])], ["List", "none", "none"]);
}

#[test]
fn what_the_record_states_is_the_history_and_is_told_where_rules_differ() {
    let mut record = student(&[&["B"], &["B"], &["D"]]);
    record.terms[0].standing = Some(text("On probation"));
    record.terms[1].standing = Some(text("PROBATION"));
    record.terms[2].standing = Some(text("Dismissal"));
    let level = judged(&record, &policy(STANDING)).remove(0);
    assert_eq!(standings(&level), ["Good standing", "Good standing", "Dismissal"]);
    assert!(level.terms.iter().all(|term| !term.standing.as_ref().expect("a rule decides").print));
    let told =
        [("terms[0].standing", "On probation", "Good standing"), ("terms[1].standing", "PROBATION", "Good standing")];
    assert_eq!(differences(&level), told);
    let strict = policy(&STANDING.replace("print = true", "on_difference = \"refuse\""));
    let refused = refused(&record, &strict);
    let code = "recorded-outcome-differs";
    assert_eq!(refused, [(code, "terms[0].standing".to_owned()), (code, "terms[1].standing".to_owned())]);
}

#[test]
fn a_later_repeat_changes_a_term_and_not_its_standing() {
    let rules = policy(&format!("[repeats]\ncounts = \"last\"\n{STANDING}"));
    let mut record = student(&[&["F", "C"], &["A", "B"]]);
    record.terms[0].attempts[1] = crate::gpa_repeat_records::of("HIST 1", "C", "3");
    record.terms[1].attempts[1] = crate::gpa_repeat_records::of("HIST 2", "B", "3");
    let level = judged(&record, &rules).remove(0);
    assert_eq!(level.terms[0].term.gpa.map(|gpa| gpa.displayed.to_string()).as_deref(), Some("2.00"));
    assert_eq!(standings(&level), ["Probation", "Good standing"]);
    let decided = level.terms[0].standing.as_ref().expect("a rule decides");
    let Compared::Bound { value, .. } = &decided.figures[0].compared else { panic!("{decided:?}") };
    assert_eq!(value.to_string(), "1/1", "(0 + 2) ÷ 2, as the term ended");
}

#[test]
fn a_term_without_all_its_results_is_not_judged() {
    let mut record = student(&[&["A"], &["A"], &[], &["D"]]);
    record.terms[1].attempts.push(with_status(GradeStatus::InProgress, "3"));
    record.terms[1].honors.push(text("Dean's list"));
    let level = judged(&record, &policy(&format!("{STANDING}{HONORS}"))).remove(0);
    assert_eq!(standings(&level), ["Good standing", "none", "none", "Good standing"]);
    assert!(differences(&level).iter().all(|(place, ..)| *place != "terms[1].honors"));
}

#[test]
fn term_honors_go_by_grades_standing_and_term() {
    let rules = policy(&format!("{STANDING}{HONORS}"));
    let honors = |record: &StudentRecord| {
        let level = judged(record, &rules).remove(0);
        level.terms.iter().map(|term| title(&term.honors).to_owned()).collect::<Vec<_>>()
    };
    let judged_terms = honors(&student(&[&["A"], &["A", "B"], &["A"], &["A", "A", "A", "C"], &["A", "A", "W"]]));
    assert_eq!(judged_terms, ["President's list", "Dean's list", "Dean's list", "none", "none"]);
    assert_eq!(honors(&student(&[&["F", "F"], &["A"]])), ["none", "Dean's list"], "no president's list on probation");
    let mut incomplete = student(&[&["A", "B"]]);
    incomplete.terms[0].attempts.push(with_status(GradeStatus::Incomplete, "3"));
    let by_status = policy(&format!("{HONORS}[statuses]\nincomplete = \"I\"\n"));
    assert_eq!(title(&judged(&incomplete, &by_status)[0].terms[0].honors), "none");
}

#[test]
fn gpas_are_compared_as_printed_or_exact() {
    // (4 × 199 + 3 × 1) ÷ 200 = 3.995 prints 3.99 cut and 4.00 half up.
    let mut record = student(&[&["A", "B"]]);
    record.terms[0].attempts[0].credits = credits("199");
    record.terms[0].attempts[1].credits = credits("1");
    let with = |compare: &str, mode: &str| {
        let file = format!(
            "rounding = {{mode = \"{mode}\", places = 2}}\n[term_honors]\ncompare = \"{compare}\"\n\
             rules = [{{is = \"Dean's list\", term_gpa_at_least = 4}}]\n"
        );
        title(&judged(&record, &policy(&file))[0].terms[0].honors).to_owned()
    };
    assert_eq!(with("displayed", "half_up"), "Dean's list");
    assert_eq!(with("displayed", "truncate"), "none");
    assert_eq!(with("exact", "half_up"), "none");
}

#[test]
fn degrees_are_judged_as_of_the_month_they_were_conferred() {
    let mut record = student(&[&["A", "A", "A", "A"], &["C", "C", "C"], &["F"]]);
    let on = |year| Date::new(year, 5, 20);
    record.awards = vec![
        award("Bachelor of Arts", on(2021)),
        award("Bachelor of Science", on(2022)),
        award("Certificate", on(2021)),
        award("Bachelor of Music", None),
        award("Bachelor of Laws", on(2020)),
    ];
    record.awards[1].honors.push(text("Cum Laude"));
    let level = judged(&record, &policy(DEGREE)).remove(0);
    let told: Vec<_> = level.awards.iter().map(|award| (award.award_index, title(&award.honors))).collect();
    assert_eq!(told, [(0, "summa cum laude"), (1, "none"), (4, "none")]);
    let unstated = [("awards[0].honors", "none", "summa cum laude"), ("awards[1].honors", "cum laude", "none")];
    assert_eq!(differences(&level), unstated);
}

/// A summer term of the month of conferral that began after the day is no part of the degree; of a balance that
/// reaches past it nobody knows what was there on it.
#[test]
fn a_degree_is_judged_by_what_was_there_on_the_day() {
    let mut record = student(&[&["A", "A", "A", "A"]]);
    record.awards.push(award("Bachelor of Arts", Date::new(2021, 5, 20)));
    let mut summer = term("2021-05", UNDERGRADUATE, vec![attempt("F", "12")]);
    for (begins, honors) in [(31, "summa cum laude"), (3, "none")] {
        summer.begins = Date::new(2021, 5, begins);
        record.terms.truncate(1);
        record.terms.push(summer.clone());
        assert_eq!(title(&judged(&record, &policy(DEGREE))[0].awards[0].honors), honors, "{begins} May");
    }
    record.terms.truncate(1);
    for (through, decided) in [("2021-05", 1), ("2021-06", 0)] {
        record.balances = vec![balance(BalanceOrigin::Institution, Some(through), "3", "12")];
        assert_eq!(judged(&record, &policy(DEGREE))[0].awards.len(), decided, "{through}");
    }
}

#[test]
fn residence_is_credit_earned_here() {
    let mut record = student(&[&["A", "A", "A"]]);
    record.transfers.push(transfer(UNDERGRADUATE, vec![attempt("A", "60")]));
    record.awards.push(award("Bachelor of Arts", Date::new(2021, 5, 20)));
    assert_eq!(title(&judged(&record, &policy(DEGREE))[0].awards[0].honors), "none");
    record.terms[0].attempts.push(attempt("P", "1"));
    assert_eq!(title(&judged(&record, &policy(DEGREE))[0].awards[0].honors), "summa cum laude");
}

#[test]
fn honors_that_the_rules_do_not_know_are_printed_alone() {
    let printing = policy(&HONORS.replace("[term_honors]", "[term_honors]\nprint = true"));
    let mut record = student(&[&["A"], &["A"], &["C"]]);
    record.terms[1].honors.push(text("Phi Theta Kappa"));
    record.terms[2].honors.push(text("Phi Theta Kappa"));
    let level = judged(&record, &printing).remove(0);
    let printed = |at: usize| level.terms[at].honors.as_ref().map(|outcome| outcome.print);
    assert_eq!((printed(0), printed(1), printed(2)), (Some(true), Some(false), None));
    assert_eq!(differences(&level), [("terms[1].honors", "Phi Theta Kappa", "Dean's list")]);
}

#[test]
fn a_level_may_have_rules_of_its_own() {
    let own = format!("{STANDING}[levels.graduate.standing]\nrules = [{{is = \"Warned\", term_gpa_below = 3}}]\n");
    let mut record = student(&[&["C"]]);
    record.terms.push(term("2020-09", "graduate", vec![attempt("C", "3")]));
    let levels = judged(&record, &policy(&own));
    assert_eq!((standings(&levels[0]), standings(&levels[1])), (vec!["Good standing"], vec!["Warned"]));
    let rule = &levels[1].terms[0].standing.as_ref().expect("a rule decides").rule;
    assert_eq!(rule, "levels.graduate.standing.rules[0]");
}

#[test]
fn more_awards_than_anyone_has_are_refused() {
    let mut record = student(&[&["A"]]);
    record.awards = vec![award("Bachelor of Arts", Date::new(2021, 5, 20)); 101];
    assert_eq!(refused(&record, &policy(DEGREE)), [("too-many-awards", "awards".to_owned())]);
}

#[test]
fn mistakes_in_rules_are_all_listed() {
    let file = "[standing]\nprint = 1\ncompare = \"rounded\"\nawards = []\nrecorded = {x = \"Nothing\"}\n\
        rules = [{term_gpa_below = 2}, {is = \"A\", gpa_below = 2, term_gpa_below = -1, previous_times = 2},\n\
                 {is = \"B\", from = \"2021-01\", until = \"2020-01\", without = [\"Z\"], no_grade_below = \"P\"}]\n\
        [term_honors]\nrules = []\n[degree_honors]\ngpa_of = \"honors\"\nrules = [{is = \"C\", without = [\"F\"]}]\n";
    let Err(Error::Policy(problems)) = read(file) else { panic!("not refused") };
    let mut found: Vec<(&str, &str)> = problems.iter().map(|p| (p.code, p.place.as_str())).collect();
    found.sort_unstable();
    let expected = [
        ("bad-times", "standing.rules[1].previous_times"),
        ("empty-range", "standing.rules[2]"),
        ("no-rules", "term_honors"),
        ("no-title", "standing.rules[0]"),
        ("not-a-flag", "standing.print"),
        ("not-a-number", "standing.rules[1].term_gpa_below"),
        ("unknown-gpa", "degree_honors.gpa_of"),
        ("unknown-key", "degree_honors.rules[0].without"),
        ("unknown-key", "standing.awards"),
        ("unknown-key", "standing.rules[1].gpa_below"),
        ("unknown-title", "standing.recorded.x"),
        ("unknown-word", "standing.compare"),
    ];
    assert_eq!(found, expected);
    let file = "[term_honors]\nrules = [{is = \"B\", without = [\"Z\"], no_grade_below = \"P\"}]\n\
                [degree_honors]\ngpa_of = \"honors\"\nrules = [{is = \"C\"}]\n";
    let Err(Error::Policy(problems)) = read(file) else { panic!("not refused") };
    let found: Vec<(&str, &str)> = problems.iter().map(|p| (p.code, p.place.as_str())).collect();
    let grade = ("grade-not-on-scale", "term_honors");
    assert_eq!(found, [grade, grade, ("unknown-gpa", "degree_honors.gpa_of")]);
}

/// German faculties keep lists by the mean: 1.5 or better is one of the best, above 4.0 is failing.
#[test]
fn where_fewer_points_are_better_rules_say_at_most_and_above() {
    let file = |bound: [&str; 2]| {
        format!(
            "extends = \"germany\"\n[standing]\nrules = [{{is = \"Failing\", cumulative_gpa_{} = \"4.0\"}}, \
             {{is = \"Good\"}}]\n[term_honors]\nrules = [{{is = \"List\", term_gpa_{} = \"1.5\"}}]\n",
            bound[0], bound[1]
        )
    };
    let policy = Policy::from_toml(&file(["above", "at_most"])).expect("a policy");
    let level = judged(&student(&[&["5.0"], &["1.3", "1.7"], &["1.7"]]), &policy).remove(0);
    assert_eq!(standings(&level), ["Failing", "Good", "Good"]);
    let honors: Vec<_> = level.terms.iter().map(|term| title(&term.honors)).collect();
    assert_eq!(honors, ["none", "List", "none"]);
    for (bound, place) in [(["below", "at_most"], "standing"), (["above", "at_least"], "term_honors")] {
        let Err(Error::Policy(problems)) = Policy::from_toml(&file(bound)) else { panic!("{bound:?} is not refused") };
        let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
        assert_eq!(found, [("inverted-scale", place)]);
    }
}

#[test]
fn a_rule_that_is_never_asked_is_refused() {
    let file = "[standing]\nrules = [{is = \"Good\"}, {is = \"Probation\", term_gpa_below = 2}, {is = \"Other\"}]\n";
    let Err(Error::Policy(problems)) = read(file) else { panic!("not refused") };
    let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
    assert_eq!(found, [("unreachable-rule", "standing.rules[1]"), ("unreachable-rule", "standing.rules[2]")]);
    // What holds until a term leaves room for another.
    read("[standing]\nrules = [{is = \"Good\", until = \"2020-12\"}, {is = \"Fair\"}]\n").expect("a policy");
}
