"""What the tests of own schemas share: the contract's tables, a configuration of views, and a source's records."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import registrary

TABLES = (
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
)
ABSENT = ["institution", "stated_totals"]
VIEWS = f"[source]\nviews = true\nabsent = {json.dumps(ABSENT)}\n"
STUDENTS = 300


def records(source: Any) -> dict[str, str]:
    """Every record of a source, as JSON."""

    async def fetched() -> dict[str, str]:
        async with registrary.Registrar(source) as registrar:
            ids = await registrar.student_ids()
            found = await asyncio.gather(*(registrar.fetch_record(student) for student in ids))
        return {record.student_id: record.to_json() for record in found}

    return asyncio.run(fetched())


def configuration(folder: Path, text: str) -> Path:
    """The text as a configuration file."""
    path = folder / "registrary.toml"
    path.write_text(text, encoding="utf-8")
    return path


def columns(campus: Path, table: str) -> dict[str, list[Any]]:
    """A table of a campus, column by column."""
    with closing(sqlite3.connect(campus)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table}")
        names, found = [column[0] for column in cursor.description], cursor.fetchall()
    return {name: [row[at] for row in found] for at, name in enumerate(names)}


def values(found: dict[str, str]) -> dict[str, Any]:
    """Records with numbers by their value: a binary number does not remember how many places it was written with."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: Decimal(part) if key.startswith("credits") else plain(part) for key, part in value.items()}
        return [plain(part) for part in value] if isinstance(value, list) else value

    return {student: plain(json.loads(text)) for student, text in found.items()}
