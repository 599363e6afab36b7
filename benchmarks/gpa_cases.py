"""The jobs that are measured, their rows, and what ours does with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

import registrary
from registrary.demo import attempts as demo

SUMS = ("credits_attempted", "credits_earned", "gpa_hours", "quality_points")
LETTERS = list(demo.GRADES)
POINTS = np.array([float(points or 0) for points, *_ in demo.GRADES.values()])
IN_GPA = np.array([points is not None for points, *_ in demo.GRADES.values()])
ATTEMPTED = np.array([attempted for _, attempted, *_ in demo.GRADES.values()])
EARNED = np.array([earned for _, _, earned, _ in demo.GRADES.values()])


@dataclass(frozen=True)
class Case:
    """One job. ``must`` is the least ratio to the best peer."""

    name: str
    order: Literal["sorted", "shuffled"]
    must: float
    ids: Literal["number", "hash", "text"] = "number"
    by_term: bool = False
    grades: Literal["letters", "texts", "points"] = "letters"
    repeats: bool = False

    @property
    def keys(self) -> list[str]:
        """The columns that are grouped by."""
        return ["student_id", "term"] if self.by_term else ["student_id"]

    @property
    def columns(self) -> list[str]:
        """The columns that the job needs."""
        of_repeats = ["course", "term"] if self.repeats else []
        marking = "points" if self.grades == "points" else "grade"
        return list(dict.fromkeys([*self.keys, *of_repeats, marking, "credits", "excluded"]))


CASES = [
    Case("by student", "sorted", 5.0),
    Case("by student", "shuffled", 5.0),
    Case("by student and term", "sorted", 4.0, by_term=True),
    Case("by student and term", "shuffled", 3.5, by_term=True),
    Case("64-bit hash ids", "shuffled", 3.0, ids="hash"),
    Case("text ids and grades", "sorted", 4.0, ids="text", grades="texts"),
    Case("text ids and grades", "shuffled", 2.5, ids="text", grades="texts"),
    Case("points, no letters", "sorted", 2.5, grades="points"),
    Case("points, no letters", "shuffled", 2.5, grades="points"),
    Case("last of repeats counts", "sorted", 25.0, repeats=True),
    Case("last of repeats counts", "shuffled", 8.0, repeats=True),
]


def table(case: Case, rows: int, cache: dict[str, Any]) -> pa.Table:
    """The rows of a case, one chunk a column. ``cache`` keeps the numbers of one order between cases."""
    if cache.get("order") != (case.order, rows):
        cache.clear()
        # The text forms are made below, of the cases that want them.
        drawn = demo.attempts(rows // 40, case.order)
        cache.update(
            order=(case.order, rows), drawn={name: drawn[name] for name in drawn if name not in ("grade", "section")}
        )
    drawn = cache["drawn"]
    made = {name: _column(case, name, drawn) for name in case.columns}
    return pa.table(made)


def _column(case: Case, name: str, drawn: dict[str, Any]) -> pa.Array:
    code = drawn["code"]
    if name == "student_id" and case.ids == "hash":
        return pa.array(_mixed(drawn[name]))
    if name == "student_id" and case.ids == "text":
        return _texts(drawn[name])
    if name == "grade":
        grade = pa.DictionaryArray.from_arrays(pa.array(code), LETTERS)
        return grade.cast(pa.string()) if case.grades == "texts" else grade
    if name == "points":
        return pa.array(POINTS[code], mask=~IN_GPA[code])
    return pa.array(drawn[name])


def _texts(ids: Any) -> pa.Array:
    """``U`` and nine digits, made without an object for each."""
    rest = ids.copy()
    characters = np.empty((len(ids), 10), "u1")
    characters[:, 0] = ord("U")
    for place in range(9, 0, -1):
        characters[:, place] = 48 + rest % 10
        rest //= 10
    offsets = pa.py_buffer(np.arange(len(ids) + 1, dtype="i4") * 10)
    return pa.Array.from_buffers(pa.utf8(), len(ids), [None, offsets, pa.py_buffer(characters.reshape(-1))])


def _mixed(ids: Any) -> Any:
    """splitmix64: pseudonyms all over the 64 bits, in the order of nothing."""
    mixed = ids.astype("u8") + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view("i8")


def ours(case: Case) -> Any:
    """Ours, as a function of the table."""
    policy = registrary.Policy.from_dict(demo.policy(repeats="last" if case.repeats else None))
    by = ("student", "term") if case.by_term else "student"
    options: dict[str, Any] = {"policy": policy, "by": by, "excluded": "excluded"}
    if case.by_term or case.repeats:
        options["term"] = "term"
    if case.repeats:
        options["course"] = "course"
    if case.grades == "points":
        options["points"] = "points"
    return lambda rows: registrary.calculate_gpas(rows, **options)


def figures(columns: dict[str, Any]) -> dict[str, float]:
    """What all who did the job must agree on, whatever the order of their groups."""
    sums = [np.asarray(columns[name], "f8") for name in SUMS]
    hours, points = sums[2], sums[3]
    gpa = np.divide(points, hours, out=np.zeros_like(points), where=hours > 0)
    told = dict(zip(SUMS, (float(one.sum()) for one in sums), strict=True))
    return {"groups": float(len(hours)), **told, "gpa": float(gpa.sum()), "gpa squared": float((gpa * gpa).sum())}


def exact_totals(result: registrary.GpaTable, rows: pa.Table, case: Case) -> bool:
    """Whether every total of ours is that of whole numbers added up (thousandths), student by student."""
    ids, place = np.unique(rows["student_id"].to_numpy(), return_inverse=True)
    code = rows["grade"].combine_chunks().indices.to_numpy()
    milli = np.rint(rows["credits"].to_numpy() * 1000).astype("i8")
    counts = rows["excluded"].to_numpy() == 0
    points = np.rint(POINTS * 1000).astype("i8")[code]
    hours = milli * IN_GPA[code] * counts
    wanted = (milli * ATTEMPTED[code], milli * EARNED[code] * counts, hours, hours * points)
    if result.column("student_id") != ids.tolist():
        return False
    for name, weights, scale in zip(SUMS, wanted, (3, 3, 3, 6), strict=True):
        sums = np.zeros(len(ids), "i8")
        np.add.at(sums, place, weights)
        if [int(value.scaleb(scale)) for value in result.column(name)] != sums.tolist():
            return False
    return True
