"""An end-of-term run through a proxy that fails on purpose: none lost, none double, in how much more time and memory?

    pip install . && python benchmarks/through_faults.py [SOURCE] [--students 1000] [--out DIR]

SOURCE is the address of a database or service with a port, on this machine: postgresql://user@127.0.0.1:5432/campus,
http://127.0.0.1:8000. Without one this process serves the sample campus over HTTP itself, and its records count in the
memory told. The same students are made twice: straight, and through a proxy that resets 5 % of the exchanges,
truncates 2 % and lets 2 % drip. Prints the times, their ratio, the resident memory, and the verdict; exits with 1 if a
document is lost, double or half-written.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import registrary

sys.path[:0] = [str(Path(__file__).parent.parent / folder) for folder in ("tests/python", "examples/services")]

SHARE: Mapping[Any, float] = {"reset": 0.05, "truncate": 0.02, "drip": 0.02}
PAGE = os.sysconf("SC_PAGE_SIZE")


class Memory(threading.Thread):
    """The most that this process had resident, in MB (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6
            self.most = max(self.most, now)

    def end(self) -> float:
        self._ended.set()
        self.join()
        return self.most


def elsewhere(address: str, port: int) -> str:
    """The same address at another port of this machine."""
    parts = urlsplit(address)
    user = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}" if user else f"127.0.0.1:{port}"))


async def run(address: str, folder: Path, ids: list[str]) -> registrary.BatchReport:
    """One run, resumed until nothing fails any more, as an operator would."""
    (folder / "out").mkdir(parents=True)
    for attempt in range(1, 6):
        registrar = registrary.Registrar(address, timeout={"fetch": 60})
        report = await registrar.run_batch(
            ids, sink=folder / "out", journal=folder / "run.journal", official=False, concurrency=64
        )
        if not report.failures:
            return report
        print(f"  after run {attempt}: {report.reasons}")
    return report


def faults(folder: Path, ids: list[str]) -> int:
    """How many documents are lost, double or half-written."""
    lines = [line.split(" ") for line in (folder / "run.journal").read_text(encoding="ascii").splitlines()]
    done = [line for line in lines if line[0] == "done"]
    names = {line[5]: line[2] for line in done}
    wrong = len(done) - len(names) + abs(len(names) - len(ids))
    for name, digest in names.items():
        path = folder / "out" / name
        pdf = path.read_bytes() if path.is_file() else b""
        wrong += not pdf.endswith(b"%%EOF\n") or hashlib.sha256(pdf).hexdigest() != digest
    return wrong


@contextlib.contextmanager
def served(students: int) -> Iterator[str]:
    """The address of a service that has the sample campus, larger where so many students are asked for."""
    from mischief import Asked, Mischief, Told

    async def records(campus: Path) -> dict[str, bytes]:
        async with registrary.Registrar(campus) as registrar:
            ids = (await registrar.student_ids())[:students]
            return {student: (await registrar.fetch_record(student)).to_json().encode() for student in ids}

    with tempfile.TemporaryDirectory() as scratch:
        campus = Path(scratch, "campus.db")
        registrary.write_sample_campus(campus, students=max(students, 300))
        found = asyncio.run(records(campus))
    everyone = json.dumps({"students": list(found)}).encode()

    def answer(asked: Asked) -> Told:
        if asked.path == "/students":
            return Told(200, everyone)
        record = found.get(asked.path.removeprefix("/students/"))
        return Told(404) if record is None else Told(200, record)

    with Mischief(answer) as service:
        yield service.url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("--students", type=int, default=1_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.source is not None and urlsplit(options.source).port is None:
        parser.error("the address needs a port")
    with contextlib.nullcontext(options.source) if options.source else served(options.students) as source:
        sys.exit(1 if compared(source, options.students, options.out) else 0)


def compared(source: str, students: int, out: Path | None) -> int:
    """Makes them both ways and prints how that went; how many documents are lost, double or half-written."""
    from faults import FaultProxy

    port = urlsplit(source).port or 0
    ids = asyncio.run(registrary.Registrar(source).student_ids())[:students]
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        memory, took, wrong = Memory(), {}, 0
        memory.start()
        for way in ("straight", "through faults"):
            with FaultProxy(port, share=SHARE if way != "straight" else {}, seed=7) as proxy:
                address = elsewhere(source, proxy.port) if way != "straight" else source
                began = time.monotonic()
                report = asyncio.run(run(address, Path(scratch, way.split()[0]), ids))
                took[way] = time.monotonic() - began
                drawn = {fault: count for fault, count in proxy.drawn.items() if fault in SHARE}
            wrong += faults(Path(scratch, way.split()[0]), ids)
            print(f"{way}: {len(ids):,} documents in {took[way]:.1f} s; {drawn or 'no faults'}; {report.failed} failed")
        print(f"time ratio {took['through faults'] / took['straight']:.2f}; at most {memory.end():.0f} MB resident")
    print(f"{wrong} lost, double or half-written")
    return wrong


if __name__ == "__main__":
    main()
