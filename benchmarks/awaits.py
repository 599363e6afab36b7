"""What an await costs, how many fit, and how late a heartbeat is beside them; each figure with its bar.

    pip install . -C build-args="--features hazards"
    python benchmarks/awaits.py [--rounds 5] [--documents 1000] [--uvloop]

The waits of exactly 50 ms, the awaits that do nothing and the heartbeat on the runtime's own threads are made by the
Rust side under the cargo feature `hazards`: a service on loopback would measure itself. The heartbeat's load is real:
transcripts of the built-in campus, as many at once as asked, which keep every core at work.

Costs are CPU time of the whole process, other threads included, and the least of the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import registrary
from registrary import TranscriptStream, _bridge, _core

FOREVER = 3_600_000_000
MISSED: list[str] = []


async def call(kind: str, argument: int = 0) -> Any:
    return await _core.hazard(_bridge.current(), kind, argument)  # type: ignore[attr-defined]


async def future_and_call_soon() -> None:
    """The least that any suspension costs on this loop."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, None)
    await future


def told(name: str, value: float, unit: str, bar: float | None = None) -> None:
    verdict = "" if bar is None else f"   (bar {bar:g}{'' if value <= bar else ': MISSED'})"
    if bar is not None and value > bar:
        MISSED.append(name)
    print(f"{name:<58} {value:9.2f} {unit}{verdict}", flush=True)


async def cpu_each(make: Callable[[], Awaitable[Any]], number: int, rounds: int) -> float:
    """Microseconds of CPU for each of so many at once."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        before = time.process_time()
        await asyncio.gather(*(make() for _ in range(number)))
        best = min(best, (time.process_time() - before) / number * 1e6)
    return best


@contextlib.asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """How late, in milliseconds, each beat of a 1 ms timer on this loop is."""
    late: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - due) * 1e3)

    task = asyncio.create_task(beat())
    try:
        yield late
    finally:
        task.cancel()


async def bursts(rounds: int) -> None:
    for number, bar in ((1_000, 80.0), (10_000, 200.0)):
        walls, stalls = [], []
        for _ in range(rounds):
            gc.collect()
            async with heartbeat() as late:
                tasks = [asyncio.create_task(call("wait", 50_000)) for _ in range(number)]
                began = time.perf_counter()
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                started = len(late)
                await asyncio.gather(*tasks)
                walls.append((time.perf_counter() - began) * 1e3)
            stalls.append(max(late[started + 1 :], default=0.0))
        told(f"{number:,} awaits of 50 ms, from the first to the last", min(walls), "ms", bar)
        told("  longest stall of the loop while they complete", min(stalls), "ms", 20)


async def streams(rounds: int, items: int) -> None:
    transcript = await registrary.issue_transcript(101)
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        stream = TranscriptStream(_core.hazard_stream(transcript, items, 64))  # type: ignore[attr-defined]
        before = time.process_time()
        taken = 0
        async for _ in stream:
            taken += 1
        best = min(best, (time.process_time() - before) / items * 1e6)
        assert taken == items
    told(f"stream of {items:,} copies, CPU each", best, "us", 4)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def pending(number: int, bar: float) -> None:
    async def sizes(make: Callable[[], Awaitable[Any]]) -> float:
        gc.collect()
        before = resident()
        tasks = [asyncio.ensure_future(make()) for _ in range(number)]
        await asyncio.sleep(1)
        each = (resident() - before) / number / 1e3
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return each

    ours = await sizes(lambda: call("wait", FOREVER))
    told(f"{number:,} pending awaits, resident memory each", ours, "KB", bar)


async def under_load(documents: int) -> None:
    # Unofficial, because holds keep a few official ones back and the question here is time.
    ids = await registrary.Registrar().student_ids()
    registrar = registrary.Registrar()
    days = [f"{number}" for number in range(documents // len(ids) + 1)]
    beats = asyncio.create_task(call("heartbeat"))
    await asyncio.sleep(0.05)
    _core.hazard_beats()  # type: ignore[attr-defined]
    began = time.perf_counter()
    async with heartbeat() as late:
        # Different serials, so that no two are equal and shared.
        made = (
            registrar.generate_transcript(ids[at % len(ids)], official=False, serial=f"B-{days[at // len(ids)]}-{at}")
            for at in range(documents)
        )
        await asyncio.gather(*made)
    wall = time.perf_counter() - began
    theirs = [micros / 1e3 for micros in _core.hazard_beats()]  # type: ignore[attr-defined]
    beats.cancel()
    late.sort()
    theirs.sort()
    print(f"{documents:,} transcripts in flight: {wall:.2f} s, {documents / wall:.0f} a second")
    told("  asyncio's heartbeat late, worst", late[-1], "ms", 50)
    told("  asyncio's heartbeat late, 99 %", late[len(late) * 99 // 100], "ms")
    told("  tokio's heartbeat late, worst", theirs[-1], "ms", 30)
    told("  tokio's heartbeat late, 99 %", theirs[len(theirs) * 99 // 100], "ms")


async def benchmark(options: argparse.Namespace) -> None:
    await asyncio.gather(*(call("nothing") for _ in range(1_000)))
    floor = await cpu_each(future_and_call_soon, 10_000, options.rounds)
    ours = await cpu_each(lambda: call("nothing"), 10_000, options.rounds)
    told("future + call_soon of asyncio, CPU each of 10,000 at once", floor, "us")
    told("an await of ours, CPU each of 10,000 at once", ours, "us")
    told("  beside asyncio's", ours / floor, "times", 2.5)
    await bursts(options.rounds)
    await streams(options.rounds, 20_000)
    threads = len(list(Path("/proc/self/task").iterdir()))
    await pending(100_000, 2.5)
    await under_load(options.documents)
    stats = registrary.runtime_stats()
    # Beside them stands the interpreter's own, and up to 16 that wait for files and end when idle.
    told("threads", len(list(Path("/proc/self/task").iterdir())), "", 1 + stats.workers + stats.cpu_threads + 16)
    print(f"  ({threads} before the load)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement; the best counts (default 5)")
    parser.add_argument("--documents", type=int, default=1_000, help="in flight under load (default 1000)")
    parser.add_argument("--uvloop", action="store_true", help="on uvloop")
    options = parser.parse_args()
    if not hasattr(_core, "hazard_stream"):
        print('built without the feature: pip install . -C build-args="--features hazards"', file=sys.stderr)
        return 2
    load = os.getloadavg()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load average {load[0]:.1f} before")
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    if options.uvloop:
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(benchmark(options))
    print(f"load average {os.getloadavg()[0]:.1f} after")
    return 1 if MISSED else 0


if __name__ == "__main__":
    sys.exit(main())
