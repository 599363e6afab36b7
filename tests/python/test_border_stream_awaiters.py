"""Streams and whoever awaits them: cancelled awaiters lose nothing, closing ends them, and cycles are collected."""

from __future__ import annotations

import asyncio
import gc
import random
import weakref
from typing import Any

import pytest

import registrary


def record(student_id: object) -> dict[str, Any]:
    names = {"legal": {"given": "Ada", "family": "Okafor"}}
    student = {"id": str(student_id), "names": names}
    return {"schema": "registrary/student-record/1", "student": student, "totals": "policy"}


async def soon(student_id: object) -> dict[str, Any]:
    await asyncio.sleep(random.random() * 0.004)
    return record(student_id)


async def never(student_id: object) -> dict[str, Any]:
    await asyncio.sleep(600)
    raise AssertionError(student_id)


@pytest.mark.parametrize("source", [None, soon])
def test_a_cancelled_awaiter_loses_no_result(source: Any) -> None:
    async def main() -> None:
        ids = list(range(101, 161))
        stream = registrary.Registrar(source).generate_transcripts(ids, max_concurrency=4)
        told = []
        async with asyncio.timeout(60):
            while True:
                try:
                    result = await asyncio.wait_for(anext(stream), random.random() * 0.02)
                except TimeoutError:
                    continue
                except StopAsyncIteration:
                    break
                told.append(int(result.student_id))
        assert sorted(told) == ids

    for _ in range(4):
        asyncio.run(main())


def test_a_first_awaiter_cancelled_at_once_leaves_the_source_in_place() -> None:
    async def main() -> None:
        stream = registrary.Registrar(soon).generate_transcripts([7])
        first = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        first.cancel()
        outcomes = await asyncio.gather(first, return_exceptions=True)
        results = [result async for result in stream]
        assert isinstance(outcomes[0], asyncio.CancelledError)
        assert [(result.student_id, result.error) for result in results] == [("7", None)]

    for _ in range(40):
        asyncio.run(main())


def test_closing_ends_a_result_that_is_awaited() -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            async with registrary.Registrar(never) as registrar:
                stream = registrar.generate_transcripts([1, 2])
                awaited = asyncio.create_task(anext(stream, None))
                await asyncio.sleep(0.05)
            assert await awaited is None
        assert not registrary.runtime_stats().in_flight

    asyncio.run(main())


class Office:
    """Holds the stream that asks it."""

    stream: registrary.TranscriptStream

    async def fetch(self, student_id: object) -> dict[str, Any]:
        return record(student_id)


@pytest.mark.parametrize("begun", [False, True])
def test_a_stream_held_by_its_own_source_is_collected(begun: bool) -> None:
    async def main() -> None:
        office = Office()
        office.stream = registrary.Registrar(office.fetch).generate_transcripts([1, 2, 3])
        if begun:
            await anext(office.stream)
        known = weakref.ref(office)
        del office
        async with asyncio.timeout(20):
            while known() is not None:
                gc.collect()
                await asyncio.sleep(0.01)

    asyncio.run(main())


def test_a_result_whose_error_was_raised_is_collected() -> None:
    async def broken(student_id: object) -> None:
        raise RuntimeError

    async def consume() -> weakref.ref[Office]:
        office = Office()
        try:
            async for result in registrary.Registrar(broken).generate_transcripts([1]):
                assert result.error is not None
                raise result.error
        except RuntimeError:
            pass
        return weakref.ref(office)

    async def main() -> None:
        known = await consume()
        gc.collect()
        assert known() is None

    asyncio.run(main())
