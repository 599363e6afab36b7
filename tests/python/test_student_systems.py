"""The sample campus in the schemas of well-known student systems: what comes back is the campus, record by record."""

from __future__ import annotations

import asyncio
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
