"""What-if: planned attempts are judged as real ones, and what a target needs is needed to the last step."""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import registrary
from gpa_students import POINTS, SEEDS, random_attempt, random_policy, random_terms, rounded, student

LETTERS = {"extends": "whole-letters", "name": "letters"}


def test_planned_attempts_count_as_if_the_record_had_them() -> None:
    for seed in SEEDS:
        draw = random.Random(1000 + seed)
        policy, terms = random_policy(draw), random_terms(draw)
        planned = [
            {**random_attempt(draw), "term": draw.choice(["2022-09", "2026-02", "2026-09"])}
            for _ in range(draw.randint(1, 4))
        ]
        both = copy.deepcopy(terms)
        for attempt in planned:
            both.setdefault(attempt["term"], []).append(attempt)
        evaluation = registrary.evaluate(student(terms), policy=policy)
        before = evaluation.to_dict()
        hypothetical = evaluation.with_attempts(planned)
        expected = registrary.evaluate(student(both), policy=policy)
        assert hypothetical.to_dict() == expected.to_dict()
        assert evaluation.to_dict() == before
        assert hypothetical.hypothetical
        assert not evaluation.hypothetical


def test_a_planned_repeat_replaces_by_the_rules() -> None:
    # The F counts nothing any more: (3 x 3 + 3 x 4) / 6 = 3.50; before it, 9 / 6 = 1.50.
    record = student(
        {
            "2024-09": [
                {"course": "ENG 1", "credits": "3", "grade": "F"},
                {"course": "ART 1", "credits": "3", "grade": "B"},
            ]
        }
    )
    evaluation = registrary.evaluate(record, policy={**LETTERS, "repeats": {"counts": "last"}})
    planned = {"course": "ENG 1", "term": "2027-02", "grade": "A", "credits": 3, "level": "undergraduate"}
    hypothetical = evaluation.with_attempts([planned])
    assert (evaluation.gpa, hypothetical.gpa) == (Decimal("1.50"), Decimal("3.50"))
    assert "hypothetical" in str(hypothetical.explain())
    assert "hypothetical" in hypothetical.explain()._repr_html_()
    assert "hypothetical" in repr(hypothetical)
    assert hypothetical.explain().to_dict()["hypothetical"] is True
    # What is only planned is printed by nobody.
    with pytest.raises((TypeError, registrary.TranscriptError)):
        registrary.produce_transcript(hypothetical)
    assert not hasattr(hypothetical, "record")


def test_a_planned_attempt_is_right_or_refused_with_all_its_problems() -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "F"}]})
    evaluation = registrary.evaluate(record, policy=LETTERS)
    good = {"course": "ENG 2", "term": "2027-02", "grade": "A", "credits": 3}
    with pytest.raises(registrary.MalformedRecordError) as caught:
        evaluation.with_attempts(
            [
                {**good, "credits": -1, "colour": "red"},
                {**good, "course": "ENG2", "term": "Spring"},
                ("A", 3),  # type: ignore[list-item]
                {"grade": "A", "credits": 3},
            ]
        )
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [
        ("attempts[0]", "unknown-field"),
        ("attempts[0].credits", "out-of-range"),
        ("attempts[2]", "not-an-attempt"),
        ("attempts[1].course", "not-a-course"),
        ("attempts[1].term", "not-a-term"),
        ("attempts[3].course", "not-a-course"),
        ("attempts[3].term", "not-a-term"),
    ]
    with pytest.raises(registrary.MalformedRecordError, match="grade scale"):
        evaluation.with_attempts([{**good, "grade": "Z"}])
    assert evaluation.with_attempts([]).to_dict() == evaluation.to_dict()


def test_the_level_is_said_where_there_are_several() -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "F"}]})
    record["terms"].append({**copy.deepcopy(record["terms"][0]), "level": "graduate", "designator": "2026-09"})
    evaluation = registrary.evaluate(record, policy=LETTERS)
    planned = {"course": "ENG 2", "term": "2027-02", "grade": "A", "credits": 3}
    with pytest.raises(registrary.MalformedRecordError, match="level"):
        evaluation.with_attempts([planned])
    with pytest.raises(registrary.ConfigurationError, match="level"):
        evaluation.required_for(3, 12)
    hypothetical = evaluation.with_attempts([{**planned, "level": "graduate"}])
    assert hypothetical.levels == {"undergraduate": Decimal("0.00"), "graduate": Decimal("2.00")}
    assert evaluation.required_for(2, 3, level="graduate").gpa == Decimal("4.00")


# --- required_for -----------------------------------------------------------------------------------------------------


class Overall:
    """The overall GPA of an evaluation with more credits of some GPA, by fractions and by the rounding's definition."""

    def __init__(self, evaluation: registrary.Evaluation, target: Decimal, credits: Decimal) -> None:
        [level] = evaluation.explain(number="overall").to_dict()["levels"]
        self.arithmetic = level["numbers"][0]["arithmetic"]
        self.target, self.credits = Fraction(target), Fraction(credits)
        self.unit = Fraction(1, 10 ** self.arithmetic["rounding"]["places"])

    def reached_by(self, gpa: Fraction | Decimal | int) -> bool:
        points = Fraction(self.arithmetic["quality_points"]) + Fraction(gpa) * self.credits
        exact = points / (Fraction(self.arithmetic["gpa_hours"]) + self.credits)
        return rounded(max(exact, Fraction(0)), self.arithmetic["rounding"]) >= self.target


def test_what_a_target_needs_is_needed_to_the_last_step() -> None:
    outcomes = set()
    for seed in SEEDS:
        draw = random.Random(2000 + seed)
        policy, terms = random_policy(draw), random_terms(draw)
        evaluation = registrary.evaluate(student(terms), policy=policy)
        target, credits = Decimal(draw.randint(0, 400)) / 100, Decimal(draw.randint(1, 120)) / 2
        required, overall = evaluation.required_for(target, credits), Overall(evaluation, target, credits)
        step = Fraction(1, 10**15)
        assert overall.reached_by(required.exact + step if required.more_than else required.exact)
        if required.exact > 0:
            assert not overall.reached_by(required.exact if required.more_than else required.exact - step)
        assert required.reached == overall.reached_by(0)
        assert required.impossible == (not overall.reached_by(4))
        if required.gpa is not None:
            assert overall.reached_by(required.gpa)
            assert required.gpa == 0 or not overall.reached_by(Fraction(required.gpa) - overall.unit)
        assert required.grade == next((grade for grade in "FDCBA" if overall.reached_by(POINTS[grade])), None)
        outcomes.add((required.reached, required.impossible, required.more_than))
    assert {(True, False, False), (False, True, False), (False, False, False), (False, False, True)} <= outcomes


def test_the_lowest_grade_reaches_the_target_when_it_is_earned() -> None:
    checked = 0
    for seed in range(60):
        draw = random.Random(3000 + seed)
        policy, terms = random_policy(draw), random_terms(draw)
        evaluation = registrary.evaluate(student(terms), policy=policy)
        target, credits = Decimal(draw.randint(100, 390)) / 100, draw.randint(3, 60)
        required = evaluation.required_for(target, credits)
        for grade in "ABCDF":
            new = {"course": "NEW 100", "term": "2030-09", "grade": grade, "credits": credits}
            gpa = evaluation.with_attempts([new]).gpa
            assert gpa is not None
            enough = required.grade is not None and POINTS[grade] >= POINTS[required.grade]
            assert (gpa >= target) is enough
            checked += enough
    assert checked > 50


def test_the_three_answers_read_as_they_are() -> None:
    # 12 hours with 30 points: 2.50. For 3.00 over 24 hours 72 points are wanted, 42 on the next 12: 3.5.
    record = student({"2024-09": [{"course": f"ENG {n}", "credits": "3", "grade": g} for n, g in enumerate("ABCD")]})
    evaluation = registrary.evaluate(record, policy=LETTERS)
    needs = evaluation.required_for("3.00", 12)
    assert (needs.exact, needs.gpa, needs.grade, needs.level) == (Fraction(7, 2), Decimal("3.50"), "A", "undergraduate")
    assert (needs.reached, needs.impossible) == (False, False)
    assert str(needs) == "3.00 on the next 12 credits (undergraduate): needs 7/2, so a GPA of 3.50, A in all of them"
    over = evaluation.required_for(Decimal("3.90"), 12)
    assert (over.impossible, over.gpa, over.grade, over.top) == (True, None, None, Decimal(4))
    assert "impossible" in str(over)
    there = evaluation.required_for(1, "12")
    assert (there.reached, there.gpa, there.grade) == (True, Decimal("0.00"), "F")
    assert "reached already" in str(there)


def test_a_half_that_rounds_to_even_asks_for_more_than_exactly_that() -> None:
    # Two places half to even: 3.005 prints 3.00, so that 3.01 needs more than 3.005; half up, 3.005 is enough.
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "B"}]})
    policy = {**LETTERS, "rounding": {"mode": "half_even", "places": 2}}
    required = registrary.evaluate(record, policy=policy).required_for("3.01", 3)
    assert (required.exact, required.more_than, required.gpa) == (Fraction("3.01"), True, Decimal("3.02"))
    policy = {**LETTERS, "rounding": {"mode": "half_up", "places": 2}}
    required = registrary.evaluate(record, policy=policy).required_for("3.01", 3)
    assert (required.exact, required.more_than, required.gpa) == (Fraction("3.01"), False, Decimal("3.01"))


@pytest.mark.parametrize(
    ("target", "credits"), [(-1, 3), (1001, 3), ("x", 3), (3, 0), (3, -1), (3, "many"), (float("nan"), 3), (True, 3)]
)
def test_arguments_that_cannot_be_right_are_refused(target: Any, credits: Any) -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "B"}]})
    with pytest.raises(registrary.ConfigurationError):
        registrary.evaluate(record, policy=LETTERS).required_for(target, credits)


GERMAN = {
    "scale": {"1.0": "1.0", "2.0": "2.0", "3.0": "3.0", "4.0": "4.0", "5.0": "5.0"},
    "best": "lowest",
    "pass_points": "4.0",
    "rounding": {"mode": "truncate", "places": 1},
}


def test_where_fewer_points_are_better_less_is_needed() -> None:
    # 6 credits of 3.0: 18 points. Cut off after one place, 2.0 is printed below 2.1: less than 2.1 x 12 = 25.2 points
    # in 12 credits, so less than 7.2 in the next 6: less than 1.2, which one place writes as 1.1.
    record = student({"2024-09": [{"course": "ENG 1", "credits": "6", "grade": "3.0"}]})
    evaluation = registrary.evaluate(record, policy=GERMAN)
    needs = evaluation.required_for("2.0", 6)
    assert (needs.exact, needs.more_than, needs.gpa, needs.grade) == (Fraction(6, 5), True, Decimal("1.1"), "1.0")
    assert (needs.reached, needs.impossible, needs.lowest_is_best, needs.top) == (False, False, True, Decimal(1))
    assert str(needs).endswith("needs less than 6/5, so a GPA of 1.1, 1.0 in all of them")
    for grade, enough in (("1.0", True), ("2.0", False)):
        new = {"course": "NEW 1", "term": "2030-09", "grade": grade, "credits": 6}
        assert (evaluation.with_attempts([new]).gpa <= Decimal("2.0")) is enough  # type: ignore[operator]
    assert evaluation.required_for("1.5", 6).impossible
    assert evaluation.required_for("4.0", 6).reached
    assert evaluation.required_for("4.0", 6).grade == "5.0"


def test_where_printed_terms_make_the_gpa_a_printed_term_is_needed() -> None:
    # Terms of 7 and 20/3, printed 7.00 and 6.67, half up: (7.00 x 9 + 6.67 x 9) / 18 = 6.835, printed 6.84. For 7.00
    # over 24 hours 6.995 x 24 = 167.88 points are wanted, 167.88 - 123.03 = 44.85 of the next 6: a term printed at
    # 7.475 or more, so at 7.48, which is printed from 7.475 on.
    policy = {
        "scale": {"S": "10", "A": "8", "B": "7", "C": "6", "F": "0"},
        "rounding": {"mode": "half_up", "places": 2},
        "cumulative": "rounded_terms",
    }
    terms = {
        "2024-09": [{"course": f"ENG {n}", "credits": "3", "grade": g} for n, g in enumerate("ABC")],
        "2025-02": [{"course": f"ART {n}", "credits": "3", "grade": g} for n, g in enumerate("ACC")],
    }
    evaluation = registrary.evaluate(student(terms), policy=policy)
    assert evaluation.gpa == Decimal("6.84")
    [level] = evaluation.explain(number="overall.gpa").to_dict()["levels"]
    assert [(term["gpa"], term["gpa_hours"]) for term in level["numbers"][0]["arithmetic"]["of_terms"]] == [
        ("7.00", "9"),
        ("6.67", "9"),
    ]
    told = str(evaluation.explain(number="overall.gpa"))
    assert "the terms as printed, (7.00 x 9 + 6.67 x 9) / 18 = 1367/200 = 6.835, printed 6.84" in told
    needs = evaluation.required_for("7.00", 6)
    assert (needs.exact, needs.gpa, needs.grade) == (Fraction("7.475"), Decimal("7.48"), "A")
    for grade, enough in (("A", True), ("B", False)):
        new = {"course": "NEW 1", "term": "2030-09", "grade": grade, "credits": 6}
        assert (evaluation.with_attempts([new]).gpa >= Decimal("7.00")) is enough  # type: ignore[operator]
