"""An end-of-term run by stages, and in two processes: documents a second, what bounds them, and what shards gain.

    pip install . && python benchmarks/shards.py [SOURCE] [--students 5000]

SOURCE is the address of a source; without one, a SQLite file of the sample campus. Each run is a process of its own,
journal and fsync included. Printed: the whole line with all cores, with the CPU and each stage of a document; then one
process that is held to one core, as a job of an array is (Linux), and two such processes, each on a core of its own,
that share the run by `shard=(1, 2)` and `(2, 2)`. Fails where the two take more than 0.6 of the time of the one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import registrary

BAR = 0.6
FULL = 0.85

RUN = """
import asyncio, json, os, resource, sys, time, registrary
source, out, journal, held, number, of, students = sys.argv[1:]
if int(held):
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[int(number) - 1]})
async def main():
    registrar = registrary.Registrar(source)
    ids = (await registrar.student_ids())[: int(students)]
    # Fonts are parsed once a process: outside the clock.
    for student in ids[:20]:
        await registrar.generate_transcript(student, official=False)
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, wall = time.process_time(), time.perf_counter()
    report = await registrar.run_batch(
        ids, sink=out, journal=journal, shard=(int(number), int(of)), official=False, concurrency=256
    )
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "saved": report.saved}
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps({**told, "failed": report.failed, "bytes": report.bytes, "stages": dict(report.stages)}))
asyncio.run(main())
"""


def timed(source: str, students: int, held: int, of: int) -> tuple[float, list[dict[str, Any]]]:
    """Seconds from when all processes are ready until the last has ended, and what each tells."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "out")
        out.mkdir()
        processes = []
        for number in range(1, of + 1):
            journal = Path(scratch, f"{number}.journal")
            given = [source, str(out), str(journal), str(held), str(number), str(of), str(students)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            processes.append(subprocess.Popen([sys.executable, "-c", RUN, *given], **pipes))
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [json.loads(process.communicate()[0]) for process in processes]
        took = time.perf_counter() - began
        assert sum(each["saved"] for each in told) == students == len(list(out.iterdir()))
    return took, told


def by_stage(told: dict[str, Any], cores: int) -> str:
    """Milliseconds of each stage a document, and how much of the time the cores and the disk are at work."""
    each = {stage: 1e3 * seconds / told["saved"] for stage, seconds in told["stages"].items()}
    making = (each.get("evaluate", 0) + each.get("render", 0)) * told["saved"] / 1e3
    # A group is saved whenever there is one: the disk bounds a run only where the cores wait for it.
    busy = {
        f"CPU of {cores} cores": told["cpu"] / cores / told["wall"],
        "evaluate and render": making / cores / told["wall"],
        "a group being saved": told["stages"].get("save", 0) / told["wall"],
    }
    bound = "the CPU" if told["cpu"] / cores / told["wall"] > FULL else "waiting for the disk or the source"
    stages = ", ".join(f"{stage} {took:.3f}" for stage, took in each.items())
    bounds = ", ".join(f"{what} {100 * share:.0f} %" for what, share in busy.items())
    return f"  ms a document: {stages}\n  busy: {bounds}; bound by {bound}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("--students", type=int, default=5_000)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as scratch:
        source = options.source or str(Path(scratch, "campus.db"))
        if options.source is None:
            registrary.write_sample_campus(source, students=max(300, options.students))
        took, told = timed(source, options.students, 0, 1)
        [whole] = told
        print(f"one process, {cores} cores: {options.students:,} documents in {took:.1f} s, ", end="")
        print(f"{options.students / took:,.0f}/s, {whole['bytes'] / whole['saved'] / 1e3:.0f} kB each, ", end="")
        print(f"{1e3 * whole['cpu'] / whole['saved']:.2f} ms of CPU each, at most {whole['peak']:.0f} MB")
        print(by_stage(whole, cores), flush=True)
        alone, told = timed(source, options.students, 1, 1)
        print(f"one process on one core: {alone:.1f} s, {options.students / alone:,.0f}/s")
        print(by_stage(told[0], 1), flush=True)
        shared, told = timed(source, options.students, 1, 2)
    ratio = shared / alone
    print(f"two processes, a core each: {shared:.1f} s, {options.students / shared:,.0f}/s")
    for each in told:
        print(by_stage(each, 1))
    print(f"ratio {ratio:.2f} (at most {BAR})")
    sys.exit(0 if ratio <= BAR else 1)


if __name__ == "__main__":
    main()
