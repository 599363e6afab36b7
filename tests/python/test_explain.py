"""Every number explained is its own arithmetic: added again here by fractions, and rounded again here."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import registrary
from gpa_students import POINTS, SEEDS, Facts, random_policy, random_terms, rounded, student

FIGURES = ("credits_attempted", "credits_passed", "credits_earned", "gpa_hours", "quality_points")


def numbers(explanation: registrary.Explanation) -> Iterator[tuple[Facts, Facts]]:
    for level in explanation.to_dict()["levels"]:
        for number in level["numbers"]:
            yield level, number


def printed(level: Facts) -> dict[str, Iterator[Facts]]:
    """The lines of totals of a level of the evaluation, by what they sum up, in order."""
    return {
        **{kind: iter([term[kind] for term in level["terms"]]) for kind in ("term", "cumulative")},
        "transfer_block": iter([block["total"] for block in level["transfers"]]),
        **{kind: iter([level[kind]]) for kind in ("institution", "transfer", "overall")},
        "variant": iter(level["variants"]),
    }


def check(evaluation: registrary.Evaluation) -> int:
    """Adds every number again; returns how many."""
    lines, checked = {level["level"]: printed(level) for level in evaluation.to_dict()["levels"]}, 0
    explanation = evaluation.explain()
    assert str(explanation).startswith(f"By the policy {evaluation.policy}.\n")
    for level, number in numbers(explanation):
        line = next(lines[level["level"]][number["number"]])
        sums = {figure: Fraction(0) for figure in FIGURES}
        for part in [*number["attempts"], *number["balances"]]:
            for figure in FIGURES:
                sums[figure] += Fraction(part[figure])
        exact, figures = number["arithmetic"], number["figures"]
        assert sums["quality_points"] == Fraction(exact["quality_points"])
        assert sums["gpa_hours"] == Fraction(exact["gpa_hours"])
        for figure in ("credits_attempted", "credits_passed", "credits_earned", "gpa_hours"):
            assert sums[figure] == Fraction(figures[figure])
        assert rounded(sums["quality_points"], exact["quality_points_rounding"]) == Fraction(figures["quality_points"])
        if sums["gpa_hours"]:
            gpa = sums["quality_points"] / sums["gpa_hours"]
            if exact["of_terms"] is not None:
                products = [Fraction(term["gpa"]) * Fraction(term["gpa_hours"]) for term in exact["of_terms"]]
                gpa = sum(products, Fraction(0)) / sum(
                    (Fraction(t["gpa_hours"]) for t in exact["of_terms"]), Fraction(0)
                )
            assert gpa == Fraction(exact["exact"])
            assert rounded(gpa, exact["rounding"]) == Fraction(figures["gpa"])
            assert len(figures["gpa"].partition(".")[2]) == exact["rounding"]["places"]
        else:
            assert figures["gpa"] is exact["exact"] is exact["decimal"] is None
        for attempt in number["attempts"]:
            check_attempt(attempt, forgiven_count=number["variant"] == "honors")
        assert {name: None if line[name] is None else str(line[name]) for name in figures} == figures
        if number["term"] and number["number"] != "transfer_block":
            assert {attempt["term"] for attempt in number["attempts"]} <= {number["term"], *earlier(number)}
        checked += 1
    return checked


def earlier(number: Facts) -> set[str]:
    return {attempt["term"] for attempt in number["attempts"] if attempt["term"] < number["term"]}


def check_attempt(attempt: Facts, *, forgiven_count: bool) -> None:
    """E is out of the GPA and I and A are in it; only I and what is no repeat earn."""
    hours = Fraction(attempt["gpa_hours"])
    assert attempt["counted"] is (hours != 0)
    assert Fraction(attempt["quality_points"]) == hours * Fraction(attempt["points"] or 0)
    assert (attempt["indicator"], attempt["repeat"]) in {
        ("E", "excluded"),
        ("I", "included"),
        ("A", "averaged"),
        (None, None),
    }
    if attempt["indicator"] == "E":
        assert attempt["counted"] is (forgiven_count and attempt["points"] is not None)
    if attempt["indicator"] in ("E", "A"):
        assert Fraction(attempt["credits_earned"]) == 0
    assert hours in (0, Fraction(attempt["credits"]))
    assert attempt["why"]
    assert attempt["rule"]


def sample_records() -> list[registrary.StudentRecord]:
    async def fetch() -> list[registrary.StudentRecord]:
        async with registrary.Registrar() as registrar:
            return [await registrar.fetch_record(student) for student in await registrar.student_ids()]

    return asyncio.run(fetch())


def test_every_number_of_every_sample_student_is_its_own_arithmetic() -> None:
    records = sample_records()
    assert len(records) == 320
    checked = 0
    for record in records:
        checked += check(registrary.evaluate(record))
    assert checked > 4000


def test_every_number_is_its_own_arithmetic_by_random_rules() -> None:
    reasons = set()
    for seed in SEEDS:
        draw = random.Random(seed)
        policy, terms = random_policy(draw), random_terms(draw)
        evaluation = registrary.evaluate(student(terms), policy=policy)
        assert check(evaluation) == 2 * len(terms) + 3
        for _, number in numbers(evaluation.explain()):
            for attempt in number["attempts"]:
                [row] = [
                    taken
                    for place, taken in enumerate(terms[attempt["term"]])
                    if attempt["place"].endswith(f"attempts[{place}]")
                ]
                # From the raw record and this table, nothing of the engine's.
                assert (attempt["course"], attempt["grade"]) == (row["course"], row["grade"])
                assert attempt["points"] == (str(POINTS[row["grade"]]) if row["grade"] in POINTS else None)
                if attempt["counted"]:
                    assert Fraction(attempt["quality_points"]) == Fraction(row["credits"]) * POINTS[row["grade"]]
                reasons.add(attempt["rule"])
                check_reason(attempt, policy["repeats"])
    assert len(reasons) >= 11, reasons


def check_reason(attempt: Facts, rules: Facts) -> None:
    """What was compared is what the policy says: the other attempt, the threshold, the cap and what was used of it."""
    reason = attempt["reason"]
    assert (reason is None) is (attempt["repeat"] is None)
    if reason is None:
        return
    assert reason["other"]["course"] == attempt["course"]
    assert reason["other"]["place"] != attempt["place"]
    if reason["threshold"]:
        assert reason["threshold"]["grade"] == rules[reason["threshold"]["key"]]
    for limit in reason["limits"]:
        assert Fraction(limit["limit"]) == Fraction(rules["cap"][limit["cap"]])
        over = Fraction(limit["used"]) + Fraction(limit["asks"]) > Fraction(limit["limit"])
        assert limit["over"] is over
    capped = {"repeat-credit-cap": "credits", "repeat-count-cap": "repeats", "repeat-course-cap": "per_course"}
    if attempt["rule"] in capped:
        [limit] = reason["limits"]
        assert limit["cap"] == capped[attempt["rule"]]
        assert limit["over"]


# --- what is asked for ------------------------------------------------------------------------------------------------


def evaluation_of(**repeats: Any) -> registrary.Evaluation:
    terms = {
        "2024-09": [
            {"course": "ENG 1", "credits": "3", "grade": "F"},
            {"course": "ART 1", "credits": "3", "grade": "B"},
        ],
        "2025-09": [{"course": "ENG 1", "credits": "3", "grade": "A"}],
    }
    policy = {"extends": "whole-letters", "name": "school", "repeats": {"counts": "last", **repeats}}
    return registrary.evaluate(student(terms), policy=policy)


def test_a_selection_is_the_part_of_the_whole() -> None:
    evaluation = evaluation_of()
    whole = [number for _, number in numbers(evaluation.explain())]
    for term, number in itertools.product((None, "2024-09", "2025-09"), (None, "term", "cumulative", "cumulative.gpa")):
        expected = [
            one
            for one in whole
            if term in (None, one["term"]) and (number is None or number.split(".")[0] == one["number"])
        ]
        assert [one for _, one in numbers(evaluation.explain(term=term, number=number))] == expected
    assert [one for _, one in numbers(evaluation.explain(number="overall"))] == [whole[-1]]
    assert evaluation.explain(level="undergraduate") == evaluation.explain()
    assert evaluation.explain(number="overall.gpa").to_dict()["figure"] == "gpa"


def test_only_what_there_is_can_be_explained() -> None:
    evaluation = evaluation_of()
    for asked in ({"level": "law"}, {"term": "2030-09"}, {"term": "Fall"}, {"number": "variant.honors"}, {"level": ""}):
        with pytest.raises(registrary.ConfigurationError, match="no such number"):
            evaluation.explain(**asked)
    for number in ("gpa", "cumulative.grade", "cumulative.", "", "term.gpa.gpa", "standing.gpa"):
        with pytest.raises(registrary.ConfigurationError, match="number is one of"):
            evaluation.explain(number=number)
    with pytest.raises(TypeError):
        evaluation.explain(term=2024)  # type: ignore[arg-type]


def test_a_grade_outside_the_gpa_says_so() -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "P"}]})
    told = str(registrary.evaluate(record, policy="whole-letters").explain(number="term")).splitlines()
    assert told[-2:] == [
        "    ENG 1  P: not in the GPA; 3 of 3 earned; by its grade, which is outside the GPA (rule: grade)",
        "    term: 3 attempted, 3 earned; no GPA hours, so no GPA",
    ]


def test_the_text_of_one_figure_is_its_sum() -> None:
    lines = str(evaluation_of().explain(number="overall.credits_earned")).splitlines()
    assert lines[-1] == "  overall: credits earned 3 + 3 = 6, printed 6"
    lines = str(evaluation_of().explain(number="overall.gpa")).splitlines()
    # The F is replaced: (3 x 3 + 3 x 4) / 6 = 21 / 6 = 7/2.
    assert lines[-1] == (
        "  overall: quality points 9 + 12 = 21; GPA hours 3 + 3 = 6; 21 / 6 = 7/2 = 3.5, printed 3.50, "
        "cut off after 2 places"
    )


def test_where_only_the_term_of_the_repeat_changes_the_text_says_from_when_on() -> None:
    told = str(evaluation_of(changes="repeat_term").explain()).splitlines()
    assert "    ENG 1  F: 3 x 0 = 0; 0 of 3 earned; by its grade (rule: grade)" in told
    [changed] = [line for line in told if line.startswith("    from here on: ")]
    assert "ENG 1  F: not in the GPA" in changed
    assert told.index(changed) > told.index("  2025-09")


def test_the_table_is_accessible_and_escapes_what_a_record_says() -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "A"}]})
    record["terms"][0]["name"] = "<script>alert(1)</script> & Fall"
    shown = registrary.evaluate(record).explain()._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Fall" in shown
    assert shown.count("<caption>") == shown.count("<table") == 1
    assert shown.count("<th ") == shown.count('scope="')
    for scope in ("col", "row", "rowgroup"):
        assert f'scope="{scope}"' in shown


def test_stated_totals_are_told_as_stated() -> None:
    record = student({"2024-09": [{"course": "ENG 1", "credits": "3", "grade": "A"}]})
    record |= {"totals": "stated", "stated": [{"span": "overall", "gpa": "3.50"}]}
    explanation = registrary.evaluate(record).explain()
    [summary] = explanation.to_dict()["summaries"]
    assert summary["gpa"] == "3.50"
    assert "3.50" in str(explanation)
    assert "3.50" in explanation._repr_html_()


def test_numbers_are_text_in_the_dict() -> None:
    def leaves(value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            for one in value.values():
                yield from leaves(one)
        elif isinstance(value, list):
            for one in value:
                yield from leaves(one)
        else:
            yield value

    explanation = evaluation_of(cap={"credits": "6"}).explain()
    assert {type(leaf) for leaf in leaves(explanation.to_dict())} <= {str, int, bool, type(None)}
    assert Decimal(explanation.to_dict()["levels"][0]["numbers"][-1]["figures"]["gpa"]) == Decimal("3.50")


# --- the policy's own GPAs, standing and honours ----------------------------------------------------------------------

COLLEGE: Facts = {
    "extends": "whole-letters",
    "name": "college",
    "repeats": {"counts": "last"},
    "variants": {
        "honors": {"title": "Honours GPA", "forgiven": "count"},
        "recent": {"title": "GPA of the last 6 credits", "last_credits": "6"},
    },
    "standing": {
        "rules": [{"is": "Good standing", "cumulative_gpa_at_least": "2.00"}, {"is": "Probation"}],
    },
    "term_honors": {"rules": [{"is": "Dean's list", "term_gpa_at_least": "3.50", "term_gpa_hours_at_least": "6"}]},
}


def college() -> registrary.Evaluation:
    terms = {
        "2024-09": [
            {"course": "ENG 1", "credits": "3", "grade": "F"},
            {"course": "ART 1", "credits": "3", "grade": "B"},
        ],
        "2025-09": [
            {"course": "ENG 1", "credits": "3", "grade": "A"},
            {"course": "LAW 1", "credits": "3", "grade": "A"},
        ],
    }
    return registrary.evaluate(student(terms), policy=COLLEGE)


def test_a_gpa_that_the_policy_names_says_what_counts_again_and_what_does_not() -> None:
    evaluation = college()
    assert check(evaluation) == 2 * 2 + 3 + 2
    # Overall (9 + 12 + 12) / 9 = 3.66; with the F again 33 / 12 = 2.75; the last six credits 24 / 6 = 4.00.
    assert evaluation.gpa == Decimal("3.66")
    told = {name: str(evaluation.explain(number=f"variant.{name}.gpa")) for name in ("honors", "recent")}
    assert "33 / 12 = 11/4 = 2.75, printed 2.75" in told["honors"]
    assert "forgiven grades count again here" in told["honors"]
    assert "24 / 6 = 4, printed 4.00" in told["recent"]
    assert told["recent"].count("not in this GPA") == 2
    assert told["recent"].count("before the credits that count here") == 2
    assert len(list(numbers(evaluation.explain(number="variant")))) == 2


def test_standing_and_honours_say_what_they_compared() -> None:
    evaluation = college()
    [level] = evaluation.explain(number="standing").to_dict()["levels"]
    assert (level["numbers"], [outcome["title"] for outcome in level["outcomes"]]) == (
        [],
        ["Probation", "Good standing"],
    )
    [level] = evaluation.explain(number="honors").to_dict()["levels"]
    [outcome] = level["outcomes"]
    assert (outcome["title"], outcome["term"], outcome["rule"]) == ("Dean's list", "2025-09", "term_honors.rules[0]")
    assert outcome["compared"] == [
        {"figure": "term_gpa", "value": "4", "at_least": "3.50"},
        {"figure": "term_gpa_hours", "value": "6", "at_least": "6"},
    ]
    # The F, replaced since, was in the GPA when the first term ended: 9 / 6 = 1.50.
    text = str(evaluation.explain())
    assert "standing, 2024-09: Probation: no rule before it holds, as the term ended" in text
    assert "honours, 2025-09: Dean's list: term GPA 4, at least 3.50; term GPA hours 6, at least 6" in text
    assert "Dean&#x27;s list" in evaluation.explain()._repr_html_()
    with pytest.raises(registrary.ConfigurationError, match="no such number"):
        evaluation.explain(number="degree_honors")
