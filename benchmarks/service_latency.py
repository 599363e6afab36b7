"""Transcripts from a student-information system that takes three seconds a record.

    python benchmarks/service_latency.py [--delay 3] [--many 1000]

Three one after another and at once; then many at once beside a 1 ms heartbeat on the same asyncio loop, whose worst
lateness is how long the loop could not answer anyone else. The service runs in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import registrary

BEAT = 0.001


@contextlib.contextmanager
def campus(delay: float) -> Iterator[str]:
    """The sample campus behind HTTP; gives its URL."""
    command = [sys.executable, "-m", "registrary.demo.campus_service", "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def beat(late: list[float]) -> None:
    """Wakes every millisecond and notes by how much it was late."""
    while True:
        due = time.perf_counter() + BEAT
        await asyncio.sleep(BEAT)
        late.append(time.perf_counter() - due)


async def measure(url: str, many: int) -> None:
    async with registrary.Registrar(source=url) as registrar:
        ids = await registrary.Registrar().student_ids()
        # Holds keep some transcripts back; the question here is time, so everyone gets an unofficial one.
        started = time.perf_counter()
        for student_id in (101, 102, 103):
            await registrar.generate_transcript(student_id, official=False)
        print(f"3 one after another: {time.perf_counter() - started:.2f} s")

        started = time.perf_counter()
        await asyncio.gather(*(registrar.generate_transcript(s, official=False) for s in (101, 102, 103)))
        print(f"3 at once:           {time.perf_counter() - started:.2f} s")

        late: list[float] = []
        heart = asyncio.create_task(beat(late))
        started, busy = time.perf_counter(), time.process_time()
        calls = [registrar.generate_transcript(ids[i % len(ids)], official=False) for i in range(many)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        elapsed, busy = time.perf_counter() - started, time.process_time() - busy
        heart.cancel()
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    print(f"{many} at once:        {elapsed:.2f} s ({busy:.2f} s of CPU here), {len(failed)} failed")
    late.sort()
    print(
        f"heartbeat of 1 ms:   {len(late)} beats, late by {statistics.median(late) * 1e3:.2f} ms (median), "
        f"{late[int(len(late) * 0.99)] * 1e3:.2f} ms (99 %), {late[-1] * 1e3:.2f} ms (worst)"
    )
    for error in failed[:3]:
        print(f"  {type(error).__name__}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=3.0, help="seconds the service takes for each record")
    parser.add_argument("--many", type=int, default=1000, help="how many at once")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, a service that takes {arguments.delay} s a record")
    with campus(arguments.delay) as url:
        asyncio.run(measure(url, arguments.many))


if __name__ == "__main__":
    main()
