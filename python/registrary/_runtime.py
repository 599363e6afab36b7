"""What the runtime is doing, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from registrary import _core


class HostStats(NamedTuple):
    """A look at one host that is asked over HTTP; counts are since this process first asked it."""

    host: str
    """Scheme, name and port."""
    questions: int
    retries: int
    """Tries beyond the first of a question."""
    throttled: int
    """Answers that asked for fewer questions."""
    failed: int
    """Tries that failed on the way or by a status of 5xx."""
    budget_waits: int
    """Times a repetition had to wait for the budget of 10 %."""
    breaker: str
    """``"closed"``: all is well; ``"open"``: it failed too often and is left alone; ``"half-open"``: one question
    tries it."""
    breaker_opened: int
    in_flight: int
    limit: int
    """Questions that may be under way at once now: it adapts."""
    p95: float | None
    """Seconds that 95 of 100 good answers take at most, of the last fifty."""


class StageLatency(NamedTuple):
    """How long one stage took, of the documents completed: percentiles in seconds, right to an eighth."""

    documents: int
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
    hosts: tuple[HostStats, ...]
    """Every host that was asked over HTTP, by name."""

    @property
    def retries(self) -> int:
        """Tries beyond the first of a question, of all hosts that are asked over HTTP; database servers are not
        counted."""
        return sum(host.retries for host in self.hosts)


def stats() -> RuntimeStats:
    """The numbers now."""
    now = _core.runtime_stats()
    latencies = {stage: StageLatency(*told) for stage, told in now.pop("latencies").items()}
    hosts = tuple(HostStats(*told) for told in now.pop("hosts"))
    return RuntimeStats(**now, latencies=latencies, hosts=hosts)
