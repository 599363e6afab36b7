"""Transcripts from an HTTP service that takes 3 s a record: three at once, three in turn, a thousand at once.

    python benchmarks/service_latency.py [--delay 3] [--many 1000]

The service runs on loopback in a process of its own. Beside each run a 1 ms heartbeat on the asyncio loop measures
how late it ever is.
"""

import argparse
import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import registrary


@contextlib.asynccontextmanager
async def heartbeat(period: float = 0.001) -> AsyncIterator[list[float]]:
    """Measures, in seconds, how late a timer of `period` is each time it fires."""
    late: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + period
            await asyncio.sleep(period)
            late.append(time.perf_counter() - due)

    task = asyncio.create_task(beat())
    try:
        yield late
    finally:
        task.cancel()


async def measured(name: str, work: Callable[[], Awaitable[None]]) -> None:
    async with heartbeat() as late:
        start = time.perf_counter()
        await work()
        wall = time.perf_counter() - start
    late.sort()
    print(f"{name}: {wall:.2f} s; heartbeat late by at most {late[-1] * 1000:.1f} ms, p99 {late[len(late) * 99 // 100] * 1000:.1f} ms")


async def benchmark(base: str, many: int) -> None:
    async with registrary.Registrar(source=base, max_concurrency=many) as registrar:

        async def at_once(ids: range) -> None:
            pdfs = await asyncio.gather(*(registrar.generate_transcript(i, official=False) for i in ids))
            assert all(pdf.startswith(b"%PDF") for pdf in pdfs)

        async def in_turn() -> None:
            for i in range(101, 104):
                await registrar.generate_transcript(i)

        await measured("3 at once", lambda: at_once(range(101, 104)))
        await measured("3 in turn", in_turn)
        await measured(f"{many} at once", lambda: at_once(range(101, 101 + many)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=3.0, help="seconds the service takes per record (default 3)")
    parser.add_argument("--many", type=int, default=1000, help="transcripts in the last run (default 1000)")
    options = parser.parse_args()
    command = [sys.executable, "-m", "registrary.demo.campus_service"]
    command += ["--delay", str(options.delay), "--students", str(options.many + 100)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        base = service.stdout.readline().strip()  # The service prints its address once it listens.
        try:
            asyncio.run(benchmark(base, options.many))
        finally:
            service.terminate()


if __name__ == "__main__":
    main()
