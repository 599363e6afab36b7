"""The columns of whatever table a notebook has, by reference wherever they lie in memory already."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from registrary import _core

Roles = Mapping[str, str]
"""Each column's name, and whether it is a ``"key"``, a ``"grade"``, a ``"number"`` or a ``"mark"``."""


def read(table: Any, roles: Roles) -> _core.Columns:
    """The columns named in ``roles``.

    Raises:
        KeyError: a column is missing.
        MalformedRecordError: a list holds cells that its column cannot.
        SourceUnavailableError: the table failed to give its rows.
        TypeError: it is no table.
        ValueError: the columns differ in length.
    """
    if isinstance(table, _core.Columns):
        return table
    if isinstance(table, Mapping):
        return _core.Columns.from_columns(
            [(name, role, _column(_cell_of(table, name))) for name, role in roles.items()]
        )
    if hasattr(table, "__arrow_c_stream__"):
        return _from_stream(table, roles)
    if hasattr(table, "__arrow_c_array__"):
        schema, array = table.__arrow_c_array__()
        return _core.Columns.from_array(schema, array, list(roles))
    if hasattr(table, "collect"):
        raise TypeError("a lazy frame has no rows yet: give `.collect()` of it")
    if hasattr(table, "columns") or hasattr(table, "column_names"):
        return _from_frame(table, roles)
    if isinstance(table, (str, bytes)) or not isinstance(table, Iterable):
        raise TypeError(f"a table is a data frame, a mapping of columns or rows, not a {type(table).__name__}")
    rows = list(table)
    if not all(isinstance(row, Mapping) for row in rows):
        raise TypeError("each row is a mapping")
    columns = [(name, role, [_cell_of(row, name) for row in rows]) for name, role in roles.items()]
    return _core.Columns.from_columns(columns)


def reader(table: Any, roles: Roles) -> _core.BatchReader:
    """The batches of an Arrow stream, one at a time."""
    return _core.BatchReader(_narrowed(table, list(roles)).__arrow_c_stream__(), list(roles))


def _from_stream(table: Any, roles: Roles) -> _core.Columns:
    if type(table).__module__.partition(".")[0] == "pyarrow" and hasattr(table, "itercolumns"):
        # Its columns lie in memory, in chunks that it would have to cut, join and export one after the other.
        columns = [(name, table[name]) for name in roles if table.column_names.count(name) == 1]
        if len(columns) == len(roles) and all(hasattr(column, "__arrow_c_stream__") for _, column in columns):
            return _core.Columns.from_chunks([(name, column.__arrow_c_stream__()) for name, column in columns])
    try:
        return reader(table, roles).read_all()
    except ImportError:
        # pandas without pyarrow: column by column.
        return _from_frame(table, roles)


def _from_frame(table: Any, roles: Roles) -> _core.Columns:
    return _core.Columns.from_columns([(name, role, _column(_cell_of(table, name))) for name, role in roles.items()])


def _cell_of(table: Any, name: str) -> Any:
    try:
        return table[name]
    except (KeyError, IndexError):
        raise KeyError(f"the table has no column {name!r}") from None


def _narrowed(table: Any, names: list[str]) -> Any:
    """The table without the columns that nobody asked for, where leaving them out saves making them."""
    library = type(table).__module__.partition(".")[0]
    known = getattr(table, "columns", None)
    if library not in ("pandas", "polars", "duckdb") or known is None:
        return table
    for name in names:
        if name not in known:
            raise KeyError(f"the table has no column {name!r}")
    if library == "duckdb":
        return table.select(*(sys.modules["duckdb"].ColumnExpression(name) for name in names))
    return table[names] if library == "pandas" else table.select(names)


def _column(values: Any) -> Any:
    """The column as the core takes it: a capsule, a pair of capsules, a buffer or a list."""
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(f"a column is a sequence of values, not one {type(values).__name__}")
    if isinstance(values, list):
        return values
    try:
        if hasattr(values, "__arrow_c_stream__"):
            return values.__arrow_c_stream__()
        if hasattr(values, "__arrow_c_array__"):
            return values.__arrow_c_array__()
    except ImportError:
        pass
    if hasattr(values, "__array_interface__"):
        return _array(values)
    if hasattr(values, "to_numpy"):
        array = values.to_numpy()
        return _array(array) if hasattr(array, "__array_interface__") else list(array)
    if hasattr(values, "typecode"):
        return values
    return list(values)


def _array(array: Any) -> Any:
    """numpy's arrays: numbers as they lie, texts by their characters, everything else cell by cell."""
    if array.ndim != 1:
        raise TypeError(f"a column has one dimension, not {array.ndim}")
    # A masked array's buffer does not say what is masked.
    if hasattr(array, "mask") or array.dtype.kind not in "iubfUS":
        return array.tolist()
    kind = array.dtype.kind
    if kind == "S":
        array = array.astype("U")
        kind = "U"
    dtype = array.dtype.newbyteorder("=")
    if kind == "f" and dtype.itemsize < 8:
        # Exact: every number of fewer bits is one of 64.
        dtype = "f8"
    array = array.astype(dtype, order="C", copy=not array.flags.c_contiguous or not array.flags.aligned)
    if kind == "U":
        width = array.dtype.itemsize // 4
        return (array.view("u4"), width) if width else array.tolist()
    return array
