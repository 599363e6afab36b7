"""What real servers refuse: whatever a view does behind our back, reading writes nothing, and no row counts twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import registrary
from campus_servers import mirrored
from database_servers import Server

pytestmark = pytest.mark.timeout(300)

#: The same campus; but whoever reads a student is written down, with the rights of the view's owner.
OVERHEARD = {
    "postgresql": """
CREATE SCHEMA overheard;
CREATE TABLE overheard.heard (id text);
CREATE FUNCTION overheard.hear(id text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
  $$ BEGIN INSERT INTO overheard.heard VALUES (id); RETURN true; END $$;
CREATE VIEW overheard.students AS SELECT * FROM public.students WHERE overheard.hear(id);
""",
    "mariadb": """
CREATE DATABASE overheard_log;
CREATE TABLE overheard_log.heard (id varchar(64));
DELIMITER //
CREATE FUNCTION overheard_log.hear(id varchar(64)) RETURNS boolean MODIFIES SQL DATA
  BEGIN INSERT INTO overheard_log.heard VALUES (id); RETURN true; END//
DELIMITER ;
"""
    + mirrored("overheard", students="SELECT * FROM campus.students WHERE overheard_log.hear(id)"),
}
HEARD = {
    "postgresql": "SELECT count(*) FROM overheard.heard",
    "mariadb": "SELECT count(*) FROM overheard_log.heard",
}
TWICE = "SELECT a.* FROM {} AS a, (SELECT 1 AS once UNION ALL SELECT 2) AS twice"


def within(server: Server, schema: str) -> str:
    """The address of the campus as another schema shows it."""
    if server.kind == "postgresql":
        return server.url(options=f"-csearch_path%3D{schema},public")
    return server.url(schema)


@pytest.fixture
def overheard(campus: Server) -> Iterator[Server]:
    campus.ask(OVERHEARD[campus.kind], "campus")
    yield campus
    if campus.kind == "mariadb":
        campus.ask("DROP DATABASE overheard; DROP DATABASE overheard_log")
    else:
        campus.ask("DROP SCHEMA overheard CASCADE", "campus")


def test_a_write_is_refused_by_the_server(overheard: Server) -> None:
    asked: list[Callable[[registrary.Registrar], Awaitable[object]]] = [
        lambda registrar: registrar.fetch_record("101"),
        lambda registrar: registrar.student_ids(),
        lambda registrar: registrar.check_source(),
    ]

    async def run(question: Callable[[registrary.Registrar], Awaitable[object]]) -> None:
        async with registrary.Registrar(within(overheard, "overheard")) as registrar:
            await question(registrar)

    code = "SQLSTATE 25006" if overheard.kind == "postgresql" else "error 1792"
    for question in asked:
        with pytest.raises(registrary.SourceUnavailableError, match=code):
            asyncio.run(run(question))
    database = "campus" if overheard.kind == "postgresql" else ""
    assert overheard.ask(HEARD[overheard.kind], database).strip() == "0"
    # It is the session that is kept from writing: the view does write for somebody else.
    overheard.ask("SELECT count(*) FROM overheard.students WHERE id = '101'", database)
    assert int(overheard.ask(HEARD[overheard.kind], database)) > 0


def refused(source: str) -> set[tuple[str, str]]:
    async def run() -> None:
        async with registrary.Registrar(source) as registrar:
            await registrar.fetch_record("101")

    with pytest.raises(registrary.MalformedRecordError) as caught:
        asyncio.run(run())
    return {(problem.code, problem.place) for problem in caught.value.problems}


def test_a_view_that_gives_a_row_twice_is_refused(campus: Server, tmp_path: Path) -> None:
    path = tmp_path / "campus.db"
    registrary.write_sample_campus(path, 300)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE attempts RENAME TO rows_of_attempts")
        connection.execute(f"CREATE VIEW attempts AS {TWICE.format('rows_of_attempts')}")
    expected = refused(str(path))
    assert ("repeated-key", "attempts[1].seq") in expected
    assert {code for code, _ in expected} == {"repeated-key"}
    if campus.kind == "postgresql":
        campus.ask(f"CREATE SCHEMA twice; CREATE VIEW twice.attempts AS {TWICE.format('public.attempts')}", "campus")
    else:
        campus.ask(mirrored("twice", attempts=TWICE.format("campus.attempts")))
    try:
        assert refused(within(campus, "twice")) == expected
    finally:
        kind = "SCHEMA twice CASCADE" if campus.kind == "postgresql" else "DATABASE twice"
        campus.ask(f"DROP {kind}", "campus")
