"""Own schemas on a real PostgreSQL server: the examples of student systems, by the same SQL as in SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import registrary
from student_systems import BANNER, NO_YEAR, PEOPLESOFT, born_without_year, built, plain, records

database_servers = pytest.importorskip("database_servers")


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with database_servers.postgresql() as server:
        yield server


def loaded(server: Any, system: str, folder: Path) -> Path:
    """The example with its rows in a database of the server; the configuration's own address names another."""
    configuration = built(system, folder)
    script = folder / "rows.sql"
    with closing(sqlite3.connect(configuration.parent / f"{system}.db")) as connection:
        rows = [line for line in connection.iterdump() if line.startswith("INSERT")]
    schema = (configuration.parent / "schema.sql").read_text(encoding="utf-8")
    script.write_text("\n".join([schema, "BEGIN;", *rows, "COMMIT;"]), encoding="utf-8")
    server.ask(f"CREATE DATABASE {system}")
    server.load(script, system)
    return configuration


@pytest.mark.parametrize(("system", "inexpressible"), [("banner", BANNER), ("peoplesoft", PEOPLESOFT)])
def test_the_campus_comes_back(
    server: Any,
    system: str,
    inexpressible: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configuration = loaded(server, system, tmp_path)
    monkeypatch.setenv("REGISTRARY_SOURCE__URL", server.url(system))
    campus, given = asyncio.run(records(None)), asyncio.run(records(configuration))
    assert given.keys() == campus.keys()
    expected = {**inexpressible, **dict.fromkeys(born_without_year(campus), NO_YEAR)}
    different = {student for student, record in campus.items() if plain(given[student]) != plain(record)}
    assert different == expected.keys()

    report = asyncio.run(registrary.Registrar(configuration).inspect_source())
    assert report.passed and (report.students, report.sound) == (100, 100), report.findings
    (title,) = report.lines
    assert title.startswith("PostgreSQL database ") and database_servers.PASSWORD not in title

    sql = configuration.parent / "sql" / "holds.sql"
    sql.write_text(sql.read_text(encoding="utf-8").replace("AS since", "AS since, no_such_column"), encoding="utf-8")
    with registrary_refusal("the query") as told:
        asyncio.run(registrary.Registrar(configuration).fetch_record(101))
    assert 'column "no_such_column" does not exist' in str(told.value)
    report = asyncio.run(registrary.Registrar(configuration).inspect_source())
    (finding,) = [finding for finding in report.findings if finding.weight == "fault"]
    assert (finding.code, finding.place) == ("query-failed", "holds")


def registrary_refusal(words: str) -> Any:
    return pytest.raises(registrary.SourceUnavailableError, match=words)
