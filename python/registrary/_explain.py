"""An evaluation in words: every number with the numbers it came from. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from registrary._repeats import in_words

Facts = Mapping[str, Any]


def explain(evaluation: Facts) -> str:
    """The whole evaluation as plain text."""
    if evaluation["authority"] == "stated":
        return "\n".join(["Totals as the document states them; nothing was computed.", *_stated(evaluation)])
    return "\n".join([f"By the policy {evaluation['policy']}.", *_levels(evaluation)])


def _stated(evaluation: Facts) -> Iterator[str]:
    for summary in evaluation["summaries"]:
        figures = ("credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa")
        told = [f"{name.replace('_', ' ')} {summary[name]}" for name in figures if summary[name] is not None]
        yield f"  {summary['label'] or summary['span']}: {', '.join(told) or 'no figures'}"


def _levels(evaluation: Facts) -> Iterator[str]:
    for level in evaluation["levels"]:
        yield ""
        yield f"{level['level']}, grade scale {level['scale']}"
        for term in level["terms"]:
            yield f"  {term['name']} ({term['designator']})"
            yield from (f"    {_attempt(attempt)}" for attempt in term["attempts"])
            yield f"    term: {_summary(term['term'])}"
            yield f"    cumulative: {_summary(term['cumulative'])}"
        for block in level["transfers"]:
            yield f"  Transfer: {block['institution'] or 'institution not recorded'}"
            yield from (f"    {_attempt(attempt)}" for attempt in block["attempts"])
            yield f"    total: {_summary(block['total'])}"
        for name in ("institution", "transfer", "overall"):
            yield f"  {name}: {_summary(level[name])}"


def _attempt(attempt: Facts) -> str:
    course = attempt["course"] or attempt["title"] or "course"
    grade = attempt["grade"] or "no grade"
    counted = "not in the GPA"
    if attempt["gpa_hours"] and attempt["points"] is not None:
        counted = f"{attempt['gpa_hours']} x {attempt['points']} = {attempt['quality_points']}"
    repeat = f"; repeat {in_words(attempt['repeat'], attempt['rule'])}" if attempt["repeat"] else ""
    earned = f"{attempt['credits_earned']} of {attempt['credits']} earned"
    return f"{course}  {grade}: {counted}; {earned}{repeat} (rule: {attempt['rule']})"


def _summary(summary: Facts) -> str:
    credits = f"{summary['credits_attempted']} attempted, {summary['credits_earned']} earned"
    if summary["gpa"] is None:
        return f"{credits}; no GPA hours, so no GPA"
    ratio = f"{summary['quality_points']} / {summary['gpa_hours']} = {summary['gpa_exact']}"
    return f"{credits}; {ratio}, printed {summary['gpa']}"
