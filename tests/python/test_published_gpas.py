"""GPAs as institutions published them, through `calculate_gpa`: by the roundings that yield them and no other."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import registrary

TRUTHS = json.loads((Path(__file__).parents[1] / "truth" / "published_gpas.json").read_text(encoding="utf-8"))
MODES = ("truncate", "half_up", "half_even")


def named(case: dict[str, Any]) -> str:
    return str(case["id"])


@pytest.mark.parametrize("case", TRUTHS["gpas"], ids=named)
def test_published_gpa(case: dict[str, Any]) -> None:
    attempts = [(grade, credits) for grade, credits in case["attempts"]]
    for mode in MODES:
        rounding = {"mode": mode, "places": case["roundings"][0]["places"]}
        policy = {"scale": case["scale"], "no_gpa": case["no_gpa"], "rounding": rounding}
        gpa = registrary.calculate_gpa(attempts, policy=policy)
        assert (str(gpa) == case["gpa"]) == (rounding in case["roundings"]), (mode, gpa)


@pytest.mark.parametrize("case", TRUTHS["displayed"], ids=named)
def test_published_display(case: dict[str, Any]) -> None:
    policy = {"scale": {"X": case["exact"]}, "rounding": case["rounding"]}
    assert registrary.calculate_gpa([("X", 3)], policy=policy) == Decimal(case["displayed"])


def test_there_are_truths() -> None:
    assert len(TRUTHS["gpas"]) >= 16
    assert len(TRUTHS["displayed"]) >= 14
