//! Follows the attempts of every course through the terms and decides which of them count.

use super::repeat_ground::{Ground, Refusal, Used};
use super::repeats::{Counts, Recorded, RepeatRule, Repeats, Standing};
use super::scale::GradeScale;
use crate::domain::{Credits, Date, Grade, GradePoints, Problem, RepeatTreatment, YearMonth};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) const MOST_ATTEMPTS: usize = 500;
const ELSEWHERE: &str = "repeat-elsewhere";
const BESIDE_RECORDED: &str = "repeat-beside-recorded";

/// An attempt with a result: what a repeat can replace.
#[derive(Clone, Debug)]
pub(super) struct Taken<'a> {
    /// The caller's number for it.
    pub key: usize,
    /// Its term, and when that begins where the record says so.
    pub when: (YearMonth, Option<Date>),
    /// Subject and number.
    pub code: Cow<'a, str>,
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
    /// The key of the attempt that it was compared with.
    pub other: Option<usize>,
    /// How the two were compared; absent where nothing had to be.
    pub ground: Option<Ground>,
    /// The key of the attempt that gives the credit of the course.
    pub credit: Option<usize>,
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
    ground: Option<Ground>,
}

/// The state after the attempts taken so far.
pub(super) struct Timeline<'a> {
    repeats: &'a Repeats,
    courses: BTreeMap<String, Course<'a>>,
    used: Used,
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
        let rank = |t: &Taken| (t.when, t.quality(), t.earns, t.credits, t.marked);
        (rank(a), &a.code, a.grade, a.key).cmp(&(rank(b), &b.code, b.grade, b.key))
    });
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for name in taken.iter().filter_map(|taken| repeats.course(&taken.code)) {
        *times.entry(name).or_default() += 1;
    }
    if times.values().any(|times| *times > MOST_ATTEMPTS) { Err(too_many(place)) } else { Ok(taken) }
}

pub(super) fn too_many(place: &str) -> Problem {
    Problem::new("too-many-attempts", place, "hold more than 500 attempts of one course")
}

impl<'a> Timeline<'a> {
    pub fn new(repeats: &'a Repeats) -> Timeline<'a> {
        Timeline { repeats, courses: BTreeMap::new(), used: Used::NOTHING }
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
            return course.results.push(Kept { taken: new, counts, settled: true, rule: "recorded", ground: None });
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

impl<'a> Course<'a> {
    /// The new attempt beside those that count so far, some of which it may replace.
    fn judge(&mut self, new: Taken<'a>, rule: &RepeatRule, recorded: Recorded, used: &mut Used) -> Kept<'a> {
        let is_old = |kept: &Kept| kept.is_open() && !kept.taken.elsewhere;
        let olds: Vec<usize> = (0..self.results.len()).filter(|at| is_old(&self.results[*at])).collect();
        if new.elsewhere {
            return Kept::counted(new, ELSEWHERE);
        }
        if olds.is_empty() {
            return Kept::counted(new, rule.counts.rule());
        }
        match rule.counts {
            Counts::All | Counts::First => self.judge_beside_all(&olds, new, rule, *used),
            Counts::Best => match self.better(&olds, &new) {
                Some(best) => self.judge_below(best, new, rule, recorded, used),
                None => self.judge_above(&olds, new, rule, recorded, used),
            },
            Counts::Last | Counts::AllButFirst => self.judge_above(&olds, new, rule, recorded, used),
        }
    }

    /// Nothing is replaced: the new one counts like the others, or only the first counts.
    fn judge_beside_all(&mut self, olds: &[usize], new: Taken<'a>, rule: &RepeatRule, used: Used) -> Kept<'a> {
        let mut kept = Kept::counted(new, rule.counts.rule());
        kept.counts = rule.counts == Counts::All;
        for at in olds {
            self.compared(*at, &mut kept, None, used, false);
            self.results[*at].rule = kept.rule;
        }
        // Beside the first, where that alone counts; else beside the one before.
        if let Some(first) = olds.first().filter(|_| !kept.counts) {
            self.compared(*first, &mut kept, None, used, true);
        }
        kept
    }

    /// A better one counts already: the new one leaves, unless that is refused.
    fn judge_below(
        &mut self,
        best: usize,
        new: Taken<'a>,
        rule: &RepeatRule,
        recorded: Recorded,
        used: &mut Used,
    ) -> Kept<'a> {
        let refusal = self.refusal(best, &new, rule, recorded, *used, true);
        let mut kept = Kept::counted(new, refusal.map_or(rule.counts.rule(), Refusal::word));
        self.compared(best, &mut kept, refusal, *used, true);
        self.results[best].rule = kept.rule;
        kept.counts = refusal.is_some_and(|refusal| !refusal.keeps_old(rule));
        if refusal.is_none() {
            used.add(kept.taken.credits);
        }
        kept
    }

    /// The new one replaces each of the others, unless that is refused.
    fn judge_above(
        &mut self,
        olds: &[usize],
        new: Taken<'a>,
        rule: &RepeatRule,
        recorded: Recorded,
        used: &mut Used,
    ) -> Kept<'a> {
        let word = rule.counts.rule();
        let mut kept = Kept::counted(new, word);
        let (mut replaced, mut refused) = (None, None);
        for at in olds.iter().copied() {
            let refusal = self.refusal(at, &kept.taken, rule, recorded, *used, false);
            self.compared(at, &mut kept, refusal, *used, false);
            let old = &mut self.results[at];
            old.counts = refusal.is_some();
            old.rule = refusal.map_or(word, Refusal::word);
            match refusal {
                Some(refusal) => refused = Some(refusal),
                None => {
                    self.left_out += 1;
                    used.add(old.taken.credits);
                    replaced = kept.ground;
                }
            }
        }
        match refused {
            Some(refusal) if replaced.is_none() => {
                kept.counts = !refusal.keeps_old(rule);
                kept.rule = refusal.word();
            }
            _ => kept.ground = replaced.or(kept.ground),
        }
        kept
    }

    /// Notes on both what was compared.
    fn compared(&mut self, old: usize, new: &mut Kept<'a>, refusal: Option<Refusal>, used: Used, new_leaves: bool) {
        let of_course = self.left_out;
        let old = &mut self.results[old];
        let asks = if new_leaves { new.taken.credits } else { old.taken.credits };
        let ground = |other| Some(Ground { by: new.taken.key, other, refusal, used, of_course, asks });
        old.ground = ground(new.taken.key);
        new.ground = ground(old.taken.key);
    }

    /// The best of the attempts that count so far, where it is better than the new one.
    fn better(&self, olds: &[usize], new: &Taken) -> Option<usize> {
        let best = olds.iter().copied().max_by_key(|at| (self.results[*at].taken.quality(), *at))?;
        (self.results[best].taken.quality() > new.quality() && new.points.is_some()).then_some(best)
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
            (!new.may_replace || new.names_one_of(&rule.never_replace), Refusal::MayNotReplace),
            (
                old.points.is_some() && new.points.is_none() && !rule.pass_replaces_letter
                    || old.points.is_none() && new.points.is_some() && !rule.letter_replaces_pass,
                Refusal::PassAndLetter,
            ),
            (
                rule.old_at_most
                    .as_ref()
                    .is_some_and(|most| old.points.is_none() || old.quality() > worth(old.scale, most)),
                Refusal::OldGrade,
            ),
            (
                !new_is_lower
                    && new.points.is_some()
                    && rule.new_at_least.as_ref().is_some_and(|least| new.quality() < worth(new.scale, least)),
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
        let recorded =
            self.results.iter().rev().find(|kept| kept.settled && kept.taken.marked == Some(RepeatTreatment::Included));
        let credit = match standing {
            Some(at) => self.results.get(at).map(|kept| kept.taken.key),
            None => recorded.map(|kept| kept.taken.key),
        };
        let open = || self.results.iter().filter(|kept| !kept.settled);
        let (alone, alone_here) = (open().count() == 1, open().filter(|kept| !kept.taken.elsewhere).count() == 1);
        let decision = |(at, kept): (usize, &Kept<'a>)| {
            let treatment = match kept.counts {
                false => RepeatTreatment::Excluded,
                true if Some(at) == standing => RepeatTreatment::Included,
                true => RepeatTreatment::Averaged,
            };
            let beside_marks = alone || (taken_elsewhere && kept.counts);
            let (rule, ground) = match kept.rule {
                _ if beside_marks => (BESIDE_RECORDED, None),
                _ if alone_here => (ELSEWHERE, None),
                rule => (rule, kept.ground),
            };
            let other = ground.map_or_else(|| self.beside(at, rule), |ground| Some(ground.other));
            (kept.taken.key, Decision { treatment, rule, other, ground, credit })
        };
        self.results.iter().enumerate().filter(|(_, kept)| !kept.settled).map(decision).collect()
    }

    /// The attempt that stands beside one that no rule compared: a marked one, or one from the other side of here and
    /// elsewhere, or at least another.
    fn beside(&self, at: usize, rule: &str) -> Option<usize> {
        let elsewhere = self.results.get(at)?.taken.elsewhere;
        let fits = |kept: &Kept| if rule == BESIDE_RECORDED { kept.settled } else { kept.taken.elsewhere != elsewhere };
        let others = || self.results.iter().enumerate().rev().filter(|(other, _)| *other != at).map(|(_, kept)| kept);
        others().find(|kept| fits(kept)).or_else(|| others().next()).map(|kept| kept.taken.key)
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
            let quality = (!last_counts).then_some((taken.earns, taken.quality()));
            (taken.may_replace || !last_counts, quality, *at)
        });
        best.map(|(at, _)| at)
    }
}

impl<'a> Kept<'a> {
    fn counted(taken: Taken<'a>, rule: &'static str) -> Kept<'a> {
        Kept { taken, counts: true, settled: false, rule, ground: None }
    }

    /// Counts, and no mark of the record stands for it.
    fn is_open(&self) -> bool {
        self.counts && !self.settled
    }
}

impl Taken<'_> {
    /// More is better, on a scale where fewer points are better, too.
    fn quality(&self) -> Option<i64> {
        self.scale.quality(self.points)
    }

    /// A mark is the grade that its scale reads it as.
    fn names_one_of(&self, grades: &[Grade]) -> bool {
        let on_scale = self.grade.and_then(|grade| self.scale.entry(grade)).map(|entry| &entry.grade);
        on_scale.or(self.grade).is_some_and(|grade| grades.contains(grade))
    }
}

fn worth(scale: &GradeScale, grade: &Grade) -> Option<i64> {
    scale.entry(grade).and_then(|entry| scale.quality(entry.points))
}
