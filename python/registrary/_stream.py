"""Many transcripts as an async iterator: bounded, in chunks from the core, and ended when it is left."""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import Self

from registrary import _bridge, _core

# Enough that the loop is woken seldom, few enough that one turn of it stays short.
_CHUNK = 32


class TranscriptStream:
    """The transcripts of many students, as they are done or in the order asked.

    An async iterator of :class:`TranscriptResult`, also to be used with ``async with``, which ends all work when the
    block is left. Nothing starts before the first result is awaited. A slow consumer slows the work down: about
    twice ``max_concurrency`` transcripts are begun and not yet taken, never more.

    Attributes:
        total: how many students were asked for.
        done: how many results were taken.
    """

    def __init__(self, stream: _core.TranscriptStream) -> None:
        self._stream = stream
        self._ready: deque[_core.TranscriptResult] = deque()
        self._closed = False
        self.total: int = stream.total
        self.done: int = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _core.TranscriptResult:
        if not self._ready and not self._closed:
            chunk = await self._stream.next_chunk(_bridge.current(), _CHUNK)
            self._ready.extend(chunk)
        if not self._ready:
            raise StopAsyncIteration
        self.done += 1
        return self._ready.popleft()

    async def aclose(self) -> None:
        """Ends all work and returns when it has ended. Results not taken until then are dropped."""
        self._closed = True
        self._ready.clear()
        await self._stream.close(_bridge.current())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<TranscriptStream: {self.done} of {self.total}>"
