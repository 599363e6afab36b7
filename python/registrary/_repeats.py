"""The rules that decide what an attempt does to a GPA, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]

MARKS = {"excluded": "E, left out of the GPA", "included": "I, counts and gives the credit", "averaged": "A, averaged"}

_RULES = {
    "recorded-repeat-excluded": "the record marks it so",
    "recorded-repeat-included": "the record marks it so",
    "recorded-repeat-averaged": "the record marks it so",
    "repeat-first-counts": "the first attempt counts",
    "repeat-last-counts": "the last attempt counts",
    "repeat-best-counts": "the best attempt counts",
    "repeat-all-count": "all attempts count",
    "repeat-all-but-first-count": "all attempts but the first count",
    "repeat-old-grade-too-high": "the earlier grade is too high to be replaced",
    "repeat-new-grade-too-low": "the later grade is too low to replace the earlier",
    "repeat-pass-and-letter": "a pass and a letter do not replace one another here",
    "repeat-may-not-replace": "the later grade is of a kind that replaces none",
    "repeat-not-requested": "no replacement was asked for",
    "repeat-course-cap": "no more attempts of one course are left out",
    "repeat-count-cap": "the number of repeats that replace is used up",
    "repeat-credit-cap": "the credits that may be replaced are used up",
    "repeat-elsewhere": "an attempt elsewhere replaces no grade here, and credit is given once",
    "repeat-beside-recorded": "the record marks another attempt of the course",
}

_PLAIN = {
    "grade": "by its grade",
    "status": "by what the policy says of its status",
    "in-progress": "no result yet",
    "transfer": "by its transferred grade",
    "transfer-no-grade": "transferred without a grade of this scale",
}

_GRADED = frozenset({"grade", "status", "transfer"})
_CAPS = {"credits": "credit cap", "repeats": "repeat cap", "per_course": "cap of one course"}
_THRESHOLDS = {"old_at_most": "only {} or worse is replaced", "new_at_least": "only {} or better replaces"}
_OUTSIDE = {"earlier": "before the credits that count here", "elsewhere": "work from elsewhere does not count here"}


def in_words(attempt: Facts) -> str:
    """What decided about an attempt, and what it was compared with."""
    rule = attempt["rule"]
    if attempt["outside"]:
        return _OUTSIDE[attempt["outside"]]
    if not attempt["repeat"]:
        outside = ", which is outside the GPA" if rule in _GRADED and attempt["points"] is None else ""
        return f"{_PLAIN.get(rule, rule)}{outside}"
    parts = [_RULES.get(rule, rule), *(_compared(attempt) if attempt["reason"] else ())]
    if attempt["repeat"] == "excluded" and attempt["counted"]:
        parts.append("forgiven grades count again here")
    return f"repeat {MARKS.get(attempt['repeat'], attempt['repeat'])}: {'; '.join(parts)}"


def decision(repeat: str, rule: str) -> str:
    """A mark and the rule that set it, where nothing more is known."""
    return f"{MARKS.get(repeat, repeat)}: {_RULES.get(rule, rule)}"


def _compared(attempt: Facts) -> Iterator[str]:
    reason = attempt["reason"]
    if other := reason["other"]:
        leaves = attempt["repeat"] == "excluded"
        how = "{} counts in its place" if leaves else "in place of {}" if reason["one_leaves"] else "beside {}"
        yield how.format(_named(other, attempt))
    if threshold := reason["threshold"]:
        yield _THRESHOLDS[threshold["key"]].format(threshold["grade"])
    for limit in reason["limits"]:
        verdict = "over" if limit["over"] else "within"
        yield f"{_CAPS[limit['cap']]} {limit['limit']} used {limit['used']}, this {limit['asks']}: {verdict}"
    credit = reason["credit"]
    if attempt["repeat"] == "averaged" and credit and credit["place"] != (reason["other"] or {}).get("place"):
        yield f"{_named(credit, attempt)} gives the credit"


def _named(other: Facts, attempt: Facts) -> str:
    """Another attempt: its course where that is another one, too."""
    what = f"the {other['grade']}" if other["grade"] else "the attempt"
    course = f" in {other['course']}" if other["course"] != attempt["course"] else ""
    when = f" of {other['term']}" if other["term"] else " from elsewhere"
    return f"{what}{course}{when}"
