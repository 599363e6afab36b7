"""Tables in memory as a source of records."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from registrary import _core
from registrary._options import several
from registrary._plain import to_json
from registrary.errors import Problem, SourceConfigurationError


def tables(
    tables: Mapping[str, Any] | None = None,
    /,
    *,
    absent: Iterable[str] = (),
    maps: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> _core.OwnSource:
    """Tables of the contract's names and columns as a source: pandas, polars, pyarrow, DuckDB, anything of Arrow's.

    >>> source = registrary.tables(students=students, names=names, absent=[...])  # doctest: +SKIP
    >>> registrary.Registrar(source)  # doctest: +SKIP

    The rows are copied: later changes of the tables change no record.

    Args:
        tables: by name, each an object with ``__arrow_c_stream__``; they can be given as keywords too. Names and
            columns are those of ``schemas/campus.sql``. Credits are integers, decimals or texts; a binary number is
            taken by its shortest decimal form where that has at most six places. Rows of ``institution`` have a column
            ``student``.
        absent: the tables of the contract that there are not. Every other must be given: a hold that was forgotten
            would let a transcript go.
        maps: codes of a column (``"level"``, or ``"attempts.status"``) and the contract's words for them, as
            ``[source.map]`` of a configuration has them.

    Raises:
        SourceConfigurationError: a table or column is missing or unknown; ``problems`` lists everything.
        SourceUnavailableError: a table failed to give its rows.
        TypeError: something given is no table.
    """
    given = {**(tables or {}), **more}
    producers = []
    for name, table in given.items():
        if not hasattr(table, "__arrow_c_stream__"):
            advice = "give `.collect()` of it" if hasattr(table, "collect") else "it has no __arrow_c_stream__"
            raise TypeError(f"{name} is no table but a {type(table).__name__}: {advice}")
        producers.append((name, _typed(table)))
    words = several(absent, "tables that are absent")
    if not all(isinstance(word, str) for word in words):
        raise TypeError("the names of absent tables are texts")
    try:
        written = to_json(maps or {}).decode()
    except (TypeError, ValueError) as error:
        problem = Problem("bad-value", "maps", "holds what is neither a text nor a truth value")
        raise SourceConfigurationError(
            "the source's configuration cannot be used: maps hold other than texts", problems=(problem,)
        ) from error
    return _core.OwnSource.from_tables(producers, words, written)


def _typed(table: Any) -> Any:
    """The table as Arrow can have it: polars gives a column of nulls alone a buffer that no such column has."""
    if type(table).__module__.partition(".")[0] != "polars":
        return table
    polars = sys.modules["polars"]
    return table.with_columns(polars.col(polars.Null).cast(polars.String))
