"""A SQLite campus of any size in the published schema: the sample campus's records, over and over under new ids."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import registrary

SCHEMA = Path(__file__).parent.parent / "schemas" / "campus.sql"

Json = Mapping[str, Any]


def write(path: Path, students: int) -> None:
    """Writes the campus; the ids are 1, 2, 3, … as text. Students whose holds keep transcripts back are left out."""
    records = [record for record in asyncio.run(sample_records()) if not held(record)]
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
        for number in range(students):
            _Rows(database, str(number + 1)).write(records[number % len(records)])
    database.close()


async def sample_records() -> list[Json]:
    """Every record of the sample campus."""
    registrar = registrary.Registrar()
    return [json.loads((await registrar.fetch_record(i)).to_json()) for i in await registrar.student_ids()]


def held(record: Json) -> bool:
    """Whether a hold keeps the transcript back."""
    return any(hold["blocks_transcript"] for hold in record.get("holds", ()))


def _lines(texts: Sequence[str]) -> str | None:
    return "\n".join(texts) or None


class _Rows:
    """The rows of one student."""

    def __init__(self, database: sqlite3.Connection, student: str) -> None:
        self._database = database
        self._student = student

    def _insert(self, table: str, **values: object) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))

    def _row(self, table: str, given: Json, columns: str, **values: object) -> None:
        """A row of the columns as the record has them, lists as lines, and of the values given."""
        for column in columns.split():
            value = given.get(column)
            values[column] = _lines(value) if isinstance(value, list) else value
        self._insert(table, student=self._student, **values)

    def write(self, record: Json) -> None:
        """All rows of a record, under this student's id."""
        person = record["student"]
        names = person["names"]
        self._insert(
            "students",
            id=self._student,
            birth=person.get("birth"),
            native_name=names.get("native"),
            totals=record["totals"],
            sample=int(record.get("sample", False)),
        )
        known = [("legal", names["legal"])] + [("chosen", names["chosen"])] * ("chosen" in names)
        for seq, (kind, name) in enumerate(known + [("former", name) for name in names.get("former", ())], 1):
            self._row("names", name, "prefix given middle family suffix", seq=seq, kind=kind, whole=name.get("full"))
        self._programs(record.get("programs", ()), award=0)
        self._study(record)
        self._rest(record)

    def _programs(self, programs: Sequence[Json], award: int) -> None:
        for seq, program in enumerate(programs, 1):
            self._row("programs", program, "kind name level degree admitted notes", award=award, seq=seq)

    def _study(self, record: Json) -> None:
        for seq, term in enumerate(record.get("terms", ()), 1):
            columns = "designator name begins ends level programs standing honors notes"
            self._row("terms", term, columns, seq=seq)
            self._attempts(term, "term", seq)
            self._stated(term.get("stated", ()), seq)
        for seq, block in enumerate(record.get("transfers", ()), 1):
            self._row("transfer_blocks", block, "kind institution level designator term_name notes", seq=seq)
            self._attempts(block, "transfer", seq)

    def _attempts(self, block: Json, kind: str, number: int) -> None:
        columns = "unit credits credits_earned grade supplemental_grade mark status repeat quality_points notes"
        for seq, attempt in enumerate(block.get("attempts", ()), 1):
            course = {key: attempt["course"].get(key) for key in ("subject", "number", "title")}
            self._row("attempts", attempt, columns, block_kind=kind, block=number, seq=seq, **course)

    def _stated(self, summaries: Sequence[Json], term: int) -> None:
        columns = "span label level unit credits_attempted credits_earned gpa_hours quality_points gpa standing notes"
        for seq, summary in enumerate(summaries, 1):
            self._row("stated_totals", summary, columns, term=term, seq=seq)

    def _rest(self, record: Json) -> None:
        for seq, balance in enumerate(record.get("balances", ()), 1):
            columns = "origin label level through credits_attempted credits_earned gpa_hours quality_points"
            self._row("balances", balance, columns, seq=seq)
        for seq, award in enumerate(record.get("awards", ()), 1):
            self._row("awards", award, "title level conferred honors thesis_title notes", seq=seq)
            self._programs(award.get("programs", ()), award=seq)
        for seq, hold in enumerate(record.get("holds", ()), 1):
            self._row("holds", hold, "code reason since", seq=seq, blocks_transcript=int(hold["blocks_transcript"]))
        for seq, note in enumerate(record.get("notes", ()), 1):
            self._row("notes", {"note": note}, "note", seq=seq)
        self._stated(record.get("stated", ()), term=0)
