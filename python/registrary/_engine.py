"""What engines over many machines call for each batch of students: documents saved in the worker, a table returned."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from registrary import _core
from registrary._registrar import Registrar
from registrary.errors import ConfigurationError

COLUMNS = ("student_id", "status", "code", "serial", "name", "sha256", "pages", "bytes")
"""Columns of the table that answers; ``status`` is ``done``, ``held`` or ``failed``."""


class BatchWriter:
    """Makes and saves the transcripts of a table of student ids, and tells what came of each.

    Picklable: it goes to the workers as it is, and each opens the source itself. A batch that an engine gives to a
    worker again makes the same documents under the same names, and its rows stand in the table once.

    Args:
        source: as of :class:`registrary.Registrar`: an address that every worker can reach.
        sink: an object store, ``"s3://bucket/prefix"``, or a folder that all workers share.
        issue_date: the day of issue: one for all workers, whatever their clocks say.
        column: the column of student ids.
        name, store_options: as of :meth:`registrary.Registrar.run_batch`.
        concurrency: how many documents one worker has in hand at once.
        issue: further options of the issuing.
        **registrar: options of the registrar.
    """

    def __init__(
        self,
        source: str | None,
        *,
        sink: str,
        issue_date: datetime.date,
        column: str = "student_id",
        name: str = "transcript-{student_id}.pdf",
        store_options: Mapping[str, str] | None = None,
        concurrency: int = 32,
        issue: Mapping[str, Any] | None = None,
        **registrar: Any,
    ) -> None:
        self._made = {"source": source, **registrar}
        self._asked: dict[str, Any] = {
            "sink": sink,
            "name": name,
            "store_options": store_options,
            "concurrency": concurrency,
            "issue_date": issue_date,
            "keep_documents": True,
            **(issue or {}),
        }
        self.column = column

    def grant(self, cpus: float) -> BatchWriter:
        """Takes so many threads for evaluating and rendering, as the engine grants them; itself.

        A process keeps the number that it began with: an engine that grants it another one later is not followed.
        """
        with contextlib.suppress(ConfigurationError):
            _core.set_threads(max(1, int(cpus)))
        return self

    def __repr__(self) -> str:
        # The source and the options of a store may hold a password.
        return f"<BatchWriter of {self.column}>"

    def __call__(self, table: Any) -> Any:
        """The table of answers for a table (or record batch) of ids."""
        # An engine brings its own; this package does without.
        pa: Any = importlib.import_module("pyarrow")

        rows = self.rows(table.column(self.column).to_pylist())
        types = {"pages": pa.int64(), "bytes": pa.int64()}
        columns = zip(*rows, strict=True) if rows else [[] for _ in COLUMNS]
        return pa.table(
            [pa.array(values, types.get(name, pa.string())) for name, values in zip(COLUMNS, columns, strict=True)],
            names=list(COLUMNS),
        )

    def rows(self, student_ids: Sequence[int | str]) -> list[tuple[Any, ...]]:
        """What came of each student, in the order given, each once."""
        if any(isinstance(given, bool) or not isinstance(given, int | str) for given in student_ids):
            # Written out, a missing id or a float would be the id of somebody else, or of nobody.
            raise TypeError(
                f"the column {self.column} holds what is no student id: texts or whole numbers, none missing"
            )
        ids = list(dict.fromkeys(map(str, student_ids)))
        if not ids:
            return []
        report = asyncio.run(Registrar(**self._made).run_batch(ids, **self._asked))
        refused = {key: ("failed", error) for key, error in report.failures}
        refused |= {key: ("held", error) for key, error in report.held}
        return [self._row(student_id, report.documents, refused) for student_id in ids]

    @staticmethod
    def _row(student_id: str, documents: Mapping[str, Any], refused: Mapping[str, Any]) -> tuple[Any, ...]:
        saved = documents.get(student_id)
        if saved is not None:
            return student_id, "done", None, saved.serial, saved.name, saved.digest, saved.pages, saved.bytes
        status, error = refused[student_id]
        return student_id, status, getattr(error, "code", type(error).__name__), None, None, None, None, None
