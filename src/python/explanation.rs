//! An explanation across the border: dicts of strings, so that every number stays exact as JSON, too.

use super::evaluation::stated;
use crate::domain::{Attempt, Level, Ratio, StudentRecord, Text};
use crate::gpa::explanation::{
    Addends, AttemptPlace, BalancePart, Explanation, LevelExplanation, Limit, NumberExplanation, OutcomeExplanation,
    Outside, Part, PrintedTerm, RepeatReason, Span, Threshold,
};
use crate::gpa::{Compared, CreditSummary, Figure, Rounding, RoundingMode, Selection};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Which numbers are asked for; `None` where no record can have them.
pub fn selection(
    level: Option<&str>,
    term: Option<&str>,
    span: Option<&str>,
    variant: Option<String>,
) -> Option<Selection> {
    let level = level.map(Level::new).transpose().ok()?;
    let term = term.map(str::parse).transpose().ok()?;
    let span = match span {
        Some(word) => Some(Span::from_word(word)?),
        None => None,
    };
    Some(Selection { level, term, span, variant })
}

/// The explained numbers, as `registrary._explain` reads them.
pub fn facts<'py>(py: Python<'py>, record: &StudentRecord, explained: &Explanation) -> PyResult<Bound<'py, PyDict>> {
    let whole = PyDict::new(py);
    match explained {
        Explanation::Stated { summaries } => {
            whole.set_item("authority", "stated")?;
            let summaries = summaries.iter().map(|summary| stated(py, summary)).collect::<PyResult<Vec<_>>>()?;
            whole.set_item("summaries", summaries)?;
        }
        Explanation::Computed { levels, policy } => {
            whole.set_item("authority", "policy")?;
            whole.set_item("policy", policy)?;
            let facts = Facts { py, record };
            let levels = levels.iter().map(|level| facts.level(level)).collect::<PyResult<Vec<_>>>()?;
            whole.set_item("levels", levels)?;
        }
    }
    Ok(whole)
}

struct Facts<'a, 'py> {
    py: Python<'py>,
    record: &'a StudentRecord,
}

impl<'py> Facts<'_, 'py> {
    fn level(&self, level: &LevelExplanation) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("level", level.level.as_str())?;
        dict.set_item("unit", level.unit.map(|unit| unit.word()))?;
        dict.set_item("scale", &level.scale)?;
        let numbers = level.numbers.iter().map(|one| self.number(one)).collect::<PyResult<Vec<_>>>()?;
        dict.set_item("numbers", numbers)?;
        let outcomes = level.outcomes.iter().map(|one| self.outcome(one)).collect::<PyResult<Vec<_>>>()?;
        dict.set_item("outcomes", outcomes)?;
        Ok(dict)
    }

    fn number(&self, number: &NumberExplanation) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("number", number.span.word())?;
        let (term, name) = self.heading(number);
        dict.set_item("term", term)?;
        dict.set_item("name", name)?;
        dict.set_item("variant", number.variant.as_ref().map(|(name, _)| name))?;
        let attempts = number.parts.iter().map(|part| self.attempt(part)).collect::<PyResult<Vec<_>>>()?;
        dict.set_item("attempts", attempts)?;
        let balances = number.balances.iter().map(|one| self.balance(one)).collect::<PyResult<Vec<_>>>()?;
        dict.set_item("balances", balances)?;
        dict.set_item("figures", self.figures(&number.summary)?)?;
        dict.set_item("arithmetic", self.arithmetic(number)?)?;
        Ok(dict)
    }

    /// The designator and the name of the term or block that the number is printed with.
    fn heading<'b>(&'b self, number: &'b NumberExplanation) -> (Option<String>, Option<&'b str>) {
        match (number.span, number.index) {
            (Span::TransferBlock, Some(index)) => {
                let block = self.record.transfers.get(index);
                let name = block.and_then(|block| block.institution.as_ref()).map(|name| name.as_str());
                (block.and_then(|block| block.designator).map(|term| term.to_string()), name)
            }
            (_, Some(index)) => {
                let term = self.record.terms.get(index);
                (term.map(|term| term.designator.to_string()), term.map(|term| term.name.as_str()))
            }
            (_, None) => (None, number.variant.as_ref().map(|(_, title)| title.as_str())),
        }
    }

    fn attempt(&self, part: &Part) -> PyResult<Bound<'py, PyDict>> {
        let dict = self.named(part.place)?;
        let judged = &part.evaluation;
        dict.set_item("unit", judged.unit.word())?;
        dict.set_item("counted", part.adds.gpa_hours.numerator() != 0)?;
        dict.set_item("points", judged.points.map(|points| points.to_string()))?;
        self.adds(&dict, &part.adds)?;
        dict.set_item("outside", part.outside.map(outside))?;
        dict.set_item("in_degree", judged.in_degree)?;
        dict.set_item("rule", judged.rule)?;
        dict.set_item("repeat", judged.repeat.map(|repeat| repeat.word()))?;
        dict.set_item("indicator", judged.repeat.map(|repeat| repeat.indicator()))?;
        dict.set_item("reason", part.repeat.as_ref().map(|reason| self.reason(reason)).transpose()?)?;
        Ok(dict)
    }

    /// Which attempt it is.
    fn named(&self, place: AttemptPlace) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        let (path, term, attempts): (_, _, Option<&Vec<Attempt>>) = match place {
            AttemptPlace::Term(term, at) => {
                let found = self.record.terms.get(term);
                let designator = found.map(|term| term.designator);
                (format!("terms[{term}].attempts[{at}]"), designator, found.map(|term| &term.attempts))
            }
            AttemptPlace::Transfer(block, at) => {
                let found = self.record.transfers.get(block);
                let designator = found.and_then(|block| block.designator);
                (format!("transfers[{block}].attempts[{at}]"), designator, found.map(|block| &block.attempts))
            }
        };
        let (AttemptPlace::Term(_, at) | AttemptPlace::Transfer(_, at)) = place;
        dict.set_item("place", path)?;
        dict.set_item("term", term.map(|term| term.to_string()))?;
        if let Some(attempt) = attempts.and_then(|attempts| attempts.get(at)) {
            dict.set_item("course", attempt.course.code())?;
            dict.set_item("title", attempt.course.title.as_ref().map(|title| title.as_str()))?;
            dict.set_item("grade", attempt.grade.as_ref().map(|grade| grade.as_str()))?;
            dict.set_item("status", attempt.status.map(|status| status.word()))?;
            dict.set_item("credits", attempt.credits.to_string())?;
        }
        Ok(dict)
    }

    fn reason(&self, reason: &RepeatReason) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("other", reason.other.map(|place| self.named(place)).transpose()?)?;
        dict.set_item("one_leaves", reason.one_leaves)?;
        dict.set_item("credit", reason.credit.map(|place| self.named(place)).transpose()?)?;
        let threshold = reason.threshold.as_ref().map(|threshold| self.threshold(threshold)).transpose()?;
        dict.set_item("threshold", threshold)?;
        let limits = reason.limits.iter().map(|limit| self.limit(limit)).collect::<PyResult<Vec<_>>>()?;
        dict.set_item("limits", limits)?;
        Ok(dict)
    }

    fn threshold(&self, threshold: &Threshold) -> PyResult<Bound<'py, PyDict>> {
        let (key, grade) = match threshold {
            Threshold::OldAtMost(grade) => ("old_at_most", grade),
            Threshold::NewAtLeast(grade) => ("new_at_least", grade),
        };
        let dict = PyDict::new(self.py);
        dict.set_item("key", key)?;
        dict.set_item("grade", grade.as_str())?;
        Ok(dict)
    }

    fn limit(&self, limit: &Limit) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("cap", limit.cap)?;
        dict.set_item("limit", limit.limit.to_string())?;
        dict.set_item("used", limit.used.to_string())?;
        dict.set_item("asks", limit.asks.to_string())?;
        dict.set_item("over", limit.over)?;
        Ok(dict)
    }

    fn balance(&self, part: &BalancePart) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        let balance = self.record.balances.get(part.index);
        dict.set_item("place", format!("balances[{}]", part.index))?;
        dict.set_item("label", balance.map(|balance| balance.label.as_str()))?;
        dict.set_item("origin", balance.map(|balance| balance.origin.word()))?;
        self.adds(&dict, &part.adds)?;
        Ok(dict)
    }

    /// What it adds to each sum.
    fn adds(&self, dict: &Bound<'py, PyDict>, adds: &Addends) -> PyResult<()> {
        dict.set_item("credits_attempted", exact_text(adds.credits_attempted))?;
        dict.set_item("credits_passed", exact_text(adds.credits_passed))?;
        dict.set_item("credits_earned", exact_text(adds.credits_earned))?;
        dict.set_item("gpa_hours", exact_text(adds.gpa_hours))?;
        dict.set_item("quality_points", exact_text(adds.quality_points))
    }

    fn outcome(&self, explained: &OutcomeExplanation) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("outcome", explained.span.word())?;
        let award = explained.span == Span::DegreeHonors;
        let term = self.record.terms.get(explained.index).filter(|_| !award);
        dict.set_item("term", term.map(|term| term.designator.to_string()))?;
        dict.set_item("name", term.map(|term| term.name.as_str()))?;
        dict.set_item("award", award.then_some(explained.index))?;
        dict.set_item("title", explained.outcome.title.as_str())?;
        dict.set_item("rule", &explained.outcome.rule)?;
        dict.set_item("recorded", explained.recorded.iter().map(|text| text.as_str()).collect::<Vec<_>>())?;
        let compared = explained.outcome.figures.iter().map(|figure| self.compared(figure));
        dict.set_item("compared", compared.collect::<PyResult<Vec<_>>>()?)?;
        Ok(dict)
    }

    fn compared(&self, figure: &Figure) -> PyResult<Bound<'py, PyDict>> {
        let words = |texts: &[Text]| texts.iter().map(|text| text.as_str().to_owned()).collect::<Vec<_>>();
        let dict = PyDict::new(self.py);
        dict.set_item("figure", figure.name)?;
        match &figure.compared {
            Compared::Bound { bound, value, threshold } => {
                dict.set_item("value", exact_text(*value))?;
                dict.set_item(bound.word(), threshold.to_string())?;
            }
            Compared::Without { grades } => {
                dict.set_item("without", grades.iter().map(|grade| grade.as_str()).collect::<Vec<_>>())?;
            }
            Compared::NoneBelow { grade } => dict.set_item("none_below", grade.as_str())?,
            Compared::Previous { standings } => dict.set_item("previous", words(standings))?,
        }
        Ok(dict)
    }

    /// As printed.
    fn figures(&self, summary: &CreditSummary) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("credits_attempted", summary.credits_attempted.to_string())?;
        dict.set_item("credits_passed", summary.credits_passed.to_string())?;
        dict.set_item("credits_earned", summary.credits_earned.to_string())?;
        dict.set_item("gpa_hours", summary.gpa_hours.to_string())?;
        dict.set_item("quality_points", summary.quality_points_displayed.to_string())?;
        dict.set_item("gpa", summary.gpa.map(|gpa| gpa.displayed.to_string()))?;
        Ok(dict)
    }

    /// From the exact sums to what is printed.
    fn arithmetic(&self, number: &NumberExplanation) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("quality_points", exact_text(number.summary.quality_points))?;
        dict.set_item("gpa_hours", exact_text(number.summary.gpa_hours_exact))?;
        dict.set_item("of_terms", number.of_terms.as_deref().map(|terms| self.of_terms(terms)).transpose()?)?;
        dict.set_item("exact", number.summary.gpa.map(|gpa| gpa.exact.to_string()))?;
        dict.set_item("decimal", number.summary.gpa.and_then(|gpa| expansion(gpa.exact)))?;
        dict.set_item("rounding", self.rounding(number.rounding)?)?;
        dict.set_item("quality_points_rounding", self.rounding(number.quality_points)?)?;
        Ok(dict)
    }

    /// The printed GPAs that make a cumulative one.
    fn of_terms(&self, terms: &[PrintedTerm]) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let one = |printed: &PrintedTerm| {
            let dict = PyDict::new(self.py);
            let term = self.record.terms.get(printed.index);
            dict.set_item("term", term.map(|term| term.designator.to_string()))?;
            dict.set_item("gpa", printed.gpa.to_string())?;
            dict.set_item("gpa_hours", printed.gpa_hours.to_string())?;
            Ok(dict)
        };
        terms.iter().map(one).collect()
    }

    fn rounding(&self, rounding: Rounding) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("mode", rounding.mode().word())?;
        dict.set_item("first", rounding.mode().first())?;
        dict.set_item("places", rounding.places())?;
        Ok(dict)
    }
}

/// Six places of a ratio, and … where it goes on.
fn expansion(exact: Ratio) -> Option<String> {
    let six = Rounding::new(RoundingMode::Truncate, 6)?.apply(exact)?;
    let ends = Ratio::from(six) == exact;
    Some(if ends {
        six.to_string().trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{six}…")
    })
}

/// A decimal where the ratio is one of at most twelve places, without zeros behind it; else the ratio.
fn exact_text(exact: Ratio) -> String {
    let (whole, exact) = (1_000_000_000_000_i128, exact.reduced());
    let scaled = exact.numerator().checked_mul(whole).filter(|scaled| scaled % exact.denominator() == 0);
    let Some(scaled) = scaled.map(|scaled| scaled / exact.denominator()) else { return exact.to_string() };
    let (sign, magnitude) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
    let text = format!("{sign}{}.{:012}", magnitude / whole.unsigned_abs(), magnitude % whole.unsigned_abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn outside(why: Outside) -> &'static str {
    match why {
        Outside::Earlier => "earlier",
        Outside::Elsewhere => "elsewhere",
    }
}
