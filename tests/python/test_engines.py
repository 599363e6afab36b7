"""The same run over an engine: a writer that is pickled, saves in the worker, and tells what came of each student."""

from __future__ import annotations

import datetime
import hashlib
import importlib
import importlib.util
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import registrary
from registrary._engine import COLUMNS, BatchWriter

pa = pytest.importorskip("pyarrow", reason="no Arrow here: pip install pyarrow")

DAY = datetime.date(2026, 5, 29)
IDS = ["101", "102", "112", "999999", "103"]
STATUS = {"101": "done", "102": "done", "103": "done", "112": "held", "999999": "failed"}


def missing(module: str) -> bool:
    return importlib.util.find_spec(module) is None


@pytest.fixture
def writer(tmp_path: Path) -> BatchWriter:
    campus, out = tmp_path / "campus.db", tmp_path / "out"
    registrary.write_sample_campus(campus, students=300)
    out.mkdir()
    return BatchWriter(str(campus), sink=str(out), issue_date=DAY, name="{term}/{student_id}.pdf")


def telling(writer: BatchWriter) -> BatchWriter:
    """The same writer, whose answers tell with how many threads its process works, in the place of a code."""

    # Of a function's own, it goes to the workers as it is: none of them can import this file.
    class Telling(BatchWriter):
        def rows(self, student_ids: Any) -> list[tuple[Any, ...]]:
            rows = super().rows(student_ids)
            threads = str(registrary.runtime_stats().cpu_threads)
            return [(*row[:2], threads, *row[3:]) for row in rows]

    there = Telling.__new__(Telling)
    there.__dict__.update(writer.__dict__)
    return there


def test_a_grant_is_taken_before_the_first_document_and_kept() -> None:
    told = """
import datetime, registrary
from registrary._engine import BatchWriter
writer = BatchWriter(None, sink=".", issue_date=datetime.date(2026, 5, 29))
assert writer.grant(0.5) is writer and writer.grant(3.9) is writer
assert registrary.runtime_stats().cpu_threads == 0
registrary.generate_transcript_sync(101)
writer.grant(1)
print(registrary.runtime_stats().cpu_threads, registrary.runtime_stats().workers)
"""
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=100, check=True)
    assert ended.stdout.split() == ["3", "3"]


def assert_answered(rows: list[dict[str, Any]], out: Path) -> None:
    assert {row["student_id"]: row["status"] for row in rows} == STATUS
    assert len(rows) == len(STATUS)
    for row in rows:
        if row["status"] == "done":
            pdf = (out / row["name"]).read_bytes()
            assert hashlib.sha256(pdf).hexdigest() == row["sha256"]
            assert len(pdf) == row["bytes"]
            assert row["code"] is None
        else:
            assert row["code"] in ("hold", "record-not-found")
            assert row["sha256"] is None


def test_a_writer_goes_to_a_worker_and_answers(writer: BatchWriter, tmp_path: Path) -> None:
    there = pickle.loads(pickle.dumps(writer))
    table = pa.table({"student_id": [*IDS, "101"], "other": [1] * 6})
    answers = there(table)
    assert answers.column_names == list(COLUMNS)
    assert_answered(answers.to_pylist(), tmp_path / "out")
    # A batch given to a worker again makes the same bytes under the same names.
    assert there(table).equals(answers)
    assert there(table.slice(0, 0)).schema == answers.schema
    assert str(tmp_path) not in repr(there)


@pytest.mark.parametrize("wrong", [None, 101.0, True, b"101"])
def test_what_is_no_student_id_is_refused_not_written_out(writer: BatchWriter, tmp_path: Path, wrong: object) -> None:
    with pytest.raises(TypeError, match="no student id"):
        writer.rows(["101", wrong])  # type: ignore[list-item]
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(missing("dask") or missing("pandas"), reason="no Dask here: pip install 'dask[dataframe]'")
@pytest.mark.filterwarnings("ignore")
def test_dask(writer: BatchWriter, tmp_path: Path) -> None:
    import pandas

    frames: Any = importlib.import_module("dask.dataframe")
    engine = importlib.import_module("registrary.dask")
    frame = frames.from_pandas(pandas.DataFrame({"student_id": IDS}), npartitions=2)
    answers = engine.issue_transcripts(frame, writer).compute(scheduler="synchronous")
    assert list(answers.columns) == list(COLUMNS)
    rows = answers.astype(object).where(answers.notna(), None).to_dict("records")
    assert_answered(rows, tmp_path / "out")


@pytest.mark.skipif(missing("ray"), reason="no Ray here: pip install 'ray[data]'")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.timeout(300)
def test_ray(writer: BatchWriter, tmp_path: Path) -> None:
    import ray

    engine = importlib.import_module("registrary.ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        dataset = ray.data.from_arrow(pa.table({"student_id": IDS}))
        rows = engine.issue_transcripts(dataset, writer, batch_size=2).take_all()
        assert_answered(rows, tmp_path / "out")
        # Where it was granted one core, a process does not take them all.
        one = engine.issue_transcripts(dataset, telling(writer), batch_size=2).take_all()
        assert {row["code"] for row in one} == {"1"}
    finally:
        ray.shutdown()


@pytest.mark.skipif(missing("pyspark"), reason="no Spark here: pip install pyspark, and a Java runtime")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.timeout(300)
def test_spark(writer: BatchWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("no Java runtime here: install the package default-jre-headless")
    # Its workers would take the first python3 of the path.
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    engine = importlib.import_module("registrary.spark")
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = spark.createDataFrame([(student_id,) for student_id in IDS], "student_id string").repartition(2)
        rows = [row.asDict() for row in engine.issue_transcripts(frame, writer).collect()]
        assert_answered(rows, tmp_path / "out")
        one = engine.issue_transcripts(frame, telling(writer)).collect()
        assert {row["code"] for row in one} == {"1"}
    finally:
        spark.stop()
