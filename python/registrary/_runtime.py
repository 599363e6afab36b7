"""What the runtime is doing, in numbers."""

from __future__ import annotations

from typing import Any, NamedTuple


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


def hosts_from(told: list[tuple[Any, ...]]) -> tuple[HostStats, ...]:
    """The core's rows by name."""
    return tuple(HostStats(*row) for row in told)


class RuntimeStats(NamedTuple):
    """A look at this process's runtime; counts are since it started."""

    workers: int
    """Threads that wait for I/O."""
    cpu_threads: int
    """Threads that evaluate and render."""
    in_flight: int
    """Documents in the works."""
    queued: int
    """Of these, those that wait for a CPU thread."""
    completed: int
    failed: int
    cancelled: int
    """Given up by their caller."""
    hosts: tuple[HostStats, ...]
    """Every host that was asked over HTTP, by name."""
