//! From the keys and counts of a decision to what a reader is told: which attempt, which threshold, which cap.

use super::explanation::{AttemptPlace, Limit, RepeatReason, Threshold};
use super::level_repeats::Judged;
use super::repeat_ground::{Ground, Refusal};
use super::repeat_timeline::Decision;
use super::repeats::{Counts, RepeatRule, Repeats};
use crate::domain::{Decimal, YearMonth};

/// The attempts of a level by key.
pub(super) struct Reasons<'a> {
    pub repeats: Option<&'a Repeats>,
    pub terms: &'a [Judged<'a>],
    pub transfers: &'a [Judged<'a>],
}

impl Reasons<'_> {
    pub fn of(&self, decision: &Decision) -> RepeatReason {
        let ground = decision.ground;
        let rule = ground.and_then(|ground| self.rule(ground.by));
        RepeatReason {
            other: decision.other.and_then(|key| self.place(key)),
            one_leaves: ground.zip(rule).is_some_and(|(ground, rule)| one_leaves(ground, rule)),
            credit: decision.credit.and_then(|key| self.place(key)),
            threshold: ground.zip(rule).and_then(|(ground, rule)| threshold(ground, rule)),
            limits: ground.zip(rule).map_or(Vec::new(), |(ground, rule)| limits(ground, rule)),
        }
    }

    /// The rule by which the attempt with this key was judged against those before it.
    fn rule(&self, key: usize) -> Option<&RepeatRule> {
        let judged = self.judged(key)?.0;
        let code = judged.attempts.get(key - judged.first_key)?.course.code();
        // As the timeline places what has no term of its own.
        let last = self.terms.last().and_then(|term| term.designator);
        let term = judged.designator.or(last).or(YearMonth::new(9999, 12))?;
        Some(self.repeats?.rule(term, &code))
    }

    fn place(&self, key: usize) -> Option<AttemptPlace> {
        let (judged, here) = self.judged(key)?;
        let at = key - judged.first_key;
        Some(if here { AttemptPlace::Term(judged.index, at) } else { AttemptPlace::Transfer(judged.index, at) })
    }

    /// The term or block that holds the attempt, and whether it is a term.
    fn judged(&self, key: usize) -> Option<(&Judged<'_>, bool)> {
        let terms = self.terms.iter().map(|judged| (judged, true));
        let mut all = terms.chain(self.transfers.iter().map(|judged| (judged, false)));
        all.find(|(judged, _)| (judged.first_key..judged.first_key + judged.attempts.len()).contains(&key))
    }
}

fn one_leaves(ground: Ground, rule: &RepeatRule) -> bool {
    ground.refusal.map_or(rule.counts != Counts::All, |refusal| refusal.keeps_old(rule))
}

fn threshold(ground: Ground, rule: &RepeatRule) -> Option<Threshold> {
    match ground.refusal? {
        Refusal::OldGrade => rule.old_at_most.clone().map(Threshold::OldAtMost),
        Refusal::NewGrade => rule.new_at_least.clone().map(Threshold::NewAtLeast),
        _ => None,
    }
}

/// The caps that something left out used, or the one that let nothing be left out.
fn limits(ground: Ground, rule: &RepeatRule) -> Vec<Limit> {
    if !rule.counts.replaces() {
        return Vec::new();
    }
    let number = |count: usize| i64::try_from(count).ok().and_then(Decimal::whole);
    let of_course = rule.cap.per_course.map(usize::from).zip(Some(ground.of_course));
    let of_level = rule.cap.repeats.map(usize::from).zip(usize::try_from(ground.used.repeats).ok());
    let counted = [("per_course", of_course, Refusal::CourseCap), ("repeats", of_level, Refusal::RepeatCap)];
    let counted = counted.into_iter().filter_map(|(cap, pair, refusal)| {
        let (limit, used) = pair?;
        let one = Limit { cap, limit: number(limit)?, used: number(used)?, asks: number(1)?, over: false };
        Some((one, refusal))
    });
    let credits = rule.cap.credits.map(|limit| {
        let (limit, used, asks) = (limit.decimal(), ground.used.credits.decimal(), ground.asks.decimal());
        (Limit { cap: "credits", limit, used, asks, over: false }, Refusal::CreditCap)
    });
    let told = counted.chain(credits).filter(|(_, refusal)| ground.refusal.is_none_or(|why| why == *refusal));
    told.map(|(limit, _)| Limit { over: ground.refusal.is_some(), ..limit }).collect()
}
