"""Grade scales and roundings of a policy: every built-in by the published schema, and the schema by the reader."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import registrary

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "policy.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FILES = sorted((ROOT / "assets" / "policies").glob("*.toml"))
SCALES = json.loads((ROOT / "tests" / "truth" / "published_scales.json").read_text(encoding="utf-8"))["scales"]


def record(*terms: dict[str, Any], **more: Any) -> dict[str, Any]:
    student = {"id": "7", "names": {"legal": {"given": "A", "family": "B"}}}
    return {
        "schema": "registrary/student-record/1",
        "student": student,
        "terms": list(terms),
        "totals": "policy",
        **more,
    }


def term(designator: str, *grades: str, **more: Any) -> dict[str, Any]:
    attempts = [
        {"course": {"subject": "LAW", "number": str(at)}, "credits": "3", "grade": grade}
        for at, grade in enumerate(grades)
    ]
    return {"designator": designator, "name": designator, "level": "undergraduate", "attempts": attempts, **more}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_built_in_is_valid_by_an_independent_validator(path: Path) -> None:
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(VALIDATOR.iter_errors(file)) == []
    assert registrary.Policy.from_toml(path) == registrary.Policy.built_in(path.stem)


def test_the_schema_names_every_built_in() -> None:
    names = registrary.Policy.built_in_names()
    assert SCHEMA["properties"]["extends"]["enum"] == names
    assert sorted(names) == [path.stem for path in FILES]
    assert len(names) == len(set(names)) >= 23


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale["policy"])
def test_published_points(scale: dict[str, Any]) -> None:
    places = {"extends": scale["policy"], "rounding": {"mode": "truncate", "places": 9}, "cumulative": "totals"}
    for grade, points in scale["points"].items():
        assert registrary.calculate_gpa([(grade, 3)], policy=places) == Decimal(points)
    for mark, grade in scale.get("marks", {}).items():
        assert registrary.calculate_gpa([(mark, 3)], policy=places) == Decimal(scale["points"][grade])


LETTERS: dict[str, Any] = {"scale": {"A": "4.0", "F": "0"}}
MARKED = {"A": {"points": 4, "marks": [50, 100]}, "F": {"points": "0", "marks": ["0", "49"]}}
ROUNDING = {"mode": "half_up", "places": 2}

POLICIES: list[tuple[bool, dict[str, Any]]] = [
    (True, {"scale": MARKED}),
    (True, {"scale": MARKED, "marks": {"mode": "half_up"}}),
    (True, {"scale": MARKED, "marks": {"places": 1, "gaps": True}}),
    (False, {"scale": {"A": {"points": 4, "marks": [50]}}}),
    (False, {"scale": MARKED, "marks": {"mode": "nearest"}}),
    (False, {"scale": MARKED, "marks": {"places": 7}}),
    (True, {"best": "lowest", "pass_points": "4", "scale": {"1": "1", "5": "5"}}),
    (False, {"best": "low", "pass_points": "4", "scale": {"1": "1", "5": "5"}}),
    (True, {**LETTERS, "scale_changes_by": "entry", "scale_changes": [{"from": "2017-09", "scale": {"A": "5"}}]}),
    (False, {**LETTERS, "scale_changes_by": "birth", "scale_changes": [{"from": "2017-09"}]}),
    (False, {**LETTERS, "scale_changes_by": "entry"}),
    (True, {**LETTERS, "cumulative": "rounded_terms"}),
    (False, {**LETTERS, "cumulative": "mean"}),
    (True, {**LETTERS, "rounding": {**ROUNDING, "places": 9}}),
    (False, {**LETTERS, "rounding": {**ROUNDING, "places": 10}}),
    (False, {**LETTERS, "rounding": {**ROUNDING, "campus": "Dubai"}}),
    (True, {**LETTERS, "rounding": [ROUNDING, {**ROUNDING, "campus": "Dubai", "from": "2020-01"}]}),
    (False, {**LETTERS, "rounding": [{**ROUNDING, "campus": "Dubai"}]}),
    (False, {**LETTERS, "rounding": [ROUNDING, ROUNDING]}),
    (True, {**LETTERS, "quality_points": {**ROUNDING, "places": 6}}),
    (False, {**LETTERS, "quality_points": {**ROUNDING, "places": 7}}),
    (False, {**LETTERS, "quality_points": [{**ROUNDING, "places": 7}]}),
]


@pytest.mark.parametrize(("valid", "file"), POLICIES)
def test_the_published_schema_and_the_reader_agree(valid: bool, file: dict[str, Any]) -> None:
    for policy in (file, {**LETTERS, "levels": {"law": file}}):
        assert VALIDATOR.is_valid(policy) is valid
        if valid:
            registrary.Policy.from_dict(policy)
        else:
            with pytest.raises(registrary.PolicyError):
                registrary.Policy.from_dict(policy)


def test_a_policy_lists_all_that_is_wrong_with_its_scale() -> None:
    scale = {"A": {"points": 4, "marks": [50, 100]}, "F": {"points": "0", "marks": ["0", "50"]}, "X": {"points": -1}}
    with pytest.raises(registrary.PolicyError) as caught:
        registrary.Policy.from_dict({"scale": scale, "best": "top", "colour": 1})
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"marks-overlap", "bad-points", "unknown-word", "unknown-key"}


def test_the_scale_goes_by_the_term_of_entry() -> None:
    later = [term("2017-09", "A", "65"), term("2018-09", "A", "65")]
    assert registrary.evaluate(record(*later), policy="nigeria-by-entry").gpa == Decimal("3.50")
    older = record(term("2016-09", "A"), *later)
    assert registrary.evaluate(older, policy="nigeria-by-entry").gpa == Decimal("4.60")
    with pytest.raises(registrary.ConfigurationError):
        registrary.calculate_gpa([("A", 3)], policy="nigeria-by-entry")
    policy = registrary.Policy.built_in("nigeria-by-entry")
    assert registrary.calculate_gpa([("A", 3)], policy=policy.for_entry_term("2016-09")) == Decimal("5.00")
    assert registrary.calculate_gpa([("A", 3)], policy=policy.for_entry_term("2017-09")) == Decimal("4.00")
    with pytest.raises(registrary.ConfigurationError):
        policy.for_entry_term("autumn")


def test_an_unknown_entry_is_refused() -> None:
    balance = {
        "origin": "institution",
        "label": "Old system",
        "level": "undergraduate",
        "credits_attempted": "3",
        "credits_earned": "3",
        "gpa_hours": "3",
        "quality_points": "15",
    }
    given = record(term("2018-09", "A"), balances=[balance])
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.evaluate(given, policy="nigeria-by-entry")
    assert [problem.code for problem in caught.value.problems] == ["entry-term-unknown"]
    given["programs"] = [{"kind": "program", "name": "Law", "level": "undergraduate", "admitted": "2016-09-12"}]
    assert registrary.evaluate(given, policy="nigeria-by-entry").gpa == Decimal("5.00")


def test_a_campus_has_its_own_rounding() -> None:
    rounding = [ROUNDING, {"campus": "Dubai", "mode": "truncate", "places": 4}]
    policy = {"extends": "whole-letters", "rounding": rounding}
    given = [term("2020-09", "A", "A", "B", campus=campus) for campus in ("Dubai", "Main")]
    gpas = [registrary.evaluate(record(one), policy=policy).gpa for one in given]
    assert [str(gpa) for gpa in gpas] == ["3.6666", "3.67"]


def test_nine_places_print_exactly() -> None:
    policy = {"extends": "whole-letters", "rounding": {"mode": "half_up", "places": 9}}
    assert str(registrary.calculate_gpa([("A", 2), ("B", 1)], policy=policy)) == "3.666666667"
    result = registrary.evaluate(record(term("2020-09", "A", "A", "B")), policy=policy)
    assert str(result.gpa) == "3.666666667"
