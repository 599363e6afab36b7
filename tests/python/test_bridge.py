"""The verbs on asyncio: lazy, concurrent, cancelled means ended; loops, threads, forks, exits and Ctrl-C.

What must hold for a process as a whole (its exit, a fork, a signal) is tried in a process of its own with a deadline.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import inspect
import socket
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import interpreters
import registrary
from interpreters import Script


@pytest.fixture
def silent_service() -> Iterator[str]:
    """The URL of a service that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


async def in_flight(number: int) -> None:
    """Waits until so many documents are in the works."""
    async with asyncio.timeout(20):
        while registrary.runtime_stats().in_flight != number:  # noqa: ASYNC110 - the core tells no events
            await asyncio.sleep(0.005)


def test_a_verb_is_a_coroutine_function_and_does_nothing_until_awaited() -> None:
    asked: list[str] = []

    async def fetch(student_id: str) -> object:
        asked.append(student_id)
        raise LookupError

    async def main() -> None:
        assert inspect.iscoroutinefunction(registrary.generate_transcript)
        before = registrary.runtime_stats()
        coroutine = registrary.generate_transcript(101, source=fetch)
        await asyncio.sleep(0.02)
        assert asked == [] and registrary.runtime_stats() == before
        coroutine.close()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            registrary.generate_transcript(101)  # type: ignore[unused-coroutine]
        assert "never awaited" in str(caught[0].message)

    asyncio.run(main())


def test_many_at_once_are_right() -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(registrary.issue_transcript(101 + n % 3)) for n in range(30)]
        assert [task.result().student_id for task in tasks] == [str(101 + n % 3) for n in range(30)]
        assert len({task.result().digest for task in tasks}) == 3

    asyncio.run(main())


def test_cancelled_means_ended(silent_service: str) -> None:
    async def main() -> None:
        tasks = [asyncio.create_task(registrary.generate_transcript(n, source=silent_service)) for n in range(200)]
        await in_flight(200)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert registrary.runtime_stats().in_flight == 0
        assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)

    asyncio.run(main())


def test_wait_for_timeout_and_a_failing_group_end_the_work(silent_service: str) -> None:
    registrar = registrary.Registrar(silent_service)

    async def fails() -> None:
        await in_flight(20)
        raise LookupError

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(registrar.generate_transcript(1), 0.05)
        assert registrary.runtime_stats().in_flight == 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await registrar.generate_transcript(1)
        assert registrary.runtime_stats().in_flight == 0
        with pytest.raises(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                for n in range(20):
                    group.create_task(registrar.generate_transcript(n))
                group.create_task(fails())
        assert registrary.runtime_stats().in_flight == 0

    asyncio.run(main())


def test_cancelling_ends_the_callers_coroutine_and_waits_for_it() -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    async def fetch(student_id: str) -> object:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.02)
            ended.append(student_id)
        return None

    async def main() -> None:
        task = asyncio.create_task(registrary.generate_transcript("A-7", source=fetch))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == ["A-7"]

    asyncio.run(main())


def test_the_loop_turns_while_documents_are_made() -> None:
    async def main() -> None:
        latest = [time.perf_counter()]
        longest = [0.0]

        async def heartbeat() -> None:
            while True:
                await asyncio.sleep(0.001)
                now = time.perf_counter()
                longest[0], latest[0] = max(longest[0], now - latest[0]), now

        beats = asyncio.create_task(heartbeat())
        await asyncio.gather(*(registrary.generate_transcript(101 + n % 3) for n in range(40)))
        beats.cancel()
        # The documents take seconds of CPU; the machine may be busy, but the loop never waits for one of them.
        assert longest[0] < 2

    asyncio.run(main())


def test_several_loops_in_several_threads() -> None:
    digests: dict[int, set[str]] = {}

    async def some() -> set[str]:
        made = await asyncio.gather(*(registrary.issue_transcript(102) for _ in range(5)))
        return {transcript.digest for transcript in made}

    def thread(number: int) -> None:
        digests[number] = asyncio.run(some())

    threads = [threading.Thread(target=thread, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(digests) == 4 and len(set.union(*digests.values())) == 1


def test_uvloop(silent_service: str) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def main() -> None:
        assert (await registrary.generate_transcript(101)).startswith(b"%PDF")
        task = asyncio.create_task(registrary.generate_transcript(1, source=silent_service))
        await in_flight(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert registrary.runtime_stats().in_flight == 0

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def test_a_sync_verb_works_where_a_loop_runs_but_not_with_a_coroutine_source() -> None:
    record = asyncio.run(registrary.Registrar().fetch_record(101))

    async def fetch(student_id: int) -> registrary.StudentRecord:
        return record

    async def main() -> None:
        assert registrary.generate_transcript_sync(101).startswith(b"%PDF")
        assert registrary.generate_transcript_sync(101, source={101: record}).startswith(b"%PDF")
        with pytest.raises(RuntimeError, match="await generate_transcript"):
            registrary.generate_transcript_sync(101, source=fetch)

    asyncio.run(main())
    assert registrary.generate_transcript_sync(101, source=fetch).startswith(b"%PDF")


PRELUDE = """
import asyncio, os, signal, socket, sys, threading, time
import registrary
server = socket.create_server(("127.0.0.1", 0), backlog=1024)
silent = f"http://127.0.0.1:{server.getsockname()[1]}"
"""


def run(body: str, deadline: float = 60) -> str:
    """What the script prints; it must end with status 0 and nothing on standard error."""
    script = PRELUDE + textwrap.dedent(body)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=deadline, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_importing_starts_nothing() -> None:
    run("""
    assert threading.active_count() == 1
    if os.path.isdir("/proc/self/task"): assert len(os.listdir("/proc/self/task")) == 1
    assert registrary.runtime_stats().workers == 0
    """)


def test_a_burst_takes_no_more_threads() -> None:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("this system does not list a process's threads")
    run("""
    def threads(): return len(os.listdir("/proc/self/task"))
    most = 0
    async def burst(number):
        global most
        calls = [asyncio.create_task(registrary.generate_transcript(101 + n % 3, recipient=f"Office {n}"))
                 for n in range(number)]
        while not all(call.done() for call in calls):
            most = max(most, threads())
            await asyncio.sleep(0.002)
        await asyncio.gather(*calls)
    asyncio.run(burst(100))
    asyncio.run(burst(600))
    stats = registrary.runtime_stats()
    # The main thread, those for I/O and for CPU work, and at most 16 for files.
    fixed = 1 + stats.workers + stats.cpu_threads
    assert fixed < most <= fixed + 16, (fixed, most)
    assert threads() <= most
    """)


@pytest.mark.parametrize("attempt", range(10))
def test_a_script_of_one_await_ends_cleanly(attempt: int) -> None:
    assert run(f"print(len(asyncio.run(registrary.generate_transcript({101 + attempt % 3}))) > 1000)") == "True\n"


@pytest.mark.parametrize("attempt", range(10))
def test_a_script_that_ends_with_awaits_pending_ends_cleanly(attempt: int) -> None:
    run(
        f"""
    async def never(student_id): await asyncio.sleep(3600)
    async def main():
        global tasks
        sources = [silent, never, None]
        tasks = [asyncio.create_task(registrary.generate_transcript(101, source=sources[n % 3])) for n in range(20)]
        await asyncio.sleep({0.005 * attempt})
    asyncio.run(main())
    """,
        deadline=30,
    )


@pytest.mark.parametrize("attempt", range(10))
def test_a_loop_that_is_just_left_ends_cleanly(attempt: int) -> None:
    run(
        f"""
    loop = asyncio.new_event_loop()
    async def main():
        for n in range(20): asyncio.ensure_future(registrary.generate_transcript(101 + n % 3))
        await asyncio.sleep({0.02 + 0.01 * attempt})
        for task in asyncio.all_tasks(): task._log_destroy_pending = False
    loop.run_until_complete(main())
    """,
        deadline=30,
    )


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork")
def test_a_forked_child_makes_transcripts() -> None:
    run("""
    pdf = asyncio.run(registrary.generate_transcript(101))
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        same = asyncio.run(registrary.generate_transcript(101)) == pdf == registrary.generate_transcript_sync(101)
        sys.exit(0 if same else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asyncio.run(registrary.generate_transcript(101)) == pdf
    """)


def test_ctrl_c_ends_a_sync_call() -> None:
    run("""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    try:
        registrary.generate_transcript_sync(101, source=silent)
        raise AssertionError
    except KeyboardInterrupt:
        assert time.monotonic() - began < 5
        assert registrary.runtime_stats().in_flight == 0
    """)


def test_ctrl_c_ends_asyncio_run_and_its_calls() -> None:
    run("""
    async def main():
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        await asyncio.gather(*[registrary.generate_transcript(n, source=silent) for n in range(50)])
    try:
        asyncio.run(main())
        raise AssertionError
    except KeyboardInterrupt:
        assert registrary.runtime_stats().in_flight == 0
    """)


def test_the_wheel_serves_every_python(script: Script) -> None:
    """The same bytes, cancelled and forked, under each CPython that is found: one wheel for all."""
    told = script("""
    import asyncio, hashlib, os, signal, warnings
    import registrary
    warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
    day = __import__("datetime").date(2026, 5, 29)
    async def main():
        task = asyncio.create_task(registrary.generate_transcript(102))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled() and registrary.runtime_stats().in_flight == 0
        results = [result async for result in registrary.generate_transcripts([101, 102], ordered=True)]
        assert [result.student_id for result in results] == ["101", "102"]
        return await registrary.generate_transcript(101, issue_date=day)
    pdf = asyncio.run(main())
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            os._exit(0 if registrary.generate_transcript_sync(101, issue_date=day) == pdf else 9)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    print(hashlib.sha256(pdf).hexdigest())
    """)
    here = registrary.generate_transcript_sync(101, issue_date=datetime.date(2026, 5, 29))
    assert told.strip() == hashlib.sha256(here).hexdigest()


def test_other_pythons_are_found() -> None:
    if len(interpreters.found()) == 1:
        pytest.skip(
            "no other CPython >= 3.11 is installed: pyenv install 3.12 3.13, or name them in REGISTRARY_PYTHONS"
        )
    assert len({interpreter.version for interpreter in interpreters.found()}) == len(interpreters.found())
