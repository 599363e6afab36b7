"""Services that speak in their own words: the examples run, and their mappings give back the records served."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

import registrary
import service

HERE = Path(__file__).resolve().parents[2] / "examples" / "services"
STUDENTS = range(101, 116)


@pytest.fixture(scope="module")
def records() -> dict[str, Any]:
    return service.campus(STUDENTS)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in [("KEY", service.KEY), ("CLIENT", service.CLIENT), ("SECRET", service.SECRET)]:
        monkeypatch.setenv(f"CAMPUS_{name}", value)


def essence(record: dict[str, Any]) -> dict[str, Any]:
    """What both services tell of a record: student, terms and attempts."""
    terms = [
        {
            **{name: term.get(name) for name in ("designator", "name", "begins", "ends", "level")},
            "attempts": [
                {
                    **{name: attempt.get(name) for name in ("course", "grade", "unit", "status")},
                    "credits": float(attempt["credits"]),
                }
                for attempt in term.get("attempts", [])
            ],
        }
        for term in record.get("terms", [])
    ]
    return {"student": record["student"]["id"], "birth": record["student"].get("birth"), "terms": terms}


@pytest.mark.parametrize("kind", ["ethos", "oneroster"])
def test_records_come_back_through_the_mapping(
    kind: str, records: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    system: service.EthosLike | service.OneRosterLike
    system = service.EthosLike(records) if kind == "ethos" else service.OneRosterLike(records)
    with service.Serving(system) as serving:
        monkeypatch.setenv("CAMPUS_URL", serving.url)
        registrar = registrary.Registrar(source=HERE / f"{kind}.toml")

        async def fetched() -> list[Any]:
            ids = await registrar.student_ids()
            assert ids == [str(student) for student in STUDENTS]
            return await asyncio.gather(*(registrar.fetch_record(student) for student in ids))

        for record in asyncio.run(fetched()):
            assert essence(json.loads(record.to_json())) == essence(records[record.student_id])
        with pytest.raises(registrary.RecordNotFoundError):
            asyncio.run(registrar.fetch_record("nobody"))


def test_the_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUS_URL", "")
    service.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all(re.fullmatch(r"(ethos|oneroster)\.toml: 10[123], [\d,]+ bytes", line) for line in lines)


@pytest.mark.parametrize("kind", ["ethos", "oneroster"])
def test_wrong_credentials_say_so_and_are_not_told(
    kind: str, records: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    system: service.EthosLike | service.OneRosterLike
    system = service.EthosLike(records) if kind == "ethos" else service.OneRosterLike(records)
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(f"CAMPUS_{name}", "wrong-hush")
    with service.Serving(system) as serving:
        monkeypatch.setenv("CAMPUS_URL", serving.url)
        registrar = registrary.Registrar(source=HERE / f"{kind}.toml")
        with pytest.raises(registrary.SourceUnavailableError, match="credentials") as caught:
            registrar.generate_transcript_sync(101)
        assert "hush" not in f"{caught.value!r} {caught.value.__dict__} {registrar!r}"


def test_a_variable_that_is_not_set_is_a_problem_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUS_URL", "https://sis.example.edu")
    monkeypatch.delenv("CAMPUS_KEY")
    with pytest.raises(registrary.SourceConfigurationError) as caught:
        registrary.Registrar(source=HERE / "ethos.toml")
    assert [problem.place for problem in caught.value.problems] == ["source.auth.key"]


GUIDE = HERE.parents[1] / "docs" / "http-sources.md"


def blocks(language: str) -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    return [found[1] for found in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def test_the_guide_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIS_SECRET", "")
    namespace: dict[str, Any] = {}
    for source in blocks("python"):
        exec(source, namespace)
    assert isinstance(namespace["registrar"], registrary.Registrar)
    (mapping,) = blocks("toml")
    file = tmp_path / "registrary.toml"
    file.write_text(mapping, encoding="utf-8")
    registrary.Registrar(source=file)
    file.write_text(mapping.replace("course.number", "course.code"), encoding="utf-8")
    with pytest.raises(registrary.SourceConfigurationError) as caught:
        registrary.Registrar(source=file)
    assert [problem.code for problem in caught.value.problems] == ["unknown-field"]
