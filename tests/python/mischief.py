"""A record service on loopback whose answers a test decides, one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple

from loopback import Answer, Loopback, Request

#: What goes back.
Told = Answer


class Asked(NamedTuple):
    """One request: its number from 1, and how often its path has been asked for, this time included."""

    number: int
    time: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Mischief(Loopback):
    """The service on a thread of its own; `asked` holds everything it was asked, in order."""

    def __init__(self, answer: Callable[[Asked], Told]) -> None:
        self.asked: list[Asked] = []
        lock = threading.Lock()

        def told(request: Request) -> Told:
            with lock:
                time = 1 + sum(asked.path == request.path for asked in self.asked)
                asked = Asked(len(self.asked) + 1, time, *request)
                self.asked.append(asked)
            return answer(asked)

        super().__init__(told)
