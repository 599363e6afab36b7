"""An institution's own schema behind a driver of Python's (DB-API 2): Oracle, SQL Server, and whatever else has one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from registrary import _core
from registrary._database_batch import Batch
from registrary._database_drivers import failed, library_of, paramstyle_of, snapshot
from registrary._own_schema import SourceReport, report_from
from registrary.errors import ConfigurationError, SourceConfigurationError, SourceUnavailableError

_T = TypeVar("_T")
_Answer = tuple[list[str], list[list[Any]]]

# Oracle takes no longer list behind IN than 1,000, SQL Server no more than 2,100 parameters.
_MOST_STUDENTS = 200
_MOST_ROWS = 4_000
_MOST_LISTED = 10_000_000
_MOST_SELECTED = 1_000_000
_ROWS_A_TURN = 1_000
_SAMPLE = 100
# One student's failing row is found by halves: eight failures among 200. More than this, and it is all of them.
_MOST_FAILURES = 24


class Database:
    """Records by the queries of a configuration, put to a DB-API connection on threads of its own.

    Made by :func:`registrary.database`; a source for :class:`registrary.Registrar`. Students asked for in one turn of
    the event loop are read together, one query a table.
    """

    def __init__(
        self,
        connection: Any,
        configuration: str | os.PathLike[str],
        paramstyle: str | None,
        connections: int,
        begin: str | Sequence[str] | None = None,
    ) -> None:
        self._connect: Callable[[], Any] | None = None if hasattr(connection, "cursor") else connection
        if self._connect is not None and not callable(connection):
            raise TypeError(f"a database is a DB-API connection or a function, not a {type(connection).__name__}")
        if isinstance(connections, bool) or not 1 <= connections <= 64:
            raise ConfigurationError("connections must lie between 1 and 64")
        if begin is not None and self._connect is None:
            raise ConfigurationError("the transactions of an open connection are its owner's: give no `begin=` with it")
        self._given = connection if self._connect is None else None
        self._statements = [begin] if isinstance(begin, str) else None if begin is None else list(begin)
        self._inherited = False
        self._configuration = os.fspath(configuration)
        self._paramstyle = paramstyle
        self._threads = 1 if self._connect is None else connections
        self._lock = threading.Lock()
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._own = threading.local()
        self._opened: list[Any] = []
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[str, asyncio.Future[Any]]]]
        self._waiting = WeakKeyDictionary()
        self._running: set[asyncio.Task[None]] = set()
        self._batches: set[Batch] = set()
        # Refused here rather than at the first student. What a driver writes for parameters is known once it is used.
        self._queries: _core.OwnQueries | None = None
        _core.OwnQueries(self._configuration, "qmark")
        _DATABASES.add(self)

    async def __call__(self, student_id: str | int) -> _core.StudentRecord:
        """One student's record."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        waiting = self._waiting.setdefault(loop, [])
        if not waiting:
            # Whoever asks in this turn of the loop is read in the same queries.
            loop.call_soon(self._begin, loop)
        waiting.append((str(student_id), future))
        try:
            made = await future
        except asyncio.CancelledError:
            for batch in list(self._batches):
                if not batch.wanted:
                    self._batches.discard(batch)
                    # Telling the database may take a while: never on the loop.
                    loop.run_in_executor(None, batch.abandon)
            raise
        if isinstance(made, BaseException):
            raise made
        record: _core.StudentRecord = made
        return record

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        asked = self._waiting.pop(loop, [])
        for start in range(0, len(asked), _MOST_STUDENTS):
            task = loop.create_task(self._answer(asked[start : start + _MOST_STUDENTS]))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _answer(self, asked: list[tuple[str, asyncio.Future[Any]]]) -> None:
        batch = Batch(asked)
        ids = batch.ids
        if not ids:
            return
        made: dict[str, Any]
        self._batches.add(batch)
        try:
            made = dict(zip(ids, await self._aside(self._records, batch, batch), strict=True))
        except Exception as error:
            made = dict.fromkeys(ids, error)
        finally:
            self._batches.discard(batch)
        for student, future in asked:
            if not future.done():
                future.set_result(made[student])

    async def student_ids(self) -> list[str]:
        """All students that the configuration's ``student_ids`` lists."""
        ids: list[str] = await self._aside(self._listed, _MOST_LISTED)
        return ids

    async def select(self, query: str) -> list[str]:
        """The students that a query of the caller's gives: one SELECT of one column."""
        ids: list[str] = await self._aside(self._selected, _core.selection(query))
        return ids

    async def inspect(self, policy: _core.Policy) -> SourceReport:
        """What the first hundred students tell about the schema."""
        return report_from(await self._aside(self._examined, policy))

    async def _aside(
        self, job: Callable[[Any, _core.OwnQueries, _T], Any], argument: _T, batch: Batch | None = None
    ) -> Any:
        """Runs the job with a connection on a thread of ours: a driver may block for as long as it likes."""

        def work() -> Any:
            if batch is not None and not batch.wanted:
                # Everybody left while it waited for a thread.
                return []
            connection = self._connection()
            try:
                return job(connection, self._queries_of(connection), argument)
            finally:
                if batch is not None:
                    batch.end()

        return await asyncio.get_running_loop().run_in_executor(self._executor(), work)

    def _executor(self) -> ThreadPoolExecutor:
        with self._lock:
            # The threads of a pool stay behind in the parent of a forked child.
            if self._pool is None or self._pool[0] != os.getpid():
                pool = ThreadPoolExecutor(self._threads, thread_name_prefix="registrary-database")
                self._pool = (os.getpid(), pool)
            return self._pool[1]

    def _connection(self) -> Any:
        if self._connect is None:
            if self._inherited:
                raise ConfigurationError(
                    "the connection was opened by the parent of this process, which still uses it",
                    hint="Give `database` a function that connects.",
                )
            return self._given
        known = getattr(self._own, "connection", None)
        if known is None:
            try:
                known = self._connect()
            except Exception as error:
                raise failed("the database cannot be connected to", error) from error
            self._own.connection = known
            with self._lock:
                self._opened.append(known)
        return known

    def _queries_of(self, connection: Any) -> _core.OwnQueries:
        if self._queries is None:
            self._queries = _core.OwnQueries(self._configuration, self._paramstyle or paramstyle_of(connection))
        return self._queries

    def _snapshot(self, connection: Any) -> contextlib.AbstractContextManager[None]:
        if self._connect is None:
            return contextlib.nullcontext()
        return snapshot(connection, self._statements, self._forget)

    def _records(self, connection: Any, queries: _core.OwnQueries, batch: Batch) -> list[Any]:
        """A record or an exception for each student. A question that fails is asked again by halves."""
        made: dict[str, Any] = {}
        groups, failures = [batch.ids], 0
        while groups:
            ids = groups.pop()
            connection = self._connection()
            batch.begin(connection)
            if not batch.wanted:
                # Everybody left: nothing is asked again for nobody.
                return []
            try:
                found = self._read(connection, queries, ids)
                again = _has_strangers(found)
            except SourceUnavailableError as error:
                found, again = [error] * len(ids), True
            finally:
                batch.end()
            failures += again
            if again and len(ids) > 1 and failures <= _MOST_FAILURES:
                half = len(ids) // 2
                groups += [ids[half:], ids[:half]]
            else:
                made.update(zip(ids, found, strict=True))
        return [made[student] for student in batch.ids]

    def _read(self, connection: Any, queries: _core.OwnQueries, ids: list[str]) -> list[Any]:
        with self._snapshot(connection):
            return self._read_now(connection, queries, ids)

    def _read_now(self, connection: Any, queries: _core.OwnQueries, ids: list[str]) -> list[Any]:
        bound = [student for student in ids if not queries.integer_ids or _is_number(student)]
        answers = []
        for table, sql in queries.statements(max(len(bound), 1)):
            # Nobody can have an id that is no number: asked for is one that nobody has.
            answer = self._ask(connection, queries, sql, bound or ["-1"])
            if isinstance(answer, Exception):
                self._forget(connection)
                raise failed(f"the database failed to answer the query {table}", answer) from answer
            answers.append(answer)
        return queries.records(ids, answers)

    def _ask(self, connection: Any, queries: _core.OwnQueries, sql: str, ids: list[str]) -> _Answer | Exception:
        values: list[Any] = [int(student) for student in ids] if queries.integer_ids else list(ids)
        parameters: Any = values
        if self._named(connection):
            parameters = {f"student_{at}": value for at, value in enumerate(values, 1)}
        try:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(sql, parameters)
                rows: list[list[Any]] = []
                while chunk := cursor.fetchmany(_ROWS_A_TURN):
                    rows.extend(list(row) for row in chunk)
                    if len(rows) > _MOST_ROWS * len(ids):
                        raise OverflowError(f"more than {_MOST_ROWS} rows a student")
                return [str(column[0]) for column in cursor.description], rows
        except Exception as error:
            return error

    def _named(self, connection: Any) -> bool:
        return (self._paramstyle or paramstyle_of(connection)) in ("named", "pyformat")

    def _listed(self, connection: Any, queries: _core.OwnQueries, most: int) -> list[str]:
        with self._snapshot(connection):
            return self._listed_now(connection, queries, most)

    def _listed_now(self, connection: Any, queries: _core.OwnQueries, most: int) -> list[str]:
        listing = queries.listing()
        if listing is None:
            raise ConfigurationError(
                "the configuration has no query student_ids under source.query: it cannot list the students"
            )
        return self._first_cells(connection, queries, listing, most)

    def _selected(self, connection: Any, queries: _core.OwnQueries, query: str) -> list[str]:
        with self._snapshot(connection):
            return self._first_cells(connection, queries, query, _MOST_SELECTED + 1, only=True)

    def _first_cells(
        self, connection: Any, queries: _core.OwnQueries, sql: str, most: int, *, only: bool = False
    ) -> list[str]:
        try:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(sql)
                columns = len(cursor.description)
                cells: list[Any] = []
                while len(cells) < most and (chunk := cursor.fetchmany(min(_ROWS_A_TURN, most - len(cells)))):
                    cells.extend(row[0] for row in chunk)
        except Exception as error:
            self._forget(connection)
            raise failed("the database failed to answer the query of students", error) from error
        if only and (columns != 1 or len(cells) > _MOST_SELECTED):
            raise ConfigurationError(f"the query gives one column, the student ids, and {_MOST_SELECTED:,} at most")
        return queries.ids(cells)

    def _examined(self, connection: Any, queries: _core.OwnQueries, policy: _core.Policy) -> str:
        with self._snapshot(connection):
            return self._examined_now(connection, queries, policy)

    def _examined_now(self, connection: Any, queries: _core.OwnQueries, policy: _core.Policy) -> str:
        ids = self._listed_now(connection, queries, _SAMPLE)
        answers: list[Any] = []
        for _, sql in queries.statements(max(len(ids), 1)):
            answer: Any = self._ask(connection, queries, sql, ids or ["-1"])
            if isinstance(answer, Exception):
                if self._connect is not None:
                    with contextlib.suppress(Exception):
                        # Some databases answer nothing more in a transaction that failed.
                        connection.rollback()
                answer = f"{type(answer).__name__} from {library_of(connection)}"
            answers.append(answer)
        return queries.examine(f"{library_of(connection)} connection", ids, answers, policy)

    def _forget(self, connection: Any) -> None:
        """A connection of ours that failed is not asked again; the next question opens another."""
        if self._connect is not None:
            self._own.connection = None
            with self._lock:
                self._opened = [other for other in self._opened if other is not connection]
            with contextlib.suppress(Exception):
                connection.close()

    def close(self) -> None:
        """Waits for what still runs and closes the connections that it opened; one that it was given stays open."""
        with self._lock:
            pool, self._pool = self._pool, None
            opened, self._opened = self._opened, []
        if pool is not None and pool[0] == os.getpid():
            pool[1].shutdown(wait=True)
        self._own = threading.local()
        for connection in opened:
            with contextlib.suppress(Exception):
                connection.close()

    def _leave_to_parent(self) -> None:
        """In a forked child: locks may be held by threads that are not here, and connections are the parent's."""
        self._lock = threading.Lock()
        _INHERITED.extend(self._opened)
        self._pool, self._own, self._opened = None, threading.local(), []
        self._waiting, self._running, self._batches = WeakKeyDictionary(), set(), set()
        self._inherited = True

    def __repr__(self) -> str:
        return "<Database>"


# Those of this process, which a forked child has too.
_DATABASES: WeakSet[Database] = WeakSet()
# Connections that the parent of this process uses: to close one, or let it go, would end the parent's session.
_INHERITED: list[Any] = []


def _after_fork() -> None:
    for database in list(_DATABASES):
        database._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _is_number(student: str) -> bool:
    """Whether it is a whole number's own writing: 007 is nobody, not student 7."""
    return student.isascii() and student.isdecimal() and len(student) <= 18 and str(int(student)) == student


def _has_strangers(found: list[Any]) -> bool:
    first = found[0] if found else None
    return isinstance(first, SourceConfigurationError) and any(
        problem.code == "foreign-student" for problem in first.problems
    )


def database(
    connection: Any,
    configuration: str | os.PathLike[str] = "registrary.toml",
    *,
    paramstyle: str | None = None,
    connections: int = 4,
    begin: str | Sequence[str] | None = None,
) -> Database:
    """A database behind a DB-API 2 driver of Python's as a source: Oracle by python-oracledb, SQL Server by pyodbc, …

    >>> registrary.Registrar(registrary.database(lambda: oracledb.connect(dsn), "registrary.toml"))  # doctest: +SKIP

    Args:
        connection: a function that opens a connection, called on threads of ours, once each; or an open connection,
            which is used on one thread of ours at a time. The transactions of an open connection are its owner's; a
            connection that was opened here is rolled back after each question, and closed by ``close()``.
        configuration: the path of a configuration file. Its ``[source.query]`` and ``[source.map]`` are used,
            its ``url`` is not.
        paramstyle: how the driver writes parameters: ``"qmark"``, ``"numeric"``, ``"named"``, ``"format"`` or
            ``"pyformat"``. Default: what the connection's module says.
        connections: how many are opened at most. Default: 4. An open connection is one.
        begin: what a connection that was opened here is told before the first query of each question, so that all
            queries read one state of the database: ``"SET TRANSACTION READ ONLY"`` for Oracle,
            ``"SET TRANSACTION ISOLATION LEVEL SNAPSHOT"`` for SQL Server,
            ``"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"`` for PostgreSQL. It must not commit by
            itself (autocommit). Default: ``"BEGIN"`` for sqlite3; for others nothing, and a record that is changed
            between two queries may be read half old, half new.

    Raises:
        SourceConfigurationError: the file cannot be used; ``problems`` lists everything.
        ConfigurationError: ``connections`` is out of range, or ``begin`` is given with an open connection.
        TypeError: it is neither a connection nor a function.
    """
    return Database(connection, configuration, paramstyle, connections, begin)
