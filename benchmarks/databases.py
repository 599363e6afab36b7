"""Records a second from PostgreSQL at 0 and 2 ms round trip, and from SQLite, beside Python's own asynchronous drivers.

    pip install asyncpg 'psycopg[binary,pool]' 'sqlalchemy[asyncio]' aiosqlite
    python benchmarks/databases.py [--students 2000] [--rounds 3]

One run, one server (brought up from the system's packages on loopback), the same rows, every student asked for by an
await of its own. registrary gives checked `StudentRecord`s, each read from one snapshot. A peer is what a careful
program writes around its driver (`database_peers.py`): a pool, one query a table, records with terms and courses as
plain objects, unchecked. Beside them stand, for comparison, peers as somebody writes them who puts a hundred students
into one query by hand, psycopg's pipeline, and a pool that takes half the server's connections. All find the same
courses, or the run fails. It fails too where registrary is less than 5 times the best peer at 2 ms, or 3 times
aiosqlite on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import queue
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from database_peers import (
    BATCH,
    MANY,
    POOL,
    Reader,
    Record,
    with_aiosqlite,
    with_aiosqlite_by_hand,
    with_asyncpg,
    with_asyncpg_by_hand,
    with_psycopg,
    with_sqlalchemy,
)

import registrary
from registrary.demo import databases

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "python"))

OURS = "registrary"


@contextlib.asynccontextmanager
async def ours(url: str) -> AsyncIterator[Callable[[list[str]], Any]]:
    async with registrary.Registrar(source=url) as registrar:
        yield lambda ids: asyncio.gather(*(registrar.fetch_record(student) for student in ids))


def courses(records: list[Any]) -> int:
    """How many courses stand on the records."""
    of_ours = (record.to_dict() for record in records if isinstance(record, registrary.StudentRecord))
    blocks = (block for record in of_ours for block in (*record.get("terms", ()), *record.get("transfers", ())))
    count = sum(len(block.get("attempts", ())) for block in blocks)
    return count + sum(record.courses() for record in records if isinstance(record, Record))


class Distance:
    """A port that is as far from the server as the network of a campus: whatever comes is passed on a while later."""

    def __init__(self, port: int, round_trip: float) -> None:
        self._port, self._delay = port, round_trip / 2
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = socket.create_connection(("127.0.0.1", self._port))
            for one, other in ((near, far), (far, near)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                passing: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                threading.Thread(target=self._read, args=(one, passing), daemon=True).start()
                threading.Thread(target=self._write, args=(other, passing), daemon=True).start()

    def _read(self, one: socket.socket, passing: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        piece = b"-"
        while piece:
            with contextlib.suppress(OSError):
                piece = b""
                piece = one.recv(1 << 18)
            passing.put((time.monotonic() + self._delay, piece))

    def _write(self, other: socket.socket, passing: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, piece = passing.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not piece:
                    other.shutdown(socket.SHUT_WR)
                    return
                other.sendall(piece)


@contextlib.contextmanager
def distance(port: int, round_trip: float) -> Iterator[int]:
    """The port of such a way to the server, in a process of its own."""
    command = [sys.executable, __file__, "--distance", str(port), str(round_trip)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as passing:
        assert passing.stdout is not None
        try:
            yield int(passing.stdout.readline())
        finally:
            passing.terminate()


async def measured(opened: Reader, ids: list[str]) -> tuple[float, int]:
    """Records a second, after a first few that open connections and prepare statements; and how many courses."""
    async with opened as read:
        await read(ids[:200])
        began = time.perf_counter()
        records = await read(ids)
        took = time.perf_counter() - began
    assert len(records) == len(ids), "records are missing"
    return len(ids) / took, courses(records)


async def round_trip_of(url: str) -> float:
    import asyncpg

    connection = await asyncpg.connect(url)
    took = []
    for _ in range(50):
        began = time.perf_counter()
        await connection.fetchval("SELECT 1")
        took.append(time.perf_counter() - began)
    await connection.close()
    return statistics.median(took) * 1000


Case = tuple[str, Callable[[], Reader]]


def table(title: str, cases: list[Case], plain: set[str], ids: list[str], rounds: int) -> float:
    """Prints each case's best of the rounds, taken in turns; returns ours to the best of `plain`."""
    best: dict[str, float] = {}
    found = set()
    for _ in range(rounds):
        for name, opened in cases:
            rate, count = asyncio.run(measured(opened(), ids))
            best[name] = max(best.get(name, 0.0), rate)
            found.add(count)
    assert len(found) == 1, f"not all read the same courses: {found}"
    print(f"\n{title}; {len(ids)} students, {found.pop()} courses")
    for name, rate in best.items():
        print(f"  {name:<44} {rate:>9,.0f} records/s   {best[OURS] / rate:>6.2f} x", flush=True)
    ratio = best[OURS] / max(best[name] for name in plain)
    print(f"  registrary to the best peer, student by student: {ratio:.2f}")
    return ratio


def postgresql(students: int, rounds: int) -> float:
    """At each distance; returns the ratio at 2 ms."""
    import database_servers

    ratio = 0.0
    with tempfile.TemporaryDirectory() as folder, database_servers.postgresql("shared_buffers=256MB") as server:
        script = Path(folder, "campus.sql")
        with script.open("w", encoding="utf-8") as text:
            text.writelines(databases.script("postgresql", students))
        server.load(script)
        near = server.url(sslmode="disable")
        ids = asyncio.run(all_ids(near))
        with distance(server.port, 0.002) as port:
            for url in (near, near.replace(f":{server.port}/", f":{port}/")):
                away = asyncio.run(round_trip_of(url.replace("?sslmode=disable", "")))
                ratio = table(f"PostgreSQL, round trip {away:.2f} ms", *postgresql_cases(url), ids, rounds)
    return ratio


def postgresql_cases(url: str) -> tuple[list[Case], set[str]]:
    peers: list[Case] = [
        (f"asyncpg, pool of {POOL}", lambda: with_asyncpg(url)),
        (f"psycopg, pool of {POOL}", lambda: with_psycopg(url)),
        (f"SQLAlchemy on asyncpg, pool of {POOL}", lambda: with_sqlalchemy(url)),
    ]
    by_hand: list[Case] = [
        (f"asyncpg, pool of {MANY}", lambda: with_asyncpg(url, MANY)),
        (f"psycopg, pool of {POOL}, pipelined by hand", lambda: with_psycopg(url, pipeline=True)),
        (f"asyncpg, pool of {POOL}, ANY({BATCH}) by hand", lambda: with_asyncpg_by_hand(url)),
    ]
    return [(OURS, lambda: ours(url)), *peers, *by_hand], {name for name, _ in peers}


def sqlite(students: int, rounds: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "campus.db"))
        registrary.write_sample_campus(path, students)
        ids = asyncio.run(all_ids(path))
        peers: list[Case] = [
            ("aiosqlite, 1 connection", lambda: with_aiosqlite(path, 1)),
            ("aiosqlite, 4 connections", lambda: with_aiosqlite(path, 4)),
        ]
        by_hand: Case = (f"aiosqlite, IN ({BATCH}) by hand", lambda: with_aiosqlite_by_hand(path))
        return table("SQLite", [(OURS, lambda: ours(path)), *peers, by_hand], {name for name, _ in peers}, ids, rounds)


async def all_ids(source: str) -> list[str]:
    async with registrary.Registrar(source=source) as registrar:
        return await registrar.student_ids()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--distance", nargs=2, type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.distance:
        print(Distance(int(arguments.distance[0]), arguments.distance[1]).port, flush=True)
        threading.Event().wait()
    far, file = postgresql(arguments.students, arguments.rounds), sqlite(arguments.students, arguments.rounds)
    print(f"\nPostgreSQL at 2 ms: {far:.2f} (5 wanted); SQLite: {file:.2f} (3 wanted)")
    return 0 if far >= 5 and file >= 3 else 1


if __name__ == "__main__":
    sys.exit(main())
