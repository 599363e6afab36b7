"""Transcripts from an HTTP service that takes 3 s a record: three at once, three in turn, a thousand at once.

    python benchmarks/service_latency.py [--delay 3] [--many 1000]

The service runs on loopback in a process of its own. Beside each run a 1 ms heartbeat on the same asyncio loop
measures how late it ever is: how long the loop could not have answered anyone else.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Iterator

import registrary
from registrary.demo.campus_service import allow_many_connections

PERIOD = 0.001


@contextlib.contextmanager
def campus(delay: float) -> Iterator[str]:
    """The sample campus behind HTTP; gives its URL."""
    command = [sys.executable, "-m", "registrary.demo.campus_service", "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        try:
            yield service.stdout.readline().strip()  # The service prints its address once it listens.
        finally:
            service.terminate()


@contextlib.asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Measures, in seconds, how late a timer is each time it fires."""
    late: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + PERIOD
            await asyncio.sleep(PERIOD)
            late.append(time.perf_counter() - due)

    task = asyncio.create_task(beat())
    try:
        yield late
    finally:
        task.cancel()


async def measured(name: str, work: Awaitable[list[bytes]]) -> None:
    """Runs the work beside the heartbeat and prints both figures."""
    cpu, start = time.process_time(), time.perf_counter()
    async with heartbeat() as late:
        pdfs = await work
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert all(pdf.startswith(b"%PDF") for pdf in pdfs)
    late.sort()
    p99 = late[len(late) * 99 // 100]
    print(
        f"{name:<14} {wall:6.2f} s, {cpu:5.2f} CPU s; heartbeat late by {p99 * 1000:.1f} ms (99 %), "
        f"{late[-1] * 1000:.1f} ms (worst of {len(late)})"
    )


async def benchmark(url: str, many: int) -> None:
    ids = await registrary.Registrar().student_ids()
    async with registrary.Registrar(source=url) as registrar:
        # Unofficial, because holds keep a few official ones back and the question here is time.
        async def one(at: int) -> bytes:
            return await registrar.generate_transcript(ids[at % len(ids)], official=False)

        async def in_turn() -> list[bytes]:
            return [await one(at) for at in range(3)]

        await measured("3 at once", asyncio.gather(*(one(at) for at in range(3))))
        await measured("3 in turn", in_turn())
        await measured(f"{many} at once", asyncio.gather(*(one(at) for at in range(many))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=3.0, help="seconds the service takes per record (default 3)")
    parser.add_argument("--many", type=int, default=1000, help="transcripts in the last run (default 1000)")
    options = parser.parse_args()
    allow_many_connections()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {options.delay} s a record")
    with campus(options.delay) as url:
        asyncio.run(benchmark(url, options.many))


if __name__ == "__main__":
    main()
