"""Own schemas through Python: configuration files, tables in memory, and DB-API connections."""

from __future__ import annotations

import ast
import asyncio
import builtins
import datetime
import inspect
import json
import re
import shutil
import sqlite3
import sys
import threading
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

import registrary
from registrary import _core
from registrary.cli import main

TABLES = (
    "students",
    "names",
    "programs",
    "terms",
    "transfer_blocks",
    "attempts",
    "balances",
    "awards",
    "holds",
    "notes",
)
ABSENT = ["institution", "stated_totals"]
STUDENTS = 300


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("campus") / "campus.db"
    _core.write_sample_campus(str(path), STUDENTS)
    return path


@pytest.fixture(scope="module")
def expected(campus: Path) -> dict[str, str]:
    return records(campus)


def records(source: Any) -> dict[str, str]:
    """Every record of a source, as JSON."""

    async def fetched() -> dict[str, str]:
        async with registrary.Registrar(source) as registrar:
            ids = await registrar.student_ids()
            found = await asyncio.gather(*(registrar.fetch_record(student) for student in ids))
        return {record.student_id: record.to_json() for record in found}

    return asyncio.run(fetched())


def configuration(folder: Path, text: str) -> Path:
    path = folder / "registrary.toml"
    path.write_text(text, encoding="utf-8")
    return path


VIEWS = f"[source]\nviews = true\nabsent = {json.dumps(ABSENT)}\n"


def test_a_configuration_file_is_a_source(campus: Path, expected: dict[str, str], tmp_path: Path) -> None:
    path = configuration(tmp_path, f"{VIEWS}url = 'sqlite:///{campus}'\n")
    assert records(path) == expected
    assert records(str(path)) == expected
    pdf = registrary.generate_transcript_sync(101, source=path)
    assert pdf == registrary.generate_transcript_sync(101, source=campus)


def test_the_environment_says_where_the_database_is(
    campus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configuration(tmp_path, f"{VIEWS}url = 'sqlite:///${{CAMPUS_FOLDER}}/campus.db'\n")
    monkeypatch.setenv("CAMPUS_FOLDER", str(campus.parent))
    assert asyncio.run(registrary.Registrar(path).fetch_record(101)).student_id == "101"
    monkeypatch.delenv("CAMPUS_FOLDER")
    with pytest.raises(registrary.SourceConfigurationError, match="refers to a variable"):
        registrary.Registrar(path)
    monkeypatch.setenv("REGISTRARY_SOURCE__URL", f"sqlite:///{campus}")
    assert asyncio.run(registrary.Registrar(path).fetch_record(101)).student_id == "101"


def test_a_wrong_configuration_tells_everything(tmp_path: Path) -> None:
    path = configuration(
        tmp_path, "[source]\nurl = 'sqlite:///x.db'\nspeed = 1\n[source.query]\nstudents = 'DROP TABLE s'\n"
    )
    with pytest.raises(registrary.SourceConfigurationError) as caught:
        registrary.Registrar(path)
    told = {(problem.code, problem.place) for problem in caught.value.problems}
    assert told >= {
        ("unknown-key", "source.speed"),
        ("not-a-query", "source.query.students"),
        ("missing", "source.query.holds"),
    }
    assert caught.value.code == "source-configuration"
    assert issubclass(registrary.SourceConfigurationError, registrary.ConfigurationError)
    assert main(["sources", "check", "--source", str(path)]) == 3
    with pytest.raises(registrary.SourceConfigurationError, match="is not there"):
        registrary.Registrar(tmp_path / "other.toml")


def rows(campus: Path, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(campus)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table}")
        return [column[0] for column in cursor.description], cursor.fetchall()


def columns(campus: Path, table: str) -> dict[str, list[Any]]:
    names, found = rows(campus, table)
    return {name: [row[at] for row in found] for at, name in enumerate(names)}


def test_pyarrow_tables(campus: Path, expected: dict[str, str]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    tables = {table: pyarrow.table(columns(campus, table)) for table in TABLES}
    assert records(registrary.tables(tables, absent=ABSENT)) == expected
    # Chunks, decimals, dictionaries, days, and one batch a row.
    attempts = tables["attempts"]
    decimals = attempts["credits"].cast(pyarrow.decimal128(9, 1))
    at = attempts.column_names.index("credits")
    attempts = attempts.set_column(at, "credits", decimals)
    at = attempts.column_names.index("grade")
    attempts = attempts.set_column(at, "grade", attempts["grade"].dictionary_encode())
    terms = tables["terms"]
    at = terms.column_names.index("begins")
    terms = terms.set_column(at, "begins", terms["begins"].cast(pyarrow.date32()))
    students = pyarrow.Table.from_batches(tables["students"].to_batches(max_chunksize=1))
    tables |= {"attempts": attempts, "terms": terms, "students": students}
    assert records(registrary.tables(absent=ABSENT, **tables)) == expected


def test_polars_frames(campus: Path, expected: dict[str, str]) -> None:
    polars = pytest.importorskip("polars", reason="install polars")
    frames = {table: polars.DataFrame(columns(campus, table), infer_schema_length=None) for table in TABLES}
    attempts = frames["attempts"].with_columns(
        polars.col("credits").cast(polars.Float64), polars.col("grade").cast(polars.Categorical)
    )
    given = records(registrary.tables({**frames, "attempts": attempts}, absent=ABSENT))
    assert values(given) == values(expected)
    with pytest.raises(TypeError, match=r"give `.collect\(\)` of it"):
        registrary.tables(students=frames["students"].lazy())


def values(found: dict[str, str]) -> dict[str, Any]:
    """Records with numbers by their value: a binary number does not remember how many places it was written with."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: Decimal(part) if key.startswith("credits") else plain(part) for key, part in value.items()}
        return [plain(part) for part in value] if isinstance(value, list) else value

    return {student: plain(json.loads(text)) for student, text in found.items()}


def test_pandas_frames(campus: Path, expected: dict[str, str]) -> None:
    pandas = pytest.importorskip("pandas", reason="install pandas")
    pytest.importorskip("pyarrow", reason="install pyarrow")
    frames = {table: pandas.DataFrame(columns(campus, table)) for table in TABLES}
    frames["attempts"]["credits"] = frames["attempts"]["credits"].astype(float)
    frames["terms"]["begins"] = pandas.to_datetime(frames["terms"]["begins"])
    source = registrary.tables(frames, absent=ABSENT)
    # The rows were copied: nothing that becomes of the frames matters.
    frames["students"].loc[:, "id"] = "nobody"
    frames.clear()
    assert values(records(source)) == values(expected)


def test_duckdb_relations(campus: Path, expected: dict[str, str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="install duckdb")
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    with duckdb.connect() as connection:
        for table in TABLES:
            given = pyarrow.table(columns(campus, table))
            connection.register(f"campus_{table}", given)
        relations = {table: connection.sql(f"SELECT * FROM campus_{table}") for table in TABLES}
        if not hasattr(relations["students"], "__arrow_c_stream__"):
            pytest.skip("this duckdb gives no Arrow streams")
        assert records(registrary.tables(relations, absent=ABSENT)) == expected


def test_wrong_tables_are_refused(campus: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    students = pyarrow.table({"id": ["101"], "shoe_size": [43]})
    with pytest.raises(registrary.SourceConfigurationError) as caught:
        registrary.tables(
            students=students, majors=students, absent=["students", "holds"], maps={"colour": {"R": "red"}}
        )
    told = {(problem.code, problem.place) for problem in caught.value.problems}
    assert told >= {
        ("unknown-column", "students.shoe_size"),
        ("unknown-table", "majors"),
        ("unknown-table", "students"),
        ("missing", "names"),
        ("missing", "attempts"),
        ("unknown-column", "source.map.colour"),
    }
    with pytest.raises(TypeError, match="names is no table but a dict"):
        registrary.tables(students=students, names={"student": ["101"]})
    with pytest.raises(registrary.SourceConfigurationError, match="no column of a record has"):
        registrary.tables(students=pyarrow.table({"id": ["101"], "birth": [[1]]}), absent=ABSENT)


def small(credits: Any, **maps: Any) -> _core.OwnSource:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    absent = ["programs", "transfer_blocks", "balances", "awards", "holds", "notes", *ABSENT]
    return registrary.tables(
        students=pyarrow.table({"id": [7]}),
        names=pyarrow.table({"student": [7], "kind": ["legal"], "family": ["Ashgrove"]}),
        terms=pyarrow.table(
            {"student": [7], "seq": ["2024F"], "designator": ["2024-08"], "name": ["Fall 2024"], "level": ["UG"]}
        ),
        attempts=pyarrow.table(
            {
                "student": [7],
                "block_kind": ["term"],
                "block": ["2024F"],
                "title": ["Botany"],
                "unit": ["semester"],
                "credits": [credits],
                "grade": ["A"],
            }
        ),
        absent=absent,
        maps={"level": {"UG": "undergraduate"}, **maps},
    )


def test_a_binary_number_is_a_decimal_or_nothing() -> None:
    record = asyncio.run(registrary.Registrar(small(0.1)).fetch_record(7)).to_dict()
    assert record["terms"][0]["attempts"][0]["credits"] == "0.1"
    with pytest.raises(registrary.MalformedRecordError) as caught:
        asyncio.run(registrary.Registrar(small(0.1 + 0.2)).fetch_record(7))
    assert [(p.code, p.place) for p in caught.value.problems] == [("inexact", "terms[0].attempts[0].credits")]
    report = asyncio.run(registrary.Registrar(small(0.5, grade={"B": "B"})).inspect_source())
    assert not report.passed
    found = {(finding.weight, finding.code, finding.place) for finding in report.findings}
    assert ("fault", "unmapped-value", "attempts.grade") in found
    assert ("note", "binary-number", "attempts.credits") in found


def test_grades_that_the_policy_does_not_know_are_told() -> None:
    report = asyncio.run(registrary.Registrar(small(3, grade={"A": "ZZ"})).inspect_source())
    (finding,) = [finding for finding in report.findings if finding.code == "grade-not-on-scale"]
    assert '"ZZ"' in finding.message and finding.place == "attempts.grade" and finding.times == 1
    assert (report.students, report.sound, report.passed) == (1, 0, False)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return configuration(tmp_path, VIEWS)


def test_a_connection_of_the_callers(campus: Path, expected: dict[str, str], mapping: Path) -> None:
    with closing(sqlite3.connect(campus, check_same_thread=False)) as connection:
        source = registrary.database(connection, mapping)
        assert records(source) == expected
        assert registrary.generate_transcript_sync(101, source=source).startswith(b"%PDF")
        source.close()
        # It stays open: it is the caller's.
        assert connection.execute("SELECT 1").fetchone() == (1,)


class Counting:
    """Connections with a count of what they are asked, as another module of drivers would give them."""

    def __init__(self, campus: Path, paramstyle: str = "qmark") -> None:
        self.campus, self.paramstyle = campus, paramstyle
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
def test_a_function_that_connects(campus: Path, expected: dict[str, str], mapping: Path, paramstyle: str) -> None:
    counting = Counting(campus)
    source = registrary.database(counting.connect, mapping, paramstyle=paramstyle, connections=2)
    assert counting.opened == 0
    if paramstyle == "numeric" and sys.version_info >= (3, 12):
        pytest.skip("sqlite3 takes no sequence for named parameters")
    assert records(source) == expected
    source.close()
    assert 1 <= counting.opened <= 2 and counting.closed == counting.opened
    assert threading.get_ident() not in counting.threads, "a query ran on the thread of the event loop"
    # Students asked for together are read together: far fewer queries than ten each.
    assert counting.asked < STUDENTS * 3


def test_a_stream_of_transcripts_from_a_connection(campus: Path, mapping: Path) -> None:
    async def run() -> list[str]:
        source = registrary.database(lambda: sqlite3.connect(campus, check_same_thread=False), mapping)
        async with registrary.Registrar(source) as registrar:
            results = [result async for result in registrar.generate_transcripts(range(101, 131), ordered=True)]
        source.close()
        return [f"{result.student_id} {getattr(result.error, 'code', 'made')}" for result in results]

    told = asyncio.run(run())
    assert len(told) == 30 and told.count("112 hold") == 1
    assert sum(line.endswith(" made") for line in told) == 29


def test_failures_of_a_driver_are_told_without_its_words(campus: Path, tmp_path: Path) -> None:
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
    source = registrary.database(lambda: sqlite3.connect(campus, check_same_thread=False), mapping)
    with pytest.raises(registrary.SourceUnavailableError, match="the query students: OperationalError"):
        asyncio.run(registrary.Registrar(source).fetch_record(101))
    source.close()
    source = registrary.database(
        lambda: sqlite3.connect(campus, check_same_thread=False), configuration(tmp_path, VIEWS)
    )
    with pytest.raises(registrary.RecordNotFoundError):
        asyncio.run(registrary.Registrar(source).fetch_record("no-such"))
    source.close()
    with pytest.raises(TypeError, match="a DB-API connection or a function"):
        registrary.database("sqlite:///x.db", mapping)


def test_a_cancelled_wait_ends_at_once(campus: Path, mapping: Path) -> None:
    begun, may_go = threading.Event(), threading.Event()

    def slow() -> Any:
        begun.set()
        may_go.wait(30)
        return sqlite3.connect(campus, check_same_thread=False)

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


@pytest.fixture
def broken(campus: Path, tmp_path: Path) -> Path:
    text = f"[source]\nurl = 'sqlite:///{campus}'\nabsent = {json.dumps([*ABSENT, 'notes'])}\n[source.query]\n"
    text += "student_ids = 'SELECT id FROM students'\n"
    for table in TABLES:
        key = "id" if table == "students" else "student"
        columns = "*, 1 AS shoe_size" if table == "awards" else "*"
        if table == "attempts":
            columns = "student, block_kind, block, seq, title, unit, credits, lower(grade) AS grade, status"
        if table != "notes":
            text += f"{table} = 'SELECT {columns} FROM {table} WHERE {key} IN (:student_ids)'\n"
    return configuration(tmp_path, text + "[source.map.status]\ncompleted = 'completed'\n")


def test_the_command_tells_what_is_wrong(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "check", "--source", str(broken)]) == 1
    told = capsys.readouterr().out
    assert "fault  awards.shoe_size  (unknown-column)" in told
    assert (
        "fault  attempts.status  (unmapped-value" in told and "that are not shown" not in told.split("in-progress")[0]
    )
    assert "the institution has none" in told
    broken.write_text(broken.read_text().replace("*, 1 AS shoe_size", "*"), encoding="utf-8")
    assert main(["sources", "check", "--json", "--source", str(broken)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is False and report["students"] == 100
    assert {finding["code"] for finding in report["findings"]} >= {"unmapped-value"}
    # Nothing of a person's: no name of the campus is in what was told.
    assert "Castellanos" not in told + json.dumps(report)


def test_the_schema_of_the_configuration_knows_the_examples(broken: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="install jsonschema")
    import tomllib

    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas" / "registrary.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for path in (broken, *root.glob("examples/*/registrary.toml")):
        validator.validate(tomllib.loads(path.read_text(encoding="utf-8")))
    wrong = {"source": {"speed": 1, "query": {"majors": "SELECT"}}}
    assert len(list(validator.iter_errors(wrong))) == 2


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "own-schema.md"


def test_the_document_runs(campus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both configurations are sources, and every block of Python runs with the last of them, one after another."""
    pytest.importorskip("pyarrow", reason="install pyarrow")
    text = DOCUMENT.read_text(encoding="utf-8")
    configurations = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(configurations) == 2
    monkeypatch.chdir(tmp_path)
    shutil.copy(campus, "campus.db")
    for written in configurations:
        Path("registrary.toml").write_text(written, encoding="utf-8")
        assert main(["sources", "check", "--source", "registrary.toml"]) == 0
    namespace: dict[str, Any] = {"__builtins__": builtins}
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    with asyncio.Runner() as runner:
        for block in blocks:
            code = compile(block, str(DOCUMENT), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            if code.co_flags & inspect.CO_COROUTINE:
                runner.run(FunctionType(code, namespace)())
            else:
                exec(code, namespace)
            assert "pdf" not in namespace or namespace["pdf"].startswith(b"%PDF")


def test_the_document_lists_the_contract() -> None:
    """Its table has the columns of the published schema."""
    root = DOCUMENT.parents[1]
    with closing(sqlite3.connect(":memory:")) as connection:
        # SQLite before 3.37 knows no strict tables.
        connection.executescript((root / "schemas" / "campus.sql").read_text(encoding="utf-8"))
        told = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(told) == 12
        for table, must, may in told:
            found = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}
            found |= {"student"} if table == "institution" else set()
            assert set(re.findall(r"`(\w+)`", must + may)) == found, table
