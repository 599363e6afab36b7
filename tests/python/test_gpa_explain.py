"""Every number of a table of GPAs explains itself, and all are exact."""

from __future__ import annotations

from fractions import Fraction

import registrary
from registrary.demo import attempts as demo

POLICY = "whole-letters"


def test_repeats_go_by_course_and_term_and_explain_themselves() -> None:
    # ENG is repeated: the F is left out. By pencil: (3 x 4 + 4 x 3) / 7.
    table = {
        "student_id": [1, 1, 1],
        "course": ["ENG 1", "ART 1", "ENG 1"],
        "term": ["2024-09", "2024-09", "2025-02"],
        "grade": ["F", "B", "A"],
        "credits": [3, 4, 3],
    }
    policy = {"extends": POLICY, "name": "last", "repeats": {"counts": "last"}}
    result = registrary.calculate_gpas(table, course="course", term="term", policy=policy)
    assert (result[1].gpa_exact, result[1].credits_attempted, result[1].credits_earned) == (Fraction(24, 7), 10, 7)
    explained = result.explain(1)
    assert [(attempt.row, attempt.rule, attempt.repeat) for attempt in explained.attempts] == [
        (0, "repeat-last-counts", "excluded"),
        (1, "grade", None),
        (2, "repeat-last-counts", "included"),
    ]
    text = str(explained)
    assert "GPA hours 4 + 3 = 7; quality points 12 + 12 = 24; 24 / 7 = 24/7, printed 3.42" in text
    assert "ENG 1  F: not in the GPA; 0 of 3 earned; repeat E, left out of the GPA" in text
    assert explained.to_dict()["rows"][0]["gpa_exact"] == Fraction(24, 7)
    assert explained._repr_html_().count("<tr>") == 1 + 3 + 1


def test_explanations_add_up_to_the_table() -> None:
    drawn = demo.attempts(30, "shuffled")
    policy = demo.policy(repeats="last")
    table = registrary.calculate_gpas(drawn, course="course", term="term", excluded="excluded", policy=policy)
    for row in table:
        explained = table.explain(row.student_id)
        assert sum(attempt.gpa_hours for attempt in explained.attempts) == row.gpa_hours
        assert sum(attempt.quality_points for attempt in explained.attempts) == row.quality_points
        assert sum(attempt.credits_earned for attempt in explained.attempts) == row.credits_earned


def test_many_students_are_exact() -> None:
    drawn = demo.attempts(500, "shuffled")
    table = registrary.calculate_gpas(drawn, policy=demo.policy())
    points = {grade: Fraction(points) for grade, (points, *_) in demo.GRADES.items() if points is not None}
    hours: dict[int, Fraction] = {}
    quality: dict[int, Fraction] = {}
    for student, grade, credits in zip(*(drawn[n].tolist() for n in ("student_id", "grade", "credits")), strict=True):
        if grade in points:
            exact = Fraction(str(credits))
            hours[student] = hours.get(student, Fraction()) + exact
            quality[student] = quality.get(student, Fraction()) + exact * points[grade]
    assert len(table) == 500
    for row in table:
        assert row.gpa_exact == (quality[row.student_id] / hours[row.student_id] if row.student_id in hours else None)
