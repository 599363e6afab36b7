"""Invented attempts by the million: the same seed gives the same table. Needs numpy."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Each grade: grade points or None, whether it is attempted, whether it is earned, and its share of all grades.
GRADES: dict[str, tuple[str | None, bool, bool, float]] = {
    "A+": ("4.000", True, True, 0.030),
    "A": ("4.000", True, True, 0.220),
    "A-": ("3.667", True, True, 0.130),
    "B+": ("3.333", True, True, 0.120),
    "B": ("3.000", True, True, 0.140),
    "B-": ("2.667", True, True, 0.070),
    "C+": ("2.333", True, True, 0.050),
    "C": ("2.000", True, True, 0.070),
    "C-": ("1.667", True, True, 0.030),
    "D+": ("1.333", True, True, 0.010),
    "D": ("1.000", True, True, 0.020),
    "D-": ("0.667", True, True, 0.005),
    "F": ("0.000", True, False, 0.030),
    "W": (None, True, False, 0.030),
    "P": (None, True, True, 0.025),
    "NP": (None, True, False, 0.005),
    "I": (None, True, False, 0.005),
    "TR": (None, False, True, 0.005),
    "AU": (None, False, False, 0.005),
}

CREDITS = {
    3.0: 0.50,
    4.0: 0.20,
    1.0: 0.10,
    2.0: 0.06,
    1.5: 0.03,
    0.5: 0.03,
    5.0: 0.03,
    2.667: 0.02,
    0.333: 0.01,
    3.333: 0.02,
}
"""Credits of a course, and the share of all attempts."""

#: Spring, summer, autumn.
_MONTHS = (1, 6, 9)
_COURSES = 5000
_PER_TERM = 5
_MOST_ATTEMPTS = 79


def policy(*, repeats: str | None = None, places: int = 2, mode: str = "half_up") -> dict[str, Any]:
    """The policy of the invented grades.

    Args:
        repeats: which attempt at a course counts (``"last"``, ``"best"``, ...). Default: all do.
        places: of the printed GPA.
        mode: of its rounding.
    """
    flags = {
        grade: {
            "attempted": attempted,
            "earned": earned,
            "in_gpa": points is not None,
            "in_degree": earned,
            **({} if points is None else {"points": Decimal(points)}),
        }
        for grade, (points, attempted, earned, _) in GRADES.items()
    }
    either = {"pass_replaces_letter": True, "letter_replaces_pass": True}
    rules = {} if repeats is None else {"repeats": {"counts": repeats, **either}}
    return {"name": "demo-attempts", "scale": flags, "rounding": {"mode": mode, "places": places}, **rules}


def attempts(students: int, order: Literal["sorted", "shuffled"] = "sorted", seed: int = 7) -> dict[str, NDArray[Any]]:
    """One row for each attempt, as numpy arrays.

    Args:
        students: how many; each has 1 to 79 attempts, 40 in the mean, and there are 40 rows a student in all.
        order: whether rows come by student and term, or shuffled.
        seed: another seed, another table.

    Returns:
        ``student_id`` (int64, with gaps), ``term`` (int32, year and month: 202409), ``course`` (int32; one in twenty
        repeats a course of the term before), ``grade`` (text), ``credits`` (float64), ``excluded`` (uint8, one in
        fifty), ``section`` (int64: a course in a term), and ``code``: the place of the grade in :data:`GRADES`.
        No student takes a course twice in one term.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    rows = students * (_MOST_ATTEMPTS + 1) // 2
    counts = _counts(random, students, rows)
    student = np.repeat(np.arange(students, dtype="i4"), counts)
    first_row = np.cumsum(counts) - counts
    place = (np.arange(rows, dtype="i8") - first_row[student]).astype("i4")
    term_number = place // _PER_TERM
    year = random.integers(2004, 2022, students).astype("i4")[student] + term_number // 3
    term = year * 100 + np.array(_MONTHS, "i4")[term_number % 3]
    # Thirty-seven and five thousand have no common factor: a student's courses differ, but for the repeats.
    course = (random.integers(0, _COURSES, students).astype("i4")[student] + place * 37) % _COURSES
    _repeat(random, course, place, term_number)
    code = _drawn(random, rows, [share for *_, share in GRADES.values()]).astype("i1")
    credits = np.array(list(CREDITS))[_drawn(random, rows, list(CREDITS.values()))]
    ids = 900_000_000 + np.sort(random.choice(3 * students, students, replace=False))
    columns: dict[str, NDArray[Any]] = {
        "student_id": ids[student],
        "term": term.astype("i4"),
        "course": course.astype("i4"),
        "code": code,
        "credits": credits,
        "excluded": (random.random(rows, dtype="f4") < 0.02).astype("u1"),
    }
    if order == "shuffled":
        places = random.permutation(rows)
        columns = {name: column[places] for name, column in columns.items()}
    columns["grade"] = np.array(list(GRADES))[columns["code"]]
    columns["section"] = columns["term"].astype("i8") * 10_000 + columns["course"]
    return columns


def _counts(random: np.random.Generator, students: int, rows: int) -> NDArray[Any]:
    """How many attempts each student has, to the exact sum."""
    counts = random.integers(1, _MOST_ATTEMPTS + 1, students)
    while missing := rows - int(counts.sum()):
        step = 1 if missing > 0 else -1
        chosen = random.choice(students, min(abs(missing), students), replace=False)
        room = chosen[(counts[chosen] < _MOST_ATTEMPTS) if step > 0 else (counts[chosen] > 1)]
        counts[room] += step
    return counts


def _repeat(random: np.random.Generator, course: NDArray[Any], place: NDArray[Any], term: NDArray[Any]) -> None:
    """Lets one attempt in twenty repeat the course of the term before; a third attempt follows a second."""
    import numpy as np

    repeated = np.flatnonzero((random.random(len(course), dtype="f4") < 0.05) & (place >= _PER_TERM))
    for number in range(1, _MOST_ATTEMPTS // _PER_TERM + 2):
        now = repeated[term[repeated] == number]
        course[now] = course[now - _PER_TERM]


def _drawn(random: np.random.Generator, rows: int, shares: list[float]) -> NDArray[Any]:
    """Places in ``shares``, each as often as its share says."""
    import numpy as np

    edges = np.cumsum(np.array(shares) / sum(shares))
    return np.minimum(np.searchsorted(edges, random.random(rows, dtype="f4")), len(shares) - 1)
