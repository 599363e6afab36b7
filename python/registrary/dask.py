"""Transcripts over a Dask cluster: `pip install dask pyarrow`; see "Beyond one machine" in the README."""

from __future__ import annotations

import importlib
from typing import Any

from registrary._engine import COLUMNS, BatchWriter

__all__ = ["BatchWriter", "issue_transcripts"]


def issue_transcripts(frame: Any, writer: BatchWriter) -> Any:
    """A Dask dataframe of answers for one of student ids; each partition is one run of its worker.

    Args:
        frame: a ``dask.dataframe.DataFrame`` with the writer's column of ids.
        writer: what makes and saves them.
    """
    pd: Any = importlib.import_module("pandas")

    types = {name: "Int64" if name in ("pages", "bytes") else "object" for name in COLUMNS}
    meta = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    return frame.map_partitions(_answers, writer, meta=meta)


def _granted(writer: BatchWriter) -> BatchWriter:
    """The tasks of a distributed worker share one process, and so its threads; other schedulers grant nothing."""
    try:
        worker: Any = importlib.import_module("dask.distributed").get_worker()
    except (ImportError, ValueError):
        return writer
    return writer.grant(worker.state.nthreads)


def _answers(part: Any, writer: BatchWriter) -> Any:
    pd: Any = importlib.import_module("pandas")

    rows = pd.DataFrame(_granted(writer).rows(part[writer.column].tolist()), columns=list(COLUMNS))
    return rows.astype({"pages": "Int64", "bytes": "Int64"})
