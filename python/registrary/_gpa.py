"""The verbs over tables of attempts: what is asked, of which columns, waited for here or awaited."""

from __future__ import annotations

import asyncio
from typing import Any, Literal, NamedTuple

from registrary import _bridge, _columns, _core
from registrary._gpa_table import GpaTable, Origin
from registrary._options import By

_PARTS = ("student", "term", "level", "section")

_ROLES = {
    "student": "key",
    "grade": "grade",
    "points": "number",
    "credits": "number",
    "term": "key",
    "course": "key",
    "level": "key",
    "section": "key",
    "excluded": "mark",
}


class Question(NamedTuple):
    """What is asked of a table."""

    request: _core.GpaRequest
    names: dict[str, str]
    """The columns that are read, by what they hold."""
    by: dict[str, str]
    """The columns that are grouped by, by what they hold, in the order of the result."""
    policy: _core.Policy
    part: _core.GpaRequest
    """The same of a piece of a table, whose results are added up."""

    @property
    def roles(self) -> dict[str, str]:
        """How each column is read."""
        return {name: _ROLES[part] for part, name in self.names.items()}


def question(
    policy: _core.Policy,
    *,
    student: str = "student_id",
    grade: str = "grade",
    credits: str | None = "credits",
    course: str | None = None,
    by: By = "student",
    cumulative: bool = False,
    on_error: Literal["raise", "collect"] = "raise",
    **given: str | None,
) -> Question:
    """The question, checked.

    Raises:
        TypeError: a column's name is no str.
        ValueError: ``by`` or ``on_error`` is none of the known, or a part that is grouped by has no column.
    """
    if on_error not in ("raise", "collect"):
        raise ValueError('on_error is "raise" or "collect"')
    parts = (by,) if isinstance(by, str) else tuple(by)
    if not parts or len(set(parts)) < len(parts) or not set(parts) <= set(_PARTS):
        raise ValueError(f"by names one or more of {', '.join(_PARTS)}, each once")
    # Points tell what a grade would: of the two, the one that was named counts.
    given = {"student": student, "grade": grade, "credits": credits, "course": course, **given}
    names = {part: name for part, name in given.items() if name is not None}
    if "points" in names and names.get("grade") == "grade":
        del names["grade"]
    # Not grouped by, and not asked for: a table of sections need not say whose grades they are.
    if "student" not in parts and student == "student_id" and course is None:
        del names["student"]
    for part, name in names.items():
        if not isinstance(name, str):
            raise TypeError(f"{part} is the name of a column, not a {type(name).__name__}")
    missing = [part for part in parts if part not in names]
    if missing:
        raise ValueError(f"to group by {missing[0]}, name its column: {missing[0]}=...")
    if len(set(names.values())) < len(names):
        raise ValueError("each column is one thing: two parts name the same column")
    collect = on_error == "collect"
    named: dict[str, Any] = dict(names)
    request = _core.GpaRequest(policy, list(parts), **named, cumulative=cumulative, collect=collect)
    of_piece = _core.GpaRequest(policy, list(parts), **named, collect=collect) if cumulative else request
    return Question(request, names, {part: names[part] for part in _PARTS if part in parts}, policy, of_piece)


def calculated(table: Any, asked: Question) -> GpaTable:
    """The GPAs; waits here, and Ctrl-C ends it."""
    attempts = _columns.read(table, asked.roles)
    return _made(asked, attempts, _core.calculate_gpas(attempts, asked.request))


async def calculated_async(table: Any, asked: Question) -> GpaTable:
    """The GPAs, awaited."""
    # A table may take its time to give its rows (a query, a list of millions), and holds the loop up meanwhile.
    attempts = await asyncio.to_thread(_columns.read, table, asked.roles)
    return _made(asked, attempts, await _core.calculate_gpas_async(_bridge.current(), attempts, asked.request))


def _made(asked: Question, attempts: _core.Columns, made: tuple[_core.Columns, _core.Columns | None]) -> GpaTable:
    return GpaTable(made[0], made[1], asked.by, origin(asked, attempts))


def origin(asked: Question, attempts: _core.Columns | None, rows: int = 0) -> Origin:
    """Where a table's numbers came from; without the rows where they were not kept."""
    return Origin(attempts, rows if attempts is None else len(attempts), asked.request, asked.names, asked.policy)
