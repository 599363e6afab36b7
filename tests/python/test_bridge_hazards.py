"""The hazards of a runtime inside an interpreter, each in a process of its own with a deadline.

They use work that goes wrong on purpose, which is compiled only under the cargo feature `hazards`
(`maturin develop --features hazards`); without it these tests are skipped and test_bridge.py speaks for the verbs.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from registrary import _core

pytestmark = pytest.mark.skipif(not hasattr(_core, "hazard"), reason="built without the cargo feature `hazards`")

PRELUDE = """
import asyncio, gc, os, signal, sys, threading, time
from registrary import _core, _bridge

async def call(kind, argument, function=None):
    return await _core.hazard(_bridge.current(), kind, argument, function)

def held():
    return _core.hazard_counts()[1]

def descriptors():
    return len(os.listdir("/proc/self/fd"))

FOREVER = 3_600_000_000
"""


def run(body: str, deadline: float = 60) -> str:
    """What the case prints; it must end with status 0 and nothing on standard error."""
    script = PRELUDE + textwrap.dedent(body)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=deadline, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:] + done.stdout[-500:]
    return done.stdout


def test_a_call_does_nothing_until_awaited() -> None:
    run("""
    async def main():
        coroutine = call("wait", FOREVER)
        awaitable = _core.hazard(_bridge.current(), "wait", FOREVER)
        await asyncio.sleep(0.05)
        assert _core.hazard_counts() == (0, 0)
        coroutine.close()
        del awaitable
    asyncio.run(main())
    """)


@pytest.mark.parametrize("kind", ["wait", "ask"])
def test_cancelled_means_ended(kind: str) -> None:
    run(f"""
    ended = []
    async def fetch(student_id):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            ended.append(student_id)
    async def main():
        tasks = [asyncio.create_task(call("{kind}", FOREVER, fetch)) for _ in range(500)]
        await asyncio.sleep(0.3)
        assert held() == 500, held()
        for task in tasks: task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(o, asyncio.CancelledError) for o in outcomes)
        assert held() == 0, held()
        assert len(ended) == (500 if "{kind}" == "ask" else 0)
    asyncio.run(main())
    """)


def test_cancelled_cpu_work_ends_between_its_stages() -> None:
    run("""
    async def main():
        task = asyncio.create_task(call("busy", FOREVER))
        await asyncio.sleep(0.1)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        await call("busy", 1)
        for _ in range(100):
            if held() == 0: break
            await asyncio.sleep(0.01)
        assert held() == 0
    asyncio.run(main())
    """)


def test_a_second_cancel_keeps_joining_and_carries_its_message() -> None:
    run("""
    async def slow_end(student_id):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.1)
            ended.append(student_id)
    ended = []
    async def main():
        task = asyncio.create_task(call("ask", 7, slow_end))
        await asyncio.sleep(0.05)
        task.cancel("first")
        await asyncio.sleep(0.02)
        assert not task.done()
        task.cancel("second")
        try:
            await task
        except asyncio.CancelledError as error:
            assert error.args == ("second",), error.args
        assert ended == ["7"] and held() == 0
    asyncio.run(main())
    """)


def test_cancelling_races_with_completion() -> None:
    run("""
    async def main():
        cancelled = 0
        for n in range(1500):
            task = asyncio.create_task(call("wait", n % 50))
            await asyncio.sleep(0)
            if n % 3 == 0: await asyncio.sleep(0)
            task.cancel()
            try:
                assert await task == n % 50
            except asyncio.CancelledError:
                cancelled += 1
        assert cancelled > 0
        assert held() == 0
    asyncio.run(main())
    """)


def test_abandoned_and_unreferenced_calls() -> None:
    run("""
    async def main():
        coroutine = call("wait", FOREVER)
        coroutine.send(None)
        await asyncio.sleep(0.05)
        assert held() == 1
        coroutine.close()
        await asyncio.sleep(0.05)
        assert held() == 0
        done = []
        async def background(): done.append(await call("wait", 100_000))
        asyncio.ensure_future(background())
        await asyncio.sleep(0.01)
        for _ in range(5): gc.collect()
        await asyncio.sleep(0.3)
        assert done == [100_000]
    asyncio.run(main())
    """)


def test_a_panic_is_an_internal_error_and_prints_nothing() -> None:
    run("""
    from registrary.errors import InternalError
    async def main():
        try:
            await call("panic", 5)
            raise AssertionError
        except InternalError as error:
            assert "hazard 5" in str(error) and error.code == "internal"
        assert await call("wait", 10) == 10
    asyncio.run(main())
    try:
        _core.hazard_sync(13)
        raise AssertionError
    except InternalError as error:
        assert "thirteen" in str(error)
    """)


def test_loops_in_threads_and_many_short_loops() -> None:
    run("""
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


def test_two_loops_taken_in_turns_on_one_thread() -> None:
    run("""
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    slow = first.create_task(call("wait", 200_000))
    first.run_until_complete(asyncio.sleep(0.01))
    assert second.run_until_complete(call("wait", 10)) == 10
    assert first.run_until_complete(call("wait", 11)) == 11
    assert first.run_until_complete(slow) == 200_000
    first.close(); second.close()
    """)


def test_a_loop_closed_while_calls_are_pending() -> None:
    run("""
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


def test_asyncio_run_cancels_background_calls_and_joins_them() -> None:
    run("""
    async def main():
        global task
        task = asyncio.create_task(call("wait", FOREVER))
        await asyncio.sleep(0.02)
    asyncio.run(main())
    assert held() == 0
    """)


def test_a_forked_child_works_and_its_parent_goes_on() -> None:
    run("""
    assert asyncio.run(call("wait", 1000)) == 1000
    asyncio.run(call("busy", 1000))
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        ok = asyncio.run(call("wait", 1000)) == 1000 and _core.hazard_sync(100) == 100
        asyncio.run(call("busy", 1000))
        sys.exit(0 if ok else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asyncio.run(call("wait", 1000)) == 1000
    async def main():
        calls = [asyncio.create_task(call("wait", 100_000)) for _ in range(50)]
        await asyncio.sleep(0.02)
        child = os.fork()
        if child == 0: os._exit(0)
        os.waitpid(child, 0)
        assert len(await asyncio.gather(*calls)) == 50
    asyncio.run(main())
    """)


def test_multiprocessing_with_fork() -> None:
    run("""
    import multiprocessing
    asyncio.run(call("wait", 1000))
    def child(micros): return asyncio.run(call("wait", micros))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(child, [1000, 2000, 3000]) == [1000, 2000, 3000]
    """)


@pytest.mark.parametrize("attempt", range(12))
def test_a_process_ends_cleanly_while_results_arrive(attempt: int) -> None:
    run(f"""
    loop = asyncio.new_event_loop()
    waiting = []
    async def main():
        for n in range(200): waiting.append(asyncio.ensure_future(call("wait", 20_000 + n * {100 + attempt * 30})))
        await asyncio.sleep(0.03)
    loop.run_until_complete(main())
    for task in waiting: task._log_destroy_pending = False
    """)


def test_a_process_ends_cleanly_while_coroutines_and_cpu_jobs_run() -> None:
    run(
        """
    loop = asyncio.new_event_loop()
    async def never(student_id): await asyncio.sleep(3600)
    async def main():
        for n in range(20):
            asyncio.ensure_future(call("ask", n, never))
            asyncio.ensure_future(call("busy", FOREVER))
        await asyncio.sleep(0.05)
        for task in asyncio.all_tasks(): task._log_destroy_pending = False
    loop.run_until_complete(main())
    """,
        deadline=20,
    )


def test_ctrl_c_in_a_sync_call() -> None:
    run("""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    try:
        _core.hazard_sync(10_000_000)
        raise AssertionError
    except KeyboardInterrupt:
        assert held() == 0
    assert time.monotonic() - began < 3
    """)


def test_the_callers_exception_comes_out_as_it_is() -> None:
    run("""
    from registrary.errors import RecordNotFoundError
    class Mine(Exception): pass
    mine = Mine("as it is")
    async def fails(student_id):
        await asyncio.sleep(0)
        raise mine
    def not_async(student_id): raise mine
    async def unknown(student_id): raise KeyError(student_id)
    async def text(student_id): return "no bytes"
    async def raised(function):
        try:
            await call("ask", 5, function)
        except Exception as error:
            return error
    async def main():
        assert await raised(fails) is mine
        assert await raised(not_async) is mine
        error = await raised(text)
        assert isinstance(error, TypeError), error
        assert held() == 0
    asyncio.run(main())
    """)


def test_debug_mode_uvloop_and_anyio() -> None:
    run("""
    async def echo(student_id):
        await asyncio.sleep(0)
        return student_id.encode()
    async def main():
        assert await call("wait", 1000) == 1000
        assert await call("ask", 5, echo) == b"5"
        task = asyncio.create_task(call("wait", FOREVER))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert held() == 0
    asyncio.run(main(), debug=True)
    try:
        import uvloop
    except ImportError:
        pass
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner: runner.run(main())
    try:
        import anyio
    except ImportError:
        pass
    else:
        async def moved_on():
            with anyio.move_on_after(0.05) as scope: await call("wait", FOREVER)
            assert scope.cancelled_caught and held() == 0
        anyio.run(moved_on)
    """)


def test_a_child_of_a_process_that_never_used_the_runtime() -> None:
    """The child of a process that never used the runtime works too."""
    run("""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        sys.exit(0 if asyncio.run(call("wait", 100)) == 100 else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    """)
