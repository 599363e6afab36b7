"""The verbs of judging, on the module: a record, a list of attempts, a table of them; what each takes and gives."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal, Unpack

from registrary import _default
from registrary._core import Evaluation
from registrary._gpa_stream import GpaStream
from registrary._gpa_table import GpaTable
from registrary._options import By, GpaOptions, PolicyLike, RecordLike


def evaluate(record: RecordLike, *, policy: PolicyLike | None = None) -> Evaluation:
    """Judges a record by a policy: exact totals by term and level, and what each attempt did.

    Args:
        record: as for :func:`produce_transcript`.
        policy: as for :func:`calculate_gpa`.

    Raises:
        MalformedRecordError: a grade is not on its scale, among others; all problems are listed.
        PolicyError: the policy cannot be used.
    """
    registrar = _default.default()
    return registrar.evaluate(record, policy=policy)


def calculate_gpa(attempts: Iterable[Any], *, policy: PolicyLike | None = None) -> Decimal | None:
    """The grade point average of attempts, exact, rounded as the policy prints it.

    >>> registrary.calculate_gpa([("A", 3), ("B", 4)], policy="whole-letters")
    Decimal('3.42')

    Args:
        attempts: pairs ``(grade, credits)``, or mappings with ``grade`` and ``credits`` and, where they matter,
            ``course``, ``term`` and ``level``. Credits are int, str or Decimal; a float is taken by its shortest
            decimal form. Where the policy has rules for repeats, every attempt says its course and its term
            (``"2025-09"``).
        policy: a built-in's name (``Policy.built_in_names()``), a :class:`Policy`, the path of a TOML file, or a
            mapping of the same shape, such as ``{"scale": {"A": "4.0", "F": "0"}, "no_gpa": ["P", "W"],
            "rounding": {"mode": "truncate", "places": 3}}``. Default: the configured registrar's; without
            configuration the sample campus' own, plus/minus letters (A- 3.7), rounded half up to 2 places.

    Returns:
        The GPA, or None when the attempts have no GPA hours: no GPA is not 0.00.

    Raises:
        MalformedRecordError: a grade is not on the scale, or credits are none; all problems are listed.
        PolicyError: the policy cannot be used.
        ConfigurationError: the policy's scale goes by the term of entry, which attempts do not tell:
            :meth:`Policy.for_entry_term` chooses it.
    """
    return _default.default().calculate_gpa(attempts, policy=policy)


def calculate_class_gpa(grades: Iterable[str], *, policy: PolicyLike | None = None) -> Decimal | None:
    """The mean of the grade points of one class, rounded as the policy prints a GPA.

    Args:
        grades: one grade for each student; those that do not enter a GPA (W, P, ...) do not count.
        policy: as for :func:`calculate_gpa`.

    Returns:
        The mean, or None when no grade counts.

    Raises:
        MalformedRecordError: a grade is not on the scale; all problems are listed.
        PolicyError: the policy cannot be used.
    """
    return _default.default().calculate_class_gpa(grades, policy=policy)


def calculate_gpas(
    table: Any,
    *,
    student: str = "student_id",
    grade: str = "grade",
    credits: str | None = "credits",
    points: str | None = None,
    term: str | None = None,
    course: str | None = None,
    level: str | None = None,
    section: str | None = None,
    excluded: str | None = None,
    by: By = "student",
    cumulative: bool = False,
    on_error: Literal["raise", "collect"] = "raise",
    policy: PolicyLike | None = None,
) -> GpaTable:
    """The GPAs of many students at once, exact, from a table with one row for each attempt, in any order.

    >>> table = registrary.calculate_gpas({"student_id": [7, 7], "grade": ["A", "B"], "credits": [3, 4]})
    >>> table[7].gpa, table[7].gpa_exact
    (Decimal('3.43'), Fraction(24, 7))

    Millions of rows take a fraction of a second: all cores share the work, the GIL is released, Ctrl-C ends it.

    Args:
        table: anything that gives Arrow data (a polars, pandas or pyarrow table, a DuckDB relation), which is read
            in place; a mapping of columns that are numpy arrays or sequences; or rows that are mappings.
        student: the column of student ids: whole numbers or texts, all of one type.
        grade: the column of grades.
        credits: the column of credits, 0 to 9999.999: whole numbers, decimals, or floats that are an exact decimal
            of at most three places. None: each attempt counts 1, as in the GPA of a class.
        points: in place of grades, a column of grade points for one credit. Null: not in the GPA.
        term: the column of terms: whole numbers, texts or dates, which go by their order.
        course: the column of courses, which rules for repeats go by.
        level: the column of levels, where the policy tells them apart or they are grouped by.
        section: the column of sections.
        excluded: a column of yes and no (bool, 0 or 1): the attempt is left out of the GPA and earns nothing.
        by: what has one row in the result, such as ``("student", "term")``; ``"section"`` gives the class GPAs.
        cumulative: whether each term also has the totals up to and including it.
        on_error: ``"raise"`` refuses a table with rows that cannot be right; ``"collect"`` sets them aside into
            ``GpaTable.rejected``.
        policy: as for :func:`calculate_gpa`.

    Returns:
        One row for each group, sorted: see :class:`GpaTable`.

    Raises:
        MalformedRecordError: rows that cannot be right; each kind of problem with its column, its first row and how
            many rows have it.
        PolicyError: the policy cannot be used.
        ConfigurationError: the policy needs a column that was not named.
        KeyError: a column is missing.
        SourceUnavailableError: the table failed to give its rows; the cause is its own exception.
        TypeError: it is no table.
        ValueError: the columns differ in length, or an argument is none of those known.
    """
    return _default.default().calculate_gpas(
        table,
        student=student,
        grade=grade,
        credits=credits,
        points=points,
        term=term,
        course=course,
        level=level,
        section=section,
        excluded=excluded,
        by=by,
        cumulative=cumulative,
        on_error=on_error,
        policy=policy,
    )


async def calculate_gpas_async(table: Any, **options: Unpack[GpaOptions]) -> GpaTable:
    """As :func:`calculate_gpas`, awaited: the event loop goes on meanwhile, and a cancelled call is over.

    Args:
        table: as for :func:`calculate_gpas`. It is read on a thread of its own, for it may be a query.
        **options: as for :func:`calculate_gpas`.
    """
    return await _default.default().calculate_gpas_async(table, **options)


def stream_gpas(batches: Any, *, clustered: bool = True, **options: Unpack[GpaOptions]) -> GpaStream:
    """The GPAs of a table larger than memory, from its batches, one at a time.

    >>> for table in registrary.stream_gpas(pyarrow.parquet.ParquetFile("attempts.parquet").iter_batches()):
    ...     ...

    Args:
        batches: an Arrow stream (``__arrow_c_stream__``: a pyarrow reader, a DuckDB relation), or an iterable, also
            an async one, of tables as :func:`calculate_gpas` takes them.
        clustered: whether all rows of a student come together, in any order of students. Each table then holds the
            students that are over; a student who comes back later is refused (some 40 bytes a student are kept to
            notice). The tables of the latest four million attempts can be explained. False: rows come in any order,
            and there is one table at the end; memory grows with the groups, not with the rows, and policies with
            rules for repeats are refused, for they need all of a student's attempts at once.
        **options: as for :func:`calculate_gpas`. Row numbers of problems count from the stream's first row.

    Returns:
        An iterator of :class:`GpaTable`, and an async iterator: ``async for table in stream_gpas(...)``.

    Raises:
        MalformedRecordError: as :func:`calculate_gpas`, and a student's rows that came apart.
        ConfigurationError, PolicyError, TypeError, ValueError: as :func:`calculate_gpas`.
    """
    return _default.default().stream_gpas(batches, clustered=clustered, **options)
