"""10,000 transcripts from an embedded SQLite campus to files in one run, beside reportlab drawing the same pages.

    pip install '.[bench]' && python benchmarks/ten_thousand.py [--students 10000] [--peer-documents 300]

Ours is the whole line for each student: fetch, evaluate, lay out, render, save with fsync. Memory is the process's
resident set, looked at ten times a second; each figure is the mean over a tenth of the run. The peer is given our
finished pages and only draws them, in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from same_page import Reportlab, sheets

import registrary

FONTS = Path(__file__).parent.parent / "assets" / "fonts"
PAGE = os.sysconf("SC_PAGE_SIZE")


class Memory(threading.Thread):
    """The resident set of this process in MB, from start to end (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.seen.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6)

    def end(self) -> list[float]:
        """The mean of each tenth of the run."""
        self._ended.set()
        self.join()
        tenths = [self.seen[len(self.seen) * at // 10 : len(self.seen) * (at + 1) // 10] for at in range(10)]
        return [sum(tenth) / len(tenth) for tenth in tenths if tenth]


async def ours(campus: Path, folder: Path, ids: list[int]) -> None:
    """Saves every transcript; the few that holds keep back are the only ones allowed to be missing."""
    async with (
        registrary.Registrar(source=f"sqlite:///{campus}", save_to=folder) as registrar,
        registrar.generate_transcripts(ids, max_concurrency=64) as stream,
    ):
        async for result in stream:
            if result.error is not None and not isinstance(result.error, registrary.HoldError):
                raise result.error


def peer(samples: list[bytes], documents: int) -> float:
    """CPU seconds that reportlab takes for one of our documents; prints its rate."""
    pages = [sheets(sample) for sample in samples]
    reportlab = Reportlab(FONTS)
    reportlab.draw(pages[0])
    started = time.process_time()
    size = sum(len(reportlab.draw(pages[at % len(pages)])) for at in range(documents))
    each = (time.process_time() - started) / documents
    mean = sum(map(len, pages)) / len(pages)
    print(f"reportlab:  {1 / each:,.0f} per CPU second, {size / documents / 1000:.0f} kB each ({mean:.1f} pages)")
    return each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--peer-documents", type=int, default=300)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as scratch:
        campus, folder = Path(scratch, "campus.db"), Path(scratch, "out")
        folder.mkdir()
        registrary.write_sample_campus(campus, students=options.students)
        ids = list(range(101, 101 + options.students))
        asyncio.run(ours(campus, folder, ids[:20]))  # Fonts are parsed once per process: outside the clock.
        memory = Memory()
        memory.start()
        cpu, wall = time.process_time(), time.perf_counter()
        asyncio.run(ours(campus, folder, ids))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        tenths = memory.end()
        files = sorted(folder.iterdir())
        size = sum(file.stat().st_size for file in files) / len(files)
        samples = [file.read_bytes() for file in files[:: max(1, len(files) // 100)]]
    print(f"registrary: {len(files):,} files for {options.students:,} students in {wall:.1f} s")
    print(f"            {len(files) / wall:,.0f}/s, {len(files) / cpu:,.0f} per CPU second, {size / 1000:.0f} kB each")
    print(f"memory:     peak {max(memory.seen):.0f} MB; by tenths of the run " + " ".join(f"{m:.0f}" for m in tenths))
    ratio = peer(samples, options.peer_documents) * len(files) / cpu
    print(f"ratio:      {ratio:.1f} times reportlab's CPU speed, ours doing the whole line")


if __name__ == "__main__":
    main()
