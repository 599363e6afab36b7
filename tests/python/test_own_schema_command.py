"""Own schemas at the command line and on paper: `sources check`, the schema for editors, and the document."""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import json
import re
import shutil
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from own_schemas import ABSENT, TABLES, configuration
from registrary.cli import main


@pytest.fixture
def broken(campus_file: Path, tmp_path: Path) -> Path:
    text = f"[source]\nurl = 'sqlite:///{campus_file}'\nabsent = {json.dumps([*ABSENT, 'notes'])}\n[source.query]\n"
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
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas" / "registrary.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for path in (broken, *root.glob("examples/*/registrary.toml")):
        validator.validate(tomllib.loads(path.read_text(encoding="utf-8")))
    wrong = {"source": {"speed": 1, "query": {"majors": "SELECT"}}}
    assert len(list(validator.iter_errors(wrong))) == 2


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "own-schema.md"


def test_the_document_runs(campus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both configurations are sources, and every block of Python runs with the last of them, one after another."""
    pytest.importorskip("pyarrow", reason="install pyarrow")
    text = DOCUMENT.read_text(encoding="utf-8")
    configurations = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(configurations) == 2
    monkeypatch.chdir(tmp_path)
    shutil.copy(campus_file, "campus.db")
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
