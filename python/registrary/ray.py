"""Transcripts over a Ray cluster: `pip install 'ray[data]'`; see "Beyond one machine" in the README."""

from __future__ import annotations

from typing import Any

from registrary._engine import BatchWriter

__all__ = ["BatchWriter", "issue_transcripts"]


def issue_transcripts(dataset: Any, writer: BatchWriter, *, batch_size: int = 1_000, cpus: float = 1) -> Any:
    """A Ray dataset of answers for one of student ids; nothing runs before it is consumed.

    Args:
        dataset: a ``ray.data.Dataset`` with the writer's column of ids.
        writer: what makes and saves them.
        batch_size: students of one task.
        cpus: what one task is granted; its process evaluates and renders with so many threads.
    """

    # A plain function: Ray takes any other callable for a class to be made in actors.
    def answers(table: Any) -> Any:
        return writer.grant(cpus)(table)

    return dataset.map_batches(answers, batch_format="pyarrow", batch_size=batch_size, num_cpus=cpus)
