"""The sample campus in the schemas of well-known student systems: what comes back is the campus, record by record."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import registrary
from student_systems import BANNER, EXAMPLES, NO_YEAR, PEOPLESOFT, born_without_year, built, plain, records


@pytest.mark.parametrize(("system", "inexpressible"), [("banner", BANNER), ("peoplesoft", PEOPLESOFT)])
def test_the_campus_comes_back(system: str, inexpressible: dict[str, str], tmp_path: Path) -> None:
    configuration = built(system, tmp_path)
    campus, given = asyncio.run(records(None)), asyncio.run(records(configuration))
    assert given.keys() == campus.keys()
    expected = {**inexpressible, **dict.fromkeys(born_without_year(campus), NO_YEAR)}
    different = {student for student, record in campus.items() if plain(given[student]) != plain(record)}
    assert different == expected.keys()
    told = " ".join((EXAMPLES / system / "README.md").read_text(encoding="utf-8").split())
    assert all(reason in told for reason in expected.values())


@pytest.mark.parametrize("system", ["banner", "peoplesoft"])
def test_looking_at_it_finds_no_fault(system: str, tmp_path: Path) -> None:
    report = asyncio.run(registrary.Registrar(built(system, tmp_path)).inspect_source())
    assert report.passed, report.findings
    assert (report.students, report.sound) == (100, 100)
    tables = {table.name: table for table in report.tables}
    assert (tables["attempts"].rows or 0) > 2000
    assert tables["stated_totals"].absent and not tables["holds"].absent


@pytest.mark.parametrize(
    ("system", "table", "of_whom"),
    [
        ("banner", "stvhldd", "holds"),
        ("banner", "ssbsect", "terms"),
        ("banner", "shrtckg", "terms"),
        ("peoplesoft", "ps_class_tbl", "terms"),
    ],
)
def test_a_row_whose_code_is_not_listed_never_drops_out(system: str, table: str, of_whom: str, tmp_path: Path) -> None:
    """A hold or a course that a table beside it does not know is refused, never left out of the record."""
    configuration = built(system, tmp_path)
    whole = asyncio.run(records(configuration))
    with closing(sqlite3.connect(configuration.parent / f"{system}.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"DELETE FROM {table}")

    async def codes() -> dict[str, object]:
        async with registrary.Registrar(configuration) as registrar:
            made = await asyncio.gather(*(registrar.fetch_record(one) for one in whole), return_exceptions=True)
        return dict(zip(whole, made, strict=True))

    made = asyncio.run(codes())
    assert any(isinstance(record, registrary.MalformedRecordError) for record in made.values())
    for student, record in made.items():
        if isinstance(record, registrary.StudentRecord):
            assert record.to_dict().get(of_whom) == whole[student].get(of_whom)
        else:
            assert isinstance(record, registrary.MalformedRecordError)
