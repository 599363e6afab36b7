"""One transcript of two pages and forty courses, here and by other makers of PDF: CPU time a document on one core.

    pip install reportlab fpdf2 weasyprint jinja2 typst pypdfium2 && python benchmarks/pdf.py [--quick]

Ours is measured inside the core (`cargo bench --bench stages`): PDF/A-3a and PDF/UA-1 files with tags, metadata and the
record inside. `pdf` is the step from pages to bytes, which is what the peers do who are told where each word stands;
`whole` is the line from a record to bytes. A peer that is not installed is skipped and named. Two rows are reportlab's
canvas: a program of its own with the same courses and totals (`pdf_peers.py`), and every word of our page at our place
(`same_page.py`), spared laying it out.
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

HERE = Path(__file__).parent
PEERS = {"reportlab": 60, "fpdf2": 8, "weasyprint": 2, "typst": 15, "typst a-3a": 15}


def ours(folder: str, quick: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """The core's own measurements, and what it says of cores and memory."""
    command = ["cargo", "bench", "--quiet", "--bench", "stages", "--", "--json", "--out", folder, "--cores"]
    command += ["--quick", "--memory", "10000"] if quick else ["--memory", "100000"]
    lines = subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True, text=True).stdout.splitlines()
    return json.loads(lines[0]), lines[1:]


def peer(name: str, rounds: int) -> dict[str, Any] | None:
    """What one peer says of itself, or none where it is not installed."""
    command = [sys.executable, str(HERE / "pdf_peers.py"), name, str(PEERS[name]), str(rounds)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(f"{name:28} skipped: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else 'failed'}")
        return None
    answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answer


def same_page(files: list[Path], rounds: int) -> dict[str, Any] | None:
    """reportlab's canvas drawing our own pages, word for word."""
    try:
        import reportlab
        from same_page import Reportlab, sheets
    except ImportError as error:
        print(f"{'reportlab, our page':28} skipped: {error}")
        return None
    pages = [sheets(file.read_bytes()) for file in files]
    canvas = Reportlab(HERE.parent / "assets" / "fonts")
    canvas.draw(pages[0])
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        size = sum(len(canvas.draw(page)) for page in pages)
        best = min(best, (time.process_time() - began) / len(pages))
    count = sum(map(len, pages)) / len(pages)
    return {"version": reportlab.Version, "seconds": best, "bytes": size // len(pages), "pages": count}


def row(name: str, seconds: float, size: int, reference: float | None) -> None:
    """A line of the table; the reference is reportlab's time for the same."""
    ratio = "" if reference is None else f"{reference / seconds:8.1f} ×"
    print(f"{name:28} {seconds * 1e6:12,.0f} µs {1 / seconds:9,.1f}/s {size:9,} B {ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and memory over 10,000 documents")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    options = parser.parse_args()
    rounds = 2 if options.quick else 5
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        (repeated, campus), notes = ours(folder, options.quick)
        drawn = {
            name: same_page(sorted(Path(folder).glob(f"{name}-*.pdf"))[:count], rounds)
            for name, count in (("repeated", 40), ("campus", 320))
        }
    others = {name: found for name in options.peers if (found := peer(name, rounds)) is not None}
    own = others.get("reportlab", {}).get("seconds")
    print(f"\n{'two pages, forty courses':28} {'CPU time':>15} {'a core':>11} {'size':>11}   beside reportlab's canvas")
    for stage in ("pdf", "whole"):
        row(f"registrary, {stage}", repeated["microseconds"][stage] / 1e6, repeated["bytes"], own)
    for name, found in others.items():
        row(f"{name} {found['version']}", found["seconds"], found["bytes"], own)
    for name, ours_here in (("repeated", repeated), ("campus", campus)):
        if (found := drawn[name]) is None:
            continue
        label = "the same pages, word for word" if name == "repeated" else "the whole sample campus, a page"
        pages = ours_here["pages"] / ours_here["documents"]
        print(f"\n{label}")
        reference = found["seconds"] / found["pages"]
        for stage in ("pdf", "whole"):
            each = ours_here["microseconds"][stage] / 1e6 / pages
            row(f"registrary, {stage}", each, round(ours_here["bytes"] / pages), reference)
        row(f"reportlab {found['version']} canvas", reference, round(found["bytes"] / found["pages"]), reference)
    print("\nwhere the time goes, µs a document     " + "repeated    campus")
    for stage, took in repeated["microseconds"].items():
        print(f"  {stage:34} {took:10.1f} {campus['microseconds'][stage]:9.1f}")
        if stage == "pdf":
            for step, part in repeated["steps"].items():
                print(f"    of these, {step:24} {part:10.1f} {campus['steps'][step]:9.1f}")
    ratio = repeated["microseconds"]["whole"] / repeated["microseconds"]["pdf"]
    print(f"  the whole line takes {ratio:.2f} times the PDF step")
    print("\n".join(notes))


if __name__ == "__main__":
    main()
