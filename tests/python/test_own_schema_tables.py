"""Own schemas as tables in memory: pyarrow, polars, pandas and DuckDB, and what is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import registrary
from own_schemas import ABSENT, TABLES, columns, records, values
from registrary import _core


def test_pyarrow_tables(campus_file: Path, campus_records: dict[str, str]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    tables = {table: pyarrow.table(columns(campus_file, table)) for table in TABLES}
    assert records(registrary.tables(tables, absent=ABSENT)) == campus_records
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
    assert records(registrary.tables(absent=ABSENT, **tables)) == campus_records


def test_polars_frames(campus_file: Path, campus_records: dict[str, str]) -> None:
    polars = pytest.importorskip("polars", reason="install polars")
    frames = {table: polars.DataFrame(columns(campus_file, table), infer_schema_length=None) for table in TABLES}
    attempts = frames["attempts"].with_columns(
        polars.col("credits").cast(polars.Float64), polars.col("grade").cast(polars.Categorical)
    )
    given = records(registrary.tables({**frames, "attempts": attempts}, absent=ABSENT))
    assert values(given) == values(campus_records)
    with pytest.raises(TypeError, match=r"give `.collect\(\)` of it"):
        registrary.tables(students=frames["students"].lazy())


def test_pandas_frames(campus_file: Path, campus_records: dict[str, str]) -> None:
    pandas = pytest.importorskip("pandas", reason="install pandas")
    pytest.importorskip("pyarrow", reason="install pyarrow")
    frames = {table: pandas.DataFrame(columns(campus_file, table)) for table in TABLES}
    frames["attempts"]["credits"] = frames["attempts"]["credits"].astype(float)
    frames["terms"]["begins"] = pandas.to_datetime(frames["terms"]["begins"])
    source = registrary.tables(frames, absent=ABSENT)
    # The rows were copied: nothing that becomes of the frames matters.
    frames["students"].loc[:, "id"] = "nobody"
    frames.clear()
    assert values(records(source)) == values(campus_records)


def test_duckdb_relations(campus_file: Path, campus_records: dict[str, str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="install duckdb")
    pyarrow = pytest.importorskip("pyarrow", reason="install pyarrow")
    with duckdb.connect() as connection:
        for table in TABLES:
            given = pyarrow.table(columns(campus_file, table))
            connection.register(f"campus_{table}", given)
        relations = {table: connection.sql(f"SELECT * FROM campus_{table}") for table in TABLES}
        if not hasattr(relations["students"], "__arrow_c_stream__"):
            pytest.skip("this duckdb gives no Arrow streams")
        assert records(registrary.tables(relations, absent=ABSENT)) == campus_records


def test_wrong_tables_are_refused() -> None:
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
