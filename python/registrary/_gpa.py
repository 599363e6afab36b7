"""Columns out of whatever table a notebook has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def columns_of(table: Any, names: tuple[str, str, str]) -> tuple[list[Any], list[Any], list[Any]]:
    """The three columns named: of a mapping of columns, a data frame, or an iterable of rows that are mappings.

    Raises:
        KeyError: a column is missing.
        TypeError: it is no table.
    """
    if isinstance(table, Mapping) or hasattr(table, "columns") or hasattr(table, "column_names"):
        student, grade, credits = (_values(table[name]) for name in names)
        return student, grade, credits
    if not isinstance(table, Iterable):
        raise TypeError(f"a table is a mapping of columns, a data frame or rows, not a {type(table).__name__}")
    rows = list(table)
    if not all(isinstance(row, Mapping) for row in rows):
        raise TypeError("each row is a mapping")
    student, grade, credits = ([row[name] for row in rows] for name in names)
    return student, grade, credits


def _values(column: Any) -> list[Any]:
    """A column as plain values: Arrow's, polars' and pandas' columns each have their own word for it."""
    for word in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, word):
            return list(getattr(column, word)())
    return list(column)
