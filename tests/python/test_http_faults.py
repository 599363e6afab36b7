"""Records over HTTP from a service that fails: nothing lost, nothing asked too often, nothing wrong believed."""

from __future__ import annotations

import asyncio
import collections
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import registrary
from faults import FaultProxy, Severity
from mischief import Asked, Mischief, Told

STUDENTS = [str(student) for student in range(101, 161)]


@pytest.fixture(scope="module")
def records() -> dict[str, bytes]:
    async def fetched() -> dict[str, bytes]:
        registrar = registrary.Registrar()
        return {student: (await registrar.fetch_record(student)).to_json().encode() for student in STUDENTS}

    return asyncio.run(fetched())


# As a service is asked that others use as well: by eight at first, and 64 at most.
SHARED = registrary.Limits(concurrency=64)


def record_of(records: Mapping[str, bytes], asked: Asked) -> Told:
    record = records.get(asked.path.removeprefix("/students/"))
    return Told(404) if record is None else Told(200, record)


def fetch_all(url: str, *, students: list[str] = STUDENTS, **options: Any) -> dict[str, registrary.StudentRecord]:
    """Every record, by student; raises where one is lost."""
    registrar = registrary.Registrar(source=url, limits=SHARED, **options)

    async def fetched() -> list[registrary.StudentRecord]:
        return await asyncio.gather(*(registrar.fetch_record(student) for student in students))

    return {record.student_id: record for record in asyncio.run(fetched())}


def host(url: str) -> registrary.HostStats:
    (found,) = [host for host in registrary.runtime_stats().hosts if host.host == url]
    return found


async def until(so: Callable[[], bool]) -> None:
    """Waits until something is so."""
    while not so():  # noqa: ASYNC110 - what is watched has no event
        await asyncio.sleep(0.005)


FAULTS: list[Mapping[Any, float]] = [
    {"reset": 0.05},
    {"truncate": 0.05},
    {"refuse": 0.05},
    {"drip": 0.05},
    {"reset": 0.02, "truncate": 0.02, "refuse": 0.02, "drip": 0.02, "delay": 0.02},
]


@pytest.mark.parametrize("share", FAULTS, ids=["reset", "truncate", "refuse", "drip", "all"])
def test_no_record_is_lost_to_faults_of_the_network(records: dict[str, bytes], share: Mapping[Any, float]) -> None:
    severity = Severity(drip_bytes=512, drip_seconds=0.001, delay_seconds=0.05)
    with (
        Mischief(lambda asked: record_of(records, asked)) as service,
        FaultProxy(service.port, share=share, seed=11, severity=severity) as proxy,
    ):
        for _ in range(3):
            fetched = fetch_all(proxy.url, students=STUDENTS)
            assert fetched.keys() == set(STUDENTS)
            assert all(record.to_json().encode() == records[student] for student, record in fetched.items())
        assert proxy.drawn.total() - proxy.drawn["none"] > 0
        stats = host(proxy.url)
        assert stats.questions == 3 * len(STUDENTS)
        faults = proxy.drawn["reset"] + proxy.drawn["truncate"] + proxy.drawn["refuse"]
        # A connection that is cut while nothing is under way costs no repetition: the client makes another.
        assert stats.retries <= faults + 2


def test_throttling_is_obeyed_and_halves(records: dict[str, bytes]) -> None:
    def throttled(asked: Asked) -> Told:
        if asked.time == 1 and asked.number % 7 == 0:
            return Told([429, 503, 403][asked.number % 3], headers={"Retry-After": "0"})
        return record_of(records, asked)

    with Mischief(throttled) as service:
        assert fetch_all(service.url).keys() == set(STUDENTS)
        stats = host(service.url)
        assert (stats.throttled, stats.retries) == (8, 8)
        assert stats.breaker == "closed"


def test_a_burst_of_failures_passes(records: dict[str, bytes]) -> None:
    # A service that is being started again: its first ten answers are 503.
    with Mischief(lambda asked: Told(503) if asked.number <= 10 else record_of(records, asked)) as service:
        assert fetch_all(service.url, timeout=60).keys() == set(STUDENTS)
        assert host(service.url).breaker == "closed"


def test_a_wait_longer_than_the_limit_is_told_at_once(records: dict[str, bytes]) -> None:
    with Mischief(lambda asked: Told(429, headers={"Retry-After": "3600"})) as service:
        registrar = registrary.Registrar(source=service.url)
        for _ in range(2):
            with pytest.raises(registrary.SourceUnavailableError, match=r"fewer questions \(status 429, wait 3600 s\)"):
                registrar.generate_transcript_sync("101")
        assert len(service.asked) == 1, "left in peace, the second time without asking"


def test_a_dead_service_is_left_alone_and_says_so() -> None:
    with Mischief(lambda asked: Told(500)) as service:
        registrar = registrary.Registrar(source=service.url, limits=SHARED, timeout=4)

        async def ends() -> collections.Counter[str]:
            asked = (registrar.fetch_record(student) for student in range(200))
            errors = await asyncio.gather(*asked, return_exceptions=True)
            return collections.Counter("breaker" if "circuit breaker" in str(error) else "other" for error in errors)

        counted = asyncio.run(ends())
        assert counted["breaker"] > 150
        assert len(service.asked) <= 50, "200 questions of six tries would be 1,200"
        assert host(service.url).breaker != "closed"


def test_what_repeating_does_not_cure_is_asked_once(records: dict[str, bytes]) -> None:
    bomb = gzip.compress(b'{"a": "' + b"x" * 50_000_000 + b'"}')
    small_bomb = gzip.compress(b'{"a": "' + b"x" * 3_000_000 + b'"}')
    packed = {"Content-Encoding": "gzip"}
    cases: list[tuple[Told, str]] = [
        (Told(200, bomb, packed), "larger than 4 MiB"),
        (Told(200, small_bomb, packed), "more than a hundred times"),
        (Told(200, b"[" * 100 + b"]" * 100), "64 levels"),
        (Told(200, b"[" + b"1," * 1_100_000 + b"1]"), "a million values"),
        (Told(302, headers={"Location": "http://127.0.0.2:9/students/101"}), "redirects to another host"),
        (Told(302, headers={"Location": "https://127.0.0.1:9/students/101"}), "redirects to another host"),
        (Told(401), "does not accept the credentials"),
        (Told(403), "status 403"),
        (Told(200, b"<p>log in", {"Content-Type": "text/html"}), "not JSON by its content type"),
        (Told(200, b"{}", {"Content-Encoding": "br"}), "packed in a way"),
    ]
    for told, words in cases:
        with Mischief(lambda asked, told=told: told) as service:  # type: ignore[misc]
            with pytest.raises(registrary.SourceUnavailableError, match=words):
                registrary.Registrar(source=service.url).generate_transcript_sync("101")
            assert len(service.asked) == 1, words


def test_packed_answers_are_read_and_damaged_ones_asked_again(records: dict[str, bytes]) -> None:
    def packed(asked: Asked) -> Told:
        assert asked.headers["accept-encoding"] == "gzip"
        told = record_of(records, asked)
        body = gzip.compress(told.body)
        # Every third first answer is cut within its packed body, at a length that HTTP takes for whole.
        cut = asked.time == 1 and asked.number % 3 == 0
        return Told(told.status, body[: len(body) // 2] if cut else body, {"Content-Encoding": "gzip"})

    with Mischief(packed) as service:
        fetched = fetch_all(service.url, students=STUDENTS[:30])
        assert all(record.to_json().encode() == records[student] for student, record in fetched.items())


def test_another_students_record_is_refused(records: dict[str, bytes]) -> None:
    with Mischief(lambda asked: Told(200, records["102"])) as service:
        with pytest.raises(registrary.MalformedRecordError) as caught:
            registrary.Registrar(source=service.url).generate_transcript_sync("101")
        assert [problem.code for problem in caught.value.problems] == ["wrong-student"]
        assert len(service.asked) == 1


@pytest.mark.parametrize("share", [{"silence": 1.0}, {"drip": 1.0}], ids=["silence", "drip"])
def test_silence_and_dripping_end_with_the_limit(records: dict[str, bytes], share: Mapping[Any, float]) -> None:
    with (
        Mischief(lambda asked: record_of(records, asked)) as service,
        FaultProxy(service.port, share=share, severity=Severity(drip_seconds=0.5)) as proxy,
    ):
        with pytest.raises(registrary.StageTimeoutError) as caught:
            registrary.Registrar(source=proxy.url, timeout=1).generate_transcript_sync("101")
        assert caught.value.code == "fetch-timed-out"


def test_a_silent_answer_is_asked_for_again(records: dict[str, bytes]) -> None:
    with (
        Mischief(lambda asked: record_of(records, asked)) as service,
        FaultProxy(service.port, share={"silence": 1.0}) as proxy,
    ):
        limits = {"connect": 0.2, "first_byte": 0.3}
        source = registrary.http_source(proxy.url, limits=limits)
        registrar = registrary.Registrar(source=source)

        async def fetched() -> registrary.StudentRecord:
            fetching = asyncio.ensure_future(registrar.fetch_record("101"))
            await until(lambda: proxy.drawn["silence"] >= 2)
            proxy.share = {}
            return await fetching

        assert asyncio.run(fetched()).student_id == "101"


def test_a_service_that_is_away_for_a_while(records: dict[str, bytes]) -> None:
    with (
        Mischief(lambda asked: record_of(records, asked)) as service,
        FaultProxy(service.port) as proxy,
    ):
        registrar = registrary.Registrar(source=proxy.url)

        async def fetched() -> registrary.StudentRecord:
            await registrar.fetch_record("101")
            await asyncio.to_thread(proxy.stop)
            fetching = asyncio.ensure_future(registrar.fetch_record("102"))
            await until(lambda: host(proxy.url).failed > 0)
            await asyncio.to_thread(proxy.go)
            return await fetching

        assert asyncio.run(fetched()).student_id == "102"


def test_cancelling_hangs_up_and_leaves_the_host_usable(records: dict[str, bytes]) -> None:
    with (
        Mischief(lambda asked: record_of(records, asked)) as service,
        FaultProxy(service.port, share={"silence": 1.0}) as proxy,
    ):
        registrar = registrary.Registrar(source=proxy.url, limits=SHARED)

        async def run() -> str:
            waiting = [asyncio.ensure_future(registrar.fetch_record(student)) for student in STUDENTS]
            await until(lambda: proxy.drawn["silence"] >= 8)
            assert host(proxy.url).in_flight == 8, "the limit that a new host begins with"
            for task in waiting:
                task.cancel()
            ended = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ended)
            proxy.share = {}
            return (await registrar.fetch_record("101")).student_id

        assert asyncio.run(run()) == "101"
        assert host(proxy.url).in_flight == 0


def test_the_limit_of_questions_at_once_is_kept(records: dict[str, bytes]) -> None:
    with Mischief(lambda asked: record_of(records, asked)) as service, FaultProxy(service.port, latency=0.02) as proxy:
        registrar = registrary.Registrar(source=registrary.http_source(proxy.url, limits={"concurrency": 3}))

        async def run() -> int:
            tasks = [asyncio.ensure_future(registrar.fetch_record(student)) for student in STUDENTS[:30]]
            most = 0
            while not all(task.done() for task in tasks):
                stats = [host for host in registrary.runtime_stats().hosts if host.host == proxy.url]
                most = max([most, *(host.in_flight for host in stats)])
                await asyncio.sleep(0.001)
            await asyncio.gather(*tasks)
            return most

        assert asyncio.run(run()) == 3


def test_a_password_in_an_address_is_refused_untold() -> None:
    for make in (registrary.http_source, lambda url: registrary.Registrar(source=url)):
        with pytest.raises(registrary.ConfigurationError) as caught:
            make("https://clerk:hush@sis.example.edu")
        assert "hush" not in str(caught.value)
    bad = {"kind": "bearer", "token": object()}
    with pytest.raises(registrary.ConfigurationError):
        registrary.http_source("https://sis.example.edu", auth=bad)
    source = registrary.http_source("https://sis.example.edu", auth={"kind": "bearer", "token": "hush"})
    assert "hush" not in f"{source!r} {json.dumps(str(source))}"
