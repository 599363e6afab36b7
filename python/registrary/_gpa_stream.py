"""GPAs of tables larger than memory: batches in, tables out, one at a time."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterable, Iterable, Iterator
from typing import Any, Protocol, Self

from registrary import _bridge, _columns, _core
from registrary._gpa import Question, origin
from registrary._gpa_table import GpaTable
from registrary.errors import MalformedRecordError

_Made = tuple[_core.Columns, _core.Columns | None]

# Rows of results that wait to be added up; adding up costs as much as all rows there are by then.
_MOST_WAITING = 1_000_000

# Rows of attempts that the tables of a stream keep together, for explanations: whoever holds all tables does not hold
# all rows.
_MOST_KEPT = 4_000_000


class GpaStream:
    """The GPAs of a table that comes in batches: an iterator of :class:`GpaTable`, and an async iterator as well.

    Nothing is read before the first table is asked for, and one batch at a time after that. Left early, nothing runs
    on. After an exception the stream is over: what came after the rows that it lost would not be the whole.
    """

    def __init__(self, batches: Any, asked: Question, *, clustered: bool) -> None:
        self._source = _source(batches, asked)
        self._work: _Work = _Clustered(asked) if clustered else _Added(asked)
        self._ended = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> GpaTable:
        if not isinstance(self._source, Iterator):
            raise TypeError("the batches are an async iterable: use `async for`")
        try:
            while not self._ended:
                piece = self._piece(next(self._source, None))
                if piece is not None:
                    with _Counted(self._work):
                        made = _core.calculate_gpas(piece, self._work.request)
                    self._work.give(piece, made)
                if (table := self._work.table(self._ended)) is not None:
                    return table
        except BaseException:
            self._ended = True
            raise
        raise StopIteration

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> GpaTable:
        try:
            while not self._ended:
                piece = await asyncio.to_thread(self._piece, await self._next_batch())
                if piece is not None:
                    with _Counted(self._work):
                        made = await _core.calculate_gpas_async(_bridge.current(), piece, self._work.request)
                    self._work.give(piece, made)
                if (table := self._work.table(self._ended)) is not None:
                    return table
        except BaseException:
            self._ended = True
            raise
        raise StopAsyncIteration

    async def _next_batch(self) -> _core.Columns | None:
        # Whoever makes the batches may take its time, and holds the loop up meanwhile.
        if isinstance(self._source, Iterator):
            return await asyncio.to_thread(next, self._source, None)
        batch = await anext(self._source, None)
        return None if batch is None else await asyncio.to_thread(_columns.read, batch, self._work.asked.roles)

    def _piece(self, batch: _core.Columns | None) -> _core.Columns | None:
        """The rows that can be calculated now that this batch, or the end, has come."""
        self._ended = self._ended or batch is None
        with _Counted(self._work):
            return self._work.take(batch)

    def __repr__(self) -> str:
        return f"<GpaStream: {self._work.begun:,} attempts calculated>"


def _source(batches: Any, asked: Question) -> Iterator[_core.Columns] | Any:
    if hasattr(batches, "__arrow_c_stream__"):
        return iter(_columns.reader(batches, asked.roles))
    if isinstance(batches, AsyncIterable):
        return aiter(batches)
    if isinstance(batches, (str, bytes)) or not isinstance(batches, Iterable):
        raise TypeError(f"batches are an Arrow stream or an iterable of tables, not a {type(batches).__name__}")
    return (_columns.read(batch, asked.roles) for batch in batches)


class _Work(Protocol):
    asked: Question
    request: _core.GpaRequest
    begun: int
    """Rows before the piece that is calculated now."""

    def take(self, batch: _core.Columns | None) -> _core.Columns | None: ...
    def give(self, piece: _core.Columns, made: _Made) -> None: ...
    def table(self, ended: bool) -> GpaTable | None: ...


class _Counted:
    """Problems name rows of a piece; the reader knows those of the stream."""

    def __init__(self, work: _Work) -> None:
        self._work = work

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if isinstance(error, MalformedRecordError) and not any(p.code == "not-clustered" for p in error.problems):
            error.add_note(f"Row 0 is row {self._work.begun} of the stream.")


class _Clustered:
    """All rows of a student together: each piece's table is final."""

    def __init__(self, asked: Question) -> None:
        if "student" not in asked.by:
            raise ValueError("rows come clustered by student, so group by student; else say clustered=False")
        self.asked = asked
        self.request = asked.request
        self.begun = 0
        self._clusters = _core.Clusters(asked.names["student"])
        self._latest: _core.Columns | None = None
        self._made: GpaTable | None = None
        self._keeping: deque[tuple[weakref.ref[GpaTable], int]] = deque()
        self._kept = 0

    def take(self, batch: _core.Columns | None) -> _core.Columns | None:
        if batch is not None:
            self._latest = batch
            return self._clusters.push(batch)
        return None if self._latest is None else self._clusters.finish(self._latest)

    def give(self, piece: _core.Columns, made: _Made) -> None:
        rejected = None if made[1] is None else made[1].counted_from("row", self.begun)
        self.begun += len(piece)
        self._made = GpaTable(made[0], rejected, self.asked.by, origin(self.asked, piece))
        self._keeping.append((weakref.ref(self._made), len(piece)))
        self._kept += len(piece)
        # The latest always keeps its own.
        while self._kept > _MOST_KEPT and len(self._keeping) > 1:
            earlier, rows = self._keeping.popleft()
            self._kept -= rows
            if (table := earlier()) is not None:
                table._let_go_of_rows()

    def table(self, ended: bool) -> GpaTable | None:
        made, self._made = self._made, None
        return made


class _Added:
    """Rows in any order: what each piece comes to is added up, and there is one table at the end."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.request = asked.part
        self.begun = 0
        self._parts: list[_core.Columns] = []
        self._rejected: list[_core.Columns] = []
        self._most = _MOST_WAITING
        # Refuses a policy that cannot be added up before anything is read.
        _core.check_mergeable(asked.part)

    def take(self, batch: _core.Columns | None) -> _core.Columns | None:
        return batch

    def give(self, piece: _core.Columns, made: _Made) -> None:
        if made[1] is not None:
            self._rejected.append(made[1].counted_from("row", self.begun))
        self.begun += len(piece)
        self._parts.append(made[0])
        if sum(map(len, self._parts)) > self._most:
            self._parts = [_core.merge_gpas(self._parts, self.asked.part)]
            self._most = max(_MOST_WAITING, 2 * len(self._parts[0]))

    def table(self, ended: bool) -> GpaTable | None:
        if not ended or not self._parts:
            return None
        merged = _core.merge_gpas(self._parts, self.asked.request)
        rejected = _core.Columns.joined(self._rejected) if self._rejected else None
        self._parts = []
        return GpaTable(merged, rejected, self.asked.by, origin(self.asked, None, self.begun))
