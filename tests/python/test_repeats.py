"""Repeated courses by a policy: the GPA, the totals, and why, in words."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import registrary
from registrary._repeats import _RULES

ROOT = Path(__file__).resolve().parents[2]
LETTERS: dict[str, Any] = {"extends": "whole-letters", "name": "letters"}


def policy(**repeats: Any) -> dict[str, Any]:
    return {**LETTERS, "repeats": repeats}


def attempt(code: str, grade: str) -> dict[str, Any]:
    subject, number = code.split()
    return {"course": {"subject": subject, "number": number}, "credits": "3", "grade": grade}


def student(*terms: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "schema": "registrary/student-record/1",
        "student": {"id": "7", "names": {"legal": {"given": "Ada", "family": "Okafor"}}},
        "terms": [
            {"designator": designator, "name": designator, "level": "undergraduate", "attempts": attempts}
            for designator, attempts in terms
        ],
        "totals": "policy",
    }


def test_a_replaced_an_averaged_and_a_capped_repeat_explain_themselves() -> None:
    # Three credits each; a D or worse is replaced, six credits at most. ENG F and ART D are replaced (6 credits), so
    # the LAW F is averaged, and the BIO C is too high to be replaced: A + B + (F + A) + (C + B) over 18 hours:
    # (12 + 9 + 0 + 12 + 6 + 9) / 18 = 48 / 18 = 2.66. Credit once each: 12.
    first = [attempt("ART 1", "D"), attempt("BIO 1", "C"), attempt("ENG 1", "F"), attempt("LAW 1", "F")]
    again = [attempt("ENG 1", "A"), attempt("ART 1", "B"), attempt("BIO 1", "B")]
    record = student(("2024-09", first), ("2025-02", again), ("2025-09", [attempt("LAW 1", "A")]))
    by = policy(counts="last", old_at_most="D", cap={"credits": 6})
    evaluation = registrary.evaluate(record, policy=by)
    overall = evaluation.to_dict()["levels"][0]["overall"]
    assert (evaluation.gpa, overall["credits_earned"]) == (Decimal("2.66"), 12)
    assert (overall["quality_points"], overall["gpa_hours"], overall["credits_attempted"]) == (48, 18, 24)
    lines = [line.strip() for line in str(evaluation.explain()).splitlines()]
    assert (
        "ART 1  D: not in the GPA; 0 of 3 earned; repeat E, left out of the GPA: the last attempt counts; the B of "
        "2025-02 counts in its place; credit cap 6 used 0, this 3: within (rule: repeat-last-counts)"
    ) in lines
    assert (
        "LAW 1  F: 3 x 0 = 0; 0 of 3 earned; repeat A, averaged: the credits that may be replaced are used up; beside "
        "the A of 2025-09; credit cap 6 used 6, this 3: over (rule: repeat-credit-cap)"
    ) in lines
    assert (
        "BIO 1  B: 3 x 3 = 9; 3 of 3 earned; repeat I, counts and gives the credit: the earlier grade is too high to "
        "be replaced; beside the C of 2024-09; only D or worse is replaced (rule: repeat-old-grade-too-high)"
    ) in lines


def test_marks_of_the_record_stand_unless_ignored() -> None:
    marked = {**attempt("ENG 1", "C"), "repeat": "excluded"}
    record = student(("2024-09", [marked]), ("2025-09", [attempt("ENG 1", "B")]))
    assert registrary.evaluate(record, policy=policy(counts="first")).gpa == 3
    assert registrary.evaluate(record, policy=policy(counts="first", recorded="ignore")).gpa == 2


def test_attempts_without_course_and_term_are_refused() -> None:
    by = policy(counts="last")
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.calculate_gpa([("A", 3), {"grade": "B", "credits": 3, "course": "ENG 1"}], policy=by)
    assert [problem.place for problem in caught.value.problems] == ["attempts[0]", "attempts[1]"]
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.calculate_gpas({"student_id": [1], "grade": ["A"], "credits": [3]}, policy=by)
    assert {(problem.code, problem.place) for problem in caught.value.problems} == {
        ("missing-column", "term"),
        ("missing-column", "course"),
    }


def test_every_rule_that_the_core_knows_has_words() -> None:
    source = ROOT / "src" / "gpa"
    said = {
        word
        for path in source.glob("*.rs")
        for word in re.findall(r'"((?:recorded-)?repeat-[a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    # Problems of a refused record, not rules.
    assert said - {"repeat-without-term", "repeat-without-course"} == set(_RULES)


def test_a_wrong_policy_lists_its_problems() -> None:
    with pytest.raises(registrary.PolicyError) as caught:
        registrary.Policy.from_dict(policy(counts="newest", cap={}, old_at_most="Q"))
    assert {problem.place for problem in caught.value.problems} == {"repeats.counts", "repeats.cap"}


RULES: list[tuple[bool, dict[str, Any]]] = [
    (True, {"counts": "last"}),
    (True, {"counts": "all", "by_number": [{"highest": 299, "counts": "best", "cap": {"per_course": 1}}]}),
    (True, {"counts": "last", "old_at_most": "D", "new_at_least": "C", "otherwise": "keep_old", "transfer": True}),
    (
        True,
        {"counts": "last", "cap": {"credits": "12", "repeats": 3}, "recorded": "requests", "changes": "repeat_term"},
    ),
    (True, {"counts": "best", "equivalent": [["A 1", "B 1"]], "repeatable": ["M 1"], "never_replace": ["WF"]}),
    (True, {"counts": "first", "later": [{"from": "2015-06", "counts": "all_but_first", "standing": "last"}]}),
    (False, {}),
    (False, {"counts": "newest"}),
    (False, {"counts": "all", "cap": {"repeats": 1}}),
    (False, {"counts": "last", "cap": {}}),
    (False, {"counts": "last", "later": [{"counts": "all"}]}),
    (False, {"counts": "last", "colour": 1}),
    (False, {"counts": "all", "by_number": [{"counts": "first", "old_at_most": "D"}]}),
]


@pytest.mark.parametrize(("valid", "rules"), RULES)
def test_the_published_schema_and_the_reader_agree(valid: bool, rules: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "schemas" / "policy.schema.json").read_text(encoding="utf-8"))
    for file in (policy(**rules), {**LETTERS, "levels": {"law": {"repeats": rules}}}):
        assert jsonschema.Draft202012Validator(schema).is_valid(file) is valid
        if valid:
            registrary.Policy.from_dict(file)
        else:
            with pytest.raises(registrary.PolicyError):
                registrary.Policy.from_dict(file)
