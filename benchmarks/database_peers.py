"""How a Python program reads whole records through each driver: one await a student, and batched by hand.

All end with the same: a :class:`Record` with terms and courses as plain objects. None checks what it reads, none reads
a student's tables in one snapshot (their connections are in autocommit mode), and SQLite's texts stay texts: nothing of
that is counted against them.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from collections import defaultdict, namedtuple
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import registrary

#: asyncpg's own default size; SQLAlchemy's is 15 and psycopg's is 4: all get the same.
POOL = 10
#: How many awaits are in flight at once, as a bounded task group of a careful program has them.
AT_ONCE = 64
#: Half of what a PostgreSQL server has to give, as it is set up by default: for one program, too many.
MANY = 50
#: How many students one query by hand asks for.
BATCH = 100

#: What a record is read from: one query a table, by this column, in this order.
TABLES = {
    "students": ("id", "id"),
    "names": ("student", "seq"),
    "programs": ("student", "award, seq"),
    "terms": ("student", "seq"),
    "transfer_blocks": ("student", "seq"),
    "attempts": ("student", "block_kind, block, seq"),
    "balances": ("student", "seq"),
    "awards": ("student", "seq"),
    "holds": ("student", "seq"),
    "notes": ("student", "seq"),
    "stated_totals": ("student", "term, seq"),
}

Rows = Mapping[str, Sequence[Sequence[Any]]]
Read = Callable[[list[str]], Awaitable[list["Record"]]]
Reader = AbstractAsyncContextManager[Read]


@dataclass(slots=True)
class Block:
    """A term, a transfer block or an award with what belongs to it."""

    row: Any
    owned: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """A student's record as a program without this library has it."""

    student: Any
    names: list[Any]
    programs: list[Any]
    terms: list[Block]
    transfers: list[Block]
    awards: list[Block]
    balances: list[Any]
    holds: list[Any]
    notes: list[Any]
    stated: list[Any]

    def courses(self) -> int:
        return sum(len(block.owned) for block in (*self.terms, *self.transfers))


@cache
def kinds() -> dict[str, Any]:
    """A named tuple for the rows of each table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "campus.db")
        registrary.write_sample_campus(path, 300)
        with closing(sqlite3.connect(path)) as connection:
            columns = {table: connection.execute(f"SELECT * FROM {table} LIMIT 0").description for table in TABLES}
    return {table: namedtuple(table, [column[0] for column in named]) for table, named in columns.items()}


def queries(condition: str, *, by_student: bool = False) -> dict[str, str]:
    """One query a table for the students of ``condition``; the column with the student's id stands first."""
    asked = {}
    for table, (key, order) in TABLES.items():
        columns = ", ".join(kinds()[table]._fields)
        first = f"{key}, " if by_student else ""
        asked[table] = f"SELECT {columns} FROM {table} WHERE {key} {condition} ORDER BY {first}{order}"
    return asked


def record(rows: Rows) -> Record:
    made = {table: [*map(kinds()[table]._make, rows.get(table, ()))] for table in TABLES}
    terms, transfers, awards = (
        {row.seq: Block(row) for row in made[table]} for table in ("terms", "transfer_blocks", "awards")
    )
    for attempt in made["attempts"]:
        (terms if attempt.block_kind == "term" else transfers)[attempt.block].owned.append(attempt)
    of_record: list[Any] = []
    for program in made["programs"]:
        (awards[program.award].owned if program.award else of_record).append(program)
    (student,) = made["students"]
    blocks = ([*block.values()] for block in (terms, transfers, awards))
    rest = (made[table] for table in ("balances", "holds", "notes", "stated_totals"))
    return Record(student, made["names"], of_record, *blocks, *rest)


def records(answers: Iterable[tuple[str, Iterable[Sequence[Any]]]], students: Sequence[str]) -> list[Record]:
    """Rows of many students put together by student."""
    of: defaultdict[str, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for table, rows in answers:
        for row in rows:
            of[row[0]][table].append(row)
    return [record(of[student]) for student in students]


async def concurrently(
    wanted: Iterable[Any], one: Callable[[Any], Awaitable[list[Record]]], at_once: int = AT_ONCE
) -> list[Record]:
    """What ``one`` gives for each, so many at once."""
    waiting, found = iter(wanted), []

    async def worker() -> None:
        for student in waiting:
            found.extend(await one(student))

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return found


def batches(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


@contextlib.asynccontextmanager
async def with_asyncpg(url: str, connections: int = POOL) -> AsyncIterator[Read]:
    import asyncpg

    asked = queries("= $1")
    async with asyncpg.create_pool(url, min_size=connections, max_size=connections) as pool:

        async def one(student: str) -> list[Record]:
            async with pool.acquire() as connection:
                return [record({table: await connection.fetch(query, student) for table, query in asked.items()})]

        yield lambda ids: concurrently(ids, one)


@contextlib.asynccontextmanager
async def with_asyncpg_by_hand(url: str) -> AsyncIterator[Read]:
    import asyncpg

    asked = queries("= ANY($1)", by_student=True)
    async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL) as pool:

        async def many(students: list[str]) -> list[Record]:
            async with pool.acquire() as connection:
                answers = [(table, await connection.fetch(query, students)) for table, query in asked.items()]
            return records(answers, students)

        yield lambda ids: concurrently(batches(ids), many)


@contextlib.asynccontextmanager
async def with_psycopg(url: str, *, pipeline: bool = False) -> AsyncIterator[Read]:
    from psycopg_pool import AsyncConnectionPool

    async def ready(connection: Any) -> None:
        connection.prepare_threshold = 0
        await connection.set_autocommit(True)

    asked = queries("= %s")
    async with AsyncConnectionPool(url, min_size=POOL, max_size=POOL, open=False, configure=ready) as pool:
        await pool.wait()

        async def one(student: str) -> list[Record]:
            async with pool.connection() as connection:
                together = connection.pipeline() if pipeline else contextlib.nullcontext()
                async with together:
                    cursors = {table: await connection.execute(query, [student]) for table, query in asked.items()}
                return [record({table: await cursor.fetchall() for table, cursor in cursors.items()})]

        yield lambda ids: concurrently(ids, one)


@contextlib.asynccontextmanager
async def with_sqlalchemy(url: str) -> AsyncIterator[Read]:
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    url = url.replace("postgresql", "postgresql+asyncpg", 1).replace("?sslmode=disable", "")
    engine = create_async_engine(url, pool_size=POOL, max_overflow=0, isolation_level="AUTOCOMMIT")
    asked = {table: text(query) for table, query in queries("= :student").items()}

    async def one(student: str) -> list[Record]:
        async with engine.connect() as connection:
            answers = {
                table: (await connection.execute(query, {"student": student})).all() for table, query in asked.items()
            }
        return [record(answers)]

    try:
        yield lambda ids: concurrently(ids, one)
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def with_aiosqlite(path: str, connections: int = 4) -> AsyncIterator[Read]:
    import aiosqlite

    opened = [await aiosqlite.connect(path) for _ in range(connections)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for connection in opened:
        free.put_nowait(connection)
    asked = queries("= ?")

    async def one(student: str) -> list[Record]:
        connection = await free.get()
        try:
            answers = {table: [*await connection.execute_fetchall(query, (student,))] for table, query in asked.items()}
        finally:
            free.put_nowait(connection)
        return [record(answers)]

    try:
        yield lambda ids: concurrently(ids, one)
    finally:
        for connection in opened:
            await connection.close()


@contextlib.asynccontextmanager
async def with_aiosqlite_by_hand(path: str) -> AsyncIterator[Read]:
    import aiosqlite

    connection = await aiosqlite.connect(path)

    async def many(students: list[str]) -> list[Record]:
        asked = queries(f"IN ({', '.join('?' * len(students))})", by_student=True)
        answers = [(table, await connection.execute_fetchall(query, students)) for table, query in asked.items()]
        return records(answers, students)

    try:
        yield lambda ids: concurrently(batches(ids), many, 1)
    finally:
        await connection.close()
