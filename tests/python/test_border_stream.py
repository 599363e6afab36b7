"""Streams: each student once, in order where asked, bounded, and ended when they are left."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

import registrary


async def quiet() -> None:
    """Waits until nothing is in the works."""
    async with asyncio.timeout(20):
        while registrary.runtime_stats().in_flight:  # noqa: ASYNC110 - the core tells no events
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("ordered", [True, False])
def test_each_student_once(ordered: bool) -> None:
    async def main() -> None:
        ids: list[int | str] = [*range(101, 131), "no-such", 102]
        stream = registrary.generate_transcripts(ids, max_concurrency=5, ordered=ordered)
        results = [result async for result in stream]
        told = [result.student_id for result in results]
        asked = [str(student_id) for student_id in ids]
        assert told == asked if ordered else sorted(told) == sorted(asked)
        assert (stream.total, stream.done) == (len(ids), len(ids))
        for result in results:
            assert (result.pdf is None) == (result.error is not None)
        errors = {result.student_id: result.error for result in results if result.error}
        assert isinstance(errors["no-such"], registrary.RecordNotFoundError)
        assert errors["no-such"].student_id == "no-such"

    asyncio.run(main())


def test_nothing_starts_before_the_first_result_is_awaited() -> None:
    asked: list[object] = []

    async def fetch(student_id: str) -> object:
        asked.append(student_id)
        raise LookupError

    async def main() -> None:
        stream = registrary.generate_transcripts(range(10), source=fetch)
        await asyncio.sleep(0.05)
        assert not asked
        await stream.aclose()
        assert [result async for result in stream] == []
        assert not asked

    asyncio.run(main())


def test_a_slow_consumer_bounds_the_work() -> None:
    asked: list[object] = []

    async def fetch(student_id: str) -> object:
        asked.append(student_id)
        raise LookupError

    async def main() -> None:
        async with registrary.generate_transcripts(range(1000), max_concurrency=4, source=fetch) as stream:
            await anext(stream)
            await asyncio.sleep(0.2)
            assert len(asked) <= 1 + 32 + 2 * 4
        await quiet()

    asyncio.run(main())


@pytest.mark.parametrize("leave", ["break", "aclose", "error", "drop", "cancel"])
def test_a_stream_that_is_left_ends_its_work(leave: str) -> None:
    running: set[object] = set()

    async def fetch(student_id: int) -> object:
        if student_id == 0:
            raise LookupError
        running.add(student_id)
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.05)
            running.discard(student_id)
        return None

    async def use(stream: Any) -> None:
        async with stream:
            async for _ in stream:
                if leave == "break":
                    break
                if leave == "aclose":
                    await stream.aclose()
                if leave == "error":
                    raise ZeroDivisionError

    async def main() -> None:
        stream: Any = registrary.generate_transcripts(range(100), max_concurrency=10, source=fetch)
        if leave == "drop":
            await anext(stream)
            assert running
            del stream
            gc.collect()
            # Nobody waits for its end, which comes.
            async with asyncio.timeout(20):
                while running:  # noqa: ASYNC110 - the core tells no events
                    await asyncio.sleep(0.005)
        elif leave == "cancel":
            task = asyncio.create_task(use(stream))
            async with asyncio.timeout(20):
                while not running:  # noqa: ASYNC110 - the core tells no events
                    await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            try:
                await use(stream)
            except ZeroDivisionError:
                assert leave == "error"
        assert not running
        await quiet()

    asyncio.run(main())


def test_a_source_may_close_the_stream_that_asks_it() -> None:
    async def main() -> None:
        async def fetch(student_id: object) -> None:
            await stream.aclose()
            raise LookupError

        stream = registrary.generate_transcripts([1, 2], source=fetch)
        async with asyncio.timeout(20):
            assert [result async for result in stream] == []
            await stream.aclose()
        await quiet()

    asyncio.run(main())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_streams_that_a_cancelled_block_leaves_are_ended(backend: str) -> None:
    anyio: Any = pytest.importorskip("anyio", reason="anyio is not installed: pip install anyio")
    pytest.importorskip(backend, reason=f"{backend} is not installed: pip install {backend}")
    running: set[object] = set()

    async def fetch(student_id: int) -> None:
        running.add(student_id)
        try:
            await anyio.sleep(3600)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(0.05)
            running.discard(student_id)

    async def main() -> None:
        async def cancelled(scope: Any) -> None:
            while len(running) < 10:
                await anyio.sleep(0.005)
            scope.cancel()

        async def read(stream: registrary.TranscriptStream) -> None:
            await anext(stream, None)

        async with anyio.create_task_group() as watching:
            with anyio.CancelScope() as scope:
                watching.start_soon(cancelled, scope)
                async with registrary.Registrar(fetch) as registrar:
                    streams = [registrar.generate_transcripts(range(at, at + 5)) for at in (0, 5)]
                    async with anyio.create_task_group() as group, streams[0], streams[1]:
                        for stream in streams:
                            group.start_soon(read, stream)
                        await anyio.sleep(3600)
            assert scope.cancel_called and not running
        assert not registrary.runtime_stats().in_flight

    anyio.run(main, backend=backend)


def test_a_registrar_ends_its_streams() -> None:
    async def fetch(student_id: int) -> object:
        await asyncio.sleep(3600 if student_id else 0)
        raise LookupError

    async def main() -> None:
        async with registrary.Registrar(fetch) as registrar:
            stream = registrar.generate_transcripts(range(50))
            await anext(stream)
        await quiet()
        assert [result async for result in stream] == []

    asyncio.run(main())


def test_what_cannot_be_is_refused() -> None:
    for wrong in (0, -1, 10_001, 2**70):
        with pytest.raises(registrary.ConfigurationError, match="max_concurrency"):
            registrary.generate_transcripts([101], max_concurrency=wrong)
    for other in ("4", None, 1.5, True):
        with pytest.raises(TypeError, match="max_concurrency"):
            registrary.generate_transcripts([101], max_concurrency=other)  # type: ignore[arg-type]
    with pytest.raises(registrary.ConfigurationError):
        registrary.generate_transcripts(["ok", "not ok "])

    async def main() -> None:
        results = [result async for result in registrary.generate_transcripts([])]
        assert results == []

    asyncio.run(main())
