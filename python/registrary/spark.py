"""Transcripts over a Spark cluster: `pip install pyspark pyarrow`; see "Beyond one machine" in the README."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from registrary._engine import BatchWriter

__all__ = ["SCHEMA", "BatchWriter", "issue_transcripts"]

SCHEMA = (
    "student_id string, status string, code string, serial string, name string, sha256 string, pages long, bytes long"
)
"""Of the dataframe of answers."""


def issue_transcripts(frame: Any, writer: BatchWriter) -> Any:
    """A Spark dataframe of answers for one of student ids; nothing runs before an action asks for it.

    Args:
        frame: a ``pyspark.sql.DataFrame`` with the writer's column of ids.
        writer: what makes and saves them, with as many threads as ``spark.task.cpus`` grants a task. Persist the
            answers: every action that is not fed from there makes the documents again, the same ones under the same
            names.
    """
    return frame.select(writer.column).mapInArrow(_answers(writer), SCHEMA)


def _answers(writer: BatchWriter) -> Any:
    def answers(batches: Iterable[Any]) -> Iterator[Any]:
        # A worker's own module; the driver needs none.
        task = importlib.import_module("pyspark").TaskContext.get()
        granted = writer.grant(1 if task is None else task.cpus())
        for batch in batches:
            yield from granted(batch).to_batches()

    return answers
