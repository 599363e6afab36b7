"""Honours, weighted marks and grades of another country through the public verbs, as published; wrong ones refused."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import registrary
from registrary import _core

ROOT = Path(__file__).resolve().parents[2]
TRUTHS = json.loads((ROOT / "tests" / "truth" / "published_systems.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "schemas" / "scheme.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FILES = sorted((ROOT / "assets" / "systems").glob("*.toml"))


def named(case: dict[str, Any]) -> str:
    return str(case["id"])


@pytest.mark.parametrize("case", TRUTHS["honours"], ids=named)
def test_published_honours(case: dict[str, Any]) -> None:
    result = registrary.classify_honours(case["modules"], scheme=case["scheme"])
    assert (result.honours, str(result.average)) == (case["class"], case["displayed"])
    assert result.counted == tuple(Decimal(credits) for credits in case["counted"])
    assert set(result.levels) == set(case["levels"])
    assert isinstance(result.exact, Fraction)
    # Independently: by fractions, the method's weights on the published level averages.
    scheme = tomllib.loads((ROOT / "assets" / "systems" / f"{case['scheme']}.toml").read_text(encoding="utf-8"))
    method = scheme["methods"][result.method - 1]
    weights = {level: Fraction(weight) for level, weight in method["weights"].items()}
    if method.get("weigh", "levels") == "levels":
        total = sum(weights[level] for level in case["levels"])
        assert result.exact == sum(weights[at] * Fraction(mark) for at, mark in case["levels"].items()) / total


@pytest.mark.parametrize("case", TRUTHS["weighted_marks"], ids=named)
def test_published_weighted_marks(case: dict[str, Any]) -> None:
    result = registrary.weighted_average_mark(case["units"], scheme=case["scheme"])
    assert str(result) == case["displayed"]
    top = bottom = Fraction(0)
    for mark, credits, level in case["units"]:
        weight = Fraction(credits) * (Fraction(1, 2) if level == "1" else 1)
        top, bottom = top + weight * Fraction(mark), bottom + weight
    assert result is not None and abs(Fraction(result) - top / bottom) <= Fraction(1, 2000)


@pytest.mark.parametrize("case", TRUTHS["conversions"], ids=named)
def test_published_conversions(case: dict[str, Any]) -> None:
    limits = {"best": case["best"], "lowest_pass": case["lowest_pass"]}
    assert str(registrary.convert_grade(case["grade"], scheme=case["scheme"], **limits)) == case["converted"]


@pytest.mark.parametrize("case", TRUTHS["wrong"], ids=named)
def test_figures_published_wrong(case: dict[str, Any]) -> None:
    places = len(case["claimed"].partition(".")[2])
    for mode in ("truncate", "half_up", "half_even"):
        policy: dict[str, Any] = {key: case[key] for key in case if key in ("scale", "extends")}
        policy["rounding"] = {"mode": mode, "places": places}
        attempts = [(grade, credits) for grade, credits in case["attempts"]]
        assert str(registrary.calculate_gpa(attempts, policy=policy)) != case["claimed"], case["why"]


def test_modules_come_in_every_form() -> None:
    first = registrary.classify_honours([(72, 120, 5), (Decimal("66"), "120", "6")], scheme="uk-25-75")
    second = registrary.classify_honours(
        [{"mark": 72.0, "credits": 120, "level": 5}, {"mark": "66", "credits": 120, "level": 6}], scheme="uk-25-75"
    )
    assert first == second
    assert (first.honours, first.average, first.exact) == ("Upper second", Decimal("67.50"), Fraction(135, 2))
    assert (first.method, first.scheme) == (1, "uk-25-75")


def test_all_problems_of_modules_are_listed() -> None:
    given = [(72, 120), {"mark": 50, "credits": 20}, ("x", -1, 5), (50, 20, None), "50"]
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.classify_honours(given, scheme="uk-25-75")
    places = [problem.place for problem in caught.value.problems]
    assert places == [
        "modules[0]",
        "modules[1]",
        "modules[2].mark",
        "modules[2].credits",
        "modules[3].level",
        "modules[4]",
    ]
    with pytest.raises(registrary.MalformedRecordError):
        registrary.convert_grade("A", best=10, lowest_pass=6)
    assert registrary.weighted_average_mark([]) is None


class Itself:
    """Never becomes a number."""

    def __index__(self) -> Any:
        return self


def test_what_never_becomes_a_number_is_refused() -> None:
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.convert_grade(Itself(), best=10, lowest_pass=6)
    assert [problem.code for problem in caught.value.problems] == ["not-a-number"]


def test_a_scheme_comes_by_name_path_or_mapping(tmp_path: Path) -> None:
    mapping = {"best": 1, "lowest_pass": 4, "rounding": {"mode": "half_up", "places": 2}}
    assert str(registrary.convert_grade(72, best=100, lowest_pass=50, scheme=mapping)) == "2.68"
    path = tmp_path / "own.toml"
    path.write_text('best = 1\nlowest_pass = 4\nrounding = { mode = "half_up", places = 2 }\n', encoding="utf-8")
    assert str(registrary.convert_grade(72, best=100, lowest_pass=50, scheme=path)) == "2.68"
    path.write_text("best = = 1", encoding="utf-8")
    for wrong in ("no-such-scheme", {"best": 1}, path, tmp_path / "absent.toml", {"best": object()}):
        with pytest.raises(registrary.PolicyError) as caught:
            registrary.convert_grade(72, best=100, lowest_pass=50, scheme=wrong)
        assert caught.value.problems
    with pytest.raises(TypeError):
        registrary.convert_grade(72, best=100, lowest_pass=50, scheme=3)  # type: ignore[arg-type]


def test_every_built_in_scheme_is_valid_by_an_independent_validator() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    names = {name for _, names in _core.scheme_names() for name in names}
    assert names == {path.stem for path in FILES}
    for path in FILES:
        assert list(VALIDATOR.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))) == [], path


HONOURS: dict[str, Any] = {"methods": [{"weights": {"6": 1}}], "classes": [{"name": "First", "from": 70}]}


@pytest.mark.parametrize(
    ("valid", "scheme"),
    [
        (True, HONOURS),
        (True, {**HONOURS, "classified": {"mode": "half_up", "places": 0}}),
        (False, {**HONOURS, "methods": []}),
        (False, {**HONOURS, "methods": [{"weights": {}}]}),
        (False, {**HONOURS, "methods": [{"weights": {"6": 1}, "weigh": "marks"}]}),
        (False, {**HONOURS, "classes": [{"name": "First"}]}),
        (False, {**HONOURS, "colour": 1}),
        (False, {**HONOURS, "printed": {"mode": "half_up", "places": 10}}),
    ],
)
def test_the_published_schema_and_the_reader_agree(valid: bool, scheme: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(scheme) is valid
    if valid:
        assert registrary.classify_honours([(70, 120, 6)], scheme=scheme).honours == "First"
    else:
        with pytest.raises(registrary.PolicyError):
            registrary.classify_honours([(70, 120, 6)], scheme=scheme)
