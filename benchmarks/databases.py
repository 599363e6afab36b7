"""Records a second from PostgreSQL at 0 and 2 ms round trip, and from SQLite, beside Python's own asynchronous drivers.

    pip install asyncpg 'psycopg[binary,pool]' 'sqlalchemy[asyncio]' aiosqlite
    python benchmarks/databases.py [--students 2000] [--rounds 3]

One run, one server (brought up from the system's packages on loopback), the same rows for all. registrary gives checked
`StudentRecord`s, each read from one snapshot; the peers fetch the rows of the same queries, student by student, and do
nothing with them: neither a transaction nor a record is counted against them. A second line shows each peer as somebody
would write it who batches by hand: `= ANY($1)` over a hundred students, rows put together by student; and psycopg's
pipeline. Fails where registrary is less than 5 times the best peer at 2 ms, or 3 times aiosqlite on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import queue
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import registrary
from registrary.demo import databases

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "python"))

POOL, AT_ONCE, BATCH = 8, 64, 100
#: What a record is read from, as registrary asks it: one query a table.
TABLES = {
    "students": "id",
    **dict.fromkeys(
        (
            "names",
            "awards",
            "programs",
            "terms",
            "transfer_blocks",
            "attempts",
            "stated_totals",
            "balances",
            "holds",
            "notes",
        ),
        "student",
    ),
}
ORDER = {"students": "id", "programs": "award, seq", "attempts": "block_kind, block, seq", "stated_totals": "term, seq"}

Reader = Callable[[list[str]], Awaitable[int]]


def queries(place: str) -> list[str]:
    """One query a table for one student, whose id stands in `place`."""
    return [f"SELECT * FROM {t} WHERE {key} = {place} ORDER BY {ORDER.get(t, 'seq')}" for t, key in TABLES.items()]


def batched(condition: str) -> list[tuple[str, str]]:
    """One query a table for many students, and the column with the student's id."""
    each = ((t, key, ORDER.get(t, "seq")) for t, key in TABLES.items())
    return [(f"SELECT * FROM {t} WHERE {key} {condition} ORDER BY {key}, {order}", key) for t, key, order in each]


async def concurrently(ids: Iterable[Any], one: Callable[[Any], Awaitable[int]], at_once: int) -> int:
    """How many rows `one` found in all, so many at once."""
    waiting, found = iter(ids), 0

    async def worker() -> None:
        nonlocal found
        for student in waiting:
            found += await one(student)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return found


def batches(ids: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def by_student(rows: Iterable[Any], key: str, found: defaultdict[str, list[Any]]) -> int:
    count = 0
    for row in rows:
        found[row[key]].append(row)
        count += 1
    return count


@contextlib.asynccontextmanager
async def ours(url: str) -> Any:
    async with registrary.Registrar(source=url) as registrar:

        async def one(student: str) -> int:
            await registrar.fetch_record(student)
            return 1

        yield lambda ids: concurrently(ids, one, 1000)


@contextlib.asynccontextmanager
async def with_asyncpg(url: str) -> Any:
    import asyncpg

    async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL) as pool:

        async def one(student: str) -> int:
            async with pool.acquire() as connection:
                return sum([len(await connection.fetch(query, student)) for query in queries("$1")])

        yield lambda ids: concurrently(ids, one, AT_ONCE)


@contextlib.asynccontextmanager
async def with_asyncpg_by_hand(url: str) -> Any:
    import asyncpg

    async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL) as pool:

        async def many(students: tuple[str, ...]) -> int:
            found: defaultdict[str, list[Any]] = defaultdict(list)
            async with pool.acquire() as connection:
                asked = [(await connection.fetch(query, list(students)), key) for query, key in batched("= ANY($1)")]
                return sum(by_student(rows, key, found) for rows, key in asked)

        yield lambda ids: concurrently(batches(ids), many, POOL)


@contextlib.asynccontextmanager
async def with_psycopg(url: str, *, pipeline: bool = False) -> Any:
    from psycopg_pool import AsyncConnectionPool

    async def ready(connection: Any) -> None:
        connection.prepare_threshold = 0
        await connection.set_autocommit(True)

    async with AsyncConnectionPool(url, min_size=POOL, max_size=POOL, open=False, configure=ready) as pool:
        await pool.wait()

        async def one(student: str) -> int:
            async with pool.connection() as connection:
                if not pipeline:
                    asked = [await connection.execute(query, [student]) for query in queries("%s")]
                    return sum([len(await cursor.fetchall()) for cursor in asked])
                async with connection.pipeline():
                    cursors = [await connection.execute(query, [student]) for query in queries("%s")]
                return sum([len(await cursor.fetchall()) for cursor in cursors])

        yield lambda ids: concurrently(ids, one, AT_ONCE)


@contextlib.asynccontextmanager
async def with_sqlalchemy(url: str) -> Any:
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1), pool_size=POOL, max_overflow=0)
    asked = [text(query) for query in queries(":student")]

    async def one(student: str) -> int:
        async with engine.connect() as connection:
            return sum([len((await connection.execute(query, {"student": student})).all()) for query in asked])

    try:
        yield lambda ids: concurrently(ids, one, AT_ONCE)
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def with_aiosqlite(path: str) -> Any:
    import aiosqlite

    connections = [await aiosqlite.connect(path) for _ in range(4)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)

    async def one(student: str) -> int:
        connection = await free.get()
        try:
            return sum([len(await connection.execute_fetchall(query, (student,))) for query in queries("?")])
        finally:
            free.put_nowait(connection)

    try:
        yield lambda ids: concurrently(ids, one, AT_ONCE)
    finally:
        for connection in connections:
            await connection.close()


@contextlib.asynccontextmanager
async def with_aiosqlite_by_hand(path: str) -> Any:
    import aiosqlite

    connection = await aiosqlite.connect(path)
    connection.row_factory = sqlite3.Row

    async def many(students: tuple[str, ...]) -> int:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        marks = f"IN ({', '.join('?' * len(students))})"
        asked = [(await connection.execute_fetchall(query, students), key) for query, key in batched(marks)]
        return sum(by_student(rows, key, found) for rows, key in asked)

    try:
        yield lambda ids: concurrently(batches(ids), many, 1)
    finally:
        await connection.close()


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
        yield int(passing.stdout.readline())
        passing.terminate()


async def measured(opened: Any, ids: list[str]) -> float:
    """Records a second, after a first few that open connections and prepare statements."""
    async with opened as read:
        await read(ids[:200])
        began = time.perf_counter()
        found = await read(ids)
        took = time.perf_counter() - began
    assert found >= len(ids), "rows are missing"
    return len(ids) / took


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


Case = tuple[str, Callable[[], Any]]


def table(title: str, cases: list[Case], plain: set[str], ids: list[str], rounds: int) -> float:
    """Prints each case's best of the rounds, taken in turns; returns ours to the best of `plain`."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, opened in cases:
            best[name] = max(best.get(name, 0.0), asyncio.run(measured(opened(), ids)))
    print(f"\n{title}")
    for name, rate in best.items():
        print(f"  {name:<44} {rate:>9,.0f} records/s   {best['registrary'] / rate:>6.2f} x")
    ratio = best["registrary"] / max(best[name] for name in plain)
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
        ("asyncpg, pool of 8", lambda: with_asyncpg(url)),
        ("psycopg, pool of 8", lambda: with_psycopg(url)),
        ("SQLAlchemy on asyncpg, pool of 8", lambda: with_sqlalchemy(url.replace("?sslmode=disable", ""))),
    ]
    by_hand: list[Case] = [
        ("psycopg, pool of 8, pipelined by hand", lambda: with_psycopg(url, pipeline=True)),
        (f"asyncpg, pool of 8, ANY({BATCH}) by hand", lambda: with_asyncpg_by_hand(url)),
    ]
    return [("registrary", lambda: ours(url)), *peers, *by_hand], {name for name, _ in peers}


def sqlite(students: int, rounds: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "campus.db"))
        registrary.write_sample_campus(path, students)
        ids = asyncio.run(all_ids(path))
        by_hand = (f"aiosqlite, IN ({BATCH}) by hand", lambda: with_aiosqlite_by_hand(path))
        plain = ("aiosqlite, 4 connections", lambda: with_aiosqlite(path))
        cases: list[Case] = [("registrary", lambda: ours(path)), plain, by_hand]
        return table("SQLite", cases, {plain[0]}, ids, rounds)


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
