"""Own schemas on real servers: MariaDB by its own driver, and ids that only the server takes for another's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import registrary
from database_servers import PASSWORD, Server

pytestmark = pytest.mark.timeout(300)

TABLES = ["programs", "terms", "transfer_blocks", "attempts", "balances", "awards", "holds", "notes"]
#: The sample campus has none of these that the contract could take as they stand.
ABSENT = ["institution", "stated_totals"]
SMALL = "CREATE TABLE people (number {}, family varchar(40)); CREATE INDEX by_number ON people (number); "


def configured(folder: Path, url: str, text: str) -> Path:
    path = folder / "registrary.toml"
    path.write_text(f"[source]\nurl = {json.dumps(url)}\n{text}", encoding="utf-8")
    return path


def small(folder: Path, server: Server, *, where: str, more: str = "", family: str = "family") -> Path:
    """A configuration for the table `people`."""
    names = f"SELECT number AS student, 'legal' AS kind, {family} AS family FROM people WHERE {where}"
    queries = {
        "student_ids": "SELECT number FROM people ORDER BY number",
        "students": f"SELECT number AS id FROM people WHERE {where}",
        "names": names,
    }
    lines = [f"{name} = {json.dumps(sql)}" for name, sql in queries.items()]
    absent = json.dumps([*TABLES, *ABSENT])
    text = "\n".join([f"absent = {absent}", more, "[source.query]", *lines, ""])
    return configured(folder, server.url("small"), text)


async def outcomes(source: Path, ids: list[str]) -> list[str]:
    """What becomes of students who are asked for together."""
    async with registrary.Registrar(source) as registrar:
        made = await asyncio.gather(*(registrar.fetch_record(one) for one in ids), return_exceptions=True)
    return [getattr(one, "code", "made") for one in made]


@pytest.fixture
def people(campus: Server) -> Iterator[Server]:
    """A database `small`; the tests make its table."""
    campus.ask("CREATE DATABASE small")
    if campus.kind == "mariadb":
        campus.ask("GRANT SELECT ON small.* TO 'registrar'@'127.0.0.1'")
    yield campus
    campus.ask("DROP DATABASE small" + (" WITH (FORCE)" if campus.kind == "postgresql" else ""))


def test_views_of_the_contract_give_the_campus_back(mariadb_campus: Server, tmp_path: Path) -> None:
    views = f"views = true\nabsent = {json.dumps(ABSENT)}\n"
    source = configured(tmp_path, mariadb_campus.url(), views)

    async def run() -> None:
        async with registrary.Registrar(source) as own, registrary.Registrar(mariadb_campus.url()) as published:
            ids = await own.student_ids()
            assert sorted(ids) == sorted(await published.student_ids()) and len(ids) > 300
            given = await asyncio.gather(*(own.fetch_record(student) for student in ids))
            expected = await asyncio.gather(*(published.fetch_record(student) for student in ids))
            assert given == expected
            report = await own.inspect_source()
        assert report.passed and report.students == 100, report.findings
        (title,) = report.lines
        assert title.startswith("MySQL database ") and PASSWORD not in title

    asyncio.run(run())


def test_one_id_that_finds_anothers_rows_is_refused_alone(people: Server, tmp_path: Path) -> None:
    people.ask(SMALL.format("varchar(20)"), "small")
    ids = [f"s{number}" for number in range(40)]
    people.ask("INSERT INTO people VALUES " + ", ".join(f"('{student}', 'Ash')" for student in ids), "small")
    source = small(tmp_path, people, where="lower(number) IN (:student_ids)")
    people.ask("UPDATE people SET number = 'S3' WHERE number = 's3'", "small")
    # The query takes s3 for S3: whose rows these are cannot be told.
    expected = dict.fromkeys(ids, "made") | {"s3": "source-configuration"}
    assert dict(zip(ids, asyncio.run(outcomes(source, ids)), strict=True)) == expected


def test_one_row_that_fails_keeps_nobody_elses_record_back(people: Server, tmp_path: Path) -> None:
    people.ask(SMALL.format("varchar(20)"), "small")
    ids = [f"s{number}" for number in range(40)]
    people.ask("INSERT INTO people VALUES " + ", ".join(f"('{student}', 'Ash')" for student in ids), "small")
    people.ask("UPDATE people SET family = NULL WHERE number = 's17'", "small")
    # Two rows where one is wanted: the query fails when it comes to this student, and only then.
    two = "(SELECT t.x FROM (SELECT 'a' AS x UNION ALL SELECT 'b') AS t WHERE t.x < number)"
    family = f"CASE WHEN family IS NULL THEN {two} ELSE family END"
    source = small(tmp_path, people, where="number IN (:student_ids)", family=family)
    expected = dict.fromkeys(ids, "made") | {"s17": "source-unavailable"}
    assert dict(zip(ids, asyncio.run(outcomes(source, ids)), strict=True)) == expected


def test_a_number_has_one_writing(people: Server, tmp_path: Path) -> None:
    people.ask(SMALL.format("integer") + "INSERT INTO people VALUES (7, 'Ash'), (8, 'Elm')", "small")
    source = small(tmp_path, people, where="number IN (:student_ids)", more="id_type = 'integer'")
    assert asyncio.run(outcomes(source, ["8", "007", "7"])) == ["made", "record-not-found", "made"]
    assert asyncio.run(outcomes(source, ["nobody"])) == ["record-not-found"]


def test_what_is_wrong_with_a_query_is_told(people: Server, tmp_path: Path) -> None:
    people.ask(SMALL.format("varchar(20)") + "INSERT INTO people VALUES ('7', 'Ash')", "small")
    source = small(tmp_path, people, where="number IN (:student_ids)", family="no_such_column")

    async def run() -> registrary.SourceReport:
        async with registrary.Registrar(source) as registrar:
            with pytest.raises(registrary.SourceUnavailableError, match=r"refuses the query.*no_such_column"):
                await registrar.fetch_record("7")
            return await registrar.inspect_source()

    (finding,) = [finding for finding in asyncio.run(run()).findings if finding.weight == "fault"]
    assert (finding.code, finding.place) == ("query-failed", "names")
