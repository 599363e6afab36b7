"""The examples of student systems, built; what each cannot say, and why."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import registrary

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

NO_YEAR = "a date of birth needs its year"
BANNER = {
    "103": "a former name has no printed form of its own",
    "111": "a dean's list is of the whole term, whatever the level",
    "121": "a last name must be there",
    "202": "a term without courses has no level",
}
PEOPLESOFT = {
    "108": "there are no balances without courses",
    "109": "there are no balances without courses",
}


def built(system: str, folder: Path) -> Path:
    """A copy of the example with its database, made by its own loader; its configuration."""
    shutil.copytree(EXAMPLES / system, folder / system)
    shutil.copy(EXAMPLES / "campus_rows.py", folder)
    loader = [sys.executable, "-W", "error", str(folder / system / "load.py")]
    subprocess.run(loader, check=True, timeout=60)
    return folder / system / "registrary.toml"


async def records(source: str | Path | None) -> dict[str, dict[str, Any]]:
    """Every record of a source."""
    async with registrary.Registrar(source) as registrar:
        ids = await registrar.student_ids()
        fetched = await asyncio.gather(*(registrar.fetch_record(student) for student in ids))
    return {record.student_id: record.to_dict() for record in fetched}


def born_without_year(campus: dict[str, dict[str, Any]]) -> set[str]:
    """The students whose date of birth is a day alone."""
    births = {student: record["student"].get("birth") for student, record in campus.items()}
    return {student for student, birth in births.items() if birth is not None and len(birth) < 10}


def plain(value: object) -> object:
    """As JSON, with numbers by their value: a database may give 3.000 for 3.0."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, str) and value.replace(".", "", 1).isdigit() and "." in value:
        return value.rstrip("0").rstrip(".")
    return value
