"""A student-information system on loopback: `GET /students/{id}`, each answer after a set delay."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import urllib.parse
from collections.abc import Awaitable, Callable
from types import TracebackType

import registrary

RecordJson = Callable[[str], Awaitable[bytes | None]]
"""From a student id to the record's JSON, or None where there is no such student."""

_HEAD_LIMIT = 16 * 1024


def sample_campus() -> RecordJson:
    """Record JSON from the sample campus that the package carries; each record is read once and kept."""
    registrar = registrary.Registrar()
    kept: dict[str, bytes] = {}

    async def record_json(student_id: str) -> bytes | None:
        if student_id not in kept:
            try:
                record = await registrar.fetch_record(student_id)
            except registrary.RecordNotFoundError:
                return None
            kept[student_id] = record.to_json().encode()
        return kept[student_id]

    return record_json


class CampusServer:
    """The service on the running loop. `delay` is in seconds and holds for every answer, found or not."""

    def __init__(self, record_json: RecordJson | None = None, *, delay: float = 0.0) -> None:
        self._record_json = record_json
        self._delay = delay
        self._server: asyncio.Server | None = None
        self.requests = 0

    async def start(self, port: int = 0) -> str:
        """Listens on loopback and gives the base URL."""
        if self._record_json is None:
            self._record_json = sample_campus()
        # The backlog holds a thousand clients that connect at once.
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", port, backlog=4096, limit=_HEAD_LIMIT)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stops listening; answers under way are dropped with their loop."""
        if self._server is not None:
            self._server.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: requests one after another until the client hangs up."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                await asyncio.sleep(self._delay)
                status, body = await self._answer(head.split(b"\r\n", 1)[0].decode("latin-1"))
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # The client went away or sent no HTTP: nobody is left to tell.
        finally:
            writer.close()

    async def _answer(self, request_line: str) -> tuple[str, bytes]:
        method, _, rest = request_line.partition(" ")
        collection, _, segment = rest.partition(" ")[0].lstrip("/").partition("/")
        if method != "GET":
            return "405 Method Not Allowed", b'{"error":"only GET"}'
        if collection != "students" or not segment or "/" in segment:
            return "404 Not Found", b'{"error":"no such path"}'
        assert self._record_json is not None
        record = await self._record_json(urllib.parse.unquote(segment))
        if record is None:
            return "404 Not Found", b'{"error":"no such student"}'
        return "200 OK", record


class CampusService:
    """The server on a thread of its own: `with CampusService(delay=3) as service: service.url`."""

    def __init__(self, record_json: RecordJson | None = None, *, delay: float = 0.0) -> None:
        self._server = CampusServer(record_json, delay=delay)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self.url = ""

    @property
    def requests(self) -> int:
        """How many requests have arrived."""
        return self._server.requests

    def __enter__(self) -> CampusService:
        self._thread.start()
        self._ready.wait()
        if not self.url:
            raise RuntimeError("the campus service could not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self.url = self._loop.run_until_complete(self._server.start())
        finally:
            self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        await self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def allow_many_connections() -> None:
    """Raises this process's limit of open files where it can: 1,024 is too few for a thousand clients."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit.
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if most == resource.RLIM_INFINITY else min(most, 8192)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def _serve(port: int, delay: float) -> None:
    allow_many_connections()
    server = CampusServer(delay=delay)
    print(await server.start(port), flush=True)
    await asyncio.Event().wait()


def main() -> int:
    """Serves until interrupted; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(prog="python -m registrary.demo.campus_service", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port (default: a free one)")
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="time before each answer")
    arguments = parser.parse_args()
    try:
        asyncio.run(_serve(arguments.port, arguments.delay))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
