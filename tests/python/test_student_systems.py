"""The sample campus in the schemas of well-known student systems: what comes back is the campus, record by record."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import registrary

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

NO_YEAR = "a date of birth needs its year"
BANNER = {
    "202": "a term without courses has no level",
    "103": "a former name has no printed form of its own",
    "111": "a dean's list is of the whole term, whatever the level",
    "121": "a last name must be there",
}
PEOPLESOFT = {
    "108": "there are no balances without courses",
    "109": "there are no balances without courses",
}


def built(system: str, folder: Path) -> Path:
    """A copy of the example with its database, made by its own loader."""
    shutil.copytree(EXAMPLES / system, folder / system)
    shutil.copy(EXAMPLES / "campus_rows.py", folder)
    loader = [sys.executable, "-W", "error", str(folder / system / "load.py")]
    subprocess.run(loader, check=True, timeout=60)
    return folder / system / "registrary.toml"


async def records(source: str | Path | None) -> dict[str, dict[str, object]]:
    async with registrary.Registrar(source) as registrar:
        ids = await registrar.student_ids()
        fetched = await asyncio.gather(*(registrar.fetch_record(student) for student in ids))
    return {record.student_id: record.to_dict() for record in fetched}


@pytest.mark.parametrize(("system", "inexpressible"), [("banner", BANNER), ("peoplesoft", PEOPLESOFT)])
def test_the_campus_comes_back(system: str, inexpressible: dict[str, str], tmp_path: Path) -> None:
    configuration = built(system, tmp_path)
    campus, given = asyncio.run(records(None)), asyncio.run(records(configuration))
    assert given.keys() == campus.keys()
    expected = dict(inexpressible)
    for student, record in campus.items():
        birth = record["student"].get("birth")  # type: ignore[attr-defined]
        if birth is not None and len(birth) < 10:
            expected[student] = NO_YEAR
    different = {student for student, record in campus.items() if plain(given[student]) != plain(record)}
    assert different == expected.keys()
    told = (EXAMPLES / system / "README.md").read_text(encoding="utf-8")
    assert all(reason in " ".join(told.split()) for reason in {*inexpressible.values(), NO_YEAR})


def plain(value: object) -> object:
    """As JSON, with numbers by their value: a database may give 3.000 for 3.0."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, str) and value.replace(".", "", 1).isdigit() and "." in value:
        return value.rstrip("0").rstrip(".")
    return value


@pytest.mark.parametrize("system", ["banner", "peoplesoft"])
def test_looking_at_it_finds_no_fault(system: str, tmp_path: Path) -> None:
    configuration = built(system, tmp_path)
    report = asyncio.run(registrary.Registrar(configuration).inspect_source())
    assert report.passed, report.findings
    assert (report.students, report.sound) == (100, 100)
    tables = {table.name: table for table in report.tables}
    assert tables["attempts"].rows is not None and tables["attempts"].rows > 2000
    assert tables["stated_totals"].absent and not tables["holds"].absent
