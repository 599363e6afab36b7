"""The sample campus as SQL: ``python -m registrary.demo.databases postgresql | psql campus``."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from registrary import _core

#: In an order in which every row finds those that it refers to.
_TABLES = (
    "institution",
    "students",
    "names",
    "programs",
    "terms",
    "transfer_blocks",
    "attempts",
    "balances",
    "awards",
    "holds",
    "notes",
    "stated_totals",
)
_ROWS_A_STATEMENT = 500


def script(server: Literal["postgresql", "mysql"], students: int = 320) -> Iterator[str]:
    """The published schema and the sample campus as pieces of one SQL script, for ``psql`` or ``mysql``.

    ``server`` is ``"postgresql"`` or ``"mysql"`` (which MariaDB reads as well); ``students`` is 300 or more. The script
    creates its tables in the current database or schema and fails where they are there already. Raises ``ValueError``
    for another server, ``ValueError`` or ``SourceUnavailableError`` as ``registrary.write_sample_campus`` does.
    """
    copied = {"postgresql": _copied, "mysql": _inserted}.get(server)
    if copied is None:
        raise ValueError("server is 'postgresql' or 'mysql'")
    yield _core.campus_schema(server)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "campus.db")
        _core.write_sample_campus(str(path), students)
        connection = sqlite3.connect(path)
        try:
            for table in _TABLES:
                rows = connection.execute(f"SELECT * FROM {table}")
                columns = [column[0] for column in rows.description]
                yield from copied(table, columns, rows)
        finally:
            connection.close()
    yield "ANALYZE;\n" if server == "postgresql" else ""


def _copied(table: str, columns: list[str], rows: sqlite3.Cursor) -> Iterator[str]:
    yield f"COPY {table} ({', '.join(columns)}) FROM stdin;\n"
    escapes = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
    for row in rows:
        yield "\t".join(r"\N" if cell is None else str(cell).translate(escapes) for cell in row) + "\n"
    yield "\\.\n"


def _inserted(table: str, columns: list[str], rows: sqlite3.Cursor) -> Iterator[str]:
    names = ", ".join(f"`{column}`" for column in columns)
    escapes = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "'": r"\'", "\0": r"\0"})

    def literal(cell: object) -> str:
        if cell is None or isinstance(cell, int):
            return "NULL" if cell is None else str(cell)
        return "'" + str(cell).translate(escapes) + "'"

    yield "SET NAMES utf8mb4;\nSET sql_mode = '';\n"
    while some := rows.fetchmany(_ROWS_A_STATEMENT):
        values = ",\n".join("(" + ", ".join(map(literal, row)) + ")" for row in some)
        yield f"INSERT INTO {table} ({names}) VALUES\n{values};\n"


def main() -> int:
    """Writes the script to standard output."""
    parser = argparse.ArgumentParser(prog="python -m registrary.demo.databases", description=__doc__)
    parser.add_argument("server", choices=("postgresql", "mysql"), help="whose SQL to write; MariaDB reads mysql's")
    parser.add_argument("--students", type=int, default=320, help="how many, 300 or more (default 320)")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for piece in script(arguments.server, arguments.students):
        sys.stdout.write(piece)
    return 0


if __name__ == "__main__":
    sys.exit(main())
