"""What the runtime is doing, in numbers."""

from __future__ import annotations

from typing import NamedTuple


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
