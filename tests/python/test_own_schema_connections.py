"""Own schemas through DB-API connections: the caller's own, and those that a function opens."""

from __future__ import annotations

import asyncio
import datetime
import json
import sqlite3
import sys
import threading
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import registrary
from own_schemas import ABSENT, STUDENTS, TABLES, VIEWS, configuration, records


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return configuration(tmp_path, VIEWS)


def test_a_connection_of_the_callers(campus_file: Path, campus_records: dict[str, str], mapping: Path) -> None:
    with closing(sqlite3.connect(campus_file, check_same_thread=False)) as connection:
        source = registrary.database(connection, mapping)
        assert records(source) == campus_records
        assert registrary.generate_transcript_sync(101, source=source).startswith(b"%PDF")
        source.close()
        # It stays open: it is the caller's.
        assert connection.execute("SELECT 1").fetchone() == (1,)


class Counting:
    """Connections with a count of what they are asked, as another module of drivers would give them."""

    def __init__(self, campus_file: Path, paramstyle: str = "qmark") -> None:
        self.campus, self.paramstyle = campus_file, paramstyle
        self.opened, self.closed, self.asked = 0, 0, 0
        self.threads: set[int] = set()

    def connect(self) -> Any:
        counting = self
        counting.opened += 1

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, parameters: Any = ()) -> Any:
                counting.asked += 1
                counting.threads.add(threading.get_ident())
                return super().execute(sql.replace("%s", "?").replace("%%", "%"), parameters)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def close(self) -> None:
                counting.closed += 1
                super().close()

        return sqlite3.connect(self.campus, factory=Connection, check_same_thread=False)


@pytest.mark.parametrize("paramstyle", ["qmark", "named", "numeric", "format"])
def test_a_function_that_connects(
    campus_file: Path, campus_records: dict[str, str], mapping: Path, paramstyle: str
) -> None:
    counting = Counting(campus_file)
    source = registrary.database(counting.connect, mapping, paramstyle=paramstyle, connections=2)
    assert counting.opened == 0
    if paramstyle == "numeric" and sys.version_info >= (3, 12):
        pytest.skip("sqlite3 takes no sequence for named parameters")
    assert records(source) == campus_records
    source.close()
    assert 1 <= counting.opened <= 2 and counting.closed == counting.opened
    assert threading.get_ident() not in counting.threads, "a query ran on the thread of the event loop"
    # Students asked for together are read together: far fewer queries than ten each.
    assert counting.asked < STUDENTS * 3


def test_a_stream_of_transcripts_from_a_connection(campus_file: Path, mapping: Path) -> None:
    async def run() -> list[str]:
        source = registrary.database(lambda: sqlite3.connect(campus_file, check_same_thread=False), mapping)
        async with registrary.Registrar(source) as registrar:
            results = [result async for result in registrar.generate_transcripts(range(101, 131), ordered=True)]
        source.close()
        return [f"{result.student_id} {getattr(result.error, 'code', 'made')}" for result in results]

    told = asyncio.run(run())
    assert len(told) == 30 and told.count("112 hold") == 1
    assert sum(line.endswith(" made") for line in told) == 29


def test_failures_of_a_driver_are_told_without_its_words(campus_file: Path, tmp_path: Path) -> None:
    class SecretError(Exception):
        pass

    def refuse() -> Any:
        raise SecretError("password hunter2 refused")

    mapping = configuration(tmp_path, VIEWS)
    source = registrary.database(refuse, mapping)
    with pytest.raises(registrary.SourceUnavailableError, match="cannot be connected to: SecretError") as caught:
        asyncio.run(registrary.Registrar(source).fetch_record(101))
    assert "hunter2" not in str(caught.value) and isinstance(caught.value.__cause__, SecretError)
    source.close()

    mapping = configuration(tmp_path, VIEWS.replace("true", "{ prefix = 'no_such_' }"))
    source = registrary.database(lambda: sqlite3.connect(campus_file, check_same_thread=False), mapping)
    with pytest.raises(registrary.SourceUnavailableError, match="the query students: OperationalError"):
        asyncio.run(registrary.Registrar(source).fetch_record(101))
    source.close()
    source = registrary.database(
        lambda: sqlite3.connect(campus_file, check_same_thread=False), configuration(tmp_path, VIEWS)
    )
    with pytest.raises(registrary.RecordNotFoundError):
        asyncio.run(registrary.Registrar(source).fetch_record("no-such"))
    source.close()
    with pytest.raises(TypeError, match="a DB-API connection or a function"):
        registrary.database("sqlite:///x.db", mapping)


def test_a_cancelled_wait_ends_at_once(campus_file: Path, mapping: Path) -> None:
    begun, may_go = threading.Event(), threading.Event()

    def slow() -> Any:
        begun.set()
        may_go.wait(30)
        return sqlite3.connect(campus_file, check_same_thread=False)

    async def run() -> str:
        source = registrary.database(slow, mapping, connections=1)
        registrar = registrary.Registrar(source)
        task = asyncio.ensure_future(registrar.fetch_record(101))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_go.set()
        record = await registrar.fetch_record(102)
        await asyncio.to_thread(source.close)
        return record.student_id

    assert asyncio.run(run()) == "102"


def test_a_query_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    """The driver is told: a query that would run for ever ends, and the thread is free again."""
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id FROM n WHERE x < 0"
    text = f"[source]\nabsent = {json.dumps([*TABLES[2:], *ABSENT])}\n[source.query]\n"
    text += f'students = "{endless} OR x IN (:student_ids) AND x < 0"\n'
    text += "names = \"SELECT '1' AS student, 'legal' AS kind, 'A' AS family WHERE '1' IN (:student_ids)\"\n"
    path = configuration(tmp_path, text)
    connected = threading.Event()

    def connect() -> sqlite3.Connection:
        connected.set()
        return sqlite3.connect(":memory:", check_same_thread=False)

    async def run() -> None:
        source = registrary.database(connect, path, connections=1)
        registrar = registrary.Registrar(source)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(registrar.fetch_record(1), 0.5)
        assert connected.is_set()
        # Waits for what still runs: it would hang.
        await asyncio.wait_for(asyncio.to_thread(source.close), 30)

    asyncio.run(run())


def test_cells_of_drivers_are_exact(tmp_path: Path) -> None:
    """What Oracle's and other drivers give: decimals, days with a midnight, whole numbers that are floats."""
    answers: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {
        "students": (["ID", "BIRTH"], [(7, datetime.datetime(2004, 2, 29))]),
        "names": (["STUDENT", "KIND", "FAMILY"], [(7, "legal", "Ashgrove")]),
        "terms": (
            ["STUDENT", "SEQ", "DESIGNATOR", "NAME", "LEVEL", "BEGINS"],
            [(7, Decimal(1), "2024-08", "Fall 2024", "undergraduate", datetime.date(2024, 8, 26))],
        ),
        "attempts": (
            ["STUDENT", "BLOCK_KIND", "BLOCK", "TITLE", "UNIT", "CREDITS", "GRADE"],
            [(7, "term", 1.0, "Botany", "semester", Decimal("3.50"), "A")],
        ),
        "holds": (["STUDENT", "CODE", "BLOCKS_TRANSCRIPT"], [(7, "LIB", Decimal(0))]),
    }
    absent = sorted(set(TABLES) - set(answers)) + ABSENT
    path = configuration(tmp_path, f"[source]\nviews = true\nid_type = 'integer'\nabsent = {json.dumps(absent)}\n")

    class Cursor:
        description: list[tuple[str]]

        def execute(self, sql: str, parameters: Any) -> None:
            assert parameters == [7] and "IN (?)" in sql
            names, found = answers[sql.split(" FROM ")[1].split(maxsplit=1)[0]]
            self.description, self._rows = [(name,) for name in names], iter([found])

        def fetchmany(self, size: int) -> list[Any]:
            return next(self._rows, [])

        def close(self) -> None:
            pass

    class Connection:
        def cursor(self) -> Cursor:
            return Cursor()

    source = registrary.database(Connection(), path, paramstyle="qmark")
    record = asyncio.run(registrary.Registrar(source).fetch_record(7)).to_dict()
    assert record["student"]["birth"] == "2004-02-29"
    assert record["terms"][0]["attempts"][0]["credits"] == "3.50"
    assert record["holds"][0]["blocks_transcript"] is False
    answers["terms"][1][0] = (*answers["terms"][1][0][:5], datetime.datetime(2024, 8, 26, 12))
    with pytest.raises(registrary.MalformedRecordError) as caught:
        asyncio.run(registrary.Registrar(source).fetch_record(7))
    assert caught.value.problems[0].place == "terms[0].begins"
    source.close()
