"""10,000 transcripts from an embedded SQLite campus to files in one run, beside reportlab drawing the same pages.

    python benchmarks/ten_thousand.py [--students 10000] [--peer-documents 300]

Needs `pip install '.[bench]'`. Prints transcripts a second (fetch, evaluate, lay out, render, save with fsync), the
process's CPU time and its resident memory at each tenth of the run; then reportlab's documents a CPU second for the
same pages, drawing only, and the ratio of CPU time per document.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from same_page import Reportlab, sheets

import registrary

FONTS = Path(__file__).parent.parent / "assets" / "fonts"


def resident_mebibytes() -> float:
    """Resident memory of this process now (Linux)."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096 / 2**20


async def run(campus: Path, folder: Path, ids: list[int]) -> list[float]:
    """Saves every transcript; returns resident memory at each tenth of the run."""
    memory = []
    async with registrary.Registrar(source=f"sqlite:///{campus}", save_to=folder) as registrar:
        async with registrar.generate_transcripts(ids, max_concurrency=64) as stream:
            done = 0
            async for result in stream:
                if result.error is not None and not isinstance(result.error, registrary.HoldError):
                    raise result.error
                done += 1
                if done % max(1, len(ids) // 10) == 0:
                    memory.append(resident_mebibytes())
    return memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--peer-documents", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        campus, folder = Path(scratch) / "campus.db", Path(scratch) / "out"
        folder.mkdir()
        registrary.write_sample_campus(campus, students=options.students)
        ids = list(range(101, 101 + options.students))
        asyncio.run(run(campus, folder, ids[:100]))  # Fonts are subset once per process: outside the clock.
        cpu, wall = time.process_time(), time.perf_counter()
        memory = asyncio.run(run(campus, folder, ids))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        files = sorted(folder.iterdir())
        size = sum(file.stat().st_size for file in files) / len(files)
        print(f"registrary: {len(files)} files of {options.students} students in {wall:.1f} s")
        print(f"  {len(files) / wall:,.0f} transcripts/s wall, {len(files) / cpu:,.0f} per CPU second, {size:,.0f} bytes")
        print("  resident MiB at each tenth: " + " ".join(f"{value:.0f}" for value in memory))
        samples = [sheets(file.read_bytes()) for file in files[:: max(1, len(files) // 100)]]
    peer = Reportlab(FONTS)
    peer.draw(samples[0])
    start = time.process_time()
    bytes_made = sum(len(peer.draw(samples[i % len(samples)])) for i in range(options.peer_documents))
    peer_cpu = (time.process_time() - start) / options.peer_documents
    pages = sum(map(len, samples)) / len(samples)
    print(f"reportlab, same pages ({pages:.1f} on average), drawing only:")
    print(f"  {1 / peer_cpu:,.0f} per CPU second, {bytes_made / options.peer_documents:,.0f} bytes")
    print(f"ratio in CPU time per document, ours doing the whole line: {peer_cpu * len(files) / cpu:.1f}")


if __name__ == "__main__":
    main()
