"""Students whom a database is asked for together, and how it is told that nobody waits for them any more."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import Any


class Batch:
    """Students asked for together, and the connection that is asked for them, while it is."""

    def __init__(self, asked: list[tuple[str, asyncio.Future[Any]]]) -> None:
        self.asked = asked
        self.ids = self.wanted
        self._lock = threading.Lock()
        self._connection: Any = None
        self._told = False

    @property
    def wanted(self) -> list[str]:
        """The students somebody still waits for."""
        return list(dict.fromkeys(student for student, future in self.asked if not future.done()))

    def begin(self, connection: Any) -> None:
        with self._lock:
            self._connection = connection

    def end(self) -> None:
        with self._lock:
            self._connection = None

    def abandon(self) -> None:
        """Nobody waits any more: the database is told once, by whichever name the driver has for it."""
        # Whoever ends meanwhile waits: the connection's next question is never the one that is cancelled.
        with self._lock:
            if self._told or self._connection is None:
                return
            self._told = True
            for name in ("interrupt", "cancel"):
                tell = getattr(self._connection, name, None)
                if callable(tell):
                    with contextlib.suppress(Exception):
                        tell()
                    return
