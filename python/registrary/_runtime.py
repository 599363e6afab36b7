"""What the runtime is doing, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from registrary import _core


class StageLatency(NamedTuple):
    """How long one stage took, of the documents completed: percentiles in seconds, right to an eighth."""

    count: int
    p50: float
    p95: float
    p99: float


class RuntimeStats(NamedTuple):
    """A look at this process's runtime; counts are since it started."""

    workers: int
    """Threads that wait for I/O."""
    cpu_threads: int
    """Threads that evaluate and render."""
    in_flight: int
    """Documents in the works."""
    queued: int
    """Of these, those that wait for a CPU thread: each holds a fetched record."""
    completed: int
    failed: int
    cancelled: int
    """Given up by their caller."""
    held_back: int
    """Of those in flight, the ones that wait for a place before they are fetched: each holds its id alone."""
    joined: int
    """Requests that joined an equal one in flight, so that one document was made for both."""
    latencies: Mapping[str, StageLatency]
    """By stage: ``fetch``, ``evaluate``, ``render``, ``save``, ``verify``; empty before the first call."""


def stats() -> RuntimeStats:
    """The numbers now."""
    now = _core.runtime_stats()
    latencies = {stage: StageLatency(*told) for stage, told in now.pop("latencies").items()}
    return RuntimeStats(**now, latencies=latencies)
