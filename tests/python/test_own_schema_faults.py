"""Rows, ids and connections of own schemas that go wrong: each keeps its harm to itself."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import registrary
from own_schemas import ABSENT, TABLES, VIEWS, configuration
from registrary import _core


def small_database(path: Path, students: list[str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE s (id TEXT COLLATE NOCASE, name TEXT)")
        connection.executemany("INSERT INTO s VALUES (?, ?)", [(one, json.dumps("Ash")) for one in students])


def small_mapping(folder: Path, name: str = "json_extract(name, '$')") -> Path:
    text = f"[source]\nabsent = {json.dumps([*TABLES[2:], *ABSENT])}\n[source.query]\n"
    text += "student_ids = 'SELECT id FROM s'\nstudents = 'SELECT id, birth FROM s WHERE id IN (:student_ids)'\n"
    text = text.replace(", birth", "")
    text += f"names = \"SELECT id AS student, 'legal' AS kind, {name} AS family FROM s WHERE id IN (:student_ids)\"\n"
    return configuration(folder, text)


def told(source: Any, students: list[str]) -> list[str]:
    """What becomes of students who are asked for together."""

    async def run() -> list[str]:
        async with registrary.Registrar(source) as registrar:
            made = await asyncio.gather(*(registrar.fetch_record(one) for one in students), return_exceptions=True)
        return [getattr(one, "code", "made") for one in made]

    return asyncio.run(run())


def test_one_student_keeps_nobody_elses_record_back(tmp_path: Path) -> None:
    students = [f"s{number}" for number in range(40)]
    small_database(tmp_path / "small.db", students)
    with closing(sqlite3.connect(tmp_path / "small.db")) as connection, connection:
        connection.execute("UPDATE s SET name = 'not JSON' WHERE id = 's17'")
    mapping = small_mapping(tmp_path)
    source = registrary.database(lambda: sqlite3.connect(tmp_path / "small.db", check_same_thread=False), mapping)
    # The database takes S3 for s3: whose rows these are cannot be told.
    asked = ["S3" if student == "s3" else student for student in students]
    expected = dict.fromkeys(asked, "made") | {"S3": "source-configuration", "s17": "source-unavailable"}
    assert dict(zip(asked, told(source, asked), strict=True)) == expected
    source.close()


def test_a_number_has_one_writing(tmp_path: Path) -> None:
    small_database(tmp_path / "small.db", ["7", "8"])
    mapping = small_mapping(tmp_path)
    text = mapping.read_text().replace("[source]\n", "[source]\nid_type = 'integer'\n")
    mapping.write_text(text.replace("WHERE id IN", "WHERE CAST(id AS INTEGER) IN"))
    source = registrary.database(lambda: sqlite3.connect(tmp_path / "small.db", check_same_thread=False), mapping)
    assert told(source, ["8", "007", "7"]) == ["made", "record-not-found", "made"]
    source.close()


@pytest.mark.parametrize("begin", [None, ["BEGIN DEFERRED"], []])
def test_all_queries_read_one_state(tmp_path: Path, begin: list[str] | None) -> None:
    """A writer between two queries: with a transaction the record is of before; without, half of it is of after."""
    path = tmp_path / "small.db"
    small_database(path, ["1"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Any:
            if "legal" in sql:
                with closing(sqlite3.connect(path)) as writer, writer:
                    writer.execute("UPDATE s SET name = '\"Birch\"'")
            return super().execute(sql, parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    source = registrary.database(
        lambda: sqlite3.connect(path, factory=Connection, check_same_thread=False),
        small_mapping(tmp_path),
        begin=begin,
        paramstyle="qmark",
    )
    record = asyncio.run(registrary.Registrar(source).fetch_record("1")).to_dict()
    assert record["student"]["names"]["legal"]["family"] == ("Birch" if begin == [] else "Ash")
    # The next question reads what is there then.
    record = asyncio.run(registrary.Registrar(source).fetch_record("1")).to_dict()
    assert record["student"]["names"]["legal"]["family"] == "Birch"
    source.close()


def test_the_transactions_of_a_callers_connection_are_the_callers(tmp_path: Path) -> None:
    small_database(tmp_path / "small.db", ["1"])
    mapping = small_mapping(tmp_path, "no_such_column")
    with closing(sqlite3.connect(tmp_path / "small.db", check_same_thread=False)) as connection:
        connection.execute("INSERT INTO s VALUES ('2', '\"Birch\"')")
        source = registrary.database(connection, mapping)
        assert not asyncio.run(registrary.Registrar(source).inspect_source()).passed
        assert told(source, ["1"]) == ["source-unavailable"]
        assert connection.in_transaction, "what the caller had not committed was rolled back"
        source.close()
        with pytest.raises(registrary.ConfigurationError, match="are its owner's"):
            registrary.database(connection, mapping, begin="BEGIN")


def test_a_connection_that_cannot_roll_back_is_not_used_again(tmp_path: Path) -> None:
    small_database(tmp_path / "small.db", ["1", "2"])
    opened: list[Any] = []

    class Connection(sqlite3.Connection):
        def rollback(self) -> None:
            raise sqlite3.OperationalError("lost")

    def connect() -> Any:
        opened.append(sqlite3.connect(tmp_path / "small.db", factory=Connection, check_same_thread=False))
        return opened[-1]

    source = registrary.database(connect, small_mapping(tmp_path), connections=1, paramstyle="qmark")
    assert told(source, ["1"]) == told(source, ["2"]) == ["made"]
    assert len(opened) == 2
    source.close()


def test_a_driver_is_told_once_and_never_after_the_end() -> None:
    from registrary._database_batch import Batch

    class Connection:
        told = 0

        def cancel(self) -> None:
            self.told += 1

    connection, batch = Connection(), Batch([])
    batch.abandon()
    batch.begin(connection)
    batch.abandon()
    batch.abandon()
    assert connection.told == 1
    connection, batch = Connection(), Batch([])
    batch.begin(connection)
    batch.end()
    batch.abandon()
    assert connection.told == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_opens_connections_of_its_own(tmp_path: Path) -> None:
    """In a process of its own: the child closes nothing of the parent's, and refuses a connection it was left."""
    small_database(tmp_path / "small.db", ["1"])
    program = f"""
import asyncio, os, sqlite3, sys
import registrary

opened, closed = [], []

class Connection(sqlite3.Connection):
    def close(self):
        closed.append(os.getpid())
        super().close()

def connect():
    opened.append(os.getpid())
    return sqlite3.connect({str(tmp_path / "small.db")!r}, factory=Connection, check_same_thread=False)

mapping = {str(small_mapping(tmp_path))!r}
source = registrary.database(connect, mapping, paramstyle="qmark")
given = registrary.database(connect(), mapping, paramstyle="qmark")
made = lambda: asyncio.run(source("1")).student_id
assert made() == "1" and asyncio.run(given("1")).student_id == "1"
# A thread that is not there in the child holds the lock.
source._lock.acquire()
child = os.fork()
if child == 0:
    status = 1
    try:
        assert made() == "1" and opened[-1] == os.getpid() and not closed
        try:
            asyncio.run(given("1"))
        except registrary.ConfigurationError as error:
            status = 0 if "parent" in str(error) else 2
    finally:
        os._exit(status)
source._lock.release()
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert made() == "1"
source.close()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def small_tables(ids: Any, **more: Any) -> _core.OwnSource:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    names = pyarrow.table({"student": ids, "kind": ["legal"] * len(ids), "family": ["Ashgrove"] * len(ids)})
    absent = [*TABLES[2:], *ABSENT]
    return registrary.tables(students=pyarrow.table({"id": ids, **more}), names=names, absent=absent)


def test_an_id_asked_for_twice_has_two_transcripts(campus_file: Path, tmp_path: Path) -> None:
    path = configuration(tmp_path, f"{VIEWS}url = 'sqlite:///{campus_file}'\n")

    async def run(source: Any, students: list[int]) -> list[str]:
        async with registrary.Registrar(source) as registrar:
            results = [result async for result in registrar.generate_transcripts(students, ordered=True)]
        return [f"{result.student_id} {getattr(result.error, 'code', 'made')}" for result in results]

    twice = ["101 made", "101 made", "102 made", "101 made"]
    assert asyncio.run(run(path, [101, 101, 102, 101])) == twice
    assert asyncio.run(run(small_tables([101, 102]), [101, 101, 102, 101])) == twice


def test_ids_of_short_binary_numbers_are_refused() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    with pytest.raises(registrary.SourceConfigurationError, match="do not tell keys apart"):
        small_tables(pyarrow.array([16777216.0, 16777218.0], pyarrow.float32()))
    # pandas makes these of whole numbers of which some are missing.
    assert told(small_tables(pyarrow.array([16777216.0, 16777217.0])), ["16777217"]) == ["made"]


def test_a_dictionary_without_values_is_a_column_of_nulls() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    nothing = pyarrow.array([None, None], pyarrow.string()).dictionary_encode()
    assert told(small_tables(["1", "2"], native_name=nothing), ["2", "1"]) == ["made", "made"]
