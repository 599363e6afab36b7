"""Hazards of a call: when it starts, how it ends, and who learns of it.

Which hazard is tried where is told in hazards.py.
"""

from __future__ import annotations

import pytest

from hazards import Hazard


def test_a_call_does_nothing_until_awaited(hazard: Hazard) -> None:
    hazard("""
    async def main():
        coroutine = call("wait", FOREVER)
        awaitable = _core.hazard(_bridge.current(), "wait", FOREVER)
        await asyncio.sleep(0.05)
        assert _core.hazard_counts() == (0, 0)
        coroutine.close()
        del awaitable
    asyncio.run(main())
    """)


def test_a_verb_is_called_like_any_coroutine_function(hazard: Hazard) -> None:
    hazard("""
    import inspect, registrary
    for verb in (registrary.generate_transcript, registrary.issue_transcript, registrary.verify_degree):
        assert inspect.iscoroutinefunction(verb)
    coroutine = call("wait", 100)
    assert inspect.iscoroutine(coroutine)
    assert asyncio.run(coroutine) == 100
    async def main():
        assert await asyncio.create_task(call("wait", 100)) == 100
        assert await asyncio.gather(call("wait", 1), call("wait", 2)) == [1, 2]
    asyncio.run(main())
    """)


@pytest.mark.parametrize(("kind", "number"), [("wait", 2000), ("ask", 500)])
def test_cancelled_means_ended(hazard: Hazard, kind: str, number: int) -> None:
    hazard(f"""
    ended = []
    async def fetch(student_id):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            ended.append(student_id)
    async def main():
        tasks = [asyncio.create_task(call("{kind}", FOREVER, fetch)) for _ in range({number})]
        while held() < {number}: await asyncio.sleep(0.01)
        assert held() == {number}, held()
        for task in tasks: task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(o, asyncio.CancelledError) for o in outcomes)
        assert held() == 0, held()
        assert len(ended) == ({number} if "{kind}" == "ask" else 0)
    asyncio.run(main())
    """)


def test_cancelled_cpu_work_ends_between_its_stages(hazard: Hazard) -> None:
    hazard("""
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


def test_a_second_cancel_keeps_joining_and_carries_its_message(hazard: Hazard) -> None:
    hazard("""
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


def test_cancelling_races_with_completion(hazard: Hazard) -> None:
    hazard("""
    async def main():
        import random
        drawn = random.Random(8)
        now = time.perf_counter
        began = now()
        for _ in range(50): await call("wait", 300)
        usual = (now() - began) / 50
        cancelled = completed = 0
        for _ in range(3000):
            task = asyncio.create_task(call("wait", 300))
            # Around the completion: as often before as after it.
            end = now() + drawn.uniform(0.5, 1.5) * usual
            while now() < end: await asyncio.sleep(0)
            task.cancel()
            try:
                assert await task == 300
                completed += 1
            except asyncio.CancelledError:
                cancelled += 1
        assert cancelled > 100 and completed > 100, (cancelled, completed)
        assert held() == 0
    asyncio.run(main())
    """)


def test_a_failing_sibling_ends_the_group_and_its_work(hazard: Hazard) -> None:
    hazard("""
    async def fails():
        while held() < 20: await asyncio.sleep(0.005)
        raise LookupError
    async def main():
        for _ in range(7):
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(20): group.create_task(call("wait", FOREVER))
                    group.create_task(fails())
                raise AssertionError
            except* LookupError as failed:
                assert len(failed.exceptions) == 1
            assert held() == 0, held()
    asyncio.run(main())
    """)


def test_a_time_limit_of_the_callers_ends_the_work(hazard: Hazard) -> None:
    hazard("""
    async def main():
        try:
            await asyncio.wait_for(call("wait", FOREVER), 0.05)
            raise AssertionError
        except TimeoutError:
            assert held() == 0
        try:
            async with asyncio.timeout(0.05): await call("wait", FOREVER)
            raise AssertionError
        except TimeoutError:
            assert held() == 0
    asyncio.run(main())
    begun, ended = set(), set()
    async def slow_end(student_id):
        begun.add(student_id)
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            ended.add(student_id)
    async def shot(number):
        limit = number % 100 * 0.001
        try:
            if number % 2:
                await asyncio.wait_for(call("ask", number, slow_end), limit)
            else:
                async with asyncio.timeout(limit): await call("ask", number, slow_end)
            raise AssertionError
        except TimeoutError:
            # It has ended, unless it was never begun.
            assert (str(number) in begun) == (str(number) in ended), number
    async def many():
        await asyncio.gather(*[shot(number) for number in range(1000)])
        assert held() == 0 and len(ended) > 100, len(ended)
    asyncio.run(many())
    """)


def test_abandoned_and_unreferenced_calls(hazard: Hazard) -> None:
    hazard("""
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


def test_a_panic_is_an_internal_error_and_prints_nothing(hazard: Hazard) -> None:
    hazard("""
    from registrary.errors import InternalError
    async def main():
        try:
            await call("panic", 5)
            raise AssertionError
        except InternalError as error:
            assert "hazards.rs:" in str(error) and "hazard 5" not in str(error) and error.code == "internal"
        assert await call("wait", 10) == 10
    asyncio.run(main())
    try:
        _core.hazard_sync(13)
        raise AssertionError
    except InternalError as error:
        assert "thirteen" in str(error)
    """)


def test_the_callers_exception_comes_out_as_it_is(hazard: Hazard) -> None:
    hazard("""
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


def test_a_sync_call_is_refused_on_a_thread_of_the_runtime(hazard: Hazard) -> None:
    hazard("""
    try:
        _core.hazard_sync_inside(10)
        raise AssertionError
    except RuntimeError as error:
        assert "thread of the runtime" in str(error)
    assert _core.hazard_sync(10) == 10
    """)


def test_a_sync_call_lets_other_threads_run_python_and_needs_them(hazard: Hazard) -> None:
    hazard("""
    import http.server, registrary
    class Service(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
        def log_message(self, *told): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        registrary.generate_transcript_sync(7, source=f"http://127.0.0.1:{server.server_port}")
        raise AssertionError
    except registrary.RecordNotFoundError:
        pass
    server.shutdown()
    """)


def test_a_sync_call_inside_a_running_loop_is_refused_where_it_needs_that_loop(hazard: Hazard) -> None:
    hazard("""
    import registrary
    async def fetch(student_id): raise LookupError
    async def main():
        try:
            registrary.generate_transcript_sync(7, source=fetch)
            raise AssertionError
        except RuntimeError as error:
            assert "await generate_transcript" in str(error)
        assert _core.hazard_sync(1000) == 1000
    asyncio.run(main())
    """)


def test_no_lock_is_held_while_python_runs(hazard: Hazard) -> None:
    """Futures that call back into the bridge from within each of its own calls of Python."""
    hazard("""
    depth = 0
    def again():
        global depth
        if depth: return
        depth += 1
        other = call("wait", FOREVER)
        other.send(None)
        other.close()
        _core.runtime_stats(); gc.collect()
        depth -= 1
    class Future(asyncio.Future):
        def set_result(self, value): again(); super().set_result(value)
        def done(self): again(); return super().done()
        def get_loop(self): again(); return super().get_loop()
    class Loop(asyncio.SelectorEventLoop):
        def create_future(self): again(); return Future(loop=self)
    async def echo(student_id): again(); return student_id.encode()
    async def main():
        assert await asyncio.gather(*[call("wait", n) for n in range(50)]) == list(range(50))
        assert await call("ask", 3, echo) == b"3"
        task = asyncio.create_task(call("wait", FOREVER))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    with asyncio.Runner(loop_factory=Loop) as runner: runner.run(main())
    for _ in range(200):
        if held() == 0: break
        time.sleep(0.01)
    assert held() == 0, held()
    """)
