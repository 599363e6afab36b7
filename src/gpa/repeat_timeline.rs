//! Follows the attempts of every course through the terms and decides which of them count.

use super::repeats::{Counts, Otherwise, Recorded, RepeatRule, Repeats, Standing};
use super::scale::GradeScale;
use crate::domain::{Credits, Date, Grade, GradePoints, Problem, RepeatTreatment, YearMonth};
use std::collections::BTreeMap;

const MOST_ATTEMPTS: usize = 500;
const ELSEWHERE: &str = "repeat-elsewhere";

/// An attempt with a result: what a repeat can replace.
#[derive(Clone, Debug)]
pub(super) struct Taken<'a> {
    /// The caller's number for it.
    pub key: usize,
    /// Its term, and when that begins where the record says so.
    pub when: (YearMonth, Option<Date>),
    /// Subject and number.
    pub code: String,
    pub grade: Option<&'a Grade>,
    /// Absent for a pass.
    pub points: Option<GradePoints>,
    pub credits: Credits,
    pub earns: bool,
    /// Whether its status lets it replace an earlier one: a withdrawal never does.
    pub may_replace: bool,
    pub marked: Option<RepeatTreatment>,
    /// Taken elsewhere at a time when that neither replaces a grade nor is replaced: it shares the credit alone.
    pub elsewhere: bool,
    pub scale: &'a GradeScale,
}

/// What a repeat does to an attempt, and the rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub treatment: RepeatTreatment,
    pub rule: &'static str,
}

/// All results of one course so far, oldest first.
#[derive(Default)]
struct Course<'a> {
    results: Vec<Kept<'a>>,
    /// How many of them do not count.
    left_out: usize,
}

struct Kept<'a> {
    taken: Taken<'a>,
    counts: bool,
    /// The record's mark stands for this one.
    settled: bool,
    rule: &'static str,
}

/// The state after the attempts taken so far.
pub(super) struct Timeline<'a> {
    repeats: &'a Repeats,
    courses: BTreeMap<String, Course<'a>>,
    used: Used,
}

/// What has been left out at this level so far.
#[derive(Clone, Copy)]
struct Used {
    credits: Credits,
    repeats: u32,
}

/// Oldest first. Within a term the order that a record happens to have decides nothing: the lower grade comes first.
/// A course attempted more often than any student can is refused: a bound on the work that a hostile record can cause.
pub(super) fn in_order<'a>(
    repeats: &Repeats,
    mut taken: Vec<Taken<'a>>,
    place: &str,
) -> Result<Vec<Taken<'a>>, Problem> {
    taken.sort_by(|a, b| {
        // All that matters to a decision: whatever else tells two attempts apart decides no total.
        let rank = |t: &Taken| (t.when, t.points, t.earns, t.credits, t.marked);
        (rank(a), &a.code, a.grade, a.key).cmp(&(rank(b), &b.code, b.grade, b.key))
    });
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for name in taken.iter().filter_map(|taken| repeats.course(&taken.code)) {
        *times.entry(name).or_default() += 1;
    }
    if times.values().any(|times| *times > MOST_ATTEMPTS) {
        return Err(Problem::new("too-many-attempts", place, "hold more than 500 attempts of one course"));
    }
    Ok(taken)
}

impl<'a> Timeline<'a> {
    pub fn new(repeats: &'a Repeats) -> Timeline<'a> {
        Timeline { repeats, courses: BTreeMap::new(), used: Used { credits: Credits::ZERO, repeats: 0 } }
    }

    /// The next attempt in order.
    pub fn take(&mut self, new: Taken<'a>) {
        let Some(name) = self.repeats.course(&new.code) else { return };
        let rule = self.repeats.rule(new.when.0, &new.code);
        let course = self.courses.entry(name.to_owned()).or_default();
        if self.repeats.recorded == Recorded::Decides && new.marked.is_some() {
            let counts = new.marked != Some(RepeatTreatment::Excluded);
            if !counts {
                course.left_out += 1;
                self.used.add(new.credits);
            }
            return course.results.push(Kept { taken: new, counts, settled: true, rule: "recorded" });
        }
        let kept = course.judge(new, rule, self.repeats.recorded, &mut self.used);
        course.left_out += usize::from(!kept.counts);
        course.results.push(kept);
    }

    /// What repeats do to the attempts taken so far. A course attempted once is in no need of a decision, nor is an
    /// attempt whose mark stands.
    pub fn decisions(&self) -> BTreeMap<usize, Decision> {
        let repeated = self.courses.values().filter(|course| course.results.len() > 1);
        repeated.flat_map(|course| course.decisions(self.repeats)).collect()
    }
}

impl Used {
    fn add(&mut self, credits: Credits) {
        // More credits than can be held are beyond any cap already.
        self.credits = self.credits.checked_add(credits).unwrap_or(self.credits);
        self.repeats = self.repeats.saturating_add(1);
    }
}

impl<'a> Course<'a> {
    /// The new attempt beside those that count so far, some of which it may replace.
    fn judge(&mut self, new: Taken<'a>, rule: &RepeatRule, recorded: Recorded, used: &mut Used) -> Kept<'a> {
        let word = rule.counts.rule();
        let is_old = |kept: &Kept| kept.is_open() && !kept.taken.elsewhere;
        let olds: Vec<usize> = (0..self.results.len()).filter(|at| is_old(&self.results[*at])).collect();
        let counted = |new, rule| Kept { taken: new, counts: true, settled: false, rule };
        let left_out = |new, rule| Kept { taken: new, counts: false, settled: false, rule };
        if new.elsewhere {
            return counted(new, ELSEWHERE);
        }
        if olds.is_empty() {
            return counted(new, word);
        }
        match rule.counts {
            Counts::All | Counts::First => {
                olds.iter().for_each(|at| self.results[*at].rule = word);
                if rule.counts == Counts::All { counted(new, word) } else { left_out(new, word) }
            }
            Counts::Best if self.better(&olds, &new).is_some() => {
                let best = self.better(&olds, &new).unwrap_or_default();
                let refusal = self.refusal(best, &new, rule, recorded, *used, true);
                self.results[best].rule = refusal.map_or(word, |refusal| refusal.word());
                match refusal {
                    None => {
                        used.add(new.credits);
                        left_out(new, word)
                    }
                    Some(refusal) if refusal.keeps_old(rule) => left_out(new, refusal.word()),
                    Some(refusal) => counted(new, refusal.word()),
                }
            }
            Counts::Best | Counts::Last | Counts::AllButFirst => {
                let (mut replaced, mut refused) = (false, None);
                for at in olds {
                    let refusal = self.refusal(at, &new, rule, recorded, *used, false);
                    let old = &mut self.results[at];
                    old.counts = refusal.is_some();
                    old.rule = refusal.map_or(word, Refusal::word);
                    if refusal.is_none() {
                        self.left_out += 1;
                        used.add(old.taken.credits);
                    }
                    replaced |= refusal.is_none();
                    refused = refusal.or(refused);
                }
                match refused {
                    Some(refusal) if !replaced && refusal.keeps_old(rule) => left_out(new, refusal.word()),
                    Some(refusal) if !replaced => counted(new, refusal.word()),
                    _ => counted(new, word),
                }
            }
        }
    }

    /// The best of the attempts that count so far, where it is better than the new one.
    fn better(&self, olds: &[usize], new: &Taken) -> Option<usize> {
        let best = olds.iter().copied().max_by_key(|at| (self.results[*at].taken.points, *at))?;
        (self.results[best].taken.points > new.points && new.points.is_some()).then_some(best)
    }

    /// Why the old attempt is not replaced; of two under `best`, why the lower new one is not left out.
    fn refusal(
        &self,
        at: usize,
        new: &Taken,
        rule: &RepeatRule,
        recorded: Recorded,
        used: Used,
        new_is_lower: bool,
    ) -> Option<Refusal> {
        let old = &self.results[at].taken;
        let leaves = if new_is_lower { new } else { old };
        let over = |limit: Option<u8>, have: usize| limit.is_some_and(|limit| have >= usize::from(limit));
        let credits = used.credits.checked_add(leaves.credits);
        let checks = [
            (rule.counts == Counts::AllButFirst && at > 0, Refusal::LaterAttempt),
            (recorded == Recorded::Requests && leaves.marked != Some(RepeatTreatment::Excluded), Refusal::NotRequested),
            (
                !new.may_replace || new.grade.is_some_and(|grade| rule.never_replace.contains(grade)),
                Refusal::MayNotReplace,
            ),
            (
                old.points.is_some() && new.points.is_none() && !rule.pass_replaces_letter
                    || old.points.is_none() && new.points.is_some() && !rule.letter_replaces_pass,
                Refusal::PassAndLetter,
            ),
            (
                rule.old_at_most
                    .as_ref()
                    .is_some_and(|most| old.points.is_none() || old.points > worth(old.scale, most)),
                Refusal::OldGrade,
            ),
            (
                !new_is_lower
                    && new.points.is_some()
                    && rule.new_at_least.as_ref().is_some_and(|least| new.points < worth(new.scale, least)),
                Refusal::NewGrade,
            ),
            (over(rule.cap.per_course, self.left_out), Refusal::CourseCap),
            (over(rule.cap.repeats, used.repeats as usize), Refusal::RepeatCap),
            (rule.cap.credits.is_some_and(|cap| credits.is_none_or(|credits| credits > cap)), Refusal::CreditCap),
        ];
        checks.into_iter().find_map(|(refused, why)| refused.then_some(why))
    }

    /// E for what is left out, I for the one that gives the credit, A for the others that count.
    fn decisions(&self, repeats: &Repeats) -> Vec<(usize, Decision)> {
        let marked = |treatment| {
            let stands = |kept: &&Kept| kept.settled && kept.taken.marked == Some(treatment);
            self.results.iter().any(|kept| stands(&kept))
        };
        let taken_elsewhere = marked(RepeatTreatment::Included);
        let standing = self.standing(repeats).filter(|_| !taken_elsewhere);
        let open = || self.results.iter().filter(|kept| !kept.settled);
        let (alone, alone_here) = (open().count() == 1, open().filter(|kept| !kept.taken.elsewhere).count() == 1);
        let decision = |(at, kept): (usize, &Kept<'a>)| {
            let treatment = match kept.counts {
                false => RepeatTreatment::Excluded,
                true if Some(at) == standing => RepeatTreatment::Included,
                true => RepeatTreatment::Averaged,
            };
            let beside_marks = alone || (taken_elsewhere && kept.counts);
            let rule = match kept.rule {
                _ if beside_marks => "repeat-beside-recorded",
                _ if alone_here => ELSEWHERE,
                rule => rule,
            };
            (kept.taken.key, Decision { treatment, rule })
        };
        self.results.iter().enumerate().filter(|(_, kept)| !kept.settled).map(decision).collect()
    }

    /// The attempt that gives the credit: one here, unless only one elsewhere earns any.
    fn standing(&self, repeats: &Repeats) -> Option<usize> {
        let here = self.standing_of(repeats, false);
        let earns = |at: &usize| self.results[*at].taken.earns;
        let there = self.standing_of(repeats, true);
        here.filter(earns).or(there.filter(earns)).or(here).or(there)
    }

    fn standing_of(&self, repeats: &Repeats, elsewhere: bool) -> Option<usize> {
        let last = &self.results.last()?.taken;
        let last_counts = repeats.rule(last.when.0, &last.code).standing == Standing::Last;
        let open =
            self.results.iter().enumerate().filter(|(_, kept)| kept.is_open() && kept.taken.elsewhere == elsewhere);
        let best = open.max_by_key(|(at, kept)| {
            let taken = &kept.taken;
            let quality = (!last_counts).then_some((taken.earns, taken.points));
            (taken.may_replace || !last_counts, quality, *at)
        });
        best.map(|(at, _)| at)
    }
}

impl Kept<'_> {
    /// Counts, and no mark of the record stands for it.
    fn is_open(&self) -> bool {
        self.counts && !self.settled
    }
}

fn worth(scale: &GradeScale, grade: &Grade) -> Option<GradePoints> {
    scale.entry(grade).and_then(|entry| entry.points)
}

/// Why a repeat replaces nothing.
#[derive(Clone, Copy)]
enum Refusal {
    LaterAttempt,
    NotRequested,
    MayNotReplace,
    PassAndLetter,
    OldGrade,
    NewGrade,
    CourseCap,
    RepeatCap,
    CreditCap,
}

impl Refusal {
    fn word(self) -> &'static str {
        match self {
            Refusal::LaterAttempt => Counts::AllButFirst.rule(),
            Refusal::NotRequested => "repeat-not-requested",
            Refusal::MayNotReplace => "repeat-may-not-replace",
            Refusal::PassAndLetter => "repeat-pass-and-letter",
            Refusal::OldGrade => "repeat-old-grade-too-high",
            Refusal::NewGrade => "repeat-new-grade-too-low",
            Refusal::CourseCap => "repeat-course-cap",
            Refusal::RepeatCap => "repeat-count-cap",
            Refusal::CreditCap => "repeat-credit-cap",
        }
    }

    /// A threshold may say that the repeat does not count; everything else lets both count.
    fn keeps_old(self, rule: &RepeatRule) -> bool {
        matches!(self, Refusal::OldGrade | Refusal::NewGrade) && rule.otherwise == Otherwise::KeepOld
    }
}
