"""Small students, random ones and random rules, and rounding from its definition: what tests of GPAs share."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

POINTS = {"A": 4, "B": 3, "C": 2, "D": 1, "F": 0}
Facts = dict[str, Any]


def rounded(exact: Fraction, rule: Facts) -> Fraction:
    """A number as printed, from the definition of each mode; numbers here are never negative."""
    unit = Fraction(1, 10 ** rule["places"])
    below = exact // unit * unit
    match rule["mode"]:
        case "truncate":
            return below
        case "half_up":
            return below + unit if exact - below >= unit / 2 else below
        case "half_even":
            rises = exact - below > unit / 2 or (exact - below == unit / 2 and below / unit % 2 == 1)
            return below + unit if rises else below
    raise AssertionError(rule["mode"])


def random_policy(draw: random.Random) -> Facts:
    counts = draw.choice(["first", "last", "best", "all", "all_but_first"])
    repeats: Facts = {"counts": counts, "changes": draw.choice(["original_term", "repeat_term"])}
    if counts in ("last", "best", "all_but_first"):
        if draw.random() < 0.5:
            repeats["old_at_most"] = draw.choice("BCDF")
        if draw.random() < 0.3:
            repeats["new_at_least"] = draw.choice("BCD")
        if draw.random() < 0.3:
            repeats["otherwise"] = "keep_old"
        caps = {"credits": str(draw.randint(3, 12)), "repeats": draw.randint(1, 4), "per_course": draw.randint(1, 2)}
        chosen = {name: cap for name, cap in caps.items() if draw.random() < 0.4}
        if chosen:
            repeats["cap"] = chosen
    if "otherwise" in repeats and not {"old_at_most", "new_at_least"} & set(repeats):
        del repeats["otherwise"]
    rounding = {"mode": draw.choice(["truncate", "half_up", "half_even"]), "places": draw.randint(1, 4)}
    return {"extends": "whole-letters", "name": "school", "rounding": rounding, "repeats": repeats}


def random_attempt(draw: random.Random) -> Facts:
    number = draw.randint(1, 6)
    credits = ["3", "4", "1.5", "2", "3", "0.75"][number - 1]
    return {"course": f"ENG {number}", "credits": credits, "grade": draw.choice("ABCDFPW")}


def recorded(attempt: Facts) -> Facts:
    subject, number = attempt["course"].split()
    return {
        "course": {"subject": subject, "number": number},
        "credits": attempt["credits"],
        "grade": attempt["grade"],
    }


def student(terms: dict[str, list[Facts]]) -> Facts:
    return {
        "schema": "registrary/student-record/1",
        "student": {"id": "7", "names": {"legal": {"given": "Ada", "family": "Okafor"}}},
        "terms": [
            {
                "designator": designator,
                "name": designator,
                "level": "undergraduate",
                "attempts": [recorded(attempt) for attempt in attempts],
            }
            for designator, attempts in terms.items()
        ],
        "totals": "policy",
    }


def random_terms(draw: random.Random) -> dict[str, list[Facts]]:
    return {
        f"{2020 + at}-09": [random_attempt(draw) for _ in range(draw.randint(1, 5))] for at in range(draw.randint(1, 5))
    }


SEEDS = range(300)
