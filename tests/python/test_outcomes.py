"""Units, credits passed, named GPAs, standing and honours through the public verbs."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import registrary

POLICY: dict[str, Any] = {
    "extends": "whole-letters",
    "no_gpa": ["I"],
    "units": {
        "print": "semester",
        "round": "sum",
        "rounding": {"mode": "half_up", "places": 2},
        "quarter": "2/3",
    },
    "repeats": {"counts": "last"},
    "variants": {"honors": {"title": "Honors GPA", "forgiven": "count"}},
    "standing": {
        "recorded": {"Prob.": "Probation"},
        "rules": [{"is": "Probation", "term_gpa_below": "2.00"}, {"is": "Good standing"}],
    },
    "term_honors": {"rules": [{"is": "Dean's list", "term_gpa_at_least": "3.40", "without": ["I", "D", "F"]}]},
    "degree_honors": {"gpa_of": "honors", "rules": [{"is": "cum laude", "gpa_at_least": "3.0"}]},
}


def taken(code: str, credits: str, grade: str, unit: str = "semester") -> dict[str, Any]:
    subject, number = code.split()
    return {"course": {"subject": subject, "number": number}, "credits": credits, "grade": grade, "unit": unit}


RECORD: dict[str, Any] = {
    "schema": "registrary/student-record/1",
    "student": {"id": "7", "names": {"legal": {"given": "Ada", "family": "Okafor"}}},
    "terms": [
        {
            "designator": "2024-09",
            "name": "Autumn 2024",
            "level": "undergraduate",
            "standing": "Prob.",
            "attempts": [taken("MATH 101", "5", "F", "quarter"), taken("HIST 110", "5", "C", "quarter")],
        },
        {
            "designator": "2025-02",
            "name": "Spring 2025",
            "level": "undergraduate",
            "honors": ["President's list"],
            "attempts": [taken("MATH 101", "4", "A"), taken("CHEM 120", "4", "A")],
        },
    ],
    "awards": [{"title": "Bachelor of Arts", "level": "undergraduate", "conferred": "2025-05-20"}],
    "totals": "policy",
}


def evaluate(record: dict[str, Any] = RECORD, **changes: Any) -> registrary.Evaluation:
    policy = deepcopy(POLICY)
    for key, change in changes.items():
        policy[key].update(change)
    return registrary.evaluate(record, policy=policy)


def level(evaluation: registrary.Evaluation) -> dict[str, Any]:
    only: dict[str, Any]
    (only,) = evaluation.to_dict()["levels"]
    return only


def test_totals_are_in_the_printed_unit_and_exact_beside_it() -> None:
    judged = level(evaluate())
    overall = judged["overall"]
    # 5 × 2/3 × 2 attempted, one of them passed; both fours.
    assert judged["unit"] == "semester"
    assert (overall["credits_attempted"], overall["credits_passed"]) == (Decimal("14.67"), Decimal("11.33"))
    assert Fraction(overall["gpa_hours_exact"]) == Fraction(10, 3) + 8
    assert Fraction(overall["gpa_exact"]) == (Fraction(20, 3) + 32) / (Fraction(10, 3) + 8)
    quarter = judged["terms"][0]["attempts"][0]
    assert (quarter["unit"], quarter["credits"], quarter["recorded_credits"]) == ("quarter", 5, 5)
    by_course = level(evaluate(units={"round": "course"}))["terms"][0]["attempts"][0]
    assert (by_course["unit"], by_course["credits"], by_course["recorded_unit"]) == (
        "semester",
        Decimal("3.33"),
        "quarter",
    )


def test_a_named_gpa_counts_what_was_forgiven() -> None:
    (honors,) = level(evaluate())["variants"]
    assert (honors["name"], honors["title"], honors["print"]) == ("honors", "Honors GPA", False)
    assert Fraction(honors["gpa_exact"]) == (Fraction(20, 3) + 32) / (Fraction(20, 3) + 8)


def test_outcomes_carry_the_rule_and_its_figures() -> None:
    judged = level(evaluate())
    first, second = judged["terms"]
    assert first["recorded_standing"] == "Prob." and first["standing"]["title"] == "Probation"
    assert first["standing"]["rule"] == "standing.rules[0]"
    (figure,) = first["standing"]["figures"]
    assert figure == {"name": "term_gpa", "value": "1/1", "threshold": Decimal("2.00"), "compared": "below"}
    assert first["honors"] is None and second["honors"]["title"] == "Dean's list"
    (award,) = judged["awards"]
    assert award["honors"] is None
    degree = {"rules": [{"is": "cum laude", "gpa_at_least": "2.6"}], "print": True}
    (award,) = level(evaluate(degree_honors=degree))["awards"]
    assert (award["award"], award["honors"]["title"], award["honors"]["print"]) == (0, "cum laude", True)


def test_differences_are_told_or_refused() -> None:
    evaluation = evaluate()
    difference = {"place": "terms[1].honors", "recorded": "President's list", "computed": "Dean's list"}
    assert evaluation.differences == evaluation.to_dict()["differences"] == [difference]
    with pytest.raises(registrary.MalformedRecordError) as caught:
        evaluate(term_honors={"on_difference": "refuse"})
    assert [(p.code, p.place) for p in caught.value.problems] == [("recorded-outcome-differs", "terms[1].honors")]
    assert "list" not in str(caught.value)


def test_without_rules_nothing_is_decided() -> None:
    record = deepcopy(RECORD)
    for attempt in record["terms"][0]["attempts"]:
        attempt["unit"] = "semester"
    evaluation = registrary.evaluate(record, policy="whole-letters")
    judged = level(evaluation)
    assert evaluation.differences == judged["variants"] == judged["awards"] == []
    assert all(term["standing"] is term["honors"] is None for term in judged["terms"])


def test_two_units_need_a_factor() -> None:
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.evaluate(RECORD, policy="whole-letters")
    assert {problem.code for problem in caught.value.problems} == {"mixed-credit-units"}


def test_the_schema_takes_what_the_engine_takes() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "policy.schema.json").read_text())
    check = jsonschema.Draft202012Validator(schema)
    assert not list(check.iter_errors(POLICY))
    for key, wrong in [
        ("units", {"print": "semester", "round": "sum"}),
        ("units", {**POLICY["units"], "quarter": "two thirds"}),
        ("variants", {"overall": {"title": "x"}}),
        ("standing", {"rules": []}),
        ("standing", {"rules": [{"is": "x", "gpa_below": "2"}]}),
        ("term_honors", {"rules": [{"term_gpa_below": "2"}]}),
        ("degree_honors", {"rules": [{"is": "x", "previous": ["y"]}]}),
    ]:
        policy = {**POLICY, key: wrong}
        assert list(check.iter_errors(policy)), (key, wrong)
        with pytest.raises(registrary.PolicyError):
            registrary.evaluate(RECORD, policy=policy)
