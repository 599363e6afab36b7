"""A run over whom a query gives, of SQLite files and of drivers of Python's: read only, one column, bounded."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import registrary
from registrary.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SENIORS = "SELECT id FROM students WHERE id IN ('101', '103', '102') ORDER BY id DESC; -- three"


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("campus") / "campus.db"
    registrary.write_sample_campus(path, students=300)
    return path


def run(source: Any, query: str, **options: Any) -> registrary.BatchReport:
    return asyncio.run(registrary.Registrar(source).run_batch(query=query, **options))


def test_a_query_says_who_is_meant(campus: Path, tmp_path: Path) -> None:
    report = run(campus, SENIORS, sink=tmp_path, keep_documents=True)
    assert report.complete and sorted(report.documents) == ["101", "102", "103"]
    assert len(list(tmp_path.iterdir())) == 3
    # Nobody is no error.
    assert run(campus, "SELECT id FROM students WHERE 0", sink=tmp_path).total == 0


def test_a_run_goes_on_with_its_plan(campus: Path, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    first = run(campus, SENIORS, sink=out, journal=journal)
    again = run(campus, SENIORS, sink=out, journal=journal)
    assert (again.run, again.resumed, again.saved) == (first.run, 3, 0)
    with pytest.raises(registrary.JournalError, match="another query"):
        run(campus, "SELECT '101'", sink=out, journal=journal)


def test_another_source_is_noticed(campus: Path, tmp_path: Path) -> None:
    out, journal, other = tmp_path / "out", tmp_path / "run.journal", tmp_path / "other.db"
    out.mkdir()
    registrary.write_sample_campus(other, students=300)
    run(campus, SENIORS, sink=out, journal=journal)
    with pytest.raises(registrary.JournalError, match="another source") as caught:
        run(other, SENIORS, sink=out, journal=journal)
    assert caught.value.code == "journal-mismatch"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("DELETE FROM students", "must begin with SELECT"),
        ("SELECT id FROM students; DELETE FROM students", "more than one statement"),
        ("WITH gone AS (SELECT 1) DELETE FROM students", "would write|refuses"),
        ("SELECT id, birth FROM students", "2 columns"),
        ("SELECT id FROM pupils", "no such table"),
        ("SELECT id FROM students WHERE id = ?", "parameter"),
    ],
)
def test_what_is_no_selection_is_refused(campus: Path, tmp_path: Path, query: str, told: str) -> None:
    before = campus.read_bytes()
    with pytest.raises((registrary.ConfigurationError, registrary.SourceUnavailableError), match=told):
        run(campus, query, sink=tmp_path)
    assert not list(tmp_path.iterdir()) and campus.read_bytes() == before


def test_a_row_that_is_no_id_is_refused(campus: Path, tmp_path: Path) -> None:
    with pytest.raises(registrary.MalformedRecordError, match=r"students\[1\]\.id"):
        run(campus, "SELECT '101' UNION ALL SELECT NULL", sink=tmp_path)


def test_who_has_no_sql_takes_no_query(tmp_path: Path) -> None:
    async def fetch(student_id: str) -> dict[str, Any]:
        raise LookupError

    sources: list[Any] = [{}, fetch, "http://127.0.0.1:9"]
    for source in sources:
        with pytest.raises(registrary.ConfigurationError):
            run(source, SENIORS, sink=tmp_path)
    with pytest.raises(registrary.ConfigurationError, match="not both"):
        asyncio.run(registrary.Registrar().run_batch([101], query=SENIORS, sink=tmp_path))


def test_a_driver_of_pythons_takes_one(tmp_path: Path) -> None:
    configuration = next(EXAMPLES.glob("**/registrary.toml"), None)
    assert configuration is not None
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE pidms (id)")
    connection.executemany("INSERT INTO pidms VALUES (?)", [("101",), ("102",)])
    source = registrary.database(connection, configuration)
    assert asyncio.run(source.select("SELECT id FROM pidms")) == ["101", "102"]
    with pytest.raises(registrary.ConfigurationError, match="must begin with SELECT"):
        asyncio.run(source.select("DELETE FROM pidms"))
    with pytest.raises(registrary.ConfigurationError, match="one column"):
        asyncio.run(source.select("SELECT id, id FROM pidms"))
    # A run that is resumed goes by its journal, whomever the query would give by now.
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    first = run(source, "SELECT id FROM pidms", sink=out, journal=journal)
    connection.execute("INSERT INTO pidms VALUES ('103')")
    again = run(source, "SELECT id FROM pidms", sink=out, journal=journal)
    assert (again.run, again.total, first.total) == (first.run, 2, 2)
    with pytest.raises(registrary.JournalError, match="another query"):
        run(source, "SELECT '101'", sink=out, journal=journal)
    source.close()


def test_the_command_takes_one(campus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "--query", SENIORS, "--source", str(campus), "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.startswith("3 saved")
