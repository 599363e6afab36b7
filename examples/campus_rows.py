"""The sample campus as plain rows, for the loaders of the example student systems."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from registrary import _core

Row = dict[str, Any]

STUDENTS = 320
"""As many as the built-in campus has."""


class Campus:
    """The tables of the published schema, row by row."""

    def __init__(self, folder: Path) -> None:
        path = folder / "campus.db"
        _core.write_sample_campus(str(path), STUDENTS)
        self._connection = sqlite3.connect(path)
        self._connection.row_factory = sqlite3.Row

    def rows(self, table: str, order: str = "student, seq") -> list[Row]:
        """All rows of a table."""
        return [dict(row) for row in self._connection.execute(f"SELECT * FROM {table} ORDER BY {order}")]

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


class Target:
    """Where rows go: any DB-API connection whose parameters are question marks."""

    def __init__(self, connection: Any, *, prefixed: bool = True) -> None:
        self._cursor = connection.cursor()
        # Some systems begin each column with its table's name.
        self._prefixed = prefixed

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Inserts rows whose cells stand in the order of `columns`."""
        names = columns.split()
        marks = ", ".join("?" * len(names))
        written = [f"{table}_{name}" if self._prefixed else name for name in names]
        statement = f"INSERT INTO {table} ({', '.join(written)}) VALUES ({marks})"
        self._cursor.executemany(statement, [tuple(row) for row in rows])


def numbered(student: str) -> int:
    """An internal key beside the number that everybody sees."""
    return 50_000 + int(student)


def initials(title: str) -> str:
    """`BA` of `Bachelor of Arts`, `BA-ECON` of `Bachelor of Arts in Economics`."""
    degree, _, field = title.partition(" in ")
    letters = "".join(word[0] for word in degree.split() if word[0].isupper())
    return f"{letters}-{field[:4].upper()}" if field else letters

