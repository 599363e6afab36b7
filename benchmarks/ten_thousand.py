"""Ten thousand transcripts from a SQLite campus to files, and reportlab drawing the same pages beside it.

    pip install '.[bench]' && python benchmarks/ten_thousand.py [--students 10000] [--peer-students 500]

Ours reads each record from the database, evaluates it, makes the PDF, saves it (fsync and rename) and counts; the
peer is given records already read and evaluated, and only draws and writes. Memory is the resident set while it runs.
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

import registrary

sys.path.insert(0, str(Path(__file__).parent))
import campus_db

PAGE = os.sysconf("SC_PAGE_SIZE")


class Memory(threading.Thread):
    """The resident set in MB, looked at ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.1):
            self.seen.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6)

    def tenths(self) -> list[float]:
        """The mean of each tenth of the run."""
        self._end.set()
        self.join()
        parts = [self.seen[len(self.seen) * i // 10 : len(self.seen) * (i + 1) // 10] for i in range(10)]
        return [sum(part) / len(part) for part in parts if part]


async def ours(database: Path, out: Path, students: int) -> tuple[int, int]:
    """How many were saved, and their bytes."""
    saved = size = 0
    async with registrary.Registrar(source=f"sqlite:///{database}", save_to=out) as registrar:
        ids = [str(number + 1) for number in range(students)]
        async for result in registrar.generate_transcripts(ids):
            if result.error is not None:
                raise result.error
            saved, size = saved + 1, size + len(result.pdf)
    return saved, size


def peer(students: int, out: Path) -> tuple[int, int]:
    """The same by reportlab: records prepared first, outside the clock of the caller."""
    import reportlab_page  # noqa: PLC0415  The peer is optional.

    pages = reportlab_page.prepared(students)
    started = time.perf_counter()
    busy = time.process_time()
    size = sum(reportlab_page.draw(page, out / f"{number}.pdf") for number, page in enumerate(pages))
    elapsed, busy = time.perf_counter() - started, time.process_time() - busy
    print(
        f"reportlab:  {students} transcripts in {elapsed:.1f} s = {students / elapsed:.0f}/s, "
        f"{busy:.1f} CPU s = {students / busy:.0f} per CPU s, {size / students / 1000:.0f} kB each"
    )
    return students, int(busy * 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--peer-students", type=int, default=500, help="0: without reportlab")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        database, out = Path(folder, "campus.db"), Path(folder, "out")
        out.mkdir()
        campus_db.write(database, arguments.students)
        memory = Memory()
        memory.start()
        started, busy = time.perf_counter(), time.process_time()
        saved, size = asyncio.run(ours(database, out, arguments.students))
        elapsed, busy = time.perf_counter() - started, time.process_time() - busy
        tenths = memory.tenths()
        assert len(list(out.iterdir())) == saved == arguments.students
        print(
            f"registrary: {saved} transcripts in {elapsed:.1f} s = {saved / elapsed:.0f}/s, "
            f"{busy:.1f} CPU s = {saved / busy:.0f} per CPU s, {size / saved / 1000:.0f} kB each"
        )
        print(f"memory:     peak {max(memory.seen):.0f} MB; by tenths of the run " + " ".join(f"{m:.0f}" for m in tenths))
        if arguments.peer_students:
            drawn, peer_busy = peer(arguments.peer_students, Path(folder))
            print(f"ratio:      {(peer_busy / 1e6 / drawn) / (busy / saved):.1f} times less CPU for each transcript")


if __name__ == "__main__":
    main()
