"""Own schemas through a configuration file: what it takes, and what it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import registrary
from own_schemas import VIEWS, configuration, records
from registrary.cli import main


def test_a_configuration_file_is_a_source(campus_file: Path, campus_records: dict[str, str], tmp_path: Path) -> None:
    path = configuration(tmp_path, f"{VIEWS}url = 'sqlite:///{campus_file}'\n")
    assert records(path) == campus_records
    assert records(str(path)) == campus_records
    pdf = registrary.generate_transcript_sync(101, source=path)
    assert pdf == registrary.generate_transcript_sync(101, source=campus_file)


def test_the_environment_says_where_the_database_is(
    campus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configuration(tmp_path, f"{VIEWS}url = 'sqlite:///${{CAMPUS_FOLDER}}/campus.db'\n")
    monkeypatch.setenv("CAMPUS_FOLDER", str(campus_file.parent))
    assert asyncio.run(registrary.Registrar(path).fetch_record(101)).student_id == "101"
    monkeypatch.delenv("CAMPUS_FOLDER")
    with pytest.raises(registrary.SourceConfigurationError, match="refers to a variable"):
        registrary.Registrar(path)
    monkeypatch.setenv("REGISTRARY_SOURCE__URL", f"sqlite:///{campus_file}")
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
