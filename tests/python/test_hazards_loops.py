"""Hazards of event loops: many, short, closed, uvloop, anyio and trio, debug mode, eager tasks, context.

Which hazard is tried where is told in hazards.py.
"""

from __future__ import annotations

import pytest

from hazards import Hazard


def test_loops_in_threads_and_many_short_loops(hazard: Hazard) -> None:
    hazard("""
    results = {}
    async def many(n): return sum(await asyncio.gather(*[call("wait", 1000 + n) for _ in range(300)]))
    def thread(n): results[n] = asyncio.run(many(n))
    threads = [threading.Thread(target=thread, args=(n,)) for n in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert results == {n: 300 * (1000 + n) for n in range(4)}
    asyncio.run(call("wait", 10))
    before = descriptors()
    async def echo(student_id): return student_id.encode()
    for _ in range(150):
        asyncio.run(call("wait", 10))
        asyncio.run(call("ask", 3, echo))
    gc.collect()
    assert descriptors() <= before + 1, (before, descriptors())
    """)


def test_two_loops_taken_in_turns_on_one_thread(hazard: Hazard) -> None:
    hazard("""
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    slow = first.create_task(call("wait", 200_000))
    first.run_until_complete(asyncio.sleep(0.01))
    assert second.run_until_complete(call("wait", 10)) == 10
    assert first.run_until_complete(call("wait", 11)) == 11
    assert first.run_until_complete(slow) == 200_000
    first.close(); second.close()
    """)


def test_a_loop_closed_while_calls_are_pending(hazard: Hazard) -> None:
    hazard("""
    before = None
    for turn in range(10):
        loop = asyncio.new_event_loop()
        begun = asyncio.Event()
        async def never(student_id):
            begun.set()
            await asyncio.sleep(3600)
        async def main():
            global waiting
            waiting = [asyncio.ensure_future(call("wait", 60_000)), asyncio.ensure_future(call("ask", 1, never))]
            await begun.wait()
            for task in asyncio.all_tasks(): task._log_destroy_pending = False
        loop.run_until_complete(main())
        loop.close()
        time.sleep(0.08)
        if turn == 4:
            gc.collect(); before = descriptors()
    asyncio.run(call("wait", 10))
    del waiting, loop
    gc.collect()
    assert descriptors() <= before + 4, (before, descriptors())
    """)


def test_asyncio_run_cancels_background_calls_and_joins_them(hazard: Hazard) -> None:
    hazard("""
    async def main():
        global task
        task = asyncio.create_task(call("wait", FOREVER))
        await asyncio.sleep(0.02)
    asyncio.run(main())
    assert held() == 0
    """)


COMMON = """
    async def echo(student_id):
        await asyncio.sleep(0)
        return student_id.encode()
    async def common():
        assert await call("wait", 1000) == 1000
        assert await call("ask", 5, echo) == b"5"
        assert await asyncio.gather(*[call("wait", n) for n in range(300)]) == list(range(300))
        task = asyncio.create_task(call("wait", FOREVER))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled() and held() == 0
"""


def test_debug_mode(hazard: Hazard) -> None:
    hazard(
        COMMON
        + """
    import logging
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # A busy machine makes slow callbacks, which it tells.
    asyncio.run(common(), debug=True)
    """
    )


def test_uvloop(hazard: Hazard) -> None:
    hazard.needs("uvloop")
    hazard(
        COMMON
        + """
    import uvloop
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner: runner.run(common())
    """
    )


def test_eager_tasks(hazard: Hazard) -> None:
    if hazard.version < (3, 12):
        pytest.skip("eager tasks came with Python 3.12")
    hazard(
        COMMON
        + """
    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        task = asyncio.create_task(call("wait", 1000))
        assert await task == 1000
        await common()
    asyncio.run(main())
    """
    )


def test_context_variables_stay_with_their_task(hazard: Hazard) -> None:
    hazard("""
    import contextvars
    own = contextvars.ContextVar("own")
    async def tells(student_id): return str(own.get()).encode()
    async def one(number):
        own.set(number)
        await call("wait", 2000)
        assert own.get() == number
        assert await call("ask", 1, tells) == str(number).encode()
    async def main(): await asyncio.gather(*[one(number) for number in range(200)])
    asyncio.run(main())
    """)


ANYIO = """
    import anyio
    async def moved_on():
        assert await call("wait", 1000) == 1000
        with anyio.move_on_after(0.05) as scope: await call("wait", FOREVER)
        assert scope.cancelled_caught and held() == 0
        with anyio.move_on_after(FOREVER) as scope:
            async with anyio.create_task_group() as group:
                for _ in range(50): group.start_soon(call, "wait", FOREVER)
                while held() < 50: await anyio.sleep(0.005)
                group.cancel_scope.cancel()
        assert held() == 0
        values = []
        async def one(number): values.append(await call("wait", number))
        async with anyio.create_task_group() as group:
            for number in range(300): group.start_soon(one, number)
        assert sorted(values) == list(range(300))
"""


def test_anyio_on_asyncio(hazard: Hazard) -> None:
    hazard.needs("anyio")
    hazard(ANYIO + """    anyio.run(moved_on)""")


def test_anyio_on_trio(hazard: Hazard) -> None:
    hazard.needs("anyio")
    hazard.needs("trio")
    hazard(ANYIO + """    anyio.run(moved_on, backend="trio")""")


def test_trio(hazard: Hazard) -> None:
    hazard.needs("trio")
    hazard("""
    import trio, registrary
    ended = []
    async def echo(student_id):
        await trio.sleep(0)
        return student_id.encode()
    async def never(student_id):
        try:
            await trio.sleep(3600)
        finally:
            ended.append(student_id)
    class Mine(Exception): pass
    async def fails(student_id): raise Mine
    async def main():
        assert await call("ask", 5, echo) == b"5"
        with trio.move_on_after(0.05): await call("ask", 6, never)
        assert ended == ["6"] and held() == 0
        try:
            await call("ask", 7, fails)
            raise AssertionError
        except Mine:
            pass
        try:
            await call("panic", 7)
            raise AssertionError
        except registrary.InternalError:
            pass
        with trio.CancelScope() as scope:
            scope.cancel()
            await call("wait", FOREVER)
            raise AssertionError
        async with trio.open_nursery() as nursery:
            for number in range(500): nursery.start_soon(call, "wait", number)
        assert (await registrary.generate_transcript(101)).startswith(b"%PDF")
        async with registrary.generate_transcripts([101, 102, 103], ordered=True) as stream:
            assert [result.student_id async for result in stream] == ["101", "102", "103"]
        assert held() == 0
    trio.run(main)
    trio.run(main) if not ended.clear() else None
    assert asyncio.run(call("wait", 100)) == 100
    """)
