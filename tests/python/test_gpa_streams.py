"""GPAs awaited and in pieces: the event loop goes on, cancelled means over, and memory is bounded."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import registrary
from registrary.demo import attempts as demo

POLICY = demo.policy()
NAMES = ("student_id", "term", "course", "grade", "credits")


def pieces(drawn: dict[str, Any], rows: int) -> Iterator[dict[str, Any]]:
    for start in range(0, len(drawn["credits"]), rows):
        yield {name: drawn[name][start : start + rows] for name in NAMES}


def test_awaited_is_the_same() -> None:
    drawn = demo.attempts(100)
    whole = registrary.calculate_gpas(drawn, policy=POLICY)

    async def main() -> None:
        both = await asyncio.gather(*(registrary.calculate_gpas_async(drawn, policy=POLICY) for _ in range(2)))
        assert [list(table) for table in both] == [list(whole)] * 2
        with pytest.raises(registrary.MalformedRecordError):
            await registrary.calculate_gpas_async({"student_id": [1], "grade": ["Z"], "credits": [3]})
        registrar = registrary.Registrar(policy=POLICY)
        assert list(await registrar.calculate_gpas_async(drawn)) == list(registrar.calculate_gpas(drawn)) == list(whole)

    asyncio.run(main())


def test_the_loop_goes_on_and_cancelled_means_over() -> None:
    drawn = demo.attempts(25_000, "shuffled")
    # A cap makes the judge look at each student's whole record, which takes a while.
    capped = {**POLICY, "repeats": {"counts": "best", "cap": {"credits": 6}}}
    slow: dict[str, Any] = {"course": "course", "term": "term", "policy": capped}
    latest = 0.0

    async def beat() -> None:
        nonlocal latest
        while True:
            due = time.perf_counter() + 0.005
            await asyncio.sleep(0.005)
            latest = max(latest, time.perf_counter() - due)

    async def main() -> None:
        await registrary.calculate_gpas_async({"student_id": [1], "grade": ["A"], "credits": [3]})
        heart = asyncio.create_task(beat())
        await registrary.calculate_gpas_async(drawn, policy=POLICY)
        task = asyncio.create_task(registrary.calculate_gpas_async(drawn, **slow))
        await asyncio.sleep(0.01)
        began = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.perf_counter() - began < 1.0
        heart.cancel()

    asyncio.run(main())
    # Other programs use this machine, too: the bar of 50 ms is the benchmark's.
    assert latest < 0.5


@pytest.mark.parametrize("rows", [1, 333, 10_000])
def test_clustered_pieces_add_up_to_the_whole(rows: int) -> None:
    drawn = demo.attempts(25 if rows == 1 else 200)
    whole = registrary.calculate_gpas(drawn, course="course", term="term", policy=demo.policy(repeats="last"))
    stream = registrary.stream_gpas(
        pieces(drawn, rows), course="course", term="term", policy=demo.policy(repeats="last")
    )
    tables = list(stream)
    assert [row for table in tables for row in table] == list(whole)
    assert sum(table.attempts for table in tables) == len(drawn["credits"])
    assert list(stream) == []


def test_unclustered_pieces_add_up_to_the_whole() -> None:
    drawn = demo.attempts(200, "shuffled")
    options: dict[str, Any] = {"term": "term", "by": ("student", "term"), "cumulative": True, "policy": POLICY}
    whole = registrary.calculate_gpas(drawn, **options)
    (table,) = registrary.stream_gpas(pieces(drawn, 777), clustered=False, **options)
    assert table.to_dict() == whole.to_dict()
    assert table.attempts == whole.attempts
    with pytest.raises(ValueError, match="not kept"):
        table.explain(table["student_id"][0])
    with pytest.raises(registrary.ConfigurationError, match="clustered"):
        registrary.stream_gpas([], clustered=False, course="course", term="term", policy=demo.policy(repeats="last"))


def test_a_student_whose_rows_come_apart_is_refused() -> None:
    apart = [{"student_id": ids, "grade": ["A"] * len(ids), "credits": [3] * len(ids)} for ids in ([5, 5, 7], [7, 5])]
    stream = registrary.stream_gpas(apart)
    assert [row.student_id for row in next(stream)] == [5]
    with pytest.raises(registrary.MalformedRecordError) as caught:
        next(stream)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("not-clustered", "student_id") and "row 4" in problem.message
    with pytest.raises(ValueError, match="clustered"):
        registrary.stream_gpas([], by="term", term="term")


@pytest.mark.parametrize("clustered", [True, False])
def test_rows_of_a_stream_are_counted_from_its_beginning(clustered: bool) -> None:
    table: dict[str, list[Any]] = {
        "student_id": list(range(10)),
        "grade": ["A"] * 10,
        "credits": [3.0] * 9 + [3.0005],
    }
    batches = [{name: cells[start : start + 3] for name, cells in table.items()} for start in range(0, 10, 3)]
    tables = list(registrary.stream_gpas(batches, clustered=clustered, on_error="collect"))
    rejected = [row for made in tables if made.rejected is not None for row in made.rejected.column("row")]
    assert rejected == [9]
    with pytest.raises(registrary.MalformedRecordError) as caught:
        list(registrary.stream_gpas(batches, clustered=clustered))
    assert caught.value.__notes__ == ["Row 0 is row 9 of the stream."]


def test_streams_of_arrow_and_of_coroutines() -> None:
    pa = pytest.importorskip("pyarrow")
    drawn = demo.attempts(100)
    table = pa.table({name: drawn[name] for name in NAMES})
    whole = list(registrary.calculate_gpas(table, policy=POLICY))
    assert [row for made in registrary.stream_gpas(table.to_reader(500), policy=POLICY) for row in made] == whole

    async def arriving() -> AsyncIterator[Any]:
        for batch in table.to_batches(max_chunksize=700):
            await asyncio.sleep(0)
            yield batch

    async def main() -> None:
        for source in (table.to_reader(500), arriving()):
            made = [row async for one in registrary.stream_gpas(source, policy=POLICY) for row in one]
            assert made == whole

    asyncio.run(main())
    with pytest.raises(TypeError, match="async for"):
        next(registrary.stream_gpas(arriving()))
    with pytest.raises(TypeError):
        registrary.stream_gpas(7)


def test_batches_are_let_go_of() -> None:
    np = pytest.importorskip("numpy")
    alive: list[weakref.ref[Any]] = []

    def arriving() -> Iterator[dict[str, Any]]:
        for start in range(0, 200, 10):
            ids = np.arange(start, start + 10)
            alive.append(weakref.ref(ids))
            yield {"student_id": ids, "grade": ["A"] * 10, "credits": [3] * 10}
            del ids
            assert sum(one() is not None for one in alive) <= 4

    assert sum(len(table) for table in registrary.stream_gpas(arriving())) == 200


def test_tables_that_are_held_do_not_hold_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    np = pytest.importorskip("numpy")
    monkeypatch.setattr("registrary._gpa_stream._MOST_KEPT", 35)
    alive: list[weakref.ref[Any]] = []

    def arriving() -> Iterator[dict[str, Any]]:
        for start in range(0, 200, 10):
            ids = np.arange(start, start + 10)
            alive.append(weakref.ref(ids))
            yield {"student_id": ids, "grade": ["A"] * 10, "credits": [3] * 10}

    tables = list(registrary.stream_gpas(arriving()))
    assert sum(len(table) for table in tables) == 200
    assert sum(one() is not None for one in alive) <= 6
    assert tables[-1].explain(199).attempts[0].grade == "A"
    first = tables[0]
    assert first[0].gpa == 4 and first.attempts == len(first)
    with pytest.raises(ValueError, match="not kept"):
        first.explain(0)


@pytest.mark.parametrize("clustered", [True, False])
def test_after_an_exception_a_stream_is_over(clustered: bool) -> None:
    batches = [{"student_id": [n], "grade": ["?" if n == 2 else "A"], "credits": [3]} for n in (1, 2, 3, 4)]
    stream = registrary.stream_gpas(batches, clustered=clustered)
    with pytest.raises(registrary.MalformedRecordError):
        list(stream)
    # What is left is not the whole.
    assert list(stream) == []


def test_pieces_of_different_id_types_are_not_added_up() -> None:
    np = pytest.importorskip("numpy")
    batches = [{"student_id": np.array([7], dtype=kind), "grade": ["A"], "credits": [3]} for kind in ("i8", "u8")]
    with pytest.raises(registrary.ConfigurationError, match="types"):
        list(registrary.stream_gpas(batches, clustered=False))
