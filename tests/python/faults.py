"""A TCP proxy on loopback that fails on purpose, by a seed: resets, truncations, drips, delays, refusals, silence.

    with FaultProxy(5432, share={"reset": 0.05, "truncate": 0.05}, seed=7) as proxy:
        connect("127.0.0.1", proxy.port)

It knows no protocol. An exchange begins when the client speaks after the server has spoken; each exchange draws its
fault anew, so that a kept connection meets as many as a new one does. What was drawn is counted in `proxy.drawn`.
"""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import random
import socket
import struct
import threading
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Literal, Self

Fault = Literal["reset", "truncate", "drip", "delay", "refuse", "silence"]
"""`reset`: the connection is reset within the answer. `truncate`: it ends within the answer, politely. `drip`: the
answer comes byte by byte. `delay`: it comes late. `refuse`: reset before the question is passed on. `silence`: the
question is never answered."""


@dataclasses.dataclass
class Severity:
    """How bad each fault is."""

    cut_within: int = 2_000
    """A reset or truncation comes after so many bytes of the answer, drawn evenly from 0."""
    drip_seconds: float = 0.002
    """Between two pieces of a dripping answer."""
    drip_bytes: int = 1
    delay_seconds: float = 0.5


class FaultProxy:
    """The proxy on a thread of its own. `latency` (seconds) delays every answer, faulty or not. Change `share` or
    `latency` at any time; `cut()` resets all connections there are, and `stop()` and `go()` play a server that is
    away for a while."""

    def __init__(
        self,
        target_port: int,
        *,
        share: Mapping[Fault, float] | None = None,
        latency: float = 0.0,
        seed: int = 0,
        severity: Severity | None = None,
    ) -> None:
        self.share: Mapping[Fault, float] = share or {}
        self.latency = latency
        self.drawn: collections.Counter[str] = collections.Counter()
        self.port = 0
        self._target_port = target_port
        self._severity = severity or Severity()
        self._random = random.Random(seed)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """As the base of an HTTP service."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Resets every connection there is."""
        self._run(self._cut())

    def stop(self) -> None:
        """Resets every connection and listens no more: new ones are refused."""
        self._run(self._away())

    def go(self) -> None:
        """Listens again, on the same port."""
        self._run(self._listen())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    async def _away(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._cut()

    async def _end(self) -> None:
        await self._away()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _draw(self) -> str:
        number = self._random.random()
        for fault, share in self.share.items():
            number -= share
            if number < 0:
                self.drawn[fault] += 1
                return fault
        self.drawn["none"] += 1
        return "none"

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        onward: asyncio.StreamWriter | None = None
        try:
            back, onward = await asyncio.open_connection("127.0.0.1", self._target_port)
            exchange = _Exchange(self, writer, self._severity, self._random)
            both = asyncio.gather(exchange.questions(reader, onward), exchange.answers(back))
            try:
                await both
            finally:
                both.cancel()
        except (OSError, _Cut):
            _reset(writer)
        finally:
            self._writers.discard(writer)
            for end in (writer, onward):
                if end is not None:
                    end.close()


class _Cut(Exception):
    """The connection is to be reset."""


class _Exchange:
    """One connection: what its present exchange has drawn, and how far its answer has come."""

    def __init__(
        self, proxy: FaultProxy, client: asyncio.StreamWriter, severity: Severity, random: random.Random
    ) -> None:
        self._proxy, self._client, self._severity, self._random = proxy, client, severity, random
        self._fault = "none"
        self._answered = True
        self._left = 0

    async def questions(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while piece := await client.read(65_536):
            if self._answered:
                self._answered = False
                self._fault = self._proxy._draw()
                self._left = self._random.randrange(max(1, self._severity.cut_within))
            if self._fault == "refuse":
                raise _Cut
            if self._fault != "silence":
                server.write(piece)
                await server.drain()
        server.close()

    async def answers(self, server: asyncio.StreamReader) -> None:
        while piece := await server.read(65_536):
            if not self._answered:
                await asyncio.sleep(self._proxy.latency)
                if self._fault == "delay":
                    await asyncio.sleep(self._severity.delay_seconds)
            self._answered = True
            if self._fault in ("reset", "truncate"):
                whole = len(piece) <= self._left
                self._client.write(piece[: self._left])
                self._left -= len(piece)
                await self._client.drain()
                if not whole and self._fault == "reset":
                    raise _Cut
                if not whole:
                    break
            elif self._fault == "drip":
                await self._drip(piece)
            else:
                self._client.write(piece)
                await self._client.drain()
        self._client.close()

    async def _drip(self, piece: bytes) -> None:
        size = self._severity.drip_bytes
        for start in range(0, len(piece), size):
            self._client.write(piece[start : start + size])
            await self._client.drain()
            await asyncio.sleep(self._severity.drip_seconds)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection by RST."""
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
