"""How a row of a table of GPAs came about: each attempt, what it did, and the arithmetic. The core is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from registrary import _core, _gpa_html
from registrary._repeats import decision

if TYPE_CHECKING:
    from registrary._gpa_table import GpaRow, Origin
    from registrary._options import StudentKey

_PARTS = ("term", "level", "section")


@dataclass(frozen=True, slots=True)
class ExplainedAttempt:
    """One row of the table, and what it did to the totals."""

    row: int
    """Counted from 0."""
    term: Any = field(repr=False)
    """The table's own cells; None where the column was not named."""
    level: Any = field(repr=False)
    section: Any = field(repr=False)
    course: Any = field(repr=False)
    grade: Any = field(repr=False)
    credits: Decimal | None = field(repr=False)
    """What counts as attempted; None where the row was set aside."""
    credits_earned: Decimal = field(repr=False)
    gpa_hours: Decimal = field(repr=False)
    points: Decimal | None = field(repr=False)
    """Grade points of one credit; None outside the GPA."""
    rule: str
    """The rule that decided, as a stable word."""
    repeat: str | None
    """``"excluded"``, ``"included"`` or ``"averaged"`` where it is one of several attempts at a course."""

    @property
    def quality_points(self) -> Decimal:
        """GPA hours times points, exact."""
        return self.gpa_hours * self.points if self.points is not None else Decimal(0)

    def in_words(self) -> str:
        """What the attempt did."""
        if self.credits is None:
            return "set aside: the row cannot be right"
        counted = "not in the GPA"
        if self.gpa_hours and self.points is not None:
            counted = f"{_short(self.gpa_hours)} x {_short(self.points)} = {_short(self.quality_points)}"
        repeat = f"; repeat {decision(self.repeat, self.rule)}" if self.repeat else ""
        return f"{counted}; {_short(self.credits_earned)} of {_short(self.credits)} earned{repeat}"


class GpaExplanation:
    """A student's numbers, explained: ``str()`` gives it as text, a notebook shows a table, ``to_dict()`` plain values.

    It tells a student's grades; its ``repr`` does not.

    Attributes:
        attempts: what each attempt did, in order of term.
        rows: the student's rows of the table.
        policy: the name of the policy that judged.
    """

    def __init__(self, attempts: Sequence[ExplainedAttempt], rows: Sequence[GpaRow], policy: str) -> None:
        self.attempts = tuple(attempts)
        self.rows = tuple(rows)
        self.policy = policy

    def attempts_of(self, row: GpaRow) -> list[ExplainedAttempt]:
        """The attempts that a row of the table is made of."""
        parts = [part for part in _PARTS if getattr(row, part) is not None]
        return [a for a in self.attempts if all(getattr(a, part) == getattr(row, part) for part in parts)]

    def arithmetic(self, row: GpaRow) -> str:
        """The sums behind a row, and the division."""
        counted = [a for a in self.attempts_of(row) if a.gpa_hours]
        if row.gpa is None:
            return "no GPA hours, so no GPA"
        hours, points = sum(a.gpa_hours for a in counted), sum(a.quality_points for a in counted)
        if (hours, points) != (row.gpa_hours, row.quality_points):
            # A later repeat left attempts out from then on; the term itself keeps what it had.
            sums = ["the term's own totals, before later repeats"]
        else:
            sums = [
                _sum("GPA hours", [a.gpa_hours for a in counted]),
                _sum("quality points", [a.quality_points for a in counted]),
            ]
        exact = f"{_short(row.quality_points)} / {_short(row.gpa_hours)} = {row.gpa_exact}"
        return "; ".join([*sums, f"{exact}, printed {row.gpa}"])

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values; numbers are ``decimal.Decimal``."""
        fields = (
            "row",
            "term",
            "level",
            "section",
            "course",
            "grade",
            "credits",
            "credits_earned",
            "gpa_hours",
            "points",
        )
        told = (*fields, "quality_points", "rule", "repeat")
        return {
            "policy": self.policy,
            "attempts": [{name: getattr(attempt, name) for name in told} for attempt in self.attempts],
            "rows": [
                {
                    **{part: getattr(row, part) for part in ("student_id", *_PARTS)},
                    "gpa": row.gpa,
                    "gpa_exact": row.gpa_exact,
                    "arithmetic": self.arithmetic(row),
                }
                for row in self.rows
            ],
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"By the policy {self.policy}."
        for row in self.rows:
            heading = ", ".join(f"{part} {getattr(row, part)}" for part in _PARTS if getattr(row, part) is not None)
            yield ""
            yield f"Student {row.student_id}{', ' if heading else ''}{heading}"
            for attempt in self.attempts_of(row):
                cells = (attempt.term, attempt.section, attempt.course, attempt.grade)
                told = "  ".join(str(cell) for cell in cells if cell is not None)
                yield f"  {told or f'row {attempt.row}'}: {attempt.in_words()} (rule: {attempt.rule})"
            attempted, earned = _short(row.credits_attempted), _short(row.credits_earned)
            yield f"  {attempted} attempted, {earned} earned; {self.arithmetic(row)}"

    def __repr__(self) -> str:
        return f"<GpaExplanation: {len(self.attempts)} attempts>"

    def _repr_html_(self) -> str:
        return _gpa_html.explanation(self)


def explain(origin: Origin, rows: Sequence[GpaRow], student_id: StudentKey) -> GpaExplanation:
    """The explanation of a student's rows."""
    if origin.attempts is None:
        raise ValueError(
            "the rows were not kept: a stream keeps those of its latest four million attempts; none where it adds up"
        )
    places = origin.attempts.places_of(origin.names["student"], student_id)
    own = origin.attempts.rows_at(places)
    told = (*_PARTS, "course", "grade")
    cells: dict[str, list[Any]] = {part: own.column(origin.names[part]) for part in told if part in origin.names}

    def attempt(at: int, facts: dict[str, Any] | None) -> ExplainedAttempt:
        known: dict[str, Any] = {
            part: cells[part][at] if part in cells else None for part in (*_PARTS, "course", "grade")
        }
        if facts is None:
            aside: dict[str, Any] = {"credits_earned": Decimal(0), "gpa_hours": Decimal(0), "rule": "set-aside"}
            return ExplainedAttempt(places[at], **known, credits=None, points=None, repeat=None, **aside)
        counts = {name: facts[name] for name in ("credits_earned", "gpa_hours", "points", "rule", "repeat")}
        return ExplainedAttempt(places[at], **known, credits=facts["credits_attempted"], **counts)

    evaluated = _core.explain_gpas(own, origin.request)
    attempts = [attempt(facts["row"], facts) for facts in evaluated]
    judged = {facts["row"] for facts in evaluated}
    attempts += [attempt(at, None) for at in range(len(own)) if at not in judged]
    return GpaExplanation(attempts, rows, origin.policy.name)


def _short(number: Decimal) -> str:
    """Without zeros that tell nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sum(what: str, numbers: list[Decimal]) -> str:
    if len(numbers) == 1:
        return f"{what} {_short(numbers[0])}"
    return f"{what} {' + '.join(map(_short, numbers))} = {_short(sum(numbers, Decimal(0)))}"
