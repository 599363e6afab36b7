"""The rules that decide what a repeat does to an attempt, in words."""

from __future__ import annotations

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


def in_words(repeat: str, rule: str) -> str:
    """What a repeat does to an attempt, and why."""
    return f"{MARKS.get(repeat, repeat)}: {_RULES.get(rule, rule)}"
