//! Decides standing and honours of one level by a policy's rules, and tells where the record says otherwise.

use super::evaluation::{CreditSummary, LevelEvaluation, TermEvaluation};
use super::outcome::{AwardEvaluation, Compared, Difference, Figure, Outcome};
use super::outcome_rules::{Condition, GpaOf, Measure, OutcomeRule, OutcomeRules, Span};
use super::policy::{InForce, Policy};
use crate::domain::{Attempt, Award, Grade, GradePoints, Problem, Ratio, StudentRecord, Term, Text, YearMonth};

pub(super) struct OutcomeJudge<'a> {
    pub record: &'a StudentRecord,
    pub policy: &'a Policy,
}

/// What the conditions of one rule are held against.
struct Facts<'f> {
    rules: &'f OutcomeRules,
    summary: &'f dyn Fn(Span) -> Option<CreditSummary>,
    /// The attempts' grades, and the rules of their term; none for a degree.
    term: Option<(&'f Term, &'f TermEvaluation, InForce<'f>)>,
    /// Standings before, oldest first; of rules for honours, the term's own.
    previous: &'f [Text],
}

impl OutcomeJudge<'_> {
    /// Standing and honours of every term that has all its results, by its totals as it ended: those of `as_it_went`
    /// where later terms changed them.
    pub fn terms(&self, level: &mut LevelEvaluation, as_it_went: Option<&LevelEvaluation>) {
        let rules = self.policy.rules(Some(&level.level));
        let mut previous: Vec<Text> = Vec::new();
        let mut differences = Vec::new();
        for (at, judged) in level.terms.iter_mut().enumerate() {
            let ended = as_it_went.and_then(|level| level.terms.get(at));
            let totals = ended.map_or((judged.term, judged.cumulative), |ended| (ended.term, ended.cumulative));
            let Some(term) = self.record.terms.get(judged.term_index) else { continue };
            let place = format!("terms[{}]", judged.term_index);
            let in_force = self.policy.in_force_at(Some(&term.level), Some(term.designator), term.campus.as_ref());
            let mut current = term.standing.clone();
            if let Some(rules) = &rules.standing {
                let computed = of_term(rules, (term, judged, in_force), totals, &previous);
                let title = computed.as_ref().map(|outcome| outcome.title.clone());
                let recorded = term.standing.as_ref().map(|words| rules.title_of(words).unwrap_or(words).clone());
                if title.is_some() && recorded.is_some() && title != recorded {
                    let (place, recorded) = (format!("{place}.standing"), term.standing.clone());
                    differences.push(Difference { place, recorded, computed: title.clone() });
                }
                judged.standing = computed.map(|outcome| unless_recorded(outcome, recorded.is_some()));
                current = recorded.or(title);
            }
            if let Some(rules) = &rules.term_honors {
                let computed = of_term(rules, (term, judged, in_force), totals, current.as_slice());
                let difference = honors_difference(rules, &term.honors, computed.as_ref(), &format!("{place}.honors"));
                differences.extend(difference.filter(|_| !is_open(judged)));
                judged.honors = computed.map(|outcome| unless_recorded(outcome, !term.honors.is_empty()));
            }
            match current {
                Some(standing) => previous.push(standing),
                // A term that ended without a standing ends every row of them; one without results is passed over.
                None if !is_open(judged) => previous.clear(),
                None => {}
            }
        }
        level.differences.extend(differences);
    }

    /// The award's honours by the level as it stood when it was conferred.
    pub fn award(&self, index: usize, award: &Award, at_conferral: &LevelEvaluation, level: &mut LevelEvaluation) {
        let Some(rules) = &self.policy.rules(Some(&level.level)).degree_honors else { return };
        let Some(conferred) = award.conferred.map(|day| day.year_month()) else { return };
        let judges = |begins: &Text| award.title.as_str().starts_with(begins.as_str());
        if !rules.awards.is_empty() && !rules.awards.iter().any(judges) {
            return;
        }
        let summary = |span: Span| match (span, &rules.gpa_of) {
            (Span::Institution, _) | (Span::Named, GpaOf::Institution) => Some(at_conferral.institution),
            (Span::Overall, _) | (Span::Named, GpaOf::Overall) => Some(at_conferral.overall),
            (Span::Named, GpaOf::Variant(name)) => {
                at_conferral.variants.iter().find(|variant| variant.name == *name).map(|variant| variant.summary)
            }
            (Span::Term | Span::Cumulative, _) => None,
        };
        let facts = Facts { rules, summary: &summary, term: None, previous: &[] };
        let computed = facts.first(conferred);
        let place = format!("awards[{index}].honors");
        level.differences.extend(honors_difference(rules, &award.honors, computed.as_ref(), &place));
        let honors = computed.map(|outcome| unless_recorded(outcome, !award.honors.is_empty()));
        level.awards.push(AwardEvaluation { award_index: index, honors });
    }

    /// Differences that the policy does not let pass.
    pub fn refusals(&self, level: &LevelEvaluation) -> Vec<Problem> {
        let rules = self.policy.rules(Some(&level.level));
        let refused = |difference: &&Difference| {
            let of = match difference.place.as_str() {
                place if place.starts_with("awards") => &rules.degree_honors,
                place if place.ends_with("standing") => &rules.standing,
                _ => &rules.term_honors,
            };
            of.as_ref().is_some_and(|rules| rules.refuses_differences)
        };
        let message = "is not what the policy's rules give, and the policy refuses such records";
        let problem = |found: &Difference| Problem::new("recorded-outcome-differs", found.place.clone(), message);
        level.differences.iter().filter(refused).map(problem).collect()
    }
}

/// The first rule of a term that holds. A term without results has none.
fn of_term(
    rules: &OutcomeRules,
    (term, judged, in_force): (&Term, &TermEvaluation, InForce),
    totals: (CreditSummary, CreditSummary),
    previous: &[Text],
) -> Option<Outcome> {
    let summary = |span: Span| match span {
        Span::Term => Some(totals.0),
        Span::Cumulative => Some(totals.1),
        _ => None,
    };
    let facts = Facts { rules, summary: &summary, term: Some((term, judged, in_force)), previous };
    if is_open(judged) { None } else { facts.first(term.designator) }
}

/// Whether results are still to come, or there are none at all.
fn is_open(judged: &TermEvaluation) -> bool {
    judged.attempts.is_empty() || judged.attempts.iter().any(|attempt| attempt.rule == "in-progress")
}

/// What the record states wins.
fn unless_recorded(outcome: Outcome, recorded: bool) -> Outcome {
    Outcome { print: outcome.print && !recorded, ..outcome }
}

/// Honours that the rules know and the record states, or the other way round. Where the record states none, what the
/// rules have printed needs no statement.
fn honors_difference(
    rules: &OutcomeRules,
    honors: &[Text],
    computed: Option<&Outcome>,
    place: &str,
) -> Option<Difference> {
    let known = honors.iter().find_map(|words| rules.title_of(words)).cloned();
    let computed = computed.map(|outcome| outcome.title.clone());
    let differ = known != computed && !(honors.is_empty() && rules.print);
    let recorded = known.or_else(|| honors.first().cloned());
    differ.then(|| Difference { place: place.to_owned(), recorded, computed })
}

impl Facts<'_> {
    fn first(&self, when: YearMonth) -> Option<Outcome> {
        self.rules.rules.iter().filter(|rule| rule.holds_in(when)).find_map(|rule| self.outcome(rule))
    }

    fn outcome(&self, rule: &OutcomeRule) -> Option<Outcome> {
        let figures = rule.conditions.iter().map(|condition| self.figure(condition)).collect::<Option<_>>()?;
        Some(Outcome { title: rule.title.clone(), rule: rule.place.clone(), figures, print: self.rules.print })
    }

    /// The comparison, where it holds.
    fn figure(&self, condition: &Condition) -> Option<Figure> {
        match condition {
            Condition::Bound(measure, bound, threshold) => {
                let (value, bound, threshold) = (self.value(*measure)?, *bound, *threshold);
                let figure = Figure { name: measure.word(), compared: Compared::Bound { bound, value, threshold } };
                bound.holds(value, Ratio::from(threshold)).then_some(figure)
            }
            Condition::Without(grades) => {
                let clear = self.grades()?.iter().all(|grade| !grades.contains(grade));
                clear.then(|| Figure { name: "grades", compared: Compared::Without { grades: grades.clone() } })
            }
            Condition::NoGradeBelow(least) => {
                let (_, judged, in_force) = self.term?;
                let worth = in_force.scale.entry(least).and_then(|entry| entry.points)?;
                let best = in_force.scale.best();
                let reaches = |points: GradePoints| best.reaches(points.decimal(), worth.decimal());
                let clear = judged.attempts.iter().all(|attempt| attempt.points.is_none_or(reaches));
                clear.then(|| Figure { name: "grades", compared: Compared::NoneBelow { grade: least.clone() } })
            }
            Condition::Previous(among, times) => {
                let last = self.previous.len().checked_sub(usize::from(*times))?;
                let standings = self.previous.get(last..)?;
                let held = standings.iter().all(|standing| among.contains(standing));
                let compared = Compared::Previous { standings: standings.to_vec() };
                held.then_some(Figure { name: "previous", compared })
            }
        }
    }

    /// Credits as printed; a GPA as printed or exact, by the policy.
    fn value(&self, measure: Measure) -> Option<Ratio> {
        let of = |span| (self.summary)(span);
        match measure {
            Measure::Gpa(span) => {
                let gpa = of(span)?.gpa?;
                Some(if self.rules.exact { gpa.exact } else { gpa.displayed.into() })
            }
            Measure::GpaHours(span) => of(span).map(|summary| summary.gpa_hours.ratio()),
            Measure::Attempted(span) => of(span).map(|summary| summary.credits_attempted.ratio()),
            Measure::Passed(span) => of(span).map(|summary| summary.credits_passed.ratio()),
            Measure::Earned(span) => of(span).map(|summary| summary.credits_earned.ratio()),
        }
    }

    /// Every grade of the term, that of a mark as the scale names it; where there is none, the grade that its status
    /// counts as.
    fn grades(&self) -> Option<Vec<Grade>> {
        let (term, _, in_force) = self.term?;
        let by_status = |attempt: &Attempt| {
            let entry = attempt.status.and_then(|status| in_force.entry_for_status(status));
            entry.map(|entry| entry.grade.clone())
        };
        let on_scale =
            |grade: &Grade| in_force.scale.entry(grade).map_or_else(|| grade.clone(), |entry| entry.grade.clone());
        let one = |attempt: &Attempt| attempt.grade.as_ref().map(on_scale).or_else(|| by_status(attempt));
        Some(term.attempts.iter().filter_map(one).collect())
    }
}
