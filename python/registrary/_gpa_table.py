"""What a GPA batch gives: a table for every data frame, rows for people, exact either way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from registrary import _core, _gpa_explain, _gpa_html
from registrary._options import StudentKey

# Rows made into Python objects at once.
_CHUNK = 4096

_TOTALS = ("credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa")


class ArrowTable:
    """A table that every library of data frames reads without a copy, by Arrow's PyCapsule interface.

    ``polars.from_arrow(t)``, ``pyarrow.table(t)``, ``pandas.DataFrame.from_arrow(t)`` and, in DuckDB's SQL, its name.
    """

    def __init__(self, columns: _core.Columns) -> None:
        self._columns = columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._columns.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._columns.__arrow_c_schema__()

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def columns(self) -> list[str]:
        """The columns' names."""
        return self._columns.names

    def column(self, name: str) -> list[Any]:
        """One column as Python values; numbers with places are ``decimal.Decimal``.

        Raises:
            KeyError: there is no such column.
        """
        return self._columns.column(name)

    def to_dict(self) -> dict[str, list[Any]]:
        """All columns, as :meth:`column` gives them."""
        return {name: self.column(name) for name in self.columns}

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``; nothing is copied.

        Raises:
            ImportError: pyarrow is not installed.
        """
        return _library("pyarrow").table(self)

    def to_polars(self) -> Any:
        """As a ``polars.DataFrame``.

        Raises:
            ImportError: polars is not installed.
        """
        return _library("polars").DataFrame(self)

    def to_pandas(self, *, exact: bool = False) -> Any:
        """As a ``pandas.DataFrame``.

        Args:
            exact: whether decimals stay ``decimal.Decimal`` (objects, slow to compute with). Default: 64-bit floats,
                the nearest to each decimal, which is what plots and statistics want; no GPA is NaN.

        Raises:
            ImportError: pandas is not installed.
        """
        pandas = _library("pandas")

        def values(name: str) -> Any:
            floats = None if exact else self._columns.floats(name)
            return self.column(name) if floats is None else _library("numpy").frombuffer(floats, "f8")

        return pandas.DataFrame({name: values(name) for name in self.columns}, columns=self.columns)


def _library(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install {name}", name=name) from error


class RejectedRows(ArrowTable):
    """The rows that were set aside, one line for each problem: ``row`` (counted from 0), ``column``, ``problem``."""

    def __repr__(self) -> str:
        return f"<RejectedRows: {len(self):,} problems>"

    def _repr_html_(self) -> str:
        return _gpa_html.rejected(self)


@dataclass(frozen=True)
class GpaTotals:
    """Exact totals, and the GPA as the policy prints it."""

    credits_attempted: Decimal = field(repr=False)
    credits_earned: Decimal = field(repr=False)
    gpa_hours: Decimal = field(repr=False)
    """Credits that count in the GPA."""
    quality_points: Decimal = field(repr=False)
    """Credits times grade points, summed."""
    gpa: Decimal | None = field(repr=False)
    """None without GPA hours: no GPA is not 0.00."""

    @property
    def gpa_exact(self) -> Fraction | None:
        """The ratio that ``gpa`` was rounded from, once: quality points by GPA hours."""
        return Fraction(self.quality_points) / Fraction(self.gpa_hours) if self.gpa_hours else None


@dataclass(frozen=True)
class GpaRow(GpaTotals):
    """The totals of one student, or of what else the table is grouped by."""

    student_id: Any = field(default=None, repr=False)
    """None where the table is not grouped by student; so with the next three."""
    term: Any = field(default=None, repr=False)
    level: Any = field(default=None, repr=False)
    section: Any = field(default=None, repr=False)
    cumulative: GpaTotals | None = field(default=None, repr=False)
    """Up to and including the term, where this was asked for."""


class Origin(NamedTuple):
    """Where a table's numbers came from: the rows, by reference, and what was asked of them."""

    attempts: _core.Columns | None
    """None where they were not kept: of a stream that was added up, or has come far since."""
    rows: int
    request: _core.GpaRequest
    names: Mapping[str, str]
    """The name of the column of each part that the rows have (``"student"``, ``"grade"``, ``"credits"``, ...)."""
    policy: _core.Policy


class GpaTable(ArrowTable):
    """GPAs of many students: one row for each student, or for each group asked for, sorted by what they are grouped by.

    Columns: those grouped by, under their own names; ``credits_attempted``, ``credits_earned``, ``gpa_hours`` and
    ``quality_points``, exact; ``gpa`` as the policy prints it, None without GPA hours. With ``cumulative=True`` the
    same five up to and including each term, named ``cumulative_...``.

    ``table["gpa"]`` is a column, ``table[101]`` or ``table.student(101)`` a student's row, and iterating gives all
    rows. The rows of attempts are kept by reference, for :meth:`explain`.
    """

    def __init__(
        self, columns: _core.Columns, rejected: _core.Columns | None, by: Mapping[str, str], origin: Origin
    ) -> None:
        super().__init__(columns)
        self._rejected = None if rejected is None else RejectedRows(rejected)
        self._by = by
        self._origin = origin

    @property
    def by(self) -> tuple[str, ...]:
        """What the rows are grouped by: of ``"student"``, ``"term"``, ``"level"``, ``"section"``."""
        return tuple(self._by)

    @property
    def rejected(self) -> RejectedRows | None:
        """The rows that were set aside; None unless ``on_error="collect"`` was asked for."""
        return self._rejected

    @property
    def attempts(self) -> int:
        """How many rows were read, those set aside among them."""
        return self._origin.rows

    def __getitem__(self, key: StudentKey) -> Any:
        """A column by its name, else a student's row by the id."""
        if isinstance(key, str) and key in self._columns.names:
            return self.column(key)
        if "student" not in self._by:
            raise KeyError("the table has no such column")
        return self.student(key)

    def __iter__(self) -> Iterator[GpaRow]:
        for start in range(0, len(self), _CHUNK):
            yield from self._rows(self._columns, start, start + _CHUNK)

    def student(self, student_id: StudentKey) -> GpaRow:
        """The row of one student; ``101`` and ``"101"`` are the same.

        Raises:
            KeyError: the table has no such student.
            ValueError: it has several rows of each student: see :meth:`student_rows`.
        """
        rows = self.student_rows(student_id)
        if len(rows) > 1:
            others = " and ".join(part for part in self._by if part != "student")
            raise ValueError(f"the table has a row for each {others}: use student_rows()")
        return rows[0]

    def student_rows(self, student_id: StudentKey) -> list[GpaRow]:
        """All rows of one student, in order of what else the table is grouped by.

        Raises:
            KeyError: the table has no such student.
            ValueError: the table is not grouped by student.
        """
        if "student" not in self._by:
            raise ValueError(f"the table is grouped by {' and '.join(self._by)}, not by student")
        places = self._columns.places_of(self._by["student"], student_id)
        if not places:
            raise KeyError("the table has no such student")
        rows = self._columns.rows_at(places)
        return list(self._rows(rows, 0, len(rows)))

    def explain(self, student_id: StudentKey) -> _gpa_explain.GpaExplanation:
        """How a student's numbers came about: each attempt, what it did to the totals, and the arithmetic.

        Raises:
            KeyError: the table has no such student.
            ValueError: the table is not grouped by student, or comes from a stream that has let go of the rows: a
                stream keeps those of its latest four million attempts, and none where it adds up.
        """
        return _gpa_explain.explain(self._origin, self.student_rows(student_id), student_id)

    def _let_go_of_rows(self) -> None:
        """Nothing can be explained from here on; the totals stay."""
        self._origin = self._origin._replace(attempts=None)

    def _rows(self, columns: _core.Columns, start: int, stop: int) -> Iterator[GpaRow]:
        def totals(prefix: str) -> Iterator[tuple[Any, ...]]:
            return zip(*(columns.column(prefix + name, start, stop) for name in _TOTALS), strict=True)

        parts = {"student": "student_id"}
        keys = [parts.get(part, part) for part in self._by]
        named = zip(*(columns.column(name, start, stop) for name in self._by.values()), strict=True)
        running = totals("cumulative_") if "cumulative_gpa" in columns.names else None
        for key, row in zip(named, totals(""), strict=True):
            others: dict[str, Any] = dict(zip(keys, key, strict=True))
            if running is not None:
                others["cumulative"] = GpaTotals(*next(running))
            yield GpaRow(*row, **others)

    def __repr__(self) -> str:
        what = "students" if self.by == ("student",) else f"rows by {' and '.join(self._by)}"
        aside = "" if self._rejected is None else f", {len(self._rejected):,} problems set aside"
        return f"<GpaTable: {len(self):,} {what} from {self.attempts:,} attempts{aside}>"

    def _repr_html_(self) -> str:
        return _gpa_html.gpas(self)
