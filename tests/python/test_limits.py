"""Limits, retries, equal calls in flight, and what the runtime tells of itself."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import http.server
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

import registrary


def record(student_id: object) -> dict[str, Any]:
    names = {"legal": {"given": "Ada", "family": "Okafor"}}
    student = {"id": str(student_id), "names": names}
    return {"schema": "registrary/student-record/1", "student": student, "totals": "policy"}


class Counting:
    """A source that is slow, and counts."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.open = self.most = 0
        self.gate = asyncio.Event()

    async def fetch(self, student_id: object) -> dict[str, Any]:
        self.asked.append(student_id)
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            await self.gate.wait()
        finally:
            self.open -= 1
        return record(student_id)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the core tells no events
            await asyncio.sleep(0.005)


def test_equal_calls_in_flight_share_one_document() -> None:
    async def main() -> None:
        source = Counting()
        registrar = registrary.Registrar(source.fetch)
        before = registrary.runtime_stats()
        calls = [asyncio.create_task(registrar.issue_transcript(7)) for _ in range(5)]
        await until(lambda: registrary.runtime_stats().joined >= before.joined + 4 and source.open == 1)
        assert source.asked == [7]
        calls[0].cancel()
        await asyncio.gather(calls[0], return_exceptions=True)
        assert source.open == 1 and calls[0].cancelled()
        source.gate.set()
        made = await asyncio.gather(*calls[1:])
        assert len({transcript.digest for transcript in made}) == 1
        assert source.asked == [7]
        assert registrary.runtime_stats().completed == before.completed + 1

    asyncio.run(main())


def test_the_last_of_equal_calls_ends_the_work() -> None:
    async def main() -> None:
        source = Counting()
        registrar = registrary.Registrar(source.fetch)
        before = registrary.runtime_stats().joined
        calls = [asyncio.create_task(registrar.generate_transcript(7)) for _ in range(3)]
        await until(lambda: registrary.runtime_stats().joined >= before + 2 and source.open == 1)
        for number, call in enumerate(calls):
            assert source.open == 1, number
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
        assert source.open == 0 and registrary.runtime_stats().in_flight == 0

    asyncio.run(main())


def test_whoever_of_equal_calls_leaves_last_waits_for_the_coroutine() -> None:
    ended: list[object] = []

    async def fetch(student_id: object) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.1)
            ended.append(student_id)

    async def main(leaving: tuple[int, ...]) -> None:
        ended.clear()
        registrar = registrary.Registrar(fetch)
        before = registrary.runtime_stats().joined
        calls = [asyncio.create_task(registrar.generate_transcript(7)) for _ in leaving]
        await until(lambda: registrary.runtime_stats().joined >= before + len(leaving) - 1)
        for number in leaving:
            assert not ended
            calls[number].cancel()
            await asyncio.gather(calls[number], return_exceptions=True)
            assert calls[number].cancelled()
        assert ended == [7]

    for leaving in ((0, 1), (1, 0), (1, 2, 0)):
        asyncio.run(main(leaving))


def test_a_time_limit_is_told_to_each_of_equal_calls_when_the_coroutine_has_ended() -> None:
    ended: list[object] = []

    async def fetch(student_id: object) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.1)
            ended.append(student_id)

    async def main() -> None:
        registrar = registrary.Registrar(fetch, timeout={"fetch": 0.2})

        async def asked() -> None:
            with pytest.raises(registrary.StageTimeoutError):
                await registrar.generate_transcript(7)
            assert ended == [7]

        await asyncio.gather(*(asked() for _ in range(4)))

    asyncio.run(main())


def test_each_of_equal_calls_gets_the_callers_exception() -> None:
    class Mine(Exception):
        pass

    async def fetch(student_id: object) -> None:
        await asyncio.sleep(0.05)
        raise Mine

    async def main() -> None:
        registrar = registrary.Registrar(fetch)
        told = await asyncio.gather(*(registrar.generate_transcript(7) for _ in range(4)), return_exceptions=True)
        assert all(isinstance(error, Mine) for error in told)

    asyncio.run(main())


def test_calls_that_the_source_could_tell_apart_are_not_shared() -> None:
    campus = contextvars.ContextVar[str]("campus")

    async def main() -> None:
        source = Counting()
        registrar = registrary.Registrar(source.fetch)

        async def asked(at: str, student_id: int | str, **options: Any) -> bytes:
            campus.set(at)
            return await registrar.generate_transcript(student_id, **options)

        calls = [asked("north", 7), asked("south", 7), asked("north", "7"), asked("north", 7, official=False)]
        tasks = [asyncio.create_task(call) for call in calls]
        await until(lambda: source.open == 4)
        source.gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())


def test_records_under_way_are_bounded() -> None:
    async def main() -> None:
        source = Counting()
        registrar = registrary.Registrar(source.fetch, limits=registrary.Limits(concurrency=6))
        calls = asyncio.gather(*(registrar.generate_transcript(number) for number in range(60)))
        await until(lambda: source.open == 6 and registrary.runtime_stats().held_back >= 54)
        source.gate.set()
        assert len(await calls) == 60
        # A record has its place until a thread begins with it, so fewer are asked for at once, never more.
        assert source.most <= 6

    asyncio.run(main())


def test_a_time_limit_names_its_stage() -> None:
    async def main() -> None:
        source = Counting()
        limits = registrary.Limits(fetch=0.05)
        with pytest.raises(registrary.StageTimeoutError) as raised:
            await registrary.Registrar(source.fetch, limits=limits).generate_transcript(7)
        assert (raised.value.stage, raised.value.limit, raised.value.code) == ("fetch", 0.05, "fetch-timed-out")
        # `timeout` stands in place of the limit of the same stage.
        with pytest.raises(registrary.StageTimeoutError, match=r"0\.02"):
            await registrary.generate_transcript(7, source=source.fetch, limits=limits, timeout=0.02)

    asyncio.run(main())
    with pytest.raises(registrary.StageTimeoutError) as raised:
        registrary.generate_transcript_sync(101, limits=registrary.Limits(produce=1e-9))
    assert raised.value.stage in ("evaluate", "render")


def test_the_time_limit_of_saving_names_its_stage(tmp_path: Path) -> None:
    registrar = registrary.Registrar(save_to=tmp_path, limits=registrary.Limits(save=1e-9))
    with pytest.raises(registrary.StageTimeoutError) as raised:
        registrar.generate_transcript_sync(101)
    assert (raised.value.stage, raised.value.code) == ("save", "save-timed-out")
    assert not list(tmp_path.glob("*.pdf"))


def test_limits_and_retries_are_checked() -> None:
    wrong: list[dict[str, Any]] = [
        {"fetch": 0},
        {"save": -1.0},
        {"verify": float("nan")},
        {"produce": float("inf")},
        {"concurrency": 0},
        {"concurrency": 10_001},
        {"concurrency": 2**80},
    ]
    for options in wrong:
        with pytest.raises(registrary.ConfigurationError, match=next(iter(options))):
            registrary.Limits(**options)
    with pytest.raises(registrary.ConfigurationError, match=r"fetch.*save.*concurrency"):
        registrary.Limits(fetch=0, save=0, concurrency=0)
    for options in ({"attempts": 0}, {"attempts": 101}, {"first": 9, "longest": 3}, {"budget": 1.5}, {"budget": -0.1}):
        with pytest.raises(registrary.ConfigurationError):
            registrary.Retry(**options)
    mistaken: list[dict[str, Any]] = [{"fetch": "30"}, {"concurrency": 1.5}, {"concurrency": True}]
    for options in mistaken:
        with pytest.raises(TypeError):
            registrary.Limits(**options)
    for name in ("limits", "retry"):
        with pytest.raises(TypeError, match=name):
            registrary.Registrar(**{name: {"fetch": 3}})  # type: ignore[arg-type]
    assert registrary.Limits() == registrary.Limits(fetch=30, produce=60, save=30, verify=30)
    with pytest.raises(dataclasses.FrozenInstanceError):
        registrary.Limits().fetch = 3  # type: ignore[misc]


def test_the_runtime_tells_what_it_does() -> None:
    before = registrary.runtime_stats().latencies
    counted = before["render"].documents if before else 0
    registrary.generate_transcript_sync(101)
    stats = registrary.runtime_stats()
    assert stats.workers >= 1 and stats.cpu_threads >= 1 and stats.in_flight == stats.queued == stats.held_back == 0
    assert set(stats.latencies) == {"fetch", "evaluate", "render", "save", "verify"}
    render = stats.latencies["render"]
    assert render.documents == counted + 1 and 0 < render.p50 <= render.p95 <= render.p99


def test_documents_that_wait_for_a_thread_are_told() -> None:
    async def main() -> None:
        registrar = registrary.Registrar({number: record(number) for number in range(400)})
        calls = asyncio.gather(*(registrar.generate_transcript(number) for number in range(400)))
        await until(lambda: registrary.runtime_stats().queued > 0 or calls.done())
        assert not calls.done()
        await calls
        assert registrary.runtime_stats().queued == 0

    asyncio.run(main())


class Failing(http.server.BaseHTTPRequestHandler):
    """Fails in passing, always."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *told: object) -> None:
        pass


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_service_is_asked_again_as_often_as_is_said(attempts: int) -> None:
    retry = registrary.Retry(attempts=attempts, first=0.001, longest=0.002)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Failing.asked.clear()
        before = registrary.runtime_stats().retries
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(registrary.SourceUnavailableError):
            registrary.generate_transcript_sync(7, source=url, retry=retry)
        server.shutdown()
    assert len(Failing.asked) == attempts
    stats = registrary.runtime_stats()
    assert stats.retries == before + attempts - 1
    [host] = [host for host in stats.hosts if host.host == url]
    assert (host.questions, host.retries, host.breaker) == (1, attempts - 1, "closed")
